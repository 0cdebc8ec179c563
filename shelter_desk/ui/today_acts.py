"""What a row of Today does: tick, sign, take back, record another outcome, open the resident."""

from __future__ import annotations

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from shelter_desk.desk.care import AnswerItem, SignAnswer, UndoAnswer
from shelter_desk.desk.plan import stay_plan
from shelter_desk.desk.today import DoneLine, TodayLine
from shelter_desk.ui.outcome_sheet import OutcomeSheet
from shelter_desk.ui.shared import Shared
from shelter_desk.ui.today_lists import shown_name
from shelter_desk.ui.widgets import DueLine, DueList


class TodayActs(QObject):
    """Carries out what is asked of a row. `host` is the page that sheets lie over."""

    def __init__(self, shared: Shared, host: QWidget) -> None:
        super().__init__(host)
        self._shared, self._host = shared, host

    def listen_to(self, rows: DueList) -> None:
        """Act on what happens in a list."""
        rows.ticked.connect(self.tick)
        rows.note_wanted.connect(self.ask_outcome)
        rows.opened.connect(self.open_row)

    def tick(self, row: DueLine, checked: bool) -> None:  # noqa: FBT001 - a signal's argument
        """Tick an open row as done, or take the tick of a done row back."""
        line = row.key
        if isinstance(line, DoneLine):
            said = self.tr("Open again: “{0}”").format(line.text)
            self._shared.attempt(UndoAnswer(line.answer_id), said=said)
        elif isinstance(line, TodayLine) and checked:
            self._tick_open(line)

    def ask_outcome(self, row: DueLine) -> None:
        """Ask how it went instead of ticking it."""
        line = row.key
        if isinstance(line, TodayLine):
            who = shown_name(line.called) if line.stay_id else self.tr("The house")
            sheet = OutcomeSheet(
                self._shared, line.stay_id, line.item_id, line.occurrence, who=who
            )
            sheet.open_over(self._host)

    def open_row(self, row: DueLine) -> None:
        """Open the resident of a row; a row of the house has no page."""
        line = row.key
        if isinstance(line, TodayLine | DoneLine) and line.stay_id is not None:
            self.open_resident(line.stay_id)

    def open_resident(self, stay_id: str) -> None:
        """Open the page of a resident."""
        self._shared.go("resident", stay_id)

    def _tick_open(self, line: TodayLine) -> None:
        answer_id = self._waiting_answer(line)
        if answer_id is not None:
            said = self.tr("Signed “{0}”").format(line.text)
            self._shared.attempt(SignAnswer(answer_id), said=said)
            return
        who = shown_name(line.called) if line.stay_id else self.tr("the house")
        said = self.tr("Ticked “{0}” for {1}").format(line.text, who)
        command = AnswerItem(line.stay_id, line.item_id, line.occurrence)
        self._shared.attempt(command, said=said)

    def _waiting_answer(self, line: TodayLine) -> str | None:
        """Return the answer that waits for a second signature, if this line is one."""
        if line.state != "signature" or line.stay_id is None:
            return None
        plan = self._shared.ask(stay_plan, stay_id=line.stay_id, now=self._shared.now())
        for service in plan.services:
            for item in service.items:
                if (item.item_id, item.occurrence) == (line.item_id, line.occurrence):
                    return item.last.answer_id if item.last else None
        return None
