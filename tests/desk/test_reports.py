"""Exact reports: counted here by brute force, over houses that hypothesis invents.

Everything is done through the desk; what is expected is worked out from what was done, day by day
on the shelter's calendar, without any of the program's own counting.
"""

from collections import Counter
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shelter_desk.desk import entry, residents
from shelter_desk.desk.funder_answers import AnswerFunders
from shelter_desk.desk.report_behind import MOST
from shelter_desk.desk.reporting import NoteExplained, exact_report, report_behind
from shelter_desk.desk.service_log import CorrectEntry, Given, LogService, WithdrawEntry
from shelter_desk.domain.periods import Period
from shelter_desk.store.keys.kit import new_kit
from tests.conftest import PASSPHRASE, Clock, OpenDesk

NEW_YORK = ZoneInfo("America/New_York")
NOW = datetime(2027, 1, 10, 12, tzinfo=UTC)
QUARTERS = [Period(2025, 4), *(Period(2026, quarter) for quarter in (1, 2, 3, 4))]
# The edges at which counting goes wrong: midnights of quarters, months and the funder's year, and
# both changes of the clocks, a moment before and at each.
EDGES = [
    datetime(*day, tzinfo=NEW_YORK).astimezone(UTC) + timedelta(milliseconds=off)
    for day in (
        (2025, 10, 1), (2025, 11, 2, 1, 30), (2025, 12, 31), (2026, 1, 1), (2026, 2, 28, 23, 59),
        (2026, 3, 1), (2026, 3, 8, 1, 59), (2026, 3, 8, 3), (2026, 4, 1), (2026, 6, 30, 23),
        (2026, 7, 1), (2026, 10, 1), (2026, 11, 1, 1, 30), (2026, 12, 31, 23, 59), (2027, 1, 1),
    )
    for off in (-1, 0)
]  # fmt: skip
LINES = {
    "crisis_shelter": "D1",
    "mental_health": "C4",
    "basic_needs": "B9",
    "legal_advocacy": "E5",
}
RACES = ((), ("White",), ("BlackAfAmerican",), ("White", "HispanicLatinaeo"), ("9",))
RACE_LINES = ("voca-not-tracked", "voca-white", "voca-black", "voca-multiple", "voca-not-reported")


@dataclass(frozen=True)
class Gave:
    """What a test did: a service to somebody, as it stands now."""

    who: str
    at: datetime
    line: str
    funder: str
    units: int
    taken_back: bool = False

    @property
    def counts(self):
        return self.funder in ("voca", "match") and not self.taken_back


@dataclass(frozen=True)
class Stayed:
    """A stay as a test made it."""

    who: str
    came: datetime
    left: datetime | None
    guess: int


@dataclass
class House:
    """The desk, and all that was ever done in it."""

    desk: object
    clock: Clock
    gave: list
    stayed: list
    races: dict


@pytest.fixture(scope="module")
def house(tmp_path_factory, care_model):
    folder = tmp_path_factory.mktemp("reports") / "records"
    clock = Clock(NOW)
    founding = entry.Founding("Harbor House", "America/New_York", "Dana", PASSPHRASE, new_kit())
    opened = OpenDesk(entry.found(folder, founding, care_model, clock), folder, clock, None, None)
    yield House(opened.desk, clock, [], [], {})
    opened.desk.close()


MOMENTS = st.one_of(
    st.sampled_from(EDGES),
    st.integers(0, 465 * 24 * 60).map(
        lambda minutes: datetime(2025, 10, 1, tzinfo=UTC) + timedelta(minutes=minutes)
    ),
)
SERVICES = st.tuples(
    MOMENTS, st.sampled_from(sorted(LINES)), st.sampled_from(("voca", "match", "other")),
    st.integers(1, 4), st.sampled_from(("", "", "corrected", "taken back")),
)  # fmt: skip
PEOPLE = st.tuples(
    MOMENTS, st.one_of(st.none(), st.integers(0, 400)), st.integers(9, 30),
    st.sampled_from(range(len(RACES))), st.lists(SERVICES, max_size=5),
)  # fmt: skip


