"""Letters that none of the embedded typefaces has: the paper says so, where they stand.

The faces have the letters of the living scripts (`scripts`). A rare ideograph, a picture younger
than the faces or a script of scholars would come out as a gap that nobody was warned of.
"""

from __future__ import annotations

from collections.abc import Container
from dataclasses import fields, is_dataclass, replace
from typing import Any, TypeVar, cast
from unicodedata import category

from shelter_desk.reports.blocks import Notice, Paper

STANDS_FOR = "□"
_T = TypeVar("_T")
_NOTICES = {
    "en": Notice(
        "Write in by hand",
        f"Some letters cannot be printed here. {STANDS_FOR} stands for each of them.",
    ),
    "es": Notice(
        "Complete a mano",
        f"Algunas letras no se pueden imprimir aquí. {STANDS_FOR} ocupa el lugar de cada una.",
    ),
}


def printable(paper: Paper, known: Container[int]) -> Paper:
    """Return a paper that says which letters it lacks, or the paper itself where it has all.

    Args:
        paper: as it was written.
        known: the code points that the typefaces have.
    """
    lacking = "".join(_lacking(paper, known))
    if not lacking:
        return paper
    # A mark that belongs to the letter before it takes no room of its own.
    signs = {ord(sign): "" if category(sign)[0] == "M" else STANDS_FOR for sign in lacking}
    written = _translated(paper, signs)
    notice = _NOTICES.get(paper.language[:2], _NOTICES["en"])
    return replace(written, blocks=(*written.blocks[:1], notice, *written.blocks[1:]))


def steers(sign: str) -> bool:
    """Say whether a sign is not seen on any paper: joiners, breaks, selectors of a shape."""
    return category(sign) in ("Cc", "Cf", "Cs") or "\ufe00" <= sign <= "\ufe0f"


def _lacking(value: object, known: Container[int]) -> set[str]:
    if isinstance(value, str):
        if value.isascii():
            return set()
        return {sign for sign in value if not steers(sign) and ord(sign) not in known}
    return set().union(*(_lacking(part, known) for part in _parts(value)))


def _parts(value: object) -> tuple[Any, ...]:
    if is_dataclass(value):
        return tuple(getattr(value, field.name) for field in fields(value))
    return value if isinstance(value, tuple) else ()


def _translated(value: _T, signs: dict[int, str]) -> _T:
    found: Any = value
    if isinstance(value, str):
        found = value.translate(signs)
    elif isinstance(value, tuple):
        found = tuple(_translated(part, signs) for part in value)
    elif is_dataclass(value) and not isinstance(value, type):
        names = [field.name for field in fields(value)]
        found = replace(
            value, **{name: _translated(getattr(value, name), signs) for name in names}
        )
    return cast("_T", found)
