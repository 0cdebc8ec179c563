"""Where the shipped resources are, and where a person's records are kept by default."""

from __future__ import annotations

from pathlib import Path

import platformdirs


def resources() -> Path:
    """Return the folder of shipped data: inside an installed package, beside it in source."""
    package = Path(__file__).parent
    installed = package / "resources"
    return installed if installed.is_dir() else package.parent / "resources"


def content_files() -> dict[str, str]:
    """Return the care model's files: path inside the content folder, with slashes -> text."""
    folder = resources() / "content"
    return {
        file.relative_to(folder).as_posix(): file.read_text(encoding="utf-8")
        for file in sorted(folder.rglob("*.toml"))
    }


def data_folder() -> Path:
    """Return the default folder of the records.

    Local, never roaming: a Windows profile that roams would copy the store to a server.
    """
    return platformdirs.user_data_path("shelter-desk", appauthor=False, roaming=False)


def key_copies() -> Path:
    """Return the folder where this computer keeps a third copy of each key file."""
    return data_folder().with_name("shelter-desk-keys")


def records_folder_file() -> Path:
    """Return the file that names the folder of the records, where another was chosen."""
    return settings_file().with_name("records-folder.json")


def settings_file() -> Path:
    """Return the file of this device's settings: text size and colours, nothing about people."""
    folder = platformdirs.user_config_path("shelter-desk", appauthor=False, roaming=False)
    return folder / "device.json"
