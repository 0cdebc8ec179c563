"""Who was in the house: the census month by month, ages of those who came, lengths of stay."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date

from shelter_desk.desk.base import Read, milliseconds
from shelter_desk.desk.counted import STAY, CountedRow, CountedTable, Figure, Span, each
from shelter_desk.desk.report_rows import StayRow, band_of, nights_in
from shelter_desk.domain.periods import Period, day_starts_at
from shelter_desk.domain.report_values import mean, median

DAY_MS = 24 * 60 * 60 * 1000
STAY_BANDS = (
    ("0-7", "0 to 7 days", 7),
    ("8-30", "8 to 30 days", 30),
    ("31-90", "31 to 90 days", 90),
    ("91-180", "91 to 180 days", 180),
    ("181-365", "181 to 365 days", 365),
    ("366-up", "366 days and more", None),
)
_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July",
    "August", "September", "October", "November", "December",
)  # fmt: skip


def months_of(read: Read, period: Period) -> Iterator[tuple[str, str, Span]]:
    """Yield code, words and instants of each month of a period."""
    for number in range(period.starts_on.month, period.ends_on.month + 1):
        begins = date(period.year, number, 1)
        after = date(period.year + number // 12, number % 12 + 1, 1)
        zone = read.house.zone
        span = Span(
            period,
            milliseconds(day_starts_at(begins, zone)),
            milliseconds(day_starts_at(after, zone)),
        )
        yield f"{period.year}-{number:02}", f"{_MONTHS[number - 1]} {period.year}", span


def is_here(stay: StayRow, at: int) -> bool:
    """Tell whether somebody came before a stored instant and did not leave before it.

    So that who is here at the start, and came, less who left, is who is here at the end.
    """
    return stay.began_at < at and (stay.ended_at is None or stay.ended_at >= at)


def census(read: Read, span: Span, stays: Iterable[StayRow]) -> CountedTable:
    """Count who was here, came and left, month by month, and the nights of care."""
    columns = (
        ("start", "At the start"),
        ("came", "Came"),
        ("left", "Left"),
        ("end", "At the end"),
        ("nights", "Nights"),
        ("average", "Each night"),
    )
    parts = (*months_of(read, span.period), ("all", "The whole period", span))
    rows = tuple(
        CountedRow(code, words, _census_of(read, month, stays)) for code, words, month in parts
    )
    return CountedTable("census", "Census by month", "Month", columns, rows)


def _census_of(read: Read, month: Span, stays: Iterable[StayRow]) -> tuple[Figure, ...]:
    stays = tuple(stays)
    start = [s.id for s in stays if is_here(s, month.since)]
    end = [s.id for s in stays if is_here(s, month.until)]
    nights = {s.id: n for s in stays if (n := nights_in(read, s, month))}
    days = round((month.until - month.since) / DAY_MS)
    return (
        each(STAY, start),
        each(STAY, (s.id for s in stays if month.holds(s.began_at))),
        each(STAY, (s.id for s in stays if month.holds(s.ended_at))),
        each(STAY, end),
        Figure(STAY, nights),
        Figure(STAY, nights, f"{sum(nights.values()) / days:.1f}"),
    )


def ages(read: Read, span: Span, stays: Iterable[StayRow]) -> CountedTable:
    """Count who came, by their age on that day."""
    by_band: dict[str, list[int]] = defaultdict(list)
    came = [stay for stay in stays if span.holds(stay.began_at)]
    for stay in came:
        by_band[band_of(read, stay.born_on, stay.began_at)].append(stay.id)
    rows = tuple(
        CountedRow(value.code, value.label, (each(STAY, by_band.get(value.code, ())),))
        for value in read.care_model.values("age-bands")
    )
    every = CountedRow("all", "All who came", (each(STAY, (stay.id for stay in came)),))
    columns = (("came", "Came"),)
    return CountedTable("ages", "Who came, by age on that day", "Age", columns, (*rows, every))


def days_of(stay: StayRow) -> int:
    """Return the days from arrival to exit, begun ones included in the last."""
    return 0 if stay.ended_at is None else (stay.ended_at - stay.began_at) // DAY_MS


def band_of_stay(days: int) -> str:
    """Return the code of the band that a length of stay lies in."""
    return next(code for code, _, most in STAY_BANDS if most is None or days <= most)


def lengths_of_stay(span: Span, stays: Iterable[StayRow]) -> Iterator[CountedTable]:
    """Yield how long the stays lasted that ended in the days, in bands and in the middle."""
    left = [stay for stay in stays if span.holds(stay.ended_at)]
    rows = tuple(
        CountedRow(
            code, words, (each(STAY, (s.id for s in left if band_of_stay(days_of(s)) == code)),)
        )
        for code, words, _ in STAY_BANDS
    )
    every = each(STAY, (stay.id for stay in left))
    yield CountedTable(
        "lengths", "Stays that ended, by length", "Length", (("left", "Left"),),
        (*rows, CountedRow("all", "All who left", (every,))),
    )  # fmt: skip
    days = [days_of(stay) for stay in left]
    middles = (
        CountedRow("mean", "Mean", (replace(every, shown=mean(days)),)),
        CountedRow("median", "Median", (replace(every, shown=median(days)),)),
    )
    yield CountedTable(
        "length", "Length of stay of those who left", "Figure", (("days", "Days"),), middles
    )
