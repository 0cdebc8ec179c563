"""Reads a file past the cache of Windows, which has no call that drops the cache of one file."""

from __future__ import annotations

import ctypes
import mmap
import sys
from collections.abc import Iterator
from pathlib import Path

_PIECE = 1 << 20
_GENERIC_READ = 0x8000_0000
_SHARE_READ = 0x1
_OPEN_EXISTING = 3
_NO_BUFFERING = 0x2000_0000
_SEQUENTIAL = 0x0800_0000

if sys.platform == "win32":

    def read_unbuffered(path: Path) -> Iterator[bytes]:
        """Yield the bytes of `path` as the drive gives them.

        Raises:
            OSError: with the Windows error number, as every other file call.
        """
        kernel = ctypes.WinDLL("kernel32", use_last_error=True)
        kernel.CreateFileW.restype = ctypes.c_void_p
        handle = ctypes.c_void_p(
            kernel.CreateFileW(
                ctypes.c_wchar_p(str(path)),
                ctypes.c_uint32(_GENERIC_READ),
                ctypes.c_uint32(_SHARE_READ),
                None,
                ctypes.c_uint32(_OPEN_EXISTING),
                ctypes.c_uint32(_NO_BUFFERING | _SEQUENTIAL),
                None,
            )
        )
        if handle.value in {None, ctypes.c_void_p(-1).value}:
            raise ctypes.WinError(ctypes.get_last_error())
        # An unbuffered read needs memory that starts on a sector: anonymous pages always do.
        memory = mmap.mmap(-1, _PIECE)
        room = (ctypes.c_char * _PIECE).from_buffer(memory)
        try:
            got = ctypes.c_uint32(0)
            while True:
                if not kernel.ReadFile(handle, room, _PIECE, ctypes.byref(got), None):
                    raise ctypes.WinError(ctypes.get_last_error())
                yield memory[: got.value]
                if got.value < _PIECE:
                    return  # the end; from here the place is no multiple of a sector any more
        finally:
            kernel.CloseHandle(handle)
            del room
            memory.close()

else:

    def read_unbuffered(path: Path) -> Iterator[bytes]:
        """Yield the bytes of `path` (elsewhere the cache is dropped by another call)."""
        yield path.read_bytes()
