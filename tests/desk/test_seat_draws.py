"""A seat shows what the dice drew, all of it and nothing else, by whichever door."""

from dataclasses import fields

import pytest
import sqlcipher3

from shelter_desk.desk import residents, trail_seals
from shelter_desk.desk.accounts import Colleague
from shelter_desk.desk.agreeing import Second
from shelter_desk.desk.record_lines import records_in_common, stays_between
from shelter_desk.desk.removing import TakeAway, destroy
from shelter_desk.desk.sample_lists import chosen_files
from shelter_desk.desk.sampling import (
    DrawSample,
    FixSampleList,
    WithdrawSampleList,
    drawn_sample,
    sample_draws,
)
from shelter_desk.desk.seat_draws import MOST_STAYS
from shelter_desk.desk.seat_records import seat_facts, seat_record, seat_stays
from shelter_desk.desk.seats import CloseSeat, LookFromSeat, OpenSeat, SeatedDesk
from shelter_desk.domain.errors import InvalidError, NotPermittedError
from shelter_desk.domain.periods import Period
from shelter_desk.domain.sampling import RECORDS, STAFF, drawn
from shelter_desk.exports.profiles import pack_rules
from shelter_desk.exports.sample_files import fitting_sample
from tests.conftest import newly_founded
from tests.desk.test_erasing import WORDS
from tests.desk.who_left import ADA
from tests.drawing import chosen, draw_of, drawn_so_far

DICE = "3 1 6 2 5 4"


@pytest.fixture
def house(tmp_path, care_model):
    """Three who live here, in the first quarter of the house; a second director signs."""
    ada = Colleague(ADA, "Ada", ("director",), WORDS)
    opened = newly_founded(tmp_path / "records", care_model, colleagues=(ada,))
    for name in ("Sky", "Ash", "River"):
        opened.desk.do(residents.Admit(name, opened.clock()))
    yield opened
    opened.desk.close()


def stays_of(opened):
    lines = opened.desk.ask(residents.roster, now=opened.clock())
    return {line.called: line.stay_id for line in lines}


def quarter(opened):
    return Period.quarter_of(opened.clock().astimezone(opened.desk.house.zone).date())


def seat_of(opened, draw_id):
    return opened.desk.do(OpenSeat("A. Auditor", "Rule 7", draw_id, 240)).subject


def facts(opened, seat_id):
    return opened.desk.ask(seat_facts, seat_id=seat_id, now=opened.clock())


def seated(opened, seat_id):
    lines = opened.desk.ask(seat_stays, seat_id=seat_id, now=opened.clock())
    return {line.stay_id for line in lines}


def refused(opened, draw_id):
    with pytest.raises(InvalidError) as error:
        seat_of(opened, draw_id)
    (problem,) = error.value.problems
    assert problem.field == "draw_id"
    return problem.message


def test_what_the_dice_left_out_is_seated_by_no_door(house):
    desk = house.desk
    draw_id = drawn_so_far(desk, 2)
    seat_id = seat_of(house, draw_id)
    inside = chosen(desk, draw_id)
    (outside,) = set(stays_of(house).values()) - inside
    assert seated(house, seat_id) == inside
    assert "stays" not in {
        one.name for one in fields(OpenSeat)
    }  # nobody picks, adds or leaves out
    at_seat, now = SeatedDesk(desk, seat_id), house.clock()
    for door in (
        lambda: desk.do(LookFromSeat(seat_id, outside)),
        lambda: at_seat.do(LookFromSeat(seat_id, outside)),
        lambda: desk.ask(seat_record, seat_id=seat_id, stay_id=outside, now=now),
        lambda: at_seat.ask(seat_record, seat_id=seat_id, stay_id=outside, now=now),
    ):
        with pytest.raises(NotPermittedError):
            door()
    later = desk.do(residents.Admit("Late", house.clock())).subject  # never on that list
    row = (
        "INSERT INTO seat_stay (public_id, event_id, seat_id, stay_id)"
        " SELECT 'x', 99999, seat.id, stay.id FROM seat, stay"
        " WHERE seat.public_id = ? AND stay.public_id = ?"
    )
    whole = (
        "INSERT INTO seat (public_id, event_id, visitor, authority, opened_at, until_at,"
        " staff_id) VALUES ('y', 99999, 'A', 'R', 1, 2, ?)"
    )
    with desk._store.unguarded() as connection:
        for statement, values in (
            (row, (seat_id, later)),
            ("UPDATE seat SET event_id = 99999, draw_id = NULL WHERE public_id = ?", (seat_id,)),
            (whole, (1,)),
        ):
            with pytest.raises(sqlcipher3.IntegrityError, match=r"draw|drew"):
                connection.execute(statement, values)
    desk.do(residents.RecordExit(later, house.clock.forward(minutes=1), "kin", "422"))


