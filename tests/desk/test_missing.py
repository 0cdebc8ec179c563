"""Missing from care, through the desk, on real encrypted records."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from shelter_desk.desk import care, residents
from shelter_desk.desk.audit_log import events
from shelter_desk.desk.base import Area
from shelter_desk.desk.beds import bed_board
from shelter_desk.desk.leaving import ReopenStay
from shelter_desk.desk.missing import (
    AddMissingLine,
    CorrectDiscovery,
    StartMissing,
    WithdrawMissing,
    WriteLastSeen,
)
from shelter_desk.desk.missing_moot import CloseMoot
from shelter_desk.desk.missing_record import absences, episode, episodes_of, missing_board
from shelter_desk.desk.missing_return import CloseMissing, RecordReturn, WriteReturnTalk
from shelter_desk.desk.notices import contact_rules, due_notices
from shelter_desk.desk.telling import NeedNotTell, SetContactRule, Tell
from shelter_desk.desk.upkeep_check import due_drift
from shelter_desk.domain.errors import InvalidError
from shelter_desk.domain.missing_cards import LastSeen, ReturnTalk

HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)


@pytest.fixture
def stay(open_desk):
    admitted = open_desk.desk.do(residents.Admit("Sky", open_desk.clock())).subject
    open_desk.clock.forward(days=2)
    return admitted


def start(open_desk, stay, minutes_ago=0):
    at = open_desk.clock() - minutes_ago * MINUTE
    return open_desk.desk.do(StartMissing(stay, at)).subject


def seen(open_desk, episode_id):
    return open_desk.desk.ask(episode, episode_id=episode_id)


def board(open_desk):
    return open_desk.desk.ask(missing_board, now=open_desk.clock())


def notices(open_desk, episode_id, stage="start"):
    found = seen(open_desk, episode_id).notices
    return {line.recipient: line for line in found if line.stage == stage}


def open_items(open_desk, stay):
    plan = open_desk.desk.ask(care.stay_plan, stay_id=stay, now=open_desk.clock())
    lines = (item for service in plan.services for item in service.items)
    return {item.item_id for item in lines if item.due_at is not None}


def tell_all(open_desk, episode_id, stage="start"):
    for recipient, line in notices(open_desk, episode_id, stage).items():
        if line.is_answered:
            continue
        if recipient in ("family", "counsel", "probation"):
            open_desk.desk.do(NeedNotTell(line.notice_id, "contact-rule"))
        else:
            open_desk.desk.do(Tell(line.notice_id, None, "A desk", "R-1"))


def come_back(open_desk, episode_id, way="self"):
    return open_desk.desk.do(RecordReturn(episode_id, open_desk.clock(), way))


def test_the_clocks_run_from_discovery_not_from_entry(open_desk, stay):
    found = open_desk.clock() - 20 * MINUTE
    episode_id = start(open_desk, stay, minutes_ago=20)
    due = {name: line.due_at - found for name, line in notices(open_desk, episode_id).items()}
    assert due["police"] == due["custodian"] == HOUR
    assert due["ncmec"] == due["licensing"] == 24 * HOUR


def test_a_corrected_discovery_moves_every_clock_and_can_be_taken_back(open_desk, stay):
    episode_id = start(open_desk, stay)
    before, now = notices(open_desk, episode_id), open_desk.clock()
    done = open_desk.desk.do(CorrectDiscovery(episode_id, now - 30 * MINUTE))
    moved = notices(open_desk, episode_id)
    assert {line.due_at for line in moved.values()} == {
        line.due_at - 30 * MINUTE for line in before.values()
    }
    plan = open_desk.desk.ask(care.stay_plan, stay_id=stay, now=now)
    items = {item.item_id: item for service in plan.services for item in service.items}
    assert items["missing_response.03"].due_at == moved["police"].due_at
    open_desk.desk.do(done.undo)
    assert notices(open_desk, episode_id) == before
    for impossible in (now + MINUTE, now - timedelta(days=9)):
        with pytest.raises(InvalidError):
            open_desk.desk.do(CorrectDiscovery(episode_id, impossible))


def test_the_clocks_survive_closing_the_desk_and_another_profile(open_desk, stay):
    episode_id = start(open_desk, stay)
    before = notices(open_desk, episode_id)
    open_desk.clock.forward(hours=9)
    open_desk.again()
    assert notices(open_desk, episode_id) == before
    (line,) = board(open_desk).episodes
    assert (line.episode_id, line.is_missing) == (episode_id, True)


def test_a_clock_set_back_gives_no_more_time(open_desk, stay):
    start(open_desk, stay)
    written = open_desk.clock()
    open_desk.clock.forward(hours=-5)
    found = board(open_desk)
    assert (found.at, found.set_back) == (written, True)
    open_desk.clock.forward(hours=6)
    assert board(open_desk).set_back is False


def test_on_a_clock_that_was_set_back_the_search_begins_and_ends_all_the_same(open_desk, stay):
    just_arrived = open_desk.desk.do(residents.Admit("Ash", open_desk.clock())).subject
    episode_id = start(open_desk, stay)
    found = open_desk.clock()
    open_desk.clock.forward(minutes=-50)
    assert seen(open_desk, start(open_desk, just_arrived)).line.is_missing
    with pytest.raises(InvalidError, match="still to come"):
        open_desk.desk.do(RecordReturn(episode_id, found, "self"))
    come_back(open_desk, episode_id)
    assert seen(open_desk, episode_id).line.returned_at == found
    assert notices(open_desk, episode_id, "return").keys() == set()
    assert open_desk.desk.ask(due_drift) == ()
    open_desk.clock.forward(hours=2)
    with pytest.raises(InvalidError, match="before the stay began"):
        open_desk.desk.do(CorrectDiscovery(episode_id, found - timedelta(days=9)))
    assert open_desk.desk.ask(due_drift) == ()


def test_an_exit_taken_back_leaves_nobody_away_without_a_clock(open_desk, stay):
    episode_id = start(open_desk, stay)
    open_desk.desk.do(WriteLastSeen(episode_id, LastSeen(wearing="Grey hoodie")))
    lent = copies(open_desk)
    open_desk.clock.forward(hours=30)
    open_desk.desk.do(residents.RecordExit(stay, open_desk.clock(), "left-early", "99"))
    tell_all(open_desk, episode_id)
    open_desk.desk.do(CloseMissing(episode_id))
    assert board(open_desk).episodes == ()
    assert copies(open_desk) == []
    done = open_desk.desk.do(ReopenStay(stay))
    assert copies(open_desk) == lent != []  # whoever calls the police reads what they wore
    (line,) = board(open_desk).episodes
    assert (line.episode_id, line.is_missing) == (episode_id, True)
    assert Area.MISSING in done.touches
    assert open_desk.desk.ask(due_drift) == ()
    come_back(open_desk, episode_id)
    (bed,) = open_desk.desk.ask(bed_board).without_bed
    assert bed.away_ms is None


def copies(opened):
    with opened.desk._store.unguarded() as connection:
        found = connection.execute("SELECT place FROM lent_copy WHERE place LIKE '%:card'")
        return found.fetchall()


def test_who_is_admitted_again_while_missing_is_back(open_desk, stay):
    episode_id = start(open_desk, stay)
    tell_all(open_desk, episode_id)
    open_desk.clock.forward(hours=30)
    open_desk.desk.do(residents.RecordExit(stay, open_desk.clock(), "left-early", "99"))
    resident_id = open_desk.desk.ask(residents.record, stay_id=stay, now=open_desk.clock())
    open_desk.clock.forward(hours=5)
    at = open_desk.clock()
    again = open_desk.desk.do(
        residents.Admit("Sky", at, resident_id=resident_id.resident_id)
    ).subject
    (line,) = board(open_desk).episodes
    assert (line.is_missing, line.returned_at, line.return_way) == (False, at, "unknown")
    told = {one for one, line in notices(open_desk, episode_id).items() if line.told_at}
    assert told <= set(notices(open_desk, episode_id, "return"))
    assert len(told) > 1
    assert open_desk.desk.ask(due_drift) == ()
    other = start(open_desk, again)  # and the key that starts a search works as ever
    assert [one.episode_id for one in board(open_desk).episodes if one.is_missing] == [other]


def test_no_absence_lies_within_another(open_desk, stay):
    began = open_desk.clock()
    open_desk.clock.forward(hours=4)
    first = open_desk.desk.do(StartMissing(stay, began)).subject
    back = began + 3 * HOUR
    open_desk.desk.do(RecordReturn(first, back, "self"))
    with pytest.raises(InvalidError, match="Another absence"):
        open_desk.desk.do(StartMissing(stay, began + HOUR))
    later = open_desk.desk.do(StartMissing(stay, back)).subject
    with pytest.raises(InvalidError, match="Another absence"):
        open_desk.desk.do(CorrectDiscovery(later, back - MINUTE))
    open_desk.desk.do(RecordReturn(later, back + 30 * MINUTE, "self"))
    missed = open_desk.desk.do(StartMissing(stay, began - HOUR)).subject
    with pytest.raises(InvalidError, match="Another absence"):
        open_desk.desk.do(RecordReturn(missed, began + MINUTE, "self"))
    open_desk.desk.do(RecordReturn(missed, began, "self"))
    assert open_desk.desk.ask(due_drift) == ()


def test_starting_opens_the_items_of_the_search_and_a_return_those_of_the_return(
    open_desk, stay, care_model
):
    before = open_items(open_desk, stay)
    episode_id = start(open_desk, stay)
    search = set(care_model.triggers["missing-start"].starts)
    assert search <= open_items(open_desk, stay)
    assert not search & before
    open_desk.clock.forward(hours=3)
    come_back(open_desk, episode_id)
    after = open_items(open_desk, stay)
    assert set(care_model.triggers["returned"].starts) <= after
    assert set(care_model.triggers["hard-event"].starts) <= after
    assert not {"missing_response.08", "missing_response.09"} & after


def test_telling_somebody_ticks_the_item_that_asks_for_it(open_desk, stay):
    episode_id = start(open_desk, stay)
    police = notices(open_desk, episode_id)["police"]
    open_desk.clock.forward(minutes=25)
    open_desk.desk.do(Tell(police.notice_id, None, "Officer Reed, badge 44", "26-0311"))
    line = notices(open_desk, episode_id)["police"]
    assert (line.whom, line.reference, line.who) == ("Officer Reed, badge 44", "26-0311", "Dana")
    assert "missing_response.03" not in open_items(open_desk, stay)
    assert "missing_response.04" in open_items(open_desk, stay)


def test_an_item_that_stands_for_three_people_waits_for_all_three(open_desk, stay):
    episode_id = start(open_desk, stay)
    found = notices(open_desk, episode_id)
    for recipient in ("family", "counsel"):
        open_desk.desk.do(NeedNotTell(found[recipient].notice_id, "contact-rule"))
    assert "missing_response.06" in open_items(open_desk, stay)
    open_desk.desk.do(NeedNotTell(found["probation"].notice_id, "nobody-in-this-part"))
    assert "missing_response.06" not in open_items(open_desk, stay)


@pytest.mark.parametrize(
    ("rule", "allowed"),
    [(None, False), ("not-decided", False), ("do-not-tell", False),
     ("through-custodian", False), ("tell", True)],
)  # fmt: skip
def test_family_is_told_only_when_the_contact_rule_says_so(open_desk, stay, rule, allowed):
    episode_id = start(open_desk, stay)
    family = notices(open_desk, episode_id)["family"]
    if rule:
        open_desk.desk.do(SetContactRule(stay, "family", rule))
        assert open_desk.desk.ask(contact_rules, stay_id=stay) == {"family": rule}
    command = Tell(family.notice_id, None, "Ada's aunt")
    if allowed:
        open_desk.desk.do(command)
    else:
        with pytest.raises(InvalidError, match="contact rule"):
            open_desk.desk.do(command)
    assert notices(open_desk, episode_id)["family"].is_answered is allowed


def test_every_notice_made_is_owed_again_at_the_return(open_desk, stay):
    episode_id = start(open_desk, stay)
    found = notices(open_desk, episode_id)
    for recipient in ("police", "ncmec", "custodian"):
        open_desk.desk.do(Tell(found[recipient].notice_id, None, "A desk"))
    open_desk.desk.do(NeedNotTell(found["licensing"].notice_id, "not-this-state"))
    open_desk.clock.forward(hours=5)
    come_back(open_desk, episode_id)
    again = notices(open_desk, episode_id, "return")
    assert set(again) == {"police", "ncmec", "custodian"}
    assert {line.due_at - open_desk.clock() for line in again.values()} == {HOUR}
    assert "missing_response.11" in open_items(
        open_desk, stay
    )  # food and rest are not a phone call


def test_an_episode_closes_only_when_every_clock_has_an_answer(open_desk, stay):
    episode_id = start(open_desk, stay)
    close = CloseMissing(episode_id)
    with pytest.raises(InvalidError, match="still missing"):
        open_desk.desk.do(close)
    open_desk.desk.do(Tell(notices(open_desk, episode_id)["police"].notice_id, None, "A desk"))
    come_back(open_desk, episode_id)
    with pytest.raises(InvalidError, match="no answer yet"):
        open_desk.desk.do(close)
    tell_all(open_desk, episode_id)
    with pytest.raises(InvalidError, match="no answer yet"):
        open_desk.desk.do(close)
    tell_all(open_desk, episode_id, "return")
    with pytest.raises(InvalidError, match="return talk"):
        open_desk.desk.do(close)
    open_desk.desk.do(WriteReturnTalk(episode_id, ReturnTalk(("not-asked",))))
    at = open_desk.clock()
    search = open_desk.desk.do(AddMissingLine(episode_id, "search", "room", "not-there", at))
    open_desk.desk.do(close)
    assert board(open_desk).episodes == ()
    assert open_desk.desk.ask(due_notices) == ()
    with pytest.raises(InvalidError, match="closed"):
        come_back(open_desk, episode_id)
    with pytest.raises(InvalidError, match="closed"):
        open_desk.desk.do(search.undo)  # what was searched stays as it was signed for


def test_a_child_is_still_missing_when_the_bed_is_given_away(open_desk, stay):
    episode_id = start(open_desk, stay)
    open_desk.desk.do(residents.RecordExit(stay, open_desk.clock(), "left-early", "99"))
    (line,) = board(open_desk).episodes
    assert line.is_missing
    tell_all(open_desk, episode_id)
    open_desk.desk.do(CloseMissing(episode_id))
    assert board(open_desk).episodes == ()


def test_a_mistake_is_taken_back_whole(open_desk, stay):
    before = open_items(open_desk, stay)
    done = open_desk.desk.do(StartMissing(stay, open_desk.clock()))
    assert isinstance(done.undo, WithdrawMissing)
    open_desk.desk.do(done.undo)
    assert open_items(open_desk, stay) == before
    assert board(open_desk).episodes == () == board(open_desk).owed
    assert [line.is_withdrawn for line in open_desk.desk.ask(episodes_of, stay_id=stay)] == [True]
    start(open_desk, stay)  # and it can begin again


def test_a_return_that_was_none_gives_the_search_its_clocks_back(open_desk, stay):
    episode_id = start(open_desk, stay)
    open_desk.desk.do(Tell(notices(open_desk, episode_id)["police"].notice_id, None, "A desk"))
    before = notices(open_desk, episode_id)
    open_desk.clock.forward(hours=1)
    done = come_back(open_desk, episode_id)
    open_desk.desk.do(done.undo)
    assert notices(open_desk, episode_id) == before
    assert notices(open_desk, episode_id, "return") == {}
    assert "missing_response.08" in open_items(open_desk, stay)
    open_desk.clock.forward(hours=1)
    come_back(open_desk, episode_id)
    assert set(notices(open_desk, episode_id, "return")) == {"police"}


def test_the_card_is_sealed_and_comes_back_whole(open_desk, stay):
    episode_id = start(open_desk, stay)
    card = LastSeen(place="Kitchen", wearing="Grey hoodie", risks=("medicine", "cold"))
    open_desk.desk.do(WriteLastSeen(episode_id, card))
    assert seen(open_desk, episode_id).card == card
    with pytest.raises(InvalidError, match="at most 200"):
        open_desk.desk.do(WriteLastSeen(episode_id, LastSeen(place="x" * 201)))
    with pytest.raises(InvalidError, match="from the list"):
        open_desk.desk.do(WriteLastSeen(episode_id, LastSeen(risks=("nonsense",))))


def test_searches_and_tries_say_where_who_and_when(open_desk, stay):
    episode_id = start(open_desk, stay)
    at = open_desk.clock() - 5 * MINUTE
    open_desk.desk.do(AddMissingLine(episode_id, "search", "room", "not-there", at))
    done = open_desk.desk.do(
        AddMissingLine(episode_id, "try", "phone", "no-answer", note="Try again at nine")
    )
    room, phone = seen(open_desk, episode_id).looks
    assert (room.code, room.result, room.done_at, room.who) == ("room", "not-there", at, "Dana")
    assert (phone.kind, phone.note) == ("try", "Try again at nine")
    open_desk.desk.do(done.undo)
    assert [line.code for line in seen(open_desk, episode_id).looks] == ["room"]
    with pytest.raises(InvalidError, match="at most 140"):
        open_desk.desk.do(AddMissingLine(episode_id, "try", "phone", "no-answer", note="x" * 141))


@pytest.mark.parametrize(
    ("minutes", "message"), [(1, "still to come"), (-60 * 24 * 9, "before the stay")]
)
def test_the_moment_of_discovery_must_be_possible(open_desk, stay, minutes, message):
    with pytest.raises(InvalidError, match=message):
        start(open_desk, stay, minutes_ago=-minutes)


def test_nobody_is_missing_twice_at_the_same_time(open_desk, stay):
    start(open_desk, stay)
    with pytest.raises(InvalidError, match="runs already"):
        start(open_desk, stay)


def test_the_history_and_the_yearly_log_hold_every_absence_of_the_year(open_desk, stay):
    ids = []
    for _ in range(3):
        ids.append(start(open_desk, stay))
        open_desk.clock.forward(hours=2)
        come_back(open_desk, ids[-1])
        tell_all(open_desk, ids[-1])
        tell_all(open_desk, ids[-1], "return")
        open_desk.desk.do(WriteReturnTalk(ids[-1], ReturnTalk(("boredom",), ("activity",), "no")))
        open_desk.desk.do(CloseMissing(ids[-1]))
    logged = open_desk.desk.ask(absences, year=2026)
    assert [one.line.episode_id for one in logged] == ids
    assert logged[0].talk == ReturnTalk(("boredom",), ("activity",), "no")
    newest_first = [line.episode_id for line in open_desk.desk.ask(episodes_of, stay_id=stay)]
    assert newest_first == ids[::-1]
    assert open_desk.desk.ask(absences, year=2025) == ()


def test_the_year_of_the_log_turns_at_the_shelters_midnight(open_desk, stay):
    open_desk.clock.at = datetime(2027, 1, 1, 4, 30, tzinfo=UTC)  # half past eleven, 31 December
    episode_id = start(open_desk, stay)
    assert [one.line.episode_id for one in open_desk.desk.ask(absences, year=2026)] == [episode_id]
    assert open_desk.desk.ask(absences, year=2027) == ()


def test_due_rows_stay_those_the_rules_say(open_desk, stay):
    episode_id = start(open_desk, stay)
    tell_all(open_desk, episode_id)
    come_back(open_desk, episode_id)
    assert open_desk.desk.ask(due_drift) == ()


def test_what_was_written_is_nowhere_in_the_trail_or_the_folder_in_the_clear(open_desk, stay):
    episode_id = start(open_desk, stay)
    open_desk.desk.do(WriteLastSeen(episode_id, LastSeen(place="Zebra Street")))
    police = notices(open_desk, episode_id)["police"]
    open_desk.desk.do(Tell(police.notice_id, None, "Officer Zebra", "ZEBRA-9"))
    told = open_desk.desk.ask(events, limit=5)
    assert "Wrote down who was told" in [line.words for line in told]
    assert "ebra" not in repr(told)
    for file in Path(open_desk.folder).rglob("*"):
        if file.is_file():
            assert b"ebra" not in file.read_bytes()


def test_nobody_closes_what_the_search_asks_for_before_they_are_back(open_desk):
    desk, clock = open_desk.desk, open_desk.clock
    stay = desk.do(residents.Admit("Sky", clock(), age_guess=15)).subject
    missing = desk.do(StartMissing(stay, clock())).subject
    with pytest.raises(InvalidError, match="Nothing of the search"):
        desk.do(CloseMoot(missing))
    assert desk.ask(episode, episode_id=missing).moot == ()
