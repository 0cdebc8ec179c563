"""A pack that leaves is known by who took it, until when, and what became of it."""

from datetime import date, timedelta

import pytest

from shelter_desk.desk import audit_log, custody, handovers
from shelter_desk.desk.handovers import EndHandover, HandOver, ReopenHandover
from shelter_desk.domain.errors import InvalidError
from shelter_desk.domain.staff import May

TODAY = date(2026, 3, 10)


def a_pack(desk, *, kind="pack", ends=True):
    begin = custody.BeginExport(kind, "licensor", "2026-q1", "Licensor", "Visit")
    custody_id = desk.do(begin).subject
    if ends:
        desk.do(custody.ExportDelivered(custody_id, "a" * 64, 9, 1, bytes(32)))
    return custody_id


def hand_over(desk, custody_id, **more):
    values = {"taken_by": "A. Auditor", "taken_on": TODAY, "wanted": "destroy"}
    values |= {"due_on": TODAY + timedelta(days=30), "device": "Blue 8 GB"} | more
    return desk.do(HandOver(custody_id, **values)).subject


def test_a_pack_is_still_here_then_out_then_ended(open_desk):
    desk = open_desk.desk
    pack = a_pack(desk)
    (line,) = desk.ask(handovers.packs_out)
    assert (line.handover_id, line.is_out, line.due_on) == ("", False, None)
    handed = hand_over(desk, pack)
    (line,) = desk.ask(handovers.packs_out)
    assert (line.is_out, line.taken_by, line.device) == (True, "A. Auditor", "Blue 8 GB")
    assert (line.wanted, line.due_on) == ("destroy", date(2026, 4, 9))
    open_desk.clock.forward(days=20)
    desk.do(EndHandover(handed, "destroyed", date(2026, 3, 28)))
    (line,) = desk.ask(handovers.packs_out)
    assert (line.is_out, line.ended, line.ended_on) == (False, "destroyed", date(2026, 3, 28))


def test_an_end_by_mistake_is_taken_back_and_both_stay_in_the_trail(open_desk):
    desk = open_desk.desk
    handed = hand_over(desk, a_pack(desk))
    done = desk.do(EndHandover(handed, "destroyed", TODAY, "in-writing"))
    assert done.undo == ReopenHandover(handed)
    assert desk.ask(handovers.packs_out)[0].how == "in-writing"
    back = desk.do(done.undo)
    assert desk.ask(handovers.packs_out)[0].is_out
    assert desk.ask(handovers.packs_out)[0].how == ""
    assert back.undo == EndHandover(handed, "destroyed", TODAY, "in-writing")
    actions = [event.action for event in desk.ask(audit_log.events)]
    assert {"custody.end-handover", "custody.reopen-handover"} <= set(actions)


def test_today_reminds_from_three_days_before_until_it_is_ended(open_desk):
    desk = open_desk.desk
    handed = hand_over(desk, a_pack(desk))
    due = date(2026, 4, 9)
    seen = {
        days: bool(desk.ask(handovers.due_back, today=due + timedelta(days=days)))
        for days in (-4, -3, 0, 200)
    }
    assert seen == {-4: False, -3: True, 0: True, 200: True}
    desk.do(EndHandover(handed, "returned", TODAY))
    assert desk.ask(handovers.due_back, today=due) == ()


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"taken_by": "  "}, "taken_by"),
        ({"taken_by": "x" * 81}, "taken_by"),
        ({"device": "x" * 41}, "device"),
        ({"taken_on": TODAY + timedelta(days=1)}, "taken_on"),
        ({"wanted": "keep"}, "wanted"),
        ({"due_on": TODAY - timedelta(days=1)}, "due_on"),
    ],
)
def test_each_wrong_answer_is_named_at_its_field(change, field, open_desk):
    with pytest.raises(InvalidError) as refused:
        hand_over(open_desk.desk, a_pack(open_desk.desk), **change)
    assert field in [problem.field for problem in refused.value.problems]
    assert not open_desk.desk.ask(handovers.packs_out)[0].is_out


def test_only_a_whole_pack_is_handed_over_and_only_once(open_desk):
    desk = open_desk.desk
    for other in (a_pack(desk, ends=False), a_pack(desk, kind="summary")):
        with pytest.raises(InvalidError):
            hand_over(desk, other)
    pack = a_pack(desk)
    hand_over(desk, pack)
    with pytest.raises(InvalidError):
        hand_over(desk, pack)


def test_an_end_before_the_handover_or_in_the_future_is_refused(open_desk):
    desk = open_desk.desk
    handed = hand_over(desk, a_pack(desk))
    for day in (TODAY - timedelta(days=1), TODAY + timedelta(days=1)):
        with pytest.raises(InvalidError):
            desk.do(EndHandover(handed, "returned", day))
    with pytest.raises(InvalidError):
        desk.do(EndHandover(handed, "burnt", TODAY))
    with pytest.raises(InvalidError):
        desk.do(EndHandover(handed, "lost", TODAY, "in-writing"))
    with pytest.raises(InvalidError):
        desk.do(ReopenHandover(handed))
    desk.do(EndHandover(handed, "returned", TODAY))
    with pytest.raises(InvalidError):
        desk.do(EndHandover(handed, "lost", TODAY))


def test_only_who_may_export_knows_where_the_packs_are():
    needs = {handovers.packs_out.needs, handovers.due_back.needs}
    needs |= {command.needs for command in (HandOver, EndHandover, ReopenHandover)}
    assert needs == {May.EXPORT}
