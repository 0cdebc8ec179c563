"""Joined records are one person: held, kept, taken away, put back and destroyed as one."""

from __future__ import annotations

from datetime import date

import pytest
from sqlcipher3 import dbapi2 as driver

from shelter_desk.desk import audit_log, residents
from shelter_desk.desk.agreeing import Second
from shelter_desk.desk.finding import people
from shelter_desk.desk.incidents import AddPerson, StartIncident
from shelter_desk.desk.kept_records import destruction
from shelter_desk.desk.legal_holds import LiftHold, OnHoldError, PutOnHold
from shelter_desk.desk.merging import JoinRecords, SeparateRecords
from shelter_desk.desk.releasing import SecondNeededError
from shelter_desk.desk.removing import Destroy, PutBack, TakeAway, destroy, destruction_text
from shelter_desk.desk.second_person import unlocked_colleague
from shelter_desk.desk.service_log import LogService
from shelter_desk.domain.errors import InvalidError
from tests.desk.a_walk_of_classes import WORDS
from tests.desk.raw_keys import kit_keys, sealed_fields, taken_by, try_open
from tests.desk.who_left import ADA, at_a_copy, gone, records, staffed_records

JOIN = """INSERT INTO record_merge (public_id, event_id, resident_id, into_id, merged_at, staff_id)
    SELECT 'j', (SELECT max(id) + 1 FROM audit_event), closed.id, kept.id, 0, 1
    FROM resident AS closed, resident AS kept WHERE closed.public_id = ? AND kept.public_id = ?"""
SEPARATE = """UPDATE record_merge SET ended_at = merged_at, ended_by = 1,
    event_id = (SELECT max(id) + 1 FROM audit_event) WHERE public_id = ?"""


@pytest.fixture(scope="module")
def staffed(tmp_path_factory, founded):
    """Records with a second director; tests work on copies."""
    return staffed_records(tmp_path_factory.mktemp("as_one") / "records", founded, ("director",))


@pytest.fixture
def house(tmp_path, staffed, founded, clock):
    """The first director at the desk."""
    with at_a_copy(tmp_path / "records", staffed, founded, clock) as opened:
        yield opened


def came_twice(opened, years=6):
    """Let Moss come and leave twice, each time under a new record; return the two lines."""
    for wait in (0, years):
        stay_id = opened.desk.do(residents.Admit("Moss", opened.clock())).subject
        opened.clock.forward(days=1)
        gone(opened, stay_id, years=wait)
        opened.clock.forward(days=1)
    return records(opened)


def refused_by_the_table(opened, table, insert, records_named):
    """Pass where the guard of the table refuses, without the desk, and no row is there after."""
    with opened.desk._store.unguarded() as connection:
        count = f"SELECT count(*) FROM {table}"
        before = connection.execute(count).fetchone()
        with pytest.raises(driver.IntegrityError, match=r"taken away|joined with another|hold"):
            connection.execute(insert, records_named)
        assert connection.execute(count).fetchone() == before


def test_a_record_in_the_bin_is_joined_with_none_so_nobody_is_half_destroyed(house):
    first, second = (line.resident_id for line in came_twice(house))
    removal_id = house.desk.do(TakeAway(first, "entered-twice")).subject
    for closed, kept in ((first, second), (second, first)):
        with pytest.raises(InvalidError, match="taken away"):
            house.desk.do(JoinRecords(closed, kept))
        refused_by_the_table(house, "record_merge", JOIN, (closed, kept))
    house.desk.do(PutBack(removal_id))
    joined = house.desk.do(JoinRecords(first, second)).subject
    house.desk.do(SeparateRecords(joined))
    removal_id = house.desk.do(TakeAway(first, "entered-twice")).subject
    house.clock.forward(days=30)
    destroy(house.desk, removal_id, Second(ADA, WORDS))
    with pytest.raises(InvalidError, match="taken away"):
        house.desk.do(JoinRecords(first, second))


def held(opened):
    """Return the reason of the hold that each record says it is under."""
    return [line.hold_reason for line in records(opened)]


@pytest.mark.parametrize("which", [0, 1])
def test_a_hold_on_either_of_two_joined_records_keeps_both(house, which):
    lines = came_twice(house)
    joined = house.desk.do(JoinRecords(lines[0].resident_id, lines[1].resident_id)).subject
    hold = house.desk.do(PutOnHold(lines[which].resident_id, "court")).subject
    assert held(house) == ["court", "court"]
    assert [line.hold_id for line in records(house)] == [hold, hold]
    assert not any(line.may_go for line in records(house))
    for line in lines:
        with pytest.raises(OnHoldError):
            house.desk.do(TakeAway(line.resident_id, "entered-twice"))
        with pytest.raises(InvalidError, match="on hold already"):
            house.desk.do(PutOnHold(line.resident_id, "claim"))
    house.desk.do(LiftHold(hold))
    assert held(house) == ["", ""]
    house.desk.do(SeparateRecords(joined))
    assert held(house) == ["", ""]