def live(house, person):
    """Let one invented person live through the house: come, be given services, leave."""
    came, days, guess, race, services = person
    stay = house.desk.do(residents.Admit("Sky", came, age_guess=guess)).subject
    who = stay
    if RACES[race]:
        house.desk.do(AnswerFunders(stay, {"race": RACES[race]}))
    house.races[who] = race
    last = came
    for wanted, *what in services:
        at = max(wanted, came)
        last = max(last, at)
        house.gave.append(give(house, stay, at, what))
    left = None if days is None else min(max(last, came + timedelta(days=days)), NOW)
    if left is not None:
        house.desk.do(residents.RecordExit(stay, left, "completed", "422"))
    house.stayed.append(Stayed(who, came, left, guess))


def give(house, stay, at, what):
    service, funder, units, then = what
    line = LINES[service]
    done = house.desk.do(
        LogService(stay, service, at, 15, voca_code=line, units=units, funder=funder)
    )
    gave = Gave(stay, at, line, funder, units)
    if then == "taken back":
        house.desk.do(WithdrawEntry(done.subject))
        return replace(gave, taken_back=True)
    if then == "corrected":
        what = Given(service, at, 15, line, units=units + 1, funder="voca")
        house.desk.do(CorrectEntry(done.subject, 1, what))
        return replace(gave, units=units + 1, funder="voca")
    return gave


def local(at):
    return at.astimezone(NEW_YORK).date()


def in_period(at, period):
    return at is not None and period.starts_on <= local(at) <= period.ends_on


def figures(house, report_id, period):
    return house.desk.ask(exact_report, report_id=report_id, period=period.id).figures()


def same(found, expected, table):
    """Compare one table: what is not expected has to be 0."""
    shown = {name: value for name, value in found.items() if name.startswith(f"{table}/")}
    assert {name: value for name, value in shown.items() if value} == {
        f"{table}/{name}": value for name, value in expected.items() if value
    }


def voca_by_hand(house, period):
    """Return the tables of the form, worked out from what was done."""
    given_now = [one for one in house.gave if one.counts and in_period(one.at, period)]
    year = date(period.year if period.quarter == 4 else period.year - 1, 10, 1)
    before = {
        one.who for one in house.gave
        if one.counts and year <= local(one.at) < period.starts_on
    }  # fmt: skip
    people = {one.who for one in given_now}
    new = people - before
    groups, times = Counter(), Counter()
    for group in {one.line[0] for one in given_now}:
        groups[group] = len({one.who for one in given_now if one.line[0] == group})
    for one in given_now:
        times[one.line] += one.units
    races = Counter(RACE_LINES[house.races[who]] for who in new)
    return people, new, groups, times, races


