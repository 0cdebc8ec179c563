"""The confidentiality agreement: its text, and the edition that people accepted."""

from __future__ import annotations

import hashlib
import tomllib
from dataclasses import dataclass

from shelter_desk.domain.errors import ContentError, Problem

_FILE = "confidentiality.toml"
_EDITION_LETTERS = 12


@dataclass(frozen=True, slots=True)
class Agreement:
    """What everybody who signs in agrees to. `edition` changes with every change of the text."""

    edition: str
    title: str
    intro: str
    points: tuple[str, ...]
    promise: str
    foot: str


def agreement_from(text: str) -> Agreement:
    """Return the agreement from the text of its file.

    Raises:
        ContentError: when something is missing; nobody can agree to half a text.
    """
    try:
        told = tomllib.loads(text)
        points = tuple(str(point) for point in told["points"])
        parts = [str(told[name]) for name in ("title", "intro", "promise", "foot")]
    except (tomllib.TOMLDecodeError, KeyError, TypeError) as error:
        raise _damaged() from error
    if not points or not all([*points, *parts]):
        raise _damaged()
    said = "\n".join([*parts, *points])
    edition = hashlib.sha256(said.encode()).hexdigest()[:_EDITION_LETTERS]
    title, intro, promise, foot = parts
    return Agreement(edition, title, intro, points, promise, foot)


def _damaged() -> ContentError:
    return ContentError((Problem(_FILE, "the confidentiality agreement is damaged or missing"),))
