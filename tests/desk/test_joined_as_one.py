"""However the work was split between two joined records, the plan is that of one person."""

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from shelter_desk.desk import residents
from shelter_desk.desk.care import AnswerItem, RecordEvent, SetNeed, StartPhase
from shelter_desk.desk.merging import SeparateRecords
from shelter_desk.desk.upkeep_check import due_drift
from tests.desk.written_twice import Written, closing_house


@pytest.fixture(scope="module")
def house(tmp_path_factory, care_model):
    """The house where everything is written down twice."""
    with closing_house(tmp_path_factory.mktemp("house") / "records", care_model) as opened:
        yield opened


@pytest.fixture(scope="module")
def alone(tmp_path_factory, care_model):
    """Another house, where everything is written down once."""
    with closing_house(tmp_path_factory.mktemp("alone") / "records", care_model) as opened:
        yield opened


acts = st.lists(
    st.tuples(
        st.booleans(), st.sampled_from(["tick", "event", "need", "phase"]), st.integers(0, 500)
    ),
    min_size=1,
    max_size=6,
)


@settings(
    max_examples=4,
    deadline=None,
    phases=(Phase.explicit, Phase.generate),  # to make an example smaller takes minutes
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(acts=acts)
def test_joined_the_plan_is_that_of_somebody_who_was_written_down_once(house, alone, acts):
    house.clock.forward(days=4)
    alone.clock.at = house.clock()
    skye = Written(house, "Skye", house.clock(), age_guess=15)
    sky = Written(house, "Sky", house.clock(), age_guess=15)
    one = Written(alone, "Sol", alone.clock(), age_guess=15)
    for first, act, pick in acts:
        alone.clock.at = house.clock.forward(hours=3)
        happen_alike(act, pick, (sky, skye)[first], one)
    joined = skye.join(sky).subject
    assert asked(house, sky) == asked(house, one)
    assert not house.desk.ask(due_drift)
    house.desk.do(SeparateRecords(joined))
    for person in (sky, skye, one):
        done = residents.RecordExit(person.stay, person.house.clock(), "left-early", "99")
        person.desk.do(done)


def happen_alike(act, pick, split, one):
    """Do the same with the one of two records and with the only one, where both ask for it."""
    services = sorted(one.house.care_model.services)
    phases = sorted(set(one.house.care_model.phases) - {"all", "immediate"})
    lines = [
        line
        for line in split.open_lines()
        if not line.occurrence.startswith("event:") and one.open_lines(line.item_id)
    ]
    for person in (split, one):
        do, stay = person.desk.do, person.stay
        if act == "event":
            do(RecordEvent(stay, ("self-harm", "credible-threat")[pick % 2], person.house.clock()))
        elif act == "need":
            do(SetNeed(stay, services[pick % len(services)], "needed"))
        elif act == "phase":
            do(StartPhase(stay, phases[pick % len(phases)]))
        elif lines:
            item_id = lines[pick % len(lines)].item_id
            line = person.open_lines(item_id)[0]
            do(AnswerItem(stay, item_id, line.occurrence))


def asked(house, one):
    """Return (item, when it is due, how it stands) of all but what an admission of others asks."""
    starts = house.care_model.items
    return sorted(
        (line.item_id, line.due_ms, line.state)
        for line in one.open_lines()
        if "resident-admitted" not in starts[line.item_id].starts_on
    )
