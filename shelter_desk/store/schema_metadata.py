"""What the tables of all `schema` modules are registered in."""

from __future__ import annotations

from sqlalchemy import Column, Integer, LargeBinary, MetaData, Table, Text

metadata = MetaData()


def recorded(name: str, *, numbers: str = "", texts: str = "", sealed: str = "") -> Table:
    """Return a recorded table: key, public id, event, version, and the columns named.

    Each argument is names joined by spaces: whole numbers and instants, texts, and bytes.
    """
    kinds = ((numbers, Integer), (texts, Text), (sealed, LargeBinary))
    return Table(
        name,
        metadata,
        Column("id", Integer, primary_key=True),
        Column("public_id", Text),
        Column("event_id", Integer),
        Column("version", Integer),
        *(Column(column, kind) for names, kind in kinds for column in names.split()),
    )
