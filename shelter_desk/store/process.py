"""What the program does to its own process before any record is open: no dumps, private files.

Source: measured leaks of the security design, part 5: a core dump held the key three times, and
another program of the same user could read the memory. Windows needs an access list on the
process instead, which is not done yet.
"""

from __future__ import annotations

import ctypes
import os
import sys

_PR_SET_DUMPABLE = 4


def harden() -> None:
    """Make new files private to this user, and keep memory out of dumps and debuggers."""
    os.umask(0o077)
    if sys.platform == "win32":
        return
    # heavy: not there on Windows
    import resource  # noqa: PLC0415 - not on Windows

    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0)
