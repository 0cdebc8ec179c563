"""Passphrases made of words: make them, tidy what was typed, and name the word that is wrong."""

from __future__ import annotations

import difflib
import math
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass

SIGN_IN_WORDS = 4
"""Words in a generated passphrase for signing in: 51.7 bits over 7,776 words."""

EXPORT_WORDS = 6
"""Words that seal an export: 77.5 bits, because whoever holds the stick can guess for years."""


def generate(words: Sequence[str], count: int, choose: Callable[[int], int]) -> str:
    """Return `count` words with single spaces between them.

    `choose(n)` returns a whole number from 0 to n - 1, each equally likely; outside of tests it
    is `secrets.randbelow` and nothing else.
    """
    if count < 1 or not words:
        message = "a passphrase needs at least one word, and a list to choose from"
        raise ValueError(message)
    return " ".join(words[choose(len(words))] for _ in range(count))


def strength_bits(list_length: int, count: int) -> float:
    """Return the strength of `count` words chosen at random, in bits."""
    return count * math.log2(list_length)


def normalise(text: str) -> str:
    """Return the passphrase as it is meant: NFKC, no outer spaces, one space between words.

    Capitals stay as they are: a self-chosen passphrase may lean on them.
    """
    return " ".join(unicodedata.normalize("NFKC", text).split())


@dataclass(frozen=True, slots=True)
class OffList:
    """A typed word that is not on the list. `position` counts from 1; no `nearest` is ""."""

    position: int
    word: str
    nearest: str


def words_off_list(text: str, words: Sequence[str]) -> tuple[OffList, ...]:
    """Return the words of `text` that are not on the list, each with the most similar one.

    An empty answer means that every word is on the list (not that the passphrase is right).
    """
    known = frozenset(words)
    typed = normalise(text).casefold().split(" ") if normalise(text) else []
    return tuple(
        OffList(position, word, _nearest(word, words))
        for position, word in enumerate(typed, start=1)
        if word not in known
    )


def _nearest(word: str, words: Sequence[str]) -> str:
    close = difflib.get_close_matches(word, words, n=1, cutoff=0.6)
    return close[0] if close else ""
