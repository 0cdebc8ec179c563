"""Where each service stands for a stay."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from sqlalchemy import bindparam, select

from shelter_desk.desk.base import Area, Command, Write
from shelter_desk.desk.due_facts import UNASKED
from shelter_desk.desk.merge_rules import stay_that_goes_on
from shelter_desk.desk.upkeep import refresh_items
from shelter_desk.domain.errors import InvalidError, NotPermittedError, Problem
from shelter_desk.domain.staff import May
from shelter_desk.store import schema
from shelter_desk.store.sql import Statement

_need, _stay = schema.service_need, schema.stay

_NEED_OF = Statement(
    select(_need).where(
        _need.c.stay_id == bindparam("stay_id"), _need.c.service_id == bindparam("service_id")
    )
)


@dataclass(frozen=True)
class SetNeed(Command):
    """Say where a service stands for a stay: needed, in progress, met, declined, on hold ..."""

    action: ClassVar[str] = "service.need"
    needs: ClassVar[May] = May.WRITE_CARE
    touches: ClassVar[Area] = Area.CARE | Area.DUE

    stay_id: str
    service_id: str
    status: str
    reason: str = ""
    offer_again_on: date | None = None

    def apply(self, write: Write) -> str:
        """Insert or change the status, and bring what is due up to date."""
        stay = stay_that_goes_on(write, self.stay_id)
        write.about(stay["resident_id"])
        self._check(write)
        row = write.writer.row(_NEED_OF, stay_id=stay["id"], service_id=self.service_id)
        again = self.offer_again_on.isoformat() if self.offer_again_on else None
        values = {
            "status": self.status,
            "reason": self.reason.strip() or None,
            "since": write.now_ms,
            "offer_again_on": again,
        }
        if row is None:
            write.add(
                _need,
                stay_id=stay["id"],
                service_id=self.service_id,
                opened_at=write.now_ms,
                **values,
            )
        else:
            known = dict(zip(_need.c.keys(), row, strict=True))
            if known["status"] != UNASKED:
                write.undo = SetNeed(
                    self.stay_id, self.service_id, known["status"], known["reason"] or ""
                )
            write.change(_need, known, **values)
        items = write.care_model.services[self.service_id].items
        refresh_items(write, stay["id"], [item for item in items if not item.is_house])
        write.reason = f"{self.service_id}:{self.status}"
        return self.stay_id

    def _check(self, write: Write) -> None:
        problems = []
        if not write.access.may_set_service(self.service_id):
            raise NotPermittedError
        if self.service_id not in write.care_model.services:
            problems.append(Problem("service_id", "Choose a service of the care model."))
        needs = write.care_model.status_needs(self.status)
        if "reason" in needs and not self.reason.strip():
            problems.append(Problem("reason", "Say in a few words why it is on hold."))
        if problems:
            raise InvalidError(tuple(problems))
