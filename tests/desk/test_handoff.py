"""The handoff through the desk: a sheet that builds itself, and two people who sign it."""

from datetime import timedelta

import pytest

from shelter_desk.desk import accounts, audit_log, entry, residents
from shelter_desk.desk.accounts import Colleague
from shelter_desk.desk.agreements import AcceptAgreement, shipped_agreement
from shelter_desk.desk.appointing import PlanAppointment
from shelter_desk.desk.care import AnswerItem
from shelter_desk.desk.handing_over import (
    HANDOFF_ITEM,
    ReceiveHandoff,
    SignHandoff,
    WithdrawHandoff,
)
from shelter_desk.desk.handoff import handoff_sheet, handoffs
from shelter_desk.desk.incidents import StartIncident
from shelter_desk.desk.item import item_line
from shelter_desk.desk.missing import StartMissing
from shelter_desk.desk.residents import Admit
from shelter_desk.desk.second_person import NotAcceptedError, desk_beside, unlocked_colleague
from shelter_desk.desk.shift_lines import LineWords, WithdrawLine, WriteLine
from shelter_desk.desk.staffing import staffing
from shelter_desk.desk.today import board
from shelter_desk.desk.upkeep_check import due_drift
from shelter_desk.domain.errors import InvalidError
from shelter_desk.reports.staffing import staffing_sentence
from shelter_desk.store.keys.errors import WrongPassphraseError
from tests.conftest import PASSPHRASE

ADA, WORDS = "aaaaaaaaaaaaaaaaaaaa", "four invented words here"
HOUR = timedelta(hours=1)


@pytest.fixture
def colleagues():
    return (Colleague(ADA, "Ada", ("residential-staff",), WORDS),)


@pytest.fixture
def house(open_desk):
    """A house with Sky and Ash, and Ada on the staff; Dana is at the desk."""
    accept(open_desk, ADA)
    return {
        name: open_desk.desk.do(residents.Admit(name, open_desk.clock())).subject
        for name in ("Sky", "Ash")
    }


def accept(opened, who):
    """Read and accept the confidentiality agreement, as somebody does at their own sign-in."""
    keys = unlocked_colleague(opened.folder, who, WORDS, opened.clock())
    own = opened.desk.beside(lambda reader: entry.person_of(reader, keys, opened.care_model))
    own.do(AcceptAgreement(shipped_agreement().edition))


def beside(opened, words=WORDS, who=ADA):
    keys = unlocked_colleague(opened.folder, who, words, opened.clock())
    return desk_beside(opened.desk, keys)


def write(opened, *stays, chips=(), text="", must_know=False):
    return opened.desk.do(WriteLine(LineWords(stays, chips, text, must_know))).subject


def sheet(opened, *readers):
    return opened.desk.ask(handoff_sheet, now=opened.clock(), readers=readers)


def sign(opened, counted=2, **more):
    since = sheet(opened).since
    return opened.desk.do(SignHandoff(since, counted, 1, **more))


def of(found, name):
    return next(one for one in found.residents if one.called == name)


def test_a_whole_handoff_between_two_people(open_desk, house):
    write(open_desk, house["Sky"], chips=("slept-well", "mood-calm"))
    open_desk.clock.forward(hours=6)
    write(open_desk, house["Sky"], chips=("mood-low",), text="Wants to call her aunt")
    first = sheet(open_desk)
    assert first.is_first
    assert of(first, "Sky").chips == ("slept-well", "mood-low")
    assert [line.text for line in of(first, "Sky").lines] == ["Wants to call her aunt"]
    handoff_id = sign(open_desk).subject
    open_desk.clock.forward(minutes=9)
    assert sheet(open_desk).waiting.outgoing == "Dana"
    beside(open_desk).do(ReceiveHandoff(handoff_id))
    (line,) = open_desk.desk.ask(handoffs)
    assert (line.outgoing, line.incoming, line.is_received) == ("Dana", "Ada", True)
    assert sheet(open_desk).waiting is None
    write(open_desk, house["Sky"], text="After the handoff")
    newest = sheet(open_desk)
    assert newest.since == line.until
    assert [one.text for one in of(newest, "Sky").lines] == ["After the handoff"]
    assert of(newest, "Sky").chips == ()


