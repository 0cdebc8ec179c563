"""The service log through the desk: groups, corrections, funder rules, lists and sums."""

import time
from dataclasses import replace
from datetime import timedelta

import pytest

from shelter_desk.desk import residents, stay_trail
from shelter_desk.desk.audit_log import events
from shelter_desk.desk.funder_counts import funder_counts
from shelter_desk.desk.service_log import (
    CorrectEntry,
    Given,
    LogFilter,
    LogGroup,
    LogService,
    RestoreEntry,
    WithdrawEntry,
    WithdrawGroup,
    entries,
    entry_history,
    log_lines,
    log_sums,
)
from shelter_desk.domain.errors import InvalidError, NotFoundError, StaleError

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def house(open_desk):
    """Three residents, two hours after their arrival."""
    admit = [residents.Admit(name, open_desk.clock()) for name in ("Sky", "Ada", "Ash")]
    open_desk.stays = [open_desk.desk.do(one).subject for one in admit]
    open_desk.clock.forward(hours=2)
    return open_desk


def given(house, service="mental_health", minutes=30, **more):
    return Given(service, more.pop("at", house.clock()), minutes, **more)


def log(house, number=0, service="mental_health", minutes=30, **more):
    at = more.pop("at", house.clock())
    return house.desk.do(LogService(house.stays[number], service, at, minutes, **more)).subject


def lines(house, number=0):
    return house.desk.ask(entries, stay_id=house.stays[number])


def all_of(house, **more):
    now = house.clock()
    return LogFilter(now - 30 * DAY, now + DAY, **more)


def wrong(house, command):
    with pytest.raises(InvalidError) as caught:
        house.desk.do(command)
    return [problem.field for problem in caught.value.problems]


# Groups


def test_a_group_entry_is_one_line_for_each_in_one_act(house):
    before = len(house.desk.ask(events))
    house.desk.do(LogGroup(house.stays, given(house, note="cooked together", units=2)))
    assert len(house.desk.ask(events)) == before + 1
    found = [lines(house, number) for number in range(3)]
    assert [len(one) for one in found] == [1, 1, 1]
    assert {one[0].group_key for one in found} == {found[0][0].group_key}
    assert {(one[0].note, one[0].units) for one in found} == {("cooked together", 2)}


def test_a_group_of_which_one_cannot_be_is_not_written_at_all(house):
    late = house.desk.do(residents.Admit("Bo", house.clock())).subject
    bad = LogGroup([*house.stays, late], given(house, at=house.clock() - HOUR))
    assert wrong(house, bad) == ["given_at"]
    with pytest.raises(NotFoundError):
        house.desk.do(LogGroup([*house.stays, "nobody"], given(house)))
    assert [lines(house, number) for number in range(3)] == [(), (), ()]


def test_nobody_is_in_a_group_twice_and_nobody_is_a_group_alone(house):
    sky = house.stays[0]
    assert wrong(house, LogGroup([sky, sky], given(house))) == ["stay_id"]
    house.desk.do(LogGroup([*house.stays, sky], given(house)))
    assert len(lines(house)) == 1


def test_a_group_entry_is_taken_back_as_one_and_a_single_line_alone(house):
    done = house.desk.do(LogGroup(house.stays, given(house)))
    house.desk.do(WithdrawEntry(lines(house, 1)[0].entry_id))
    assert [len(lines(house, number)) for number in range(3)] == [1, 0, 1]
    house.desk.do(done.undo)
    assert [len(lines(house, number)) for number in range(3)] == [0, 0, 0]
    assert wrong(house, WithdrawGroup(done.subject)) == ["group_key"]


def test_the_history_of_each_of_a_group_has_the_entry(house):
    house.desk.do(LogGroup(house.stays, given(house)))
    for stay in house.stays:
        trail = house.desk.ask(stay_trail.stay_trail, stay_id=stay)
        assert trail[0].action == "service.log-group"


def test_the_notes_of_a_group_are_sealed_for_each_of_them(house):
    house.desk.do(LogGroup(house.stays, given(house, note="a zibbledox word")))
    with house.desk._store.unguarded() as connection:
        sealed = connection.execute("SELECT note_sealed FROM service_entry").fetchall()
        bodies = connection.execute("SELECT body FROM audit_detail").fetchall()
    assert len({one for (one,) in sealed}) == 3
    assert not any(b"zibbledox" in one for (one,) in (*sealed, *bodies))


