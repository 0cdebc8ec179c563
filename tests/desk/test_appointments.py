"""Appointments and court dates, through the desk, on real encrypted records."""

from dataclasses import replace
from datetime import timedelta

import pytest

from shelter_desk.desk import accounts, care, entry, residents, stay_trail
from shelter_desk.desk.appointing import (
    ChangeAppointment,
    MoveAppointment,
    OpenAppointment,
    PlanAppointment,
    SettleAppointment,
)
from shelter_desk.desk.appointments import (
    agenda,
    appointment_changes,
    appointments_of,
    one_appointment,
)
from shelter_desk.desk.going import Going
from shelter_desk.desk.upkeep_check import due_drift
from shelter_desk.domain.errors import InvalidError, StaleError
from tests.conftest import PASSPHRASE

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
HAS_LEFT = ("left",)
COURT_ITEMS = {
    "safety_planning.08": -1 * DAY,
    "legal_advocacy.02": -7 * DAY,
    "legal_advocacy.03": -7 * DAY,
    "legal_advocacy.04": DAY,
    "legal_advocacy.05": 7 * DAY,
}


@pytest.fixture
def stay(open_desk):
    admitted = open_desk.desk.do(residents.Admit("Sky", open_desk.clock())).subject
    for service in ("legal_advocacy", "safety_planning", "family_reunification"):
        open_desk.desk.do(care.SetNeed(admitted, service, "needed"))
    return admitted


def plan(open_desk, stay, kind="court", days=14, **more):
    return open_desk.desk.do(PlanAppointment(stay, kind, at(open_desk, days), **more)).subject


def at(open_desk, days):
    return open_desk.clock() + days * DAY


def line(open_desk, appointment_id):
    return open_desk.desk.ask(one_appointment, appointment_id=appointment_id)


def due(open_desk, stay):
    """Return (item id, when it is due) of what a court date or another event opened."""
    found = open_desk.desk.ask(care.stay_plan, stay_id=stay, now=open_desk.clock())
    items = (item for service in found.services for item in service.items)
    return {
        (item.item_id, item.due_at)
        for item in items
        if item.occurrence and item.occurrence.startswith(("court:", "event:"))
    }


def test_a_court_date_opens_its_items_with_their_clocks(open_desk, stay):
    plan(open_desk, stay)
    day = at(open_desk, 14)
    # Whole days are days of the shelter's calendar: the clocks go forward within these weeks.
    got = {item: when.astimezone(open_desk.desk.house.zone) for item, when in due(open_desk, stay)}
    local = day.astimezone(open_desk.desk.house.zone)
    assert {item: when.date() for item, when in got.items()} == {
        item: (local + after).date() for item, after in COURT_ITEMS.items()
    }


def test_moving_a_court_date_moves_what_is_due(open_desk, stay):
    court = plan(open_desk, stay)
    before = dict(due(open_desk, stay))
    done = open_desk.desk.do(MoveAppointment(court, at(open_desk, 21)))
    after = dict(due(open_desk, stay))
    assert {item: after[item] - before[item] for item in before} == dict.fromkeys(before, 7 * DAY)
    open_desk.desk.do(done.undo)
    assert dict(due(open_desk, stay)) == before
    assert open_desk.desk.ask(due_drift) == ()


