"""Counts for summaries: never a name, never one person's line. They leave only as safe tables.

Each count comes with the distinct residents behind it and the largest share of one of them,
because the threshold is on people, not on events (source: disclosure design, 2.2). Every table of
residents says in raw values what it counts (ages in years, not bands), so that summaries with
other bands or of other periods can be set against each other.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import datetime

from shelter_desk.desk.age_rows import UNKNOWN, age_rows
from shelter_desk.desk.base import Read, asks
from shelter_desk.desk.count_page import CountPage, ongoing, ongoing_slices
from shelter_desk.desk.details import MARGINS, Detail
from shelter_desk.desk.period_facts import PeriodFacts, Person, dealt_with_in_time, facts_of
from shelter_desk.desk.public_reports import SERVICES
from shelter_desk.desk.sensitive_lines import marked
from shelter_desk.disclosure import Label, ReleaseRequest, Settings, TableRequest
from shelter_desk.disclosure.definitions import YES, Definition, People, at
from shelter_desk.domain.audit import canonical_json
from shelter_desk.domain.care_model import CareModel
from shelter_desk.domain.errors import InvalidError, Problem
from shelter_desk.domain.periods import Period
from shelter_desk.domain.staff import May

__all__ = [
    "BY_PHASE",
    "BY_SERVICE",
    "NAMED_K",
    "PUBLIC_K",
    "THRESHOLDS",
    "dealt_with_in_time",
    "frozen_facts",
    "request_of",
    "snapshot_text",
    "summary_request",
]

PUBLIC_K, NAMED_K = 11, 5
# What the rows of a table of answered items stand for: an item has one phase and one service, so
# that tables of the same answers along both could be subtracted from each other.
BY_PHASE, BY_SERVICE = ("answers", "phase"), ("answers", "service")
THRESHOLDS = {"public": PUBLIC_K, "named": NAMED_K}
_ALL = (Label("all", "All"),)

Counts = Mapping[str, Mapping[str, int]]


@asks(May.SUMMARISE)
def summary_request(
    read: Read, *, period: str, audience: str, now: datetime, detail: str = "bands"
) -> ReleaseRequest:
    """Return the tables of a period with their true counts, for `disclosure.protect` only.

    `period` ("2026-Q1" or "2026") must be over: a part of it released now and the whole released
    later would tell by their difference. `audience` is "public" (k = 11) or "named" (k = 5).
    `detail` is the word of a `Detail`. The counts are those of the records as they stand now.

    Raises:
        InvalidError: when the period is not one, or is not over yet.
    """
    return request_of(
        frozen_facts(read, period, now), read.care_model, audience=audience, detail=detail
    )


def frozen_facts(read: Read, period: str, now: datetime) -> PeriodFacts:
    """Take the facts of a period that is over.

    Raises:
        InvalidError: when the period is not one, or is not over yet.
    """
    span = Period.parse(period)
    if span.instants(read.house.zone)[1] > now:
        raise InvalidError((Problem("period", f"{span.label} is not over yet."),))
    return facts_of(read, span, now)


def request_of(
    facts: PeriodFacts, model: CareModel, *, audience: str, detail: str = "bands"
) -> ReleaseRequest:
    """Lay the facts of a period out as tables. See `summary_request`."""
    wanted = Detail.parse(detail)
    page = CountPage(facts, model, age_rows(model, wanted.ages))
    crossed = () if wanted.ages == MARGINS else (ongoing(page),)
    crossed = (*crossed, *(ongoing_slices(page) if wanted.three_way else ()))
    return ReleaseRequest(
        title="Residents and care",
        period=facts.period.id,
        audience=audience,
        population=len(facts.served),
        tables=marked(
            (
                *_people_tables(page),
                _phases(page),
                *crossed,
                *_service_tables(page),
                *_timeliness(page),
            ),
            model,
        ),
        settings=Settings(k=THRESHOLDS[audience], insider=wanted.insider),
        people=_people(facts),
        everybody=Definition.of({at("in", facts.period.id): (YES,)}),
    )


def snapshot_text(request: ReleaseRequest) -> str:
    """Return the canonical text of the counts behind a request, for the ledger's digest."""
    tables = {
        table.id: {
            "cells": [list(row) for row in table.cells],
            "rows": [r.code for r in table.rows],
        }
        for table in request.tables
    }
    return canonical_json(
        {"period": request.period, "population": request.population, "tables": tables}
    )


