"""A clock that ran ahead and was set right: what was begun on it can be ended at once."""

from __future__ import annotations

import pytest

from shelter_desk.desk import residents
from shelter_desk.desk.bed_holds import HoldBed, ReleaseBed
from shelter_desk.desk.kept_records import kept_records
from shelter_desk.desk.legal_holds import LiftHold, PutOnHold
from shelter_desk.desk.merging import JoinRecords, SeparateRecords
from shelter_desk.desk.removing import PutBack, TakeAway
from shelter_desk.desk.roster import roster
from shelter_desk.desk.upkeep_check import due_drift


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
