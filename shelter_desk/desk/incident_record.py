"""Incidents, as questions: the list, one whole incident, and what a paper about it may hold."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import bindparam, select

from shelter_desk.desk.base import Read, asks, moment, moment_or_none
from shelter_desk.desk.incident_lines import Incident, IncidentLine, PersonLine, StepLine
from shelter_desk.desk.incident_report import report_of
from shelter_desk.desk.incident_words import note_place, opened_words, step_place
from shelter_desk.desk.missing_record import NoticeLine
from shelter_desk.desk.notices import WITHDRAWN
from shelter_desk.desk.rows import RowValues, find
from shelter_desk.domain.errors import NotPermittedError
from shelter_desk.domain.incidents import SERVICE, Parts, open_elements
from shelter_desk.domain.record_classes import INVESTIGATION
from shelter_desk.domain.staff import May
from shelter_desk.store import schema
from shelter_desk.store.schema_missing import (
    incident,
    incident_person,
    incident_step,
    missing_episode,
    notice,
)
from shelter_desk.store.sql import Statement

_stay, _resident = schema.stay, schema.resident
_index, _staff = schema.resident_index, schema.staff
_reporter = _staff.alias("reporter")
_COLUMNS = (
    select(
        incident.c.public_id,
        incident.c.types,
        incident.c.occurred_at,
        incident.c.found_at,
        incident.c.place,
        incident.c.filed_at,
        incident.c.closed_at,
        incident.c.withdrawn_at,
        _reporter.c.name,
        incident.c.staff_id,
    )
    .join(_reporter, _reporter.c.id == incident.c.staff_id)
    .order_by(incident.c.found_at.desc())
)
_is_open = incident.c.closed_at.is_(None) & incident.c.withdrawn_at.is_(None)
_OPEN_ONES = Statement(_COLUMNS.where(_is_open))
_NEWEST = Statement(_COLUMNS.limit(bindparam("most")))
_PEOPLE = Statement(
    select(
        incident_person,
        _stay.c.public_id,
        _stay.c.resident_id,
        _index.c.called,
        _resident.c.case_code,
        _staff.c.name,
    )
    .join(_stay, _stay.c.id == incident_person.c.stay_id, isouter=True)
    .join(_resident, _resident.c.id == _stay.c.resident_id, isouter=True)
    .join(_index, _index.c.resident_id == _resident.c.id, isouter=True)
    .join(_staff, _staff.c.id == incident_person.c.staff_id, isouter=True)
    .where(incident_person.c.incident_id == bindparam("incident_id"))
    .where(incident_person.c.withdrawn_at.is_(None))
    .order_by(incident_person.c.id)
)
_STEPS = Statement(
    select(incident_step, _staff.c.name)
    .join(_staff, _staff.c.id == incident_step.c.done_by, isouter=True)
    .where(incident_step.c.incident_id == bindparam("incident_id"))
    .order_by(incident_step.c.due_on, incident_step.c.id)
)
_NOTICES = Statement(
    select(notice, _staff.c.name)
    .join(_staff, _staff.c.id == notice.c.staff_id, isouter=True)
    .where(notice.c.incident_id == bindparam("incident_id"))
    .order_by(notice.c.due_at, notice.c.id)
)
_OF_EPISODE = Statement(
    select(incident.c.public_id)
    .join(missing_episode, missing_episode.c.id == incident.c.episode_id)
    .where(
        missing_episode.c.public_id == bindparam("episode_id"), incident.c.withdrawn_at.is_(None)
    )
)
_EPISODE = Statement(
    select(missing_episode.c.public_id).where(missing_episode.c.id == bindparam("id"))
)


@asks(May.WRITE_CARE)
def incidents(read: Read, *, most: int = 200) -> tuple[IncidentLine, ...]:
    """Return incidents that the person asking may open, open ones first, newest first.

    Readers of the class see all; others see what they reported themselves and what is open.
    """
    waiting = read.reader.rows(_OPEN_ONES)
    ended = [row for row in read.reader.rows(_NEWEST, most=most) if not _may_be_written(row)]
    return tuple(
        _line(row[:-1])
        for row in (*waiting, *ended)
        if _may_open(read, row[-1], is_open=_may_be_written(row))
    )


@asks(May.WRITE_CARE)
def whole_incident(read: Read, *, incident_id: str) -> Incident:
    """Return one incident.

    Raises:
        NotFoundError: when there is no such incident.
        NotPermittedError: when it is closed to the roles of the person asking.
    """
    row = find(read.reader, incident, incident_id)
    is_open = row["closed_at"] is None and row["withdrawn_at"] is None
    if not _may_open(read, row["staff_id"], is_open=is_open):
        raise NotPermittedError
    people, report = _people(read, row), report_of(row)
    parts = Parts(
        residents=sum(person.stay_id is not None for person in people),
        adults=sum(person.stay_id is None for person in people),
        witnesses=sum(person.part == "witness" for person in people),
    )
    types = tuple(row["types"].split())
    episode = read.reader.value(_EPISODE, id=row["episode_id"]) if row["episode_id"] else None
    reporter = read.reader.value(_NAME, id=row["staff_id"])
    return Incident(
        line=_line((*(row[name] for name in _LINE), reporter)),
        report=report,
        note=opened_words(read, row, note_place(row["public_id"]), row["note_sealed"]),
        people=people,
        notices=_notices(read, row),
        steps=_steps(read, row),
        still_open=open_elements(types, report, parts),
        episode_id=episode,
    )


@asks(May.WRITE_CARE)
def incident_of(read: Read, *, episode_id: str) -> str | None:
    """Return the incident that an absence is reported as, if one was begun."""
    found = read.reader.value(_OF_EPISODE, episode_id=episode_id)
    return None if found is None else str(found)


_LINE = (
    "public_id",
    "types",
    "occurred_at",
    "found_at",
    "place",
    "filed_at",
    "closed_at",
    "withdrawn_at",
)
_NAME = Statement(select(_staff.c.name).where(_staff.c.id == bindparam("id")))


def _may_be_written(row: tuple[object, ...]) -> bool:
    return row[6] is None and row[7] is None


def _may_open(read: Read, reporter: int, *, is_open: bool) -> bool:
    if reporter == read.staff.id:
        return True
    return read.access.may_open_case(INVESTIGATION, SERVICE, is_open=is_open)


def _line(row: tuple[object, ...]) -> IncidentLine:
    public_id, types, occurred, found, place, filed, closed, withdrawn, reporter = row
    return IncidentLine(
        incident_id=str(public_id),
        types=tuple(str(types).split()),
        occurred_at=moment(int(str(occurred))),
        found_at=moment(int(str(found))),
        place=str(place),
        filed_at=_maybe(filed),
        closed_at=_maybe(closed),
        is_withdrawn=withdrawn is not None,
        reported_by=str(reporter),
    )


def _maybe(stored: object) -> datetime | None:
    return None if stored is None else moment(int(str(stored)))


def _people(read: Read, row: RowValues) -> tuple[PersonLine, ...]:
    names = (*incident_person.c.keys(), "stay", "resident_id", "called", "case_code", "staff")
    found = []
    for values in read.reader.rows(_PEOPLE, incident_id=row["id"]):
        one = dict(zip(names, values, strict=True))
        note = ""
        if one["note_sealed"] is not None:
            place = f"incident_person:{one['public_id']}:note"
            sealed = one["note_sealed"]
            note = read.sealer.try_open(read.reader, one["resident_id"], place, sealed) or ""
        found.append(
            PersonLine(
                person_id=one["public_id"],
                part=one["part"],
                stay_id=one["stay"],
                called=one["called"] or "",
                case_code=one["case_code"] or "",
                staff_name=one["staff"] or "",
                role=one["role"] or "",
                note=note,
            )
        )
    return tuple(found)


def _steps(read: Read, row: RowValues) -> tuple[StepLine, ...]:
    names = (*incident_step.c.keys(), "who")
    rows = [
        dict(zip(names, values, strict=True))
        for values in read.reader.rows(_STEPS, incident_id=row["id"])
    ]
    return tuple(
        StepLine(
            one["public_id"],
            opened_words(read, row, step_place(one["public_id"]), one["text_sealed"]),
            date.fromisoformat(one["due_on"]),
            moment_or_none(one["done_at"]),
            one["who"] or "",
        )
        for one in rows
    )


def _notices(read: Read, row: RowValues) -> tuple[NoticeLine, ...]:
    names = (*notice.c.keys(), "who")
    found = []
    for values in read.reader.rows(_NOTICES, incident_id=row["id"]):
        one = dict(zip(names, values, strict=True))
        if one["reason"] == WITHDRAWN:
            continue
        place = f"notice:{one['public_id']}"
        found.append(
            NoticeLine(
                notice_id=one["public_id"],
                stage=one["stage"],
                recipient=one["recipient"],
                due_at=moment(one["due_at"]),
                told_at=moment_or_none(one["told_at"]),
                reason=one["reason"] or "",
                whom=opened_words(read, row, f"{place}:whom", one["whom_sealed"]),
                reference=opened_words(read, row, f"{place}:reference", one["reference_sealed"]),
                who=one["who"] or "",
            )
        )
    return tuple(found)
