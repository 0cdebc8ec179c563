"""The sheet for an item that was not simply done: outcome, reason, until when, short note."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtGui import QKeyEvent

from shelter_desk.desk.care import AnswerItem
from shelter_desk.domain.errors import Problem
from shelter_desk.ui.drafts import care_model
from shelter_desk.ui.editors import MomentEditor, TextEditor, UnreadableError
from shelter_desk.ui.scale import STRETCH, row
from shelter_desk.ui.shared import Shared
from shelter_desk.ui.tokens import Tone
from shelter_desk.ui.widgets import (
    Banner,
    Button,
    ChipChoice,
    DropDown,
    FieldFrame,
    Label,
    PrimaryButton,
    Sheet,
)

DONE = "done"


def _tr(text: str) -> str:
    return QCoreApplication.translate("outcome", text)


class OutcomeSheet(Sheet):
    """Asks how one occurrence of an item went, and records it. Enter saves, Esc leaves it open.

    `stay_id` None is the house; `who` is the name shown below the item's own words.
    """

    def __init__(
        self, shared: Shared, stay_id: str | None, item_id: str, occurrence: str, *, who: str
    ) -> None:
        self._shared, self._stay_id = shared, stay_id
        self._item_id, self._occurrence, self._who = item_id, occurrence, who
        self._care_model = care_model(shared)
        values = self._care_model.values("item-outcomes")
        options = [(value.code, value.label) for value in values]
        self.outcome = ChipChoice(options, _tr("How did it go?"))
        self.reason = DropDown(_tr("Reason"))
        self.at = MomentEditor(_tr("When"), shared.now(), shared.zone)
        self.until = MomentEditor(_tr("Until"), shared.now(), shared.zone)
        self.until.now_button.hide()
        self.note = TextEditor(_tr("Short note"), "", self._care_model.short_note_limit)
        self.save = PrimaryButton(_tr("Save"), "check")
        self.leave = Button(_tr("Leave it open"))
        self._banner = Banner("", Tone.WARN)
        self.frames = self._make_frames()
        item = self._care_model.items[item_id]
        parts = (Label(who, "muted"), self._banner, *self.frames.values(), self._buttons())
        super().__init__(item.text, *parts, width=640)
        self.title.setWordWrap(True)
        self._banner.hide()
        self.at.put(shared.now())
        self._at_first = self.at.typed()
        self.outcome.set_value(DONE)
        self.outcome.chosen.connect(self._settle)
        self.save.clicked.connect(self.record)
        self.leave.clicked.connect(self.close_sheet)
        self._settle(DONE)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() not in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            super().keyPressEvent(event)
            return
        focused = self.window().focusWidget()
        if isinstance(focused, Button):
            focused.click()
        else:
            self.record()

    def record(self) -> None:
        """Record the outcome; problems stand beside their fields and nothing typed is lost."""
        moments = self._moments()
        if moments is None:
            return
        done_at, until = moments
        code = self.outcome.value()
        command = AnswerItem(
            self._stay_id,
            self._item_id,
            self._occurrence,
            outcome=code,
            done_at=done_at,
            reason=str(self.reason.currentData() or "") or None,
            until=until,
            note=self.note.read(),
        )
        label = self._care_model.label("item-outcomes", code)
        said = _tr("Recorded “{0}” for {1}").format(label, self._who)
        if self._shared.attempt(command, said=said, invalid=self._show_problems) is not None:
            self.close_sheet()

    def _moments(self) -> tuple[datetime | None, datetime | None] | None:
        problems = []
        done_at: datetime | None = None
        until: datetime | None = None
        try:
            # Left as it was: the moment of saving, to the second, not the minute it opened.
            done_at = None if self.at.typed() == self._at_first else self.at.read()
        except UnreadableError as error:
            problems.append(Problem("done_at", str(error)))
        try:
            until = self.until.read() if self._needs("until") else None
        except UnreadableError as error:
            problems.append(Problem("until", str(error)))
        if problems:
            self._show_problems(tuple(problems))
            return None
        return done_at, until

    def _needs(self, what: str) -> bool:
        return what in self._care_model.outcome_needs(self.outcome.value())

    def _settle(self, outcome: str) -> None:
        reasons = self._care_model.reasons_for(outcome)
        self.reason.clear()
        blank = _tr("Choose…") if self._needs("reason") else _tr("No reason asked")
        self.reason.addItem(blank, "")
        for value in reasons:
            self.reason.addItem(value.label, value.code)
        self.frames["reason"].setVisible(bool(reasons))
        self.frames["until"].setVisible(self._needs("until"))
        self._show_problems(())

    def _show_problems(self, problems: Sequence[Problem]) -> None:
        messages = {problem.field: problem.message for problem in problems}
        for name, frame in self.frames.items():
            frame.show_problem(messages.get(name, ""))
        others = [text for name, text in messages.items() if name not in self.frames]
        self._banner.say(" ".join(others))
        self._banner.setVisible(bool(others))
        first = next((frame for name, frame in self.frames.items() if name in messages), None)
        if first is not None:
            first.editor.setFocus()

    def _make_frames(self) -> dict[str, FieldFrame]:
        late = _tr("A late entry is fine. Both times are kept.")
        return {
            "outcome": FieldFrame(_tr("How did it go?"), self.outcome),
            "reason": FieldFrame(_tr("Reason"), self.reason),
            "until": FieldFrame(_tr("Until"), self.until),
            "done_at": FieldFrame(_tr("When"), self.at, hint=late),
            "note": FieldFrame(
                _tr("Short note"), self.note, hint=self._care_model.short_note_prompt
            ),
        }

    def _buttons(self) -> object:
        return row(Label(_tr("Enter saves"), "faint"), STRETCH, self.leave, self.save, spacing=8)
