"""Who changed or opened what of a stay: the events about it and about everything of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from operator import attrgetter

from sqlalchemy import Column, ColumnElement, FromClause, bindparam, literal, select

from shelter_desk.desk.audit_log import SHOWN, AuditLine, audit_line
from shelter_desk.desk.audit_words import may_open_event
from shelter_desk.desk.base import Read, asks
from shelter_desk.desk.merge_rules import other_writings
from shelter_desk.desk.rows import key_of
from shelter_desk.domain.care_model import CareModel
from shelter_desk.domain.staff import May
from shelter_desk.store import schema
from shelter_desk.store.database import Reader
from shelter_desk.store.schema_days import appointment as _appointment
from shelter_desk.store.schema_merging import record_merge as _merge
from shelter_desk.store.schema_missing import incident as _incident
from shelter_desk.store.schema_missing import incident_person as _person
from shelter_desk.store.schema_missing import incident_step as _step
from shelter_desk.store.schema_missing import missing_episode as _episode
from shelter_desk.store.schema_missing import missing_line as _line
from shelter_desk.store.schema_missing import notice as _notice
from shelter_desk.store.schema_missing import paper_disclosure as _paper
from shelter_desk.store.schema_packs import information_release as _release
from shelter_desk.store.schema_shift import shift_line as _shift
from shelter_desk.store.schema_shift import shift_line_person as _of_shift
from shelter_desk.store.sql import Row, Statement, at_most

_event, _staff, _stay, _resident = (
    schema.audit_event,
    schema.staff,
    schema.stay,
    schema.resident,
)
_answer, _entry, _happened = schema.item_answer, schema.service_entry, schema.stay_event


@dataclass(frozen=True, slots=True)
class StayChange:
    """One event about a stay, for people.

    `about` is what it was about: an item's text, a service's name, what happened ..., or "".
    `became`: the outcome or status that was set, or "". `record` is the case code of the joined
    record that it was about, or "": it was about this one.
    """

    seq: int
    at: datetime
    who: str
    action: str
    words: str
    about: str
    became: str
    record: str = ""


def events_of(
    rows: FromClause,
    public_id: Column[str],
    named: ColumnElement[str],
    of: Column[int] = _stay.c.id,
) -> Statement:
    """Return the statement of the events about rows of one stay, newest first.

    `named` is what a row names; `of` is the column with the key of what the rows are of: a stay
    where nothing else is said. From there to the rows by index, and from each row's public id to
    its events by index: the "+ 0" keeps SQLite from reading backwards through the whole trail to
    have them in order.
    """
    events = rows.join(_event, _event.c.object == public_id)
    return Statement(
        select(*SHOWN, named)
        .select_from(events.join(_staff, _staff.c.public_id == _event.c.actor, isouter=True))
        .where(of == bindparam("of"))
        .order_by((_event.c.id + 0).desc())
        .limit(at_most("most"))
    )


def _of_episode(table: FromClause) -> FromClause:
    return table.join(_episode, table.c.episode_id == _episode.c.id)


def _of_incident(table: FromClause) -> FromClause:
    return table.join(_person, table.c.incident_id == _person.c.incident_id)


_ALL = 1 << 62
_NOTHING = literal("")
_EVENTS = (
    events_of(_stay, _stay.c.public_id, _NOTHING),
    events_of(
        _stay.join(_resident, _resident.c.id == _stay.c.resident_id),
        _resident.c.public_id,
        _NOTHING,
    ),
    events_of(_answer, _answer.c.public_id, _answer.c.item_id, _answer.c.stay_id),
    events_of(_entry, _entry.c.public_id, _entry.c.service_id, _entry.c.stay_id),
    events_of(_entry, _entry.c.group_key, _entry.c.service_id, _entry.c.stay_id),
    events_of(_happened, _happened.c.public_id, _happened.c.code, _happened.c.stay_id),
    events_of(_episode, _episode.c.public_id, _NOTHING, _episode.c.stay_id),
    events_of(_of_episode(_line), _line.c.public_id, _line.c.code, _episode.c.stay_id),
    events_of(_of_episode(_notice), _notice.c.public_id, _notice.c.recipient, _episode.c.stay_id),
    events_of(_of_incident(_notice), _notice.c.public_id, _notice.c.recipient, _person.c.stay_id),
    events_of(
        _incident.join(_person, _person.c.incident_id == _incident.c.id),
        _incident.c.public_id,
        _incident.c.types,
        _person.c.stay_id,
    ),
    events_of(_person, _person.c.public_id, _NOTHING, _person.c.stay_id),
    events_of(_of_incident(_step), _step.c.public_id, _NOTHING, _person.c.stay_id),
    events_of(_appointment, _appointment.c.public_id, _appointment.c.kind, _appointment.c.stay_id),
    events_of(
        _shift.join(_of_shift, _of_shift.c.line_id == _shift.c.id),
        _shift.c.public_id,
        _NOTHING,
        _of_shift.c.stay_id,
    ),
    events_of(_paper, _paper.c.public_id, _NOTHING, _paper.c.stay_id),
    *(
        events_of(_stay.join(_merge, record == _stay.c.resident_id), _merge.c.public_id, _NOTHING)
        for record in (_merge.c.resident_id, _merge.c.into_id)
    ),
    events_of(_release, _release.c.public_id, _NOTHING, _release.c.stay_id),
)


@asks(May.READ_AUDIT)
def stay_trail(read: Read, *, stay_id: str, limit: int = 200) -> tuple[StayChange, ...]:
    """Return the events about a stay and everything of it, newest first, at most `limit`.

    Everything: its answers with their signatures, entries, needs, phases, what happened, times
    missing from care, incidents and papers; and corrections of the resident. What an event was
    about stays empty where that is closed to the person asking. Of a stay that was written down
    twice, those of the other writing are among them.

    Raises:
        NotFoundError: when there is no such stay.
    """
    key = key_of(read.reader, _stay, stay_id)
    found: dict[int, StayChange] = {}
    for stay, record in {key: "", **other_writings(read.reader, key)}.items():
        for statement in _EVENTS:
            for row in read.reader.rows(statement, of=stay, most=limit):
                if row[0] not in found:
                    found[row[0]] = change_of(read, row, record)
    return tuple(sorted(found.values(), key=attrgetter("seq"), reverse=True)[:limit])


def lines_about(reader: Reader, stay_key: int) -> Iterator[AuditLine]:
    """Yield every event about a stay (its key) and everything of it; one may come twice."""
    for statement in _EVENTS:
        for row in reader.rows(statement, of=stay_key, most=_ALL):
            yield audit_line(row[:-1])


def change_of(read: Read, row: Row, record: str = "") -> StayChange:
    """Return a row of `events_of` for people; closed words stay empty."""
    line, named = audit_line(row[:-1]), row[-1]
    read_as = _WORDS_OF.get(line.action) or _WORDS_OF.get(line.action.partition(".")[0], _silent)
    about, became = read_as(read.care_model, named, line.reason)
    if not may_open_event(read, line.action, named, line.reason):
        about = became = ""
    return StayChange(line.seq, line.at, line.who, line.action, line.words, about, became, record)


# What an event was about and what it set, from the name its row has and the event's reason.
_About = tuple[str, str]


def _silent(_model: CareModel, _named: str, _reason: str) -> _About:
    return "", ""


def _item(model: CareModel, item_id: str, outcome: str) -> _About:
    item = model.items.get(item_id)
    became = model.label("item-outcomes", outcome) if outcome else ""
    return item.text if item else item_id, became


def _service(model: CareModel, service_id: str, _reason: str) -> _About:
    service = model.services.get(service_id)
    return service.name if service else service_id, ""


def _need(model: CareModel, _named: str, reason: str) -> _About:
    service_id, _, status = reason.partition(":")
    return _service(model, service_id, "")[0], model.label("service-status", status)


def _phase(model: CareModel, _named: str, phase_id: str) -> _About:
    phase = model.phases.get(phase_id)
    return phase.name if phase else phase_id, ""


def _what_happened(model: CareModel, named: str, reason: str) -> _About:
    trigger = model.triggers.get(named or reason)
    return trigger.label if trigger else named or reason, ""


def _tried(model: CareModel, code: str, _reason: str) -> _About:
    place = model.label("search-places", code)
    return model.label("missing-tries", code) if place == code else place, ""


def _told(model: CareModel, recipient: str, _reason: str) -> _About:
    return model.label("notice-recipients", recipient), ""


def _types(model: CareModel, types: str, _reason: str) -> _About:
    return ", ".join(model.label("incident-types", code) for code in types.split()), ""


def _appointment_of(model: CareModel, kind: str, _reason: str) -> _About:
    return model.label("appointment-kinds", kind), ""


def _rule(model: CareModel, _named: str, reason: str) -> _About:
    person, _, rule = reason.partition(":")
    return model.label("contact-people", person), model.label("contact-rules", rule)


def _resident_paper(_model: CareModel, _named: str, reason: str) -> _About:
    paper, _, language = reason.partition(":")
    return paper.replace("-", " "), language


_WORDS_OF: Mapping[str, Callable[[CareModel, str, str], _About]] = {
    "item": _item,
    "service": _service,
    "service.need": _need,
    "phase": _phase,
    "stay.event": _what_happened,
    "stay.event-withdrawn": _what_happened,
    "missing.line-withdrawn": _tried,
    "notice": _told,
    "incident": _types,
    "appointment": _appointment_of,
    "contact": _rule,
    "paper.resident": _resident_paper,
}
