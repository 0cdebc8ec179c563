"""Beds and stays: who sleeps where and who slept where, and nothing that contradicts itself."""

from dataclasses import replace
from datetime import timedelta

import pytest
import sqlcipher3

from shelter_desk.desk import care, residents
from shelter_desk.desk.bed_holds import HoldBed, ReleaseBed
from shelter_desk.desk.beds import bed_board, census
from shelter_desk.desk.history import history
from shelter_desk.desk.missing import StartMissing
from shelter_desk.desk.missing_return import RecordReturn
from shelter_desk.desk.residents import (
    Admit,
    CorrectArrival,
    CorrectExit,
    MoveBed,
    RecordExit,
    ReopenStay,
)
from shelter_desk.desk.shelter import AddBed, RetireBed, beds
from shelter_desk.desk.upkeep_check import due_drift
from shelter_desk.domain.errors import InvalidError

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def house(open_desk):
    open_desk.beds = {bed.name: bed.bed_id for bed in open_desk.desk.ask(beds)}
    return open_desk


def admit(house, name="Sky", bed="1A", at=None, **more):
    command = Admit(name, at or house.clock(), bed_id=house.beds.get(bed), **more)
    return house.desk.do(command).subject


def leave(house, stay, at=None):
    return house.desk.do(RecordExit(stay, at or house.clock(), "kin", "422"))


def wrong(house, command):
    with pytest.raises(InvalidError) as caught:
        house.desk.do(command)
    return [problem.field for problem in caught.value.problems]


def board(house):
    return house.desk.ask(bed_board)


def states(house):
    return {bed.name: bed.state for bed in board(house).beds}


def slept(house, at):
    """Return name -> bed, of those who stayed here at a moment."""
    return {one.called: one.bed for one in house.desk.ask(census, at=at).sleepers}


def stay_row(house, stay):
    return house.desk.ask(residents.record, stay_id=stay, now=house.clock())


def resident_of(house, stay):
    return stay_row(house, stay).resident_id


# Tonight


def test_the_board_says_of_each_bed_who_sleeps_there_or_that_it_is_free(house):
    sky = admit(house, "Sky", "1A")
    admit(house, "Ash", None)
    found = board(house)
    assert states(house) == {"1A": "taken", "1B": "free", "2A": "free", "2B": "free"}
    assert found.beds[0].sleeper.stay_id == sky
    assert [one.called for one in found.without_bed] == ["Ash"]
    assert (found.in_house, found.over) == (2, 0)


def test_more_residents_than_beds_is_said_and_not_forbidden(house):
    for name, bed in zip(
        ("Sky", "Ash", "Ada", "Bo", "Cy"), ("1A", "1B", "2A", "2B", None), strict=True
    ):
        admit(house, name, bed)
    assert (board(house).in_house, board(house).over) == (5, 1)


def test_the_bed_of_somebody_missing_is_kept_and_shown_as_such(house):
    sky = admit(house)
    house.clock.forward(hours=5)
    missing = house.desk.do(StartMissing(sky, house.clock())).subject
    assert states(house)["1A"] == "away"
    assert wrong(house, Admit("Ash", house.clock(), bed_id=house.beds["1A"])) == ["bed_id"]
    house.clock.forward(hours=2)
    house.desk.do(RecordReturn(missing, house.clock(), "self"))
    assert states(house)["1A"] == "taken"


def test_a_held_bed_is_given_to_nobody_until_it_is_released(house):
    done = house.desk.do(HoldBed(house.beds["1B"], "expected", house.clock() + DAY))
    held = board(house).beds[1]
    assert (held.state, held.reason) == ("held", "Someone is expected")
    assert wrong(house, Admit("Ash", house.clock(), bed_id=house.beds["1B"])) == ["bed_id"]
    sky = admit(house)
    assert wrong(house, MoveBed(sky, house.beds["1B"])) == ["bed_id"]
    house.desk.do(done.undo)
    house.desk.do(MoveBed(sky, house.beds["1B"]))
    assert states(house) == {"1A": "free", "1B": "taken", "2A": "free", "2B": "free"}


def test_a_hold_that_cannot_be_is_refused(house):
    admit(house)
    good = HoldBed(house.beds["2A"], "repair")
    assert wrong(house, replace(good, bed_id=house.beds["1A"])) == ["bed_id"]
    assert wrong(house, replace(good, reason="because")) == ["reason"]
    assert wrong(house, replace(good, until=house.clock())) == ["until"]
    hold = house.desk.do(good).subject
    assert wrong(house, good) == ["bed_id"]
    undone = house.desk.do(ReleaseBed(hold))
    assert wrong(house, ReleaseBed(hold)) == ["hold_id"]
    house.desk.do(undone.undo)
    assert states(house)["2A"] == "held"


# Any past hour


