"""What can go wrong with a pack or with the drive it is written to, in the words people read."""

from __future__ import annotations

import re

from shelter_desk.domain.errors import DeskError

_WORD_BREAK = re.compile(r"(?<=[a-z])(?=[A-Z])")


class PackError(DeskError):
    """This file is not an audit pack that can be trusted."""


class WrongWordsError(PackError):
    """One of the words is wrong."""


class NotForThisKeyError(PackError):
    """This file was not sealed to this key."""


class NeedsKeyError(PackError):
    """It is sealed to a key, and no words open it. The secret part of that key is needed."""


class NeedsWordsError(PackError):
    """It is sealed to words, and no key opens it. The words are needed."""


class DamagedPackError(PackError):
    """The file is damaged."""


class TooCostlyError(DamagedPackError):
    """The file asks for far more work than an audit pack needs, so it was not opened."""


class ArchiveError(PackError):
    """The contents are not packed the way an audit pack is packed."""


class ManifestError(PackError):
    """The list of contents does not follow the rules of an audit pack."""


class NoteError(PackError):
    """The checkpoint of the audit log cannot be read."""


class DriveError(DeskError):
    """The pack could not be written to this place."""


class DriveGoneError(DriveError):
    """The drive was removed before the copy was checked. Plug it in and try again."""


class DriveSwappedError(DriveError):
    """This is not the drive that was chosen. Plug that one in again, or choose again."""


class DriveBusyError(DriveError):
    """The drive is still in use, do not pull it out. Close what shows it, then try again."""


class DriveFullError(DriveError):
    """There is not enough room on the drive. Make room or use another drive, then try again."""


class DriveReadOnlyError(DriveError):
    """The drive does not allow writing. Slide its lock switch or use another drive."""


class DriveFailingError(DriveError):
    """The drive reported a fault. Plug it in again; if that does not help, use another drive."""


class TooLargeError(DriveError):
    """The pack is larger than 4 GB, the most many sticks can hold. Choose a shorter period."""


class ReadBackError(DriveError):
    """The drive did not give back what was written. Do not use it again; take another drive."""


class UncertainCopyError(DriveError):
    """The drive reported a fault at the very end. Do not rely on this copy: write it again."""


def code_of(error: BaseException) -> str:
    """Return an error's kind as a short code: DriveFullError -> "drive-full"."""
    name = _WORD_BREAK.sub("-", type(error).__name__).lower().removesuffix("-error")
    return re.sub(r"[^a-z0-9-]", "", name).strip("-") or "unknown"
