"""What a paper about an incident holds, whole or for one resident, and the record of it.

A copy for one resident leaves every other resident out: neither name, nor code, nor what was said
of them is in the answer, so no report can print it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import ClassVar

from sqlalchemy import bindparam, select

from shelter_desk.desk.base import Area, Command, Read, Write, asks
from shelter_desk.desk.incident_lines import Incident
from shelter_desk.desk.incident_record import whole_incident
from shelter_desk.desk.merge_rules import names_of_writings
from shelter_desk.desk.missing_rows import unknown
from shelter_desk.desk.rows import find
from shelter_desk.domain.errors import InvalidError, NotFoundError
from shelter_desk.domain.staff import May
from shelter_desk.store import schema
from shelter_desk.store.schema_missing import incident, incident_person, paper_disclosure
from shelter_desk.store.sql import Statement

PAPER = "incident-report"
_NAME = Statement(select(schema.shelter.c.name))
_STAYS = Statement(
    select(incident_person.c.stay_id, schema.stay.c.public_id)
    .join(schema.stay, schema.stay.c.id == incident_person.c.stay_id)
    .where(
        incident_person.c.incident_id == bindparam("incident_id"),
        incident_person.c.withdrawn_at.is_(None),
    )
    .distinct()
)


@dataclass(frozen=True, slots=True)
class IncidentPaper:
    """An incident as it may be printed. `left_out`: other residents had a part."""

    operation: str
    found: Incident
    left_out: bool


@asks(May.WRITE_CARE)
def incident_paper(read: Read, *, incident_id: str, for_stay: str | None = None) -> IncidentPaper:
    """Return what a paper holds: everybody, or of the residents only the one of a stay.

    Raises:
        NotPermittedError: when the incident is closed to the person asking.
        NotFoundError: when the resident had no part in it.
    """
    found = whole_incident.answer(read, incident_id=incident_id)
    operation = str(read.reader.value(_NAME))
    if for_stay is None:
        return IncidentPaper(operation, found, left_out=False)
    own = names_of_writings(read.reader, for_stay)
    kept = tuple(one for one in found.people if one.stay_id is None or one.stay_id in own)
    if not any(one.stay_id in own for one in kept):
        raise NotFoundError
    left_out = len(kept) < len(found.people)
    return IncidentPaper(operation, replace(found, people=kept), left_out=left_out)


@dataclass(frozen=True)
class DiscloseIncident(Command):
    """A report is about to be made as a paper: for whom, on what legal basis, about whom."""

    action: ClassVar[str] = "paper.disclose"
    needs: ClassVar[May] = May.WRITE_CARE
    touches: ClassVar[Area] = Area.INCIDENTS | Area.CUSTODY

    incident_id: str
    basis: str
    for_stay: str | None = None

    def apply(self, write: Write) -> str:
        """Write one disclosure down for every resident who is on the paper."""
        row = find(write.writer, incident, self.incident_id)
        problems = unknown(write, "incident-report-basis", "basis", (self.basis,))
        if problems:
            raise InvalidError(tuple(problems))
        own = names_of_writings(write.writer, self.for_stay) if self.for_stay else None
        for stay_id, public_id in write.writer.rows(_STAYS, incident_id=row["id"]):
            if own is None or public_id in own:
                write.add(
                    paper_disclosure,
                    stay_id=stay_id,
                    incident_id=row["id"],
                    paper=PAPER,
                    recipient=self.basis,
                    basis=self.basis,
                    parts="one-resident" if self.for_stay else "whole",
                    made_at=write.now_ms,
                    staff_id=write.who.staff.id,
                )
        write.reason = f"{PAPER}:{self.basis}"
        return self.incident_id