def test_what_no_longer_fits_before_a_court_date_is_due_within_a_day_and_not_overdue(
    open_desk, stay
):
    desk, started = open_desk.desk, open_desk.clock()
    court = desk.do(PlanAppointment(stay, "court", started + 7 * DAY - HOUR)).subject
    wanted = {
        "safety_planning.08": started + 6 * DAY - HOUR,
        "legal_advocacy.02": started + DAY,
        "legal_advocacy.03": started + DAY,
        "legal_advocacy.04": started + 8 * DAY - HOUR,
        "legal_advocacy.05": started + 14 * DAY - HOUR,
    }
    assert dict(due(open_desk, stay)) == wanted
    open_desk.clock.forward(days=1, minutes=30)  # not done within that day: overdue now
    sooner = desk.do(MoveAppointment(court, open_desk.clock() + 10 * HOUR))
    assert min(dict(due(open_desk, stay)).values()) == open_desk.clock() + 10 * HOUR
    desk.do(sooner.undo)
    assert dict(due(open_desk, stay)) == wanted, "a move taken back gives no further day"
    desk.do(residents.PlanExit(stay, open_desk.clock() + 3 * DAY))
    plan_of = desk.ask(care.stay_plan, stay_id=stay, now=open_desk.clock())
    (reunited,) = [one for one in plan_of.services if one.service_id == "family_reunification"]
    leaving = {one.item_id: one.due_at for one in reunited.items if one.occurrence}
    assert leaving["family_reunification.02"] == open_desk.clock() + DAY
    assert desk.ask(due_drift) == ()


def test_a_tick_given_before_the_move_is_not_asked_for_again(open_desk, stay):
    court = plan(open_desk, stay)
    prepared = "legal_advocacy.02"
    found = open_desk.desk.ask(care.stay_plan, stay_id=stay, now=open_desk.clock())
    (item,) = [i for s in found.services for i in s.items if i.item_id == prepared]
    open_desk.desk.do(care.AnswerItem(stay, prepared, item.occurrence))
    open_desk.desk.do(MoveAppointment(court, at(open_desk, 30)))
    assert prepared not in dict(due(open_desk, stay))


def test_a_cancelled_court_date_asks_for_nothing_and_can_be_opened_again(open_desk, stay):
    court = plan(open_desk, stay)
    before = due(open_desk, stay)
    done = open_desk.desk.do(SettleAppointment(court, "cancelled", "other-side"))
    assert due(open_desk, stay) == set()
    assert line(open_desk, court).state == "cancelled"
    open_desk.desk.do(done.undo)
    assert due(open_desk, stay) == before
    assert line(open_desk, court).state == "planned"


def test_a_missed_court_date_was_held_and_a_missed_outing_was_not(open_desk, stay):
    court, outing = plan(open_desk, stay, days=1), plan(open_desk, stay, "outing", days=2)
    assert "safety_planning.07" in dict(due(open_desk, stay))
    open_desk.clock.forward(days=3)
    open_desk.desk.do(SettleAppointment(court, "missed", "unwell"))
    open_desk.desk.do(SettleAppointment(outing, "missed", "declined"))
    left = dict(due(open_desk, stay))
    assert "legal_advocacy.04" in left
    assert "safety_planning.07" not in left


def test_every_kind_with_a_trigger_opens_exactly_what_that_event_starts(open_desk, stay):
    model = open_desk.care_model
    for service in model.services:
        open_desk.desk.do(care.SetNeed(stay, service, "in-progress"))
    kinds = [value for value in model.values("appointment-kinds") if value.extra.get("trigger")]
    assert {str(kind.extra["trigger"]) for kind in kinds} <= set(model.triggers)
    assert len(kinds) == 7
    for kind in kinds:
        before = due(open_desk, stay)
        planned = open_desk.desk.do(PlanAppointment(stay, kind.code, at(open_desk, 5)))
        opened = {item for item, _ in due(open_desk, stay) - before}
        wanted = {
            item.id
            for item in model.items.values()
            if item.id in model.triggers[str(kind.extra["trigger"])].starts
            or (kind.code == "court" and item.due.after == "court-date")
        }
        assert opened == wanted, kind.code
        open_desk.desk.do(planned.undo)


def test_an_appointment_of_another_kind_opens_nothing(open_desk, stay):
    before = due(open_desk, stay)
    plan(open_desk, stay, "school")
    assert due(open_desk, stay) == before


def test_the_agenda_has_what_touches_the_time_asked_for(open_desk, stay):
    now = open_desk.clock()
    weekend = plan(open_desk, stay, "home-visit", days=1, minutes=3 * 24 * 60)
    school = plan(open_desk, stay, "school", days=3)
    plan(open_desk, stay, "dental", days=9)
    found = open_desk.desk.ask(agenda, since=now + 2 * DAY, until=now + 7 * DAY)
    assert [one.appointment_id for one in found] == [weekend, school]
    assert open_desk.desk.ask(agenda, since=now + 5 * DAY, until=now + 7 * DAY) == ()