@pytest.mark.parametrize("which", [0, 1])
def test_separating_leaves_both_records_on_hold_so_no_evidence_goes(house, which):
    lines = came_twice(house)
    hold = house.desk.do(PutOnHold(lines[which].resident_id, "court")).subject
    joined = house.desk.do(JoinRecords(lines[0].resident_id, lines[1].resident_id)).subject
    refused_by_the_table(house, "record_merge WHERE ended_at IS NULL", SEPARATE, (joined,))
    again = house.desk.do(SeparateRecords(joined)).undo
    assert held(house) == ["court", "court"]
    for line in lines:
        with pytest.raises(OnHoldError):
            house.desk.do(TakeAway(line.resident_id, "entered-twice"))
    own = {line.hold_id for line in records(house)}
    assert hold in own
    assert len(own) == 2, "each is lifted by itself"
    house.desk.do(SeparateRecords(house.desk.do(again).subject))
    assert {line.hold_id for line in records(house)} == own, "nothing is held twice for one reason"
    house.desk.do(LiftHold(hold))
    free, kept = sorted(records(house), key=lambda line: line.hold_reason)
    house.desk.do(TakeAway(free.resident_id, "entered-twice"))
    with pytest.raises(OnHoldError):
        house.desk.do(TakeAway(kept.resident_id, "entered-twice"))


def test_two_holds_of_joined_records_both_go_on_for_each(house):
    lines = came_twice(house)
    holds = [
        house.desk.do(PutOnHold(line.resident_id, reason)).subject
        for line, reason in zip(lines, ("court", "claim"), strict=True)
    ]
    joined = house.desk.do(JoinRecords(*(line.resident_id for line in lines))).subject
    house.desk.do(SeparateRecords(joined))
    for hold in holds:  # those that were there before
        house.desk.do(LiftHold(hold))
    assert sorted(held(house)) == ["claim", "court"]
    assert len(records(house)) == 2
    for line in lines:
        with pytest.raises(OnHoldError):
            house.desk.do(TakeAway(line.resident_id, "entered-twice"))


def test_a_hold_reaches_incidents_of_a_record_that_is_joined_with_the_held_one(house):
    stay_id = house.desk.do(residents.Admit("Skylarkin", house.clock())).subject
    now = house.clock.forward(minutes=5)
    started = StartIncident(("injury",), now, now, "kitchen", (stay_id,))
    incident_id = house.desk.do(started).subject
    other = house.desk.do(residents.Admit("Ash", house.clock())).subject
    house.desk.do(AddPerson(incident_id, "witness", stay_id=other))
    house.desk.do(residents.RecordExit(other, house.clock(), "kin", "422"))
    gone(house, stay_id, years=1)
    again = house.desk.do(residents.Admit("Ashe", house.clock())).subject
    house.clock.forward(days=1)
    gone(house, again)
    ids = {line.called: line.resident_id for line in records(house)}
    house.desk.do(PutOnHold(ids["Ashe"], "investigation"))
    house.desk.do(JoinRecords(ids["Ash"], ids["Ashe"]))
    with pytest.raises(OnHoldError):
        house.desk.do(TakeAway(ids["Skylarkin"], "retention-ended"))


def test_joined_records_are_kept_as_long_as_the_later_of_them(house):
    lines = came_twice(house)
    assert lines[0].kept.until < lines[1].kept.until
    joined = house.desk.do(JoinRecords(*(line.resident_id for line in lines))).subject
    assert {line.kept for line in records(house)} == {lines[1].kept}
    assert {line.left_on for line in records(house)} == {lines[1].left_on}
    house.desk.do(SeparateRecords(joined))
    assert records(house) == lines


def test_somebody_who_is_here_is_not_among_those_who_left_under_a_second_record(house):
    sky = house.desk.do(residents.Admit("Sky", house.clock())).subject
    house.clock.forward(minutes=10)
    skye = house.desk.do(residents.Admit("Skye", house.clock())).subject
    house.clock.forward(days=1)
    two = [
        house.desk.ask(residents.record, stay_id=one, now=house.clock()).resident_id
        for one in (skye, sky)
    ]
    house.desk.do(JoinRecords(*two))
    assert records(house) == ()
    house.clock.forward(days=30)
    gone(house, sky)
    first, second = records(house)
    assert first.left_on == second.left_on == date(2026, 4, 10)


