"""Drives that can be pulled out, as Windows tells it: sticks and cards, and disks on USB."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

_REMOVABLE, _FIXED = 2, 3
_ON_USB = (7, 12, 13)  # STORAGE_BUS_TYPE: USB, SD, MMC
_READ_ONLY_VOLUME = 0x0008_0000
_BUS_TYPE_AT = 28  # its place in STORAGE_DEVICE_DESCRIPTOR
_QUERY_PROPERTY = 0x002D_1400
_LOCK_VOLUME, _DISMOUNT_VOLUME, _EJECT_MEDIA = 0x0009_0018, 0x0009_0020, 0x002D_4808
_READ_WRITE, _SHARED, _OPEN_EXISTING = 0xC000_0000, 0x3, 3

if sys.platform == "win32":
    import ctypes
    from contextlib import contextmanager

    def removable() -> Iterator[tuple[Path, str, str, bool]]:
        """Yield (path, label, kind, is read-only) of each drive that can be pulled out."""
        kernel = ctypes.WinDLL("kernel32", use_last_error=True)
        system = ctypes.create_unicode_buffer(260)
        kernel.GetWindowsDirectoryW(system, 260)
        for place, letter in enumerate("ABCDEFGHIJKLMNOPQRSTUVWXYZ"):
            root = f"{letter}:\\"
            if not kernel.GetLogicalDrives() >> place & 1 or system.value.upper().startswith(root):
                continue
            kind = kernel.GetDriveTypeW(ctypes.c_wchar_p(root))
            if kind == _REMOVABLE or (kind == _FIXED and _bus(letter) in _ON_USB):
                yield from _described(root)

    def eject(folder: Path) -> None:
        """Ask the system to let go of a drive; whether it did is to be looked at afterwards."""
        kernel = ctypes.WinDLL("kernel32", use_last_error=True)
        with _volume(folder.drive[:1], _READ_WRITE) as handle:
            got = ctypes.c_uint32(0)
            for code in (_LOCK_VOLUME, _DISMOUNT_VOLUME, _EJECT_MEDIA):
                rest = (None, 0, None, 0, ctypes.byref(got), None)
                if not kernel.DeviceIoControl(handle, ctypes.c_uint32(code), *rest):
                    return

    def _described(root: str) -> Iterator[tuple[Path, str, str, bool]]:
        kernel = ctypes.WinDLL("kernel32", use_last_error=True)
        label, system = ctypes.create_unicode_buffer(261), ctypes.create_unicode_buffer(261)
        flags = ctypes.c_uint32(0)
        told = kernel.GetVolumeInformationW(
            ctypes.c_wchar_p(root), label, 261, None, None, ctypes.byref(flags), system, 261
        )
        if told:  # an empty card reader has a letter and nothing else
            name = label.value or root.rstrip("\\")
            yield Path(root), name, system.value, bool(flags.value & _READ_ONLY_VOLUME)

    def _bus(letter: str) -> int:
        kernel = ctypes.WinDLL("kernel32", use_last_error=True)
        with _volume(letter, 0) as handle:
            query = (ctypes.c_uint32 * 3)(0, 0, 0)  # StorageDeviceProperty, standard query
            answer, got = ctypes.create_string_buffer(1024), ctypes.c_uint32(0)
            asked = (ctypes.byref(query), 12, answer, 1024, ctypes.byref(got), None)
            if not kernel.DeviceIoControl(handle, ctypes.c_uint32(_QUERY_PROPERTY), *asked):
                return 0
            return int.from_bytes(answer.raw[_BUS_TYPE_AT : _BUS_TYPE_AT + 4], "little")

    @contextmanager
    def _volume(letter: str, access: int) -> Iterator[ctypes.c_void_p]:
        kernel = ctypes.WinDLL("kernel32", use_last_error=True)
        kernel.CreateFileW.restype = ctypes.c_void_p
        name, wanted = ctypes.c_wchar_p(rf"\\.\{letter}:"), ctypes.c_uint32(access)
        handle = ctypes.c_void_p(
            kernel.CreateFileW(name, wanted, _SHARED, None, _OPEN_EXISTING, 0, None)
        )
        try:
            yield handle
        finally:
            kernel.CloseHandle(handle)

else:

    def removable() -> Iterator[tuple[Path, str, str, bool]]:
        """Yield nothing: these are the ways of Windows."""
        yield from ()

    def eject(folder: Path) -> None:
        """Do nothing: these are the ways of Windows."""
