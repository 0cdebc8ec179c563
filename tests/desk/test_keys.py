"""Keys beneath the record classes: what the desk closes, the file closes too."""

from __future__ import annotations

import signal
import subprocess
import sys
from itertools import pairwise

import pytest

from shelter_desk.desk import accounts, entry, residents
from shelter_desk.desk.accounts import Colleague
from shelter_desk.desk.care import AnswerItem, stay_plan
from shelter_desk.desk.finding import people
from shelter_desk.desk.finding_notes import notes
from shelter_desk.desk.sealing import Compartment, KeyNotHeldError
from shelter_desk.desk.service_log import LogFilter, LogService, log_lines
from shelter_desk.domain.staff import ROLE_IDS
from shelter_desk.domain.trouble import DiskError
from shelter_desk.store.keys.errors import SealBrokenError
from shelter_desk.store.keys.fields import Whose, open_field, sealed_in
from tests.conftest import PASSPHRASE, ROOT
from tests.desk.a_walk_of_classes import MARKS, WORDS, write_everything
from tests.desk.raw_keys import (
    Taken,
    keys_of_shares,
    kit_keys,
    own_keys,
    sealed_fields,
    taken_by,
    texts_by_class,
    try_open,
)
from tests.desk.test_record_classes import READS, open_records
from tests.full_disk import disk_that_takes_nothing

HEALTH, ANSWERED = "emergency_medical.01", "a health note"
ADA, ASH = "a" * 20, "b" * 20
OTHER = "other invented words now"


@pytest.fixture(scope="module")
def everything(tmp_path_factory, care_model):
    """Records with something of every class, and a colleague of every role."""
    opened = open_records(tmp_path_factory.mktemp("keys"), care_model)
    opened.written = write_everything(opened)
    opened.director = opened.desk.staff.public_id
    for number, role in enumerate(ROLE_IDS):
        new = Colleague(f"{number:020}", role, (role,), WORDS)
        accounts.add_colleague(opened.desk, PASSPHRASE, new)
    yield opened
    opened.desk.close()


def sign_in(opened, person, words=WORDS):
    opened.desk.close()
    opened.desk = entry.sign_in(opened.folder, person, words, opened.care_model, opened.clock)
    return opened.desk


def taken_from(opened, person, words=WORDS):
    """Sign somebody in, look at everything they may, and take every key there is."""
    desk = sign_in(opened, person, words)
    now = opened.clock()
    desk.ask(residents.record, stay_id=opened.written.stay_id, now=now)
    desk.ask(stay_plan, stay_id=opened.written.stay_id, now=now)
    desk.ask(notes, text="mark")
    own = own_keys(opened.folder, person, words, now)
    return own, taken_by(desk._store, own, session=desk)


def marks_in(texts):
    return {mark for mark in MARKS if any(mark in text for text in texts)}


# One role after the other


@pytest.mark.parametrize("role", ROLE_IDS)
def test_raw_keys_open_the_classes_of_a_role_and_no_others(everything, role):
    own, taken = taken_from(everything, f"{ROLE_IDS.index(role):020}")
    held = {name.value for name in everything.desk._sealer.held()}
    assert held == READS[role]
    found = texts_by_class(everything.desk._store, own, taken)
    # A director's passphrase recovers every class: it is they who give keys to colleagues.
    expected = set(Compartment) if role == "director" else READS[role]
    for name, (texts, closed) in found.items():
        written = {mark for mark, of in MARKS.items() if of == name}
        if name in expected:
            assert closed == 0
            assert marks_in(texts) == written - unwritten(everything)
        else:
            assert texts == []
            assert not {key for key, _ in taken.keys} & {name}
    assert found[Compartment.GENERAL][0]
    assert {name for name, _ in taken.keys} == expected


def test_every_class_that_keeps_words_has_fields_of_its_own(everything):
    kept = {one.compartment.value for one in sealed_fields(everything.desk._store)}
    assert kept >= set(MARKS.values()) - {"privileged"}
    assert "privileged" in kept  # the entry of its service, at least


def test_a_directors_session_does_not_hold_what_they_do_not_read(everything):
    desk = sign_in(everything, f"{ROLE_IDS.index('director'):020}")
    health = [one for one in sealed_fields(desk._store) if one.compartment == "health"]
    assert health
    with desk._store.reading() as reader:
        for one in health:
            with pytest.raises(KeyNotHeldError):
                desk._sealer.open(reader, one.resident_id, one.place, one.sealed)


