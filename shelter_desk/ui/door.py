"""What the windows before the desk need: who may come in, and how. `app` gives a real one.

Every method may raise a `DeskError`, whose sentence is shown. One with a `code` (see
`shelter_desk.domain.trouble`) gets a page of its own. Slow ones (`unlock`, `create`,
`open_with_kit`, `reset`, `see_backup`, `restore`) run as jobs, off the main thread.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, Protocol

if TYPE_CHECKING:
    from shelter_desk.ui.door_values import (
        BackupSeen,
        BroughtBack,
        Kit,
        NewShelter,
        Restoring,
        Strength,
    )


class DoorPerson(NamedTuple):
    """Someone who may sign in, as shown before anyone has."""

    id: str
    name: str
    role: str = ""


class Door(Protocol):
    """The way in."""

    @property
    def shelter_name(self) -> str:
        """Return the shelter's name, "" before set-up."""

    @property
    def note(self) -> str:
        """Return a quiet line such as "Last backup: yesterday, 6:02 pm, checked", or ""."""

    def look(self) -> bool:
        """Look at the folder; True when records are there, False when it is empty and new."""

    def use_folder(self, folder: Path) -> None:
        """Use another folder from now on."""

    def staff(self) -> tuple[DoorPerson, ...]:
        """Return who may sign in; empty where names are not shown before sign-in."""

    def wait_s(self) -> int:
        """Return how many seconds to wait before the next try."""

    def unlock(self, person_id: str, passphrase: str) -> object:
        """Open the desk. With hidden names `person_id` is the name as typed."""

    def zones(self) -> tuple[str, ...]:
        """Return the time zones to choose from, the likely one first."""

    def generate_passphrase(self) -> str:
        """Return four random words, separated by spaces."""

    def strength(self, passphrase: str, names: tuple[str, ...]) -> Strength:
        """Judge a self-chosen passphrase; `names` are what a thief would try first."""

    def new_kit(self, shelter: str) -> Kit:
        """Return a new recovery kit, not yet used for anything."""

    def same_kit(self, kit: Kit, typed: str) -> None:
        """Pass when what was typed is the code of the kit; else raise with advice."""

    def kit_pdf(self, kit: Kit) -> bytes:
        """Return the kit as a page to print."""

    def create(self, shelter: NewShelter, kit: Kit) -> object:
        """Make the records, and open the desk for the director."""

    def open_with_kit(self, typed: str) -> tuple[DoorPerson, ...]:
        """Check the code of a recovery kit and return whose passphrase it can set anew."""

    def reset(self, typed: str, person_id: str, passphrase: str) -> None:
        """Set a new passphrase for someone, with the recovery kit."""

    def new_folder(self) -> Path:
        """Return a folder that does not exist yet, beside the one in use or that one itself."""

    def check_places(self, wanted: Restoring) -> None:
        """Pass when there is a backup, and the new folder can be made."""

    def see_backup(self, wanted: Restoring) -> BackupSeen:
        """Return the newest backup there that the kit opens."""

    def restore(self, wanted: Restoring, told: Callable[[int], None]) -> BroughtBack:
        """Bring it back, all of it or nothing; `told` hears the percentage that is copied."""
