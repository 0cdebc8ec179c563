"""Failed tries: each is in the trail, with when and for whom, and the pauses hold everywhere."""

import json

import pytest

from shelter_desk.desk import audit_log, entry, residents
from shelter_desk.desk.alarm import SeeAlarm
from shelter_desk.store.keys import tries
from shelter_desk.store.keys.errors import TooSoonError, WrongPassphraseError
from shelter_desk.store.witness import HEAD_LOG
from tests.desk.test_alarm import older_copy_put_in_place


def fail(open_desk, care_model, person, times=1):
    for _ in range(times):
        with pytest.raises(WrongPassphraseError):
            entry.sign_in(open_desk.folder, person, "not the words", care_model, open_desk.clock)


def test_failed_tries_are_in_the_trail_with_when_and_for_whom(open_desk, care_model, clock):
    open_desk.desk.close()
    person = entry.people(open_desk.folder)[0][0]
    fail(open_desk, care_model, person)
    clock.forward(minutes=3)
    fail(open_desk, care_model, person)
    fail(open_desk, care_model, "a passphrase in the wrong box")
    clock.forward(minutes=1)
    lines = open_desk.again().ask(audit_log.events)[:4]
    assert [(line.action, line.object, line.reason) for line in lines] == [
        ("staff.sign-in", person, "failed-tries-3"),
        ("staff.failed-try", "", "2026-03-10T06:08:00.000Z"),
        ("staff.failed-try", person, "2026-03-10T06:08:00.000Z"),
        ("staff.failed-try", person, "2026-03-10T06:05:00.000Z"),
    ]


def test_failed_tries_are_not_noted_twice_after_a_power_cut(open_desk, care_model):
    open_desk.desk.close()
    person = entry.people(open_desk.folder)[0][0]
    fail(open_desk, care_model, person)
    kept = (open_desk.folder / "tries.json").read_bytes()
    open_desk.again()
    (open_desk.folder / "tries.json").write_bytes(kept)  # the file was not emptied in time
    events = open_desk.again().ask(audit_log.events)
    assert [line.action for line in events].count("staff.failed-try") == 1


def test_after_four_tries_even_the_right_passphrase_waits(open_desk, care_model, clock):
    open_desk.desk.close()
    person = entry.people(open_desk.folder)[0][0]
    fail(open_desk, care_model, person, times=4)
    with pytest.raises(TooSoonError, match="5 seconds"):
        open_desk.again()
    with pytest.raises(TooSoonError):
        entry.fits(open_desk.folder, person, "not the words", clock())
    assert json.loads((open_desk.folder / "tries.json").read_text())["failures"] == 4
    clock.forward(seconds=5)
    open_desk.again()


def test_the_cover_ends_the_pause_and_its_tries_reach_the_trail(open_desk, clock):
    person = entry.people(open_desk.folder)[0][0]
    assert not entry.fits(open_desk.folder, person, "not the words", clock())
    assert entry.fits(open_desk.folder, person, "invented words for tests only", clock())
    assert tries.seconds_to_wait(open_desk.folder, clock()) == 0
    assert open_desk.again().ask(audit_log.events)[1].action == "staff.failed-try"


def test_under_an_alarm_the_tries_wait_until_it_was_seen(open_desk, care_model, clock):
    open_desk.desk.settle()
    older = (open_desk.folder / "store.db").read_bytes()
    open_desk.desk.do(residents.Admit("Sky", clock()))
    open_desk.desk.close()
    (open_desk.folder / "store.db").write_bytes(older)
    person = entry.people(open_desk.folder)[0][0]
    fail(open_desk, care_model, person)
    desk = open_desk.again()
    desk.do(SeeAlarm(desk.alarm, "disk-failed"))
    actions = [line.action for line in desk.ask(audit_log.events)[:3]]
    assert actions == ["staff.sign-in", "staff.failed-try", "audit.alarm-seen"]
    assert open_desk.again().alarm is None


def test_an_alarm_is_answered_even_when_the_note_beside_the_records_is_gone(open_desk, clock):
    """The answer is in the trail by then: what comes after it must not look like a refusal."""
    older_copy_put_in_place(open_desk)
    desk = open_desk.again()
    (open_desk.folder / HEAD_LOG).unlink()
    desk.do(SeeAlarm(desk.alarm, "disk-failed"))
    assert [line.action for line in desk.ask(audit_log.events)[:2]] == [
        "staff.sign-in",
        "audit.alarm-seen",
    ]
    desk.do(residents.Admit("Robin", clock()))
    assert open_desk.again().alarm is None
