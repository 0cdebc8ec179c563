"""Times missing from care, as questions: who is missing now, one whole episode, the history."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, bindparam, func, select

from shelter_desk.desk.base import Read, asks, milliseconds, moment, moment_or_none
from shelter_desk.desk.merge_rules import into_of
from shelter_desk.desk.missing_moot import moot_items
from shelter_desk.desk.notices import WITHDRAWN, OwedNotice, due_notices
from shelter_desk.desk.rows import RowValues, find, get
from shelter_desk.domain.missing import SERVICE, reckoned
from shelter_desk.domain.missing_cards import LastSeen, ReturnTalk, last_seen_from, talk_from
from shelter_desk.domain.record_classes import INVESTIGATION, LOCATION
from shelter_desk.domain.staff import May
from shelter_desk.store import schema
from shelter_desk.store.schema_merging import is_of_person
from shelter_desk.store.schema_missing import missing_episode, missing_line, notice
from shelter_desk.store.sql import Row, Statement

_NEWEST_EVENTS = 200
_stay, _resident, _index = schema.stay, schema.resident, schema.resident_index
_staff, _event = schema.staff, schema.audit_event

_LATEST = Statement(
    select(func.max(_event.c.at)).where(
        _event.c.id > select(func.max(_event.c.id)).scalar_subquery() - _NEWEST_EVENTS
    )
)


def _episodes(*conditions: ColumnElement[bool]) -> Select[Any]:
    return (
        select(
            missing_episode.c.public_id,
            _stay.c.public_id,
            _index.c.called,
            _resident.c.case_code,
            missing_episode.c.discovered_at,
            missing_episode.c.returned_at,
            missing_episode.c.return_way,
            missing_episode.c.closed_at,
            missing_episode.c.withdrawn_at,
            _staff.c.name,
            _stay.c.ended_at,
        )
        .join(_stay, _stay.c.id == missing_episode.c.stay_id)
        .join(_resident, _resident.c.id == _stay.c.resident_id)
        .join(_index, _index.c.resident_id == _resident.c.id, isouter=True)
        .join(_staff, _staff.c.id == missing_episode.c.staff_id)
        .where(*conditions)
        .order_by(missing_episode.c.discovered_at.desc(), missing_episode.c.id.desc())
    )


_UNCLOSED = Statement(
    _episodes(missing_episode.c.closed_at.is_(None), missing_episode.c.withdrawn_at.is_(None))
)
_ONE = Statement(_episodes(missing_episode.c.public_id == bindparam("episode_id")))
_OF_PERSON = Statement(_episodes(is_of_person(_resident.c.id, bindparam("person"))))
_BETWEEN = Statement(
    _episodes(
        missing_episode.c.discovered_at >= bindparam("since"),
        missing_episode.c.discovered_at < bindparam("until"),
        missing_episode.c.withdrawn_at.is_(None),
    )
)
_LINES = Statement(
    select(missing_line, _staff.c.name)
    .join(_staff, _staff.c.id == missing_line.c.staff_id)
    .where(missing_line.c.episode_id == bindparam("episode_id"))
    .where(missing_line.c.withdrawn_at.is_(None))
    .order_by(missing_line.c.done_at, missing_line.c.id)
)
_NOTICES_OF = Statement(
    select(notice, _staff.c.name)
    .join(_staff, _staff.c.id == notice.c.staff_id, isouter=True)
    .where(notice.c.episode_id == bindparam("episode_id"))
    .order_by(notice.c.id)
)


@dataclass(frozen=True, slots=True)
class EpisodeLine:
    """One time missing from care. `returned_at` None: still missing, or never known."""

    episode_id: str
    stay_id: str
    called: str
    case_code: str
    discovered_at: datetime
    returned_at: datetime | None
    return_way: str
    closed_at: datetime | None
    is_withdrawn: bool
    found_by: str
    stay_ended_at: datetime | None

    @property
    def is_missing(self) -> bool:
        """Tell whether they are missing now."""
        return not (self.returned_at or self.closed_at or self.is_withdrawn)


@dataclass(frozen=True, slots=True)
class MissingBoard:
    """What every page shows while a clock runs. `at` is the moment to reckon with."""

    at: datetime
    set_back: bool
    episodes: tuple[EpisodeLine, ...]
    owed: tuple[OwedNotice, ...]


@dataclass(frozen=True, slots=True)
class LookLine:
    """One place looked at, or one try (`kind` "search" or "try"); newest last."""

    line_id: str
    kind: str
    code: str
    result: str
    done_at: datetime
    who: str
    note: str


@dataclass(frozen=True, slots=True)
class NoticeLine:
    """One notice. `whom` and `reference` are None where they are closed to the person asking."""

    notice_id: str
    stage: str
    recipient: str
    due_at: datetime
    told_at: datetime | None
    reason: str
    whom: str | None
    reference: str | None
    who: str

    @property
    def is_answered(self) -> bool:
        """Tell whether somebody was told, or it was said why not."""
        return self.told_at is not None or bool(self.reason)


@dataclass(frozen=True, slots=True)
class Episode:
    """One whole episode. `card` and `talk` are None where they are closed to the person asking.

    `moot` is what the search asked for and a return made needless, in words: see `missing_moot`.
    """

    line: EpisodeLine
    card: LastSeen | None
    looks: tuple[LookLine, ...]
    notices: tuple[NoticeLine, ...]
    talk: ReturnTalk | None
    talk_at: datetime | None
    moot: tuple[str, ...] = ()


@asks(May.READ_RECORDS)
def missing_board(read: Read, *, now: datetime) -> MissingBoard:
    """Return who is missing, or back with something still open, and the notices that are owed."""
    newest = read.reader.value(_LATEST)
    clock = reckoned(now, newest=now if newest is None else moment(newest))
    episodes = tuple(_line(row) for row in read.reader.rows(_UNCLOSED))
    return MissingBoard(clock.at, clock.set_back, episodes, due_notices.answer(read))


@asks(May.READ_RECORDS)
def episode(read: Read, *, episode_id: str) -> Episode:
    """Return one episode with all that the person asking may open.

    Raises:
        NotFoundError: when there is no such episode.
    """
    row = find(read.reader, missing_episode, episode_id)
    line = _line(read.reader.rows(_ONE, episode_id=episode_id)[0])
    resident_id = int(get(read.reader, _stay, row["stay_id"])["resident_id"])
    is_open = line.closed_at is None
    opened = _Opened(read, resident_id, is_open=is_open)
    place = f"missing_episode:{episode_id}"
    card = opened.text(LOCATION, f"{place}:card", row["card_sealed"])
    talk = opened.text(INVESTIGATION, f"{place}:talk", row["talk_sealed"])
    return Episode(
        line=line,
        card=None if card is None else last_seen_from(card),
        looks=_looks(read, row, opened),
        notices=_notices(read, row, opened),
        talk=None if talk is None else talk_from(talk),
        talk_at=moment_or_none(row["talk_at"]),
        moot=tuple(
            read.care_model.items[one].text for one in moot_items(read.reader, read.access, row)
        ),
    )


@asks(May.READ_RECORDS)
def episodes_of(read: Read, *, stay_id: str) -> tuple[EpisodeLine, ...]:
    """Return every time the resident of a stay was missing, in all their stays, newest first.

    Those in a record that is joined with theirs are among them.
    """
    resident_id = find(read.reader, _stay, stay_id)["resident_id"]
    person = into_of(read.reader, resident_id) or resident_id
    return tuple(_line(row) for row in read.reader.rows(_OF_PERSON, person=person))


@asks(May.READ_RECORDS)
def absences(read: Read, *, year: int) -> tuple[Episode, ...]:
    """Return every episode discovered in a calendar year of the shelter, oldest first."""
    zone = read.house.zone
    rows = read.reader.rows(
        _BETWEEN,
        since=milliseconds(datetime(year, 1, 1, tzinfo=zone).astimezone(UTC)),
        until=milliseconds(datetime(year + 1, 1, 1, tzinfo=zone).astimezone(UTC)),
    )
    return tuple(episode.answer(read, episode_id=row[0]) for row in reversed(rows))


class _Opened:
    """Opens the parts of one episode that the person asking may see."""

    def __init__(self, read: Read, resident_id: int, *, is_open: bool) -> None:
        self._read, self._resident_id, self._is_open = read, resident_id, is_open

    def text(self, record_class: str, place: str, sealed: bytes | None) -> str | None:
        """Return the text, "" when none was written, None when it is closed to this person."""
        read = self._read
        if not read.access.may_open_case(record_class, SERVICE, is_open=self._is_open):
            return None
        return read.sealer.try_open(read.reader, self._resident_id, place, sealed)


def _line(row: Row) -> EpisodeLine:
    episode_id, stay_id, called, code, found_at, back_at, way, closed, withdrawn, by, ended = row
    return EpisodeLine(
        episode_id=episode_id,
        stay_id=stay_id,
        called=called or "",
        case_code=code,
        discovered_at=moment(found_at),
        returned_at=moment_or_none(back_at),
        return_way=way or "",
        closed_at=moment_or_none(closed),
        is_withdrawn=withdrawn is not None,
        found_by=by,
        stay_ended_at=moment_or_none(ended),
    )


def _named(columns: Iterable[str], row: Row) -> RowValues:
    return dict(zip((*columns, "who"), row, strict=True))


def _looks(read: Read, row: RowValues, opened: _Opened) -> tuple[LookLine, ...]:
    found = []
    for values in read.reader.rows(_LINES, episode_id=row["id"]):
        line = _named(missing_line.c.keys(), values)
        place = f"missing_line:{line['public_id']}:note"
        note = opened.text(LOCATION, place, line["note_sealed"])
        at = moment(line["done_at"])
        parts = (line["kind"], line["code"], line["result"], at, line["who"])
        found.append(LookLine(line["public_id"], *parts, note or ""))
    return tuple(found)


def _notices(read: Read, row: RowValues, opened: _Opened) -> tuple[NoticeLine, ...]:
    found = []
    for values in read.reader.rows(_NOTICES_OF, episode_id=row["id"]):
        line = _named(notice.c.keys(), values)
        if line["reason"] == WITHDRAWN:
            continue
        place = f"notice:{line['public_id']}"
        found.append(
            NoticeLine(
                notice_id=line["public_id"],
                stage=line["stage"],
                recipient=line["recipient"],
                due_at=moment(line["due_at"]),
                told_at=moment_or_none(line["told_at"]),
                reason=line["reason"] or "",
                whom=opened.text(INVESTIGATION, f"{place}:whom", line["whom_sealed"]),
                reference=opened.text(
                    INVESTIGATION, f"{place}:reference", line["reference_sealed"]
                ),
                who=line["who"] or "",
            )
        )
    return tuple(found)
