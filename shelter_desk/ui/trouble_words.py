"""Why the desk cannot be opened: for each reason what happened, what to do, and the ways on."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from shelter_desk.ui.words import QT_TRANSLATE_NOOP


class Way(Enum):
    """What a person can do from a trouble page."""

    AGAIN = "again"
    KIT = "kit"
    FOLDER = "folder"
    RESTORE = "restore"
    QUIT = "quit"


@dataclass(frozen=True, slots=True)
class Trouble:
    """A page: title, what happened, what to do (one step a line), and the ways on.

    The first way is the main button.
    """

    title: str
    happened: str
    do: tuple[str, ...]
    ways: tuple[Way, ...]


def _page(title: str, happened: str, do: tuple[str, ...], *ways: Way) -> Trouble:
    return Trouble(title, happened, do, (*ways, Way.QUIT))


TROUBLES: dict[str, Trouble] = {
    "wrong-passphrase": _page(
        QT_TRANSLATE_NOOP("trouble", "That passphrase does not open the desk"),
        QT_TRANSLATE_NOOP(
            "trouble", "The name and the passphrase do not fit together. Nothing was changed."
        ),
        (
            QT_TRANSLATE_NOOP(
                "trouble", "Look at Caps Lock and the keyboard language, then try again."
            ),
            QT_TRANSLATE_NOOP("trouble", "If it is forgotten, the recovery kit sets a new one."),
        ),
        Way.AGAIN,
        Way.KIT,
    ),
    "slots-damaged": _page(
        QT_TRANSLATE_NOOP("trouble", "The key file is damaged"),
        QT_TRANSLATE_NOOP(
            "trouble",
            "Both copies of the key file (slots.json) in this folder cannot be read. "
            "The records themselves were not touched.",
        ),
        (
            QT_TRANSLATE_NOOP(
                "trouble",
                "Restore the newest backup into a new folder: with the recovery kit, or on this "
                "computer with a director's passphrase.",
            ),
            QT_TRANSLATE_NOOP(
                "trouble",
                "Without a backup, the recovery kit cannot help: keep this folder as "
                "it is and ask for help.",
            ),
        ),
        Way.RESTORE,
        Way.AGAIN,
        Way.FOLDER,
    ),
    "slots-missing": _page(
        QT_TRANSLATE_NOOP("trouble", "The key file is not here"),
        QT_TRANSLATE_NOOP(
            "trouble", "The records are in this folder, but the key file (slots.json) is not."
        ),
        (
            QT_TRANSLATE_NOOP("trouble", "Choose the folder where both are together."),
            QT_TRANSLATE_NOOP("trouble", "Or restore the newest backup into a new folder."),
        ),
        Way.FOLDER,
        Way.RESTORE,
        Way.AGAIN,
    ),
    "damaged-store": _page(
        QT_TRANSLATE_NOOP("trouble", "A part of the records is damaged"),
        QT_TRANSLATE_NOOP(
            "trouble",
            "A page of the records file does not match its seal. The file was left "
            "exactly as it is.",
        ),
        (
            QT_TRANSLATE_NOOP("trouble", "Do not copy other files over it."),
            QT_TRANSLATE_NOOP("trouble", "Restore the newest backup into a new folder."),
            QT_TRANSLATE_NOOP("trouble", "Keep the damaged file: parts of it may still be read."),
        ),
        Way.RESTORE,
        Way.AGAIN,
        Way.FOLDER,
    ),
    "missing-store": _page(
        QT_TRANSLATE_NOOP("trouble", "The records are not in this folder"),
        QT_TRANSLATE_NOOP(
            "trouble",
            "The file with the records is not where it was. Nothing was created in its place.",
        ),
        (
            QT_TRANSLATE_NOOP("trouble", "Choose the folder where the records are."),
            QT_TRANSLATE_NOOP("trouble", "Or restore the newest backup into a new folder."),
        ),
        Way.FOLDER,
        Way.RESTORE,
        Way.AGAIN,
    ),
    "empty-store": _page(
        QT_TRANSLATE_NOOP("trouble", "The records file is empty"),
        QT_TRANSLATE_NOOP(
            "trouble", "The file is there, but it has 0 bytes. It was left as it is."
        ),
        (QT_TRANSLATE_NOOP("trouble", "Restore the newest backup into a new folder."),),
        Way.RESTORE,
        Way.AGAIN,
        Way.FOLDER,
    ),
    "plain-store": _page(
        QT_TRANSLATE_NOOP("trouble", "This is not a Shelter Desk store"),
        QT_TRANSLATE_NOOP(
            "trouble",
            "The file is a database without encryption. Shelter Desk never writes such "
            "a file, so it was not opened.",
        ),
        (QT_TRANSLATE_NOOP("trouble", "Choose the folder that holds your shelter's records."),),
        Way.FOLDER,
        Way.AGAIN,
    ),
    "newer-store": _page(
        QT_TRANSLATE_NOOP("trouble", "These records need a newer Shelter Desk"),
        QT_TRANSLATE_NOOP(
            "trouble",
            "They were written by a newer version than the one on this computer. "
            "Nothing was changed.",
        ),
        (
            QT_TRANSLATE_NOOP(
                "trouble", "Update Shelter Desk on this computer, then open it again."
            ),
        ),
        Way.AGAIN,
        Way.FOLDER,
    ),
    "store-in-use": _page(
        QT_TRANSLATE_NOOP("trouble", "Shelter Desk is already open"),
        QT_TRANSLATE_NOOP(
            "trouble",
            "Another window has these records open. Only one may, so that nothing is lost.",
        ),
        (
            QT_TRANSLATE_NOOP("trouble", "Use the window that is open already."),
            QT_TRANSLATE_NOOP(
                "trouble", "If you cannot find it, close it in the task list, then try again."
            ),
        ),
        Way.AGAIN,
        Way.FOLDER,
    ),
    "read-only-folder": _page(
        QT_TRANSLATE_NOOP("trouble", "This folder cannot be written to"),
        QT_TRANSLATE_NOOP(
            "trouble", "Shelter Desk may read here but not write. Nothing was changed."
        ),
        (
            QT_TRANSLATE_NOOP(
                "trouble", "Ask whoever looks after this computer for write access to the folder."
            ),
            QT_TRANSLATE_NOOP("trouble", "Or choose a folder of your own on this computer."),
        ),
        Way.AGAIN,
        Way.FOLDER,
    ),
    "disk-full": _page(
        QT_TRANSLATE_NOOP("trouble", "The disk is full"),
        QT_TRANSLATE_NOOP("trouble", "There is no room to save. What was saved before is safe."),
        (QT_TRANSLATE_NOOP("trouble", "Empty the bin or move large files away, then try again."),),
        Way.AGAIN,
    ),
    "place-refused": _page(
        QT_TRANSLATE_NOOP("trouble", "Records cannot be kept in this place"),
        QT_TRANSLATE_NOOP(
            "trouble",
            "The folder is on a network, on a stick, or in a folder that is copied to "
            "the internet. There, records can be lost or seen by others.",
        ),
        (QT_TRANSLATE_NOOP("trouble", "Choose a folder on a disk inside this computer."),),
        Way.FOLDER,
        Way.AGAIN,
    ),
    "wrong-vault": _page(
        QT_TRANSLATE_NOOP("trouble", "These two files do not belong together"),
        QT_TRANSLATE_NOOP(
            "trouble",
            "The key file and the records file come from different shelters or different backups.",
        ),
        (
            QT_TRANSLATE_NOOP(
                "trouble", "Put the pair that belongs together into one folder, then try again."
            ),
        ),
        Way.AGAIN,
        Way.FOLDER,
    ),
    "history-mismatch": _page(
        QT_TRANSLATE_NOOP("trouble", "This may be an older copy of the records"),
        QT_TRANSLATE_NOOP(
            "trouble",
            "The records do not match the newest state this computer remembers. Someone "
            "may have put an older copy in place.",
        ),
        (
            QT_TRANSLATE_NOOP("trouble", "Tell the director before anyone goes on working."),
            QT_TRANSLATE_NOOP(
                "trouble", "If a backup was restored on purpose, a director can go on from it."
            ),
        ),
        Way.AGAIN,
        Way.FOLDER,
    ),
    "disk-error": _page(
        QT_TRANSLATE_NOOP("trouble", "The disk did not answer as it should"),
        QT_TRANSLATE_NOOP(
            "trouble", "Something could not be read or written. What was saved before is safe."
        ),
        (QT_TRANSLATE_NOOP("trouble", "Check the disk and its cable, then try again."),),
        Way.AGAIN,
        Way.FOLDER,
    ),
}
BY_CLASS = {
    "WrongPassphraseError": "wrong-passphrase",
    "SlotsDamagedError": "slots-damaged",
    "SlotsMissingError": "slots-missing",
}
