"""Words about the house: about nobody as far as the desk knows, so under no resident's key.

A line of the shift log may still hold a name that nobody could link: of somebody who left long
ago, of a sibling who never came. These words are sealed for everybody under keys of the day they
are written on, and the trail holds them as sealed. When a record is destroyed, every one of them
is looked through for that resident's names (`taking_out`): where one stands, all words of that
day are sealed anew without it, and the day's former keys go. So no copy opens any more, neither in
the trail nor in a backup.

Words that an edition before these keys wrote stand as they were typed. Names are taken out of the
rows then; what the trail holds of such a line stays as it is.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import Table, bindparam, select

from shelter_desk.desk.base import Write
from shelter_desk.desk.rows import RowValues, get
from shelter_desk.desk.sealing import GENERAL, OfHouseDay, Sealer
from shelter_desk.store import schema
from shelter_desk.store.database import Reader
from shelter_desk.store.schema_keys import house_day
from shelter_desk.store.schema_shift import handoff, shift_line
from shelter_desk.store.schema_visit import visit_finding
from shelter_desk.store.sql import Statement

SEALED = "sealed"
"""What stands in a column that may not be empty where its words are sealed beside it."""

_answer = schema.item_answer
_TODAY = Statement(
    select(house_day.c.id)
    .where(house_day.c.day == bindparam("day"))
    .order_by(house_day.c.id.desc())
    .limit(1)
)
_DAY_OF_LINE = Statement(
    select(shift_line.c.house_day_id).where(shift_line.c.public_id == bindparam("line_id"))
)
_DAY_OF_ANSWER = Statement(
    select(_answer.c.house_day_id).where(_answer.c.public_id == bindparam("answer_id"))
)


@dataclass(frozen=True, slots=True)
class Kind:
    """A column of words about the house, and the column in which they stood before these keys.

    `cleared` is what stands in that column since. Kinds of one table share the day of a row: its
    words stand all under keys of that day, or all as they were typed.
    """

    table: Table
    field: str
    plain: str
    cleared: str | None

    def place(self, public_id: str) -> str:
        """Return the place that the words of a row are sealed for."""
        return f"{self.table.name}:{public_id}:{self.field}"

    @property
    def sealed(self) -> str:
        """Return the name of the column."""
        return f"{self.field}_sealed"


LINE = Kind(shift_line, "words", "house_text", None)
HANDOFF = Kind(handoff, "words", "why", SEALED)
NOTE = Kind(_answer, "note", "note_sealed", None)
FINDING = Kind(visit_finding, "words", "finding", SEALED)
CORRECTION = Kind(visit_finding, "correction", "evidence", SEALED)


def _every(kind: Kind) -> Statement:
    columns = kind.table.c
    plain, day = columns[kind.plain], columns.house_day_id
    if kind is NOTE:
        of_house = columns.stay_id.is_(None) & plain.is_not(None)
    else:
        of_house = columns[kind.sealed].is_not(None) | plain.is_not(None)
    found = select(columns.id, columns.public_id, day, plain, columns[kind.sealed])
    return Statement(found.where(of_house).order_by(columns.id))


_EVERY = {kind: _every(kind) for kind in (LINE, HANDOFF, NOTE, FINDING, CORRECTION)}


def seal_words(write: Write, place: str, text: str) -> tuple[int | None, bytes | None]:
    """Return the key of the day and the words sealed for one place; None twice for no words."""
    if not text:
        return None, None
    day = write.writer.value(_TODAY, day=write.today.isoformat())
    day = new_day(write, write.today.isoformat()) if day is None else int(day)
    return day, sealed_on(write, place, text, day)


def sealed_on(write: Write, place: str, text: str, house_day_id: int) -> bytes:
    """Return words sealed for one place under the keys of a day that the row already has."""
    return write.seal(place, text, GENERAL, OfHouseDay(house_day_id))


def opened_words(
    sealer: Sealer, reader: Reader, place: str, house_day_id: int, sealed: bytes | None
) -> str:
    """Return words about the house; empty where there are none, or no key opens them here."""
    if sealed is None:
        return ""
    return sealer.try_open(reader, OfHouseDay(house_day_id), place, sealed) or ""


def opened_house_note(sealer: Sealer, reader: Reader, answer_id: str, stored: bytes) -> str:
    """Return the note on an answer of the house."""
    day = reader.value(_DAY_OF_ANSWER, answer_id=answer_id)
    if day is None:
        return stored.decode()  # an edition before these keys wrote it
    return opened_words(sealer, reader, NOTE.place(answer_id), int(day), stored)


def opened_house_line(sealer: Sealer, reader: Reader, line_id: str, stored: bytes) -> str:
    """Return the words of a line of the shift log that is about nobody."""
    day = reader.value(_DAY_OF_LINE, line_id=line_id)
    return opened_words(sealer, reader, LINE.place(line_id), int(day), stored)


def new_day(write: Write, day: str) -> int:
    """Make new keys of a day ("YYYY-MM-DD"), which seal from now on; return the key of its row."""
    public_id = write.new_public_id()
    key = write.add(house_day, public_id=public_id, day=day)
    write.sealer.new_pairs(write.writer, OfHouseDay(key), public_id, write.keep_pair, (GENERAL,))
    return key


@dataclass(frozen=True, slots=True)
class HouseWords:
    """One stretch of words as it stands; `day` None where it stands as it was typed."""

    kind: Kind
    row_id: int
    public_id: str
    day: int | None
    text: str


def house_words(sealer: Sealer, reader: Reader) -> Iterator[HouseWords]:
    """Yield all words about the house, also what was taken back; "" where they are closed."""
    for kind, statement in _EVERY.items():
        for row_id, public_id, day, typed, sealed in reader.rows(statement):
            if day is not None:
                text = opened_words(sealer, reader, kind.place(public_id), day, sealed)
            else:
                text = typed.decode() if isinstance(typed, bytes) else typed
            yield HouseWords(kind, row_id, public_id, day, text)


def seal_typed_row(write: Write, kind: Kind, row: RowValues) -> RowValues:
    """Seal what stands as it was typed in one column of a row; return the row as it is then."""
    text = row[kind.plain]
    seal_typed(write, HouseWords(kind, row["id"], row["public_id"], None, text), text)
    return get(write.writer, kind.table, row["id"])


def seal_typed(write: Write, one: HouseWords, text: str) -> None:
    """Seal words that stood as they were typed. No detail holds what they were."""
    kind, table = one.kind, one.kind.table
    day, sealed = seal_words(write, kind.place(one.public_id), text)
    changed = {kind.plain: kind.cleared, "house_day_id": day, kind.sealed: sealed}
    changed["event_id"] = write.event_id
    write.writer.change(
        Statement(
            table.update()
            .where(table.c.id == bindparam("row_id"))
            .values(
                version=table.c.version + 1, **{name: bindparam(f"new_{name}") for name in changed}
            )
        ),
        row_id=one.row_id,
        **{f"new_{name}": value for name, value in changed.items()},
    )