# Corrections


def test_a_correction_keeps_the_former_value_and_sums_use_the_newest(house):
    entry = log(house, minutes=30, note="first words")
    right = replace(lines(house)[0].given, minutes=90, units=3, note="second words")
    newest = house.desk.do(CorrectEntry(entry, 1, right)).subject
    (line,) = lines(house)
    assert (line.entry_id, line.minutes, line.units) == (newest, 90, 3)
    assert line.is_correction
    kept = house.desk.ask(entry_history, entry_id=entry)
    assert [(one.minutes, one.note) for one in kept] == [(90, "second words"), (30, "first words")]
    assert [one.withdrawn_at is None for one in kept] == [True, False]
    sums = house.desk.ask(log_sums, wanted=all_of(house))
    assert (sums.entries, sums.minutes, sums.units) == (1, 90, 3)


def test_history_is_the_same_from_whichever_end_it_is_asked_for(house):
    first = log(house, minutes=10)
    second = house.desk.do(CorrectEntry(first, 1, given(house, minutes=20))).subject
    third = house.desk.do(CorrectEntry(second, 1, given(house, minutes=40))).subject
    asked = [house.desk.ask(entry_history, entry_id=one) for one in (first, second, third)]
    assert asked[0] == asked[1] == asked[2]
    assert [one.minutes for one in asked[0]] == [40, 20, 10]


def test_a_correction_is_taken_back_by_another_one(house):
    entry = log(house, minutes=30, note="first words", voca_code="C4")
    before = lines(house)[0].given
    done = house.desk.do(CorrectEntry(entry, 1, given(house, "life_skills", 5)))
    house.desk.do(done.undo)
    assert lines(house)[0].given == before
    assert len(house.desk.ask(entry_history, entry_id=entry)) == 3


def test_only_the_newest_is_corrected_and_nobody_overwrites_a_colleague(house):
    entry = log(house)
    house.desk.do(CorrectEntry(entry, 1, given(house, minutes=45)))
    assert wrong(house, CorrectEntry(entry, 2, given(house, minutes=50))) == ["entry_id"]
    newest = lines(house)[0]
    with pytest.raises(StaleError):
        house.desk.do(CorrectEntry(newest.entry_id, 7, given(house, minutes=60)))
    assert [line.minutes for line in lines(house)] == [45]


def test_what_was_taken_back_is_put_back_unless_a_correction_stands_there(house):
    entry = log(house)
    done = house.desk.do(WithdrawEntry(entry))
    assert lines(house) == ()
    house.desk.do(done.undo)
    assert len(lines(house)) == 1
    assert wrong(house, RestoreEntry(entry)) == ["entry_id"]
    house.desk.do(CorrectEntry(entry, lines(house)[0].version, given(house, minutes=45)))
    assert wrong(house, RestoreEntry(entry)) == ["entry_id"]


# Funders


def test_a_line_of_another_service_is_refused(house):
    bad = LogService(house.stays[0], "life_skills", house.clock(), 30, voca_code="C4")
    assert wrong(house, bad) == ["voca_code"]


def test_a_funder_that_counts_lines_wants_one(house):
    plain = LogService(house.stays[0], "mental_health", house.clock(), 30)
    assert wrong(house, replace(plain, funder="voca")) == ["voca_code"]
    assert wrong(house, replace(plain, funder="match")) == ["voca_code"]
    assert wrong(house, replace(plain, funder="somebody")) == ["funder"]
    house.desk.do(replace(plain, funder="other"))
    house.desk.do(plain)
    house.desk.do(replace(plain, voca_code="C4"))
    assert {line.funder for line in lines(house)} == {"other", "none", "voca"}


