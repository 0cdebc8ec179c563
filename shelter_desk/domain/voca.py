"""How the answers a person gave become the one line of the victim assistance form.

Source: counting rules of the performance measures as read in public reporting code; the mapping
itself stands in the value lists, where a state's own codebook can change it.
"""

from __future__ import annotations

from datetime import date

from shelter_desk.domain.content import Value, ValueList
from shelter_desk.domain.periods import Period

YEAR_BEGINS = 10
"""The month the federal fiscal year begins in, where the profile names no other."""
_HISPANIC, _BLACK = "voca-hispanic", "voca-black"
_UNLESS_BLACK = "hispanic-unless-also-black"

Codes = tuple[str, ...]


def year_starts_on(period: Period, month: int = YEAR_BEGINS) -> date:
    """Return the first day of the funder's year that a quarter lies in."""
    start = period.starts_on
    return date(start.year if start.month >= month else start.year - 1, month, 1)


def race_line(races: ValueList, codes: Codes | None) -> str:
    """Return the one line of the form for the races and ethnicities that somebody named."""
    lines = _lines(races, codes)
    rule = races.mapping
    if rule is None or len(lines) < 2:
        return lines[0] if lines else _not_asked(races)
    tie = rule.hispanic_with_another
    if _HISPANIC in lines and tie == _HISPANIC:
        return _HISPANIC
    if _HISPANIC in lines and tie == _UNLESS_BLACK and _BLACK not in lines:
        return _HISPANIC
    return rule.several_selected


def gender_line(genders: ValueList, codes: Codes | None, chosen: Codes | None) -> str:
    """Return the one line for the genders somebody named; `chosen` where they named several."""
    lines = _lines(genders, codes)
    if len(lines) < 2:
        return lines[0] if lines else _not_asked(genders)
    rule = genders.mapping
    return chosen[0] if chosen else rule.no_answer if rule else lines[0]


def _lines(values: ValueList, codes: Codes | None) -> list[str]:
    """Return the different lines that some answers stand for, in the order of the list."""
    found = [value for value in values.values if value.code in (codes or ())]
    return list(dict.fromkeys(_line(value) for value in found))


def _not_asked(values: ValueList) -> str:
    """Return the line of what was never asked: the last of the list, which says so."""
    return _line(values.values[-1])


def _line(value: Value) -> str:
    return str(value.extra["to_voca"])
