"""Open items given to a colleague, handed over, given back to the role; and who has which."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from sqlalchemy import and_, bindparam, exists, func, select

from shelter_desk.desk.base import Area, Command, Read, Write, asks
from shelter_desk.desk.house import House
from shelter_desk.desk.missing_rows import refuse
from shelter_desk.desk.rows import RowValues, find, get
from shelter_desk.domain.record_classes import View
from shelter_desk.domain.staff import May
from shelter_desk.store import schema
from shelter_desk.store.schema_shift import assignment
from shelter_desk.store.sql import Statement

_stay, _staff, _due = schema.stay, schema.staff, schema.due_item
_MOST_ENDED = 200

_IS_OPEN = and_(
    _due.c.stay_id.is_not_distinct_from(assignment.c.stay_id),
    _due.c.item_id == assignment.c.item_id,
    _due.c.occurrence == assignment.c.occurrence,
)
_STANDING = (
    select(
        _stay.c.public_id,
        assignment.c.item_id,
        assignment.c.occurrence,
        _staff.c.public_id,
        _staff.c.name,
        _staff.c.roles,
    )
    .select_from(assignment)
    .join(_staff, _staff.c.id == assignment.c.staff_id)
    .join(_stay, _stay.c.id == assignment.c.stay_id, isouter=True)
    .where(assignment.c.ended_at.is_(None), _staff.c.ended_at.is_(None), exists().where(_IS_OPEN))
)
_ALL = Statement(_STANDING)
_OF_PERSON = Statement(_STANDING.where(assignment.c.staff_id == bindparam("staff_id")))
_ENDED = Statement(
    select(assignment.c.id)
    .where(assignment.c.ended_at.is_(None), ~exists().where(_IS_OPEN))
    .limit(_MOST_ENDED)
)
_CURRENT = Statement(
    select(assignment.c.id).where(
        func.coalesce(assignment.c.stay_id, 0) == bindparam("stay"),
        assignment.c.item_id == bindparam("item_id"),
        assignment.c.occurrence == bindparam("occurrence"),
        assignment.c.ended_at.is_(None),
    )
)
_DUE = Statement(
    select(_due.c.id).where(
        _due.c.stay_id.is_not_distinct_from(bindparam("stay_id")),
        _due.c.item_id == bindparam("item_id"),
        _due.c.occurrence == bindparam("occurrence"),
    )
)


@dataclass(frozen=True, slots=True)
class OpenLine:
    """One open occurrence of an item. `stay_id` None is the house."""

    stay_id: str | None
    item_id: str
    occurrence: str


@dataclass(frozen=True, slots=True)
class Assigned:
    """Who has an open item."""

    line: OpenLine
    staff_id: str
    name: str


@asks(May.READ_RECORDS)
def assignments(read: Read) -> dict[OpenLine, Assigned]:
    """Return who has which open item, of those that the person asking may see.

    What was given to somebody who left, or whose roles may not answer it any more, is nobody's:
    whoever's role it is has it among their work again.
    """
    view_of, house, found = read.access.view, read.house, {}
    for stay_id, item_id, occurrence, staff_id, name, roles in read.reader.rows(_ALL):
        if view_of(item_id) is not View.HIDDEN and _may_answer(house, roles, item_id):
            line = OpenLine(stay_id, item_id, occurrence)
            found[line] = Assigned(line, staff_id, name)
    return found


@dataclass(frozen=True)
class AssignItems(Command):
    """Give open items to a colleague; `to` None gives them back to the role."""

    action: ClassVar[str] = "item.assign"
    needs: ClassVar[May] = May.WRITE_CARE
    touches: ClassVar[Area] = Area.DUE

    lines: tuple[OpenLine, ...]
    to: str | None

    def apply(self, write: Write) -> str:
        """End what stood before, and insert the assignments."""
        colleague = _colleague(write, self.to)
        former = {_assign(write, line, colleague) for line in self.lines}
        _end_answered(write)
        if len(former) == 1:
            write.undo = AssignItems(self.lines, former.pop())
        return self.to or ""


@dataclass(frozen=True)
class HandOverWork(Command):
    """Give everything that is mine to a colleague, or (None) back to the next shift's roles."""

    action: ClassVar[str] = "work.hand-over"
    needs: ClassVar[May] = May.WRITE_CARE
    touches: ClassVar[Area] = Area.DUE

    to: str | None

    def apply(self, write: Write) -> str:
        """Move every open assignment of the acting person."""
        me = write.who.staff
        rows = write.writer.rows(_OF_PERSON, staff_id=me.id)
        lines = tuple(OpenLine(stay_id, item, key) for stay_id, item, key, *_ in rows)
        if not lines:
            refuse("to", "Nothing is assigned to you.")
        colleague = _colleague(write, self.to)
        for line in lines:
            _assign(write, line, colleague)
        _end_answered(write)
        write.undo = AssignItems(lines, me.public_id)
        return self.to or ""


def _colleague(write: Write, staff_id: str | None) -> RowValues | None:
    if staff_id is None:
        return None
    row = find(write.writer, _staff, staff_id)
    if row["ended_at"] is not None:
        refuse("to", "They work here no longer. Choose somebody else.")
    return row


def _assign(write: Write, line: OpenLine, to: RowValues | None) -> str | None:
    """Assign one line, and return who had it before."""
    stay = None if line.stay_id is None else find(write.writer, _stay, line.stay_id)
    key = None if stay is None else stay["id"]
    values = {"item_id": line.item_id, "occurrence": line.occurrence}
    if write.writer.value(_DUE, stay_id=key, **values) is None:
        refuse("lines", "This is not open any more.")
    if write.access.view(line.item_id) is View.HIDDEN:
        refuse("lines", "This item is closed to you.")
    if to is not None and not _may_answer(write.house, to["roles"], line.item_id):
        refuse("to", f"This is closed to {to['name']}. Choose somebody else.")
    former = _end(write, write.writer.value(_CURRENT, stay=key or 0, **values))
    if to is not None:
        write.add(
            assignment,
            stay_id=key,
            staff_id=to["id"],
            given_by=write.who.staff.id,
            given_at=write.now_ms,
            **values,
        )
    return former


def _may_answer(house: House, roles: str, item_id: str) -> bool:
    return house.access(tuple(roles.split())).may_answer(item_id)


def _end(write: Write, row_id: int | None) -> str | None:
    if row_id is None:
        return None
    row = get(write.writer, assignment, row_id)
    write.change(assignment, row, ended_at=write.now_ms)
    return str(get(write.writer, _staff, row["staff_id"])["public_id"])


def _end_answered(write: Write) -> None:
    # What was answered meanwhile needs nobody any more: what stands stays a short list.
    for (row_id,) in write.writer.rows(_ENDED):
        _end(write, row_id)
