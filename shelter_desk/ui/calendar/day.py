"""One day as a list by time: appointments, what is due, who must be told; overdue stands first."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from PySide6.QtCore import QCoreApplication, Signal

from shelter_desk.desk.appointments import AppointmentLine
from shelter_desk.desk.dated import STATE_WORDS, Dated, dated
from shelter_desk.desk.listed import ListedItem
from shelter_desk.desk.notices import OwedNotice
from shelter_desk.ui.calendar.words import (
    hours,
    lacking,
    midnight,
    state_tone,
    state_words,
    who_goes,
)
from shelter_desk.ui.missing.words import clock_time, due_words
from shelter_desk.ui.shared import Shared
from shelter_desk.ui.table_model import Column
from shelter_desk.ui.today_lists import shown_name
from shelter_desk.ui.tokens import Tone
from shelter_desk.ui.widgets import Card, EmptyNote, Table

_DAY = timedelta(days=1)


def _tr(text: str) -> str:
    return QCoreApplication.translate("calendar", text)


def dated_on(shared: Shared, day: date) -> tuple[Dated, ...]:
    """Return everything dated on a day of the shelter; on today also what waits since before."""
    since, until = midnight(day, shared.zone), midnight(day + _DAY, shared.zone)
    now, is_today = shared.now(), day == shared.today()
    return shared.ask(dated, now=now, since=since, until=until, with_overdue=is_today)


_WHO, _STATE = 3, 4  # the columns
_ROW, _TALL_ROW = 54, 96  # px at 100 %; the tall one has room for a task in four lines


class DayList(Card):
    """The list of a day. `opened` says which line: Enter or double click."""

    opened = Signal(object)  # Dated

    def __init__(self, shared: Shared) -> None:
        self._shared, self._is_narrow = shared, False
        self.table = self._make_table()
        self.nothing = EmptyNote(_tr("Nothing is dated on this day."), icon="calendar-days")
        super().__init__(self.table, self.nothing, margins=(1, 4, 1, 4))
        self.table.opened.connect(self.opened)

    def show_lines(self, lines: Sequence[Dated]) -> None:
        """Show a day."""
        self.table.show_lines(tuple(lines))
        self.table.setVisible(bool(lines))
        self.nothing.setVisible(not lines)

    def set_narrow(self, *, narrow: bool) -> None:
        """Leave the room to what it is, with its state below; who does it is on its own page."""
        self._is_narrow = narrow
        for place in (_WHO, _STATE):
            self.table.setColumnHidden(place, narrow)
        self.table.set_row_height(_TALL_ROW if narrow else _ROW)

    def start(self) -> None:
        """Give the keyboard to the list."""
        self.table.setFocus()

    def _make_table(self) -> Table[Dated]:
        shared = self._shared

        def at(line: Dated) -> str:
            return clock_time(line.at, shared.now(), shared.zone)

        def below_at(line: Dated) -> str:
            return when_below(line, shared.now(), shared)

        def below_what(line: Dated) -> str:
            parts = (dated_state(line) if self._is_narrow else "", what_below(line))
            return "  ·  ".join(part for part in parts if part)

        def tone_below(line: Dated) -> Tone | None:
            return dated_tone(line) if self._is_narrow else None

        columns = (
            Column[Dated](_tr("When"), at, width=160, below=below_at),
            Column[Dated](_tr("Resident"), whom, width=150, avatar=True),
            Column[Dated](
                _tr("What"), what_words, width=220, stretch=True, wrap=True,
                below=below_what, below_tone=tone_below,
            ),
            Column[Dated](_tr("Who"), who_words, width=170),
            Column[Dated](_tr("State"), dated_state, width=130, tone=dated_tone),
        )  # fmt: skip
        return Table[Dated](
            columns, _tr("The day"), key=lambda line: line.key, row_height=_ROW, fit=True
        )


# The words of a line


def when_below(line: Dated, now: datetime, shared: Shared) -> str:
    """Return until when it lasts, or how long it is overdue or has time."""
    if isinstance(line.what, AppointmentLine):
        return hours(line.what, shared.zone)
    return due_words(line.at, now, shared.zone) if line.is_overdue else ""


def whom(line: Dated) -> str:
    """Return about whom it is."""
    if line.stay_id is not None:
        return shown_name(line.called) or line.case_code
    return _tr("The house")


def what_words(line: Dated) -> str:
    """Return what it is."""
    if isinstance(line.what, AppointmentLine):
        return line.what.kind_name
    if isinstance(line.what, ListedItem):
        return line.what.item.text
    return _tr("Tell: {0}").format(line.what.recipient_name)


def what_below(line: Dated) -> str:
    """Return what somebody must know of it at once."""
    if isinstance(line.what, AppointmentLine):
        return ", ".join(lacking(line.what))
    if isinstance(line.what, ListedItem):
        return _tr("safety first") if line.what.item.safety_critical else ""
    return _tr("Incident") if line.what.page == "incidents" else _tr("Missing from care")


def who_words(line: Dated) -> str:
    """Return who goes along, or whose role it is."""
    if isinstance(line.what, AppointmentLine):
        return who_goes(line.what)
    return line.what.role_short if isinstance(line.what, ListedItem) else ""


def dated_state(line: Dated) -> str:
    """Return "overdue", "due", or what became of it."""
    if isinstance(line.what, AppointmentLine):
        return state_words(line.what)
    return _tr(STATE_WORDS[line.state])


def dated_tone(line: Dated) -> Tone:
    """Return the tone of the state."""
    if isinstance(line.what, AppointmentLine):
        return state_tone(line.what)
    return Tone.DANGER if line.is_overdue else Tone.NEUTRAL


def where_it_is_done(line: Dated) -> tuple[str, str]:
    """Return page and subject on which an item is ticked or a notice is answered."""
    if isinstance(line.what, OwedNotice):
        return line.what.page, line.what.subject
    return ("today", "") if line.stay_id is None else ("resident", line.stay_id)
