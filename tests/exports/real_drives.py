"""Real FAT32 and NTFS file systems in a file, mounted in user space as a plugged-in stick is."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import time
from pathlib import Path

from shelter_desk import mounts

KINDS = ("FAT", "NTFS")
_SIZES = {"FAT": 40 << 20, "NTFS": 16 << 20}  # bytes; FAT32 needs 33 MiB at least


class Stick:
    """One stick: its image outlives being pulled out."""

    def __init__(self, kind: str, image: Path, point: Path) -> None:
        self.kind, self.image, self.point = kind, image, point
        self._driver: subprocess.Popen[bytes] | None = None
        with image.open("wb") as file:
            file.truncate(_SIZES[kind])
        make = {
            "FAT": ["/usr/sbin/mkfs.vfat", "-F", "32", image],
            "NTFS": ["/usr/sbin/mkfs.ntfs", "-F", "-Q", "-q", "-L", "AUDIT", image],
        }
        subprocess.run(make[kind], check=True, capture_output=True)

    def plug_in(self, *, read_only: bool = False) -> Path:
        """Mount it; the driver stays our child, so that it can be ended as a pulled stick ends."""
        self.point.mkdir(parents=True, exist_ok=True)
        if self.kind == "FAT":
            rights = "ro" if read_only else "rw+"
            command = ["fusefat", "-f", "-o", rights, self.image, self.point]
        else:
            rights = "ro,no_detach" if read_only else "rw,no_detach"
            command = ["ntfs-3g", "-o", rights, self.image, self.point]
        self._driver = subprocess.Popen(
            command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        _wait_until(self._is_mounted)
        return self.point

    def pull_out(self) -> None:
        """End the driver with no warning: from now on every call on the stick fails."""
        if self._driver is not None:
            self._driver.send_signal(signal.SIGKILL)
            self._driver.wait(10)
            self._driver = None

    def take_away(self) -> None:
        """Pull it out, and let the system forget that it was there."""
        self.pull_out()
        if self._is_mounted():
            subprocess.run(["umount", "-l", self.point], check=False, capture_output=True)
            _wait_until(lambda: not self._is_mounted())

    def unmount(self) -> None:
        """Let go of it in order."""
        if self._is_mounted():
            subprocess.run(["umount", self.point], check=True, capture_output=True)
        if self._driver is not None:
            self._driver.wait(10)
            self._driver = None

    def _is_mounted(self) -> bool:
        return any(str(m.point) == str(self.point) for m in mounts.listed(listing()))


def listing() -> str:
    return Path("/proc/self/mountinfo").read_text("utf-8")


def can_be_mounted() -> bool:
    """Tell whether this computer and this person can mount such a stick."""
    programs = ("fusefat", "ntfs-3g", "/usr/sbin/mkfs.vfat", "/usr/sbin/mkfs.ntfs", "umount")
    if not all(map(shutil.which, programs)) or os.geteuid():
        return False
    try:
        os.close(os.open("/dev/fuse", os.O_RDWR))
    except OSError:
        return False
    return True


def _wait_until(is_true) -> None:
    end = time.monotonic() + 30  # seconds: a busy machine mounts late
    while not is_true():
        assert time.monotonic() < end, "the stick did not come"
        time.sleep(0.01)
