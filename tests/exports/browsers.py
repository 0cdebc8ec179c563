"""Which browsers the tests can drive on this computer."""

from __future__ import annotations

import platform
import shutil
from pathlib import Path

CHROMIUM = ("chromium", "chromium-browser")
FIREFOX = ("firefox-esr", "firefox")


def driveable(names: tuple[str, ...]) -> str | None:
    """Return the first of these programs that is no snap: a snap may not read a test's files."""
    for name in names:
        place = shutil.which(name)
        if place is not None and not is_snap(Path(place)):
            return place
    return None


def is_snap(place: Path) -> bool:
    """Tell a snap's launcher from a program: a link to `snap`, or a short script calling one."""
    if place.resolve().name == "snap":
        return True
    return place.stat().st_size < 16_384 and b"/snap/" in place.read_bytes()


def cannot_be_had() -> list[str]:
    """Return the browsers that this distribution packs as snaps only, where no other is here."""
    try:
        this = platform.freedesktop_os_release().get("ID", "")
    except OSError:
        return []
    if this != "ubuntu":
        return []
    both = {"chromium": CHROMIUM, "firefox": FIREFOX}
    return [name for name, programs in both.items() if driveable(programs) is None]
