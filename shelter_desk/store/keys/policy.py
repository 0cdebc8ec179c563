"""Is a passphrase somebody thought of good enough? And if not, what would make it so.

Generated words are offered first; this is for those who want their own. Guessing programs know
every trick people use, so length and surprise count, and signs and capitals hardly do.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from shelter_desk.domain.words import normalise

SHORTEST = 12
LOWEST_SCORE = 3
_LONGEST_SCORED = 72  # zxcvbn refuses more; what follows only makes it stronger


@dataclass(frozen=True, slots=True)
class Strength:
    """`score` is zxcvbn's, 0 to 4. `advice` is plain sentences, empty when good enough."""

    score: int
    is_enough: bool
    advice: tuple[str, ...]


def strength(passphrase: str, known_names: Iterable[str] = ()) -> Strength:
    """Return how strong a self-chosen passphrase is.

    `known_names` are what a thief would try first: the shelter's name, the town, the staff.
    Takes about 10 ms.
    """
    # heavy: dictionaries of 44 ms
    from zxcvbn import zxcvbn  # noqa: PLC0415 - start-up time

    text = normalise(passphrase)
    names = [part for name in known_names for part in _spellings(name) if len(part) > 2]
    score = int(zxcvbn(text[:_LONGEST_SCORED], user_inputs=names)["score"]) if text else 0
    advice = tuple(_advice(text, score, names))
    return Strength(score, not advice, advice)


def _spellings(name: str) -> tuple[str, ...]:
    """Return a name as it may stand in a passphrase: whole, without spaces, each word."""
    words = name.split()
    return (name, "".join(words), *words)


def _advice(text: str, score: int, names: list[str]) -> Iterable[str]:
    if len(text) < SHORTEST:
        yield f"Use at least {SHORTEST} characters; this has {len(text)}."
    if score < LOWEST_SCORE:
        yield "This could be guessed. Four or more words that do not belong together are better."
        if any(name.casefold() in text.casefold() for name in names):
            yield "Leave out names of the shelter, the town and the people who work here."
        elif any(character.isdigit() for character in text):
            yield "Years, dates and digits at the end add very little."
