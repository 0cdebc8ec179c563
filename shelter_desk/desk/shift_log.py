"""The shift log, as questions: its lines, for everybody or for one resident."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from operator import itemgetter

from sqlalchemy import bindparam, func, select

from shelter_desk.desk.base import Read, asks, milliseconds, moment
from shelter_desk.desk.house_words import LINE, opened_words
from shelter_desk.desk.merge_rules import known_as
from shelter_desk.desk.rows import find
from shelter_desk.desk.sealing import KeyNotHeldError
from shelter_desk.desk.shift_lines import CHIPS, text_place
from shelter_desk.domain.naming import told
from shelter_desk.domain.staff import May
from shelter_desk.store import schema
from shelter_desk.store.schema_shift import shift_line, shift_line_person
from shelter_desk.store.sql import Row, Statement, at_most

MOST = 200
_LATE_MS = 60 * 60 * 1000
_FORMER_MOST = 20
_stay, _resident, _index, _staff = (
    schema.stay,
    schema.resident,
    schema.resident_index,
    schema.staff,
)


@dataclass(frozen=True, slots=True)
class LinePerson:
    """A resident whom a line is about. Somebody erased is called by their case code."""

    stay_id: str
    called: str
    case_code: str


@dataclass(frozen=True, slots=True)
class ShiftLine:
    """One line. `marked` is its text with marks for names; `text` has the names in it.

    `former` are the lines it took the place of, newest first.
    """

    line_id: str
    happened_at: datetime
    entered_at: datetime
    who: str
    people: tuple[LinePerson, ...]
    chips: tuple[str, ...]
    text: str
    marked: str
    must_know: bool
    is_withdrawn: bool
    former: tuple[ShiftLine, ...] = ()

    @property
    def is_late_entry(self) -> bool:
        """Say whether it was written down over an hour after it happened."""
        return (self.entered_at - self.happened_at).total_seconds() * 1000 > _LATE_MS


@dataclass(frozen=True, slots=True)
class LinesWanted:
    """Which lines: that happened in a stretch of time, and of one stay only where one is given."""

    since: datetime
    until: datetime
    stay_id: str | None = None


_LINES = select(
    shift_line.c.id,
    shift_line.c.public_id,
    shift_line.c.happened_at,
    shift_line.c.entered_at,
    _staff.c.name,
    shift_line.c.chips,
    shift_line.c.house_text,
    shift_line.c.house_day_id,
    shift_line.c.words_sealed,
    shift_line.c.must_know,
    shift_line.c.withdrawn_at,
    shift_line.c.corrects_id,
).join(_staff, _staff.c.id == shift_line.c.staff_id)
_STANDING = _LINES.where(shift_line.c.replaced_at.is_(None))
_HAPPENED = _STANDING.where(
    shift_line.c.happened_at >= bindparam("since"), shift_line.c.happened_at < bindparam("until")
)
_NEWEST_FIRST = (shift_line.c.happened_at.desc(), shift_line.c.id.desc())
_ALL = Statement(_HAPPENED.order_by(*_NEWEST_FIRST).limit(at_most("most")))
_OF_STAY = Statement(
    _HAPPENED.join(shift_line_person, shift_line_person.c.line_id == shift_line.c.id)
    .join(_stay, _stay.c.id == shift_line_person.c.stay_id)
    .where(_stay.c.public_id == bindparam("stay_id"))
    .order_by((shift_line.c.happened_at + 0).desc(), (shift_line.c.id + 0).desc())
    .limit(at_most("most"))
)
_ENTERED = Statement(
    _STANDING.where(
        shift_line.c.entered_at > bindparam("since"), shift_line.c.entered_at <= bindparam("until")
    )
    .where(shift_line.c.withdrawn_at.is_(None))
    .order_by(shift_line.c.entered_at, shift_line.c.id)
)
_ONE = Statement(_LINES.where(shift_line.c.id == bindparam("id")))
_PEOPLE = (
    select(
        shift_line_person.c.line_id,
        shift_line_person.c.public_id,
        shift_line_person.c.text_sealed,
        _stay.c.public_id,
        _stay.c.resident_id,
        func.coalesce(_index.c.called, _resident.c.case_code),
        _resident.c.case_code,
    )
    .join(_stay, _stay.c.id == shift_line_person.c.stay_id)
    .join(_resident, _resident.c.id == _stay.c.resident_id)
    .join(_index, _index.c.resident_id == _resident.c.id, isouter=True)
    .order_by(shift_line_person.c.id)
)
_PEOPLE_OF = Statement(_PEOPLE.where(shift_line_person.c.line_id == bindparam("line_id")))
_PEOPLE_ENTERED = Statement(
    _PEOPLE.join(shift_line, shift_line.c.id == shift_line_person.c.line_id).where(
        shift_line.c.entered_at > bindparam("since"), shift_line.c.entered_at <= bindparam("until")
    )
)
_CALLED = Statement(
    select(func.coalesce(_index.c.called, _resident.c.case_code))
    .select_from(_stay)
    .join(_resident, _resident.c.id == _stay.c.resident_id)
    .join(_index, _index.c.resident_id == _resident.c.id, isouter=True)
    .where(_stay.c.public_id == bindparam("stay_id"))
)


@asks(May.READ_RECORDS)
def shift_lines(read: Read, *, wanted: LinesWanted, most: int = MOST) -> tuple[ShiftLine, ...]:
    """Return lines, the newest first; those that were taken back are among them.

    Of a stay that was written down twice, those about the other writing are among them.
    """
    values = {
        "since": milliseconds(wanted.since),
        "until": milliseconds(wanted.until),
        "most": most,
    }
    if wanted.stay_id is None:
        rows = read.reader.rows(_ALL, **values)
    else:
        found = {
            row[0]: row  # a line may be about both
            for name in known_as(read.reader, wanted.stay_id)
            for row in read.reader.rows(_OF_STAY, stay_id=name, **values)
        }
        rows = sorted(found.values(), key=itemgetter(2, 0), reverse=True)[:most]
    return tuple(_line(read, row) for row in rows)


@asks(May.READ_RECORDS)
def one_line(read: Read, *, line_id: str) -> ShiftLine:
    """Return one line by its public id, with those it took the place of.

    Raises:
        NotFoundError: when there is no such line.
    """
    key = find(read.reader, shift_line, line_id)["id"]
    return _line(read, read.reader.rows(_ONE, id=key)[0])


def lines_entered(read: Read, since_ms: int, until_ms: int) -> tuple[ShiftLine, ...]:
    """Return lines written down in a stretch of time, oldest first, as they stand now."""
    span = {"since": since_ms, "until": until_ms}
    people: dict[int, list[Row]] = {}
    for row in read.reader.rows(_PEOPLE_ENTERED, **span):
        people.setdefault(row[0], []).append(row)
    rows = read.reader.rows(_ENTERED, **span)
    return tuple(_with_people(read, row, people.get(row[0], ())) for row in rows)


def chip_groups(read: Read) -> Mapping[str, str]:
    """Return code of a chip -> its group."""
    return {value.code: str(value.extra["group"]) for value in read.care_model.values(CHIPS)}


def _line(read: Read, row: Row, *, with_former: bool = True) -> ShiftLine:
    line = _with_people(read, row, read.reader.rows(_PEOPLE_OF, line_id=row[0]))
    corrects = row[-1]
    if corrects is None or not with_former:
        return line
    return replace(line, former=_former(read, corrects))


def _with_people(read: Read, row: Row, rows: Sequence[Row]) -> ShiftLine:
    _, line_id, happened, entered, who, chips, typed, day, sealed, must_know, withdrawn, _ = row
    people = tuple(LinePerson(one[3], one[5], one[6]) for one in rows)
    if sealed is not None:
        kept = opened_words(read.sealer, read.reader, LINE.place(line_id), day, sealed)
    else:
        kept = typed or _first_copy(read, rows)
    names = {one.stay_id: one.called for one in people}
    return ShiftLine(
        line_id=line_id,
        happened_at=moment(happened),
        entered_at=moment(entered),
        who=who,
        people=people,
        chips=tuple(chips.split()),
        text=told(kept, lambda stay: names.get(stay) or called_in(read, stay)),
        marked=kept,
        must_know=bool(must_know),
        is_withdrawn=withdrawn is not None,
    )


def _former(read: Read, corrects: int | None) -> tuple[ShiftLine, ...]:
    found: list[ShiftLine] = []
    while corrects is not None and len(found) < _FORMER_MOST:
        row = read.reader.row(_ONE, id=corrects)
        if row is None:
            break
        found.append(_line(read, row, with_former=False))
        corrects = row[-1]
    return tuple(found)


def _first_copy(read: Read, rows: Iterable[Row]) -> str:
    # Each resident has a copy of their own: that of somebody erased does not open any more.
    for _, person_id, sealed, _, resident_id, *_ in rows:
        try:
            return read.sealer.open(read.reader, resident_id, text_place(person_id), sealed)
        except KeyNotHeldError:
            continue
    return ""


def called_in(read: Read, stay_id: str) -> str:
    """Return what somebody is called now whom a line names by the public id of their stay."""
    return str(read.reader.value(_CALLED, stay_id=stay_id) or "")