# Destroyed as one

OF = "WHERE resident_id = (SELECT id FROM resident WHERE public_id = ?)"
NAMES = ("Mossmark", "Mosslegal", "Mossentry", "Fernmark", "Fernlegal", "Fernentry")
TOO = """INSERT INTO removal
    (public_id, event_id, resident_id, reason, rule, kept_until, taken_at, taken_by)
    SELECT 'r' || id, (SELECT max(id) + 1 FROM audit_event), id, 'court-order', '', '2026-01-01',
        0, 1 FROM resident WHERE public_id = ?"""
GONE = """UPDATE removal SET destroyed_at = taken_at + 2592000000, destroyed_by = 1, second_id = 2,
    second_signature = x'00', event_id = (SELECT max(id) + 1 FROM audit_event)
    WHERE resident_id = (SELECT id FROM resident WHERE public_id = ?)"""


def one_person(opened, years=6):
    """Let somebody come and leave twice under two names with words of each; return both ids."""
    for name, wait in (("Moss", 0), ("Fern", years)):
        known = {"legal_name": f"{name}legal", "age_guess": 15}
        stay = opened.desk.do(residents.Admit(f"{name}mark", opened.clock(), **known)).subject
        opened.clock.forward(minutes=5)
        opened.desk.do(LogService(stay, "basic_needs", opened.clock(), 10, note=f"{name}entry"))
        opened.clock.forward(days=1)
        gone(opened, stay, years=wait)
        opened.clock.forward(days=1)
    ids = {line.called: line.resident_id for line in records(opened)}
    closed, kept = ids["Mossmark"], ids["Fernmark"]
    return closed, kept, opened.desk.do(JoinRecords(closed, kept)).subject


def everything(opened):
    """Return what the decrypted file says and what the kit opens in it, as bytes."""
    found = []
    with opened.desk._store.unguarded() as connection:
        tables = connection.execute(
            "SELECT name FROM sqlite_schema WHERE type = 'table' AND sql NOT LIKE '%VIRTUAL%'"
        ).fetchall()
        for (table,) in tables:
            for row in connection.execute(f"SELECT * FROM {table}"):
                found += [one if isinstance(one, bytes) else str(one).encode() for one in row]
    kit = kit_keys(opened.folder, opened.kit)
    taken = taken_by(opened.desk._store, kit, session=opened.desk)
    sealed = [try_open(taken, kit.vault_id, one) for one in sealed_fields(opened.desk._store)]
    return b"\0".join((*found, str(sealed).encode())).lower()


@pytest.mark.parametrize("which", [0, 1])
def test_two_joined_records_are_destroyed_in_one_write_and_no_word_of_either_is_left(house, which):
    ids = one_person(house)
    other = house.desk.do(residents.Admit("Wombat", house.clock(), legal_name="Wombatlegal"))
    assert all(name.lower().encode() in everything(house) for name in NAMES)
    removal_id = house.desk.do(TakeAway(ids[which], "retention-ended")).subject
    assert [line.called for line in records(house)] == ["", ""]
    house.clock.forward(days=30)
    assert all(line.may_be_destroyed for line in records(house))
    before = house.desk.ask(audit_log.trail).count
    destroy(house.desk, removal_id, Second(ADA, WORDS))
    assert house.desk.ask(audit_log.trail).count == before + 1, "one act"
    left = everything(house)
    assert not [name for name in NAMES if name.lower().encode() in left]
    assert b"wombatlegal" in left
    assert house.desk.ask(residents.record, stay_id=other.subject, now=house.clock())
    one, two = records(house)
    assert one.destroyed_at == two.destroyed_at is not None
    told = [house.desk.ask(destruction, removal_id=line.removal_id) for line in (one, two)]
    assert told[0] == told[1], "one certificate"
    assert set(told[0].numbers) == {one.removal_id, two.removal_id}
    assert (told[0].keys, told[0].by, told[0].second) == (20, "Dana", "Ada")
    assert all(finding.passed for finding in house.desk.check_file())


def test_what_is_joined_and_taken_away_comes_back_as_one_and_can_then_be_separated(house):
    closed, kept, joined = one_person(house)
    before = records(house)
    done = house.desk.do(TakeAway(closed, "retention-ended"))
    for name in ("Mossmark", "Fernmark", "Mosslegal"):
        assert house.desk.ask(people, text=name) == ()
    with pytest.raises(InvalidError, match="Put them back first"):
        house.desk.do(SeparateRecords(joined))
    refused_by_the_table(house, "record_merge WHERE ended_at IS NULL", SEPARATE, (joined,))
    with pytest.raises(InvalidError, match="already"):
        house.desk.do(TakeAway(kept, "retention-ended"))
    house.desk.do(done.undo)
    assert records(house) == before
    assert {one.called for one in house.desk.ask(people, text="Mossmark")} == {"Fernmark"}
    house.desk.do(SeparateRecords(joined))
    moss, fern = records(house)
    assert (moss.called, fern.called) == ("Mossmark", "Fernmark")
    assert moss.kept.until < fern.kept.until, "each has its own date again"
    assert moss.joined == fern.joined == ()


