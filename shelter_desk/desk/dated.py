"""Everything that is dated, as one list by time: appointments, checklist items, notices owed.

Court dates and visits are appointments; what gets ready for a court date, and the clocks of an
absence, are checklist items; who must be told by when is a notice. A notice and the checklist
item that it answers stand there once, as the notice.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from operator import itemgetter
from typing import NamedTuple

from sqlalchemy import bindparam, select

from shelter_desk.desk.appointments import PLANNED, AppointmentLine, agenda
from shelter_desk.desk.base import Read, asks, milliseconds, moment
from shelter_desk.desk.listed import ListedItem, Subject, line_maker
from shelter_desk.desk.notices import OwedNotice, due_notices
from shelter_desk.desk.today import Subjects
from shelter_desk.domain.record_classes import View
from shelter_desk.domain.staff import May
from shelter_desk.store import schema
from shelter_desk.store.sql import Statement

_due = schema.due_item
_ITEMS = Statement(
    select(_due.c.stay_id, _due.c.item_id, _due.c.occurrence, _due.c.due_at, _due.c.state)
    .where(_due.c.due_at >= bindparam("since"), _due.c.due_at < bindparam("until"))
    .order_by(_due.c.due_at)
)


STATE_WORDS = {
    "overdue": "overdue",
    "blocked": "blocked",
    "deferred": "deferred",
    "signature": "one more signs",
    "due": "due",
}
"""How an item or a notice stands, in words for screen and paper."""


class DueItem(NamedTuple):
    """An open checklist item. `state` as in the plan."""

    listed: ListedItem
    occurrence: str
    state: str

    @property
    def item_id(self) -> str:
        """Return which item of the care model it is."""
        return self.listed.item_id

    @property
    def text(self) -> str:
        """Return what is to be done."""
        return self.listed.item.text

    @property
    def role(self) -> str:
        """Return the short name of the role that does it."""
        return self.listed.role

    @property
    def safety_critical(self) -> bool:
        """Say whether somebody's safety hangs on it."""
        return self.listed.item.safety_critical


class Dated(NamedTuple):
    """One thing with a time, in milliseconds since 1970 UTC, and whom it is about.

    Overdue is what waits since before now; an appointment is never overdue, it is over.
    """

    at_ms: int
    subject: Subject
    what: AppointmentLine | DueItem | OwedNotice
    is_overdue: bool

    @property
    def at(self) -> datetime:
        """Return when it is."""
        return moment(self.at_ms)

    @property
    def stay_id(self) -> str | None:
        """Return whose it is; None: of the house, or of an incident."""
        return self.subject.stay_id

    @property
    def called(self) -> str:
        """Return what they are called."""
        return self.subject.called

    @property
    def case_code(self) -> str:
        """Return their case code."""
        return self.subject.case_code

    @property
    def state(self) -> str:
        """Return how it stands: as in `STATE_WORDS`, or as an appointment does."""
        if isinstance(self.what, AppointmentLine):
            return self.what.state
        state = self.what.state if isinstance(self.what, DueItem) else ""
        if self.is_overdue or state not in STATE_WORDS:
            return "overdue" if self.is_overdue else "due"
        return state

    @property
    def key(self) -> tuple[str, str, str]:
        """Return what tells it from all others."""
        if isinstance(self.what, AppointmentLine):
            return "appointment", self.what.appointment_id, ""
        if isinstance(self.what, OwedNotice):
            return "notice", self.what.notice_id, ""
        return self.stay_id or "", self.what.item_id, self.what.occurrence


@asks(May.READ_RECORDS)
def dated(
    read: Read, *, now: datetime, since: datetime, until: datetime, with_overdue: bool = False
) -> tuple[Dated, ...]:
    """Return everything dated from one moment to another, earliest first.

    `with_overdue`: also what waits since before `since`.
    """
    low = datetime.fromtimestamp(0, now.tzinfo) if with_overdue else since
    owed = due_notices.answer(read)
    found = [
        *_appointments(agenda.answer(read, since=since, until=until), since),
        *_notices((one for one in owed if low <= one.due_at < until), now),
        *_items(read, {(one.stay_id, one.item_id) for one in owed}, (low, until), now),
    ]
    return tuple(sorted(found, key=itemgetter(0)))


_new, _new_item = line_maker(Dated), line_maker(DueItem)


def _appointments(lines: Iterable[AppointmentLine], since: datetime) -> Iterator[Dated]:
    for line in lines:
        at = max(line.starts_at, since) if line.state == PLANNED else line.starts_at
        subject = Subject(line.stay_id, line.called, line.case_code, 0)
        yield _new((milliseconds(at), subject, line, False))


def _notices(owed: Iterable[OwedNotice], now: datetime) -> Iterator[Dated]:
    for one in owed:
        subject = Subject(one.stay_id, one.called, one.case_code, 0)
        yield _new((milliseconds(one.due_at), subject, one, one.due_at < now))


def _items(
    read: Read,
    told: set[tuple[str | None, str | None]],
    bounds: tuple[datetime, datetime],
    now: datetime,
) -> list[Dated]:
    since, until = map(milliseconds, bounds)
    subjects, now_ms = Subjects(read), milliseconds(now)
    listed, views, unknown = read.house.listed, read.access.views, read.access.view("")
    rows = read.reader.rows(_ITEMS, since=since, until=until)
    return [
        _new((due, subjects[key], _new_item((listed[item_id], occurrence, state)), due < now_ms))
        for key, item_id, occurrence, due, state in rows
        if views.get(item_id, unknown) is not View.HIDDEN
        and not (told and (subjects[key].stay_id, item_id) in told)
    ]
