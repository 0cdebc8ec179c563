"""Something happened: find it by a few letters, see what it opens and by when, record it."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget

from shelter_desk.desk.care import RecordEvent, WithdrawEvent
from shelter_desk.desk.starting import Follows, HappenedLine, recent_events, what_follows
from shelter_desk.domain.care_model import CareModel
from shelter_desk.ui.dates import show_moment
from shelter_desk.ui.drafts import Drafts, KeptForm
from shelter_desk.ui.form_sheet import FitScroll, press_enter
from shelter_desk.ui.pile import Pile
from shelter_desk.ui.scale import STRETCH, column, row
from shelter_desk.ui.shared import Shared
from shelter_desk.ui.stay.event_question import EventQuestion
from shelter_desk.ui.today_cards import Call
from shelter_desk.ui.tokens import Tone
from shelter_desk.ui.widgets import (
    Button,
    Label,
    Line,
    Pill,
    PrimaryButton,
    Sheet,
)

_MOST_FOLLOWS, _MOST_RECENT = 6, 3


class EventSheet(Sheet):
    """Letters find, Down goes into the list, Enter records; what was recorded is taken back."""

    def __init__(self, shared: Shared, model: CareModel, stay_id: str) -> None:
        self._shared, self._stay_id = shared, stay_id
        self._done = False
        self.question = EventQuestion(shared, model)
        self.follows, self.recent = Pile(spacing=3), Pile(spacing=4)
        self.save, self.leave = PrimaryButton("", "check"), Button("")
        self._waiting = Label("", "faint", wrap=True)
        below = (self._waiting, self.question, self.follows, self.recent)
        inside = FitScroll(column(*below, spacing=10))
        buttons = row(STRETCH, self.leave, self.save)
        super().__init__(self.tr("Something happened"), (inside, 1), buttons, width=760)
        self.save.setText(self.tr("Record it"))
        self.leave.setText(self.tr("Leave it"))
        self._kept = KeptForm(self.question, Drafts(shared, "something-happened"), stay_id)
        self._waiting.setText(self._kept.words())
        self._waiting.setVisible(self._kept.is_kept)
        self._connect()
        self._explain()
        self._show_recent()

    def try_save(self) -> None:
        """Record it; close when it was taken."""
        trigger, at = self.question.chosen(), self.question.moment()
        if trigger is None or at is None or self._done:
            return
        command = RecordEvent(self._stay_id, trigger.code, at)
        said = self.tr("Recorded: {0}. The plan is up to date.").format(trigger.label)
        done = self._shared.attempt(
            command, said=said, invalid=self.question.show_problems, written=self._kept.done
        )
        if done is not None:
            self._done = True  # Enter reaches the list and the sheet
            self.close_sheet()

    def close_sheet(self) -> None:
        """Close; what was typed and not recorded is kept."""
        self._kept.stop()
        super().close_sheet()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            press_enter(self, self.try_save)
        else:
            super().keyPressEvent(event)

    def _connect(self) -> None:
        self.question.asked.connect(self._explain)
        self.question.table.opened.connect(self.try_save)
        self.save.clicked.connect(self.try_save)
        self.leave.clicked.connect(self.close_sheet)

    def _explain(self) -> None:
        trigger = self.question.chosen()
        self.follows.clear()
        self.save.setEnabled(trigger is not None)
        if trigger is None:
            words = self.tr("Nothing of the list fits.")
            if not self.question.letters.text().strip():
                words = self.tr("Type a few letters, or go down into the list.")
            self.follows.add(Label(words, "muted", wrap=True))
            return
        now = self._shared.now()
        at = self.question.moment(quiet=True) or now
        found = self._shared.ask(
            what_follows, stay_id=self._stay_id, code=trigger.code, at=at, now=now
        )
        self.follows.add(Label(self._opens(found), "caption-strong", wrap=True))
        for one in found[:_MOST_FOLLOWS]:
            self.follows.add(self._follow(one))
        if len(found) > _MOST_FOLLOWS:
            more = self.tr("and {0} more").format(len(found) - _MOST_FOLLOWS)
            self.follows.add(Label(more, "caption"))

    def _opens(self, found: tuple[Follows, ...]) -> str:
        if not found:
            return self.tr("It opens nothing here; it is kept with the day.")
        services = sorted({one.service for one in found if one.opens_service})
        one = len(found) == 1
        words = self.tr("It opens one task:") if one else self.tr("It opens {0} tasks:")
        words = words.format(len(found))
        if services:
            again = self.tr("Needed again: {0}.").format(", ".join(services))
            words = f"{again} {words}"
        return words

    def _follow(self, one: Follows) -> QWidget:
        words = one.text or self.tr("A task of {0}").format(one.service)
        due = self.tr("in its round")
        if one.due_at is not None:
            due = show_moment(one.due_at, self._shared.zone)
        pill = Pill(self.tr("safety"), Tone.WARN) if one.safety_critical else None
        return row((Label(words, wrap=True), 1), pill, Label(due, "caption"), spacing=10)

    def _show_recent(self) -> None:
        self.recent.clear()
        lines = self._shared.ask(recent_events, stay_id=self._stay_id)
        if lines:
            self.recent.add(Line())
            self.recent.add(Label(self.tr("Recorded before"), "caption-strong"))
        for line in lines[:_MOST_RECENT]:
            self.recent.add(self._past(line))

    def _past(self, line: HappenedLine) -> QWidget:
        button = Button(self.tr("Take it back"), "undo-2", kind="ghost")
        button.setAccessibleName(self.tr("Take back: {0}").format(line.label))
        button.clicked.connect(Call(self._take_back, line))
        when = show_moment(line.occurred_at, self._shared.zone)
        return row((Label(f"{line.label}  ·  {when}", wrap=True), 1), button)

    def _take_back(self, line: HappenedLine) -> None:
        said = self.tr("Taken back: {0}").format(line.label)
        if self._shared.attempt(WithdrawEvent(line.event_id), said=said) is not None:
            self.close_sheet()


def open_event_sheet(host: QWidget, shared: Shared, model: CareModel, stay_id: str) -> EventSheet:
    """Open the sheet over the window of `host`."""
    sheet = EventSheet(shared, model, stay_id)
    sheet.open_over(host, sheet.question.letters)
    return sheet