def test_the_recovery_kit_opens_everything(everything):
    kit = kit_keys(everything.folder, everything.kit)
    found = texts_by_class(everything.desk._store, kit, taken_by(everything.desk._store, kit))
    assert all(closed == 0 for _, closed in found.values())
    assert marks_in([text for texts, _ in found.values() for text in texts]) == {
        mark for mark in MARKS if mark not in unwritten(everything)
    }


def unwritten(opened):
    """Return the marks of items that keep an outcome and no words."""
    model, answered = opened.care_model, opened.written.answered
    return {f"Note-{name}-mark" for name in answered if model.items[answered[name]].outcome_only}


def test_what_is_moved_to_another_place_or_person_opens_nowhere(everything):
    desk, kit = everything.desk, kit_keys(everything.folder, everything.kit)
    taken = taken_by(desk._store, kit)
    fields = sealed_fields(desk._store)
    assert all(try_open(taken, kit.vault_id, one) is not None for one in fields)
    for one, other in pairwise([*fields, fields[0]]):
        for resident, place in ((one.resident, other.place), ("0" * 20, one.place)):
            whose = Whose(kit.vault_id, resident, *sealed_in(one.sealed))
            for pair in taken.pairs:
                with pytest.raises(SealBrokenError):
                    open_field(pair, whose, place, one.sealed)


def test_no_words_of_a_closed_class_stand_in_the_index_of_words(everything):
    with everything.desk._store.unguarded() as connection:
        for word, expected in (("entry", {"general"}), ("partmark", set()), ("sky", set())):
            rows = connection.execute(
                "SELECT p.kind, p.place FROM note_words w JOIN note_place p ON p.id = w.rowid >> 1"
                " WHERE note_words MATCH ?",
                (f'"{word}" *',),
            ).fetchall()
            assert len(rows) == len(expected), word


# Writing what one does not read


@pytest.fixture
def colleagues():
    return (
        Colleague(ADA, "Ada", ("residential-staff",), WORDS),
        Colleague(ASH, "Ash", ("nurse",), OTHER),
    )


@pytest.fixture
def house(open_desk):
    """A shift worker and a nurse among the staff, one resident."""
    desk, clock = open_desk.desk, open_desk.clock
    open_desk.stay_id = desk.do(residents.Admit("Sky", clock(), legal_name="Sky Quokka")).subject
    open_desk.director = desk.staff.public_id
    clock.forward(minutes=5)
    return open_desk


def an_item(opened, record_class, role):
    """Return an open item of a class that is given to a role."""
    plan = opened.desk.ask(stay_plan, stay_id=opened.stay_id, now=opened.clock())
    lines = [line for service in plan.services for line in service.items]
    return next(
        line
        for line in lines
        if line.record_class == record_class
        and line.occurrence
        and role in (None, line.listed.item.role)
        and not line.outcome_only
        and not line.needs_signatures
    )


def answer(opened, note, record_class="health", role=None):
    line = an_item(opened, record_class, role)
    return opened.desk.do(AnswerItem(opened.stay_id, line.item_id, line.occurrence, note=note))


def test_whoever_writes_without_reading_leaves_it_to_the_readers(house):
    desk = sign_in(house, ADA)
    classes = {"health", "mental-health", "substance-use", "identity", "location", "privileged"}
    item = next(
        item
        for item in house.care_model.items.values()
        if item.role == "residential-staff" and item.record_class in classes
    )
    line = an_item(house, item.record_class, "residential-staff")
    desk.do(AnswerItem(house.stay_id, line.item_id, line.occurrence, note="Wombat seen"))
    (mine,) = desk.ask(notes, text="wombat")
    assert mine.text == "Wombat seen"  # everybody finds what they wrote themselves
    others = [one for one in sealed_fields(desk._store) if one.compartment == item.record_class]
    own = own_keys(house.folder, ADA, WORDS, house.clock())
    taken = taken_by(desk._store, own, session=desk)
    assert others
    assert all(try_open(taken, own.vault_id, one) is None for one in others)
    reader = next(role for role in house.care_model.record_classes[item.record_class].readers)
    house.desk.close()
    director = sign_in(house, house.director, PASSPHRASE)
    accounts.add_colleague(director, PASSPHRASE, Colleague("d" * 20, "Dot", (reader,), WORDS))
    desk = sign_in(house, "d" * 20)
    assert [one.text for one in desk.ask(notes, text="wom")] == ["Wombat seen"]


def test_whoever_admits_needs_no_key_of_identities(house):
    desk = sign_in(house, ADA)
    stay_id = desk.do(residents.Admit("Ash", house.clock(), legal_name="Ash Numbat")).subject
    now = house.clock()
    assert desk.ask(residents.record, stay_id=stay_id, now=now).legal_name is None
    desk = sign_in(house, house.director, PASSPHRASE)
    assert desk.ask(residents.record, stay_id=stay_id, now=now).legal_name == "Ash Numbat"
    assert [one.how for one in desk.ask(people, text="numbat")] == ["identity"]


