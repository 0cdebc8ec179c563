"""Nothing new is written into a record that a join closed: it goes where the young person goes on.

At two in the morning somebody has the page of the closed record open, writes, and is right: it is
about this young person. It is found where the others look for it.
"""

from datetime import timedelta

import pytest

from shelter_desk.desk.appointing import PlanAppointment
from shelter_desk.desk.appointments import agenda
from shelter_desk.desk.care import (
    AnswerItem,
    EndPhase,
    RecordEvent,
    SetNeed,
    StartPhase,
    WithdrawEvent,
)
from shelter_desk.desk.history import history
from shelter_desk.desk.incidents import AddPerson, StartIncident
from shelter_desk.desk.merging import SeparateRecords
from shelter_desk.desk.missing import StartMissing, WithdrawMissing
from shelter_desk.desk.missing_record import missing_board
from shelter_desk.desk.plan import stay_plan
from shelter_desk.desk.rounds import shift_round
from shelter_desk.desk.service_entries import Given, LogGroup
from shelter_desk.desk.shift_lines import LineWords, WriteLine
from shelter_desk.desk.shift_log import LinesWanted, shift_lines
from shelter_desk.desk.starting import recent_events
from shelter_desk.desk.telling import SetContactRule
from shelter_desk.desk.upkeep_check import due_drift
from shelter_desk.domain.errors import InvalidError
from tests.desk.written_twice import Written, closing_house, written_twice

NEW = (
    "stay_event", "service_need", "stay_phase", "item_answer", "appointment", "missing_episode",
    "incident_person", "shift_line_person", "contact_rule", "due_item", "service_entry",
)  # fmt: skip


@pytest.fixture(scope="module")
def house(tmp_path_factory, care_model):
    """One store for the module; each test has people of its own."""
    with closing_house(tmp_path_factory.mktemp("closed") / "records", care_model) as opened:
        yield opened


@pytest.fixture
def twice(house):
    """Sky, and Skye as a second worker wrote them down; joined, Sky goes on."""
    with written_twice(house) as (sky, skye):
        skye.merge = skye.join(sky).subject
        yield sky, skye


def rows_of(house, one):
    """Return how many rows of each kind the record itself has."""
    with house.desk._store.unguarded() as connection:
        of = "stay_id = (SELECT id FROM stay WHERE public_id = ?)"
        return {
            table: connection.execute(
                f"SELECT count(*) FROM {table} WHERE {of}", (one.stay,)
            ).fetchone()[0]
            for table in NEW
        }


def plan(house, one):
    return house.desk.ask(stay_plan, stay_id=one.stay, now=house.clock())


def write_everything(house, sky, skye):
    """Write one of everything as if the closed record was the young person's; return the tick."""
    do, at = house.desk.do, house.clock()
    line = sky.open_lines()[0]
    phases = [one.phase_id for one in plan(house, sky).phases if not one.is_open]
    do(AnswerItem(skye.stay, line.item_id, line.occurrence, note="Noteclosed"))
    do(SetNeed(skye.stay, "job_training", "needed"))
    do(StartPhase(skye.stay, phases[0]))
    do(RecordEvent(skye.stay, "self-harm", at))
    do(PlanAppointment(skye.stay, "court", at + timedelta(days=3)))
    do(SetContactRule(skye.stay, "family", "do-not-tell"))
    do(WriteLine(LineWords((skye.stay, sky.stay), text="Slept well")))
    incident = do(StartIncident(("injury",), at, at, "kitchen", (skye.stay, sky.stay))).subject
    do(AddPerson(incident, "witness", stay_id=skye.stay, note="Saw it"))
    do(WithdrawMissing(do(StartMissing(skye.stay, at)).subject))
    skye.serve("basic_needs")
    return line, phases[0]


def test_nothing_new_stands_in_the_closed_record_and_all_of_it_where_they_go_on(house, twice):
    sky, skye = twice
    before, ours = rows_of(house, skye), rows_of(house, sky)
    line, phase = write_everything(house, sky, skye)
    assert rows_of(house, skye) == before
    more = {table: count - ours[table] for table, count in rows_of(house, sky).items()}
    assert all(more[table] > 0 for table in NEW), more
    assert (more["shift_line_person"], more["incident_person"]) == (1, 2), "one person, told once"
    assert line.occurrence not in {one.occurrence for one in sky.open_lines(line.item_id)}
    assert phase in {one.phase_id for one in plan(house, sky).phases if one.is_open}
    house.desk.do(EndPhase(skye.stay, phase))
    assert phase not in {one.phase_id for one in plan(house, sky).phases if one.is_open}
    assert not house.desk.ask(due_drift)


def test_separated_it_stays_where_it_was_written(house, twice):
    sky, skye = twice
    before = rows_of(house, skye) | {"due_item": 0}
    write_everything(house, sky, skye)
    house.desk.do(SeparateRecords(skye.merge))
    assert rows_of(house, skye) | {"due_item": 0} == before
    assert not house.desk.ask(due_drift)


