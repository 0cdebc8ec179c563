"""A clock that ran ahead and was set right: what was begun on it can be ended at once."""

from __future__ import annotations

from datetime import timedelta

import pytest

from shelter_desk.desk import care, residents
from shelter_desk.desk.appointing import PlanAppointment
from shelter_desk.desk.bed_holds import HoldBed, ReleaseBed
from shelter_desk.desk.beds import census
from shelter_desk.desk.kept_records import kept_records
from shelter_desk.desk.legal_holds import LiftHold, PutOnHold
from shelter_desk.desk.merging import JoinRecords, SeparateRecords
from shelter_desk.desk.missing import StartMissing
from shelter_desk.desk.removing import PutBack, TakeAway
from shelter_desk.desk.roster import roster
from shelter_desk.desk.service_log import LogService
from shelter_desk.desk.upkeep_check import due_drift
from shelter_desk.domain.errors import InvalidError


def first_bed(opened):
    with opened.desk._store.unguarded() as connection:
        return connection.execute("SELECT public_id FROM bed ORDER BY id").fetchone()[0]


def record_of(opened, stay_id):
    with opened.desk._store.unguarded() as connection:
        return connection.execute(
            "SELECT r.public_id FROM resident r JOIN stay s ON s.resident_id = r.id"
            " WHERE s.public_id = ?",
            (stay_id,),
        ).fetchone()[0]


def left(opened):
    desk, clock = opened.desk, opened.clock
    stay_id = desk.do(residents.Admit("Sky", clock())).subject
    clock.forward(minutes=5)
    desk.do(residents.RecordExit(stay_id, clock(), "kin", "422"))
    return desk.ask(kept_records, now=clock())[0].resident_id


def two(opened):
    desk, clock = opened.desk, opened.clock
    stays = [desk.do(residents.Admit(name, clock())).subject for name in ("Moss", "Mossy")]
    return record_of(opened, stays[1]), record_of(opened, stays[0])


def held(opened):
    return LiftHold(opened.desk.do(PutOnHold(left(opened), "court")).subject)


def taken_away(opened):
    return PutBack(opened.desk.do(TakeAway(left(opened), "entered-twice")).subject)


def joined(opened):
    return SeparateRecords(opened.desk.do(JoinRecords(*two(opened))).subject)


def bed_held(opened):
    return ReleaseBed(opened.desk.do(HoldBed(first_bed(opened), "repair")).subject)


def written_twice(opened):
    return JoinRecords(*two(opened))


@pytest.mark.parametrize(
    ("begun", "here"),
    [(held, 0), (taken_away, 0), (joined, 2), (bed_held, 0), (written_twice, 1)],
)
def test_it_ends_at_once_and_no_sooner_than_it_began(open_desk, begun, here):
    end = begun(open_desk)
    open_desk.clock.forward(minutes=-2)
    open_desk.desk.do(end)
    open_desk.clock.forward(minutes=3)
    assert open_desk.desk.ask(due_drift) == ()
    assert len(open_desk.desk.ask(roster, now=open_desk.clock())) == here
    assert open_desk.again().alarm is None


def ends_of(opened, column):
    with opened.desk._store.unguarded() as connection:
        return connection.execute(f"SELECT {column}, began_at FROM stay").fetchone()


def acts(opened, stay_id, resident_id):
    """Return what a shift writes down about somebody: name -> command, all of it now."""
    now = opened.clock()
    plan = opened.desk.ask(care.stay_plan, stay_id=stay_id, now=now)
    lines = [line for service in plan.services for line in service.items if line.occurrence]
    item = next(line for line in lines if line.needs_signatures < 2)
    return {
        "answer": care.AnswerItem(stay_id, item.item_id, item.occurrence, done_at=now),
        "event": care.RecordEvent(stay_id, "illness-or-injury", now),
        "service": LogService(stay_id, "basic_needs", now, 30),
        "appointment": PlanAppointment(stay_id, "mentor", now + timedelta(minutes=30)),
        "planned exit": residents.PlanExit(stay_id, now + timedelta(minutes=40)),
        "bed": residents.MoveBed(stay_id, None),
        "missing": StartMissing(stay_id, now),
        "exit": residents.RecordExit(stay_id, now, "kin", "422"),
        "back again": residents.Admit("Sky", now, resident_id=resident_id),
    }


def test_whatever_happens_to_somebody_who_arrived_on_the_fast_clock_is_written_down(open_desk):
    desk, clock = open_desk.desk, open_desk.clock
    stay_id = desk.do(residents.Admit("Sky", clock(), bed_id=first_bed(open_desk))).subject
    resident_id = record_of(open_desk, stay_id)
    clock.forward(hours=-3)
    commands = acts(open_desk, stay_id, resident_id)
    for name, command in commands.items():
        clock.forward(minutes=1)
        desk.do(command)
        assert desk.ask(due_drift) == (), name
        if name == "planned exit":
            planned, began = ends_of(open_desk, "planned_exit_at")
            assert planned == began, "an exit before the arrival was planned"
        here = (0 if name == "exit" else 1, 0 if name == "exit" else 1)
        now = clock()
        found = desk.ask(census, at=now, now=now).sleepers
        assert (len(found), len(desk.ask(roster, now=now))) == here, name
    (here,) = desk.ask(roster, now=clock())
    assert (here.resident_id, here.stay_id != stay_id) == (resident_id, True)
    with desk._store.unguarded() as connection:
        spans = connection.execute("SELECT began_at, ended_at FROM stay ORDER BY id").fetchall()
    assert spans[0][0] <= spans[0][1] <= spans[1][0]
    assert open_desk.again().alarm is None


def test_a_moment_that_has_been_still_contradicts(open_desk):
    desk, clock = open_desk.desk, open_desk.clock
    stay_id = desk.do(residents.Admit("Sky", clock())).subject
    resident_id = record_of(open_desk, stay_id)
    clock.forward(hours=-3)
    commands = acts(open_desk, stay_id, resident_id)
    clock.forward(hours=4)  # the arrival has been, by this clock too
    refused = {}
    for name in ("answer", "event", "service", "appointment", "planned exit", "missing", "exit"):
        with pytest.raises(InvalidError) as told:
            desk.do(commands[name])
        refused[name] = told.value.problems[0].message
    assert set(refused.values()) == {"This is before the stay began."}
