"""Who must still be told by when, and what the contact rules say. Telling them is in `telling`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from operator import attrgetter

from sqlalchemy import bindparam, select

from shelter_desk.desk.base import Read, asks, moment
from shelter_desk.desk.rows import key_of
from shelter_desk.domain.incidents import SERVICE
from shelter_desk.domain.record_classes import INVESTIGATION
from shelter_desk.domain.staff import May
from shelter_desk.store import schema
from shelter_desk.store.database import Reader
from shelter_desk.store.schema_merging import doubled_stay, record_merge
from shelter_desk.store.schema_missing import contact_rule, incident, missing_episode, notice
from shelter_desk.store.sql import Row, Statement

WITHDRAWN = "withdrawn"
"""The reason of a notice that is not owed because the episode itself was taken back."""
_stay, _due = schema.stay, schema.due_item

UNDECIDED = "not-decided"
_STRICTER = ("tell", "through-custodian", "do-not-tell")
_RULES = Statement(
    select(contact_rule.c.person, contact_rule.c.rule, contact_rule.c.event_id).where(
        contact_rule.c.stay_id == bindparam("stay_id")
    )
)
_JOINED_AT = Statement(
    select(doubled_stay.c.stay_id, doubled_stay.c.event_id)
    .join(record_merge, record_merge.c.id == doubled_stay.c.merge_id)
    .where(doubled_stay.c.of_stay_id == bindparam("stay_id"), record_merge.c.ended_at.is_(None))
)
_OWED = Statement(
    select(
        notice.c.public_id,
        notice.c.recipient,
        notice.c.stage,
        notice.c.due_at,
        notice.c.item_id,
        missing_episode.c.public_id,
        _stay.c.public_id,
        schema.resident_index.c.called,
        schema.resident.c.case_code,
    )
    .join(missing_episode, missing_episode.c.id == notice.c.episode_id)
    .join(_stay, _stay.c.id == missing_episode.c.stay_id)
    .join(schema.resident, schema.resident.c.id == _stay.c.resident_id)
    .join(
        schema.resident_index,
        schema.resident_index.c.resident_id == _stay.c.resident_id,
        isouter=True,  # whoever was erased has none
    )
    .where(notice.c.told_at.is_(None), notice.c.reason.is_(None))
    .order_by(notice.c.due_at, notice.c.id)
)


_OWED_OF_INCIDENTS = Statement(
    select(
        notice.c.public_id,
        notice.c.recipient,
        notice.c.stage,
        notice.c.due_at,
        notice.c.item_id,
        incident.c.public_id,
        incident.c.staff_id,
    )
    .join(incident, incident.c.id == notice.c.incident_id)
    .where(notice.c.told_at.is_(None), notice.c.reason.is_(None))
    .order_by(notice.c.due_at, notice.c.id)
)


@dataclass(frozen=True, slots=True)
class OwedNotice:
    """One notice that is still owed. `page` is where it is answered, `subject` what it is about.

    `item_id` is the checklist item that it answers; a list that shows both shows it once.
    """

    notice_id: str
    recipient: str
    recipient_name: str
    stage: str
    due_at: datetime
    item_id: str | None
    page: str
    subject: str
    stay_id: str | None
    called: str
    case_code: str


@asks(May.READ_RECORDS)
def due_notices(read: Read) -> tuple[OwedNotice, ...]:
    """Return every notice that is owed, the one due first at the top.

    Those of an incident only to whom the incident is open: whoever has a part in telling.
    """
    of_missing, of_incidents = read.reader.rows(_OWED), read.reader.rows(_OWED_OF_INCIDENTS)
    if not (of_missing or of_incidents):  # as on most days
        return ()
    rows = [(*row, "missing") for row in of_missing]
    if of_incidents:
        nobody, mine = (None, "", "", "incidents"), read.staff.id
        may_open = read.access.may_open_case(INVESTIGATION, SERVICE, is_open=True)
        rows += [
            (*row, *nobody) for *row, reporter in of_incidents if may_open or reporter == mine
        ]
    return tuple(sorted([_owed(read, row) for row in rows], key=attrgetter("due_at")))


def _owed(read: Read, row: Row) -> OwedNotice:
    notice_id, recipient, stage, due_at, item_id, subject, stay_id, called, code, page = row
    return OwedNotice(
        notice_id=notice_id,
        recipient=recipient,
        recipient_name=read.house.label("notice-recipients", recipient),
        stage=stage,
        due_at=moment(due_at),
        item_id=item_id,
        page=page,
        subject=subject,
        stay_id=stay_id,
        called=called or "",
        case_code=code,
    )


@asks(May.READ_RECORDS)
def contact_rules(read: Read, *, stay_id: str) -> dict[str, str]:
    """Return person -> rule, for the people about whom something was decided."""
    return rules_of(read.reader, key_of(read.reader, _stay, stay_id))


def rules_of(reader: Reader, stay_id: int) -> dict[str, str]:
    """Return person -> rule for the key of a stay.

    Of what was decided in two records before they were joined the stricter rule holds, so that
    nobody is told whom one of two workers knew to be a danger. What was decided in the one that
    goes on since then has the last word.
    """
    own = reader.rows(_RULES, stay_id=stay_id)
    rules = {str(person): str(rule) for person, rule, _ in own}
    decided = {person: event_id for person, rule, event_id in own if rule != UNDECIDED}
    for again, joined in reader.rows(_JOINED_AT, stay_id=stay_id):
        for person, rule, _ in reader.rows(_RULES, stay_id=again):
            if decided.get(person, 0) <= joined:
                rules[person] = max(rules.get(person, UNDECIDED), rule, key=_strictness)
    return rules


def _strictness(rule: str) -> int:
    if rule == UNDECIDED:
        return -1
    return _STRICTER.index(rule) if rule in _STRICTER else len(_STRICTER)
