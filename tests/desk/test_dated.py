"""Everything dated is one list by time: appointments, items, clocks of an absence, notices."""

from __future__ import annotations

from datetime import timedelta

from shelter_desk.desk import care, residents
from shelter_desk.desk.appointing import PlanAppointment
from shelter_desk.desk.appointments import AppointmentLine, agenda
from shelter_desk.desk.dated import dated
from shelter_desk.desk.incidents import StartIncident
from shelter_desk.desk.listed import ListedItem
from shelter_desk.desk.missing import StartMissing
from shelter_desk.desk.notices import OwedNotice, due_notices
from shelter_desk.desk.today import board

DAY = timedelta(days=1)


def asked(opened, days=30, **more):
    now = opened.clock()
    return opened.desk.ask(dated, now=now, since=now, until=now + days * DAY, **more)


def test_everything_dated_is_one_list_by_time_and_nothing_stands_there_twice(open_desk):
    desk, clock = open_desk.desk, open_desk.clock
    sky = desk.do(residents.Admit("Sky", clock(), age_guess=15)).subject
    ash = desk.do(residents.Admit("Ash", clock())).subject
    desk.do(care.SetNeed(sky, "legal_advocacy", "needed"))
    clock.forward(hours=5)
    now = clock()
    for kind, days in (("court", 9), ("home-visit", 4), ("medication", 0.1), ("counseling", 2)):
        desk.do(PlanAppointment(sky, kind, now + days * DAY))
    desk.do(StartMissing(ash, now - timedelta(hours=1)))
    desk.do(StartIncident(("injury",), now, now, "kitchen", (sky,)))
    found = asked(open_desk, with_overdue=True)
    assert [one.at for one in found] == sorted(one.at for one in found)
    kinds = {one.what.kind for one in found if isinstance(one.what, AppointmentLine)}
    assert kinds == {"court", "home-visit", "medication", "counseling"}
    owed = [one.what for one in found if isinstance(one.what, OwedNotice)]
    assert sorted(one.notice_id for one in owed) == sorted(
        one.notice_id for one in desk.ask(due_notices) if one.due_at < now + 30 * DAY
    )
    assert {one.page for one in owed} == {"missing", "incidents"}
    items = {(one.stay_id, one.what.item_id) for one in found if isinstance(one.what, ListedItem)}
    assert any(item.startswith("legal_advocacy.") for stay, item in items if stay == sky)
    assert any(stay == ash for stay, _ in items), "the clocks of an absence"
    assert items.isdisjoint((one.stay_id, one.item_id) for one in owed)
    assert len({one.key for one in found}) == len(found)
    shown = desk.ask(board, now=now)
    in_cards = [line for card in shown.arrivals for one in card.groups for line in one.lines]
    told = {(one.stay_id, one.item_id) for one in owed}
    for line in (*shown.lines, *in_cards):  # whatever Today knows stands here too
        assert (line.stay_id, line.item_id) in items | told


def test_what_is_overdue_stands_first_only_where_it_is_asked_for(open_desk):
    desk, clock = open_desk.desk, open_desk.clock
    desk.do(residents.Admit("Sky", clock()))
    clock.forward(days=2)
    late = asked(open_desk, 1, with_overdue=True)
    assert late[0].is_overdue
    assert all(one.at < clock() for one in late if one.is_overdue)
    assert not any(one.is_overdue for one in asked(open_desk, 1))


def test_an_appointment_that_lasts_over_midnight_stands_on_both_days(open_desk):
    desk, clock = open_desk.desk, open_desk.clock
    sky = desk.do(residents.Admit("Sky", clock())).subject
    desk.do(PlanAppointment(sky, "home-visit", clock() + timedelta(hours=1), 36 * 60))
    now = clock()
    for day in (0, 1):
        since = now + day * DAY
        found = desk.ask(dated, now=now, since=since, until=since + DAY)
        (line,) = [one for one in found if isinstance(one.what, AppointmentLine)]
        assert line.what in desk.ask(agenda, since=since, until=since + DAY)
        assert since <= line.at < since + DAY
