"""The quarterly numbers of the victim assistance form, with the entries behind each of them.

Source: OVC performance measures, questions 1 to 8: an individual counts once per period; new is
who is served for the first time in the fiscal year; demographics are those of new individuals
only and add up to them; groups count individuals, lines count times; only what the grant or its
match paid for counts.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, select

from shelter_desk.desk.base import Read, milliseconds
from shelter_desk.desk.counted import (
    ANSWER,
    ENTRY,
    RESIDENT,
    Counted,
    CountedRow,
    CountedTable,
    Figure,
    Span,
    each,
    span_of,
)
from shelter_desk.desk.report_rows import (
    Answers,
    EntryRow,
    answers_of,
    band_of,
    born_on,
    counted_before,
    counted_entries,
)
from shelter_desk.domain.content import Value
from shelter_desk.domain.periods import Period, day_starts_at
from shelter_desk.domain.record_classes import GENERAL, IDENTITY
from shelter_desk.domain.report_values import NOT_GIVEN
from shelter_desk.domain.service_rules import LINES
from shelter_desk.domain.voca import YEAR_BEGINS, gender_line, race_line, year_starts_on
from shelter_desk.store import schema
from shelter_desk.store.schema_merging import person_stay
from shelter_desk.store.sql import Statement

COMPENSATION = "legal_advocacy.06"
"""The item that stands for help with a victim-compensation application."""
FISCAL_YEAR = "funder-year-begins"
NOT_RECORDED = "not-recorded"
_PEOPLE = (("people", "Individuals"),)
_answer, _stay = schema.item_answer, person_stay
_HELPED = Statement(
    select(_answer.c.id, _stay.c.resident_id)
    .join(_stay, _stay.c.id == _answer.c.stay_id)
    .where(_answer.c.done_at >= bindparam("since"), _answer.c.done_at < bindparam("until"))
    .where(_answer.c.item_id == COMPENSATION, _answer.c.outcome == "done")
    .where(_answer.c.undone_at.is_(None), _answer.c.closed_at.is_not(None))
    .order_by(_answer.c.done_at, _answer.c.id)
)
RULES = (
    "An individual counts once in the period, however many services they were given.",
    (
        "Only services that the grant or its match paid for count, in the newest version of "
        "each entry; what was taken back does not."
    ),
    (
        "New is who was given such a service for the first time in the funder’s year; "
        "everybody else is continuing."
    ),
    (
        "Demographics are those of new individuals only, and each table of them adds up to "
        "the number of new individuals. Age is that on the day of the first such service in "
        "the period."
    ),
    (
        "Kinds of crime and classifications are those of everybody served; one person can "
        "stand in several lines. Who was not asked for the kind of crime counts in the line the "
        "list names for that: everybody comes to this house for it."
    ),
    "Groups count individuals. Lines count times provided.",
    "Anonymous contacts are not kept by this program.",
)


@dataclass(frozen=True, slots=True)
class _Person:
    """One individual served: the first entry of the period, whether new, what they answered."""

    first: EntryRow
    is_new: bool
    answers: Answers


def voca(read: Read, period: Period, title: str) -> Counted:
    """Count a quarter."""
    span = span_of(read, period)
    entries = counted_entries(read, span)
    people = _people(read, span, entries)
    new = {who: one for who, one in people.items() if one.is_new}
    tables = (
        _individuals(people),
        *_demographics(read, new),
        *_crimes(read, people),
        _compensation(read, span, people),
        *_services(read, entries),
    )
    return Counted("voca", title, period.id, tables, RULES)


def fiscal_year_began(read: Read, period: Period) -> datetime:
    """Return the instant at which the funder's year of a quarter began."""
    setting = read.care_model.settings().get(FISCAL_YEAR)
    month = setting.value if setting else YEAR_BEGINS
    return day_starts_at(year_starts_on(period, month), read.house.zone)


def first_served(
    read: Read, span: Span, entries: Iterable[EntryRow]
) -> dict[int, tuple[EntryRow, bool]]:
    """Return each individual's first entry, and whether it is their first of the funder's year."""
    began = milliseconds(fiscal_year_began(read, span.period))
    found: dict[int, tuple[EntryRow, bool]] = {}
    for entry in entries:
        who = entry.resident_id
        if who not in found:
            known = began < span.since and counted_before(read, who, since=began, until=span.since)
            found[who] = (entry, not known)
    return found


def _people(read: Read, span: Span, entries: Iterable[EntryRow]) -> dict[int, _Person]:
    return {
        who: _Person(entry, is_new, answers_of(read, who, until=span.until))
        for who, (entry, is_new) in first_served(read, span, entries).items()
    }


