"""Taking the names of a resident whose record is destroyed out of all words about the house.

See `house_words` for what these words are and which keys seal them.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

from sqlalchemy import bindparam

from shelter_desk.desk.base import Write
from shelter_desk.desk.findable import ANSWER, NotePlace, index_note
from shelter_desk.desk.house_words import NOTE, HouseWords, house_words, new_day, seal_words
from shelter_desk.desk.identifying import model_texts
from shelter_desk.desk.rows import RowValues, get
from shelter_desk.desk.sealing import GENERAL, OfHouseDay, resident_place
from shelter_desk.domain.identifiers import words_of
from shelter_desk.domain.naming import Named, names_of, without
from shelter_desk.store import schema
from shelter_desk.store.schema_keys import house_day, house_day_key
from shelter_desk.store.sql import Statement

NAME_GONE = "[name removed]"
"""What stands where a name was."""

_DROP_KEYS = Statement(
    house_day_key.delete().where(house_day_key.c.house_day_id == bindparam("house_day_id"))
)


def take_names_out(write: Write, resident_id: int) -> int:
    """Take every name of a resident out of all words about the house; return from how many.

    Must come before the resident's own keys go: their names are read with them.

    Raises:
        KeyNotHeldError: when who they are is closed to the person signed in.
    """
    people = _names(write, resident_id)
    found = list(house_words(write.sealer, write.writer))
    told = {one: without(one.text, people, NAME_GONE) for one in found}
    hits = {
        one: text for one, text in told.items() if text != unicodedata.normalize("NFC", one.text)
    }
    for day in sorted({one.day for one in hits if one.day is not None}):
        _seal_anew(write, day, [(o, hits.get(o, o.text)) for o in found if o.day == day])
    for one, text in hits.items():
        if one.day is None:
            _seal_typed(write, one, text)
        if one.kind is NOTE:
            _find_anew(write, one, text)
    return len(hits)


def _names(write: Write, resident_id: int) -> tuple[Named, ...]:
    """Return every way they are named: whole or by a part, and by each other name.

    A word that every paper prints ("will", "may") counts only where it begins as a name begins.
    """
    row = get(write.writer, schema.resident, resident_id)

    def opened(field: str) -> str:
        place = resident_place(row["public_id"], field)
        return write.sealer.open(write.writer, resident_id, place, row[f"{field}_sealed"])

    common = {word for text in model_texts(write.care_model) for word in words_of(text)}
    also = re.split(r"[,;/\n]", opened("also_known"))
    whole = (opened("called"), opened("legal_name"), *also)
    names = dict.fromkeys(one.name for name in whole for one in names_of("", name.strip()))
    return tuple(
        Named("", name, as_written=is_common)
        for name in names
        if not ((is_common := set(words_of(name)) <= common) and name in name.lower().split())
    )


def _seal_anew(write: Write, day: int, words: Iterable[tuple[HouseWords, str]]) -> None:
    """Seal all words of a day under new keys, then drop the former."""
    new = new_day(write, str(get(write.writer, house_day, day)["day"]))
    for one, text in words:
        sealed = write.seal(one.kind.place(one.public_id), text, GENERAL, OfHouseDay(new))
        row = _row(write, one)
        write.change(one.kind.table, row, house_day_id=new, **{one.kind.sealed: sealed})
    write.writer.change(_DROP_KEYS, house_day_id=day)


def _seal_typed(write: Write, one: HouseWords, text: str) -> None:
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


def _find_anew(write: Write, one: HouseWords, text: str) -> None:
    row = _row(write, one)
    at = NotePlace(
        ANSWER,
        row["item_id"],
        one.public_id,
        staff_id=row["staff_id"],
        written_at=row["entered_at"],
    )
    index_note(write, at, text if row["undone_at"] is None else "")


def _row(write: Write, one: HouseWords) -> RowValues:
    return get(write.writer, one.kind.table, one.row_id)