def test_a_census_tells_of_any_hour_who_was_here_and_in_which_bed(house):
    start = house.clock()
    sky = admit(house, "Sky", "1A")
    house.clock.forward(days=1)
    admit(house, "Ash", "1B")
    house.clock.forward(days=1)
    house.desk.do(MoveBed(sky, house.beds["2A"]))
    house.clock.forward(days=1)
    leave(house, sky)
    house.clock.forward(days=1)
    assert slept(house, start - HOUR) == {}
    assert slept(house, start) == {"Sky": "1A"}
    assert slept(house, start + 1.5 * DAY) == {"Sky": "1A", "Ash": "1B"}
    assert slept(house, start + 2.5 * DAY) == {"Sky": "2A", "Ash": "1B"}
    assert slept(house, start + 3 * DAY) == {"Ash": "1B"}
    house.beds["10A"] = house.desk.do(AddBed("10A")).subject
    for name, bed in (("Elm", "10A"), ("Fern", "2A"), ("Oak", "")):
        admit(house, name, bed)
    assert list(slept(house, house.clock()).values()) == ["", "1B", "2A", "10A"]


def test_a_census_knows_who_was_missing_then(house):
    sky = admit(house)
    house.clock.forward(days=1)
    missing = house.desk.do(StartMissing(sky, house.clock())).subject
    gone = house.clock()
    house.clock.forward(days=1)
    house.desk.do(RecordReturn(missing, house.clock(), "self"))
    house.clock.forward(days=1)
    then = [
        house.desk.ask(census, at=at).sleepers[0].away_since
        for at in (gone - HOUR, gone + HOUR, gone + 2 * DAY)
    ]
    assert then == [None, gone, None]


def test_a_late_entered_exit_changes_the_census_of_that_time(house):
    start = house.clock()
    sky = admit(house)
    house.clock.forward(days=3)
    assert slept(house, start + 2 * DAY) == {"Sky": "1A"}
    leave(house, sky, start + DAY)
    assert slept(house, start + 2 * DAY) == {}


# No contradictions


def test_nobody_is_put_in_a_bed_that_somebody_still_slept_in(house):
    start = house.clock()
    sky = admit(house)
    house.clock.forward(days=2)
    leave(house, sky, start + DAY)
    late = Admit("Ash", start + 0.5 * DAY, bed_id=house.beds["1A"])
    assert wrong(house, late) == ["bed_id"]
    house.desk.do(replace(late, arrived_at=start + DAY))


def test_a_stay_before_another_of_theirs_ended_is_refused(house):
    sky = admit(house)
    resident = resident_of(house, sky)
    house.clock.forward(days=1)
    again = Admit("Sky", house.clock(), resident_id=resident)
    assert wrong(house, again) == ["called"]
    leave(house, sky)
    assert wrong(house, replace(again, arrived_at=house.clock() - HOUR)) == ["arrived_at"]
    house.desk.do(again)


def test_an_exit_contradicts_nothing_that_was_recorded(house):
    start = house.clock()
    sky = admit(house)
    house.clock.forward(days=1)
    house.desk.do(MoveBed(sky, house.beds["1B"]))
    house.clock.forward(days=1)
    gone = RecordExit(sky, house.clock(), "kin", "422")
    assert wrong(house, replace(gone, left_at=start - HOUR)) == ["left_at"]
    assert wrong(house, replace(gone, left_at=start + HOUR)) == ["left_at"]
    assert wrong(house, replace(gone, left_at=house.clock() + HOUR)) == ["left_at"]
    missing = house.desk.do(StartMissing(sky, house.clock() - HOUR)).subject
    assert wrong(house, replace(gone, left_at=house.clock() - 2 * HOUR)) == ["left_at"]
    assert missing
    house.desk.do(gone)
    assert wrong(house, gone) == ["left_at"]


def test_an_exit_is_taken_back_with_its_bed(house):
    sky = admit(house)
    house.clock.forward(days=1)
    before = house.desk.ask(care.stay_plan, stay_id=sky, now=house.clock())
    done = leave(house, sky)
    house.desk.do(done.undo)
    assert states(house)["1A"] == "taken"
    assert house.desk.ask(care.stay_plan, stay_id=sky, now=house.clock()) == before
    assert stay_row(house, sky).exit_type is None


def test_taking_an_exit_back_leaves_the_bed_to_who_has_it_now(house):
    sky = admit(house)
    house.clock.forward(days=1)
    done = leave(house, sky)
    house.clock.forward(hours=1)
    admit(house, "Ash", "1A")
    house.desk.do(done.undo)
    assert board(house).beds[0].sleeper.called == "Ash"
    assert [one.called for one in board(house).without_bed] == ["Sky"]
    assert slept(house, house.clock() - 2 * HOUR) == {"Sky": "1A"}


def test_an_exit_before_a_later_stay_is_not_taken_back(house):
    sky = admit(house)
    house.clock.forward(days=1)
    leave(house, sky)
    house.clock.forward(days=1)
    again = admit(house, "Sky", "1B", resident_id=resident_of(house, sky))
    assert wrong(house, ReopenStay(sky)) == ["stay_id"]
    assert wrong(house, ReopenStay(again)) == ["stay_id"]


