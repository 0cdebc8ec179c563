"""A second person at the same desk: unlocked with their own passphrase, for a signature beside."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from shelter_desk.desk import Desk
from shelter_desk.desk.agreements import has_accepted, shipped_agreement
from shelter_desk.desk.entry import person_of, unlock
from shelter_desk.domain.errors import DeskError
from shelter_desk.store.keys import slot_file, tries
from shelter_desk.store.keys.errors import WrongPassphraseError
from shelter_desk.store.keys.identity import Unlocked

__all__ = [
    "ColleaguePassphraseError",
    "NotAcceptedError",
    "Unlocked",
    "desk_beside",
    "unlocked_colleague",
]


class NotAcceptedError(DeskError):
    """They sign in by themselves once first, to read and accept the confidentiality agreement."""


class ColleaguePassphraseError(WrongPassphraseError):
    """That is not the passphrase of the colleague who agrees. They type it once more."""


def unlocked_colleague(folder: Path, staff_id: str, passphrase: str, now: datetime) -> Unlocked:
    """Return the keys of a colleague; it takes a third of a second, and a miss is counted.

    Raises:
        WrongPassphraseError: when the passphrase is not theirs.
        TooSoonError: in the pause after several failed tries; nothing was tried.
    """
    file = slot_file.read_slots(folder).slots
    unlocked = unlock(folder, file, staff_id, passphrase, now)
    tries.forgive(folder)
    return unlocked


def desk_beside(desk: Desk, unlocked: Unlocked) -> Desk:
    """Return the desk of the colleague at the records that are open. What they do is theirs.

    Raises:
        WrongVaultError: when their keys are not those of these records.
        NotAcceptedError: when they have not accepted the confidentiality agreement in force.
    """
    model = desk.house.care_model
    other = desk.beside(lambda reader: person_of(reader, unlocked, model))
    if not other.ask(has_accepted, edition=shipped_agreement().edition):
        raise NotAcceptedError
    return other