def test_whoever_gave_a_service_sees_their_own_note_and_a_reader_sees_all(house):
    desk = sign_in(house, ADA)
    now = house.clock()
    desk.do(LogService(house.stay_id, "physical_health", now, 10, note="Bilby"))
    wanted = LogFilter(now.replace(year=2025), house.clock.forward(minutes=1))
    assert [line.note for line in desk.ask(log_lines, wanted=wanted)] == ["Bilby"]
    desk = sign_in(house, ASH, OTHER)
    assert [line.note for line in desk.ask(log_lines, wanted=wanted)] == ["Bilby"]


# Taking keys away


def later(opened, former, note):
    """Write a note of a class as the director who holds everything; return what its keys give."""
    desk = sign_in(opened, opened.director, PASSPHRASE)
    before = {one.place for one in sealed_fields(desk._store)}
    answer(opened, note)
    opened.clock.forward(minutes=5)
    answer(opened, "a general one", "general")
    fresh = [one for one in sealed_fields(desk._store) if one.place not in before]
    assert {one.compartment.value for one in fresh} == {"health", "general"}
    own, taken = former
    again = taken_by(desk._store, own)  # whatever the file gives to their keys today
    everything = Taken({**taken.keys, **again.keys}, [*taken.pairs])
    for pair in again.pairs:
        everything.add_pair(pair)
    return {
        one.compartment.value
        for one in fresh
        if try_open(everything, own.vault_id, one) is not None
    }


def all_of(opened, person, words):
    desk = sign_in(opened, person, words)
    own = own_keys(opened.folder, person, words, opened.clock())
    return own, taken_by(desk._store, own, session=desk)


def test_who_left_opens_nothing_that_is_written_later(house):
    answer(house, "before they left")
    former = all_of(house, ASH, OTHER)
    desk = sign_in(house, house.director, PASSPHRASE)
    accounts.end_access(desk, PASSPHRASE, ASH)
    assert later(house, former, "after they left") == set()
    accounts.add_colleague(house.desk, PASSPHRASE, Colleague("d" * 20, "Dot", ("nurse",), WORDS))
    own, taken = all_of(house, "d" * 20, WORDS)
    texts, closed = texts_by_class(house.desk._store, own, taken)["health"]
    assert (sorted(texts), closed) == (["after they left", "before they left"], 0)
    found = {one.text for one in house.desk.ask(notes, text="they left")}
    assert found == {"after they left", "before they left"}


def test_who_changed_roles_opens_nothing_that_is_written_later_in_a_class_that_went(house):
    former = all_of(house, ASH, OTHER)
    desk = sign_in(house, house.director, PASSPHRASE)
    accounts.change_roles(desk, PASSPHRASE, ASH, ("education-liaison",))
    assert later(house, former, "not for them") == {"general"}
    desk = sign_in(house, ASH, OTHER)
    assert {name.value for name in desk._sealer.held()} == {"general", "education"}


def test_a_share_of_who_left_and_one_of_a_colleague_give_no_newer_key(house):
    own, _ = all_of(house, ADA, WORDS)
    desk = sign_in(house, house.director, PASSPHRASE)
    accounts.end_access(desk, PASSPHRASE, ASH)
    with desk._store.unguarded() as connection:
        rows = connection.execute(
            "SELECT s.key_id, max(s.generation) FROM compartment_seal s JOIN staff_key k"
            " ON k.id = s.key_id JOIN staff p ON p.id = k.staff_id WHERE p.public_id = ?"
            " GROUP BY s.key_id",
            (ASH,),
        ).fetchall()
        newest = connection.execute("SELECT max(generation) FROM compartment_key").fetchone()[0]
    assert own.vault_id
    assert newest == 2
    assert [generation for _, generation in rows] == [1]


