"""Why a backup was not restored: beside which field it is said, and in which words."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from shelter_desk.ui.messages import words_for
from shelter_desk.ui.words import QT_TRANSLATE_NOOP

BACKUP, TARGET, KEY, NAME = "backup", "target", "key", "name"

# Name of the error -> the field it belongs to, and words of this page instead of its own.
_REFUSALS: dict[str, tuple[str, str]] = {
    "MissingStoreError": (
        BACKUP,
        QT_TRANSLATE_NOOP(
            "restore",
            "There is no backup here. Choose the folder with the files whose names begin with "
            "B-, or one of them.",
        ),
    ),
    "BackupDamagedError": (BACKUP, ""),
    "KeysPartMissingError": (BACKUP, ""),
    "NewerStoreError": (BACKUP, ""),
    "DriveReadOnlyError": (
        BACKUP,
        QT_TRANSLATE_NOOP("restore", "This backup may not be read by the person signed in here."),
    ),
    "DriveError": (BACKUP, ""),
    "StoreExistsError": (
        TARGET,
        QT_TRANSLATE_NOOP(
            "restore",
            "Something has this name already, and nothing is ever overwritten. Give the new "
            "folder another name.",
        ),
    ),
    "PlaceRefusedError": (TARGET, ""),
    "ReadOnlyFolderError": (TARGET, ""),
    "DiskFullError": (
        TARGET,
        QT_TRANSLATE_NOOP(
            "restore",
            "There is not enough room on this disk. Nothing was left there. Make room, or choose "
            "a folder on another disk inside this computer.",
        ),
    ),
    "KitNotReadError": (KEY, ""),
    "NoSuchDirectorError": (NAME, ""),
    "NobodyToOpenError": (
        KEY,
        QT_TRANSLATE_NOOP(
            "restore",
            "This does not open the backup. It takes the recovery kit that was in use when the "
            "backup was made, or a director of that day.",
        ),
    ),
    "NoKeyFileError": (KEY, ""),
    "WrongPassphraseError": (
        KEY,
        QT_TRANSLATE_NOOP(
            "restore",
            "No director known on this computer has this passphrase. Look at Caps Lock, or use "
            "the recovery kit.",
        ),
    ),
}


def refusal(error: BaseException) -> tuple[str, str]:
    """Return the field an error belongs to ("" for none) and the sentence to show there."""
    for kind in type(error).__mro__:
        if kind.__name__ in _REFUSALS:
            field, words = _REFUSALS[kind.__name__]
            own = QCoreApplication.translate("restore", words) if words else words_for(error).text
            return field, own
    told = words_for(error)
    return "", f"{told.text} {told.code}".strip()
