"""One checklist item: what it asks for and why, what was answered, and a new answer."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget

from shelter_desk.desk.care import AnswerItem, UndoAnswer
from shelter_desk.desk.plan import ItemLine
from shelter_desk.domain.care_model import CareModel
from shelter_desk.domain.staff import May
from shelter_desk.ui.dates import show_moment
from shelter_desk.ui.drafts import Drafts, KeptForm
from shelter_desk.ui.form_sheet import FitScroll, press_enter
from shelter_desk.ui.forms import Form
from shelter_desk.ui.scale import STRETCH, column, row
from shelter_desk.ui.shared import Shared
from shelter_desk.ui.signing import has_signed, sign
from shelter_desk.ui.stay.answer_form import AnswerForm
from shelter_desk.ui.stay.rows import answer_words, sentence, signature_words
from shelter_desk.ui.tokens import Tone
from shelter_desk.ui.widgets import Button, Card, ChipChoice, Label, Pill, PrimaryButton, Sheet

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
        self.answer = AnswerForm(shared, model)
        self._kept = KeptForm(self.answer, Drafts(shared, "item-answer"))
        self._waiting = Label("", "faint", wrap=True)
        self._waiting.hide()
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

    @property
    def outcome(self) -> ChipChoice:
        """Return the outcomes to choose from."""
        return self.answer.outcome

    @property
    def form(self) -> Form:
        """Return the questions of the outcome that is chosen."""
        return self.answer.form

    def choose(self, outcome: str) -> None:
        """Ask for what goes with an outcome; what is typed already stays."""
        self.answer.choose(outcome)

    def try_save(self) -> None:
        """Record the answer chosen; close when it was taken."""
        if not self.can_answer or self.item.occurrence is None:
            return
        values = self.answer.values_or_problems()
        if values is None:
            return
        outcome = self.outcome.value()
        label = self._model.label("item-outcomes", outcome)
        said = _tr("Recorded: {0}").format(label)
        if self._who:
            said = _tr("Recorded “{0}” for {1}").format(label, self._who)
        command = self._command(outcome, self.item.occurrence, values)
        problems = self.answer.show_problems
        done = self._shared.attempt(command, said=said, invalid=problems, written=self._kept.done)
        if done is not None:
            self.close_sheet()

    def close_sheet(self) -> None:
        """Close; what was typed and not saved is kept as a draft."""
        self._kept.stop()
        super().close_sheet()

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
            parts += [self._waiting, self.answer]
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
            self._kept.begin(
                f"{self._stay_id or 'house'} {self.item.item_id} {self.item.occurrence}"
            )
            self._waiting.setText(self._kept.words())
            self._waiting.setVisible(self._kept.is_kept)

    def open_over(self, host: QWidget, focus: QWidget | None = None) -> None:
        """Lie over the window, with the keyboard on what is done most."""
        chosen = [button for button in self.outcome.buttons() if button.isChecked()]
        wanted = self.sign if self.waits_for_me else next(iter(chosen), self.leave)
        super().open_over(host, focus or wanted)

    def _connect(self) -> None:
        self.save.clicked.connect(self.try_save)
        self.leave.clicked.connect(self.close_sheet)
        self.sign.clicked.connect(self._sign)
        self.take_back.clicked.connect(self._take_back)

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
