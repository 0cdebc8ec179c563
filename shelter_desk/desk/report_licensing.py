"""What a licensor asks for: the census month by month, and what was reported and done in time.

Source: specification of the domain, 4.8 and 5.1; numbers of days follow the shelter's profile,
because each clock was set by it when it began to run.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date

from sqlalchemy import bindparam, select

from shelter_desk.desk.base import Read, milliseconds
from shelter_desk.desk.counted import (
    ANSWER,
    EPISODE,
    INCIDENT,
    NOTICE,
    STAY,
    Counted,
    CountedRow,
    CountedTable,
    Figure,
    Span,
    each,
    span_of,
)
from shelter_desk.desk.notices import WITHDRAWN
from shelter_desk.desk.report_rows import StayRow, band_of, nights_in, stays_in
from shelter_desk.domain.periods import Period, day_starts_at
from shelter_desk.domain.record_classes import INVESTIGATION
from shelter_desk.domain.report_values import mean, median
from shelter_desk.store import schema
from shelter_desk.store.schema_missing import incident, missing_episode, notice
from shelter_desk.store.sql import Statement

SCREENINGS = (
    "emergency_medical.09",
    "emergency_substance.09",
    "crisis_mental.01",
    "mental_health.02",
    "case_management.01",
    "case_management.04",
    "education_reentry.03",
)
"""What is due once after each admission, and asked about in every audit."""
AT_ADMISSION = "admission"
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
_TIMELY = (
    ("due", "Owed"),
    ("in-time", "In time"),
    ("late", "Late"),
    ("otherwise", "Not needed"),
    ("open", "Open"),
)
RULES = (
    (
        "Nights belong to the day on which they begin. Who is missing or away keeps their "
        "bed, and is counted."
    ),
    (
        "Length of stay is counted in days from arrival to exit. A mean is told from 10 stays "
        "on, a median from 5."
    ),
    (
        "Reports to others are those about absences discovered, and incidents found, in the "
        "period. In time is by the moment the clock of each ran out."
    ),
    "Screenings and plans are those of stays that began in the period.",
)
_answer = schema.item_answer
_EPISODES = Statement(
    select(missing_episode.c.id, missing_episode.c.stay_id)
    .where(
        missing_episode.c.discovered_at >= bindparam("since"),
        missing_episode.c.discovered_at < bindparam("until"),
        missing_episode.c.withdrawn_at.is_(None),
    )
    .order_by(missing_episode.c.discovered_at, missing_episode.c.id)
)
_INCIDENTS = Statement(
    select(incident.c.id, incident.c.types)
    .where(
        incident.c.found_at >= bindparam("since"),
        incident.c.found_at < bindparam("until"),
        incident.c.withdrawn_at.is_(None),
    )
    .order_by(incident.c.found_at, incident.c.id)
)
_NOTICE_COLUMNS = (
    notice.c.id,
    notice.c.recipient,
    notice.c.due_at,
    notice.c.told_at,
    notice.c.reason,
)
_TOLD_OF_EPISODE = Statement(
    select(*_NOTICE_COLUMNS).where(notice.c.episode_id == bindparam("about"))
)
_TOLD_OF_INCIDENT = Statement(
    select(*_NOTICE_COLUMNS).where(notice.c.incident_id == bindparam("about"))
)
_FIRST_ANSWER = Statement(
    select(_answer.c.id, _answer.c.due_at, _answer.c.done_at)
    .where(
        _answer.c.stay_id == bindparam("stay_id"),
        _answer.c.item_id == bindparam("item_id"),
        _answer.c.occurrence == AT_ADMISSION,
        _answer.c.undone_at.is_(None),
        _answer.c.closed_at.is_not(None),
    )
    .order_by(_answer.c.done_at)
)


def licensing(read: Read, period: Period, title: str) -> Counted:
    """Count a quarter or a year."""
    span = span_of(read, period)
    stays = stays_in(read, span)
    episodes = read.reader.rows(_EPISODES, **span.bounds)
    incidents = read.reader.rows(_INCIDENTS, **span.bounds)
    tables = (
        _census(read, span, stays),
        _ages(read, span, stays),
        *lengths_of_stay(span, stays),
        _told(read, "absences", "Reports about absences", _TOLD_OF_EPISODE, episodes),
        _told(read, "incidents-told", "Reports about incidents", _TOLD_OF_INCIDENT, incidents),
        _screenings(read, span, stays),
        _absences(episodes),
        _incidents(read, incidents),
    )
    return Counted("licensing", title, period.id, tables, RULES)


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


def _census(read: Read, span: Span, stays: Iterable[StayRow]) -> CountedTable:
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


def _ages(read: Read, span: Span, stays: Iterable[StayRow]) -> CountedTable:
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


def _told(
    read: Read,
    table_id: str,
    title: str,
    statement: Statement,
    about: Iterable[tuple[int, object]],
) -> CountedTable:
    found: dict[str, dict[str, list[int]]] = {}
    for key, _ in about:
        for row in read.reader.rows(statement, about=key):
            number, recipient, due, told, reason = row
            if reason == WITHDRAWN:
                continue
            column = (
                "otherwise" if reason
                else "open" if told is None
                else "in-time" if told <= due else "late"
            )  # fmt: skip
            for name in ("due", column):
                found.setdefault(recipient, {}).setdefault(name, []).append(number)
    rows = tuple(
        CountedRow(
            value.code,
            value.label,
            tuple(
                each(NOTICE, found.get(value.code, {}).get(code, ()), INVESTIGATION)
                for code, _ in _TIMELY
            ),
        )
        for value in read.care_model.values("notice-recipients")
    )
    return CountedTable(table_id, title, "To whom", _TIMELY, rows)


def _screenings(read: Read, span: Span, stays: Iterable[StayRow]) -> CountedTable:
    came = [stay for stay in stays if span.holds(stay.began_at)]
    columns = (("came", "Came"), ("in-time", "In time"), ("late", "Late"), ("open", "Not done"))
    rows = []
    for item_id in SCREENINGS:
        item = read.care_model.items.get(item_id)
        if item is None:
            continue
        done: dict[str, list[int]] = {"in-time": [], "late": []}
        open_ones = []
        for stay in came:
            answers = read.reader.rows(_FIRST_ANSWER, stay_id=stay.id, item_id=item_id)
            if not answers:
                open_ones.append(stay.id)
                continue
            number, due, at = answers[0]
            done["late" if due is not None and at > due else "in-time"].append(number)
        of = item.record_class
        figures = (
            each(STAY, (stay.id for stay in came)),
            each(ANSWER, done["in-time"], of),
            each(ANSWER, done["late"], of),
            each(STAY, open_ones, of),
        )
        rows.append(CountedRow(item_id, item.text, figures))
    return CountedTable("screenings", "Done after admission", "What", columns, tuple(rows))


def _absences(episodes: Iterable[tuple[int, int]]) -> CountedTable:
    episodes = tuple(episodes)
    behind = each(EPISODE, (number for number, _ in episodes))
    stays = each(STAY, dict.fromkeys(stay for _, stay in episodes))
    rows = (
        CountedRow("times", "Times missing from care", (behind,)),
        CountedRow("stays", "Stays with at least one", (stays,)),
    )
    return CountedTable("missing", "Missing from care", "Figure", (("count", "Count"),), rows)


def _incidents(read: Read, incidents: Iterable[tuple[int, str]]) -> CountedTable:
    by_type: dict[str, list[int]] = defaultdict(list)
    every = []
    for number, types in incidents:
        every.append(number)
        for code in dict.fromkeys(types.split()):
            by_type[code].append(number)
    rows = tuple(
        CountedRow(value.code, value.label, (each(INCIDENT, by_type[value.code], INVESTIGATION),))
        for value in read.care_model.values("incident-types")
    )
    whole = CountedRow("all", "All incidents", (each(INCIDENT, every, INVESTIGATION),))
    note = "One incident can be of several kinds."
    columns = (("count", "Incidents"),)
    return CountedTable("incidents", "Incidents by kind", "Kind", columns, (*rows, whole), note)