def test_each_reader_s_sheet_begins_where_they_signed_last(open_desk, house):
    lee = Colleague("b" * 20, "Lee", ("nurse",), WORDS)
    accounts.add_colleague(open_desk.desk, PASSPHRASE, lee)
    accept(open_desk, lee.public_id)
    beside(open_desk).do(ReceiveHandoff(sign(open_desk).subject))
    first_at = open_desk.clock()
    open_desk.clock.forward(hours=8)
    write(open_desk, house["Sky"], text="In the first shift")
    ada = beside(open_desk)
    second = ada.do(SignHandoff(first_at, 2, 1)).subject
    beside(open_desk, who=lee.public_id).do(ReceiveHandoff(second))
    second_at = open_desk.clock()
    open_desk.clock.forward(hours=8)
    write(open_desk, house["Sky"], text="In the second shift")
    assert sheet(open_desk).since == first_at  # Dana signed the first one only
    assert len(of(sheet(open_desk), "Sky").lines) == 2
    assert [line.text for line in of(sheet(open_desk, ADA), "Sky").lines] == [
        "In the second shift"
    ]
    assert sheet(open_desk, lee.public_id).since == second_at
    assert sheet(open_desk, ADA, open_desk.desk.staff.public_id).since == first_at


def test_what_is_written_after_the_clock_was_set_back_is_on_the_next_sheet(open_desk, house):
    open_desk.clock.forward(hours=8)
    beside(open_desk).do(ReceiveHandoff(sign(open_desk).subject))
    open_desk.clock.forward(minutes=5)
    write(open_desk, text="On the clock that ran ahead")
    open_desk.clock.forward(minutes=-50)
    write(open_desk, text="After it was set back")
    said = ["After it was set back", "On the clock that ran ahead"]
    assert [line.text for line in sheet(open_desk).house] == said
    open_desk.clock.forward(hours=8)
    assert [line.text for line in sheet(open_desk).house] == said
    beside(open_desk).do(ReceiveHandoff(sign(open_desk).subject))
    assert sheet(open_desk).house == ()
    open_desk.clock.forward(minutes=-50)
    newest = sign(open_desk).subject
    assert sheet(open_desk).waiting.handoff_id == newest
    beside(open_desk).do(ReceiveHandoff(newest))


def test_until_it_is_taken_over_the_sheet_holds_what_is_handed_over(open_desk, house):
    write(open_desk, house["Sky"], text="Tell the next shift", must_know=True)
    open_desk.clock.forward(minutes=5)
    handoff_id = sign(open_desk).subject
    open_desk.clock.forward(minutes=5)
    assert [line.text for line in of(sheet(open_desk), "Sky").must_know] == ["Tell the next shift"]
    beside(open_desk).do(ReceiveHandoff(handoff_id))
    assert of(sheet(open_desk), "Sky").must_know == ()


def test_the_trail_says_who_signed_with_their_own_key(open_desk, house):
    handoff_id = sign(open_desk).subject
    beside(open_desk).do(ReceiveHandoff(handoff_id))
    lines = [(one.action, one.who) for one in open_desk.desk.ask(audit_log.events, limit=2)]
    assert lines == [("handoff.receive", "Ada"), ("handoff.sign", "Dana")]
    assert open_desk.desk.staff.name == "Dana"
    assert open_desk.desk.ask(audit_log.trail).is_whole


def test_nobody_hands_over_to_themselves(open_desk, house):
    handoff_id = sign(open_desk).subject
    with pytest.raises(InvalidError, match="next shift signs here"):
        open_desk.desk.do(ReceiveHandoff(handoff_id))
    beside(open_desk).do(ReceiveHandoff(handoff_id))
    with pytest.raises(InvalidError, match="You have signed"):
        beside(open_desk).do(ReceiveHandoff(handoff_id))


def test_a_wrong_passphrase_signs_nothing(open_desk, house):
    sign(open_desk)
    with pytest.raises(WrongPassphraseError):
        beside(open_desk, "not the words")
    assert not sheet(open_desk).last.is_received


def test_who_has_not_accepted_the_agreement_signs_nothing_beside(open_desk, house):
    sign(open_desk)
    lee = Colleague("b" * 20, "Lee", ("nurse",), WORDS)
    accounts.add_colleague(open_desk.desk, PASSPHRASE, lee)
    with pytest.raises(NotAcceptedError):
        beside(open_desk, who=lee.public_id)
    assert not sheet(open_desk).last.is_received