def test_every_choose_one_rule_keeps_the_other_line_out_for_that_day(house):
    rules = [r for r in house.care_model.lists["voca-services"].rules if r.kind == "choose-one"]
    assert len(rules) == 3
    services = house.care_model.services
    for number, rule in enumerate(rules):
        one, other = rule.codes
        first = next(s for s in rule.services if one in services[s].voca)
        second = next(s for s in rule.services if other in services[s].voca)
        log(house, number, first, voca_code=one)
        again = LogService(house.stays[number], second, house.clock(), 5, voca_code=other)
        assert wrong(house, again) == ["voca_code"], rule.text
        house.clock.forward(days=1)
        house.desk.do(replace(again, given_at=house.clock()))


def test_an_entry_may_be_corrected_to_the_other_line(house):
    entry = log(house, 0, "residential_care", voca_code="D1")
    right = replace(lines(house)[0].given, voca_code="D2")
    house.desk.do(CorrectEntry(entry, 1, right))
    assert lines(house)[0].voca_code == "D2"


def test_units_are_counted_and_have_bounds(house):
    plain = LogService(house.stays[0], "basic_needs", house.clock(), 0, units=1)
    assert wrong(house, replace(plain, units=0)) == ["units"]
    assert wrong(house, replace(plain, units=1000)) == ["units"]


def test_a_funder_is_told_individuals_for_each_group_and_times_for_each_line(house):
    for number in (0, 1):
        log(house, number, "basic_needs", voca_code="B9", units=2)
    log(house, 0, "case_management", voca_code="B4")
    log(house, 2, "basic_needs", voca_code="B9", units=5, funder="other")
    wrong_one = log(house, 2, "mental_health", voca_code="C4")
    house.desk.do(WithdrawEntry(wrong_one))
    corrected = log(house, 1, "mental_health", voca_code="C5", funder="match")
    house.desk.do(
        CorrectEntry(corrected, 1, given(house, voca_code="C5", units=4, funder="match"))
    )
    now = house.clock()
    counts = house.desk.ask(funder_counts, since=now - DAY, until=now + DAY)
    assert counts.people == 2
    assert counts.groups == {"A": 0, "B": 2, "C": 1, "D": 0, "E": 0}
    assert {code: n for code, n in counts.times.items() if n} == {"B9": 4, "B4": 1, "C5": 4}
    assert len(counts.times) == 35


# Lists and sums


def test_lines_are_found_by_day_resident_service_and_member_of_staff(house):
    early = house.clock()
    log(house, 0, "mental_health")
    log(house, 1, "life_skills")
    house.clock.forward(days=2)
    log(house, 0, "life_skills")
    found = house.desk.ask(log_lines, wanted=all_of(house))
    assert found[0].service_id == "life_skills"
    assert sorted(line.called for line in found) == ["Ada", "Sky", "Sky"]

    def count(**more):
        return len(house.desk.ask(log_lines, wanted=all_of(house, **more)))

    assert count(stay_id=house.stays[0]) == 2
    assert count(service_id="life_skills") == 2
    assert count(stay_id=house.stays[0], service_id="life_skills") == 1
    assert count(staff_id=house.desk.staff.public_id) == 3
    first_day = LogFilter(early - HOUR, early + HOUR)
    assert len(house.desk.ask(log_lines, wanted=first_day)) == 2
    sums = house.desk.ask(log_sums, wanted=all_of(house))
    assert (sums.entries, sums.residents, sums.minutes) == (3, 2, 90)
    one = house.desk.ask(log_sums, wanted=all_of(house, stay_id=house.stays[0]))
    assert (one.entries, one.residents) == (2, 1)


def test_sums_of_nothing_are_zero(house):
    sums = house.desk.ask(log_sums, wanted=all_of(house))
    assert (sums.entries, sums.residents, sums.minutes, sums.units) == (0, 0, 0, 0)


def test_a_week_is_listed_and_summed_at_once_beside_many_other_weeks(house):
    """The lines of other times are not looked at: a hundred times as many cost nothing."""
    for days in range(40):
        at = house.clock() + days * DAY
        house.clock.at = at
        house.desk.do_all(
            LogService(stay, "basic_needs", at, 15) for stay in house.stays for _ in range(10)
        )
    wanted = LogFilter(house.clock() - HOUR, house.clock() + HOUR)
    started = time.perf_counter()
    assert len(house.desk.ask(log_lines, wanted=wanted)) == 30
    assert house.desk.ask(log_sums, wanted=wanted).entries == 30
    assert time.perf_counter() - started < 0.05
