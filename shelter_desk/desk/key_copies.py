"""The third copy of each key file, which this computer keeps apart from the records."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from shelter_desk.paths import key_copies
from shelter_desk.store.keys import slot_file
from shelter_desk.store.safe_file import replace_bytes


def keys_name(vault_id: str, lines: Sequence[str] = ()) -> str:
    """Return the name of the keys part: the same for all backups of the same line of records.

    Records that were brought back may know less than a backup that was made after the one they
    came from. They begin a new line, so that they never replace the keys of what they do not know.
    """
    line = bytes.fromhex(vault_id + (lines[-1] if lines else ""))
    return f"K-{hashlib.sha256(b'keys part ' + line).hexdigest()[:10]}.age"


def former_keys_names(vault_id: str, lines: Sequence[str]) -> tuple[str, ...]:
    """Return the names of the keys parts from before the records were brought back."""
    return tuple(keys_name(vault_id, lines[:count]) for count in range(len(lines)))


def keep_key_copy(folder: Path, vault_id: str, lines: Sequence[str] = ()) -> None:
    """Keep a third copy of the key file on this computer, apart from the records.

    No backup carries slots that a thief could guess at. This copy lets a director restore here
    with a passphrase; elsewhere it takes the recovery kit. A disk that refuses it costs no more
    than that, so it does not make a good backup look bad.
    """
    kept = kept_keys(vault_id, lines)
    with suppress(OSError):
        kept.mkdir(mode=0o700, parents=True, exist_ok=True)
        for name in (slot_file.FIRST_COPY, slot_file.SECOND_COPY):
            replace_bytes(kept / name, (folder / slot_file.FIRST_COPY).read_bytes())


def kept_keys(vault_id: str, lines: Sequence[str] = ()) -> Path:
    """Return the folder of the third copy of one key file."""
    return key_copies() / keys_name(vault_id, lines).removesuffix(".age")


def key_files_for(backup: Path, named: str | None) -> tuple[Path, ...]:
    """Return the folders on this computer whose key file may open this backup.

    The one that was named, else the copy this computer kept when it made backups to this place.
    """
    if named is not None:
        return (Path(named),)
    place = backup if backup.is_dir() else backup.parent
    kept = (key_copies() / file.stem for file in sorted(place.glob("K-*.age")))
    return tuple(folder for folder in kept if slot_file.exists(folder))
