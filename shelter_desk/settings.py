"""This device's settings. Nothing about people, nothing secret."""

import contextlib
import json
import os
from pathlib import Path
from typing import NamedTuple

SCALES = (100, 125, 150, 175, 200)
SCHEMES = ("system", "light", "dark", "contrast")


class DeviceSettings(NamedTuple):
    """How this computer shows the desk. Only what differs from the default is written down."""

    text_scale_percent: int = 100
    colour_scheme: str = "system"
    initials_only: bool = False
    hides_staff: bool = False


def read_device_settings(file: Path) -> DeviceSettings:
    """Return what was written down for this computer.

    A missing, damaged or foreign file is no reason to keep anybody from working: what cannot be
    read has its default.
    """
    try:
        untrusted = json.loads(file.read_text("utf-8"))
    except (OSError, ValueError):
        return DeviceSettings()
    if not isinstance(untrusted, dict):
        return DeviceSettings()
    scale, scheme = untrusted.get("text_scale_percent"), untrusted.get("colour_scheme")
    usual = DeviceSettings()
    return DeviceSettings(
        text_scale_percent=scale if scale in SCALES else usual.text_scale_percent,
        colour_scheme=scheme if scheme in SCHEMES else usual.colour_scheme,
        initials_only=untrusted.get("initials_only") is True,
        hides_staff=untrusted.get("hides_staff") is True,
    )


def write_device_settings(file: Path, settings: DeviceSettings) -> None:
    """Write down what differs from the default; a disk that refuses is not worth a message."""
    usual = DeviceSettings()._asdict()
    kept = {name: value for name, value in settings._asdict().items() if value != usual[name]}
    part = file.with_name(f".{file.name}.part")
    with contextlib.suppress(OSError):
        file.parent.mkdir(parents=True, exist_ok=True)
        part.write_text(json.dumps(kept, indent=1, sort_keys=True) + "\n", "utf-8")
        os.replace(part, file)


def read_records_folder(file: Path) -> Path | None:
    """Return the folder of the records that was chosen on this computer, or None."""
    try:
        untrusted = json.loads(file.read_text("utf-8"))
    except (OSError, ValueError):
        return None
    named = untrusted.get("folder") if isinstance(untrusted, dict) else None
    folder = Path(named) if isinstance(named, str) and named and "\0" not in named else None
    return folder if folder is not None and folder.is_absolute() else None


def write_records_folder(file: Path, folder: Path) -> bool:
    """Write down which folder opens from now on; tell whether that was possible."""
    part = file.with_name(f".{file.name}.part")
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        part.write_text(json.dumps({"folder": str(folder.absolute())}) + "\n", "utf-8")
        os.replace(part, file)
    except OSError:
        return False
    return True
