"""The real door: the way in to the records in one folder.

The window of the way in shows before the database, the rules of care and the pages are loaded:
they are `behind`, and are loaded while somebody types.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime
from itertools import chain, count
from pathlib import Path
from typing import TYPE_CHECKING

from shelter_desk.app.clock import now
from shelter_desk.domain.trouble import MissingStoreError
from shelter_desk.settings import read_records_folder, write_records_folder
from shelter_desk.store.keys import early
from shelter_desk.store.refusing import STORE_NAME, refuse_early
from shelter_desk.ui.door import Door, DoorPerson

if TYPE_CHECKING:
    from shelter_desk.app.behind import Behind
    from shelter_desk.app.setting_up import SettingUp
    from shelter_desk.desk import Desk
    from shelter_desk.ui.door_values import (
        BackupSeen,
        BroughtBack,
        Kit,
        NewShelter,
        Restoring,
        Strength,
    )

Now = Callable[[], datetime]
_RESTORED = r"-restored(-\d+)?$"


def behind(now: Now) -> Behind:
    """Return what is behind the door; the first time, it is loaded."""
    # heavy: the database, the rules of care, every page
    from shelter_desk.app.behind import Behind  # noqa: PLC0415 - start-up time

    return Behind(now)


def setting_up() -> SettingUp:
    """Return what only first set-up and a forgotten passphrase need."""
    # heavy: cryptography, the word list, the time zones
    from shelter_desk.app.setting_up import SettingUp  # noqa: PLC0415 - start-up time

    return SettingUp()


class RealDoor(Door):
    """The way in to the records in one folder; `now` tells the moment, in UTC.

    `memory` is the file that keeps a folder chosen in the window, so that it opens next time.
    `hint` is what stands where a passphrase is asked for: an invented shelter tells its own.
    """

    def __init__(
        self, folder: Path, now: Now = now, memory: Path | None = None, hint: str = ""
    ) -> None:
        self.folder, self.now, self.hint = folder, now, hint
        self._memory, self._was_chosen = memory, False
        self._shelter_name = ""

    @property
    def shelter_name(self) -> str:
        """Return "": the name is inside the encrypted records, and nowhere else."""
        return self._shelter_name

    @property
    def note(self) -> str:
        """Return the quiet line under the box."""
        return self.hint or "Everything is encrypted on this computer. Nothing is sent anywhere."

    def look(self) -> bool:
        """Look at the folder; True when records are there, False when it is empty and new."""
        if not (self.folder / STORE_NAME).exists() and not early.exists(self.folder):
            if self._memory and read_records_folder(self._memory) == self.folder:
                raise MissingStoreError  # records were here: nobody shall begin new ones instead
            return False
        refuse_early(self.folder)
        self.staff()
        return True

    def use_folder(self, folder: Path) -> None:
        """Use another folder from now on."""
        self.folder, self._was_chosen = folder, True

    def staff(self) -> tuple[DoorPerson, ...]:
        """Return who may sign in."""
        people = early.people(self.folder) or _all_checked(self.folder)
        return tuple(DoorPerson(*person) for person in people)

    def wait_s(self) -> int:
        """Return how many seconds to wait before the next try."""
        if not early.has_failed_tries(self.folder):
            return 0
        # heavy: cryptography
        from shelter_desk.store.keys import tries  # noqa: PLC0415 - start-up time

        return tries.seconds_to_wait(self.folder, self.now())

    def unlock(self, person_id: str, passphrase: str) -> Desk:
        """Open the desk."""
        desk = behind(self.now).sign_in(self.folder, person_id, passphrase)
        self._remember_chosen()
        return desk

    def zones(self) -> tuple[str, ...]:
        """Return the time zones to choose from: the common ones first, then all."""
        return setting_up().zones()

    def generate_passphrase(self) -> str:
        """Return four random words (51.7 bits)."""
        return setting_up().generate_passphrase()

    def strength(self, passphrase: str, names: tuple[str, ...]) -> Strength:
        """Judge a self-chosen passphrase."""
        return setting_up().strength(passphrase, names)

    def new_kit(self, shelter: str) -> Kit:
        """Return a new recovery kit, not yet used for anything."""
        return setting_up().new_kit(shelter)

    def same_kit(self, kit: Kit, typed: str) -> None:
        """Pass when what was typed is the code of the kit."""
        setting_up().same_kit(kit, typed)

    def kit_pdf(self, kit: Kit) -> bytes:
        """Return the kit as pages to print, made in memory."""
        return behind(self.now).kit_pdf(kit)

    def create(self, shelter: NewShelter, kit: Kit) -> Desk:
        """Make the records, and open the desk for the director."""
        desk = behind(self.now).found(self.folder, shelter, kit)
        self._remember_chosen()
        return desk

    def open_with_kit(self, typed: str) -> tuple[DoorPerson, ...]:
        """Check the code of a recovery kit and return whose passphrase it can set anew."""
        behind(self.now).check_kit(self.folder, typed)
        return self.staff()

    def reset(self, typed: str, person_id: str, passphrase: str) -> None:
        """Set a new passphrase for someone, with the recovery kit."""
        behind(self.now).reset(self.folder, typed, person_id, passphrase)

    def new_folder(self) -> Path:
        """Return a folder that does not exist yet, beside the one in use or that one itself."""
        name = re.sub(_RESTORED, "", self.folder.name)
        numbered = (f"{name}-restored-{number}" for number in count(2))
        names = chain((self.folder.name, f"{name}-restored"), numbered)
        return next(new for new in map(self.folder.with_name, names) if not new.exists())

    def check_places(self, wanted: Restoring) -> None:
        """Pass when there is a backup, and the new folder can be made."""
        behind(self.now).check_places(wanted)

    def see_backup(self, wanted: Restoring) -> BackupSeen:
        """Return the newest backup there that the kit opens."""
        return behind(self.now).see_backup(wanted)

    def restore(self, wanted: Restoring, told: Callable[[int], None]) -> BroughtBack:
        """Bring it back, all of it or nothing; from now on it opens by itself."""
        brought = behind(self.now).restore(self.folder, wanted, told)
        return brought._replace(is_remembered=self._remember(wanted.target))

    def _remember_chosen(self) -> None:
        # Not before it opened: a folder chosen by mistake must not come up again by itself.
        if self._was_chosen:
            self._remember(self.folder)

    def _remember(self, folder: Path) -> bool:
        return self._memory is not None and write_records_folder(self._memory, folder)


def _all_checked(folder: Path) -> tuple[early.Person, ...]:
    # heavy: cryptography
    from shelter_desk.store.keys.slot_file import read_slots  # noqa: PLC0415 - start-up time

    return tuple((slot.staff_public_id, slot.name) for slot in read_slots(folder).slots.staff)
