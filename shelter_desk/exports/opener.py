"""What ships with the program to go beside and into a pack: the opener and the two read-mes."""

from __future__ import annotations

import hashlib

from shelter_desk.paths import resources


def opener_bytes() -> bytes:
    """Return OPEN-ME.html: the page that opens and checks a pack in a browser, without network."""
    return (resources() / "opener" / "OPEN-ME.html").read_bytes()


def opener_sha256() -> str:
    """Return the SHA-256 (hex) of the opener, for the manifest and the paper cover sheet."""
    return hashlib.sha256(opener_bytes()).hexdigest()


def stick_readme() -> str:
    """Return the neutral text that lies beside the pack; it names no shelter and no program."""
    return (resources() / "opener" / "READ-ME.txt").read_text(encoding="utf-8")


def readme_in_pack() -> str:
    """Return the text inside the pack: how to check it with stock tools alone."""
    return (resources() / "opener" / "README-IN-PACK.txt").read_text(encoding="utf-8")
