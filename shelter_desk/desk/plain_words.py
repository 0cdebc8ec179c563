"""Words that people type and that stand under no key: what no destruction of a record takes back.

They are about the house, its visitors and whoever an export went to, so no resident's key seals
them. A name in one of them may be a colleague's, an agency's or a flower's: nobody can tell, and
what was signed or handed over must stay as it was. So they are told to the two people before a
record is destroyed (`named_alike`), and stay. A test plants a name in every column of the file and
holds that nothing but these, and the trail of them, keeps it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from sqlalchemy import Column, select

from shelter_desk.store import schema
from shelter_desk.store.database import Reader
from shelter_desk.store.sql import Statement

_SIGNED = "what left, and to whom, stays as it was handed over and signed"
STANDS: Mapping[str, str] = {
    "shelter.name": "the name of the house, which a director changes",
    "bed.name": "beds have names of flowers and places; a director renames one",
    "audience.name": "whom summaries are for",
    "audit_visit.agency": "who looks at the house",
    "audit_visit.authority": "on what ground they look",
    "seat.visitor": "who looked at records, and somebody may ask",
    "seat.authority": "on what ground they looked",
    "custody.recipient": _SIGNED,
    "custody.purpose": _SIGNED,
    "custody.authority": _SIGNED,
    "handover.taken_by": _SIGNED,
    "handover.device": _SIGNED,
    "information_release.recipient": _SIGNED,
    "information_release.agency": _SIGNED,
    "paper_disclosure.recipient": _SIGNED,
    "report_release.recipient": _SIGNED,
    "report_release.reason": _SIGNED,
    "summary_release.recipient": _SIGNED,
    "told_figure.told_to": _SIGNED,
    "model_edition.changes": "ticks point to the wording under which they were made",
    "model_edition.words": "ticks point to the wording under which they were made",
    "model_edition.reason": "why an edition was made stands beside it",
}
"""Table and column of words that stay -> why."""

_LONGEST_TOLD = 60  # characters: enough to find it again


def _column(name: str) -> Column[str]:
    table, _, column = name.partition(".")
    return schema.metadata.tables[table].c[column]


def _statement(name: str) -> Statement:
    column = _column(name)
    return Statement(select(column).where(column.is_not(None)).distinct())


_EVERY = {name: _statement(name) for name in STANDS}


def standing_words(reader: Reader) -> Iterator[str]:
    """Yield every stretch of words that stays, whole."""
    for statement in _EVERY.values():
        yield from (words for (words,) in reader.rows(statement))


def told_short(words: str) -> str:
    """Return words as long as a sentence has room for."""
    return words if len(words) <= _LONGEST_TOLD else f"{words[: _LONGEST_TOLD - 1]}…"