def _people(facts: PeriodFacts) -> People:
    """Return those who were there in raw values; what is not named there is "no"."""
    period, raw = facts.period.id, {}
    for key, one in facts.served.items():
        flags = {"came": one.came, "left": one.left}
        flags |= {f"phase-{phase}": True for phase in one.phases}
        flags |= {f"service-{service}": True for service in one.services}
        values = {name: YES for name, is_so in flags.items() if is_so}
        values |= {"in": YES, "age": UNKNOWN if one.age is None else str(one.age)}
        raw[key] = {at(name, period): value for name, value in values.items()}
    return People(raw, bound=frozenset(("came", "left")))


def _people_tables(page: CountPage) -> Iterable[TableRequest]:
    everyone = page.facts.served.values()

    def by_age(keep: Callable[[Person], bool]) -> tuple[tuple[int, ...], ...]:
        kept = [page.row_of(one) for one in everyone if keep(one)]
        return tuple((kept.count(label.code),) for label in page.ages)

    yield TableRequest(
        "served", "Residents served, by age", "residents", page.ages, _ALL,
        by_age(lambda _: True), population="served", over=page.over("age"),
    )  # fmt: skip
    yield TableRequest(
        "admitted", "Residents admitted, by age", "residents", page.ages, _ALL,
        by_age(lambda one: one.came), population="admitted", over=page.over("age", only="came"),
    )  # fmt: skip
    yield TableRequest(
        "left", "Residents who left, by age", "residents", page.ages, _ALL,
        by_age(lambda one: one.left), population="left", over=page.over("age", only="left"),
    )  # fmt: skip
    nights: dict[str, dict[str, int]] = {}
    for key, one in page.facts.served.items():
        nights.setdefault(page.row_of(one), {})[key] = one.nights
    by_row = _events("nights", "Nights of care, by age", "nights", page.ages, nights)
    most = max([page.facts.period.days, *(one.nights for one in everyone)])
    yield replace(by_row, behind="served", most_each=most)


def _phases(page: CountPage) -> TableRequest:
    names = [phase for phase in page.model.phases.values() if phase.id != "all"]
    rows = tuple(Label(phase.id, phase.name) for phase in names)
    everyone = page.facts.served.values()
    counts = tuple((sum(row.code in one.phases for one in everyone),) for row in rows)
    over = replace(page.over("phase-"), rows="phase-", suffix=f"@{page.facts.period.id}")
    return TableRequest(
        "phases", "Residents in each phase", "residents", rows, _ALL, counts, kind="yes-no",
        over=over,
    )  # fmt: skip


def _service_tables(page: CountPage) -> Iterable[TableRequest]:
    given: dict[str, dict[str, int]] = {}
    for key, one in page.facts.served.items():
        for service, count in one.services.items():
            given.setdefault(service, {})[key] = count
    services = page.model.services.values()
    rows = tuple(Label(service.id, service.name) for service in services)
    over = replace(page.over("service-"), rows="service-", suffix=f"@{page.facts.period.id}")
    yield TableRequest(
        "services", "Residents given each service", "residents", rows, _ALL,
        tuple((len(given.get(row.code, ())),) for row in rows), kind="yes-no", over=over,
        about=SERVICES,
    )  # fmt: skip
    times = _events("times", "Times each service was given", "entries", rows, given)
    yield replace(times, behind="services", about=SERVICES)


def _timeliness(page: CountPage) -> Iterable[TableRequest]:
    in_time: dict[str, dict[str, int]] = {}
    late: dict[str, dict[str, int]] = {}
    for key, one in page.facts.people.items():
        for found, counts in ((in_time, one.in_time), (late, one.late)):
            for phase, number in counts.items():
                found.setdefault(phase, {})[key] = number
    phases = sorted(page.model.phases.values(), key=lambda phase: phase.order)
    rows = tuple(Label(phase.id, phase.name) for phase in phases)
    timely = _events("in-time", "Checklist items dealt with in time", "items", rows, in_time)
    yield replace(timely, along=BY_PHASE)
    late_ones = _events("late", "Checklist items dealt with late", "items", rows, late)
    yield replace(late_ones, along=BY_PHASE)


def _events(
    table_id: str, title: str, counted: str, rows: tuple[Label, ...], counts: Counts
) -> TableRequest:
    """Return an event table: sums, distinct residents behind them, largest single share."""
    kept = [
        {who: count for who, count in counts.get(row.code, {}).items() if count} for row in rows
    ]
    whole: dict[str, int] = {}
    for cell in kept:
        for resident, count in cell.items():
            whole[resident] = whole.get(resident, 0) + count
    return TableRequest(
        id=table_id,
        title=title,
        counted=counted,
        rows=rows,
        columns=_ALL,
        cells=tuple((sum(cell.values()),) for cell in kept),
        contributors=tuple((len(cell),) for cell in kept),
        largest=tuple((max(cell.values(), default=0),) for cell in kept),
        all_contributors=len(whole),
        all_largest=max(whole.values(), default=0),
    )
