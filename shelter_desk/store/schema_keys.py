"""The tables of keys, lent copies and links, as Python sees them; see `schema`."""

from __future__ import annotations

from sqlalchemy import Column, Integer, LargeBinary, Table, Text

from shelter_desk.store.schema_metadata import metadata, recorded

compartment_key = Table(
    "compartment_key",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("event_id", Integer),
    Column("compartment", Text),
    Column("generation", Integer),
    Column("public", LargeBinary),
    Column("former", LargeBinary),
)
compartment_seal = Table(
    "compartment_seal",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("event_id", Integer),
    Column("key_id", Integer),
    Column("compartment", Text),
    Column("generation", Integer),
    Column("kind", Text),
    Column("sealed", LargeBinary),
)
resident_key = Table(
    "resident_key",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("event_id", Integer),
    Column("resident_id", Integer),
    Column("compartment", Text),
    Column("generation", Integer),
    Column("public", LargeBinary),
    Column("sealed", LargeBinary),
)
fact_link = Table(
    "fact_link",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("event_id", Integer),
    Column("resident_id", Integer),
    Column("link", Text),
)
incident_key = Table(
    "incident_key",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("event_id", Integer),
    Column("incident_id", Integer),
    Column("compartment", Text),
    Column("generation", Integer),
    Column("public", LargeBinary),
    Column("sealed", LargeBinary),
)
house_day = recorded("house_day", texts="day")
house_day_key = Table(
    "house_day_key",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("event_id", Integer),
    Column("house_day_id", Integer),
    Column("compartment", Text),
    Column("generation", Integer),
    Column("public", LargeBinary),
    Column("sealed", LargeBinary),
)
lent_copy = Table(
    "lent_copy",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("resident_id", Integer),
    Column("staff_id", Integer),
    Column("place", Text),
    Column("matter", Text),
    Column("sealed", LargeBinary),
    Column("incident_id", Integer),
)
opening_key = Table(
    "opening_key",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("opening_id", Integer),
    Column("key_id", Integer),
    Column("generation", Integer),
    Column("sealed", LargeBinary),
)
unmarked = Table(
    "unmarked",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("compartment", Text),
    Column("resident_id", Integer),
    Column("note_id", Integer),
)
