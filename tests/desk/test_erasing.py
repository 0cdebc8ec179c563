"""Taking a record away, back, on hold, and destroying it: no word of it is left anywhere."""

from __future__ import annotations

import json
from datetime import date, timedelta

import pytest
from sqlcipher3 import dbapi2 as driver

from shelter_desk.desk import audit_log, entry, residents
from shelter_desk.desk.agreeing import Second
from shelter_desk.desk.care import AnswerItem, stay_plan
from shelter_desk.desk.finding import people
from shelter_desk.desk.finding_notes import notes
from shelter_desk.desk.funder_answers import AnswerFunders
from shelter_desk.desk.incident_record import whole_incident
from shelter_desk.desk.incident_report import WriteReport
from shelter_desk.desk.incidents import AddPerson, AddStep, StartIncident
from shelter_desk.desk.information_releases import (
    RecordRelease,
    stays_of_code,
    stays_to_release,
)
from shelter_desk.desk.kept_records import destruction, kept_records
from shelter_desk.desk.legal_holds import LiftHold, OnHoldError, PutOnHold
from shelter_desk.desk.missing import StartMissing, WriteLastSeen
from shelter_desk.desk.releasing import SecondNeededError
from shelter_desk.desk.removing import Destroy, PutBack, TakeAway, destroy
from shelter_desk.desk.sealing import KeyNotHeldError
from shelter_desk.desk.service_log import LogService
from shelter_desk.desk.shift_lines import LineWords, WriteLine
from shelter_desk.desk.shift_log import LinesWanted, shift_lines
from shelter_desk.desk.telling import Tell
from shelter_desk.desk.upkeep_check import due_drift
from shelter_desk.domain.errors import InvalidError, NotFoundError, NotPermittedError
from shelter_desk.domain.incidents import Report
from shelter_desk.domain.missing_cards import LastSeen
from shelter_desk.domain.releases import Terms
from shelter_desk.domain.staff import ROLE_IDS
from shelter_desk.store.keys.errors import WrongPassphraseError
from tests.conftest import PASSPHRASE
from tests.desk.a_walk_of_classes import WORDS
from tests.desk.raw_keys import kit_keys, sealed_fields, taken_by, try_open
from tests.desk.who_left import ADA, at_a_copy, gone, records, staffed_records

KINDS = (
    "Legal", "Good", "Note", "Entry", "Line", "Part", "Incident", "Step", "Told", "Lastseen",
    "Draft",
)  # fmt: skip
WRITTEN = ("Skylarkin", *(f"{kind}skylarkin" for kind in KINDS))


@pytest.fixture(scope="module")
def staffed(tmp_path_factory, founded):
    """Records with a second director and a colleague of every role; tests work on copies."""
    return staffed_records(tmp_path_factory.mktemp("staffed") / "records", founded, ROLE_IDS)


@pytest.fixture
def house(tmp_path, staffed, founded, clock):
    """The first director at the desk."""
    with at_a_copy(tmp_path / "records", staffed, founded, clock) as opened:
        yield opened


def admitted(opened, called="Skylarkin"):
    """Admit somebody and write every kind of words about them; return stay and incident."""
    desk, clock, mark = opened.desk, opened.clock, called.lower()
    known = {"legal_name": f"Legal{mark}", "age_guess": 15}
    stay_id = desk.do(
        residents.Admit(called, clock(), good_to_know=f"Good{mark}", **known)
    ).subject
    clock.forward(minutes=5)
    plan = desk.ask(stay_plan, stay_id=stay_id, now=clock())
    line = next(
        one
        for service in plan.services
        for one in service.items
        if one.occurrence and not one.outcome_only and not one.needs_signatures
    )
    desk.do(AnswerItem(stay_id, line.item_id, line.occurrence, note=f"Note{mark}"))
    desk.do(LogService(stay_id, "basic_needs", clock(), 10, note=f"Entry{mark}"))
    desk.do(WriteLine(LineWords((stay_id,), text=f"Line{mark}")))
    now = clock()
    incident_id = desk.do(StartIncident(("injury",), now, now, "kitchen", (stay_id,))).subject
    desk.do(AddPerson(incident_id, "witness", stay_id=stay_id, note=f"Part{mark}"))
    desk.do(WriteReport(incident_id, Report(), f"Incident{mark}"))
    desk.do(AddStep(incident_id, f"Step{mark}", now.date()))
    told = desk.ask(whole_incident, incident_id=incident_id).notices[0]
    desk.do(Tell(told.notice_id, None, f"Told{mark}", "R-8"))
    episode_id = desk.do(StartMissing(stay_id, clock())).subject
    desk.do(WriteLastSeen(episode_id, LastSeen(place=f"Lastseen{mark}")))
    desk.keep_draft("incident-report", incident_id, json.dumps({"note": f"Draft{mark}"}))
    desk.keep_draft("shift-line", "", json.dumps({"text": f"Draft{mark}"}))
    clock.forward(minutes=10)
    return stay_id, incident_id, episode_id


