"""Slips without a name: counted in the outcomes where enough gave one, tied to nobody."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from shelter_desk.desk import residents
from shelter_desk.desk.audit_log import events
from shelter_desk.desk.own_ratings import (
    OWN,
    TakeSlipBack,
    WriteSlip,
    rating_questions,
    slips_of,
)
from shelter_desk.desk.protected_behind import protected_behind
from shelter_desk.disclosure import Refused, protect
from shelter_desk.domain.errors import InvalidError
from shelter_desk.domain.own_ratings import LINES, line_of
from shelter_desk.exports.report_handing import ask_for_protected
from shelter_desk.exports.summary_release import prepare_summary
from tests.desk.test_release_ledger import case_manager

QUARTER = "2026-Q1"
ALL_HIGH = {"goals": 8, "safe": 10, "listened": 7}


def slips(house, count, answers=ALL_HIGH, period=QUARTER):
    for _ in range(count):
        house.desk.do(WriteSlip(period, answers))


def rated(house, period=QUARTER):
    question = ask_for_protected(house.desk, report_id="outcomes", period=period)
    return question, {t.id: t for t in question.request.tables if t.id.startswith(OWN)}


@pytest.fixture
def house(open_desk):
    for number in range(24):
        open_desk.desk.do(residents.Admit(f"Sky {number}", open_desk.clock(), age_guess=15))
    return open_desk


def test_a_slip_is_counted_on_its_line_and_leads_to_nobody(house):
    slips(house, 2)
    slips(house, 1, {"safe": 0})
    assert house.desk.ask(slips_of, period=QUARTER) == 3
    house.clock.at = datetime(2026, 4, 2, 12, tzinfo=UTC)
    question, tables = rated(house)
    assert {name.removeprefix(OWN) for name in tables} == set(rating_questions())
    assert tables["rating-safe"].cells == ((2,), (1,), (0,))
    assert tables["rating-goals"].cells == ((2,), (0,), (1,))
    assert {table.total for table in tables.values()} == {3}
    with house.desk._store.unguarded() as connection:
        columns = {row[1] for row in connection.execute("PRAGMA table_info(own_rating)")}
    assert columns == {"id", "public_id", "event_id", "version", "period", "answers", "staff_id",
                       "withdrawn_at"}  # fmt: skip
    figure = "rating-safe/high/all"
    found = house.desk.ask(
        protected_behind, request=question.request, facts=question.facts.facts, figure=figure,
        words="",
    )  # fmt: skip
    assert (found.lines, found.closed) == ((), 0)


def test_only_where_enough_gave_one_is_anything_shown(house):
    slips(house, 10)
    house.clock.at = datetime(2026, 4, 2, 12, tzinfo=UTC)
    assert shown(alone(house)) == {}, "ten of eleven"
    slips(house, 2)
    assert shown(alone(house)) == dict.fromkeys(("high", "low", "none", "total"), 12) | {
        "low": 0, "none": 0
    }  # fmt: skip
    slips(house, 1, {"safe": 2})
    one_low = {"total": 13}
    assert shown(alone(house)) == one_low, "one who does not feel safe is one too few to tell of"
    prepared = prepare_summary(rated(house)[0])
    assert not isinstance(prepared, Refused), prepared.reason
    assert shown(prepared.release) == one_low, "beside all the other outcomes too"


def test_slips_of_a_period_that_is_out_stand_as_they_were_told(house):
    slips(house, 12)
    taken_back = house.desk.do(WriteSlip(QUARTER, ALL_HIGH)).subject
    house.clock.at = datetime(2026, 4, 2, 12, tzinfo=UTC)
    first = prepare_summary(rated(house)[0])
    assert not isinstance(first, Refused), first.reason
    first.hand_out(house.desk.do)
    before = {name: table.cells for name, table in rated(house)[1].items()}
    slips(house, 1, {"safe": 0})
    house.desk.do(TakeSlipBack(taken_back))
    # Left out of a further pack, the table would tell its reader that a slip came late.
    assert {name: table.cells for name, table in rated(house)[1].items()} == before
    assert before["rating-safe"] == ((13,), (0,), (0,))
    assert house.desk.ask(slips_of, period=QUARTER) == 13


def alone(house):
    """Return the release of the ratings without the other tables, which take seconds."""
    question, tables = rated(house)
    release = protect(replace(question.request, tables=tuple(tables.values())))
    assert not isinstance(release, Refused), release.reason
    return release


def shown(release):
    figures = {f["id"]: f["value"] for f in release.certificate["figures"]}
    return {
        name.split("/")[1]: value
        for name, value in figures.items()
        if name.startswith("rating-safe/") and value is not None
    }


def test_in_a_year_as_many_residents_are_behind_a_line_as_in_its_fullest_quarter(house):
    slips(house, 4, {"safe": 9})
    house.clock.at = datetime(2026, 5, 1, 12, tzinfo=UTC)
    slips(house, 6, {"safe": 9}, "2026-Q2")
    house.clock.at = datetime(2027, 1, 5, 12, tzinfo=UTC)
    table = rated(house, "2026")[1]["rating-safe"]
    assert table.cells == ((10,), (0,), (0,))
    assert table.contributors == ((6,), (0,), (0,))
    assert table.largest == ((2,), (0,), (0,))
    assert (table.all_contributors, table.all_largest) == (6, 2)


def test_what_cannot_stand_on_a_slip_is_refused_beside_its_field(open_desk):
    for period, answers, field in (
        (QUARTER, {}, "goals"),
        (QUARTER, {"safe": 11}, "safe"),
        (QUARTER, {"safe": -1}, "safe"),
        (QUARTER, {"food": 5}, "food"),
        ("2026-Q2", {"safe": 5}, "period"),
        ("2026", {"safe": 5}, "period"),
    ):
        with pytest.raises(InvalidError) as caught:
            open_desk.desk.do(WriteSlip(period, answers))
        assert [problem.field for problem in caught.value.problems] == [field]
    assert open_desk.desk.ask(slips_of, period=QUARTER) == 0


def test_a_slip_is_taken_back_once_and_stays_in_the_trail(open_desk):
    done = open_desk.desk.do(WriteSlip(QUARTER, ALL_HIGH))
    event = open_desk.desk.ask(events, limit=1)[0]
    assert (event.action, event.reason) == ("rating.slip", QUARTER), "not what stood on it"
    assert done.undo == TakeSlipBack(done.subject)
    open_desk.desk.do(done.undo)
    assert open_desk.desk.ask(slips_of, period=QUARTER) == 0
    with pytest.raises(InvalidError):
        open_desk.desk.do(TakeSlipBack(done.subject))


def test_a_case_manager_writes_slips_down(open_desk):
    desk, _, _ = case_manager(open_desk)
    desk.do(WriteSlip(QUARTER, ALL_HIGH))
    assert desk.ask(slips_of, period=QUARTER) == 1


def test_ten_and_seven_are_high_and_six_and_nought_are_low():
    assert [line_of(n) for n in (10, 7, 6, 0, None)] == ["high", "high", "low", "low", "none"]
    assert [code for code, _ in LINES] == ["high", "low", "none"]
