"""The driver's errors, told apart by what a person can do about them.

Source: measured list of what SQLCipher raises (wrong key, damage, full disk, second program).
No text of the driver is passed on: it may hold values.
"""

from __future__ import annotations

from types import TracebackType

import sqlcipher3

from shelter_desk.domain import trouble
from shelter_desk.domain.errors import DeskError
from shelter_desk.store.disk_words import told_by_system

__all__ = ["InWords", "in_words", "told", "told_by_system"]

_BY_NAME: dict[str, type[DeskError]] = {
    "SQLITE_NOTADB": trouble.DamagedStoreError,
    "SQLITE_CORRUPT": trouble.DamagedStoreError,
    "SQLITE_FULL": trouble.DiskFullError,
    "SQLITE_IOERR": trouble.DiskError,
    "SQLITE_CANTOPEN": trouble.ReadOnlyFolderError,
    "SQLITE_PERM": trouble.ReadOnlyFolderError,
    "SQLITE_READONLY": trouble.ReadOnlyFolderError,
    "SQLITE_BUSY": trouble.StoreInUseError,
    "SQLITE_LOCKED": trouble.StoreInUseError,
}


def told(error: sqlcipher3.Error) -> DeskError | None:
    """Return the error to raise instead, or None when it is a bug of ours."""
    name = getattr(error, "sqlite_errorname", None) or ""
    parts = name.split("_")
    base = "_".join(parts[:2])
    kind = _BY_NAME.get(base)
    return kind() if kind else None


class InWords:
    """Turns what the driver and the disk raise inside into the errors of domain.trouble.

    A class, because every question enters it: a generator takes three times as long.
    """

    __slots__ = ()

    def __enter__(self) -> None:
        """Begin."""

    def __exit__(
        self,
        _kind: type[BaseException] | None,
        error: BaseException | None,
        _trace: TracebackType | None,
    ) -> None:
        """Raise what the error is called here; one that is a bug of ours stays what it is."""
        if isinstance(error, sqlcipher3.Error):
            known = told(error)
            if known is not None:
                raise known from None  # the driver's text may hold values
        elif isinstance(error, OSError):
            raise told_by_system(error) from error


_IN_WORDS = InWords()


def in_words() -> InWords:
    """Return the block in which the driver's errors are put into words."""
    return _IN_WORDS
