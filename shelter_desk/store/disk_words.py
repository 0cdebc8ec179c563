"""What the disk refuses, in words; without the driver, which the way in does not load."""

from __future__ import annotations

import errno
from collections.abc import Iterator
from contextlib import contextmanager

from shelter_desk.domain import trouble
from shelter_desk.domain.errors import DeskError


@contextmanager
def disk_in_words() -> Iterator[None]:
    """Turn what the disk raises inside into the errors of domain.trouble."""
    try:
        yield
    except OSError as error:
        raise told_by_system(error) from error


def told_by_system(error: OSError) -> DeskError:
    """Return the error for what the operating system said."""
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return trouble.DiskFullError()
    if error.errno in (errno.EROFS, errno.EACCES, errno.EPERM):
        return trouble.ReadOnlyFolderError()
    if error.errno in (errno.ENOTDIR, errno.ENAMETOOLONG):
        return DeskError("There can be no such folder. Choose another place.")
    if error.errno == errno.ENOENT:
        return trouble.MissingStoreError()
    return trouble.DiskError()