def test_what_is_not_settled_is_said(open_desk, stay):
    open_one = plan(open_desk, stay, "school")
    settled = plan(
        open_desk, stay, "school", going=Going("North High", "custodian", None, "agency-car")
    )
    assert line(open_desk, open_one).lacks == ("company", "transport")
    assert line(open_desk, settled).lacks == ()
    changed = ChangeAppointment(open_one, 1, 60, Going(company="alone", transport="walk"))
    open_desk.desk.do(changed)
    assert line(open_desk, open_one).lacks == ()
    with pytest.raises(StaleError):
        open_desk.desk.do(replace(changed, minutes=90))


def test_what_is_planned_for_somebody_who_left_says_so_until_it_is_settled(open_desk, stay):
    settled = Going("North High", "custodian", None, "agency-car")
    kept, planned, court = (
        plan(open_desk, stay, "school", days, going=settled) for days in (1, 9, 8)
    )
    open_desk.clock.forward(days=2)
    now = open_desk.clock()
    resident_id = open_desk.desk.ask(residents.record, stay_id=stay, now=now).resident_id
    done = open_desk.desk.do(residents.RecordExit(stay, now, "kin", "422"))
    assert [line(open_desk, one).lacks for one in (kept, planned, court)] == [
        (),
        HAS_LEFT,
        HAS_LEFT,
    ]
    assert [
        one.lacks for one in open_desk.desk.ask(agenda, since=now, until=at(open_desk, 30))
    ] == [
        HAS_LEFT,
        HAS_LEFT,
    ]
    open_desk.desk.do(SettleAppointment(court, "cancelled", "not-needed"))
    assert line(open_desk, court).lacks == ()
    open_desk.desk.do(done.undo)
    assert line(open_desk, planned).lacks == ()
    open_desk.desk.do(residents.RecordExit(stay, now, "kin", "422"))
    open_desk.clock.forward(hours=1)
    open_desk.desk.do(residents.Admit("Sky", open_desk.clock(), resident_id=resident_id))
    assert line(open_desk, planned).lacks == ()  # they are here again


def test_a_change_is_taken_back_with_the_place_and_who_goes_along(open_desk, stay):
    mine = Going("North High", "staff", open_desk.desk.staff.public_id, "walk")
    planned = plan(open_desk, stay, "school", going=mine)
    before = line(open_desk, planned)
    done = open_desk.desk.do(ChangeAppointment(planned, 1, 90, Going("South High", "alone")))
    assert line(open_desk, planned).place == "South High"
    open_desk.desk.do(done.undo)
    assert line(open_desk, planned) == before._replace(version=3)


def test_one_person_needed_twice_is_seen(open_desk, stay):
    other = open_desk.desk.do(residents.Admit("Ash", open_desk.clock())).subject
    mine = Going(company="staff", escort_id=open_desk.desk.staff.public_id)
    plan(open_desk, stay, "school", going=mine)
    plan(open_desk, other, "dental", going=mine)
    now = open_desk.clock()
    found = open_desk.desk.ask(agenda, since=now, until=now + 30 * DAY)
    assert [one.clash for one in found] == ["Dana", "Dana"]
    assert line(open_desk, found[0].appointment_id) == found[0]
    open_desk.desk.do(MoveAppointment(found[0].appointment_id, found[0].ends_at))
    found = open_desk.desk.ask(agenda, since=now, until=now + 30 * DAY)
    assert [one.clash for one in found] == ["", ""]


