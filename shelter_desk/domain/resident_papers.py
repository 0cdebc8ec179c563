"""The papers handed to young people, in the languages they read: words as data, checked whole.

English says which papers there are and how each is built. Every other language says the same
parts in the same order, so that nobody is given less because of the language they speak.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from shelter_desk.domain.errors import ContentError, Problem
from shelter_desk.domain.file_looks import KINDS, FileLook
from shelter_desk.domain.people import folded

FIRST = "en"
CALLED = "{called}"
_PAGE_MARKS = ("{0}", "{1}")
_WORDS = ("heading", "text")
_LISTS = ("points", "numbers", "lines")


@dataclass(frozen=True, slots=True)
class PaperPart:
    """One part of a paper, from top to bottom; what is empty is not there.

    `numbers` are pairs: when to call, and whom. `lines` are written on by hand; one without words
    goes on with the line above it.
    """

    heading: str = ""
    text: str = ""
    points: tuple[str, ...] = ()
    numbers: tuple[tuple[str, str], ...] = ()
    lines: tuple[str, ...] = ()

    def words(self) -> Iterator[str]:
        """Yield everything that is said."""
        yield from (self.heading, self.text, *self.points, *self.lines)
        for when, number in self.numbers:
            yield from (when, number)


@dataclass(frozen=True, slots=True)
class PaperWords:
    """One paper in one language. `hello` stands in place of the title once a name is known."""

    id: str
    title: str
    hello: str
    foot: str
    parts: tuple[PaperPart, ...]

    @property
    def names_them(self) -> bool:
        """Return whether the name they like to be called stands on it."""
        return bool(self.hello)


@dataclass(frozen=True, slots=True)
class LookedWords:
    """The words for the list of who has looked at a file.

    `columns`: day, who, what. `day` is filled with day, month and year. `acts`: kind (see
    `file_looks`) -> what is said of one act, and of several ({0} is how many).
    """

    columns: tuple[str, ...]
    day: str
    months: tuple[str, ...]
    nothing: str
    acts: Mapping[str, tuple[str, ...]]

    def said(self, look: FileLook) -> tuple[str, str, str]:
        """Return a line of the list: the day, the person, and what they did."""
        told = (self._act(kind, count) for kind, count in look.acts)
        day = self.day.format(look.day.day, self.months[look.day.month - 1], look.day.year)
        return day, look.who, ", ".join(told)

    def words(self) -> Iterator[str]:
        """Yield everything that is said."""
        yield from (*self.columns, self.day, *self.months, self.nothing)
        for said in self.acts.values():
            yield from said

    def _act(self, kind: str, count: int) -> str:
        one, several = self.acts[kind]
        return one if count == 1 else several.format(count)


@dataclass(frozen=True, slots=True)
class PaperLanguage:
    """A language. `tag` is for screen readers, `also_called` how staff write it down, folded."""

    code: str
    tag: str
    name: str
    also_called: tuple[str, ...]
    page: str
    papers: Mapping[str, PaperWords]
    looked: LookedWords


@dataclass(frozen=True, slots=True)
class ResidentPapers:
    """Every paper in every language; language code -> language, English first."""

    languages: Mapping[str, PaperLanguage]

    def language_of(self, spoken: str) -> str:
        """Return the code of the language named first in what a record says; English if none."""
        said = folded(spoken)
        found = [
            (said.find(word), code)
            for code, language in self.languages.items()
            for word in language.also_called
            if word in said
        ]
        return min(found, default=(0, FIRST))[1]


def read_resident_papers(files: Mapping[str, str]) -> ResidentPapers:
    """Return the papers from their files: language code -> text.

    Raises:
        ContentError: naming everything that is wrong; half a right is none.
    """
    found: dict[str, PaperLanguage] = {}
    for code in sorted(files, key=lambda name: (name != FIRST, name)):
        found[code] = _language(code, files[code])
    if FIRST not in found:
        raise _wrong([(FIRST, "the papers in English are missing")])
    problems = [
        problem
        for language in found.values()
        for problem in (*_empty(language), *_different(language, found[FIRST]))
    ]
    if problems:
        raise _wrong(problems)
    return ResidentPapers(found)


def _language(code: str, text: str) -> PaperLanguage:
    try:
        told = tomllib.loads(text)
        papers = [_paper(one) for one in told["papers"]]
        return PaperLanguage(
            code=code,
            tag=str(told["language"]),
            name=str(told["name"]),
            also_called=tuple(folded(str(word)) for word in told["also_called"]),
            page=str(told["page"]),
            papers={one.id: one for one in papers},
            looked=_looked(told["looked"]),
        )
    except (tomllib.TOMLDecodeError, KeyError, TypeError, ValueError, AttributeError) as error:
        raise _wrong([(code, "the papers for young people are damaged")]) from error


def _paper(told: Mapping[str, object]) -> PaperWords:
    parts = _list(told["parts"])
    said = [str(told[name]) for name in ("id", "title", "foot")]
    paper_id, title, foot = said
    hello = str(told.get("hello", ""))
    return PaperWords(paper_id, title, hello, foot, tuple(_part(one) for one in parts))


def _looked(told: Mapping[str, Any]) -> LookedWords:
    return LookedWords(
        columns=tuple(map(str, _list(told["columns"]))),
        day=str(told["day"]),
        months=tuple(map(str, _list(told["months"]))),
        nothing=str(told["nothing"]),
        acts={kind: tuple(map(str, _list(told["acts"][kind]))) for kind in KINDS},
    )


def _part(told: Mapping[str, object]) -> PaperPart:
    unknown = set(told) - {*_WORDS, *_LISTS}
    heading, text = (str(told.get(name, "")) for name in _WORDS)
    points, numbers, lines = (_list(told.get(name, [])) for name in _LISTS)
    if unknown:
        raise TypeError
    pairs = tuple((str(when), str(number)) for when, number in numbers)
    return PaperPart(heading, text, tuple(map(str, points)), pairs, tuple(map(str, lines)))


def _list(told: object) -> list[Any]:
    if not isinstance(told, list):
        raise TypeError
    return told


def _empty(language: PaperLanguage) -> Iterator[tuple[str, str]]:
    if not (language.tag and language.name and language.also_called):
        yield language.code, "a language needs its tag, its name and how it is written down"
    if not all(mark in language.page for mark in _PAGE_MARKS):
        yield language.code, "the words for the page need both of their numbers"
    yield from _unfit(language)
    for paper in language.papers.values():
        if not (paper.title and paper.foot and paper.parts):
            yield language.code, f"{paper.id}: a title, a foot or every part is missing"
        for part in paper.parts:
            said = (*part.points, *(word for pair in part.numbers for word in pair))
            if not all(one.strip() for one in said) or not any(part.words()):
                yield language.code, f"{paper.id}: something is empty"


def _unfit(language: PaperLanguage) -> Iterator[tuple[str, str]]:
    words = language.looked
    if (len(words.columns), len(words.months)) != (3, 12) or not all(words.words()):
        yield language.code, "looked: three columns, twelve months and every word are needed"
    if not all(f"{{{place}}}" in words.day for place in range(3)):
        yield language.code, "looked: a day needs its number, its month and its year"
    if not all(len(said) == 2 and "{0}" in said[1] for said in words.acts.values()):
        yield language.code, "looked: each act needs words for one, and for {0} of them"


def _different(language: PaperLanguage, first: PaperLanguage) -> Iterator[tuple[str, str]]:
    if list(language.papers) != list(first.papers):
        yield language.code, "its papers are not those of the English file, in their order"
        return
    for paper_id, paper in language.papers.items():
        if _shape(paper) != _shape(first.papers[paper_id]):
            yield language.code, f"{paper_id}: its parts are not those of the English paper"


def _shape(paper: PaperWords) -> tuple[object, ...]:
    parts = tuple(
        (
            bool(part.heading),
            bool(part.text),
            len(part.points),
            len(part.numbers),
            tuple(bool(line) for line in part.lines),
        )
        for part in paper.parts
    )
    return CALLED in paper.hello, bool(paper.hello), parts


def _wrong(found: list[tuple[str, str]]) -> ContentError:
    return ContentError(
        tuple(Problem(f"{code}.toml", f"papers/{code}.toml: {what}") for code, what in found)
    )
