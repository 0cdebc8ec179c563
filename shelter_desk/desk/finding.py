"""Finding people while somebody types. What was typed is never kept.

They are found by any word of the name they like to be called, by how it sounds, by case code, and,
for those who may open identities, by legal and other names.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from sqlalchemy import ColumnElement, Text, bindparam, func, select

from shelter_desk.desk.base import Read, asks
from shelter_desk.desk.findable import (
    LONGEST_MARK,
    SHORTEST_MARK,
)
from shelter_desk.desk.sealing import IDENTITY
from shelter_desk.domain.record_classes import IDENTITY as IDENTITY_CLASS
from shelter_desk.domain.sounds import sounds, words_of
from shelter_desk.domain.staff import May
from shelter_desk.store import schema
from shelter_desk.store.schema_finding import (
    identity_mark,
    resident_word,
)
from shelter_desk.store.schema_merging import record_merge
from shelter_desk.store.sql import Row, Statement

MOST = 20
_WAYS = ("code", "name", "sound", "identity")
_TOP = "\U0010ffff"
_Found = dict[int, tuple[Row, str]]  # by key: the row, and how it was found
_resident, _stay, _index = schema.resident, schema.stay, schema.resident_index


class FoundPerson(NamedTuple):
    """Somebody found. `how` is "code", "name", "sound" or "identity"; the stay is the newest.

    `also`: they were found by a joined record, under this name.
    """

    resident_id: str
    stay_id: str
    called: str
    case_code: str
    is_here: bool
    how: str
    also: str = ""


_any_stay = _stay.alias("any_stay")
_NEWEST_STAY = (
    select(func.max(_any_stay.c.id))
    .where(_any_stay.c.resident_id == _index.c.resident_id)
    .correlate(_index)
    .scalar_subquery()
)
_PERSON = (
    select(
        _resident.c.id,
        _resident.c.public_id,
        _stay.c.public_id,
        _index.c.called,
        _resident.c.case_code,
        _stay.c.ended_at,
        select(record_merge.c.into_id)
        .where(record_merge.c.resident_id == _resident.c.id, record_merge.c.ended_at.is_(None))
        .scalar_subquery(),
    )
    .select_from(_index)
    .join(_resident, _resident.c.id == _index.c.resident_id)
    .join(_stay, _stay.c.id == _NEWEST_STAY)
)
_low: ColumnElement[str] = bindparam("low", type_=Text)
_high: ColumnElement[str] = bindparam("high", type_=Text)
_BY_CODE = Statement(
    _PERSON.where(_resident.c.case_code >= _low, _resident.c.case_code < _high)
    .order_by(_resident.c.case_code)
    .limit(MOST)
)
_BY_NAME = Statement(
    _PERSON.join(resident_word, resident_word.c.resident_id == _index.c.resident_id)
    .where(resident_word.c.rest >= _low, resident_word.c.rest < _high)
    .order_by(resident_word.c.rest)
    .limit(4 * MOST)  # a word stands here once for each way it sounds
)
_IDS_BY_SOUND = Statement(
    select(resident_word.c.resident_id)
    .where(resident_word.c.sound >= _low, resident_word.c.sound < _high)
    .order_by(resident_word.c.sound)
    .limit(500)
)
_IDS_BY_MARK = Statement(
    select(identity_mark.c.resident_id)
    .where(identity_mark.c.mark == bindparam("mark"))
    .order_by(identity_mark.c.resident_id)
)
_BY_ID = Statement(_PERSON.where(_index.c.resident_id == bindparam("resident_id")))


@asks(May.READ_RECORDS)
def people(read: Read, *, text: str) -> tuple[FoundPerson, ...]:
    """Return residents that fit what is typed, at most 20: the surest first."""
    words = words_of(text)
    if not words:
        return ()
    found: _Found = {}
    low = " ".join(words)
    by_code, by_name = _by_code(read, text), read.reader.rows(_BY_NAME, low=low, high=low + _TOP)
    for how, rows in (("code", by_code), ("name", by_name)):
        for row in rows:
            if row[0] not in found and len(found) < MOST:
                found[row[0]] = (row, how)
    for how, find in (("sound", _by_sound), ("identity", _by_identity)):
        if len(found) < MOST:
            _add(read, found, how, find(read, words))
    return _surest_first(_as_persons(read, found))


def _as_persons(read: Read, found: _Found) -> dict[int, FoundPerson]:
    """Put the record that stands for both in the place of one that is joined into it.

    One that is off the lists is not found by its other name either.
    """
    persons: dict[int, FoundPerson] = {}
    for resident_id, (row, how) in found.items():
        into = row[-1]
        if into is None:
            persons[resident_id] = _person(row, how)
        elif into not in found:
            for kept in read.reader.rows(_BY_ID, resident_id=into):
                persons.setdefault(into, _person(kept, how, also=row[3]))
    return persons


def _add(read: Read, found: _Found, how: str, ids: Iterable[int]) -> None:
    for resident_id in ids:
        if resident_id not in found and len(found) < MOST:
            for row in read.reader.rows(_BY_ID, resident_id=resident_id):
                found[resident_id] = (row, how)


def _surest_first(found: dict[int, FoundPerson]) -> tuple[FoundPerson, ...]:
    """Return who was found: first by how, and whoever is here before those who have left."""
    return tuple(sorted(found.values(), key=lambda one: (_WAYS.index(one.how), not one.is_here)))


def _by_code(read: Read, text: str) -> list[Row]:
    code = text.strip().upper().replace(" ", "").replace("-", "")
    letter, digits = code[:1], code[1:]
    if not ("A" <= letter <= "Z" and digits.isdecimal() and len(digits) <= 3):
        return []
    low = f"{letter}-{digits}"
    return read.reader.rows(_BY_CODE, low=low, high=low + _TOP)


def _by_sound(read: Read, words: tuple[str, ...]) -> list[int]:
    """Return who sounds like all the words typed; the last word may still be on its way."""
    if len(words[-1]) < SHORTEST_MARK:
        return []
    return _in_all([_sounding(read, word) for word in words])


def _sounding(read: Read, word: str) -> list[int]:
    ids: list[int] = []
    for key in sorted(sounds(word)):
        # A short key is the beginning of too many names.
        high = key + _TOP if len(key) >= SHORTEST_MARK else key + "\0"
        ids += [row[0] for row in read.reader.rows(_IDS_BY_SOUND, low=key, high=high)]
    return ids


def _by_identity(read: Read, words: tuple[str, ...]) -> list[int]:
    if not (read.access.may_open(IDENTITY_CLASS) and read.sealer.may_open(IDENTITY)):
        return []
    if min(map(len, words)) < SHORTEST_MARK:
        return []
    return _in_all([_marked(read, word) for word in words])


def _marked(read: Read, word: str) -> list[int]:
    wanted = [f"begins:{word[:LONGEST_MARK]}", *(f"sounds:{key}" for key in sorted(sounds(word)))]
    marks = [mark for text in wanted for mark in read.sealer.marks(read.reader, IDENTITY, text)]
    return [row[0] for mark in marks for row in read.reader.rows(_IDS_BY_MARK, mark=mark)]


def _in_all(lists: list[list[int]]) -> list[int]:
    first, *others = lists
    return [one for one in dict.fromkeys(first) if all(one in other for other in others)]


def _person(row: Row, how: str, *, also: str = "") -> FoundPerson:
    _, resident_id, stay_id, called, code, ended, _ = row
    return FoundPerson(resident_id, stay_id, called, code, ended is None, how, also)
