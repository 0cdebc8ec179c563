"""What the program does to its own process before any record is open: no dumps, private files.

Source: measured leaks of the security design, part 5: a core dump held the key three times, and
another program of the same user could read the memory. Windows needs an access list on the
process instead. It keeps usual tools (dumps of the task manager, debuggers) out, not a program
made to go around it: our own workers copy handles, and who can do that can do more.
"""

from __future__ import annotations

import ctypes
import os
import sys

_PR_SET_DUMPABLE = 4

# Source: winnt.h. What the owner may do with this process; reading its memory is not among it.
_TERMINATE, _DUP_HANDLE, _QUERY_LIMITED, _SYNCHRONIZE = 0x1, 0x40, 0x1000, 0x100000
# Protected, so that nothing is inherited; for "owner rights", so that the owner cannot change it.
WINDOWS_ACCESS = f"D:P(A;;{_TERMINATE | _DUP_HANDLE | _QUERY_LIMITED | _SYNCHRONIZE:#x};;;OW)"
_SDDL_REVISION_1, _DACL_SECURITY_INFORMATION = 1, 4


def harden() -> None:
    """Make new files private to this user, and keep memory out of dumps and debuggers."""
    os.umask(0o077)
    if sys.platform == "win32":
        _close_to_readers()
        return
    # heavy: not there on Windows
    import resource  # noqa: PLC0415 - not on Windows

    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0)


def _close_to_readers() -> None:
    """Set the access list of this process; not tried on a real Windows yet."""
    if sys.platform != "win32":
        return
    descriptor = ctypes.c_void_p()
    if ctypes.windll.advapi32.ConvertStringSecurityDescriptorToSecurityDescriptorW(
        WINDOWS_ACCESS, _SDDL_REVISION_1, ctypes.byref(descriptor), None
    ):
        this_process = ctypes.c_void_p(-1)
        ctypes.windll.advapi32.SetKernelObjectSecurity(
            this_process, _DACL_SECURITY_INFORMATION, descriptor
        )
        ctypes.windll.kernel32.LocalFree(descriptor)
