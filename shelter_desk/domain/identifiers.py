"""Words that tell who somebody is, and how to find them in a text that shall leave the house.

Compared are words without accents and case, whatever stands between them. A name that the text
breaks at the end of a line, or spells with gaps, is found by its letters alone when it is long
enough to stand for itself. Where a script puts no space between words, or the next syllable right
after a name, a name is found inside of any run of letters. Dates are compared as days, however
they are written.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Set
from dataclasses import dataclass, field
from datetime import date
from itertools import chain, islice
from typing import NamedTuple
from unicodedata import bidirectional

from shelter_desk.domain.people import folded
from shelter_desk.domain.scripts import IN_WORDS, runs_on

NAME, STAFF, CASE_CODE, BIRTH_DATE, PHONE, PLACE = (
    "name", "staff name", "case code", "birth date", "phone number", "place",
)  # fmt: skip
_SHORTEST_PART = 3
_SHORTEST_ALONE = 7  # letters: a shorter one turns up by chance inside of other words
_SHORTEST_PHONE = 7
_STRETCH = 1 << 16  # letters of a text that are taken apart at once
_WORD = re.compile(f"[{IN_WORDS}]+")
_SPACE = re.compile(r"\s")
_BROKEN = re.compile(r"(?<=\w)[-\u00ad\u2010\u2011]\s*\n\s*(?=\w)")
_MONTHS = {
    month: number
    for number, names in enumerate(
        ("jan january enero", "feb february febrero", "mar march marzo", "apr april abril",
         "may mayo", "jun june junio", "jul july julio", "aug august agosto",
         "sep sept september septiembre", "oct october octubre", "nov november noviembre",
         "dec december diciembre"), 1)
    for month in names.split()
}  # fmt: skip
# Looked ahead, not taken: in "1 2 2011-04-07" the day begins inside of another likely one.
_NUMBERS = re.compile(r"(?<!\d)(?=(\d{1,4})[-./ ](\d{1,2})[-./ ](\d{1,4})(?!\d))")
_COMPACT = re.compile(r"(?<!\d)((?:19|20)\d\d)(\d\d)(\d\d)(?!\d)")
_NAMED = re.compile(
    r"(?<!\w)(?:(?P<day>\d{1,2})(?:st|nd|rd|th)?\.?(?: de| of)? (?P<month>[a-z]{3,10})"
    r"|(?P<month2>[a-z]{3,10}) (?P<day2>\d{1,2})(?:st|nd|rd|th)?)"
    r"\.?,?(?: de| of)? (?P<year>\d{4})(?!\d)"
)
_DIGITS = re.compile(r"\+?\d(?:[\s().\-/]{0,3}\d){6,14}")


class Identifier(NamedTuple):
    """Something that tells who somebody is. A birth date is spelled "YYYY-MM-DD"."""

    kind: str
    text: str


class Hit(NamedTuple):
    """What kind of identifier stands in a text; never which one: this is shown and kept.

    `is_common`: it is also a word that every such paper holds, so that a person must look. Then,
    and only then, `word` says which, in small letters: to those who look, never on a paper.
    """

    kind: str
    is_common: bool
    word: str = ""


def words_of(text: str) -> tuple[str, ...]:
    """Return the words of a text as they are compared."""
    return tuple(_WORD.findall(_compared(text)))


@dataclass(frozen=True)
class Identifiers:
    """Everybody's identifiers, made ready to be looked for. `repr` shows none of them."""

    known: tuple[Identifier, ...] = field(repr=False)
    _runs: dict[tuple[str, ...], set[str]] = field(default_factory=dict, repr=False)
    _lengths: dict[str, set[int]] = field(default_factory=dict, repr=False)
    _alone: dict[str, str] = field(default_factory=dict, repr=False)
    _days: set[date] = field(default_factory=set, repr=False)
    _phones: set[str] = field(default_factory=set, repr=False)

    def __post_init__(self) -> None:
        for one in self.known:
            if one.kind == BIRTH_DATE:
                self._days.add(date.fromisoformat(one.text))
            elif one.kind == PHONE:
                self._phones.add(_bare(one.text)[-_SHORTEST_PHONE:])
            else:
                self._add_words(one)

    def find(self, text: str, common: Set[str] = frozenset()) -> frozenset[Hit]:
        """Return what kinds of identifiers stand in a text; `common` are words of every paper."""
        joined = _BROKEN.sub("", text)
        compared = _compared(joined)
        found = set(self._by_words(compared, common)) | set(self._by_letters(compared, common))
        if joined != text:
            found |= set(self._by_words(_compared(text), common))
        if self._days and not self._days.isdisjoint(days_in(text)):
            found.add(Hit(BIRTH_DATE, is_common=False))
        if self._phones and not self._phones.isdisjoint(phones_in(text)):
            found.add(Hit(PHONE, is_common=False))
        return frozenset(found)

    def _add_words(self, one: Identifier) -> None:
        words = words_of(one.text)
        runs = {words} if words else set()
        if one.kind in (NAME, STAFF):
            runs |= {(word,) for word in words if len(word) >= _SHORTEST_PART or runs_on(word)}
        if any(bidirectional(word[0]) in ("R", "AL") for word in words):
            # As readers of PDFs give it back: words among English ones in the order of the page,
            # letters too where the script is one that they do not know, such as Adlam.
            is_new = max(one.text) > "\uffff"
            runs.add(tuple(word[::-1] if is_new else word for word in words[::-1]))
        for run in runs:
            self._runs.setdefault(run, set()).add(one.kind)
            self._lengths.setdefault(run[0], set()).add(len(run))
            letters = "".join(run)
            if len(letters) >= _SHORTEST_ALONE or runs_on(letters):
                self._alone[letters] = one.kind

    def _by_words(self, compared: str, common: Set[str]) -> Iterator[Hit]:
        # One word after the other: a file of a pack may have a million of them. Case codes of
        # thousands begin alike, so what follows is looked up, not compared with each.
        for word in _WORD.finditer(compared):
            lengths = self._lengths.get(word[0])
            if lengths is None:
                continue
            following = _words_from(compared, word.start(), max(lengths))
            for run in {following[:length] for length in lengths}:
                is_common = set(run) <= common
                for kind in self._runs.get(run, ()):
                    yield Hit(kind, is_common, " ".join(run) if is_common else "")

    def _by_letters(self, compared: str, common: Set[str]) -> Iterator[Hit]:
        letters = _letters_of(compared)
        for alone, kind in self._alone.items():
            if alone not in common and alone in letters:
                yield Hit(kind, is_common=False)