def _individuals(people: dict[int, _Person]) -> CountedTable:
    new = [who for who, one in people.items() if one.is_new]
    old = [who for who, one in people.items() if not one.is_new]
    rows = (
        CountedRow("total", "Individuals served (question 1)", (each(RESIDENT, people),)),
        CountedRow("anonymous", "Anonymous contacts (2)", (Figure(RESIDENT, shown=NOT_GIVEN),)),
        CountedRow("new", "New individuals (3)", (each(RESIDENT, new),)),
        CountedRow("continuing", "Continuing individuals", (each(RESIDENT, old),)),
    )
    return CountedTable("individuals", "Individuals", "Question", _PEOPLE, rows)


def _demographics(read: Read, new: dict[int, _Person]) -> Iterable[CountedTable]:
    lists = read.care_model.lists

    def race(_: int, one: _Person) -> str:
        return race_line(lists["race-ethnicity-rhy"], one.answers.get("race"))

    def gender(_: int, one: _Person) -> str:
        answers = one.answers
        return gender_line(lists["gender-rhy"], answers.get("gender"), answers.get("gender-line"))

    def age(who: int, one: _Person) -> str:
        return band_of(read, born_on(read, who), one.first.given_at)

    kinds: tuple[tuple[str, str, Callable[[int, _Person], str]], ...] = (
        ("race-ethnicity-voca", "race", race),
        ("gender-voca", "gender", gender),
        ("age-bands", "age", age),
    )
    for list_id, table_id, line in kinds:
        by_line: dict[str, list[int]] = defaultdict(list)
        for who, one in new.items():
            by_line[line(who, one)].append(who)
        rows = _rows(lists[list_id].values, by_line)
        every = CountedRow("all", "All new individuals", (each(RESIDENT, new),))
        yield CountedTable(
            table_id, f"New individuals: {table_id} (4)", "Line", _PEOPLE, (*rows, every)
        )


def _rows(values: Iterable[Value], by_line: dict[str, list[int]]) -> tuple[CountedRow, ...]:
    return tuple(
        CountedRow(
            value.code, value.label, (each(RESIDENT, by_line.get(value.code, ()), IDENTITY),)
        )
        for value in values
    )


def _crimes(read: Read, people: dict[int, _Person]) -> Iterable[CountedTable]:
    model = read.care_model
    for question, list_id, table_id, title in (
        ("crimes", "victimization-types", "crimes", "Individuals by kind of crime (5A)"),
        ("classifications", "special-classifications", "classes", "Special classifications (5C)"),
    ):
        by_line: dict[str, list[int]] = defaultdict(list)
        several = []
        usual = model.lists[list_id].default
        for who, one in people.items():
            codes = one.answers.get(question)
            for code in (NOT_RECORDED, usual) if codes is None else codes:
                by_line[code].append(who)
            if len(codes or ()) > 1:
                several.append(who)
        words = f"Not asked, and counted in line {usual}" if usual else "Not recorded"
        not_asked = CountedRow(
            NOT_RECORDED, words, (each(RESIDENT, by_line[NOT_RECORDED], IDENTITY),)
        )
        rows = (*_rows(model.values(list_id), by_line), not_asked)
        if question == "crimes":
            more = each(RESIDENT, several, IDENTITY)
            rows = (*rows, CountedRow("several", "More than one kind (5B)", (more,)))
        yield CountedTable(table_id, title, "Line", _PEOPLE, rows)


def _compensation(read: Read, span: Span, people: dict[int, _Person]) -> CountedTable:
    first: dict[int, int] = {}
    for answer, who in read.reader.rows(_HELPED, **span.bounds):
        if who in people:
            first.setdefault(who, answer)
    item = read.care_model.items.get(COMPENSATION)
    figure = each(ANSWER, first.values(), item.record_class if item else GENERAL)
    row = CountedRow("helped", "Assisted with an application", (figure,))
    return CountedTable("compensation", "Victim compensation (6)", "Question", _PEOPLE, (row,))


def _services(read: Read, entries: Iterable[EntryRow]) -> Iterable[CountedTable]:
    lines = read.care_model.lists[LINES]
    first_in: dict[str, dict[int, int]] = defaultdict(dict)
    times: dict[str, dict[int, int]] = defaultdict(dict)
    group_of = {value.code: str(value.extra["group"]) for value in lines.values}
    for entry in entries:
        if entry.line in group_of:
            first_in[group_of[entry.line]].setdefault(entry.resident_id, entry.id)
            times[entry.line][entry.id] = entry.units
    groups = tuple(
        CountedRow(
            group.code,
            f"{group.code} {group.label}",
            (
                Figure(ENTRY, shown="Yes" if first_in[group.code] else "No"),
                each(ENTRY, first_in[group.code].values()),
            ),
        )
        for group in lines.parts["groups"]
    )
    columns = (("provided", "Provided (7)"), *_PEOPLE)
    yield CountedTable("groups", "Groups of services (8A to 8E)", "Group", columns, groups)
    rows = tuple(
        CountedRow(value.code, f"{value.code} {value.label}", (Figure(ENTRY, times[value.code]),))
        for value in lines.values
    )
    yield CountedTable("lines", "Times provided (8A to 8E)", "Line", (("times", "Times"),), rows)