@pytest.mark.parametrize("way", ["a director", "the recovery kit"])
def test_nobody_has_two_shares_after_their_passphrase_was_said_to_be_lost(house, way):
    former = own_keys(house.folder, ADA, WORDS, house.clock())
    other = own_keys(house.folder, ASH, OTHER, house.clock())
    desk = sign_in(house, house.director, PASSPHRASE)
    assert keys_of_shares(desk._store, (former, other))  # two people open a class together
    if way == "a director":
        accounts.set_passphrase(desk, PASSPHRASE, ADA, "words of another day now")
    else:
        desk.close()
        entry.reset_with_kit(
            house.folder, house.kit, ADA, "words of another day now", house.care_model, house.clock
        )
    house.clock.forward(minutes=5)
    desk = sign_in(house, ADA, "words of another day now")
    again = own_keys(house.folder, ADA, "words of another day now", house.clock())
    assert keys_of_shares(desk._store, (former, again)) == set()
    newest = {name for name, at, _ in keys_of_shares(desk._store, (again, other)) if at == 2}
    assert "mental-health" in newest
    assert {name.value for name in desk._sealer.held()} == READS["residential-staff"]
    answer(house, "Wombat seen", "general")
    assert [one.text for one in desk.ask(notes, text="wombat")] == ["Wombat seen"]


@pytest.mark.linux
def test_a_save_that_the_disk_refused_leaves_no_key_that_is_nowhere(house):
    desk = sign_in(house, house.director, PASSPHRASE)
    accounts.change_roles(desk, PASSPHRASE, ASH, ("education-liaison",))  # new keys of a class
    desk = sign_in(house, ADA)
    with disk_that_takes_nothing(), pytest.raises(DiskError):
        answer(house, "Wombat seen")
    answer(house, "Wombat seen")
    kit = kit_keys(house.folder, house.kit)
    texts, closed = texts_by_class(desk._store, kit, taken_by(desk._store, kit))["health"]
    assert (texts, closed) == (["Wombat seen"], 0)


def test_a_resident_whose_pairs_are_destroyed_opens_for_nobody_in_any_class(house):
    answer(house, "a note that goes")
    other = house.desk.do(residents.Admit("Moss", house.clock())).subject
    desk, kit = house.desk, kit_keys(house.folder, house.kit)
    with desk._store.unguarded() as connection:
        connection.execute("DROP TRIGGER resident_key_no_delete")
        gone = connection.execute(
            "SELECT resident_id FROM stay WHERE public_id = ?", (house.stay_id,)
        ).fetchone()[0]
        connection.execute("DELETE FROM resident_key WHERE resident_id = ?", (gone,))
    taken = taken_by(desk._store, kit)
    for one in sealed_fields(desk._store):
        assert (try_open(taken, kit.vault_id, one) is None) == (one.resident_id == gone)
    desk._sealer.forget_opened()
    now = house.clock()
    assert desk.ask(residents.record, stay_id=other, now=now).called == "Moss"
    with pytest.raises(KeyNotHeldError):
        answer(house, "nothing can be sealed for them any more")


KILLED = """
import os, signal, sys, threading
from datetime import UTC, datetime
from pathlib import Path
from shelter_desk.desk import accounts, entry
from shelter_desk.domain.care_model import read_care_model
from shelter_desk.paths import content_files
folder, director, words, leaves, when = sys.argv[1:]
def kill(*_):
    os.kill(os.getpid(), signal.SIGKILL)
now = lambda: datetime(2026, 3, 10, 8, 0, tzinfo=UTC)
desk = entry.sign_in(Path(folder), director, words, read_care_model(content_files()), now)
if when == "commit":
    desk._store.after_commit(kill)  # the new keys are kept, and nothing after them
elif when == "renewal":
    desk.rekey = kill  # the key file knows two keys, the records one
else:
    threading.Timer(float(when), kill).start()
accounts.end_access(desk, words, leaves)
"""


@pytest.mark.parametrize("when", ["commit", "renewal", "0.3", "0.6"])
def test_a_change_of_keys_that_is_killed_half_way_is_finished_by_doing_it_again(house, when):
    answer(house, "before the end")
    house.desk.close()
    run = [sys.executable, "-c", KILLED, str(house.folder), house.director, PASSPHRASE, ASH, when]
    killed = subprocess.run(run, cwd=ROOT, check=False)
    assert killed.returncode == -signal.SIGKILL or "." in when
    house.clock.forward(minutes=120)
    desk = sign_in(house, house.director, PASSPHRASE)
    assert desk.alarm is None
    if ASH in accounts.with_a_key(desk):
        accounts.end_access(desk, PASSPHRASE, ASH)
    with desk._store.unguarded() as connection:
        generations = connection.execute(
            "SELECT DISTINCT generation FROM compartment_key ORDER BY 1"
        ).fetchall()
    assert generations == [(1,), (2,)]  # once, and whole
    answer(house, "after the end")
    kit = kit_keys(house.folder, house.kit)
    texts, closed = texts_by_class(desk._store, kit, taken_by(desk._store, kit))["health"]
    assert (sorted(texts), closed) == (["after the end", "before the end"], 0)
