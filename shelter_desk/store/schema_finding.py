"""The tables that finding reads, as Python sees them; see `schema`. All of them are derived."""

from __future__ import annotations

from sqlalchemy import (
    Column,
    ColumnElement,
    Integer,
    LargeBinary,
    Table,
    Text,
    bindparam,
    column,
    literal_column,
    table,
)

from shelter_desk.store.schema_metadata import metadata

resident_word = Table(
    "resident_word",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("resident_id", Integer),
    Column("rest", Text),
    Column("sound", Text),
)
identity_mark = Table(
    "identity_mark",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("resident_id", Integer),
    Column("mark", LargeBinary),
)
note_place = Table(
    "note_place",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("resident_id", Integer),
    Column("stay_id", Integer),
    Column("staff_id", Integer),
    Column("kind", Text),
    Column("place", Text),
    Column("subject", Text),
    Column("written_at", Integer),
)
# Not in the metadata: a virtual table has other columns than it says.
note_words = table("note_words", column("rowid", Integer), column("words", Text))


def has_words(name: str) -> ColumnElement[bool]:
    """Return the condition that a note has the words of an FTS5 query given by name."""
    query = bindparam(name, type_=Text)
    asked: ColumnElement[bool] = literal_column("note_words").op("MATCH")(query)
    return asked


INDEXED_LETTERS = 6
"""The longest beginning of a word that the index knows; of longer ones it finds more notes."""


def words_query(words: tuple[str, ...]) -> str:
    """Return the FTS5 query for notes that have a word beginning with each of these.

    Words are letters and digits only: nothing in them can be read as a query. They are cut to
    `INDEXED_LETTERS`, so whoever asks looks at the rest of longer words.
    """
    return " ".join(f'"{word[:INDEXED_LETTERS]}" *' for word in words)
