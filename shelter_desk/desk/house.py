"""What holds for the whole shelter, as stored: its zone and its jurisdiction profile."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from sqlalchemy import select

from shelter_desk.desk.base import House
from shelter_desk.domain.care_model import CareModel
from shelter_desk.store import schema
from shelter_desk.store.database import Reader
from shelter_desk.store.sql import Statement

_HOUSE = Statement(select(schema.shelter.c.zone, schema.shelter.c.profile))


def house_of(reader: Reader, care_model: CareModel) -> House:
    """Return the house with the care model under the shelter's own profile."""
    zone, profile = reader.row(_HOUSE) or ("UTC", "default")
    if care_model.profile_id != profile:
        care_model = care_model.under(profile)
    return House(zone=ZoneInfo(zone), care_model=care_model)