def test_the_checklist_item_is_the_same_two_signatures(open_desk, house):
    def line():
        rows = open_desk.desk.ask(board, now=open_desk.clock()).lines
        found = next(row for row in rows if row.item_id == HANDOFF_ITEM)
        return open_desk.desk.ask(
            item_line, stay_id=None, item_id=HANDOFF_ITEM, occurrence=found.occurrence
        )

    before = line()
    handoff_id = sign(open_desk).subject
    assert line().state == "signature"
    beside(open_desk).do(ReceiveHandoff(handoff_id))
    assert line().occurrence != before.occurrence
    assert open_desk.desk.ask(due_drift) == ()


def test_a_handoff_is_taken_back_until_it_is_received(open_desk, house):
    done = sign(open_desk)
    open_desk.desk.do(done.undo)
    assert open_desk.desk.ask(handoffs) == ()
    assert open_desk.desk.ask(due_drift) == ()
    again = sign(open_desk)
    beside(open_desk).do(ReceiveHandoff(again.subject))
    with pytest.raises(InvalidError, match="stays as it is"):
        open_desk.desk.do(WithdrawHandoff(again.subject))


def test_an_older_handoff_is_not_received_any_more(open_desk, house):
    older = sign(open_desk).subject
    open_desk.clock.forward(hours=8)
    sign(open_desk)
    with pytest.raises(InvalidError, match="newer handoff"):
        beside(open_desk).do(ReceiveHandoff(older))


def test_a_count_that_differs_says_why(open_desk, house):
    with pytest.raises(InvalidError, match="2 should be here"):
        sign(open_desk, counted=1)
    sign(open_desk, counted=1, why="Sky is at school")
    assert sheet(open_desk).last.why == "Sky is at school"


def test_who_is_missing_is_not_counted_and_stands_on_the_sheet(open_desk, house):
    open_desk.desk.do(StartMissing(house["Sky"], open_desk.clock()))
    found = sheet(open_desk)
    assert (found.in_house, found.expected) == (2, 1)
    assert of(found, "Sky").missing_since == open_desk.clock()
    assert found.owed
    sign(open_desk, counted=1)


def test_at_most_three_must_know_lines_each_and_the_others_are_counted(open_desk, house):
    for number in range(5):
        open_desk.clock.forward(minutes=1)
        write(open_desk, house["Sky"], text=f"Must {number}", must_know=True)
    back = write(open_desk, house["Sky"], text="Not so", must_know=True)
    open_desk.desk.do(WithdrawLine(back))
    found = of(sheet(open_desk), "Sky")
    assert [line.text for line in found.must_know] == ["Must 4", "Must 3", "Must 2"]
    assert found.more_must_know == 2
    assert found.lines == ()


def test_arrivals_exits_incidents_and_appointments_are_on_it(open_desk, house):
    beside(open_desk).do(ReceiveHandoff(sign(open_desk).subject))
    now = open_desk.clock.forward(hours=1)
    open_desk.desk.do(residents.Admit("Juniper", now))
    open_desk.desk.do(residents.RecordExit(house["Ash"], now, "left-early", "99"))
    open_desk.desk.do(PlanAppointment(house["Sky"], "dental", now + 3 * HOUR))
    open_desk.desk.do(PlanAppointment(house["Sky"], "school", now + 80 * HOUR))
    open_desk.desk.do(StartIncident(("critical-injury",), now, now, "kitchen", (house["Sky"],)))
    open_desk.desk.do(StartIncident(("power-or-system",), now, now, "kitchen"))
    found = sheet(open_desk)
    assert of(found, "Juniper").arrived_at == now
    assert of(found, "Ash").left_at == now
    assert of(found, "Sky").arrived_at is None
    assert [one.kind for one in of(found, "Sky").appointments] == ["dental"]
    assert of(found, "Sky").incidents == ("critical-injury",)
    assert found.house_incidents == ("power-or-system",)


def test_overdue_safety_first_items_stand_at_the_top_until_they_are_answered(open_desk, house):
    open_desk.clock.forward(hours=30)
    found = sheet(open_desk)
    texts = {one.text for one in found.critical if one.stay_id == house["Sky"]}
    assert texts
    assert of(found, "Sky").overdue >= len(texts)
    for line in open_desk.desk.ask(board, now=open_desk.clock()).lines:
        if line.safety_critical and line.stay_id == house["Sky"] and line.bucket == "overdue":
            open_desk.desk.do(AnswerItem(line.stay_id, line.item_id, line.occurrence))
    for card in open_desk.desk.ask(board, now=open_desk.clock()).arrivals:
        for group in card.groups:
            for line in group.lines:
                if line.safety_critical and line.stay_id == house["Sky"]:
                    open_desk.desk.do(AnswerItem(line.stay_id, line.item_id, line.occurrence))
    left = [one for one in sheet(open_desk).critical if one.stay_id == house["Sky"]]
    assert len(left) < len(texts)


