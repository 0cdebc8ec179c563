"""The night as commands and questions: everything here goes through the desk on a real store."""

from datetime import timedelta

import pytest

from shelter_desk.desk import (
    accounts,
    audit_log,
    care,
    entry,
    residents,
    service_log,
    shelter,
    today,
)
from shelter_desk.desk.accounts import Colleague
from shelter_desk.desk.kit_use import kit_use
from shelter_desk.domain.errors import InvalidError, NotPermittedError
from shelter_desk.store.keys.errors import WrongPassphraseError
from shelter_desk.store.keys.kit import new_kit
from tests.conftest import PASSPHRASE


def admit(opened, called="Sky", **more):
    return opened.desk.do(residents.Admit(called, opened.clock(), **more)).subject


def first_line(opened):
    board = opened.desk.ask(today.board, now=opened.clock())
    return board.arrivals[0].groups[0].lines[0]


def test_an_arrival_is_one_card_in_three_stretches_and_no_wall_of_rows(open_desk):
    admit(open_desk)
    board = open_desk.desk.ask(today.board, now=open_desk.clock())
    groups = board.arrivals[0].groups
    assert [group.group_id for group in groups] == [
        "first-hour",
        "first-night",
        "first-three-days",
    ]
    assert sum(group.total for group in groups) >= 60
    in_card = {(line.item_id, line.occurrence) for group in groups for line in group.lines}
    rest = {(line.item_id, line.occurrence) for line in board.lines if line.stay_id}
    assert not in_card & rest


def test_a_tick_leaves_the_card_and_undo_brings_it_back(open_desk):
    admit(open_desk)
    line = first_line(open_desk)
    done = open_desk.desk.do(care.AnswerItem(line.stay_id, line.item_id, line.occurrence))
    assert first_line(open_desk).item_id != line.item_id
    open_desk.desk.do(done.undo)
    assert first_line(open_desk).item_id == line.item_id


def test_an_outcome_needs_its_reason_beside_the_field(open_desk):
    admit(open_desk)
    line = first_line(open_desk)
    with pytest.raises(InvalidError) as told:
        open_desk.desk.do(
            care.AnswerItem(line.stay_id, line.item_id, line.occurrence, outcome="blocked")
        )
    assert [problem.field for problem in told.value.problems] == ["reason"]


def test_two_signatures_need_two_people(open_desk, care_model):
    stay = admit(open_desk)
    plan = open_desk.desk.ask(care.stay_plan, stay_id=stay, now=open_desk.clock())
    lines = [line for service in plan.services for line in service.items]
    line = next(line for line in lines if line.needs_signatures == 2 and line.occurrence)
    answer = open_desk.desk.do(care.AnswerItem(stay, line.item_id, line.occurrence)).subject
    plan = open_desk.desk.ask(care.stay_plan, stay_id=stay, now=open_desk.clock())
    states = {
        row.state
        for service in plan.services
        for row in service.items
        if row.item_id == line.item_id
    }
    assert states == {"signature"}
    with pytest.raises(InvalidError):
        open_desk.desk.do(care.SignAnswer(answer))


def test_nobody_sleeps_in_a_taken_bed_and_nobody_is_here_twice(open_desk):
    beds = open_desk.desk.ask(shelter.beds)
    stay = admit(open_desk, bed_id=beds[0].bed_id)
    with pytest.raises(InvalidError):
        admit(open_desk, "Ash", bed_id=beds[0].bed_id)
    person = open_desk.desk.ask(residents.record, stay_id=stay, now=open_desk.clock()).resident_id
    with pytest.raises(InvalidError):
        admit(open_desk, "Sky", resident_id=person)
    assert len(open_desk.desk.ask(residents.roster, now=open_desk.clock())) == 1


def test_an_exit_frees_the_bed_and_starts_aftercare(open_desk, clock):
    beds = open_desk.desk.ask(shelter.beds)
    stay = admit(open_desk, bed_id=beds[0].bed_id)
    clock.forward(days=30)
    open_desk.desk.do(residents.RecordExit(stay, clock(), "kin", "422"))
    assert open_desk.desk.ask(residents.roster, now=clock()) == ()
    assert open_desk.desk.ask(shelter.beds)[0].called is None
    board = open_desk.desk.ask(today.board, now=clock() + timedelta(days=1))
    services = {line.service_id for line in board.lines if line.stay_id == stay}
    assert "discharge_aftercare" in services


def test_search_ignores_case_and_accents_and_finds_the_code(open_desk):
    admit(open_desk, "Zoë River")
    found = open_desk.desk.ask(residents.search, text="zoe r")
    assert [line.called for line in found] == ["Zoë River"]
    assert open_desk.desk.ask(residents.search, text=found[0].case_code.lower())
    assert open_desk.desk.ask(residents.search, text="   ") == ()


def test_a_service_is_logged_and_taken_back(open_desk, clock):
    stay = admit(open_desk)
    clock.forward(minutes=50)
    done = open_desk.desk.do(
        service_log.LogService(stay, "crisis_shelter", clock(), 45, note="Asked for a night light")
    )
    line = open_desk.desk.ask(service_log.last_entry, stay_id=stay)
    assert (line.minutes, line.note) == (45, "Asked for a night light")
    open_desk.desk.do(done.undo)
    assert open_desk.desk.ask(service_log.entries, stay_id=stay) == ()


