"""A stay that was written down twice has one plan, one service log and one history."""

from datetime import timedelta

import pytest

from shelter_desk.desk import accounts, entry, residents, service_log
from shelter_desk.desk.accounts import Colleague
from shelter_desk.desk.care import (
    AnswerItem,
    EndPhase,
    RecordEvent,
    SetNeed,
    SignAnswer,
    StartPhase,
    UndoAnswer,
    WithdrawEvent,
    stay_plan,
)
from shelter_desk.desk.history import history
from shelter_desk.desk.item import item_line, signers
from shelter_desk.desk.merging import SeparateRecords
from shelter_desk.desk.plan_lines import AnswerLine
from shelter_desk.desk.service_log import LogFilter
from shelter_desk.desk.starting import recent_events
from shelter_desk.desk.stay_trail import stay_trail
from shelter_desk.desk.today import board
from shelter_desk.desk.upkeep_check import due_drift
from tests.conftest import PASSPHRASE
from tests.desk.a_walk_of_classes import WORDS
from tests.desk.written_twice import Written, closing_house

ADA = "a" * 20


@pytest.fixture(scope="module")
def house(tmp_path_factory, care_model):
    """One store for the module, with a second colleague; each test has people of its own."""
    folder = tmp_path_factory.mktemp("plans") / "records"
    with closing_house(folder, care_model) as opened:
        accounts.add_colleague(
            opened.desk, PASSPHRASE, Colleague(ADA, "Ada", ("director",), WORDS)
        )
        opened.first = opened.desk.staff.public_id
        yield opened
        opened.desk.close()


@pytest.fixture
def twice(house):
    """Sky came at five past two; a second worker wrote Skye down ten minutes later."""
    house.clock.forward(days=4)
    sky = Written(house, "Sky", house.clock(), age_guess=15)
    skye = Written(house, "Skye", house.clock.forward(minutes=10), age_guess=15)
    house.clock.forward(minutes=30)
    yield sky, skye
    assert not house.desk.ask(due_drift)
    for line in house.desk.ask(residents.roster, now=house.clock.forward(minutes=1)):
        house.desk.do(residents.RecordExit(line.stay_id, house.clock(), "left-early", "99"))


def sign_in(house, person, words):
    house.desk.close()
    house.desk = entry.sign_in(house.folder, person, words, house.care_model, house.clock)
    return house.desk


def once(house, one, number=0):
    """Return an open line of an item that is done once and by one person."""
    items = house.care_model.items
    return [
        line
        for line in one.open_lines()
        if items[line.item_id].repeat == "once"
        and not line.needs_signatures
        and not line.outcome_only
    ][number]


def tick(house, one, line, **more):
    house.clock.forward(minutes=1)
    return house.desk.do(AnswerItem(one.stay, line.item_id, line.occurrence, **more)).subject


def is_open(one, line):
    return bool(one.open_lines(line.item_id))


def last(one, item_id) -> AnswerLine | None:
    return next(line.last for line in one.lines if line.item_id == item_id)


def test_what_was_ticked_in_the_closed_record_is_ticked_in_the_one_that_goes_on(house, twice):
    sky, skye = twice
    ours, theirs = once(house, sky), once(house, skye, 1)
    tick(house, sky, ours, note="Notesky")
    answer = tick(house, skye, theirs, note="Noteskye")
    assert is_open(sky, theirs)
    skye.join(sky)
    assert not is_open(sky, ours)
    assert not is_open(sky, theirs)
    assert last(sky, ours.item_id).note == "Notesky"
    assert last(sky, theirs.item_id)[0] == answer
    assert last(sky, theirs.item_id).note == "Noteskye", "under the key of its own record"
    shown = house.desk.ask(
        item_line, stay_id=sky.stay, item_id=theirs.item_id, occurrence=theirs.occurrence
    )
    assert (shown.state, shown.last.note) == ("closed", "Noteskye")


def test_undoing_a_tick_of_the_closed_record_makes_it_due_where_they_go_on(house, twice):
    sky, skye = twice
    line = once(house, sky)
    answer = tick(house, skye, line)
    skye.join(sky)
    assert not is_open(sky, line)
    house.desk.do(UndoAnswer(answer))
    assert is_open(sky, line)
    assert not is_open(skye, line), "the closed record asks for nothing"


def test_the_newest_of_both_answers_is_shown_and_both_count_once_among_what_is_done(house, twice):
    sky, skye = twice
    line = once(house, sky)
    tick(house, sky, line)
    newest = tick(house, skye, line)
    before = done_in_card(house, sky)
    tick(house, skye, once(house, skye, 1))
    assert done_in_card(house, sky) == before
    skye.join(sky)
    assert last(sky, line.item_id).answer_id == newest
    assert done_in_card(house, sky) == before + 1


def done_in_card(house, one):
    cards = house.desk.ask(board, now=house.clock()).arrivals
    return sum(group.done for card in cards if card.stay_id == one.stay for group in card.groups)