def test_a_draw_that_is_none_here_is_refused_in_words(house):
    desk, period = house.desk, quarter(house)
    assert "no such sample" in refused(house, "0" * 20)  # as of another house's records
    fixed = desk.do(FixSampleList("licensor", period.id, so_far=True)).subject
    assert "Throw the dice first" in refused(house, fixed)
    desk.do(WithdrawSampleList(fixed))
    assert "Throw the dice first" in refused(house, fixed)
    before = house.clock.at
    house.clock.forward(days=120)
    of_staff = desk.do(FixSampleList("licensor", period.id, STAFF)).subject
    desk.do(DrawSample(of_staff, DICE, 1))
    assert "staff files" in refused(house, of_staff)
    house.clock.at = before


def test_a_list_so_far_is_fixed_before_the_dice_and_leaves_in_no_pack(house):
    desk, period = house.desk, quarter(house)
    for of_list, when, so_far, words in (
        (RECORDS, period, False, "not over yet"),
        (STAFF, period, True, "only records"),
        (RECORDS, period.next, True, "not begun"),
        ("beds", period, True, "no such list"),
    ):
        with pytest.raises(InvalidError, match=words):
            desk.do(FixSampleList("licensor", when.id, of_list, so_far))
    with pytest.raises(InvalidError, match="Nobody lived here"):
        desk.do(FixSampleList("licensor", period.previous.id, so_far=True))
    draw_id = drawn_so_far(desk, 2)
    line = next(one for one in desk.ask(sample_draws) if one.draw_id == draw_id)
    sample = desk.ask(drawn_sample, draw_id=draw_id)
    assert (line.until_at, line.population) == (line.fixed_at, len(sample.leaves))
    assert line.fixed_event < line.drawn_event
    places = drawn(line.root, line.seed, line.population, line.wanted, line.method)
    assert tuple(sample.chosen) == places  # anybody can draw it again
    assert len(desk.ask(chosen_files, draw_id=draw_id)) == 2
    shown = {one.seq: one.text for one in desk.ask(trail_seals.shown_events, size=10**6)}
    said = f'"reason":"shelter-desk-sample/1/so-far:{line.root.hex()}'
    # No count of who lives here leaves with these events; that both were, and the dice, does.
    assert f'{said}"' in shown[line.fixed_event]
    assert f'{said}:{line.seed}"' in shown[line.drawn_event]
    profile = pack_rules(desk.house.care_model).profile("licensor")
    with pytest.raises(InvalidError, match="leaves in no pack"):
        fitting_sample(desk, draw_id, profile, period)


def test_who_threw_twice_is_seen_from_the_seat(house):
    first = facts(house, seat_of(house, drawn_so_far(house.desk, 1))).draw
    fixed = house.desk.do(FixSampleList("accreditor", quarter(house).id, so_far=True)).subject
    house.desk.do(WithdrawSampleList(fixed))
    again = facts(house, seat_of(house, drawn_so_far(house.desk, 1))).draw
    assert (again.lists, again.throws) == (first.lists + 2, first.throws + 1)
    assert (again.seed, again.wanted) == (DICE, 1)
    assert again.until_at == again.fixed_at == house.clock()


