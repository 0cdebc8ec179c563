"""The form of a new arrival: one answer is needed, everything else can wait."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QVBoxLayout

from shelter_desk.desk.residents import Admit
from shelter_desk.domain.care_model import CareModel
from shelter_desk.domain.errors import Problem
from shelter_desk.domain.people import NAME_LIMIT, OLDEST, YOUNGEST
from shelter_desk.ui.forms import (
    NOT_SURE,
    Choice,
    Form,
    LongText,
    Moment,
    Number,
    Text,
    YesNoNotSure,
)
from shelter_desk.ui.required_by import hinted
from shelter_desk.ui.scale import fill
from shelter_desk.ui.tokens import Tone
from shelter_desk.ui.typed import TypedForm
from shelter_desk.ui.widgets import Banner, Label

# What a "yes" at the door starts; codes of lists/item_triggers.toml.
STARTED_BY = {
    "hurt": "illness-or-injury",
    "swallowed": "overdose-suspected",
    "looked_for": "credible-threat",
}
_CAME_ALONE = "1"  # codes of lists/referral_source.toml, worded there as a funder's form has them
_UNKNOWN, _PREFERS_NOT, _NOT_COLLECTED = "8", "9", "99"


def _tr(text: str) -> str:
    return QCoreApplication.translate("intake", text)


class IntakeForm(TypedForm):
    """Who arrived, and what matters in the first hour. `beds` are (id, name) of free beds."""

    def __init__(
        self,
        care_model: CareModel,
        beds: Sequence[tuple[str, str]],
        now: datetime,
        zone: ZoneInfo,
    ) -> None:
        super().__init__()
        self.person = Form(_person_fields(care_model, beds, now, zone), columns=2)
        self.safety = Form(_safety_fields(), columns=3)
        self.more = Form(_more_fields(), columns=1)
        self.notice = Banner("", Tone.WARN, icon="siren")
        self._forms = (self.person, self.safety, self.more)
        head = Label(_tr("Safe right now?"), "h3")
        parts = (self.person, head, self.safety, self.notice, self.more)
        fill(QVBoxLayout(self), parts, spacing=10)
        self.person.put({"arrived_at": now})
        self._untouched = self.typed()
        for form in self._forms:
            form.changed.connect(self.changed)
        for editor in self.safety.editors.values():
            editor.edited.connect(self._say_notice)
        self._say_notice()

    @property
    def is_touched(self) -> bool:
        """Tell whether anything was typed or chosen."""
        return self.typed() != self._untouched

    def typed(self) -> dict[str, str]:
        """Return field name -> what is typed, for a draft."""
        return {name: text for form in self._forms for name, text in form.typed().items()}

    def restore(self, typed: Mapping[str, str]) -> None:
        """Show a draft again."""
        for form in self._forms:
            form.restore(typed)
        self._say_notice()

    def flush(self) -> None:
        """Emit `changed` now if it is due."""
        for form in self._forms:
            form.flush()

    def settle(self) -> None:
        """Take what stands here for what nobody typed just now."""
        for form in self._forms:
            form.settle()

    @property
    def is_settled(self) -> bool:
        """Tell whether nothing waits to be kept."""
        return all(form.is_settled for form in self._forms)

    def start(self) -> None:
        """Give the keyboard to the first field."""
        self.person.editors["called"].setFocus()

    def command(self) -> Admit | None:
        """Return the command that admits them, or show what needs another look and None."""
        found = [form.values_or_problems() for form in reversed(self._forms)]
        values: dict[str, Any] = {}
        for part in found:
            if part is None:
                return None
            values |= part
        answers = {name: values.pop(name) for name in STARTED_BY}
        values["bed_id"] = values["bed_id"] or None
        values["brought_by"] = values["brought_by"] or None
        values["good_to_know"] = _with_open_questions(values["good_to_know"], answers)
        events = tuple(code for name, code in STARTED_BY.items() if answers[name] == "yes")
        return Admit(**values, events=events)

    def show_problems(self, problems: Sequence[Problem]) -> None:
        """Put each problem beside its field; those of no field stand at the top."""
        homes = {name: form for form in self._forms for name in form.frames}
        for form in reversed(self._forms):
            form.show_problems(
                [one for one in problems if homes.get(one.field, self.person) is form]
            )

    def _say_notice(self) -> None:
        answers = self.safety.typed()
        lines = []
        if answers["looked_for"] == "yes":
            lines.append(_tr("Someone may be looking for them: the safety steps start now."))
        if answers["hurt"] == "yes" or answers["swallowed"] == "yes":
            lines.append(
                _tr("If anything looks serious, call emergency services first. This can wait.")
            )
        if NOT_SURE in answers.values():
            lines.append(_tr("“Not sure” is noted, so that the next shift asks again."))
        self.notice.say(" ".join(lines))
        self.notice.setVisible(bool(lines))


def _person_fields(
    care_model: CareModel, beds: Sequence[tuple[str, str]], now: datetime, zone: ZoneInfo
) -> tuple[Any, ...]:
    return (
        Text(
            "called",
            _tr("What do they want to be called?"),
            hint=hinted("called", _tr("A nickname is fine. The legal name can wait.")),
            needed=True,
            longest=NAME_LIMIT,
        ),
        Number(
            "age_guess",
            _tr("Age, or your best guess"),
            YOUNGEST,
            OLDEST,
            hint=hinted("age_guess", _tr("It is kept as a guess until it is known.")),
        ),
        Moment("arrived_at", _tr("Arrived"), now, zone, needed=True, hint=hinted("arrived_at")),
        Choice("bed_id", _tr("Bed"), tuple(beds), hint=hinted("bed_id")),
        Choice("brought_by", _tr("Brought by"), _sources(care_model), hint=hinted("brought_by")),
        Text(
            "pronouns",
            _tr("Pronouns, in their own words"),
            longest=60,
            hint=hinted("pronouns"),
        ),
    )


def _sources(care_model: CareModel) -> tuple[tuple[str, str], ...]:
    """Return who may have brought them: the funder's codes, in words for the door."""
    words = {
        _CAME_ALONE: _tr("Came alone"),
        "2": _tr("Family, guardian, foster parent or friend"),
        "30": _tr("Child welfare"),
        "35": _tr("Police"),
        _UNKNOWN: _tr("Does not know"),
        _PREFERS_NOT: _tr("Prefers not to say"),
        _NOT_COLLECTED: _tr("Not asked today"),
    }
    values = care_model.values("referral-source")
    return tuple((value.code, words.get(value.code, value.label)) for value in values)


