"""Which periods follow each other or lie in each other: quarters and years, by their names."""

from __future__ import annotations

import itertools
import re
from collections.abc import Collection

_NAMED = re.compile(r"(\d{4})(?:-Q([1-4]))?(?:#.*)?")
QUARTERS = 4
YEAR_LENGTH = len("2026")
# There are twice as many ways of having been there with each further period.
MOST_PERIODS = 8

Span = tuple[int, int] | str


def quarters_of(period: str) -> tuple[int, int] | None:
    """Return the first and the last quarter of a period, counted on; None where it is no such."""
    named = _NAMED.fullmatch(period)
    if named is None:
        return None
    first = int(named[1]) * QUARTERS
    if named[2] is None:
        return first, first + QUARTERS - 1
    return first + int(named[2]) - 1, first + int(named[2]) - 1


def touch(one: str, other: str) -> bool:
    """Tell whether one period begins when the other has ended."""
    here, there = quarters_of(one), quarters_of(other)
    if here is None or there is None:
        return False
    return here[0] == there[1] + 1 or there[0] == here[1] + 1


def lies_in(one: str, other: str) -> bool:
    """Tell whether every day of a period is a day of another, whoever counted it."""
    here, there = quarters_of(one), quarters_of(other)
    if here is None or there is None:
        return one == other
    return there[0] <= here[0] and here[1] <= there[1]


def ways_to_be_there(periods: Collection[str]) -> list[frozenset[str]] | None:
    """Return the sets of periods that somebody can have been in; None where there are too many.

    By the calendar alone: who was there in a quarter was there in its year, and in a year only
    who was there in one of its quarters. The same period counted twice is one.
    """
    names = sorted(periods)
    spans = [quarters_of(name) or name for name in names]
    different = sorted(set(spans), key=str)
    if len(different) > MOST_PERIODS:
        return None
    sizes = range(1, len(different) + 1)
    every = itertools.chain(*(itertools.combinations(different, size) for size in sizes))
    return [
        frozenset(name for name, span in zip(names, spans, strict=True) if span in chosen)
        for chosen in every
        if _can_be(chosen, different)
    ]


def birthdays_between(periods: Collection[str], known: Collection[str]) -> list[frozenset[str]]:
    """Return the periods at whose beginning somebody can be a year older than when they came.

    One set for each quarter from which on they are. A year goes by its first day there, so it is
    in none. All within one year, or nothing is said.

    Args:
        periods: those somebody was in.
        known: all periods of which something is known.
    """
    spans = {name: quarters_of(name) for name in periods}
    here = {span for span in spans.values() if span is not None}
    if None in spans.values() or len({first // QUARTERS for first, _ in here}) != 1:
        return []
    quarters = sorted(first for first, last in here if first == last)
    named = {span[0] for span in map(quarters_of, known) if span and span[0] == span[1]}
    # In a quarter nothing is known of they may have come, and had their birthday since.
    before = range(quarters[0] // QUARTERS * QUARTERS, quarters[0]) if quarters else ()
    later = quarters if any(one not in named for one in before) else quarters[1:]
    return [
        frozenset(name for name, span in spans.items() if span and start <= span[0] == span[1])
        for start in later
    ]


def _can_be(chosen: Collection[Span], spans: Collection[Span]) -> bool:
    """Tell whether somebody can have been there in these of all spans, and in no other."""
    timed = [span for span in spans if not isinstance(span, str)]
    for whole in timed:
        parts = [
            one for one in timed if one != whole and whole[0] <= one[0] and one[1] <= whole[1]
        ]
        if whole not in chosen and any(part in chosen for part in parts):
            return False
        quarters = {quarter for first, last in parts for quarter in range(first, last + 1)}
        is_covered = len(quarters) == whole[1] - whole[0] + 1
        if whole in chosen and is_covered and not any(part in chosen for part in parts):
            return False
    return True
