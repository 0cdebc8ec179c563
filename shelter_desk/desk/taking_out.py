"""Taking the names of a resident whose record is destroyed out of all words about the house.

See `house_words` for what these words are and which keys seal them.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterable

from sqlalchemy import bindparam

from shelter_desk.desk.base import Write
from shelter_desk.desk.findable import ANSWER, HOUSE_LINE, NotePlace, index_note
from shelter_desk.desk.house_words import (
    LINE,
    NOTE,
    HouseWords,
    house_words,
    new_day,
    seal_typed,
)
from shelter_desk.desk.identifying import model_texts
from shelter_desk.desk.rows import RowValues, get
from shelter_desk.desk.sealing import GENERAL, OfHouseDay, Sealer, resident_place
from shelter_desk.domain.care_model import CareModel
from shelter_desk.domain.identifiers import words_of
from shelter_desk.domain.naming import Named, names_of, without
from shelter_desk.store import schema
from shelter_desk.store.database import Reader
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
    people = names_to_go(write.sealer, write.writer, write.care_model, resident_id)
    found = list(house_words(write.sealer, write.writer))
    hits = told_anew(write.sealer, write.writer, people)
    for day in sorted({one.day for one in hits if one.day is not None}):
        _seal_anew(write, day, [(o, hits.get(o, o.text)) for o in found if o.day == day])
    typed = {(one.kind.table, one.row_id) for one in hits if one.day is None}
    for one in found:
        if (one.kind.table, one.row_id) in typed:  # all words of a row stand under one day
            seal_typed(write, one, hits.get(one, one.text))
    for one, text in hits.items():
        if one.kind in (NOTE, LINE):
            _find_anew(write, one, text)
    return len(hits)


def told_anew(sealer: Sealer, reader: Reader, people: Collection[Named]) -> dict[HouseWords, str]:
    """Return the words about the house that hold one of these names -> the words without it."""
    found = ((one, taken_out(one.text, people)) for one in house_words(sealer, reader))
    return {one: text for one, text in found if text is not None}


def taken_out(text: str, people: Iterable[Named]) -> str | None:
    """Return a text without these names; None where it holds none of them."""
    told = without(text, people, NAME_GONE)
    return None if told == unicodedata.normalize("NFC", text) else told


def names_to_go(
    sealer: Sealer, reader: Reader, care_model: CareModel, resident_id: int
) -> tuple[Named, ...]:
    """Return every way they are named: whole or by a part, and by each other name.

    A word that every paper prints ("will", "may") counts only where it begins as a name begins.
    """
    row = get(reader, schema.resident, resident_id)

    def opened(field: str) -> str:
        place = resident_place(row["public_id"], field)
        return sealer.open(reader, resident_id, place, row[f"{field}_sealed"])

    common = {word for text in model_texts(care_model) for word in words_of(text)}
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


def _find_anew(write: Write, one: HouseWords, text: str) -> None:
    row = _row(write, one)
    kind, place, gone = (
        (ANSWER, row["item_id"], row["undone_at"])
        if one.kind is NOTE
        else (HOUSE_LINE, one.public_id, row["withdrawn_at"])
    )
    at = NotePlace(
        kind, place, one.public_id, staff_id=row["staff_id"], written_at=row["entered_at"]
    )
    index_note(write, at, text if gone is None else "")


def _row(write: Write, one: HouseWords) -> RowValues:
    return get(write.writer, one.kind.table, one.row_id)