def test_a_person_of_two_records_is_kept_until_the_later_date_of_both(house):
    closed, kept, joined = one_person(house, years=0)
    moss, fern = records(house)
    assert moss.kept == fern.kept
    assert (moss.joined, fern.joined) == ((fern.case_code,), (moss.case_code,))
    house.desk.do(SeparateRecords(joined))
    first, last = sorted(line.kept.until for line in records(house))
    assert first < last == fern.kept.until
    house.desk.do(JoinRecords(closed, kept))
    house.clock.at = house.clock.at.replace(year=last.year, month=last.month, day=first.day)
    for record in (closed, kept):
        with pytest.raises(InvalidError, match="must still be kept"):
            house.desk.do(TakeAway(record, "retention-ended"))
        with pytest.raises(InvalidError, match="the whole person"):
            house.desk.do(TakeAway(record, "entered-twice"))
    house.clock.forward(days=(last - first).days)
    house.desk.do(TakeAway(closed, "retention-ended"))


@pytest.mark.parametrize("which", [0, 1])
def test_a_hold_that_comes_while_a_person_is_in_the_bin_keeps_both_records(house, which):
    ids = one_person(house)
    removal_id = house.desk.do(TakeAway(ids[0], "retention-ended")).subject
    hold = house.desk.do(PutOnHold(ids[which], "claim")).subject
    house.clock.forward(days=30)
    assert not any(line.may_be_destroyed for line in records(house))
    with pytest.raises(OnHoldError):
        destroy(house.desk, removal_id, Second(ADA, WORDS))
    for record in ids[:2]:
        refused_by_the_table(house, "removal WHERE destroyed_at IS NULL", GONE, (record,))
    house.desk.do(LiftHold(hold))
    destroy(house.desk, removal_id, Second(ADA, WORDS))


def test_the_colleague_signs_for_both_records_and_for_no_other_pair(house):
    closed, _, joined = one_person(house)
    alone = house.desk.do(SeparateRecords(joined))
    taken = house.desk.do(TakeAway(closed, "court-order"))
    said = house.desk.ask(destruction_text, removal_id=taken.subject)
    signature = unlocked_colleague(house.folder, ADA, WORDS, house.clock()).sign(said)
    house.desk.do(taken.undo)
    house.desk.do(alone.undo)
    removal_id = house.desk.do(TakeAway(closed, "court-order")).subject
    both = house.desk.ask(destruction_text, removal_id=removal_id)
    assert all(line.removal_id.encode() in both for line in records(house))
    house.clock.forward(days=30)
    with pytest.raises(SecondNeededError):
        house.desk.do(Destroy(removal_id, ADA, signature))


def test_the_tables_let_no_half_of_a_person_go(house):
    closed, kept, joined = one_person(house)
    with house.desk._store.unguarded() as connection:
        connection.execute("BEGIN")
        connection.execute(TOO, (closed,))
        with pytest.raises(driver.IntegrityError, match="joined with another"):
            connection.execute(GONE, (closed,))
        connection.execute(TOO, (kept,))
        connection.execute(GONE, (closed,))
        for table in ("resident_key", "fact_link"):
            with pytest.raises(driver.IntegrityError, match="ended, not deleted"):
                connection.execute(f"DELETE FROM {table} {OF}", (closed,))
        connection.execute(GONE, (kept,))
        for record in (closed, kept):
            sql = f"DELETE FROM resident_key {OF}"
            assert connection.execute(sql, (record,)).rowcount == 10
        with pytest.raises(driver.IntegrityError, match="taken away"):
            connection.execute(SEPARATE, (joined,))
        connection.rollback()


def test_three_records_of_one_person_go_together(house):
    closed, kept, _ = one_person(house)
    third = house.desk.do(residents.Admit("Mosss", house.clock())).subject
    house.clock.forward(days=1)
    gone(house, third)
    ids = {line.called: line.resident_id for line in records(house)}
    house.desk.do(JoinRecords(ids["Mosss"], kept))
    removal_id = house.desk.do(TakeAway(closed, "retention-ended")).subject
    house.clock.forward(days=30)
    destroy(house.desk, removal_id, Second(ADA, WORDS))
    assert len([line for line in records(house) if line.destroyed_at]) == 3
