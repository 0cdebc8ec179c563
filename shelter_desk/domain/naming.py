"""Names in a line about several people: kept as marks, told again, or left out.

A mark is a key between two characters that nobody types. It stands where a name or a code stood,
so that a line shows what somebody is called now, and a copy for one of them names nobody else.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from shelter_desk.domain.scripts import IN_WORDS, runs_on

_OPEN, _CLOSE = "\ue000", "\ue001"
_MARK = re.compile(f"{_OPEN}([^{_CLOSE}]*){_CLOSE}")
_WORD = re.compile(f"[{IN_WORDS}]+")
_SHORTEST_PART = 3
_BETWEEN = "and da das de del den der dos du e el la las los the van von y"
PARTICLES = frozenset(_BETWEEN.split())
"""Words between names, in English, Spanish and what families bring along: they name nobody."""


@dataclass(frozen=True, slots=True)
class Named:
    """Somebody by one of their names. `as_written`: only where it begins as a name begins.

    "Sky" is somebody then, and "the sky" is not.
    """

    key: str
    name: str
    as_written: bool = False


def names_of(key: str, called: str, *others: str, as_written: bool = False) -> tuple[Named, ...]:
    """Return the ways somebody may be named: whole, by a part, by others such as a code.

    "María de los Ángeles" is nobody by "los": every line with that word would be about her.
    """
    parts = [
        part
        for part in called.split()
        if (len(part) >= _SHORTEST_PART and part.casefold() not in PARTICLES) or runs_on(part)
    ]
    every = dict.fromkeys((called, *parts, *others))
    return tuple(Named(key, name, as_written) for name in every if name.strip())


def marked(text: str, people: Iterable[Named]) -> str:
    """Return `text` with a mark for every name; names of nobody given stay as they are."""
    typed = "".join(mark for mark in text if mark not in (_OPEN, _CLOSE))
    return _put(typed, people, lambda key: f"{_OPEN}{key}{_CLOSE}")


def keys_in(text: str) -> tuple[str, ...]:
    """Return the keys of the marks, in the order of the text, each once."""
    return tuple(dict.fromkeys(_MARK.findall(text)))


def told(text: str, name_of: Callable[[str], str]) -> str:
    """Return `text` with a name for every mark."""
    return _MARK.sub(lambda found: name_of(found[1]), text)


def bare(text: str) -> str:
    """Return `text` without its marks: what is said, and of nobody."""
    return _MARK.sub(" ", text)


def without(text: str, people: Iterable[Named], instead: str) -> str:
    """Return `text` with `instead` for every one of these names, however it is written."""
    return _put(text, people, lambda _key: instead)


def shortened(text: str, names: Iterable[str], short: Callable[[str], str]) -> str:
    """Return `text` with what `short` makes of each of these names, where a name is written."""
    people = [one for name in names for one in names_of(short(name), name, as_written=True)]
    return _put(text, people, lambda key: key)


def words_of(text: str) -> tuple[str, ...]:
    """Return the words of a text, each once, as they are written."""
    return tuple(dict.fromkeys(_WORD.findall(bare(text))))


def _put(text: str, people: Iterable[Named], instead: Callable[[str], str]) -> str:
    text = unicodedata.normalize("NFC", text)
    ordered = sorted(people, key=lambda one: len(one.name), reverse=True)
    found: list[tuple[int, int, str]] = []
    plain = _plain(text)
    for one in ordered:
        name = re.escape(_plain(one.name))
        # Where no space is between words, a name begins and ends anywhere.
        wanted = name if runs_on(one.name) else f"(?<![{IN_WORDS}]){name}(?![{IN_WORDS}])"
        for match in re.finditer(wanted, plain):
            begin, end = match.span()
            is_free = all(end <= low or begin >= high for low, high, _ in found)
            if is_free and (not one.as_written or _begins_alike(text[begin], one.name)):
                found.append((begin, end, one.key))
    for begin, end, key in sorted(found, reverse=True):
        text = text[:begin] + instead(key) + text[end:]
    return text


def _begins_alike(letter: str, name: str) -> bool:
    return letter.isupper() == name[0].isupper()


def _plain(text: str) -> str:
    """Return `text` without accents and case, letter for letter: places stay the same."""
    # A syllable of Hangul is three letters, and its first one alone is anybody's.
    composed = [
        letter if "\u3040" <= letter <= "\ud7a3" else unicodedata.normalize("NFD", letter)[0]
        for letter in text
    ]
    return "".join(letter.casefold()[:1] or letter for letter in composed)
