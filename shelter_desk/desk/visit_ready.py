"""Points of an audit visit that can only be explained: closed once their answer is ready."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from shelter_desk.desk.base import Area, Command, Write
from shelter_desk.desk.rows import RowValues
from shelter_desk.desk.visits import planned_visit, point_given
from shelter_desk.domain.errors import InvalidError, Problem
from shelter_desk.domain.staff import May
from shelter_desk.store.schema_visit import visit_point as _point

LEFT, LATE = "left:", "late:"
"""How points begin that can only be explained: somebody left, or it was written down late."""


@dataclass(frozen=True)
class NotReady(Command):
    """Take back that the answer to a point is ready: it waits again for whoever has it."""

    action: ClassVar[str] = "visit.not-ready"
    needs: ClassVar[May] = May.READ_RECORDS
    touches: ClassVar[Area] = Area.CUSTODY

    visit_id: str
    point: str

    def apply(self, write: Write) -> str:
        """Write down that it waits again."""
        write.change(_point, _mine(write, self.visit_id, self.point), ready_at=None)
        write.reason = self.point
        return self.visit_id


@dataclass(frozen=True)
class SayReady(Command):
    """The answer to a point is ready, though nothing can be done about the point itself any more.

    What was not done for somebody who left, or was written down late, stays as it is: an auditor
    is told why. Whoever has the point says so.
    """

    action: ClassVar[str] = "visit.ready"
    needs: ClassVar[May] = May.READ_RECORDS
    touches: ClassVar[Area] = Area.CUSTODY

    visit_id: str
    point: str

    def apply(self, write: Write) -> str:
        """Write down when."""
        if not is_to_explain(self.point):
            raise InvalidError((Problem("point", "This point closes when it is settled."),))
        write.change(_point, _mine(write, self.visit_id, self.point), ready_at=write.now_ms)
        write.reason = self.point
        write.undo = NotReady(self.visit_id, self.point)
        return self.visit_id


def is_to_explain(point: str) -> bool:
    """Say whether a point can only be explained: it tells of what nobody can do any more."""
    return point.startswith((LEFT, LATE))


def _mine(write: Write, visit_id: str, point: str) -> RowValues:
    visit = planned_visit(write, visit_id)
    row = point_given(write, visit, point)
    if row is None or row["owner_id"] != write.who.staff.id:
        raise InvalidError((Problem("point", "Somebody else answers this point."),))
    return row