def sign_in(opened, person, words=WORDS):
    opened.desk.close()
    opened.desk = entry.sign_in(opened.folder, person, words, opened.care_model, opened.clock)
    return opened.desk


def taken_away(opened, reason="retention-ended"):
    """Take the one record away that may go, and let the month of the bin pass."""
    (line,) = records(opened)
    removal_id = opened.desk.do(TakeAway(line.resident_id, reason)).subject
    opened.clock.forward(days=30)
    return removal_id


def every_row(opened):
    """Return everything the decrypted file says, as bytes: all tables, those of the index too."""
    found = []
    with opened.desk._store.unguarded() as connection:
        tables = connection.execute(
            "SELECT name FROM sqlite_schema WHERE type = 'table' AND sql NOT LIKE '%VIRTUAL%'"
        ).fetchall()
        for (table,) in tables:
            for row in connection.execute(f"SELECT * FROM {table}"):
                found += [one if isinstance(one, bytes) else str(one).encode() for one in row]
    return b"\0".join(found).lower()


def seen_of(opened, stay_id, incident_id):
    """Return every word that the person at the desk can find or open of a resident, as text."""
    desk, now = opened.desk, opened.clock()
    found = []
    for word in WRITTEN:
        found += [one.text for one in desk.ask(notes, text=word)]
        found += [one.called for one in desk.ask(people, text=word)]
    for question, values in (
        (residents.record, {"stay_id": stay_id, "now": now}),
        (stay_plan, {"stay_id": stay_id, "now": now}),
        (whole_incident, {"incident_id": incident_id}),
        (shift_lines, {"wanted": LinesWanted(now - timedelta(days=9999), now)}),
        (kept_records, {"now": now}),
        (audit_log.events, {"limit": 10_000}),
    ):
        try:
            found.append(desk.ask(question, **values))
        except (NotPermittedError, KeyNotHeldError):
            continue
    found += [desk.draft("incident-report", incident_id), desk.draft("shift-line", "")]
    return str(found)


def test_after_destruction_no_word_is_found_by_any_role_or_by_raw_sql(house):
    stay_id, incident_id, _ = admitted(house)
    other, *_ = admitted(house, "Wombat")
    for whose, codes in ((stay_id, ("under-50",)), (other, ("50-74",))):
        house.desk.do(AnswerFunders(whose, {"attendance": codes}))
    before = seen_of(house, stay_id, incident_id)
    assert all(word in before for word in WRITTEN if word != "Lastseenskylarkin")
    assert b"skylarkin" in every_row(house)
    gone(house, stay_id)
    removal_id = taken_away(house)
    with pytest.raises(WrongPassphraseError):
        destroy(house.desk, removal_id, Second(ADA, "not these words at all"))
    destroy(house.desk, removal_id, Second(ADA, WORDS))
    raw = every_row(house)
    assert b"skylarkin" not in raw
    assert b"wombat" in raw, "the other resident is still there"
    kit = kit_keys(house.folder, house.kit)
    taken = taken_by(house.desk._store, kit, session=house.desk)
    opened = {try_open(taken, kit.vault_id, one) for one in sealed_fields(house.desk._store)}
    assert not any("skylarkin" in str(one).lower() for one in opened)
    theirs = {"Wombat", "Linewombat", "Incidentwombat", '["50-74"]'}
    assert theirs <= opened, "those of the other resident"
    assert '["under-50"]' not in opened
    for number, role in enumerate(ROLE_IDS):
        sign_in(house, ADA if role == "director" else f"{number:020}")
        after = seen_of(house, stay_id, incident_id).lower()
        assert "skylarkin" not in after
        assert "Goodwombat" in str(
            house.desk.ask(residents.record, stay_id=other, now=house.clock())
        )
    sign_in(house, house.director, PASSPHRASE)
    found = house.desk.ask(whole_incident, incident_id=incident_id)
    assert (found.note, [one.text for one in found.steps]) == ("", [""])
    assert house.desk.ask(audit_log.trail).count > 0
    assert house.desk.ask(due_drift) == ()
    assert all(finding.passed for finding in house.desk.check_file())


