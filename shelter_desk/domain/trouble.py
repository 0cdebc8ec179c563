"""Why a store could not be opened or written: one class for each page the person may see.

`code` names the page in `ui/trouble.py`; the docstring says what happened and what can be done.
"""

from __future__ import annotations

from typing import ClassVar

from shelter_desk.domain.errors import DeskError


class TroubleError(DeskError):
    """The records could not be opened."""

    code: ClassVar[str] = "trouble"


class MissingStoreError(TroubleError):
    """The records file is not in this folder.

    Nothing was created. Choose the right folder, or restore a backup.
    """

    code = "missing-store"


class EmptyStoreError(TroubleError):
    """The records file is empty (0 bytes). It was left as it is. Restore the newest backup."""

    code = "empty-store"


class PlainStoreError(TroubleError):
    """This file is not an encrypted Shelter Desk store. It was left as it is."""

    code = "plain-store"


class NewerStoreError(TroubleError):
    """These records were written by a newer Shelter Desk.

    Update this computer first; nothing was changed.
    """

    code = "newer-store"


class StoreInUseError(TroubleError):
    """These records are already open in another Shelter Desk window.

    Use that window, or close it first.
    """

    code = "store-in-use"


class ReadOnlyFolderError(TroubleError):
    """This folder does not let Shelter Desk write.

    Nothing was changed. Ask for write access, or move the folder.
    """

    code = "read-only-folder"


class DiskFullError(TroubleError):
    """The disk is full.

    What was saved before is safe; the last entry was not saved. Free some space and try again.
    """

    code = "disk-full"


class DamagedStoreError(TroubleError):
    """A part of the records file is damaged.

    It was left as it is. Restore the newest backup into a new folder.
    """

    code = "damaged-store"


class DiskError(TroubleError):
    """The disk did not answer as it should.

    Nothing you typed is lost. Check the disk, then try again.
    """

    code = "disk-error"


class OutcomeUnknownError(TroubleError):
    """The disk failed while saving.

    Shelter Desk looks whether the entry arrived before it says anything.
    """

    code = "outcome-unknown"


class WrongVaultError(TroubleError):
    """The key file and the records file belong to different shelters.

    Put the pair that belongs together in one folder.
    """

    code = "wrong-vault"


class PlaceRefusedError(TroubleError):
    """Records must stay on a disk inside this computer.

    A network, a stick or a folder that syncs to the internet is refused.
    """

    code = "place-refused"


class StoreExistsError(TroubleError):
    """There are records in this folder already.

    Open them, or choose an empty folder for new ones.
    """

    code = "store-exists"


class HistoryMismatchError(TroubleError):
    """The records do not match the newest state this computer remembers.

    Someone may have put an older copy in place.
    """

    code = "history-mismatch"
