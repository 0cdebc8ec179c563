"""Dates, moments and figures as words on paper: months by name, thousands set apart."""

from __future__ import annotations

from datetime import date, datetime

WITHHELD = "*"
WITHHELD_NOTE = "* withheld to protect privacy. A withheld value may be small or large."

# Not strftime("%B"): that follows the language of the machine, and the same report would differ.
_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July",
    "August", "September", "October", "November", "December",
)  # fmt: skip


def plain_date(day: date) -> str:
    """Return a day with its month as a word, such as "3 January 2026"."""
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"


def plain_moment(moment: datetime) -> str:
    """Return a moment on the wall clock of its own zone, such as "3 January 2026, 14:05 CST".

    Raises:
        ValueError: the moment carries no zone.
    """
    if moment.tzinfo is None:
        raise ValueError("a moment on paper needs its time zone")
    return f"{plain_date(moment)}, {moment:%H:%M} {moment.tzname()}"


def plain_period(label: str) -> str:
    """Return a period in words: "2026-Q1" as "January to March 2026", "2026" as "the year 2026".

    Anything else comes back as it was.
    """
    year, _, quarter = label.partition("-Q")
    if not (year.isdigit() and len(year) == 4):
        return label
    if not quarter:
        return label if "-" in label else f"the year {year}"
    if quarter not in {"1", "2", "3", "4"}:
        return label
    first = 3 * int(quarter) - 3
    return f"{_MONTHS[first]} to {_MONTHS[first + 2]} {year}"


def figure(value: int | None) -> str:
    """Return a count as it is printed: "1,126", or `*` where it is withheld (None)."""
    return WITHHELD if value is None else f"{value:,}"


def counted_things(number: int, one: str, many: str) -> str:
    """Return a number with its noun: "1 table", "3 tables"."""
    return f"{figure(number)} {one if number == 1 else many}"


def in_groups(code: str, size: int = 4) -> str:
    """Return a long code in groups, easier to read aloud: "K7Q2 9XVD 3MTA 0W5E"."""
    return " ".join(code[start : start + size] for start in range(0, len(code), size))


def digest_lines(digest: str) -> str:
    """Return 64 hexadecimal digits as two lines of four groups: easy to compare by eye."""
    return in_groups(digest[:32], 8) + "\n" + in_groups(digest[32:], 8)