def test_nothing_safety_critical_closes_by_itself(open_desk, house):
    """Weeks later, after handoffs, what was overdue is overdue, and at the top of the sheet."""
    open_desk.clock.forward(hours=30)
    before = {(one.stay_id, one.text) for one in sheet(open_desk).critical}
    for _ in range(3):
        open_desk.clock.forward(days=9)
        handoff_id = sign(open_desk).subject
        beside(open_desk).do(ReceiveHandoff(handoff_id))
    after = {(one.stay_id, one.text) for one in sheet(open_desk).critical}
    own = {one for one in before if "handoff" not in one[1]}
    assert own
    assert own <= after


def test_whoever_was_away_long_sees_the_newest_days_and_is_told(open_desk, house):
    sign(open_desk)
    open_desk.clock.forward(days=20)
    found = sheet(open_desk)
    assert found.is_cut
    assert found.since == open_desk.clock() - timedelta(days=3)


def test_a_role_without_a_class_sees_none_of_its_overdue_items(open_desk, house):
    open_desk.clock.forward(hours=30)
    every = {one.text for one in sheet(open_desk).critical}
    open_desk.desk.do(residents.Admit("Juniper", open_desk.clock()))
    new = Colleague("b" * 20, "Lee", ("education-liaison",), WORDS)
    accounts.add_colleague(open_desk.desk, PASSPHRASE, new)
    open_desk.desk.close()
    open_desk.desk = entry.sign_in(
        open_desk.folder, "b" * 20, WORDS, open_desk.care_model, open_desk.clock
    )
    model = open_desk.care_model
    items = {item.text: item for item in model.items.values()}
    seen = {one.text for one in sheet(open_desk).critical}
    assert seen < every
    assert {items[text].record_class for text in seen} <= {"general", "education"}


def test_staff_are_counted_against_what_the_profile_asks_for(open_desk):
    for number in range(9):
        open_desk.desk.do(Admit(f"Sky{number}", open_desk.clock()))
    before = open_desk.desk.ask(staffing, now=open_desk.clock())
    assert (before.residents, before.on_duty, before.needed, before.lacking) == (9, None, 3, 0)
    open_desk.clock.forward(hours=1)
    open_desk.desk.do(SignHandoff(open_desk.clock() - timedelta(hours=1), 9, on_duty=2))
    found = open_desk.desk.ask(staffing, now=open_desk.clock())
    assert (found.on_duty, found.lacking, found.counted_at) == (2, 1, open_desk.clock())
    assert open_desk.desk.ask(handoff_sheet, now=open_desk.clock()).staffing == found
    words = staffing_sentence(found)
    assert words.startswith("2 staff for 9 residents; required 1:4 asleep, that is 3: 1 too few")
    assert "not checked for your state" in words


def test_a_count_of_an_earlier_shift_says_nothing_about_this_one(open_desk):
    open_desk.desk.do(Admit("Sky", open_desk.clock()))
    open_desk.clock.forward(hours=1)
    open_desk.desk.do(SignHandoff(open_desk.clock() - timedelta(hours=1), 1, on_duty=2))
    assert open_desk.desk.ask(staffing, now=open_desk.clock()).on_duty == 2
    at = open_desk.clock.forward(hours=9)
    found = open_desk.desk.ask(staffing, now=at)
    assert (found.on_duty, found.counted_at, found.lacking) == (None, None, 0)
    assert "nobody has counted" in staffing_sentence(found)


def test_on_a_clock_that_was_set_back_the_staff_of_the_newest_handoff_count(open_desk):
    desk, clock = open_desk.desk, open_desk.clock
    desk.do(SignHandoff(clock() - timedelta(hours=1), 0, on_duty=5))
    clock.forward(hours=-1)
    desk.do(SignHandoff(clock() - timedelta(hours=1), 0, on_duty=2))
    assert desk.ask(staffing, now=clock()).on_duty == 2


def test_whoever_is_missing_needs_no_staff_in_the_house(open_desk):
    stays = [open_desk.desk.do(Admit(f"Sky{n}", open_desk.clock())).subject for n in range(5)]
    assert open_desk.desk.ask(staffing, now=open_desk.clock()).needed == 2
    open_desk.desk.do(StartMissing(stays[0], open_desk.clock()))
    assert open_desk.desk.ask(staffing, now=open_desk.clock()).needed == 1