def test_every_change_is_kept_and_none_is_overwritten(open_desk, stay):
    court = plan(open_desk, stay)
    first, second = at(open_desk, 14), at(open_desk, 20)
    open_desk.desk.do(MoveAppointment(court, second))
    open_desk.desk.do(SettleAppointment(court, "cancelled", "declined"))
    open_desk.desk.do(OpenAppointment(court))
    changes = open_desk.desk.ask(appointment_changes, appointment_id=court)
    assert [one.what for one in changes] == ["opened", "cancelled", "moved", "planned"]
    assert [one.starts_at for one in changes] == [second, second, second, first]
    assert changes[1].reason == "Resident declined"
    trail = open_desk.desk.ask(stay_trail.stay_trail, stay_id=stay)
    assert [one.action for one in trail if one.action.startswith("appointment.")] == [
        "appointment.open", "appointment.settle", "appointment.move", "appointment.plan"
    ]  # fmt: skip


def test_what_cannot_be_is_refused_beside_its_field(open_desk, stay):
    def wrong(command):
        with pytest.raises(InvalidError) as caught:
            open_desk.desk.do(command)
        return [problem.field for problem in caught.value.problems]

    good = PlanAppointment(stay, "school", at(open_desk, 2))
    assert wrong(replace(good, kind="party")) == ["kind"]
    assert wrong(replace(good, starts_at=at(open_desk, -2))) == ["starts_at"]
    assert wrong(replace(good, minutes=2)) == ["minutes"]
    assert wrong(replace(good, going=Going(company="staff"))) == ["escort_id"]
    assert wrong(replace(good, going=Going(place="x" * 81))) == ["place"]
    planned = open_desk.desk.do(good).subject
    assert wrong(SettleAppointment(planned, "kept")) == ["state"]
    assert wrong(SettleAppointment(planned, "cancelled")) == ["reason"]
    assert wrong(SettleAppointment(planned, "planned")) == ["state"]
    assert wrong(OpenAppointment(planned)) == ["appointment_id"]
    open_desk.desk.do(SettleAppointment(planned, "cancelled", "not-needed"))
    assert wrong(MoveAppointment(planned, at(open_desk, 4))) == ["appointment_id"]


def test_the_place_stays_closed_to_who_neither_reads_places_nor_goes_along(open_desk, stay):
    words = "some words of a nurse"
    nurse = accounts.Colleague("b" * 20, "Bo", ("nurse",), words)
    accounts.add_colleague(open_desk.desk, PASSPHRASE, nurse)
    hidden = plan(open_desk, stay, "school", going=Going("North High"))
    driven = plan(open_desk, stay, "dental", going=Going("Mill Road", "staff", "b" * 20))
    assert line(open_desk, hidden).place == "North High"
    open_desk.desk.close()
    desk = entry.sign_in(open_desk.folder, "b" * 20, words, open_desk.care_model, open_desk.clock)
    open_desk.desk = desk
    assert line(open_desk, hidden).place is None
    assert line(open_desk, driven).place == "Mill Road"


def test_the_place_stands_nowhere_in_the_open(open_desk, stay):
    plan(open_desk, stay, "school", going=Going("Marigold Street"))
    with open_desk.desk._store.unguarded() as connection:
        rows = connection.execute("SELECT * FROM appointment").fetchall()
        body = connection.execute("SELECT body FROM audit_detail").fetchall()
    assert "Marigold" not in repr(rows)
    assert not any(b"Marigold" in one for (one,) in body)


def test_those_of_one_resident_come_earliest_first(open_desk, stay):
    later, sooner = (
        plan(open_desk, stay, "school", days=9),
        plan(open_desk, stay, "dental", days=2),
    )
    found = open_desk.desk.ask(appointments_of, stay_id=stay, since=open_desk.clock())
    assert [one.appointment_id for one in found] == [sooner, later]


def test_a_medicine_time_is_a_plain_time_and_asks_for_nothing(open_desk, stay):
    before = due(open_desk, stay)
    open_desk.desk.do(PlanAppointment(stay, "medication", at(open_desk, 1), 5))
    (line,) = open_desk.desk.ask(appointments_of, stay_id=stay, since=open_desk.clock())
    assert (line.kind_name, line.place) == ("Medicine time", "")
    assert due(open_desk, stay) == before