def test_an_exit_is_corrected_unless_someone_else_had_the_bed_or_they_were_back(house):
    start = house.clock()
    sky = admit(house)
    house.clock.forward(days=5)
    leave(house, sky, start + DAY)
    admit(house, "Ash", "1A", at=start + 3 * DAY)
    admit(house, "Sky", "2A", at=start + 2 * DAY, resident_id=resident_of(house, sky))
    version = stay_row(house, sky).stay_version
    right = CorrectExit(sky, version, start + 1.5 * DAY, "kin", "422")
    assert wrong(house, replace(right, left_at=start + 2.5 * DAY)) == ["left_at"]
    assert wrong(house, replace(right, left_at=start - HOUR)) == ["left_at"]
    done = house.desk.do(right)
    assert slept(house, start + 1.2 * DAY) == {"Sky": "1A"}
    house.desk.do(done.undo)
    assert slept(house, start + 1.2 * DAY) == {}


def test_an_exit_does_not_reach_into_the_nights_of_who_slept_there_next(house):
    start = house.clock()
    sky = admit(house)
    house.clock.forward(days=5)
    leave(house, sky, start + DAY)
    ash = admit(house, "Ash", "1A", at=start + 2 * DAY)
    leave(house, ash, start + 3 * DAY)
    version = stay_row(house, sky).stay_version
    assert wrong(house, CorrectExit(sky, version, start + 2.5 * DAY, "kin", "422")) == ["left_at"]
    house.desk.do(CorrectExit(sky, version, start + 2 * DAY, "kin", "422"))


def test_an_arrival_is_corrected_and_its_clocks_follow(house):
    sky = admit(house)
    start = house.clock()
    house.clock.forward(hours=3)

    def first_due():
        plan = house.desk.ask(care.stay_plan, stay_id=sky, now=house.clock())
        return min(i.due_at for s in plan.services for i in s.items if i.due_at)

    before = first_due()
    version = stay_row(house, sky).stay_version
    done = house.desk.do(CorrectArrival(sky, version, start - 2 * HOUR))
    assert first_due() == before - 2 * HOUR
    assert slept(house, start - HOUR) == {"Sky": "1A"}
    assert house.desk.ask(due_drift) == ()
    house.desk.do(done.undo)
    assert first_due() == before


def test_an_arrival_contradicts_neither_another_stay_nor_another_sleeper_nor_a_record(house):
    start = house.clock()
    sky = admit(house)
    house.clock.forward(days=1)
    leave(house, sky)
    house.clock.forward(hours=2)
    again = admit(house, "Sky", "1B", resident_id=resident_of(house, sky))
    ash = admit(house, "Ash", "1A")
    house.clock.forward(hours=2)
    house.desk.do(MoveBed(again, house.beds["2B"]))

    def correct(stay, at):
        return CorrectArrival(stay, stay_row(house, stay).stay_version, at)

    assert wrong(house, correct(again, start + DAY - HOUR)) == ["arrived_at"]
    assert wrong(house, correct(ash, start + DAY - HOUR)) == ["arrived_at"]
    assert wrong(house, correct(again, house.clock() + HOUR)) == ["arrived_at"]
    assert wrong(house, correct(sky, start + 2 * DAY)) == ["arrived_at"]
    house.clock.forward(hours=1)
    assert wrong(house, correct(again, house.clock())) == ["arrived_at"]  # the bed came before
    house.desk.do(correct(ash, start + DAY))


def test_the_records_themselves_refuse_stays_that_overlap(house):
    sky = admit(house)
    house.clock.forward(days=1)
    leave(house, sky)
    with house.desk._store.unguarded() as connection:
        (resident, began, event) = connection.execute(
            "SELECT resident_id, began_at, (SELECT max(id) + 1 FROM audit_event) FROM stay"
        ).fetchone()
        insert = (
            "INSERT INTO stay (public_id, event_id, resident_id, began_at) VALUES (?, ?, ?, ?)"
        )
        with pytest.raises(sqlcipher3.IntegrityError, match="do not overlap"):
            connection.execute(insert, ("x", event, resident, began + 1))
        with pytest.raises(sqlcipher3.IntegrityError, match="CHECK"):
            connection.execute("UPDATE stay SET ended_at = began_at - 1, event_id = ?", (event,))


def test_a_bed_out_of_use_stays_in_the_census_of_its_time(house):
    start = house.clock()
    sky = admit(house)
    house.clock.forward(days=1)
    leave(house, sky)
    bed = next(bed for bed in house.desk.ask(beds) if bed.name == "1A")
    house.desk.do(RetireBed(bed.bed_id, bed.version))
    assert slept(house, start + HOUR) == {"Sky": "1A"}
    assert "1A" not in states(house)


def test_an_arrival_entered_late_starts_nothing_for_who_came_after_it(open_desk):
    desk, clock = open_desk.desk, open_desk.clock
    before = desk.do(residents.Admit("Ash", clock())).subject
    clock.forward(hours=9)
    after = desk.do(residents.Admit("Fern", clock())).subject
    clock.forward(minutes=20)
    desk.do(residents.Admit("Sky", clock() - timedelta(hours=5)))
    came = open_desk.care_model.triggers["resident-admitted"].label
    told = {
        stay: sum(line.title == came for line in desk.ask(history, stay_id=stay))
        for stay in (before, after)
    }
    assert told == {before: 2, after: 0}
    assert desk.ask(due_drift) == ()
