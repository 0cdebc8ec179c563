"""Everything that is dated, as one list by time: appointments, checklist items, notices owed.

Court dates and visits are appointments; what gets ready for a court date, and the clocks of an
absence, are checklist items; who must be told by when is a notice. A notice and the checklist
item that it answers stand there once, as the notice.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from datetime import datetime
from operator import itemgetter
from typing import NamedTuple

from sqlalchemy import bindparam, select

from shelter_desk.desk.appointments import PLANNED, AppointmentLine, agenda_between
from shelter_desk.desk.base import Read, asks, milliseconds, moment
from shelter_desk.desk.listed import ListedItem, Subject, line_maker
from shelter_desk.desk.notices import OwedNotice, due_notices
from shelter_desk.desk.today import Subjects
from shelter_desk.domain.record_classes import VIEW_HIDDEN
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


class Dated(NamedTuple):
    """One thing with a time, in milliseconds since 1970 UTC, and whom it is about.

    Overdue is what waits since before now; an appointment is never overdue, it is over.
    `occurrence` and `plan_state` are those of an open checklist item in its plan, "" of all else.
    """

    at_ms: int
    subject: Subject
    what: AppointmentLine | ListedItem | OwedNotice
    is_overdue: bool
    occurrence: str = ""
    plan_state: str = ""

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
        if self.is_overdue or self.plan_state not in STATE_WORDS:
            return "overdue" if self.is_overdue else "due"
        return self.plan_state

    @property
    def key(self) -> tuple[str, str, str]:
        """Return what tells it from all others."""
        if isinstance(self.what, AppointmentLine):
            return "appointment", self.what.appointment_id, ""
        if isinstance(self.what, OwedNotice):
            return "notice", self.what.notice_id, ""
        return self.stay_id or "", self.what.item_id, self.occurrence


@asks(May.READ_RECORDS)
def dated(
    read: Read, *, now: datetime, since: datetime, until: datetime, with_overdue: bool = False
) -> tuple[Dated, ...]:
    """Return everything dated from one moment to another, earliest first.

    `with_overdue`: also what waits since before `since`.
    """
    begins, high, now_ms = map(milliseconds, (since, until, now))
    low = 0 if with_overdue else begins
    owed = due_notices.answer(read)
    told = {(one.stay_id, one.item_id) for one in owed} if owed else _NONE
    found = list(_appointments(agenda_between(read, begins, high), begins))
    if owed:
        found += [one for one in _notices(owed, now_ms) if low <= one.at_ms < high]
    found += _items(read, told, (low, high), now_ms)
    found.sort(key=itemgetter(0))
    return tuple(found)


_NONE: frozenset[tuple[str | None, str | None]] = frozenset()
_new, _new_subject = line_maker(Dated), line_maker(Subject)


def _appointments(lines: Iterable[AppointmentLine], since: int) -> Iterator[Dated]:
    for line in lines:
        at = max(line.starts_ms, since) if line.state == PLANNED else line.starts_ms
        subject = _new_subject((line.stay_id, line.called, line.case_code, 0, False))
        yield _new((at, subject, line, False, "", ""))


def _notices(owed: Iterable[OwedNotice], now_ms: int) -> Iterator[Dated]:
    for one in owed:
        at = milliseconds(one.due_at)
        subject = _new_subject((one.stay_id, one.called, one.case_code, 0, False))
        yield _new((at, subject, one, at < now_ms, "", ""))


def _items(
    read: Read,
    told: Collection[tuple[str | None, str | None]],
    bounds: tuple[int, int],
    now_ms: int,
) -> list[Dated]:
    """Return the open items."""
    subjects, listed = Subjects(read), read.house.listed
    rows = read.reader.rows(_ITEMS, since=bounds[0], until=bounds[1])
    if told or not read.access.sees_every_item:
        views, unknown = read.access.views, read.access.view("")
        rows = [
            row
            for row in rows
            if views.get(row[1], unknown) is not VIEW_HIDDEN
            and (subjects[row[0]].stay_id, row[1]) not in told
        ]
    return [
        _new((due_ms, subjects[key], listed[item_id], due_ms < now_ms, occurrence, state))
        for key, item_id, occurrence, due_ms, state in rows
    ]
