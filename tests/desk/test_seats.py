"""Somebody from outside sees the records drawn, for a time, without names; each look is noted."""

from collections import Counter
from datetime import timedelta

import pytest

from shelter_desk.desk import audit_log, care, residents, stay_trail
from shelter_desk.desk.merging import JoinRecords, SeparateRecords
from shelter_desk.desk.seat_records import (
    CLOSED,
    SeatOverError,
    seat_facts,
    seat_record,
    seat_stays,
)
from shelter_desk.desk.seats import CloseSeat, LookFromSeat, OpenSeat, SeatedDesk
from shelter_desk.desk.seats_left import seat_left, seats_to_close
from shelter_desk.domain.errors import InvalidError, NotPermittedError
from tests.desk.a_walk_of_classes import every_command, every_question
from tests.drawing import draw_of, drawn_so_far


@pytest.fixture
def house(open_desk):
    """Two residents with everything of their first days open, and one answer each."""
    desk = open_desk.desk
    stays = []
    for name in ("Skyname", "Ashname"):
        admit = residents.Admit(name, open_desk.clock(), legal_name="Legalmark Person")
        stays.append(desk.do(admit).subject)
    return open_desk, stays


def open_seat(opened, *stays, **more):
    """Open a seat of a draw that chose these stays, or of the draw that is given."""
    draw_id = more.pop("draw_id", "") or draw_of(opened.desk, *stays)
    values = {"visitor": "A. Auditor", "authority": "Rule 7", "minutes": 60} | more
    return opened.desk.do(OpenSeat(draw_id=draw_id, **values)).subject


def drawn_for(opened, seat_id):
    return opened.desk.ask(seat_facts, seat_id=seat_id, now=opened.clock()).draw


def record(desk, seat_id, stay_id):
    desk.do(LookFromSeat(seat_id, stay_id))
    return desk.ask(seat_record, seat_id=seat_id, stay_id=stay_id, now=desk.now())


def answered(opened, stay):
    plan = opened.desk.ask(care.stay_plan, stay_id=stay, now=opened.clock())
    item = next(
        item
        for service in plan.services
        for item in service.items
        if item.occurrence and opened.care_model.items[item.item_id].record_class == "general"
    )
    done = care.AnswerItem(stay, item.item_id, item.occurrence, "done", note="Notemark")
    opened.desk.do(done)
    return opened.care_model.items[item.item_id].text


def test_the_seat_sees_what_was_done_and_what_is_open_by_case_code_only(house):
    opened, (sky, _) = house
    text = answered(opened, sky)
    seat_id = open_seat(opened, sky)
    seated = SeatedDesk(opened.desk, seat_id)
    (line,) = seated.ask(seat_stays, seat_id=seat_id, now=seated.now())
    shown = record(seated, seat_id, sky)
    assert [one.outcome for one in shown if one.text == text and one.done_at]
    assert [one for one in shown if one.done_at is None]
    everything = repr((line, shown))
    for word in ("Skyname", "Ashname", "Legalmark", "Notemark"):
        assert word not in everything


def test_closed_classes_stay_closed_though_the_director_reads_them(house):
    opened, (sky, _) = house
    seat_id = open_seat(opened, sky)
    texts = {line.text for line in record(SeatedDesk(opened.desk, seat_id), seat_id, sky)}
    items = opened.care_model.items.values()
    closed = {item.text for item in items if item.record_class in CLOSED}
    plan = opened.desk.ask(care.stay_plan, stay_id=sky, now=opened.clock())
    open_now = {
        opened.care_model.items[item.item_id].text
        for service in plan.services
        for item in service.items
        if item.occurrence
    }
    assert closed & open_now  # the director sees some of them on the plan
    assert not closed & texts


def test_a_record_that_was_not_drawn_is_refused_to_questions_and_to_looks(house):
    opened, (sky, ash) = house
    seat_id = open_seat(opened, sky)
    seated = SeatedDesk(opened.desk, seat_id)
    with pytest.raises(NotPermittedError):
        seated.do(LookFromSeat(seat_id, ash))
    with pytest.raises(NotPermittedError):
        seated.ask(seat_record, seat_id=seat_id, stay_id=ash, now=seated.now())