def test_the_words_of_somebody_destroyed_leave_the_index_of_words(house):
    stay_id, *_ = admitted(house)
    gone(house, stay_id)

    def terms():
        with house.desk._store.unguarded() as connection:
            blocks = connection.execute("SELECT block FROM note_words_data").fetchall()
        return b"".join(block for (block,) in blocks)

    assert b"entryskylarkin" in terms()
    removal_id = taken_away(house)
    destroy(house.desk, removal_id, Second(ADA, WORDS))
    assert b"skylarkin" not in terms()
    assert b"entry" not in terms(), "nor any beginning of a word"


def test_no_release_is_of_a_record_that_was_taken_away(house):
    stay_id, *_ = admitted(house)
    gone(house, stay_id)
    (line,) = records(house)
    offered = [one.stay_id for one in house.desk.ask(stays_to_release)]
    assert offered == [stay_id]
    house.desk.do(TakeAway(line.resident_id, "retention-ended"))
    assert house.desk.ask(stays_to_release) == ()
    (kept,) = house.desk.ask(stays_of_code, code=line.case_code.lower())
    assert (kept.stay_id, kept.called) == (stay_id, "")
    today = house.clock().date()
    terms = Terms(
        "custodian", "Invented County Office", "review", ("04_timeliness_by_record",),
        today, today + timedelta(days=9), ("young-person",), told=True,
    )  # fmt: skip
    with pytest.raises(InvalidError, match="taken away"):
        house.desk.do(RecordRelease(stay_id, terms))
    house.desk.do(PutBack(records(house)[0].removal_id))
    assert house.desk.do(RecordRelease(stay_id, terms)).subject


def test_what_was_taken_away_comes_back_as_it_was(house):
    stay_id, incident_id, _ = admitted(house)
    gone(house, stay_id)
    before = seen_of(house, stay_id, incident_id)
    (line,) = records(house)
    done = house.desk.do(TakeAway(line.resident_id, "retention-ended"))
    assert house.desk.ask(people, text="Skylarkin") == ()
    assert house.desk.ask(notes, text="Entryskylarkin") == ()
    assert records(house)[0].called == ""
    house.desk.do(done.undo)
    assert [one.called for one in house.desk.ask(people, text="Skylarkin")] == ["Skylarkin"]
    assert [one.text for one in house.desk.ask(notes, text="Entryskylarkin")] == ["Entryskylarkin"]
    assert [one.called for one in house.desk.ask(people, text="Legalskylarkin")] == ["Skylarkin"]
    again = seen_of(house, stay_id, incident_id)
    assert all((word in again) == (word in before) for word in WRITTEN)
    assert records(house)[0] == line
    with pytest.raises(InvalidError, match="put back"):
        house.desk.do(done.undo)


def test_nobody_destroys_alone_or_early_or_with_anothers_signature(house):
    stay_id, *_ = admitted(house)
    house.desk.do(WriteLine(LineWords(text="The boiler is warm again")))
    gone(house, stay_id)
    (line,) = records(house)
    removal_id = house.desk.do(TakeAway(line.resident_id, "retention-ended")).subject
    with pytest.raises(InvalidError, match="30 days"):
        destroy(house.desk, removal_id, Second(ADA, WORDS))
    assert not records(house)[0].may_be_destroyed
    house.clock.forward(days=30)
    assert records(house)[0].may_be_destroyed
    with pytest.raises(SecondNeededError):
        destroy(house.desk, removal_id, Second(house.director, PASSPHRASE))
    with pytest.raises(SecondNeededError):
        house.desk.do(Destroy(removal_id, ADA, b"\0" * 64))
    with pytest.raises(NotFoundError):
        house.desk.ask(destruction, removal_id=removal_id)
    for table in ("resident_key", "incident_key", "house_day_key", "fact_link"):
        # The program itself, without the authorizer: the guard of the table refuses.
        with (
            house.desk._store.unguarded() as connection,
            pytest.raises(driver.IntegrityError, match="ended, not deleted"),
        ):
            connection.execute(f"DELETE FROM {table}")


