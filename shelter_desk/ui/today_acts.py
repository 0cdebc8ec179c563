"""What a row of Today does: tick, sign, take back, record another outcome, open the resident."""

from __future__ import annotations

from datetime import timedelta

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from shelter_desk.desk.care import AnswerItem, UndoAnswer
from shelter_desk.desk.item import item_line
from shelter_desk.desk.plan import ItemLine
from shelter_desk.desk.today import DoneLine, TodayLine
from shelter_desk.domain.errors import DeskError
from shelter_desk.domain.staff import May
from shelter_desk.ui.drafts import care_model
from shelter_desk.ui.shared import Shared
from shelter_desk.ui.shift.line_form import ABOUT
from shelter_desk.ui.signing import move_on, sign
from shelter_desk.ui.stay.item_sheet import ItemSheet
from shelter_desk.ui.today_lists import shown_name
from shelter_desk.ui.widgets import DueLine, DueList

_JUST_NOW = timedelta(minutes=2)  # later it is the row one is on, not somebody ticked long ago


class TodayActs(QObject):
    """Carries out what is asked of a row. `host` is the page that sheets lie over."""

    def __init__(self, shared: Shared, host: QWidget) -> None:
        super().__init__(host)
        self._shared, self._host = shared, host
        self.ticked_last = ("", "")  # stay and service, which the next log entry is offered
        self._ticked_at = shared.now()

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
        item = self._item(line) if isinstance(line, TodayLine) else None
        if isinstance(line, TodayLine) and item is not None:
            who = shown_name(line.called) if line.stay_id else self.tr("The house")
            model = care_model(self._shared)
            ItemSheet(self._shared, model, line.stay_id, item, who=who).open_over(self._host)

    def open_row(self, row: DueLine) -> None:
        """Open the resident of a row; a row of the house has no page, so its sheet opens."""
        line = row.key
        if isinstance(line, TodayLine | DoneLine) and line.stay_id is not None:
            self.open_resident(line.stay_id)
        else:
            self.ask_outcome(row)

    def log(self) -> None:
        """Log a service: what was ticked just now, or for the resident of the row one is on."""
        is_new = self._shared.now() - self._ticked_at <= _JUST_NOW
        stay_id, service_id = self.ticked_last if is_new else ("", "")
        self.ticked_last = ("", "")
        stay_id = stay_id or self._stay_of_row()
        subject = f"{stay_id}:{service_id}" if service_id else stay_id
        self._shared.go("log_service", subject)

    def write_line(self) -> None:
        """Write a line of the shift log, about the resident of the row one is on."""
        if self._shared.may(May.WRITE_CARE):
            self._shared.go("shift_log", f"{ABOUT}{self._stay_of_row()}")

    def open_resident(self, stay_id: str) -> None:
        """Open the page of a resident."""
        self._shared.go("resident", stay_id)

    def _stay_of_row(self) -> str:
        """Return the stay of the row that has the keyboard, or ""."""
        focused = self._host.window().focusWidget()
        row = focused.line() if isinstance(focused, DueList) else None
        line = row.key if row is not None else None
        return (line.stay_id or "") if isinstance(line, TodayLine) else ""

    def _tick_open(self, line: TodayLine) -> None:
        if line.state == "signature":
            item = self._item(line)
            if item is not None and not sign(self._shared, item):
                self._go_on(line)
            return
        who = shown_name(line.called) if line.stay_id else self.tr("the house")
        said = self.tr("Ticked “{0}” for {1}")
        if line.needs_signatures > 1:
            said = self.tr("Signed “{0}” for {1}. It waits for a second person.")
        command = AnswerItem(line.stay_id, line.item_id, line.occurrence)
        done = self._shared.attempt(command, said=said.format(line.text, who))
        self.ticked_last = ("", "")
        if done is not None and line.stay_id is not None:
            self.ticked_last = (line.stay_id, line.service_id)
            self._ticked_at = self._shared.now()
        if done is not None and line.needs_signatures > 1:
            self._go_on(line)

    def _go_on(self, line: TodayLine) -> None:
        move_on(self._host.window().focusWidget(), line.item_id)

    def _item(self, line: TodayLine) -> ItemLine | None:
        """Return how the item of a row stands now, or None after saying why that cannot be."""
        stay_id, item_id, occurrence = line.stay_id, line.item_id, line.occurrence
        try:
            return self._shared.ask(
                item_line, stay_id=stay_id, item_id=item_id, occurrence=occurrence
            )
        except DeskError as error:
            self._shared.tell(error)
            return None
