"""What can go wrong with keys, in the words the person at the desk reads."""

from __future__ import annotations

from shelter_desk.domain.errors import DeskError


class WrongPassphraseError(DeskError):
    """That name and passphrase do not fit together. Look at Caps Lock, then try again."""


class TooSoonError(DeskError):
    """After several failed tries there is a pause. Wait a moment, then try again."""

    def __init__(self, seconds: int = 0) -> None:
        super().__init__(
            f"After several failed tries there is a pause. Try again in {seconds} seconds."
            if seconds
            else ""
        )
        self.seconds = seconds


class SlotsMissingError(DeskError):
    """The key file is not beside the records. Put slots.json back from a backup."""


class SlotsDamagedError(DeskError):
    """The key file beside the records is damaged. Put slots.json back from a backup."""


class KitNotReadError(DeskError):
    """That is not a whole recovery code. Compare it with the paper, group by group."""


class KitDoesNotFitError(DeskError):
    """This recovery kit belongs to other records, or was replaced by a newer kit."""


class StaffSlotError(DeskError):
    """This person cannot be added or removed here."""


class SealBrokenError(DeskError):
    """A protected part of the record was changed or moved and cannot be opened."""


class DeviceSecretMissingError(DeskError):
    """The part of the key that stays on this computer is missing. Use the recovery kit."""


class MemoryShortError(DeskError):
    """There is too little free memory to check the passphrase. Close other programs, try again."""
