"""How a name sounds, to somebody who writes down what they heard, in English or in Spanish.

No library does both: Metaphone and its kin are English, and the only Double Metaphone for Python
without a compiler was last released in 2016. What staff need is smaller: two spellings of one
name must meet. A name has one key for each way it may be read ("Jimena" in Spanish begins like
"Ximena", in English like "Gina"), and two names sound alike when they share a key.

A key is the consonants in the order they are heard, A for a vowel at the beginning, and these
signs: B for b and v, F, J for j, soft g, y, ll and a heard h, K, L, M, N, P, R, S for s, z and
soft c, T, D, W, X for ch and sh. Vowels inside are left out: they are what is misheard most.
"""

from __future__ import annotations

import re

from shelter_desk.domain.people import folded

_MOST_KEYS = 8
_LONGEST = 12
# Letters at the beginning of what is left of a word -> each way to hear them. The first that fits
# counts, so longer ones stand first. `(?<!.)` is the beginning of the word.
_HEARD = tuple(
    (re.compile(letters), heard)
    for letters, heard in (
        (r"(?<!.)(?:kn|gn)", ("N",)),
        (r"(?<!.)wr", ("R",)),
        (r"(?<!.)x(?=[aeiouy])", ("J", "S")),
        (r"(?<!.)[iy](?=[aeou])", ("J",)),
        (r"(?<!.)hu(?=[aeiou])", ("W",)),
        (r"(?<!.)h[aeiouy]", ("A", "J")),
        (r"(?<!.)e(?=s[^aeiouys])", ("A", "")),
        (r"(?<!.)[aeiouy]", ("A",)),
        (r"tch|sch|sh", ("X",)),
        (r"ch(?=[lr])", ("K",)),
        (r"ch", ("X", "K")),
        (r"ph", ("F",)),
        (r"gh(?=[aeiou])", ("K",)),
        (r"gh", ("",)),
        (r"ck|cc(?![ei])|qu?|k", ("K",)),
        (r"gu(?=[ei])", ("K",)),
        (r"g(?=[eiy])", ("J", "K")),
        (r"s?c(?=[eiy])", ("S",)),
        (r"c", ("K",)),
        (r"x", ("KS", "S", "J")),
        (r"ll(?=[aeiouy])", ("J", "L")),
        (r"y(?=[aeiou])", ("J",)),
        (r"w(?=[aeiouy])", ("W",)),
        (r"wh?", ("",)),
        (r"m$", ("N",)),
        (r"th|t+", ("T",)),
        (r"dh|d+", ("D",)),
        (r"[bv]+", ("B",)),
        (r"g+", ("K",)),
        (r"[sz]+", ("S",)),
        (r"(?<=[aeiour])h(?=[aeiou])", ("", "J")),
        (r"[aeiouyh]", ("",)),
        (r"j", ("J",)),
        (r"([flmnpr])\1*", None),
    )
)
_WORD = re.compile(r"[a-z]+")


def sounds(name: str) -> frozenset[str]:
    """Return every key of a single word; none for what has no Latin letter."""
    letters = "".join(_WORD.findall(folded(name)))
    keys = {""}
    at = 0
    while at < len(letters):
        step, heard = _hear(letters, at)
        keys = {_join(key, sign) for key in keys for sign in heard}
        keys = set(sorted(keys)[:_MOST_KEYS])
        at += step
    return frozenset(key[:_LONGEST] for key in keys if key)


def sound_alike(one: str, other: str) -> bool:
    """Say whether two single words may be one name, written down by two people."""
    return bool(sounds(one) & sounds(other))


def words_of(name: str) -> tuple[str, ...]:
    """Return the single words of a name, folded; a hyphen and an apostrophe part words."""
    parts = re.split(r"[\s\-'’]+", folded(name))
    return tuple(dict.fromkeys(part for part in parts if part))


def _hear(letters: str, at: int) -> tuple[int, tuple[str, ...]]:
    """Return how many letters are heard as one, and each way to hear them."""
    for pattern, heard in _HEARD:
        found = pattern.match(letters, at)
        if found:
            return found.end() - at, heard or (found.group()[0].upper(),)
    return 1, ("",)


def _join(key: str, sign: str) -> str:
    # The same sign twice is heard once: "Anna", "Hassan", "Jesssica".
    return key if sign and key.endswith(sign) else key + sign
