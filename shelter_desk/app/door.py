"""The real door: the way in to the records in one folder.

The window of the way in shows before the database, the rules of care and the pages are loaded:
they are `behind`, and are loaded while somebody types.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from shelter_desk.app.clock import now, today
from shelter_desk.domain.errors import DeskError
from shelter_desk.store.keys import kit as kits
from shelter_desk.store.keys import slot_file, tries
from shelter_desk.store.keys.kdf import choose_settings, timed_derivation
from shelter_desk.store.opening import STORE_NAME, refuse_early
from shelter_desk.ui.door import Door, DoorPerson, Kit, NewShelter, Strength

if TYPE_CHECKING:
    from shelter_desk.app.behind import Behind
    from shelter_desk.desk import Desk

Now = Callable[[], datetime]
PASSPHRASE_WORDS = 4
_COMMON_ZONES = (
    "America/New_York",
    "America/Chicago",
    "America/Denver",
    "America/Phoenix",
    "America/Los_Angeles",
    "America/Anchorage",
    "Pacific/Honolulu",
)


def behind(now: Now) -> Behind:
    """Return what is behind the door; the first time, it is loaded."""
    # heavy: the database, the rules of care, every page
    from shelter_desk.app.behind import Behind  # noqa: PLC0415 - start-up time

    return Behind(now)


class RealDoor(Door):
    """The way in to the records in one folder; `now` tells the moment, in UTC."""

    def __init__(self, folder: Path, now: Now = now) -> None:
        self.folder, self.now = folder, now
        self._shelter_name = ""

    @property
    def shelter_name(self) -> str:
        """Return "": the name is inside the encrypted records, and nowhere else."""
        return self._shelter_name

    @property
    def note(self) -> str:
        """Return the quiet line under the box."""
        return "Everything is encrypted on this computer. Nothing is sent anywhere."

    def look(self) -> bool:
        """Look at the folder; True when records are there, False when it is empty and new."""
        if not (self.folder / STORE_NAME).exists() and not slot_file.exists(self.folder):
            return False
        refuse_early(self.folder)
        self.staff()
        return True

    def use_folder(self, folder: Path) -> None:
        """Use another folder from now on."""
        self.folder = folder

    def staff(self) -> tuple[DoorPerson, ...]:
        """Return who may sign in."""
        slots = slot_file.read_slots(self.folder).slots
        return tuple(DoorPerson(slot.staff_public_id, slot.name) for slot in slots.staff)

    def wait_s(self) -> int:
        """Return how many seconds to wait before the next try."""
        left = tries.still_to_wait(tries.read_tries(self.folder), self.now())
        return max(0, round(left.total_seconds()))

    def unlock(self, person_id: str, passphrase: str) -> Desk:
        """Open the desk."""
        return behind(self.now).sign_in(self.folder, person_id, passphrase)

    def zones(self) -> tuple[str, ...]:
        """Return the time zones to choose from: the common ones first, then all."""
        # heavy: the table of all zones
        from zoneinfo import available_timezones  # noqa: PLC0415 - start-up time

        return (*_COMMON_ZONES, *sorted(available_timezones() - set(_COMMON_ZONES)))

    def generate_passphrase(self) -> str:
        """Return four random words (51.7 bits)."""
        # heavy: the list of words
        from shelter_desk.app.drawn_words import new_words  # noqa: PLC0415 - start-up time

        return new_words(PASSPHRASE_WORDS)

    def strength(self, passphrase: str, names: tuple[str, ...]) -> Strength:
        """Judge a self-chosen passphrase."""
        # heavy: a guessing program
        from shelter_desk.store.keys.policy import strength  # noqa: PLC0415 - start-up time

        found = strength(passphrase, names)
        return Strength(found.is_enough, tuple(found.advice))

    def new_kit(self, shelter: str) -> Kit:
        """Return a new recovery kit, not yet used for anything."""
        return Kit(kits.new_kit().code, shelter, today())

    def same_kit(self, kit: Kit, typed: str) -> None:
        """Pass when what was typed is the code of the kit."""
        if kits.read_kit(typed).code != kit.code:
            raise DeskError("This is the code of another kit. Type the one shown before.")

    def kit_pdf(self, kit: Kit) -> bytes:
        """Return the kit as pages to print, made in memory."""
        return behind(self.now).kit_pdf(kit)

    def create(self, shelter: NewShelter, kit: Kit) -> Desk:
        """Make the records, and open the desk for the director."""
        settings = choose_settings(lambda kdf: timed_derivation(kdf, time.perf_counter))
        return behind(self.now).found(self.folder, shelter, kits.read_kit(kit.code), settings)

    def open_with_kit(self, typed: str) -> tuple[DoorPerson, ...]:
        """Check the code of a recovery kit and return whose passphrase it can set anew."""
        behind(self.now).check_kit(self.folder, kits.read_kit(typed))
        return self.staff()

    def reset(self, typed: str, person_id: str, passphrase: str) -> None:
        """Set a new passphrase for someone, with the recovery kit."""
        behind(self.now).reset(self.folder, kits.read_kit(typed), person_id, passphrase)