def test_every_act_is_in_the_trail_and_views_are_acts(open_desk):
    stay = admit(open_desk)
    open_desk.desk.do(residents.NoteOpened(stay))
    lines = open_desk.desk.ask(audit_log.events)
    assert [line.action for line in lines] == [
        "resident.view",
        "resident.admit",
        "staff.sign-in",
        "shelter.found",
    ]
    assert all("Sky" not in f"{line.words}{line.object}{line.reason}" for line in lines)
    report = open_desk.desk.ask(audit_log.trail)
    assert (report.is_whole, report.count, report.checked_signatures) == (True, 4, 4)


def test_a_refused_command_leaves_nothing(open_desk):
    before = open_desk.desk.ask(audit_log.trail).count
    with pytest.raises(InvalidError):
        admit(open_desk, "   ")
    assert open_desk.desk.ask(audit_log.trail).count == before
    assert open_desk.desk.ask(residents.roster, now=open_desk.clock()) == ()


def test_drafts_belong_to_one_form_and_subject_and_survive_the_night(open_desk):
    open_desk.desk.keep_draft("arrival", "", '{"called": "Sk"}')
    open_desk.desk.keep_draft("arrival", "", '{"called": "Sky"}')
    desk = open_desk.again()
    assert desk.draft("arrival", "") == '{"called": "Sky"}'
    assert desk.draft("arrival", "other") is None
    desk.drop_draft("arrival", "")
    assert desk.draft("arrival", "") is None


def test_only_its_author_opens_a_draft_whatever_stands_in_its_row(open_desk):
    desk, director = open_desk.desk, open_desk.desk.staff.public_id
    words = "four invented words here"
    accounts.add_colleague(desk, PASSPHRASE, Colleague("a" * 20, "Ada", ("director",), words))
    desk.keep_draft("note", "x", "Wombat half typed")
    sealed, move = "SELECT body_sealed FROM draft", "UPDATE draft SET staff_id = ?, subject = ?"
    with desk._store.unguarded() as connection:
        assert b"Wombat" not in connection.execute(sealed).fetchone()[0]
        # Whoever holds the file's key hands the row to somebody else, or to another subject.
        ada = connection.execute("SELECT id FROM staff WHERE name = 'Ada'").fetchone()[0]
        connection.execute(move, (ada, "x"))
    desk.close()
    theirs = entry.sign_in(open_desk.folder, "a" * 20, words, open_desk.care_model, desk.now)
    assert theirs.draft("note", "x") is None
    with theirs._store.unguarded() as connection:
        connection.execute(move, (1, "y"))
    theirs.close()
    open_desk.desk = entry.sign_in(
        open_desk.folder, director, PASSPHRASE, open_desk.care_model, desk.now
    )
    assert open_desk.desk.draft("note", "y") is None
    with open_desk.desk._store.unguarded() as connection:
        connection.execute(move, (1, "x"))
    assert open_desk.desk.draft("note", "x") == "Wombat half typed"


def test_a_wrong_passphrase_is_refused_and_counted(open_desk, care_model, clock):
    open_desk.desk.close()
    person = entry.people(open_desk.folder)[0][0]
    with pytest.raises(WrongPassphraseError):
        entry.sign_in(open_desk.folder, person, "not the words", care_model, clock)
    desk = open_desk.again()
    assert desk.ask(audit_log.events)[0].reason == "failed-tries-1"


def test_the_kit_sets_a_new_passphrase_and_leaves_its_mark(open_desk, care_model, clock):
    stay = admit(open_desk)
    open_desk.desk.close()
    person = entry.people(open_desk.folder)[0][0]
    new = "other invented words for tests"
    entry.reset_with_kit(open_desk.folder, open_desk.kit, person, new, care_model, clock)
    with pytest.raises(WrongPassphraseError):
        open_desk.again()
    desk = open_desk.again(new)
    assert desk.ask(residents.record, stay_id=stay, now=clock()).called == "Sky"
    marks = [
        line.reason for line in desk.ask(audit_log.events) if line.action == "staff.renew-keys"
    ]
    assert marks == ["recovery-kit"]
    assert desk.ask(audit_log.trail).is_whole
    told = desk.ask(kit_use, now=clock())
    assert (told.who, told.at) == (desk.staff.name, clock())
    assert desk.ask(kit_use, now=clock() + timedelta(days=29)) == told
    assert desk.ask(kit_use, now=clock() + timedelta(days=31)) is None


def test_another_kit_opens_nothing(open_desk, care_model, clock):
    open_desk.desk.close()
    person = entry.people(open_desk.folder)[0][0]
    with pytest.raises(Exception, match="recovery kit"):
        entry.reset_with_kit(open_desk.folder, new_kit(), person, "words", care_model, clock)
    open_desk.again()


def test_an_older_copy_put_in_place_raises_the_alarm(open_desk, clock):
    open_desk.desk.settle()
    older = (open_desk.folder / "store.db").read_bytes()
    admit(open_desk)
    open_desk.desk.close()
    (open_desk.folder / "store.db").write_bytes(older)
    desk = open_desk.again()
    assert desk.alarm
    with pytest.raises(Exception, match="director"):
        desk.do(residents.Admit("Ash", clock()))


def test_settings_change_and_need_permission(open_desk):
    now = open_desk.desk.ask(shelter.settings)
    open_desk.desk.do(
        shelter.ChangeShelter(
            now.version, "Harbor House", "America/Chicago", "texas", 10, ("06:00", "18:00")
        )
    )
    assert open_desk.desk.house.zone.key == "America/Chicago"
    assert open_desk.desk.house.care_model.profile_id == "texas"
    assert NotPermittedError.__doc__
