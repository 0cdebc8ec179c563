"""What keeps somebody safe stands in either of two joined records, and counts where they go on."""

from datetime import timedelta

import pytest

from shelter_desk.desk.appointing import PlanAppointment
from shelter_desk.desk.appointments import appointments_of
from shelter_desk.desk.handoff import handoff_sheet
from shelter_desk.desk.incidents import StartIncident
from shelter_desk.desk.merging import SeparateRecords
from shelter_desk.desk.missing import StartMissing, WithdrawMissing
from shelter_desk.desk.missing_record import episode, episodes_of
from shelter_desk.desk.notices import contact_rules
from shelter_desk.desk.residents import RecordExit
from shelter_desk.desk.shift_lines import LineWords, WriteLine
from shelter_desk.desk.shift_log import LinesWanted, shift_lines
from shelter_desk.desk.telling import SetContactRule, Tell
from shelter_desk.domain.errors import InvalidError
from tests.desk.written_twice import closing_house, written_twice


@pytest.fixture(scope="module")
def house(tmp_path_factory, care_model):
    """One store for the module; each test has people of its own."""
    with closing_house(tmp_path_factory.mktemp("care") / "records", care_model) as opened:
        yield opened


@pytest.fixture
def twice(house):
    """Sky came at five past two; a second worker wrote Skye down ten minutes later."""
    with written_twice(house) as both:
        yield both


def rules(house, one):
    return house.desk.ask(contact_rules, stay_id=one.stay)


@pytest.mark.parametrize(
    ("here", "there", "holds"),
    [
        (None, "do-not-tell", "do-not-tell"),
        ("tell", "do-not-tell", "do-not-tell"),
        ("do-not-tell", "tell", "do-not-tell"),
        ("through-custodian", "tell", "through-custodian"),
        ("not-decided", "tell", "tell"),
        ("tell", "not-decided", "tell"),
    ],
)
def test_of_two_contact_rules_the_stricter_holds_until_it_is_decided_anew(
    house, twice, here, there, holds
):
    sky, skye = twice
    for one, rule in ((sky, here), (skye, there)):
        if rule:
            house.desk.do(SetContactRule(one.stay, "family", rule))
    before = [rules(house, one) for one in twice]
    joined = skye.join(sky).subject
    assert rules(house, sky) == {"family": holds}
    house.desk.do(SeparateRecords(joined))
    assert [rules(house, one) for one in twice] == before
    joined = skye.join(sky).subject
    for rule in ("do-not-tell", "tell"):
        house.desk.do(SetContactRule(sky.stay, "family", rule))
        assert rules(house, sky) == {"family": rule}
    house.desk.do(SeparateRecords(joined))
    assert rules(house, skye) == before[1]


def test_nobody_is_told_whom_the_closed_record_forbids(house, twice):
    sky, skye = twice
    house.desk.do(SetContactRule(sky.stay, "family", "tell"))
    house.desk.do(SetContactRule(skye.stay, "family", "do-not-tell"))
    skye.join(sky)
    missing = house.desk.do(StartMissing(sky.stay, house.clock())).subject
    notices = house.desk.ask(episode, episode_id=missing).notices
    (family,) = [one for one in notices if one.recipient == "family"]
    with pytest.raises(InvalidError, match="contact rule"):
        house.desk.do(Tell(family.notice_id, None, "An aunt"))
    house.desk.do(SetContactRule(sky.stay, "family", "tell"))
    house.desk.do(Tell(family.notice_id, None, "An aunt"))


def test_the_handoff_says_all_of_both_and_that_nobody_left(house, twice):
    sky, skye = twice
    at = house.clock()
    house.desk.do(WriteLine(LineWords((skye.stay,), text="Peanut allergy", must_know=True)))
    house.desk.do(WriteLine(LineWords((sky.stay, skye.stay), text="Both slept")))
    house.desk.do(StartIncident(("injury",), at, at, "kitchen", (skye.stay,)))
    house.desk.do(PlanAppointment(skye.stay, "medical", at + timedelta(hours=3)))
    house.clock.forward(minutes=5)
    skye.join(sky)
    now = house.clock.forward(minutes=5)
    sheet = house.desk.ask(handoff_sheet, now=now)
    told = [one for one in sheet.residents if one.stay_id in (sky.stay, skye.stay)]
    (one,) = told
    assert (one.stay_id, one.left_at) == (sky.stay, None)
    assert [line.text for line in one.must_know] == ["Peanut allergy"]
    assert [line.text for line in one.lines] == ["Both slept"]
    assert one.incidents == ("injury",)
    assert [line.called for line in one.appointments] == ["Sky"]
    wanted = LinesWanted(at - timedelta(days=1), now, sky.stay)
    lines = house.desk.ask(shift_lines, wanted=wanted)
    assert [line.text for line in lines] == ["Both slept", "Peanut allergy"]
    assert len(house.desk.ask(shift_lines, wanted=wanted, most=1)) == 1


def test_what_is_planned_under_either_name_is_ahead_of_who_goes_on(house, twice):
    sky, skye = twice
    at = house.clock()
    for one, hours in ((sky, 9), (skye, 5), (sky, 2)):
        house.desk.do(PlanAppointment(one.stay, "medical", at + timedelta(hours=hours)))
    joined = skye.join(sky).subject
    found = house.desk.ask(appointments_of, stay_id=sky.stay, since=at)
    assert [one.starts_at - at for one in found] == [timedelta(hours=n) for n in (2, 5, 9)]
    assert {(one.stay_id, one.called) for one in found} == {(sky.stay, "Sky")}
    assert not any("left" in one.lacks for one in found), "the closed record is no exit"
    left = house.desk.do(RecordExit(sky.stay, house.clock.forward(minutes=5), "kin", "422"))
    found = house.desk.ask(appointments_of, stay_id=sky.stay, since=at)
    assert all("left" in one.lacks for one in found)
    house.desk.do(left.undo)
    house.desk.do(SeparateRecords(joined))
    assert len(house.desk.ask(appointments_of, stay_id=sky.stay, since=at)) == 2


def test_earlier_absences_of_either_record_stand_with_both(house, twice):
    sky, skye = twice
    found = [house.desk.do(StartMissing(skye.stay, house.clock())).subject]
    house.desk.do(WithdrawMissing(found[0]))
    joined = skye.join(sky).subject
    found.append(house.desk.do(StartMissing(sky.stay, house.clock.forward(minutes=5))).subject)
    for one in twice:
        lines = house.desk.ask(episodes_of, stay_id=one.stay)
        assert [line.episode_id for line in lines] == found[::-1]
    house.desk.do(SeparateRecords(joined))
    assert [one.episode_id for one in house.desk.ask(episodes_of, stay_id=sky.stay)] == found[1:]
