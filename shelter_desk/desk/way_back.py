"""A director's passphrase as the key to a backup: tried on the key files left on this computer."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from shelter_desk.desk.restoring import WithPassphrase
from shelter_desk.domain.errors import DeskError
from shelter_desk.store.keys import slot_file, slots
from shelter_desk.store.keys.errors import (
    SlotsDamagedError,
    SlotsMissingError,
    WrongPassphraseError,
)
from shelter_desk.store.keys.slot_format import SlotFile


class NoKeyFileError(DeskError):
    """No key file of these records is on this computer, so a passphrase cannot open the backup.

    Use the recovery kit.
    """


def by_passphrase(
    folders: Iterable[Path], passphrase: str, person: str | None = None
) -> WithPassphrase:
    """Return the way in of whoever has this passphrase; `person` is a name or a public id.

    `folders` are where key files may be; damaged ones are passed over.

    Raises:
        WrongPassphraseError: when it opens none of them.
        NoKeyFileError: when there is none.
    """
    read = [file for folder in folders for file in _slots_in(folder)]
    for file in read:
        for slot in file.staff:
            if person not in (None, slot.name, slot.staff_public_id):
                continue
            with suppress(WrongPassphraseError):
                unlocked = slots.unlock(file, slot.staff_public_id, passphrase)
                return WithPassphrase(unlocked, passphrase, slot.kdf)
    raise WrongPassphraseError if read else NoKeyFileError


def _slots_in(folder: Path) -> tuple[SlotFile, ...]:
    try:
        return (slot_file.read_slots(folder).slots,)
    except (SlotsDamagedError, SlotsMissingError):
        return ()
