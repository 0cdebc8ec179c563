"""Ages and age bands, from a birth date or from an estimate."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from shelter_desk.domain.content import Value


@dataclass(frozen=True, slots=True)
class AgeEstimate:
    """An age in full years as it was judged on a day, where the birth date is not known."""

    years: int
    judged_on: date


def turns_on(born_on: date, years: int) -> date:
    """Return the day someone turns `years`; born on 29 February: 1 March in common years."""
    try:
        return born_on.replace(year=born_on.year + years)
    except ValueError:
        return date(born_on.year + years, 3, 1)


def age_on(day: date, *, born_on: date | None, estimate: AgeEstimate | None = None) -> int | None:
    """Return the age in full years on `day`, or None when nothing is known.

    The birth date comes first. An estimate grows by one on each anniversary of the day it was
    made. A day before birth gives None: a wrong date must not become an age.
    """
    if born_on is not None:
        return _full_years(born_on, day) if born_on <= day else None
    if estimate is None:
        return None
    if day >= estimate.judged_on:
        return estimate.years + _full_years(estimate.judged_on, day)
    # Going back, the day one year before the estimate is the last one of the age before.
    age = estimate.years - _full_years(day, estimate.judged_on)
    return age if age >= 0 else None


def _full_years(since: date, day: date) -> int:
    years = day.year - since.year
    return years if day >= turns_on(since, years) else years - 1


def age_band(age: int | None, bands: Sequence[Value]) -> str:
    """Return the code of the band of lists/age_bands.toml that an age lies in.

    An unknown age gives the first band marked as missing. An age above all bands gives the
    highest one.

    Raises:
        ValueError: when the age is negative, or `bands` has no band for an unknown age.
    """
    if age is None:
        for band in bands:
            if band.missing:
                return band.code
        raise ValueError("the list has no band for an unknown age")
    if age < 0:
        raise ValueError(f"{age} is not an age")
    ranges = [(band, band.extra.get("max_years")) for band in bands if not band.missing]
    for band, highest in ranges:
        if isinstance(highest, int) and age <= highest:
            return band.code
    return ranges[-1][0].code
