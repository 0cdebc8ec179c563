"""One checklist item: what it asks for and why, what was answered, and a new answer."""

from __future__ import annotations

from typing import Any, cast

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget

from shelter_desk.desk.care import AnswerItem, UndoAnswer
from shelter_desk.desk.plan import ItemLine
from shelter_desk.domain.care_model import CareModel
from shelter_desk.domain.staff import May
from shelter_desk.ui.dates import show_moment
from shelter_desk.ui.drafts import Drafts
from shelter_desk.ui.editors import MomentEditor
from shelter_desk.ui.form_sheet import FitScroll, press_enter
from shelter_desk.ui.forms import Choice, Field, Form, Moment, Text
from shelter_desk.ui.pile import Pile
from shelter_desk.ui.scale import STRETCH, column, row
from shelter_desk.ui.shared import Shared
from shelter_desk.ui.signing import has_signed, sign
from shelter_desk.ui.stay.rows import answer_words, sentence, signature_words
from shelter_desk.ui.tokens import Tone
from shelter_desk.ui.widgets import Button, Card, ChipChoice, Label, Pill, PrimaryButton, Sheet

_MOST_CHIPS = 5
_OUTCOME = "outcome"
_CAN_BE_ANSWERED = ("open", "deferred", "blocked")


class ItemSheet(Sheet):
    """Answers, signs and takes back. Enter saves, Esc leaves.

    `stay_id` None is the house; `who` says whom it is about where the page does not.
    """

    def __init__(
        self,
        shared: Shared,
        model: CareModel,
        stay_id: str | None,
        item: ItemLine,
        *,
        who: str = "",
    ) -> None:
        self._shared, self._model = shared, model
        self._stay_id, self.item, self._who = stay_id, item, who
        self.waits_for_me = item.state == "signature" and not has_signed(shared, item)
        self._drafts = Drafts(shared, "item-answer")
        self._subject = f"{stay_id or 'house'} {item.item_id} {item.occurrence}"
        self.outcome = ChipChoice(outcomes(model), _tr("What became of it"))
        self.form: Form | None = None
        self._questions = Pile()
        self.save = PrimaryButton(_tr("Save"), "check")
        self.leave = Button(_tr("Leave it"))
        self.sign = Button(_tr("Sign"), "badge-check")
        self.take_back = Button(_tr("Take back"), "undo-2", kind="ghost")
        self.why = Label(item.help, wrap=True)
        inside = FitScroll(column(*self._parts(), spacing=10))
        buttons = row(STRETCH, self.leave, self.sign, self.save)
        super().__init__(item.text, (inside, 1), buttons, width=680)
        self.title.setWordWrap(True)
        self._show_what_may_be_done()
        self._connect()

    @property
    def can_answer(self) -> bool:
        """Tell whether there is something to answer, and whether this person may."""
        is_open = self.item.state in _CAN_BE_ANSWERED and self.item.occurrence is not None
        return is_open and self.item.may_answer and self._shared.may(May.WRITE_CARE)

    def choose(self, outcome: str) -> None:
        """Ask for what goes with an outcome; a note already typed stays."""
        before = self.form.typed() if self.form else {}
        self.outcome.set_value(outcome)
        self._questions.clear()
        self.form = Form(self._fields(outcome))
        self.form.restore({name: before[name] for name in ("note", "done_at") if name in before})
        if "until" in self.form.editors:
            cast("MomentEditor", self.form.editors["until"]).now_button.hide()
        self.form.changed.connect(self._keep)
        self._questions.add(self.form)

    def try_save(self) -> None:
        """Record the answer chosen; close when it was taken."""
        if self.form is None or self.item.occurrence is None:
            return
        values = self.form.values_or_problems()
        if values is None:
            return
        outcome = self.outcome.value()
        label = self._model.label("item-outcomes", outcome)
        said = _tr("Recorded: {0}").format(label)
        if self._who:
            said = _tr("Recorded “{0}” for {1}").format(label, self._who)
        command = self._command(outcome, self.item.occurrence, values)
        if self._shared.attempt(command, said=said, invalid=self.form.show_problems) is not None:
            self._drafts.drop(self._subject)
            self.form = None  # nothing left to keep
            self.close_sheet()

    def close_sheet(self) -> None:
        """Close; a note that was typed and not saved is kept as a draft."""
        self.flush()
        super().close_sheet()

    def flush(self) -> None:
        """Keep what is typed: a lock is coming."""
        if self.form is not None:
            self.form.flush()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            press_enter(self, self.try_save)
            return
        super().keyPressEvent(event)

    def _parts(self) -> list[object]:
        item = self.item
        parts: list[object] = []
        pills = [Pill(_tr("Safety"), Tone.WARN)] if item.safety_critical else []
        parts.append(row(*pills, (Label(self._facts(), "caption", wrap=True), 1)))
        if item.help:
            parts.append(self.why)
        if item.last is not None:
            parts.append(self._last())
        if self.can_answer:
            parts += [self.outcome, self._questions]
        elif item.state == "not-open":
            parts.append(Label(_tr("This is not open now."), "muted", wrap=True))
        return parts

    def _facts(self) -> str:
        item = self.item
        consent = [_consent(code) for code in item.consent]
        parts = [self._model.roles[item.role].name, sentence(item.due_words)]
        parts[:0] = [self._who] if self._who else []
        if consent:
            parts.append(_tr("Needs: {0}").format(", ".join(consent)))
        if item.needs_signatures > 1:
            parts.append(_tr("{0} people sign").format(item.needs_signatures))
        if item.due_at is not None:
            due = show_moment(item.due_at, self._shared.zone)
            parts.append(_tr("due {0}").format(due))
        return "  ·  ".join(parts)

    def _last(self) -> Card:
        last = self.item.last
        assert last is not None  # noqa: S101 - asked by the caller
        words = answer_words(last, self._shared.zone)
        head = _tr("Last answer")
        if self.item.state == "signature":
            head = signature_words(last)
            if not self.waits_for_me:
                head = _tr("You have signed this. It waits for a second person.")
        entered = None
        if last.is_late_entry:
            at = show_moment(last.entered_at, self._shared.zone)
            entered = Label(_tr("Late entry, written down {0}").format(at), "caption")
        text = column(Label(head, "strong"), Label(words, wrap=True), entered, spacing=3)
        return Card((text, 1), self.take_back, ground="sunken", across=True)

    def _show_what_may_be_done(self) -> None:
        may = self._shared.may(May.WRITE_CARE)
        self.save.setVisible(self.can_answer)
        self.sign.setVisible(may and self.waits_for_me)
        self.take_back.setVisible(may and self.item.last is not None)
        if self.can_answer:
            kept = self._drafts.read(self._subject)
            self.choose(kept.pop(_OUTCOME, "done"))
            if kept and self.form is not None:
                self.form.restore(kept)

    def _keep(self) -> None:
        if self.form is not None and self.form.editors["note"].typed().strip():
            typed = self.form.typed() | {_OUTCOME: self.outcome.value()}
            self._drafts.keep(self._subject, typed)

    def open_over(self, host: QWidget, focus: QWidget | None = None) -> None:
        """Lie over the window, with the keyboard on what is done most."""
        chosen = [button for button in self.outcome.buttons() if button.isChecked()]
        wanted = self.sign if self.waits_for_me else next(iter(chosen), self.leave)
        super().open_over(host, focus or wanted)

    def _connect(self) -> None:
        self.outcome.chosen.connect(self.choose)
        self._shared.flushing.connect(self.flush)
        self.save.clicked.connect(self.try_save)
        self.leave.clicked.connect(self.close_sheet)
        self.sign.clicked.connect(self._sign)
        self.take_back.clicked.connect(self._take_back)

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

    def _command(self, outcome: str, occurrence: str, values: dict[str, Any]) -> AnswerItem:
        return AnswerItem(
            stay_id=self._stay_id,
            item_id=self.item.item_id,
            occurrence=occurrence,
            outcome=outcome,
            done_at=values["done_at"],
            reason=values.get("reason") or None,
            until=values.get("until"),
            note=values["note"],
        )

    def _sign(self) -> None:
        if sign(self._shared, self.item):
            self.close_sheet()

    def _take_back(self) -> None:
        if self.item.last is None:
            return
        command = UndoAnswer(self.item.last.answer_id)
        if self._shared.attempt(command, said=_tr("Taken back")) is not None:
            self.close_sheet()


def outcomes(model: CareModel) -> tuple[tuple[str, str], ...]:
    """Return the outcomes of an item as (code, label)."""
    return tuple((value.code, value.label) for value in model.values("item-outcomes"))


def _consent(code: str) -> str:
    """Return whose yes an item needs, in words."""
    words = {
        "assent": _tr("the resident's own yes"),
        "guardian": _tr("a guardian's, custodian's or court's yes"),
        "minor-may-consent": _tr("a yes; a minor may be able to give it alone"),
        "written-release": _tr("a written release"),
    }
    return words.get(code, code)


def _tr(text: str) -> str:
    return QCoreApplication.translate("stay", text)