def _compared(text: str) -> str:
    """Return a text as its words are compared, with what stands between them."""
    return _folded(text).replace("_", " ")


def _folded(text: str) -> str:
    """Return what `folded` does, by stretches: all of a large file at once takes many times it."""
    if len(text) <= _STRETCH:
        return folded(text)
    return " ".join(filter(None, map(folded, _stretches(text))))


def _stretches(text: str) -> Iterator[str]:
    at = 0
    while at < len(text):
        space = _SPACE.search(text, at + _STRETCH)
        end = space.start() if space else len(text)
        yield text[at:end]
        at = end


def _words_from(compared: str, start: int, most: int) -> tuple[str, ...]:
    return tuple(word[0] for word in islice(_WORD.finditer(compared, start), most))


def _letters_of(compared: str) -> str:
    """Return the letters of all words in a row; which of them make a word does not matter."""
    return "".join(
        "".join(_WORD.findall(compared, at, at + _STRETCH))
        for at in range(0, len(compared), _STRETCH)
    )


def days_in(text: str) -> Iterator[date]:
    """Yield every day that a text may be naming, however it is written."""
    low = _folded(text)
    for numbers in chain(_NUMBERS.finditer(low), _COMPACT.finditer(low)):
        yield from _as_days(*map(int, numbers.groups()))
    for match in _NAMED.finditer(low):
        part: Mapping[str, str | None] = match.groupdict()
        month = _MONTHS.get(part["month"] or part["month2"] or "")
        if month:
            day = int(part["day"] or part["day2"] or 0)
            yield from _possible(((int(part["year"] or 0), month, day),))


def _as_days(first: int, second: int, third: int) -> Iterator[date]:
    if first > 31:
        yield from _possible(((first, second, third),))
    else:
        year = third if third > 99 else 2000 + third
        yield from _possible(((year, second, first), (year, first, second)))


def _possible(spellings: Iterable[tuple[int, int, int]]) -> Iterator[date]:
    for year, month, day in spellings:
        try:
            yield date(year, month, day)
        except ValueError:
            continue


def _bare(text: str) -> str:
    return re.sub(r"\D", "", text)


def phones_in(text: str) -> Iterator[str]:
    """Yield the last seven digits of everything in a text that may be a phone number."""
    for match in _DIGITS.finditer(text):
        digits = _bare(match[0])
        yield digits[-_SHORTEST_PHONE:]
