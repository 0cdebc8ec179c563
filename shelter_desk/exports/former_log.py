"""What a reader still has of the pack before: enough to have an older one refused in its place."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from shelter_desk.domain.audit import short_form
from shelter_desk.domain.merkle import merkle_root, read_checkpoint, read_note
from shelter_desk.exports.manifest import read_manifest
from shelter_desk.exports.problems import ManifestError, PackError

_TYPED = re.compile(r"(?:LOG)?([0-9]{1,15})([0-9A-HJKMNP-TV-Z]{16})")


@dataclass(frozen=True, slots=True)
class FormerLog:
    """The audit log as a reader knows it from before: its size, and both as printed on paper."""

    size: int
    short: str

    def begins(self, leaves: Sequence[bytes]) -> bool:
        """Say whether a log still begins with what was known of it."""
        return short_form(self.size, merkle_root(leaves[: self.size])) == self.short


def read_former(text: str) -> FormerLog:
    """Read a manifest.json, an audit/checkpoint.txt, or the log as it stands on a cover sheet.

    Raises:
        PackError: it is none of them.
    """
    typed = _TYPED.fullmatch("".join(sign for sign in text.upper() if sign.isalnum()))
    if typed:
        size, letters = int(typed[1]), typed[2]
        groups = " ".join(letters[i : i + 4] for i in range(0, 16, 4))
        return FormerLog(size, f"{size:,} · {groups}")
    try:
        if text.startswith("{"):
            audit = read_manifest(text.encode()).audit
            return _sealed(audit.size, bytes.fromhex(audit.root))
        checkpoint = read_checkpoint(read_note(text).text)
    except (ManifestError, ValueError):
        words = (
            "A former pack is told by its manifest.json, its audit/checkpoint.txt, or the line of "
            "the audit log on its cover sheet."
        )
        raise PackError(words) from None
    return _sealed(checkpoint.size, checkpoint.root)


def former_of(given: str) -> FormerLog:
    """Read what was given on a command line: the path of a file, or the line on a cover sheet.

    Raises:
        PackError: there is no such file, and it is no such line.
    """
    file = Path(given)
    if file.is_file():
        return read_former(file.read_bytes().decode("utf-8", "replace"))
    try:
        return read_former(given)
    except PackError:
        words = (
            f"There is no file {file.name} there, and it is not the line of the audit log on a "
            "cover sheet either. Name a manifest.json or an audit/checkpoint.txt of the pack "
            "before, or type that line."
        )
        raise PackError(words) from None


def _sealed(size: int, root: bytes) -> FormerLog:
    return FormerLog(size, short_form(size, root))
