"""Counts by the value lists of the runaway and homeless youth program, with what is behind them.

Source: RHY elements R1 to R20 and destinations as listed in the specification of the domain, 4.6.
A service names the lines it can stand for; where it names several, it counts in the most general
of them, and where a line may only be used if the funder says so, it is left out.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping

from sqlalchemy import bindparam, select

from shelter_desk.desk.base import Read
from shelter_desk.desk.counted import (
    ANSWER,
    RESIDENT,
    STAY,
    Counted,
    CountedRow,
    CountedTable,
    Figure,
    Span,
    each,
    span_of,
)
from shelter_desk.desk.funder_answers import choices
from shelter_desk.desk.report_rows import (
    StayRow,
    answers_of,
    answers_of_stay,
    band_of,
    nights_in,
    served_by,
    stays_in,
)
from shelter_desk.domain.content import ValueList
from shelter_desk.domain.funder_questions import EXIT, QUESTIONS, RHY, FunderQuestion
from shelter_desk.domain.periods import Period
from shelter_desk.domain.record_classes import GENERAL, IDENTITY, class_of
from shelter_desk.domain.service_rules import CONNECTIONS, connection_of
from shelter_desk.store import schema
from shelter_desk.store.sql import Statement

NOT_RECORDED = "not-recorded"
AFTERCARE = tuple(f"discharge_aftercare.{number:02}" for number in (7, 8, 9, 10))
_PEOPLE = (("people", "Young people"),)
RULES = (
    "A young person counts once in each table, however many stays they had in the period.",
    (
        "Entry tables are about the stays that began in the period, exit tables about those "
        "that ended in it."
    ),
    "Several races or genders count in each of their lines, so these tables do not add up.",
    (
        "A service that can stand for several lines counts in the most general one. Lines "
        "that may only be used if the funder says so are left out: medication as health care, "
        "safety planning as prevention, spiritual care as service learning."
    ),
    "Nights belong to the day on which they begin.",
)
_answer = schema.item_answer
_CONTACTS = Statement(
    select(_answer.c.item_id, _answer.c.outcome, _answer.c.id)
    .where(_answer.c.done_at >= bindparam("since"), _answer.c.done_at < bindparam("until"))
    .where(_answer.c.item_id.in_(AFTERCARE))
    .where(_answer.c.undone_at.is_(None), _answer.c.closed_at.is_not(None))
    .order_by(_answer.c.done_at, _answer.c.id)
)


def rhy(read: Read, period: Period, title: str) -> Counted:
    """Count a quarter or a year."""
    span = span_of(read, period)
    stays = stays_in(read, span)
    tables = (
        _people(read, span, stays),
        _ages(read, span, stays),
        *_of_entry(read, span, stays),
        _connections(read, span, stays),
        *_of_exit(read, span, stays),
        _aftercare(read, span),
    )
    return Counted("rhy", title, period.id, tables, RULES)


def _people(read: Read, span: Span, stays: Iterable[StayRow]) -> CountedTable:
    stays = tuple(stays)
    nights = {stay.id: nights_in(read, stay, span) for stay in stays}
    rows = (
        CountedRow("served", "Served", (each(RESIDENT, {s.resident_id for s in stays}),)),
        CountedRow(
            "came",
            "Came",
            (each(RESIDENT, {s.resident_id for s in stays if span.holds(s.began_at)}),),
        ),
        CountedRow(
            "left",
            "Left",
            (each(RESIDENT, {s.resident_id for s in stays if span.holds(s.ended_at)}),),
        ),
        CountedRow(
            "nights", "Bed nights", (Figure(STAY, {k: n for k, n in nights.items() if n}),)
        ),
    )
    return CountedTable("people", "Young people served", "Figure", (("count", "Count"),), rows)


def _ages(read: Read, span: Span, stays: Iterable[StayRow]) -> CountedTable:
    by_band: dict[str, list[int]] = defaultdict(list)
    for who, stay in _first_stays(stays).items():
        by_band[band_of(read, stay.born_on, max(stay.began_at, span.since))].append(who)
    return _table("age", "Age on the first day in the period", read.care_model.lists["age-bands"],
                  by_band, GENERAL)  # fmt: skip


def _of_entry(read: Read, span: Span, stays: Iterable[StayRow]) -> Iterator[CountedTable]:
    came = [stay for stay in stays if span.holds(stay.began_at)]
    sources: dict[str, list[int]] = defaultdict(list)
    for who, stay in _last_stays(came).items():
        sources[stay.brought_by or NOT_RECORDED].append(who)
    lists = read.care_model.lists
    yield _table("referral", "Referral source (R1)", lists["referral-source"], sources, GENERAL)
    answers = {
        stay.resident_id: answers_of(read, stay.resident_id, until=span.until) for stay in came
    }
    for question in QUESTIONS.values():
        if RHY in question.asked_by and question.stage != EXIT:
            given = {who: one.get(question.id) for who, one in answers.items()}
            yield _asked(read, question, given)


def _of_exit(read: Read, span: Span, stays: Iterable[StayRow]) -> Iterator[CountedTable]:
    left = _last_stays(stay for stay in stays if span.holds(stay.ended_at))
    places: dict[str, list[int]] = defaultdict(list)
    for who, stay in left.items():
        places[stay.exit_destination or NOT_RECORDED].append(who)
    lists = read.care_model.lists
    yield _table("destination", "Destination at exit", lists["exit-destinations"], places, GENERAL)
    answers = {who: answers_of_stay(read, stay.id, who) for who, stay in left.items()}
    for question in QUESTIONS.values():
        if RHY in question.asked_by and question.stage == EXIT:
            yield _asked(read, question, {w: one.get(question.id) for w, one in answers.items()})


def _asked(
    read: Read, question: FunderQuestion, given: Mapping[int, tuple[str, ...] | None]
) -> CountedTable:
    by_line: dict[str, list[int]] = defaultdict(list)
    for who, codes in given.items():
        for code in (NOT_RECORDED,) if codes is None else codes:
            by_line[code].append(who)
    lines = (*choices(read.care_model, question), (NOT_RECORDED, "Not recorded"))
    rows = tuple(
        CountedRow(code, words, (each(RESIDENT, by_line.get(code, ()), IDENTITY),))
        for code, words in lines
    )
    title = f"{question.title} ({read.care_model.lists[question.list_id].element})"
    return CountedTable(question.id, title, "Answer", _PEOPLE, rows)


def _table(
    table_id: str,
    title: str,
    values: ValueList,
    by_line: Mapping[str, list[int]],
    record_class: str,
) -> CountedTable:
    lines = [(value.code, value.label) for value in values.values]
    if by_line.get(NOT_RECORDED):
        lines.append((NOT_RECORDED, "Not recorded"))
    rows = tuple(
        CountedRow(code, words, (each(RESIDENT, by_line.get(code, ()), record_class),))
        for code, words in lines
    )
    return CountedTable(table_id, title, "Line", _PEOPLE, rows)


def _connections(read: Read, span: Span, stays: Iterable[StayRow]) -> CountedTable:
    here = {stay.resident_id for stay in stays}
    people: dict[str, set[int]] = defaultdict(set)
    classes: dict[str, str] = {}
    for service_id, given in served_by(read, span).items():
        line = connection_of(read.care_model, service_id)
        if line is not None:
            people[line] |= given & here
            of = class_of(read.care_model.services[service_id])
            classes[line] = of if classes.get(line, GENERAL) == GENERAL else classes[line]
    rows = tuple(
        CountedRow(
            value.code,
            value.label,
            (each(RESIDENT, sorted(people[value.code]), classes.get(value.code, GENERAL)),),
        )
        for value in read.care_model.values(CONNECTIONS)
    )
    return CountedTable("connections", "Service connections (R14)", "Line", _PEOPLE, rows)


def _aftercare(read: Read, span: Span) -> CountedTable:
    found: dict[tuple[str, str], list[int]] = defaultdict(list)
    for item_id, outcome, number in read.reader.rows(_CONTACTS, **span.bounds):
        found[item_id, "made" if outcome == "done" else "other"].append(number)
    columns = (("made", "Made"), ("other", "Answered otherwise"))
    rows = tuple(
        CountedRow(
            item_id,
            read.care_model.items[item_id].text,
            tuple(
                each(ANSWER, found[item_id, code], read.care_model.items[item_id].record_class)
                for code, _ in columns
            ),
        )
        for item_id in AFTERCARE
        if item_id in read.care_model.items
    )
    return CountedTable("aftercare", "Aftercare contacts (R20)", "Contact", columns, rows)


def _first_stays(stays: Iterable[StayRow]) -> dict[int, StayRow]:
    found: dict[int, StayRow] = {}
    for stay in stays:
        found.setdefault(stay.resident_id, stay)
    return found


def _last_stays(stays: Iterable[StayRow]) -> dict[int, StayRow]:
    return {stay.resident_id: stay for stay in stays}