def test_a_second_signature_closes_what_the_closed_record_began(house, twice):
    sky, skye = twice
    line = next(one for one in skye.open_lines() if one.needs_signatures == 2)
    answer = tick(house, skye, line)
    skye.join(sky)
    shown = {"stay_id": sky.stay, "item_id": line.item_id, "occurrence": line.occurrence}
    found = house.desk.ask(item_line, **shown)
    assert (found.state, found.last.answer_id) == ("signature", answer)
    assert len(house.desk.ask(signers, answer_id=found.last.answer_id)) == 1
    sign_in(house, ADA, WORDS).do(SignAnswer(answer))
    sign_in(house, house.first, PASSPHRASE)
    for one in twice:
        one.desk = house.desk
    assert not [one for one in sky.open_lines(line.item_id) if one.state == "signature"]
    assert line.occurrence not in {one.occurrence for one in sky.open_lines(line.item_id)}


def test_rounds_of_both_records_are_one_series(house, twice):
    sky, skye = twice
    line = next(one for one in sky.open_lines() if one.occurrence == "next:0")
    for _ in range(3):
        house.clock.forward(hours=1)
        (there,) = skye.open_lines(line.item_id)
        tick(house, skye, there)
    (there,) = skye.open_lines(line.item_id)
    skye.join(sky)
    (here,) = sky.open_lines(line.item_id)
    assert (here.occurrence, here.due_ms) == (there.occurrence, there.due_ms)
    tick(house, sky, here)
    assert [one.occurrence for one in sky.open_lines(line.item_id)] == ["next:4"]


def due_after(one, code="self-harm"):
    """Return (item, occurrence) of what is due because this happened."""
    items = one.house.care_model.items
    return {
        (line.item_id, line.occurrence)
        for line in one.open_lines()
        if line.occurrence.startswith("event:") and code in items[line.item_id].starts_on
    }


def happened(house, one, code="self-harm"):
    house.desk.do(RecordEvent(one.stay, code, house.clock()))
    return house.desk.ask(recent_events, stay_id=one.stay)[0].event_id


def test_what_only_the_closed_record_knows_is_due_where_they_go_on(house, twice):
    sky, skye = twice
    house.desk.do(SetNeed(skye.stay, "job_training", "needed"))
    happened(house, skye)
    began = due_after(skye)
    assert began
    skye.join(sky)
    assert began <= due_after(sky)
    (service,) = [one for one in services(house, sky) if one.service_id == "job_training"]
    assert service.status == "needed"
    assert service.total
    house.desk.do(SetNeed(sky.stay, "job_training", "declined", "not-now"))
    (service,) = [one for one in services(house, sky) if one.service_id == "job_training"]
    assert (service.status, service.total) == ("declined", 0), "who goes on has the last word"


def test_a_service_that_both_opened_is_open_since_the_first(house, twice):
    sky, skye = twice
    house.desk.do(SetNeed(skye.stay, "family_reunification", "needed"))
    first = {line.item_id: line.due_ms for line in skye.open_lines()}
    house.clock.forward(hours=3)
    house.desk.do(SetNeed(sky.stay, "family_reunification", "needed"))
    skye.join(sky)
    due = {line.item_id: line.due_ms for line in sky.open_lines()}
    item_id = "family_reunification.01"
    assert due[item_id] == first[item_id]


def services(house, one):
    return house.desk.ask(stay_plan, stay_id=one.stay, now=house.clock()).services


def test_an_event_that_both_workers_wrote_down_is_due_once_and_ticked_in_either(house, twice):
    sky, skye = twice
    happened(house, sky)
    house.clock.forward(minutes=40)
    happened(house, skye)
    ours, theirs = due_after(sky), sorted(due_after(skye))
    done = [line for line in skye.open_lines() if (line.item_id, line.occurrence) in theirs]
    line = next(one for one in done if not one.needs_signatures)
    tick(house, skye, line)
    skye.join(sky)
    left = due_after(sky)
    assert left < ours, "nothing is due a second time"
    assert {item for item, _ in ours - left} == {line.item_id}


def test_what_happened_on_two_days_happened_twice(house, twice):
    sky, skye = twice
    happened(house, sky)
    house.clock.forward(hours=3)
    happened(house, skye)
    both = due_after(sky) | due_after(skye)
    skye.join(sky)
    assert due_after(sky) == both


def test_nobody_is_asked_to_get_ready_for_their_own_arrival(house, twice):
    sky, skye = twice
    came = "resident-admitted"
    told = due_after(sky, came)
    assert told
    joined = skye.join(sky).subject
    assert not due_after(sky, came), "it was Sky herself"
    Written(house, "Ash", house.clock(), age_guess=15)
    of_ash = due_after(sky, came)
    assert of_ash
    house.desk.do(SeparateRecords(joined))
    assert due_after(sky, came) == told | of_ash


def test_two_events_of_one_record_are_not_taken_for_one_of_the_other(house, twice):
    sky, skye = twice
    known = due_after(sky)
    happened(house, sky)
    for _ in range(2):
        house.clock.forward(minutes=20)
        happened(house, skye)
    ours = due_after(sky) - known
    skye.join(sky)
    assert ours
    assert len(due_after(sky) - known) == 2 * len(ours)