def test_every_look_stands_in_the_residents_own_trail(house):
    opened, (sky, ash) = house
    seat_id = open_seat(opened, sky, ash)
    seated = SeatedDesk(opened.desk, seat_id)
    record(seated, seat_id, sky)
    record(seated, seat_id, sky)
    looks = {
        stay: [
            line
            for line in opened.desk.ask(stay_trail.stay_trail, stay_id=stay)
            if line.action == "seat.look"
        ]
        for stay in (sky, ash)
    }
    assert [len(looks[stay]) for stay in (sky, ash)] == [2, 0]
    opened.desk.do(CloseSeat(seat_id))
    actions = [event.action for event in opened.desk.ask(audit_log.events)]
    assert actions.count("seat.look") == 2
    assert {"seat.open", "seat.close"} <= set(actions)


@pytest.mark.parametrize("end", ["time", "closed"])
def test_when_the_time_is_over_nothing_is_seen_any_more(end, house):
    opened, (sky, _) = house
    seat_id = open_seat(opened, sky, minutes=30)
    seated = SeatedDesk(opened.desk, seat_id)
    opened.clock.forward(minutes=29)
    assert record(seated, seat_id, sky)
    if end == "time":
        opened.clock.forward(minutes=1)
    else:
        seated.do(CloseSeat(seat_id))
    keys = {"seat_id": seat_id, "now": seated.now()}
    for ask in (
        lambda: seated.ask(seat_facts, **keys),
        lambda: seated.ask(seat_stays, **keys),
        lambda: seated.ask(seat_record, stay_id=sky, **keys),
        lambda: seated.do(LookFromSeat(seat_id, sky)),
    ):
        with pytest.raises(SeatOverError):
            ask()
    seated.do(CloseSeat(seat_id))  # once more does no harm


def test_a_seat_that_was_open_when_the_program_ended_does_not_go_on_unnoticed(house):
    opened, (sky, _) = house
    seat_id = open_seat(opened, sky, minutes=240)
    opened.clock.at -= timedelta(hours=1)  # and somebody set the clock back meanwhile
    desk = opened.again()
    with pytest.raises(SeatOverError):
        record(SeatedDesk(desk, seat_id), seat_id, sky)
    trail = [event.action for event in desk.ask(audit_log.events)]
    assert trail.count("seat.left") == 1
    assert desk.ask(seat_left, now=opened.clock()).visitor == "A. Auditor"
    assert desk.ask(seats_to_close) == ()
    assert desk.ask(seat_left, now=opened.clock.forward(days=8)) is None


def test_the_seat_answers_nothing_else(house):
    opened, (sky, ash) = house
    seat_id, other = open_seat(opened, sky), open_seat(opened, ash)
    seated = SeatedDesk(opened.desk, seat_id)
    now = seated.now()
    for question, values in (
        (residents.roster, {"now": now}),
        (residents.record, {"stay_id": sky, "now": now}),
        (care.stay_plan, {"stay_id": sky, "now": now}),
        (seat_record, {"seat_id": other, "stay_id": ash, "now": now}),
    ):
        with pytest.raises(NotPermittedError):
            seated.ask(question, **values)
    for command in (
        OpenSeat("B. Visitor", "Rule 8", draw_of(opened.desk, ash), 60),
        LookFromSeat(other, ash),
        residents.Admit("Lake", now),
    ):
        with pytest.raises(NotPermittedError):
            seated.do(command)
    with pytest.raises(NotPermittedError):
        seated.do_together((LookFromSeat(seat_id, sky),))


def test_of_all_that_can_be_asked_and_done_the_seat_has_five(house):
    opened, (sky, _) = house
    seat_id = open_seat(opened, sky)
    seated = SeatedDesk(opened.desk, seat_id)
    questions, commands = every_question(), every_command()
    assert min(len(questions), len(commands)) > 100

    def refuses(act):
        try:
            act()
        except NotPermittedError:
            return True
        except (TypeError, AttributeError):
            return False  # it got through, and only then found that it was not told all it needs
        return False

    def ask(question):
        return lambda: seated.ask(question, seat_id=seat_id, now=seated.now())

    def do(kind):
        command = object.__new__(kind)
        for name in ("seat_id", "stay_id"):
            object.__setattr__(command, name, {"seat_id": seat_id}.get(name, sky))
        return lambda: seated.do(command)

    answered = [name for name, one in questions.items() if not refuses(ask(one))]
    done = [name for name, one in commands.items() if not refuses(do(one))]
    assert sorted(answered) == ["seat_facts", "seat_record", "seat_stays"]
    assert sorted(done) == ["CloseSeat", "LookFromSeat"]


