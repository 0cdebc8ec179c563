"""The report of an incident: its answers, when it is whole, and the close by the director."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from sqlalchemy import bindparam, func, select

from shelter_desk.desk.base import Area, Command, Write
from shelter_desk.desk.care import AnswerItem, item_of
from shelter_desk.desk.findable import INCIDENT, NotePlace, index_note
from shelter_desk.desk.incident_words import matter_of, note_place, sealed_words
from shelter_desk.desk.lending import end_lending
from shelter_desk.desk.missing_rows import refuse, unknown
from shelter_desk.desk.rows import RowValues, find, get
from shelter_desk.desk.sealing import INVESTIGATION, OfIncident
from shelter_desk.domain.errors import InvalidError, Problem
from shelter_desk.domain.incidents import (
    MAY_BE_NOBODY,
    WRITE_UP,
    WRITE_UP_ITEM,
    Parts,
    Report,
    open_elements,
)
from shelter_desk.domain.staff import May
from shelter_desk.store import schema
from shelter_desk.store.schema_missing import incident, incident_person, incident_step, notice
from shelter_desk.store.sql import Statement

REPORT_LISTS = {
    "circumstances": "incident-circumstances",
    "interventions": "incident-steps",
    "treated": "incident-treatment",
    "resolution": "incident-resolutions",
    "return_update": "incident-returns",
}
"""Field of the report -> the list its codes are of."""
_stay, _due = schema.stay, schema.due_item
_WRITE_UP = Statement(
    select(notice.c.id).where(
        notice.c.incident_id == bindparam("incident_id"), notice.c.recipient == WRITE_UP
    )
)
_OPEN_NOTICES = Statement(
    select(func.count()).where(
        notice.c.incident_id == bindparam("incident_id"),
        notice.c.told_at.is_(None),
        notice.c.reason.is_(None),
    )
)
_OPEN_STEPS = Statement(
    select(func.count()).where(
        incident_step.c.incident_id == bindparam("incident_id"),
        incident_step.c.done_at.is_(None),
    )
)
_PARTS = Statement(
    select(
        func.count(incident_person.c.stay_id),
        func.count() - func.count(incident_person.c.stay_id),
        func.sum(incident_person.c.part == "witness"),
    ).where(
        incident_person.c.incident_id == bindparam("incident_id"),
        incident_person.c.withdrawn_at.is_(None),
    )
)
_ITEM_DUE = Statement(
    select(_due.c.stay_id).where(
        _due.c.item_id == bindparam("item_id"), _due.c.occurrence == bindparam("occurrence")
    )
)


@dataclass(frozen=True)
class WriteReport(Command):
    """Answer the report. When every element has an answer it is filed, and its clock stops."""

    action: ClassVar[str] = "incident.report"
    needs: ClassVar[May] = May.WRITE_CARE
    touches: ClassVar[Area] = Area.INCIDENTS | Area.CARE | Area.DUE

    incident_id: str
    report: Report
    note: str = ""

    def apply(self, write: Write) -> str:
        """Keep the answers; file the report when it is whole."""
        row = open_incident(write, self.incident_id)
        self._check(write)
        report = self.report
        write.change(
            incident,
            row,
            circumstances=" ".join(report.circumstances),
            interventions=" ".join(report.interventions),
            treated=report.treated,
            resolution=report.resolution,
            return_update=report.return_update,
            nobody=",".join(report.nobody),
        )
        self._keep_note(write, row)
        file_if_whole(write, row)
        return self.incident_id

    def _keep_note(self, write: Write, row: RowValues) -> None:
        # Whoever cannot open what stands there writes it anew: sealed twice, nothing is the same.
        place, note = note_place(self.incident_id), self.note.strip()
        former = row["note_sealed"]
        owner = OfIncident(row["id"])
        if write.sealer.try_open(write.writer, owner, place, former) == note:
            return
        write.change(incident, row, note_sealed=sealed_words(write, row, place, note))
        at = NotePlace(INCIDENT, self.incident_id, self.incident_id)
        index_note(write, at, note, INVESTIGATION)

    def _check(self, write: Write) -> None:
        problems = []
        for field, list_id in REPORT_LISTS.items():
            value = getattr(self.report, field)
            codes = value if isinstance(value, tuple) else (value,) if value else ()
            problems += unknown(write, list_id, field, codes)
        if set(self.report.nobody) - set(MAY_BE_NOBODY):
            problems.append(Problem("nobody", "Choose from the list."))
        limit = write.care_model.short_note_limit
        if len(self.note.strip()) > limit:
            problems.append(Problem("note", f"Use at most {limit} characters."))
        if problems:
            raise InvalidError(tuple(problems))


@dataclass(frozen=True)
class CloseIncident(Command):
    """The director has looked at it: the report is whole, everybody was told, all steps done."""

    action: ClassVar[str] = "incident.close"
    needs: ClassVar[May] = May.WRITE_CARE
    touches: ClassVar[Area] = Area.INCIDENTS

    incident_id: str

    def apply(self, write: Write) -> str:
        """Close it."""
        write.staff_may_open("investigation")
        row = open_incident(write, self.incident_id)
        if row["filed_at"] is None:
            refuse("incident_id", "The report is not whole yet.")
        if write.writer.value(_OPEN_NOTICES, incident_id=row["id"]):
            refuse("incident_id", "Some notices have no answer yet: who was told, or why not.")
        if write.writer.value(_OPEN_STEPS, incident_id=row["id"]):
            refuse("incident_id", "Some steps that should follow are not done yet.")
        end_lending(write, matter_of(self.incident_id))
        write.change(incident, row, closed_at=write.now_ms, closed_by=write.who.staff.id)
        return self.incident_id


# Shared by commands


def open_incident(write: Write, incident_id: str) -> RowValues:
    """Return an incident that may still be written in.

    Raises:
        InvalidError: when it is closed or was taken back.
    """
    return _still_open(find(write.writer, incident, incident_id))


def refuse_closed(write: Write, incident_key: int) -> None:
    """Pass when what belongs to this incident (its key) may still change.

    Raises:
        InvalidError: when the incident is closed or was taken back.
    """
    _still_open(get(write.writer, incident, incident_key))


def _still_open(row: RowValues) -> RowValues:
    if row["closed_at"] is not None or row["withdrawn_at"] is not None:
        refuse("incident_id", "This is closed. Nothing can be added to it.")
    return row


def file_if_whole(write: Write, row: RowValues) -> None:
    """File the report once every element is answered: its notice and its item are done."""
    found = write.writer.row(_PARTS, incident_id=row["id"]) or (0, 0, 0)
    parts = Parts(*(int(count or 0) for count in found))
    still_open = open_elements(row["types"].split(), report_of(row), parts)
    if still_open or row["filed_at"] is not None:
        return
    write.change(incident, row, filed_at=write.now_ms)
    notice_id = write.writer.value(_WRITE_UP, incident_id=row["id"])
    if notice_id is not None:
        owed = get(write.writer, notice, notice_id)
        write.change(
            notice,
            owed,
            told_at=write.now_ms,
            reason=None,  # why it was not told before is over, and stays in the history
            staff_id=write.who.staff.id,
            entered_at=write.now_ms,
        )
    _tick_write_up(write, row)


def report_of(row: RowValues) -> Report:
    """Return the answers of an incident's row."""
    return Report(
        circumstances=tuple(row["circumstances"].split()),
        interventions=tuple(row["interventions"].split()),
        treated=row["treated"],
        resolution=row["resolution"],
        return_update=row["return_update"],
        nobody=tuple(part for part in row["nobody"].split(",") if part),
    )


def _tick_write_up(write: Write, row: RowValues) -> None:
    for key in row["start_keys"].split():
        occurrence = f"event:{key}"
        stay_id = write.writer.value(_ITEM_DUE, item_id=WRITE_UP_ITEM, occurrence=occurrence)
        if stay_id is not None:
            stay = get(write.writer, _stay, stay_id)
            answer = AnswerItem(stay["public_id"], WRITE_UP_ITEM, occurrence)
            answer.record(write, item_of(write, WRITE_UP_ITEM))