def test_an_event_of_the_closed_record_is_taken_back_where_they_go_on(house, twice):
    sky, skye = twice
    before = due_after(sky)
    events = [happened(house, sky)]
    house.clock.forward(minutes=9)
    events.append(happened(house, skye))
    skye.join(sky)
    listed = house.desk.ask(recent_events, stay_id=sky.stay)
    assert [one.event_id for one in listed] == events[::-1]
    house.desk.do(WithdrawEvent(events[0]))
    assert due_after(sky) > before, "the other one still tells of it"
    house.desk.do(WithdrawEvent(events[1]))
    assert due_after(sky) == before
    assert house.desk.ask(recent_events, stay_id=sky.stay) == ()


def test_a_phase_of_either_record_is_open_until_it_is_closed_where_they_go_on(house, twice):
    sky, skye = twice
    phases = [one.phase_id for one in plan_of(house, sky).phases if not one.is_open]
    house.desk.do(StartPhase(skye.stay, phases[0]))
    skye.join(sky)
    assert phases[0] in open_phases(house, sky)
    house.desk.do(EndPhase(sky.stay, phases[0]))
    assert phases[0] not in open_phases(house, sky)


def plan_of(house, one):
    return house.desk.ask(stay_plan, stay_id=one.stay, now=house.clock())


def open_phases(house, one):
    return [phase.phase_id for phase in plan_of(house, one).phases if phase.is_open]


def test_separated_each_has_its_own_plan_again_with_what_was_ticked_there(house, twice):
    sky, skye = twice
    theirs = once(house, skye)
    tick(house, skye, theirs)
    happened(house, skye)
    before = [plan_of(house, one) for one in twice]
    joined = skye.join(sky).subject
    house.desk.do(SeparateRecords(joined))
    assert [plan_of(house, one) for one in twice] == before
    joined = skye.join(sky).subject
    ours = once(house, sky, 1)
    tick(house, sky, ours)
    house.desk.do(SeparateRecords(joined))
    assert (is_open(sky, theirs), is_open(sky, ours)) == (True, False)
    assert (is_open(skye, theirs), is_open(skye, ours)) == (False, True)


def test_after_the_exit_only_the_record_that_goes_on_asks_for_aftercare(house, twice):
    sky, skye = twice
    skye.join(sky)
    house.clock.forward(hours=1)
    house.desk.do(residents.RecordExit(sky.stay, house.clock(), "kin", "422"))
    house.clock.forward(hours=1)
    assert sky.open_lines()
    assert not skye.open_lines()
    assert house.clock() - sky.known.began_at < timedelta(days=1)


def test_the_log_and_the_history_of_who_goes_on_tell_both_and_say_where_it_stands(house, twice):
    sky, skye = twice
    ours, theirs = sky.serve("crisis_shelter"), skye.serve("basic_needs")
    since = sky.known.began_at
    before = [seen(house, one, since) for one in twice]
    house.clock.forward(minutes=1)
    joined = skye.join(sky).subject
    lines, listed, sums, told, changed = seen(house, sky, since)
    code = skye.known.case_code
    assert [(one.entry_id, one.case_code) for one in lines] == [
        (theirs, code),
        (ours, sky.known.case_code),
    ]
    assert lines == listed
    assert (sums.entries, sums.residents, sums.minutes) == (2, 1, 60)
    assert {line.record for line in told if line.service_id == "basic_needs"} == {code}
    assert {line.record for line in told if line.service_id == "crisis_shelter"} == {""}
    acts = {(line.action, line.record) for line in changed}
    assert {("resident.admit", ""), ("resident.admit", code), ("record.join", "")} <= acts
    assert len(changed) == len({line.seq for line in changed})
    assert [one.entry_id for one in seen(house, skye, since)[0]] == [theirs], "as it was closed"
    house.desk.do(SeparateRecords(joined))
    for one, known in zip(twice, before, strict=True):
        after = seen(house, one, since)
        assert after[:4] == known[:4]
        assert [line for line in after[4] if line.action[:7] != "record."] == known[4]


def seen(house, one, since):
    wanted = LogFilter(since, house.clock() + timedelta(days=1), one.stay)
    ask = house.desk.ask
    return (
        ask(service_log.entries, stay_id=one.stay),
        ask(service_log.log_lines, wanted=wanted),
        ask(service_log.log_sums, wanted=wanted),
        ask(history, stay_id=one.stay),
        list(ask(stay_trail, stay_id=one.stay)),
    )


def test_at_most_as_many_lines_as_were_asked_for_the_newest_of_both_records(house, twice):
    sky, skye = twice
    order = [one.serve("basic_needs") for one in (sky, skye, skye, sky, skye)]
    skye.join(sky)
    wanted = LogFilter(sky.known.began_at, house.clock() + timedelta(days=1), sky.stay)
    found = house.desk.ask(service_log.log_lines, wanted=wanted, limit=3)
    assert [one.entry_id for one in found] == order[:1:-1]
    assert len(house.desk.ask(history, stay_id=sky.stay, limit=4)) == 4
    everybody = LogFilter(wanted.since, wanted.until)
    assert house.desk.ask(service_log.log_sums, wanted=everybody).residents == 1
