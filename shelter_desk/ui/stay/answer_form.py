"""What became of a checklist item: an outcome, and the questions that go with it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, cast

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QVBoxLayout

from shelter_desk.domain.care_model import CareModel
from shelter_desk.domain.errors import Problem
from shelter_desk.ui.editors import MomentEditor
from shelter_desk.ui.forms import Choice, Field, Form, Moment, Text
from shelter_desk.ui.pile import Pile
from shelter_desk.ui.scale import fill
from shelter_desk.ui.shared import Shared
from shelter_desk.ui.typed import TypedForm
from shelter_desk.ui.widgets import ChipChoice

_MOST_CHIPS = 5
_OUTCOME = "outcome"


class AnswerForm(TypedForm):
    """Asks for what goes with the outcome chosen; what was typed under another one comes back."""

    def __init__(self, shared: Shared, model: CareModel) -> None:
        super().__init__()
        self._shared, self._model = shared, model
        self._typed: dict[str, str] = {}
        self.outcome = ChipChoice(outcomes(model), _tr("What became of it"))
        self._questions = Pile()
        fill(QVBoxLayout(self), (self.outcome, self._questions), spacing=10)
        self.outcome.chosen.connect(self._chosen)
        self.form = self._ask("done")

    def choose(self, outcome: str) -> None:
        """Ask for what goes with an outcome; whatever was typed already stays."""
        self._typed |= self.form.typed()
        self.form.settle()
        self._questions.clear()
        self.form = self._ask(outcome)
        self.form.restore(self._typed)
        self.form.settle()

    def typed(self) -> dict[str, str]:
        """Return the outcome, and everything typed under it and under the others."""
        typed = {**self._typed, **self.form.typed()}
        answered = {name: text for name, text in typed.items() if text.strip()}
        return {**answered, _OUTCOME: self.outcome.value()}

    def restore(self, typed: Mapping[str, str]) -> None:
        """Show the outcome and what was typed."""
        self._typed = {name: text for name, text in typed.items() if name != _OUTCOME}
        self.form.restore(self._typed)
        self.choose(typed[_OUTCOME])

    def flush(self) -> None:
        """Emit `changed` now if it is due."""
        self.form.flush()
        super().flush()

    def settle(self) -> None:
        """Take what stands here for what nobody typed just now."""
        self.form.settle()
        super().settle()

    @property
    def is_settled(self) -> bool:
        """Tell whether nothing waits to be kept."""
        return self.form.is_settled and not self._pause.isActive()

    def show_problems(self, problems: Sequence[Problem]) -> None:
        """Put each problem under its question."""
        self.form.show_problems(problems)

    def values_or_problems(self) -> dict[str, Any] | None:
        """Return the values, or show the problems beside their fields and return None."""
        return self.form.values_or_problems()

    def _chosen(self, outcome: str) -> None:
        self.choose(outcome)
        self.note_edit()

    def _ask(self, outcome: str) -> Form:
        self.outcome.set_value(outcome)
        form = Form(self._fields(outcome))
        if "until" in form.editors:
            cast("MomentEditor", form.editors["until"]).now_button.hide()
        form.changed.connect(self.changed)
        self._questions.add(form)
        return form

    def _fields(self, outcome: str) -> tuple[Field, ...]:
        needs, model = self._model.outcome_needs(outcome), self._model
        now, zone = self._shared.now(), self._shared.zone
        fields: list[Field] = []
        reasons = [(value.code, value.label) for value in model.reasons_for(outcome)]
        if reasons:
            needed = "reason" in needs
            label = _tr("Reason") if needed else _tr("Reason, only if they gave one")
            chips = len(reasons) <= _MOST_CHIPS
            fields.append(Choice("reason", label, reasons, chips=chips, needed=needed))
        if "until" in needs:
            fields.append(Moment("until", _tr("Until"), now, zone, needed=True))
        hint = _tr("Leave it empty for now. An earlier time shows as a late entry.")
        fields.append(Moment("done_at", _tr("When it was"), now, zone, hint=hint))
        limit, prompt = model.short_note_limit, model.short_note_prompt
        note = _tr("Short note (optional)")
        fields.append(Text("note", note, placeholder=prompt, longest=limit, wide=True))
        return tuple(fields)


def outcomes(model: CareModel) -> tuple[tuple[str, str], ...]:
    """Return the outcomes of an item as (code, label)."""
    return tuple((value.code, value.label) for value in model.values("item-outcomes"))


def _tr(text: str) -> str:
    return QCoreApplication.translate("stay", text)
