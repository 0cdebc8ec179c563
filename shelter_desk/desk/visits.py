"""Visits by auditors: who comes, on what ground, about what time; and who settles which point."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import ClassVar

from sqlalchemy import bindparam, select

from shelter_desk.desk.base import Area, Command, Read, Write, asks
from shelter_desk.desk.rows import RowValues, find
from shelter_desk.domain.errors import InvalidError, Problem
from shelter_desk.domain.staff import May
from shelter_desk.store import schema
from shelter_desk.store.schema_visit import audit_visit as _visit
from shelter_desk.store.schema_visit import visit_point as _point
from shelter_desk.store.sql import Statement

CHECK_WEEKS = 3
"""How long before a visit its pre-check should begin. Source: specification 6.8, step 2."""
SCOPES = ("licensor", "accreditor", "grant", "custodian", "other")
_LONGEST = {"agency": 80, "authority": 200}
_MOST_POINTS = 2_000

_staff = schema.staff
_ROWS = select(
    _visit.c.public_id,
    _visit.c.agency,
    _visit.c.authority,
    _visit.c.scope,
    _visit.c.since_on,
    _visit.c.until_on,
    _visit.c.visit_on,
    _visit.c.state,
)
_EVERY = Statement(_ROWS.order_by(_visit.c.visit_on.desc(), _visit.c.id.desc()))
_OWNERS = Statement(
    select(_point.c.point, _staff.c.public_id, _staff.c.name, _point.c.due_on, _point.c.ready_at)
    .join(_staff, _staff.c.id == _point.c.owner_id)
    .join(_visit, _visit.c.id == _point.c.visit_id)
    .where(_visit.c.public_id == bindparam("visit_id"))
)
_GIVEN = Statement(
    select(*_point.c).where(
        _point.c.visit_id == bindparam("visit_id"), _point.c.point == bindparam("point")
    )
)
_MINE = Statement(
    select(_visit.c.public_id)
    .distinct()
    .join(_point, _point.c.visit_id == _visit.c.id)
    .where(_point.c.owner_id == bindparam("staff_id"), _visit.c.state == "planned")
    .order_by(_visit.c.visit_on)
)


@dataclass(frozen=True, slots=True)
class VisitLine:
    """One visit. The time looked at runs from `since_on` to `until_on`, both included."""

    visit_id: str
    agency: str
    authority: str
    scope: str
    since_on: date
    until_on: date
    visit_on: date
    state: str

    @property
    def check_from(self) -> date:
        """Return the day on which the pre-check should begin."""
        return self.visit_on - timedelta(weeks=CHECK_WEEKS)


@dataclass(frozen=True, slots=True)
class Owner:
    """Who settles a point, and by when. `ready_at`: when its answer was ready, in ms, or None."""

    staff_id: str
    name: str
    due_on: date
    ready_at: int | None = None


@asks(May.EXPORT)
def visits(read: Read) -> tuple[VisitLine, ...]:
    """Return every visit, the latest day first."""
    return tuple(visit_line(row) for row in read.reader.rows(_EVERY))


def visit_line(row: tuple[str, ...]) -> VisitLine:
    """Return a visit from its columns, in the order of `VisitLine`."""
    visit_id, agency, authority, scope, *days, state = row
    since_on, until_on, visit_on = map(date.fromisoformat, days)
    return VisitLine(visit_id, agency, authority, scope, since_on, until_on, visit_on, state)


def visit_of(read: Read, visit_id: str) -> VisitLine:
    """Return one visit.

    Raises:
        NotFoundError: when there is none.
    """
    row = find(read.reader, _visit, visit_id)
    names = ("public_id", *_LONGEST, "scope", "since_on", "until_on", "visit_on", "state")
    return visit_line(tuple(row[name] for name in names))


def owners_of(read: Read, visit_id: str) -> dict[str, Owner]:
    """Return point -> who settles it, for those of one visit that were given to somebody."""
    return {
        point: Owner(staff_id, name, date.fromisoformat(due_on), ready_at)
        for point, staff_id, name, due_on, ready_at in read.reader.rows(_OWNERS, visit_id=visit_id)
    }


def visits_with_my_points(read: Read) -> list[str]:
    """Return the planned visits of which the person asking has points, the next one first."""
    return [visit_id for (visit_id,) in read.reader.rows(_MINE, staff_id=read.staff.id)]


@dataclass(frozen=True)
class PlanVisit(Command):
    """Write down a visit; with `visit_id`, change one that is planned."""

    action: ClassVar[str] = "visit.plan"
    needs: ClassVar[May] = May.EXPORT
    touches: ClassVar[Area] = Area.CUSTODY

    agency: str
    authority: str
    scope: str
    since_on: date
    until_on: date
    visit_on: date
    visit_id: str = ""

    def apply(self, write: Write) -> str:
        """Insert it, or change it."""
        _refuse(self._problems())
        values = {
            "agency": self.agency.strip(),
            "authority": self.authority.strip(),
            "scope": self.scope,
            **{name: getattr(self, name).isoformat() for name in _DAYS},
        }
        write.reason = f"{self.scope}:{self.visit_on}"
        if self.visit_id:
            write.change(_visit, planned_visit(write, self.visit_id), **values)
            return self.visit_id
        public_id = write.new_public_id()
        write.add(
            _visit,
            public_id=public_id,
            staff_id=write.who.staff.id,
            planned_at=write.now_ms,
            **values,
        )
        return public_id

    def _problems(self) -> list[Problem]:
        found = [
            Problem(name, f"Write 1 to {most} characters.")
            for name, most in _LONGEST.items()
            if not 0 < len(getattr(self, name).strip()) <= most
        ]
        if self.scope not in SCOPES:
            found.append(Problem("scope", "Choose what they come for."))
        if self.until_on < self.since_on:
            found.append(Problem("until_on", "This is before the first day looked at."))
        return found


_DAYS = ("since_on", "until_on", "visit_on")


@dataclass(frozen=True)
class EndVisit(Command):
    """A visit was held, or will not take place. `state` is "held" or "cancelled"."""

    action: ClassVar[str] = "visit.end"
    needs: ClassVar[May] = May.EXPORT
    touches: ClassVar[Area] = Area.CUSTODY

    visit_id: str
    state: str

    def apply(self, write: Write) -> str:
        """Write down the end."""
        if self.state not in ("held", "cancelled"):
            _refuse([Problem("state", "Choose whether it was held.")])
        write.change(_visit, planned_visit(write, self.visit_id), state=self.state)
        write.reason = self.state
        return self.visit_id


@dataclass(frozen=True)
class NoteGrid(Command):
    """The completeness grid of a visit was made for the printer; what it held is not kept."""

    action: ClassVar[str] = "visit.grid"
    needs: ClassVar[May] = May.EXPORT
    touches: ClassVar[Area] = Area.AUDIT

    visit_id: str
    records: int

    def apply(self, write: Write) -> str:
        """Change nothing; the event itself is the record."""
        find(write.writer, _visit, self.visit_id)
        write.reason = str(self.records)
        return self.visit_id


@dataclass(frozen=True)
class GivePoints(Command):
    """Give points of a visit's pre-check to a colleague, to be settled by a day."""

    action: ClassVar[str] = "visit.give"
    needs: ClassVar[May] = May.EXPORT
    touches: ClassVar[Area] = Area.CUSTODY

    visit_id: str
    points: tuple[str, ...]
    owner_id: str
    due_on: date

    def apply(self, write: Write) -> str:
        """Insert them; a point that somebody had goes to the new one."""
        visit = planned_visit(write, self.visit_id)
        owner = find(write.writer, _staff, self.owner_id)
        self._check(visit, owner)
        values = {"owner_id": owner["id"], "due_on": self.due_on.isoformat()}
        for point in dict.fromkeys(self.points):
            given = point_given(write, visit, point)
            if given is None:
                write.add(_point, visit_id=visit["id"], point=point, **values)
            else:
                write.change(_point, given, ready_at=None, **values)
        write.reason = f"{len(self.points)}:{self.owner_id}"
        return self.visit_id

    def _check(self, visit: RowValues, owner: RowValues) -> None:
        problems = []
        if not 0 < len(self.points) <= _MOST_POINTS:
            problems.append(Problem("points", "Choose at least one point."))
        if owner["ended_at"] is not None:
            problems.append(Problem("owner_id", "They do not work here any more."))
        if self.due_on.isoformat() > visit["visit_on"]:
            problems.append(Problem("due_on", "This is after the visit."))
        _refuse(problems)


def point_given(write: Write, visit: RowValues, point: str) -> RowValues | None:
    """Return the row of a point that was given to somebody, or None."""
    given = write.writer.row(_GIVEN, visit_id=visit["id"], point=point)
    return dict(zip(_point.c.keys(), given, strict=True)) if given else None


def planned_visit(write: Write, visit_id: str) -> RowValues:
    """Return the row of a visit that is not over.

    Raises:
        InvalidError: when it is.
    """
    row = find(write.writer, _visit, visit_id)
    if row["state"] != "planned":
        _refuse([Problem("visit_id", "This visit is over.")])
    return row


def _refuse(problems: list[Problem]) -> None:
    if problems:
        raise InvalidError(tuple(problems))