def test_what_was_destroyed_since_is_not_shown_and_said(house):
    desk, stays, period = house.desk, stays_of(house), quarter(house)
    only, both = draw_of(desk, stays["Sky"]), draw_of(desk, stays["Sky"], stays["Ash"])
    sky = desk.ask(residents.record, stay_id=stays["Sky"], now=house.clock()).resident_id
    house.clock.forward(minutes=5)
    desk.do(residents.RecordExit(stays["Sky"], house.clock(), "kin", "422"))
    removal_id = desk.do(TakeAway(sky, "entered-twice")).subject
    taken = seat_of(house, both)
    # Taken off the lists it is still all there: or somebody could put a bad record away for a day.
    assert seated(house, taken) == {stays["Sky"], stays["Ash"]}
    house.clock.forward(days=31)
    seat_id = seat_of(house, both)
    destroy(desk, removal_id, Second(ADA, WORDS))
    assert seated(house, seat_id) == {stays["Ash"]}
    assert (facts(house, seat_id).draw.wanted, facts(house, seat_id).draw.destroyed) == (2, 1)
    with pytest.raises(NotPermittedError):
        desk.do(LookFromSeat(seat_id, stays["Sky"]))
    assert "destroyed" in refused(house, only)
    # Its days and codes stay for the totals of a pack, and it stands in no line of one.
    house.clock.forward(days=max(0, (period.ends_on - house.clock().date()).days) + 2)
    asked = {"period": period, "now": house.clock()}
    lines = desk.ask(records_in_common, closed=frozenset(), least=1, **asked)
    there = set(desk.ask(stays_between, **asked))
    assert there >= set(stays.values())
    assert set(lines) == there - {stays["Sky"]}


def test_a_seat_from_before_has_no_draw_and_is_read_as_it_was(house):
    desk = house.desk
    with desk._store.unguarded() as connection:  # as the program wrote it before draws
        kept = connection.execute(
            "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name IN"
            " ('seat', 'seat_stay') AND sql LIKE '%BEFORE INSERT%'"
        ).fetchall()
        for name, _ in kept:
            connection.execute(f"DROP TRIGGER {name}")
        connection.execute(
            "INSERT INTO seat (public_id, event_id, visitor, authority, opened_at, until_at,"
            " staff_id) SELECT 'old-seat', max(id), 'A. Former', 'Rule', ?, ?, 1 FROM audit_event",
            (now := int(house.clock.at.timestamp() * 1000), now + 60_000),
        )
        connection.execute(
            "INSERT INTO seat_stay (public_id, event_id, seat_id, stay_id) SELECT 'old-stay',"
            " seat.event_id, seat.id, stay.id FROM seat, stay WHERE seat.public_id = 'old-seat'"
            " AND stay.public_id = ?",
            (stays_of(house)["Ash"],),
        )
        for _, statement in kept:
            connection.execute(statement)
    assert facts(house, "old-seat").draw is None
    assert seated(house, "old-seat") == {stays_of(house)["Ash"]}
    at_seat = SeatedDesk(desk, "old-seat")
    at_seat.do(LookFromSeat("old-seat", stays_of(house)["Ash"]))
    keys = {"seat_id": "old-seat", "stay_id": stays_of(house)["Ash"], "now": house.clock()}
    assert at_seat.ask(seat_record, **keys)
    at_seat.do(CloseSeat("old-seat"))


def test_a_draw_that_is_larger_than_any_sample_of_a_pack_is_refused(house):
    for number in range(MOST_STAYS):
        house.desk.do(residents.Admit(f"Guest {number}", house.clock()))
    assert "too large" in refused(house, drawn_so_far(house.desk))
    rules = pack_rules(house.desk.house.care_model)
    assert max(one.most_sample for one in rules.profiles.values()) == MOST_STAYS