def test_a_legal_hold_stops_taking_away_and_destroying_until_it_is_lifted(house):
    stay_id, *_ = admitted(house)
    gone(house, stay_id)
    (line,) = records(house)
    hold = house.desk.do(PutOnHold(line.resident_id, "court")).subject
    assert (records(house)[0].hold_reason, records(house)[0].may_go) == ("court", False)
    with pytest.raises(OnHoldError):
        house.desk.do(TakeAway(line.resident_id, "retention-ended"))
    house.desk.do(LiftHold(hold))
    removal_id = taken_away(house)
    hold = house.desk.do(PutOnHold(line.resident_id, "licensing")).subject
    with pytest.raises(OnHoldError):
        destroy(house.desk, removal_id, Second(ADA, WORDS))
    house.desk.do(LiftHold(hold))
    destroy(house.desk, removal_id, Second(ADA, WORDS))


def test_a_hold_of_somebody_in_the_same_incident_keeps_its_words(house):
    stay_id, incident_id, _ = admitted(house)
    other = house.desk.do(residents.Admit("Ash", house.clock())).subject
    house.desk.do(AddPerson(incident_id, "witness", stay_id=other))
    house.desk.do(residents.RecordExit(other, house.clock(), "kin", "422"))
    gone(house, stay_id)
    ash, sky = sorted(records(house), key=lambda one: one.called)
    hold = house.desk.do(PutOnHold(ash.resident_id, "claim")).subject
    with pytest.raises(OnHoldError):
        house.desk.do(TakeAway(sky.resident_id, "retention-ended"))
    house.desk.do(LiftHold(hold))
    house.desk.do(TakeAway(sky.resident_id, "retention-ended"))


def test_a_record_is_taken_away_after_its_time_or_for_a_reason(house):
    stay_id, *_ = admitted(house)
    here = house.desk.ask(residents.roster, now=house.clock())
    assert here
    assert records(house) == ()
    gone(house, stay_id, years=4)
    (line,) = records(house)
    assert line.kept.until == date(2031, 3, 10)
    assert line.kept.rule == "record-retention"
    with pytest.raises(InvalidError, match="must still be kept"):
        house.desk.do(TakeAway(line.resident_id, "retention-ended"))
    house.desk.do(TakeAway(line.resident_id, "entered-twice"))
    with pytest.raises(InvalidError, match="already"):
        house.desk.do(TakeAway(line.resident_id, "entered-twice"))


def test_what_is_held_is_listed_however_many_left_before(house):
    stays = [
        house.desk.do(residents.Admit(name, house.clock())).subject for name in ("Ash", "Moss")
    ]
    for stay_id in stays:
        house.clock.forward(days=1)
        gone(house, stay_id, years=0)
    first, last = records(house)
    house.desk.do(PutOnHold(last.resident_id, "claim"))
    (listed,) = house.desk.ask(kept_records, now=house.clock(), most=1)
    assert listed.called == last.called != first.called


def test_the_certificate_knows_who_by_which_rule_and_nobody_it_is_about(house):
    stay_id, *_ = admitted(house)
    gone(house, stay_id)
    code = records(house)[0].case_code
    removal_id = taken_away(house)
    destroy(house.desk, removal_id, Second(ADA, WORDS))
    told = house.desk.ask(destruction, removal_id=removal_id)
    assert (told.by, told.second, told.rule) == (
        "Dana",
        "Ada",
        "Record kept after discharge, at least",
    )
    assert told.keys == 12
    assert "65C-46.010" in told.source
    for word in (*WRITTEN, code):
        assert word not in str(told)


def test_only_directors_take_away_and_see_the_schedule(house):
    stay_id, *_ = admitted(house)
    gone(house, stay_id)
    (line,) = records(house)
    for number, role in enumerate(ROLE_IDS):
        if role == "director":
            continue
        sign_in(house, f"{number:020}")
        with pytest.raises(NotPermittedError):
            records(house)
        for command in (
            PutOnHold(line.resident_id, "court"),
            TakeAway(line.resident_id, "retention-ended"),
            PutBack("x"),
        ):
            with pytest.raises(NotPermittedError):
                house.desk.do(command)