@given(people=st.lists(PEOPLE, min_size=1, max_size=3))
@settings(
    max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_the_form_says_what_brute_force_says(house, people):
    for person in people:
        live(house, person)
    for period in QUARTERS:
        found = figures(house, "voca", period)
        served, new, groups, times, races = voca_by_hand(house, period)
        assert found["individuals/total/people"] == len(served)
        assert found["individuals/new/people"] == len(new)
        assert found["individuals/continuing/people"] == len(served - new)
        same(found, {f"{line}/times": n for line, n in times.items()}, "lines")
        for group in "ABCDE":
            assert found[f"groups/{group}/people"] == groups[group]
            assert found[f"groups/{group}/provided"] == ("Yes" if groups[group] else "No")
        same(
            found, {"all/people": len(new), **{f"{k}/people": n for k, n in races.items()}}, "race"
        )
        for table in ("race", "gender", "age"):
            lines = {k: v for k, v in found.items() if k.startswith(f"{table}/")}
            whole = lines.pop(f"{table}/all/people")
            assert sum(lines.values()) == whole == len(new)


def nights_by_hand(stayed, first, last):
    """Count the midnights that end a day from `first` to `last`, one by one."""
    until = stayed.left or NOW
    day, nights = first, 0
    while day <= last:
        nights += local(stayed.came) <= day < local(until)
        day += timedelta(days=1)
    return nights


def test_the_census_says_what_brute_force_says(house):
    live(house, (datetime(2026, 2, 3, tzinfo=UTC), 40, 15, 0, []))
    for period in (*QUARTERS[:-1], Period(2025)):
        found = figures(house, "licensing", period)
        months = range(period.starts_on.month, period.ends_on.month + 1)
        for month in months:
            first = date(period.year, month, 1)
            last = date(period.year + month // 12, month % 12 + 1, 1) - timedelta(days=1)
            row = f"census/{period.year}-{month:02}"
            came = sum(first <= local(one.came) <= last for one in house.stayed)
            left = sum(one.left is not None and first <= local(one.left) <= last
                       for one in house.stayed)  # fmt: skip
            assert (found[f"{row}/came"], found[f"{row}/left"]) == (came, left)
            nights = sum(nights_by_hand(one, first, last) for one in house.stayed)
            assert found[f"{row}/nights"] == nights
            start, end = found[f"{row}/start"], found[f"{row}/end"]
            assert start + came - left == end
        whole = "census/all"
        rows = [f"census/{period.year}-{month:02}" for month in months]
        for column in ("came", "left", "nights"):
            assert found[f"{whole}/{column}"] == sum(found[f"{row}/{column}"] for row in rows)
        assert found[f"{whole}/start"] == found[f"{rows[0]}/start"]
        assert found[f"{whole}/end"] == found[f"{rows[-1]}/end"]


def test_the_nights_of_the_quarters_are_those_of_the_year_in_every_report(house):
    live(house, (datetime(2026, 3, 8, 6, 59, tzinfo=UTC), 300, 15, 0, []))
    by_quarter = [
        figures(house, "rhy", quarter)["people/nights/count"] for quarter in QUARTERS[1:]
    ]
    year = figures(house, "rhy", Period(2026))["people/nights/count"]
    assert (
        sum(by_quarter) == year == figures(house, "licensing", Period(2026))["census/all/nights"]
    )


def test_lengths_of_stay_follow_the_rules_of_few(house):
    for days in (1, 8, 9, 200):
        live(house, (datetime(2025, 1, 1, 12, tzinfo=UTC), days, 15, 0, []))
    few = figures(house, "licensing", Period(2025, 1))
    assert few["lengths/all/left"] == 3
    assert (few["length/mean/days"], few["length/median/days"]) == ("–", "–")
    for days in (20, 21):
        live(house, (datetime(2025, 1, 1, 12, tzinfo=UTC), days, 15, 0, []))
    five = figures(house, "licensing", Period(2025, 1))
    assert (five["length/mean/days"], five["length/median/days"]) == ("–", "9")
    for _ in range(5):
        live(house, (datetime(2025, 1, 1, 12, tzinfo=UTC), 12, 15, 0, []))
    ten = figures(house, "licensing", Period(2025, 1))
    assert (ten["length/mean/days"], ten["length/median/days"]) == ("11.9", "12")


def test_every_figure_is_the_sum_of_the_records_behind_it(house):
    live(house, (datetime(2026, 2, 3, tzinfo=UTC), 20, 15, 1,
                 [(datetime(2026, 2, 4, tzinfo=UTC), "basic_needs", "voca", 3, "")]))  # fmt: skip
    looked = 0
    for report_id in ("voca", "rhy", "licensing"):
        for figure, value in figures(house, report_id, Period(2026, 1)).items():
            if not isinstance(value, int) or not value or looked > 90:
                continue
            house.desk.do(NoteExplained(report_id, "2026-Q1", figure))
            found = house.desk.ask(
                report_behind, report_id=report_id, period="2026-Q1", figure=figure
            )
            open_ones = sum(line.adds for line in found.lines)
            assert found.closed or found.more or open_ones == value, figure
            assert len(found.lines) + found.closed <= MOST
            looked += 1
    assert looked > 20