def test_a_tick_from_a_page_that_was_open_before_the_join_counts_once(house, twice):
    sky, skye = twice
    house.desk.do(SeparateRecords(skye.merge))
    line = skye.open_lines()[0]
    skye.merge = skye.join(sky).subject
    done = house.desk.do(AnswerItem(skye.stay, line.item_id, line.occurrence))
    assert not [one for one in sky.open_lines(line.item_id) if one.occurrence == line.occurrence]
    house.desk.do(done.undo)
    assert [one for one in sky.open_lines(line.item_id) if one.occurrence == line.occurrence]


def test_what_happened_is_taken_back_where_they_go_on(house, twice):
    sky, skye = twice
    known = {one.occurrence for one in sky.open_lines()}
    house.desk.do(RecordEvent(skye.stay, "self-harm", house.clock()))
    (event,) = house.desk.ask(recent_events, stay_id=sky.stay)
    assert known < {one.occurrence for one in sky.open_lines()}
    house.desk.do(WithdrawEvent(event.event_id))
    assert known == {one.occurrence for one in sky.open_lines()}


def test_somebody_who_cannot_be_found_is_missing_under_whichever_name_it_was_said(house, twice):
    sky, skye = twice
    episode = house.desk.do(StartMissing(skye.stay, house.clock())).subject
    (one,) = house.desk.ask(missing_board, now=house.clock()).episodes
    assert (one.stay_id, one.episode_id) == (sky.stay, episode)
    house.desk.do(WithdrawMissing(episode))


def test_a_line_that_names_both_is_told_once(house, twice):
    sky, skye = twice
    at = house.clock()
    house.desk.do(WriteLine(LineWords((skye.stay,), text="Ate an apple")))
    wanted = LinesWanted(at - timedelta(minutes=1), house.clock.forward(minutes=1), sky.stay)
    (line,) = house.desk.ask(shift_lines, wanted=wanted)
    assert [one.stay_id for one in line.people] == [sky.stay]


def test_what_the_closed_record_was_asked_this_shift_is_done_in_the_round(house, twice):
    sky, skye = twice
    house.desk.do(SeparateRecords(skye.merge))
    before = house.desk.ask(shift_round, now=house.clock())
    (own,) = [one for one in before.lines if one.stay_id == skye.stay]
    item_id, cell = next((key, one) for key, one in own.cells.items() if one.state == "open")
    house.desk.do(AnswerItem(skye.stay, item_id, cell.occurrence))
    skye.merge = skye.join(sky).subject
    after = house.desk.ask(shift_round, now=house.clock())
    (line,) = [one for one in after.lines if one.stay_id in (sky.stay, skye.stay)]
    assert line.cells[item_id].state == "done"


@pytest.mark.parametrize("first", [0, 1])
def test_two_appointments_of_one_person_under_two_names_clash(house, twice, first):
    sky, skye = twice
    at = house.clock()
    house.desk.do(SeparateRecords(skye.merge))
    for one, hours in (((sky, skye)[first], 3), ((skye, sky)[first], 3.5), (skye, 6)):
        house.desk.do(PlanAppointment(one.stay, "medical", at + timedelta(hours=hours)))

    def clashes():
        found = house.desk.ask(agenda, since=at, until=at + timedelta(hours=12))
        return [one.clash for one in found]

    assert clashes() == ["", "", ""]
    skye.merge = skye.join(sky).subject
    assert clashes() == ["Sky", "Sky", ""]
    house.desk.do(SeparateRecords(skye.merge))
    assert clashes() == ["", "", ""]


def test_who_is_on_an_outing_under_the_closed_name_is_away_in_the_round(house, twice):
    sky, skye = twice
    house.desk.do(SeparateRecords(skye.merge))
    house.desk.do(PlanAppointment(skye.stay, "outing", house.clock.forward(minutes=5)))
    skye.merge = skye.join(sky).subject
    found = house.desk.ask(shift_round, now=house.clock.forward(minutes=5))
    assert [one.absent for one in found.lines if one.stay_id == sky.stay] == ["away"]


def test_a_group_of_both_names_is_one_person_and_so_no_group(house, twice):
    sky, skye = twice
    given = Given("basic_needs", house.clock(), 10)
    with pytest.raises(InvalidError, match="two residents"):
        house.desk.do(LogGroup((sky.stay, skye.stay), given))


def test_the_timeline_tells_no_arrival_of_ones_own_and_that_of_another_once(house, twice):
    sky, skye = twice
    house.desk.do(SeparateRecords(skye.merge))
    Written(house, "Ash", house.clock.forward(minutes=3))
    came = house.care_model.triggers["resident-admitted"].label

    def told(one):
        found = house.desk.ask(history, stay_id=one.stay)
        return [line.title for line in found if line.title in ("Arrived", came)]

    before = [told(one) for one in twice]
    assert before == [[came, came, "Arrived"], [came, "Arrived"]]
    skye.merge = skye.join(sky).subject
    assert told(sky) == [came, "Arrived"]
    house.desk.do(SeparateRecords(skye.merge))
    assert [told(one) for one in twice] == before
