"""Counts for summaries: never a name, never one person's line. They leave only as safe tables.

Each count comes with the distinct residents behind it and the largest share of one of them,
because the threshold is on people, not on events (source: disclosure design, 2.2).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlalchemy import bindparam, case, func, or_, select

from shelter_desk.desk.base import Read, asks, milliseconds, moment, moment_or_none
from shelter_desk.disclosure import Label, ReleaseRequest, Settings, TableRequest
from shelter_desk.domain.ages import age_band, age_on
from shelter_desk.domain.audit import canonical_json
from shelter_desk.domain.errors import InvalidError, Problem
from shelter_desk.domain.periods import Period, nights_of_care
from shelter_desk.domain.staff import May
from shelter_desk.store import schema
from shelter_desk.store.sql import Statement

_stay, _index, _phase = schema.stay, schema.resident_index, schema.stay_phase
_entry, _answer = schema.service_entry, schema.item_answer

PUBLIC_K, NAMED_K = 11, 5
# What the rows of a table of answered items stand for: an item has one phase and one service, so
# that tables of the same answers along both could be subtracted from each other.
BY_PHASE, BY_SERVICE = ("answers", "phase"), ("answers", "service")
THRESHOLDS = {"public": PUBLIC_K, "named": NAMED_K}
_ALL = (Label("all", "All"),)

_STAYS = Statement(
    select(_stay.c.id, _stay.c.resident_id, _stay.c.began_at, _stay.c.ended_at, _index.c.born_on)
    .join(_index, _index.c.resident_id == _stay.c.resident_id)
    .where(_stay.c.began_at < bindparam("until"))
    .where(or_(_stay.c.ended_at.is_(None), _stay.c.ended_at >= bindparam("since")))
    .order_by(_stay.c.began_at, _stay.c.id)
)
_PHASES = Statement(
    select(_phase.c.phase, _stay.c.resident_id)
    .join(_stay, _stay.c.id == _phase.c.stay_id)
    .where(_phase.c.started_at < bindparam("until"))
    .where(or_(_phase.c.ended_at.is_(None), _phase.c.ended_at >= bindparam("since")))
    .where(or_(_stay.c.ended_at.is_(None), _stay.c.ended_at >= bindparam("since")))
    .distinct()
)
_ENTRIES = Statement(
    select(_entry.c.service_id, _stay.c.resident_id, func.count())
    .join(_stay, _stay.c.id == _entry.c.stay_id)
    .where(_entry.c.given_at >= bindparam("since"), _entry.c.given_at < bindparam("until"))
    .where(_entry.c.withdrawn_at.is_(None))
    .group_by(_entry.c.service_id, _stay.c.resident_id)
)
# What has no due time cannot be late: nobody was kept waiting, and to call it late would count
# care beyond what was asked against the staff. So it is in time, in every report.
dealt_with_in_time = case((_answer.c.done_at > _answer.c.due_at, 0), else_=1)
_ANSWERS = Statement(
    select(
        _answer.c.item_id,
        _stay.c.resident_id,
        func.count(),
        func.sum(dealt_with_in_time),
    )
    .join(_stay, _stay.c.id == _answer.c.stay_id)
    .where(_answer.c.done_at >= bindparam("since"), _answer.c.done_at < bindparam("until"))
    .where(_answer.c.undone_at.is_(None), _answer.c.closed_at.is_not(None))
    .group_by(_answer.c.item_id, _stay.c.resident_id)
)

Key = str
PerResident = dict[Key, dict[int, int]]


@dataclass(frozen=True)
class _Served:
    """One resident in the period: first day in it, band, nights, whether they came or left."""

    band: str
    nights: int
    came: bool
    left: bool


@asks(May.SUMMARISE)
def summary_request(read: Read, *, period: str, audience: str, now: datetime) -> ReleaseRequest:
    """Return the tables of a period with their true counts, for `disclosure.protect` only.

    `period` ("2026-Q1" or "2026") must be over: a part of it released now and the whole released
    later would tell by their difference. `audience` is "public" (k = 11) or "named" (k = 5).

    Raises:
        InvalidError: when the period is not one, or is not over yet.
    """
    span = Period.parse(period)
    since, until = span.instants(read.house.zone)
    if until > now:
        raise InvalidError((Problem("period", f"{span.label} is not over yet."),))
    bounds = {"since": milliseconds(since), "until": milliseconds(until)}
    served = _served(read, span, now, bounds)
    tables = (
        *_people_tables(read, served, span),
        *_phase_tables(read, served, bounds),
        *_service_tables(read, served, bounds),
        *_timeliness(read, bounds),
    )
    return ReleaseRequest(
        title="Residents and care",
        period=span.id,
        audience=audience,
        population=len(served),
        tables=tables,
        settings=Settings(k=THRESHOLDS[audience]),
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


def _served(
    read: Read, span: Period, now: datetime, bounds: Mapping[str, int]
) -> dict[int, _Served]:
    zone, bands = read.house.zone, read.care_model.values("age-bands")
    found: dict[int, _Served] = {}
    for _, resident, began, ended, born in read.reader.rows(_STAYS, **bounds):
        began_at, ended_at = moment(began), moment_or_none(ended)
        nights = nights_of_care(began_at, ended_at, now=now, zone=zone, period=span)
        came = bounds["since"] <= began
        left = ended is not None and bounds["since"] <= ended < bounds["until"]
        before = found.get(resident)
        if before is None:
            first = max(began_at.astimezone(zone).date(), span.starts_on)
            age = None if born is None else age_on(first, born_on=date.fromisoformat(born))
            found[resident] = _Served(age_band(age, bands), nights, came, left)
        else:
            found[resident] = _Served(
                before.band, before.nights + nights, before.came or came, before.left or left
            )
    return found


def _people_tables(
    read: Read, served: Mapping[int, _Served], span: Period
) -> Iterable[TableRequest]:
    bands = tuple(Label(v.code, v.label) for v in read.care_model.values("age-bands"))
    everyone = served.values()

    def by_band(keep: Callable[[_Served], bool]) -> tuple[tuple[int, ...], ...]:
        kept = [one.band for one in everyone if keep(one)]
        return tuple((kept.count(band.code),) for band in bands)

    yield TableRequest(
        "served", "Residents served, by age", "residents", bands, _ALL,
        by_band(lambda _: True), population="served",
    )  # fmt: skip
    yield TableRequest(
        "admitted", "Residents admitted, by age", "residents", bands, _ALL,
        by_band(lambda one: one.came), population="admitted",
    )  # fmt: skip
    yield TableRequest(
        "left", "Residents who left, by age", "residents", bands, _ALL,
        by_band(lambda one: one.left), population="left",
    )  # fmt: skip
    nights: PerResident = {}
    for resident, one in served.items():
        nights.setdefault(one.band, {})[resident] = one.nights
    by_age = _events("nights", "Nights of care, by age", "nights", bands, nights)
    most = max([span.days, *(one.nights for one in everyone)])
    yield replace(by_age, behind="served", most_each=most)


def _phase_tables(
    read: Read, served: Mapping[int, _Served], bounds: Mapping[str, int]
) -> Iterable[TableRequest]:
    phases = [phase for phase in read.care_model.phases.values() if phase.id != "all"]
    rows = tuple(Label(phase.id, phase.name) for phase in phases)
    inside: dict[str, set[int]] = {phase.id: set() for phase in phases}
    for phase, resident in read.reader.rows(_PHASES, **bounds):
        if phase in inside and resident in served:
            inside[phase].add(resident)
    yield TableRequest(
        "phases", "Residents in each phase", "residents", rows, _ALL,
        tuple((len(inside[row.code]),) for row in rows), kind="yes-no",
    )  # fmt: skip
    bands = tuple(Label(v.code, v.label) for v in read.care_model.values("age-bands"))
    members = inside.get("ongoing", set())
    columns = (Label("yes", "In the ongoing phase"), Label("no", "Not in it"))
    cells = tuple(
        tuple(
            sum(
                one.band == band.code and (who in members) is wanted for who, one in served.items()
            )
            for wanted in (True, False)
        )
        for band in bands
    )
    yield TableRequest(
        "ongoing", "Ongoing phase, by age", "residents", bands, columns, cells, population="served"
    )


def _service_tables(
    read: Read, served: Mapping[int, _Served], bounds: Mapping[str, int]
) -> Iterable[TableRequest]:
    given: PerResident = {}
    for service, resident, count in read.reader.rows(_ENTRIES, **bounds):
        if resident in served:
            given.setdefault(service, {})[resident] = count
    services = read.care_model.services.values()
    rows = tuple(Label(service.id, service.name) for service in services)
    yield TableRequest(
        "services", "Residents given each service", "residents", rows, _ALL,
        tuple((len(given.get(row.code, ())),) for row in rows), kind="yes-no",
    )  # fmt: skip
    times = _events("times", "Times each service was given", "entries", rows, given)
    yield replace(times, behind="services")


def _timeliness(read: Read, bounds: Mapping[str, int]) -> Iterable[TableRequest]:
    in_time: PerResident = {}
    late: PerResident = {}
    for item_id, resident, count, timely in read.reader.rows(_ANSWERS, **bounds):
        item = read.care_model.items.get(item_id)
        if item is None:
            continue
        phase = item.phases[0]
        _add(in_time, phase, resident, timely)
        _add(late, phase, resident, count - timely)
    phases = sorted(read.care_model.phases.values(), key=lambda phase: phase.order)
    rows = tuple(Label(phase.id, phase.name) for phase in phases)
    timely = _events("in-time", "Checklist items dealt with in time", "items", rows, in_time)
    yield replace(timely, along=BY_PHASE)
    late_ones = _events("late", "Checklist items dealt with late", "items", rows, late)
    yield replace(late_ones, along=BY_PHASE)


def _add(counts: PerResident, key: Key, resident: int, count: int) -> None:
    if count:
        row = counts.setdefault(key, {})
        row[resident] = row.get(resident, 0) + count


def _events(
    table_id: str, title: str, counted: str, rows: tuple[Label, ...], counts: PerResident
) -> TableRequest:
    """Return an event table: sums, distinct residents behind them, largest single share."""
    kept = [
        {who: count for who, count in counts.get(row.code, {}).items() if count} for row in rows
    ]
    whole: dict[int, int] = {}
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
