"""The order in which lines are shown, and which answer to an item counts."""

from datetime import timedelta

from shelter_desk.desk import care, residents, today


def admit(opened, called, **moved):
    opened.clock.forward(**moved)
    return opened.desk.do(residents.Admit(called, opened.clock())).subject


def board_of(opened):
    return opened.desk.ask(today.board, now=opened.clock())


def test_the_roster_is_by_name_whatever_the_order_of_arrival(open_desk):
    for called in ("Sky", "élan", "Ash", "Moss"):
        admit(open_desk, called)
    lines = open_desk.desk.ask(residents.roster, now=open_desk.clock())
    assert [line.called for line in lines] == ["Ash", "élan", "Moss", "Sky"]


def test_the_newest_arrival_is_the_first_card(open_desk):
    for called in ("Sky", "Ash", "Moss"):
        admit(open_desk, called, minutes=20)
    assert [card.called for card in board_of(open_desk).arrivals] == ["Moss", "Ash", "Sky"]


def test_lines_are_by_bucket_then_safety_then_the_moment_due(open_desk):
    admit(open_desk, "Sky")
    admit(open_desk, "Ash", days=4)
    open_desk.clock.forward(days=3, hours=6)
    board = board_of(open_desk)
    places = {today.OVERDUE: 0, today.DUE_TODAY: 1, today.NEXT: 2}
    order = [
        (places[line.bucket], not line.safety_critical, line.due_at, line.called)
        for line in board.lines
    ]
    assert len({place for place, *_ in order}) > 1
    assert order == sorted(order)


def test_counters_count_the_cards_too(open_desk):
    admit(open_desk, "Sky")
    open_desk.clock.forward(hours=2)
    board = board_of(open_desk)
    carded = [line for card in board.arrivals for group in card.groups for line in group.lines]
    late = [line for line in (*carded, *board.lines) if line.due_at < open_desk.clock()]
    assert board.overdue == len(late) > 0
    assert {line.bucket for line in late} == {today.OVERDUE}


def test_work_for_somebody_who_left_still_carries_their_name(open_desk):
    stay = admit(open_desk, "Sky")
    open_desk.clock.forward(days=10)
    open_desk.desk.do(residents.RecordExit(stay, open_desk.clock(), "kin", "422"))
    board = board_of(open_desk)
    assert board.in_house == 0
    assert {line.called for line in board.lines if line.stay_id == stay} == {"Sky"}


def test_work_for_somebody_whose_words_were_erased_carries_their_code(open_desk):
    stay = admit(open_desk, "Sky")
    open_desk.clock.forward(days=10)
    with open_desk.desk._store.unguarded() as connection:
        connection.execute("DELETE FROM resident_index")
    lines = [line for line in board_of(open_desk).lines if line.stay_id == stay]
    assert lines
    assert {line.called for line in lines} == {line.case_code for line in lines} != {""}


def test_of_two_answers_with_one_moment_the_later_counts(open_desk):
    stay = admit(open_desk, "Sky")
    line = board_of(open_desk).arrivals[0].groups[0].lines[0]
    at = open_desk.clock.forward(minutes=3)
    blocked = care.AnswerItem(
        stay, line.item_id, line.occurrence, "blocked", done_at=at, reason="provider"
    )
    open_desk.desk.do(blocked)
    open_desk.desk.do(care.AnswerItem(stay, line.item_id, line.occurrence, done_at=at))
    plan = open_desk.desk.ask(care.stay_plan, stay_id=stay, now=at + timedelta(minutes=1))
    found = next(
        one for service in plan.services for one in service.items if one.item_id == line.item_id
    )
    assert (found.state, found.last.outcome) == ("closed", "done")
