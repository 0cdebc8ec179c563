"""Where an appointment is, who goes along, and how; the place is sealed as a location."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from shelter_desk.desk.appointments import place_of
from shelter_desk.desk.base import Write
from shelter_desk.desk.lending import lend
from shelter_desk.desk.missing_rows import refuse, unknown
from shelter_desk.desk.rows import RowValues, get, key_of
from shelter_desk.desk.sealing import LOCATION
from shelter_desk.domain.errors import Problem
from shelter_desk.store import schema

LONGEST_PLACE = 80
_STAFF = "staff"
_staff = schema.staff


@dataclass(frozen=True, slots=True)
class Going:
    """Where to, who goes along, how. `escort_id` is the member of staff, for company "staff".

    `place` None leaves it as it is: whoever it is closed to settles the rest.
    """

    place: str | None = ""
    company: str = "open"
    escort_id: str | None = None
    transport: str = "open"

    def problems(self, write: Write) -> list[Problem]:
        """Return what is wrong, each beside its field."""
        found = unknown(write, "appointment-company", "company", (self.company,))
        found += unknown(write, "appointment-transport", "transport", (self.transport,))
        if len((self.place or "").strip()) > LONGEST_PLACE:
            found.append(Problem("place", f"Use at most {LONGEST_PLACE} characters."))
        if self.company == _STAFF and self.escort_id is None:
            found.append(Problem("escort_id", "Choose who goes along, or “Not settled yet”."))
        return found

    def values(self, write: Write, public_id: str, row: RowValues | None = None) -> dict[str, Any]:
        """Return the columns, the place sealed for who reads locations and for who goes along.

        `row` is the appointment as it stands. Whoever writes the place keeps a copy too, to give
        it to the next who goes along.
        """
        escort = None
        if self.company == _STAFF and self.escort_id is not None:
            escort = key_of(write.writer, _staff, self.escort_id)
        place = self.place
        if place is None and row is not None:
            place = _place_now(write, row)
        if place is None:  # closed to the person at the desk
            if row is not None and escort not in (None, row["escort_id"]):
                refuse("escort_id", "The place is closed to you. Ask somebody who reads places.")
            return self._others(escort)
        place, people = place.strip(), [write.who.staff.id, escort]
        lend(write, place_of(public_id), place, [one for one in people if one is not None])
        sealed = write.seal(place_of(public_id), place, LOCATION) if place else None
        return {"place_sealed": sealed, **self._others(escort)}

    def _others(self, escort: int | None) -> dict[str, Any]:
        return {
            "company": self.company,
            "escort_id": escort,
            "transport": self.transport,
        }


def going_of(write: Write, row: RowValues) -> Going:
    """Return where to, who goes along and how, as an appointment has it now."""
    place, escort = _place_now(write, row), row["escort_id"]
    escort_id = None if escort is None else str(get(write.writer, _staff, escort)["public_id"])
    return Going(place, row["company"], escort_id, row["transport"])


def _place_now(write: Write, row: RowValues) -> str | None:
    """Return the place, or None when it is closed to the person at the desk."""
    place, whose = place_of(row["public_id"]), write.resident_id or 0
    return write.sealer.try_open(write.writer, whose, place, row["place_sealed"])
