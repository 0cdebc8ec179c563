"""What a licensor asks for: the census month by month, and what was reported and done in time.

Source: specification of the domain, 4.8 and 5.1; numbers of days follow the shelter's profile,
because each clock was set by it when it began to run.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from sqlalchemy import bindparam, select

from shelter_desk.desk.base import Read
from shelter_desk.desk.counted import (
    ANSWER,
    EPISODE,
    INCIDENT,
    NOTICE,
    STAY,
    Counted,
    CountedRow,
    CountedTable,
    Span,
    each,
    span_of,
)
from shelter_desk.desk.notices import WITHDRAWN
from shelter_desk.desk.report_census import ages, census, lengths_of_stay
from shelter_desk.desk.report_rows import StayRow, stays_in
from shelter_desk.domain.periods import Period
from shelter_desk.domain.record_classes import INVESTIGATION
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
        census(read, span, stays),
        ages(read, span, stays),
        *lengths_of_stay(span, stays),
        _told(read, "absences", "Reports about absences", _TOLD_OF_EPISODE, episodes),
        _told(read, "incidents-told", "Reports about incidents", _TOLD_OF_INCIDENT, incidents),
        _screenings(read, span, stays),
        _absences(episodes),
        _incidents(read, incidents),
    )
    return Counted("licensing", title, period.id, tables, RULES)


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


def first_answer(read: Read, stay_id: int, item_id: str) -> tuple[int, int | None, int] | None:
    """Return key, due and done of the first answer to what is due after an admission, or None."""
    row = read.reader.row(_FIRST_ANSWER, stay_id=stay_id, item_id=item_id)
    return None if row is None else (row[0], row[1], row[2])


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
            first = first_answer(read, stay.id, item_id)
            if first is None:
                open_ones.append(stay.id)
                continue
            number, due, at = first
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
