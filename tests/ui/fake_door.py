"""A door in memory for the windows before the desk, and a paper that keeps what it was given.

The windows alone are tested with these; whole journeys use the real door.
"""

import threading
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path

from shelter_desk.domain.errors import DeskError
from shelter_desk.ui.door import DoorPerson
from shelter_desk.ui.door_values import (
    BackupSeen,
    BroughtBack,
    Kit,
    NewShelter,
    Restoring,
    Strength,
)

CODE = "M8A6-0YYH-HZFQ-78GC-5WZ2-JW0E-YWEM-ZH5H"
BACKED_UP = datetime(2026, 3, 3, 15, 0, tzinfo=UTC)
WORDS = "maple otter window quiet"


class WrongPassphraseError(DeskError):
    """That name and passphrase do not fit together. Look at Caps Lock, then try again."""


class KitNotReadError(DeskError):
    """That is not a whole recovery code. Compare it with the paper, group by group."""


class DiskFullError(DeskError):
    """The disk is full."""

    code = "disk-full"


@dataclass
class FakeDoor:
    """Knows three people; the passphrase of all of them is "right"."""

    shelter_name: str = "Harbor House"
    note: str = "Last backup: yesterday, 6:02 pm, checked"
    there: bool = True
    hidden: bool = False
    trouble: DeskError | None = None
    on_unlock: Exception | None = None
    on_restore: Exception | None = None
    wait: int = 0
    restored: list[Restoring] = field(default_factory=list)
    created: list[tuple[NewShelter, Kit]] = field(default_factory=list)
    reset_to: list[tuple[str, str]] = field(default_factory=list)
    folders: list[Path] = field(default_factory=list)
    threads: list[str] = field(default_factory=list)

    def look(self):
        if self.trouble is not None:
            raise self.trouble
        return self.there

    def use_folder(self, folder):
        self.folders.append(folder)
        self.trouble = None

    def staff(self):
        if self.hidden:
            return ()
        return (
            DoorPerson("d", "Dana O.", "Case manager"),
            DoorPerson("l", "Lee K.", "Residential staff"),
            DoorPerson("p", "Priya N.", "Nurse"),
            DoorPerson("r", "Ruth M.", "Director"),
        )

    def wait_s(self):
        return self.wait

    def unlock(self, person_id, passphrase):
        self.threads.append(threading.current_thread().name)
        if self.on_unlock is not None:
            raise self.on_unlock
        if passphrase != "right":
            raise WrongPassphraseError
        return f"desk of {person_id}"

    def zones(self):
        return ("America/Chicago", "America/Denver", "America/New_York")

    def generate_passphrase(self):
        return WORDS

    def strength(self, passphrase, names):
        if any(name.casefold() in passphrase.casefold() for name in names):
            return Strength(False, ("Leave out names of the shelter.",))
        if len(passphrase) < 14:
            return Strength(False, ("Use at least 14 characters.",))
        return Strength(True)

    def new_kit(self, shelter):
        return Kit(CODE, shelter, date(2026, 3, 12))

    def same_kit(self, kit, typed):
        if typed.replace("-", "") != kit.code.replace("-", ""):
            raise KitNotReadError("One character looks wrong. Compare group 3 with the paper.")

    def kit_pdf(self, kit):
        return b"%PDF of " + kit.code.encode()

    def create(self, shelter, kit):
        self.created.append((shelter, kit))
        return "new desk"

    def open_with_kit(self, typed):
        if typed != CODE:
            raise KitNotReadError
        return self.staff()

    def reset(self, typed, person_id, passphrase):
        self.reset_to.append((person_id, passphrase))

    def new_folder(self):
        return Path("/homes/desk/shelter-desk-restored").absolute()

    def check_places(self, wanted):
        if self.on_restore is not None:
            raise self.on_restore

    def see_backup(self, wanted):
        if wanted.kit != CODE:
            raise KitNotReadError
        return BackupSeen(BACKED_UP, 4112)

    def restore(self, wanted, told):
        self.threads.append(threading.current_thread().name)
        for percent in (0, 50, 100):
            told(percent)
        if self.on_restore is not None:
            raise self.on_restore
        self.restored.append(wanted)
        return BroughtBack(BACKED_UP, 4112, 4116, "Ruth M.")


@dataclass
class KeptPaper:
    """Keeps the pages it was asked to print or save."""

    printed: list[bytes] = field(default_factory=list)
    saved: list[bytes] = field(default_factory=list)
    full: bool = False

    def print_pdf(self, host, pdf):
        self.printed.append(pdf)
        return True

    def save_pdf(self, host, pdf, name):
        if self.full:
            raise OSError
        self.saved.append(pdf)
        return Path(name)