def _safety_fields() -> tuple[YesNoNotSure, ...]:
    return (
        YesNoNotSure("hurt", _tr("Hurt or unwell now?"), hint=hinted("hurt")),
        YesNoNotSure("swallowed", _tr("May have taken something?"), hint=hinted("swallowed")),
        YesNoNotSure("looked_for", _tr("Someone looking for them?"), hint=hinted("looked_for")),
    )


def _more_fields() -> tuple[Text | LongText, ...]:
    return (
        Text(
            "language",
            _tr("Language they like to speak"),
            longest=60,
            hint=hinted("language"),
        ),
        LongText(
            "good_to_know",
            _tr("Good to know: allergies, medicines, what the next shift must know"),
            lines=2,
            hint=hinted("good_to_know"),
        ),
    )


def _with_open_questions(good_to_know: str, answers: Mapping[str, str]) -> str:
    """Add what nobody was sure of, so that the answer is not lost with the form."""
    asked = {
        "hurt": _tr("To ask again: hurt or unwell?"),
        "swallowed": _tr("To ask again: taken something?"),
        "looked_for": _tr("To ask again: is someone looking for them?"),
    }
    lines = [good_to_know, *(asked[name] for name in asked if answers[name] == NOT_SURE)]
    return "\n".join(line for line in lines if line)