def test_nobody_asks_from_the_seat_as_of_a_moment_when_it_was_open(house):
    opened, (sky, _) = house
    seat_id = open_seat(opened, sky, minutes=30)
    seated, then = SeatedDesk(opened.desk, seat_id), opened.clock()
    opened.clock.forward(minutes=31)
    with pytest.raises(SeatOverError):
        seated.ask(seat_record, seat_id=seat_id, stay_id=sky, now=then)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"visitor": " "}, "visitor"),
        ({"authority": ""}, "authority"),
        ({"minutes": 9_999}, "minutes"),
    ],
)
def test_each_wrong_answer_is_named_at_its_field(change, field, house):
    opened, (sky, _) = house
    with pytest.raises(InvalidError) as refused:
        open_seat(opened, sky, **change)
    assert [problem.field for problem in refused.value.problems] == [field]


def test_of_joined_records_the_seat_sees_what_was_done_in_either(house):
    opened, (sky, ash) = house
    opened.clock.forward(minutes=5)
    theirs = answered(opened, ash)
    ids = [
        opened.desk.ask(residents.record, stay_id=one, now=opened.clock()).resident_id
        for one in (ash, sky)
    ]
    before = draw_of(opened.desk, sky)
    alone = open_seat(opened, draw_id=before)
    seen = record(SeatedDesk(opened.desk, alone), alone, sky)
    assert [one for one in seen if one.text == theirs and one.done_at is None]
    opened.clock.forward(minutes=1)
    joined = opened.desk.do(JoinRecords(*ids)).subject
    opened.clock.forward(minutes=1)
    for seat in (alone, open_seat(opened, draw_id=before)):  # open then, or opened of it later
        now = record(SeatedDesk(opened.desk, seat), seat, sky)
        assert not [one for one in now if one.text == theirs and one.done_at], "no dice drew that"
        assert drawn_for(opened, seat).otherwise == 1
    both = open_seat(opened, draw_id=drawn_so_far(opened.desk))  # they are one on the list now
    (line,) = opened.desk.ask(seat_stays, seat_id=both, now=opened.clock())
    shown = record(SeatedDesk(opened.desk, both), both, line.stay_id)
    (done,) = [one for one in shown if one.text == theirs and one.due_at]
    assert done.done_at == opened.clock() - timedelta(minutes=2)
    assert drawn_for(opened, both).otherwise == 0
    opened.clock.forward(minutes=1)
    opened.desk.do(SeparateRecords(joined))
    apart = record(SeatedDesk(opened.desk, both), both, sky)
    assert [one.done_at for one in apart if one.text == theirs] == [None]
    assert drawn_for(opened, both).otherwise == 1
    assert drawn_for(opened, alone).otherwise == 0  # as it was when the list was fixed


def test_of_somebody_who_left_the_seat_sees_what_was_never_done(house):
    opened, (sky, _) = house
    text = answered(opened, sky)
    opened.clock.forward(days=5)
    before = record(SeatedDesk(opened.desk, seat := open_seat(opened, sky)), seat, sky)
    now = opened.clock()
    owed = [one for one in before if one.done_at is None and one.due_at <= now]
    opened.desk.do(residents.RecordExit(sky, now, "kin", "422"))
    after = record(SeatedDesk(opened.desk, seat := open_seat(opened, sky)), seat, sky)
    never = [one for one in after if one.done_at is None and one.due_at <= now]
    assert len(owed) > 20
    count = Counter(never)
    assert {one: count[one] for one in owed} == Counter(owed)  # each as often as it was owed
    assert [one.text for one in after if one.done_at] == [text]
