"""What holds for the whole shelter, as stored: its zone and its jurisdiction profile."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from sqlalchemy import select

from shelter_desk.desk.base import USUAL_SHIFTS, House
from shelter_desk.domain.care_model import CareModel
from shelter_desk.store import schema
from shelter_desk.store.database import Reader
from shelter_desk.store.sql import Statement

_shelter = schema.shelter
_HOUSE = Statement(select(_shelter.c.zone, _shelter.c.profile, _shelter.c.shift_starts))


def house_of(reader: Reader, care_model: CareModel) -> House:
    """Return the house with the care model under the shelter's own profile."""
    zone, profile, shift_starts = reader.row(_HOUSE) or ("UTC", "default", USUAL_SHIFTS)
    if care_model.profile_id != profile:
        care_model = care_model.under(profile)
    return House(ZoneInfo(zone), care_model, shift_starts)
