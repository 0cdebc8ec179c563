"""Finding people and notes: by what staff remember, within what they may open, without a trace
of what they typed."""

from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shelter_desk.desk import (
    accounts,
    care,
    entry,
    finding,
    finding_notes,
    incidents,
    residents,
    service_log,
)
from shelter_desk.desk.accounts import Colleague
from shelter_desk.desk.finding_anew import MakeFindable, is_behind
from shelter_desk.desk.incident_report import WriteReport
from shelter_desk.desk.shift_lines import CorrectLine, LineWords, WithdrawLine, WriteLine
from shelter_desk.desk.shift_log import one_line
from shelter_desk.domain.incidents import Report
from shelter_desk.domain.record_classes import View
from tests.conftest import PASSPHRASE

ADA, WORDS = "aaaaaaaaaaaaaaaaaaaa", "four invented words here"


def admit(opened, called, **more):
    return opened.desk.do(residents.Admit(called, opened.clock(), **more)).subject


def found(opened, text):
    return [(one.called, one.how) for one in opened.desk.ask(finding.people, text=text)]


def noted(opened, text):
    return [one.text for one in opened.desk.ask(finding_notes.notes, text=text)]


def as_colleague(opened, *roles):
    accounts.add_colleague(opened.desk, PASSPHRASE, Colleague(ADA, "Ada", roles, WORDS))
    opened.desk.close()
    opened.desk = entry.sign_in(opened.folder, ADA, WORDS, opened.care_model, opened.clock)


def answer(opened, stay, item_id, note):
    plan = opened.desk.ask(care.stay_plan, stay_id=stay, now=opened.clock())
    line = next(
        one
        for service in plan.services
        for one in service.items
        if one.item_id == item_id and one.occurrence
    )
    return opened.desk.do(care.AnswerItem(stay, item_id, line.occurrence, note=note))


def item_of_class(opened, stay, record_class):
    plan = opened.desk.ask(care.stay_plan, stay_id=stay, now=opened.clock())
    model = opened.desk.house.care_model
    return next(
        one.item_id
        for service in plan.services
        for one in service.items
        if one.occurrence and model.items[one.item_id].record_class == record_class
    )


# People


@pytest.mark.parametrize(
    ("typed", "how"),
    [
        ("mari", "name"), ("josé", "name"), ("luz del", "name"), ("del mar", "name"),
        ("María-José Luz", "name"), ("hose", "sound"), ("lus", "sound"), ("Maria Hose", "sound"),
    ],
)  # fmt: skip
def test_any_word_of_a_name_finds_them_also_by_its_sound(open_desk, typed, how):
    admit(open_desk, "María José Luz del Mar")
    admit(open_desk, "Sky")
    assert found(open_desk, typed) == [("María José Luz del Mar", how)]


def test_the_surest_stands_first_and_nobody_twice(open_desk):
    for called in ("Ximena", "Jimena", "Jim"):
        admit(open_desk, called)
    assert found(open_desk, "jim") == [("Jim", "name"), ("Jimena", "name")]
    assert found(open_desk, "jimena") == [("Jimena", "name"), ("Ximena", "sound")]


def test_a_case_code_finds_them_however_it_is_typed(open_desk):
    stay = admit(open_desk, "Sky")
    record = open_desk.desk.ask(residents.record, stay_id=stay, now=open_desk.clock())
    code = record.case_code
    for typed in (code, code.lower(), code.replace("-", ""), code[:-1], code[:3]):
        assert ("Sky", "code") in found(open_desk, typed)


def test_somebody_who_has_left_is_found_and_said_to_be_gone(open_desk):
    stay = admit(open_desk, "Sky")
    now = open_desk.clock.forward(hours=1)
    open_desk.desk.do(residents.RecordExit(stay, now, "left-early", "99"))
    assert [one.is_here for one in open_desk.desk.ask(finding.people, text="sky")] == [False]


def correct(opened, stay, **more):
    record = opened.desk.ask(residents.record, stay_id=stay, now=opened.clock())
    command = residents.Correct(record.resident_id, record.version, record.called, **more)
    return opened.desk.do(command)


def test_legal_and_other_names_find_them_for_those_who_open_identities(open_desk):
    stay = admit(open_desk, "Sky", legal_name="Hortensia Featherstone")
    correct(open_desk, stay, legal_name="Hortensia Featherstone", also_known="Star, Marigold")
    record = open_desk.desk.ask(residents.record, stay_id=stay, now=open_desk.clock())
    assert record.also_known == "Star, Marigold"
    for typed in ("hort", "feather", "Featherston", "Ortensia", "marigold", "sta"):
        assert found(open_desk, typed) == [("Sky", "identity")], typed
    as_colleague(open_desk, "residential-staff")
    assert [found(open_desk, typed) for typed in ("hort", "Ortensia", "marigold")] == [[]] * 3
    assert found(open_desk, "sky") == [("Sky", "name")]


def test_a_former_name_finds_nobody_once_it_is_corrected(open_desk):
    stay = admit(open_desk, "Sky", legal_name="Hortensia Featherstone")
    correct(open_desk, stay, legal_name="Lavender Invented")
    assert found(open_desk, "hortensia") == []
    assert found(open_desk, "lavender") == [("Sky", "identity")]


def test_names_of_the_identity_part_stand_nowhere_in_clear_even_inside_the_store(open_desk):
    stay = admit(open_desk, "Sky", legal_name="Hortensia Featherstone")
    correct(open_desk, stay, legal_name="Hortensia Featherstone", also_known="Marigold")
    with open_desk.desk._store.unguarded() as connection:
        listed = "SELECT name FROM pragma_table_list WHERE schema = 'main' AND type <> 'virtual'"
        dump = "\n".join(
            repr(row)
            for (name,) in connection.execute(listed).fetchall()
            for row in connection.execute(f"SELECT * FROM {name}").fetchall()
        ).casefold()
    assert "sky" in dump
    assert [word for word in ("hortensia", "feather", "marigold") if word in dump] == []


# Notes


def test_a_note_is_found_by_the_beginnings_of_its_words_newest_first(open_desk):
    stay = admit(open_desk, "Sky")
    now = open_desk.clock()
    for note in ("Likes the green blanket", "Asked for the green door", "Blue cup"):
        open_desk.desk.do(service_log.LogService(stay, "crisis_shelter", now, 5, note=note))
    assert noted(open_desk, "gre") == ["Asked for the green door", "Likes the green blanket"]
    assert noted(open_desk, "green bla") == ["Likes the green blanket"]
    assert noted(open_desk, "g") == []
    line = open_desk.desk.ask(finding_notes.notes, text="cup")[0]
    assert (line.called, line.stay_id, line.kind) == ("Sky", stay, "entry")


def test_words_that_part_late_are_told_apart(open_desk):
    # The index knows six letters; the rest is looked at in the note itself.
    stay = admit(open_desk, "Sky")
    for note in ("Plays the tambourine", "A tambour frame", "Café au lait, no internship"):
        at = open_desk.clock()
        open_desk.desk.do(service_log.LogService(stay, "crisis_shelter", at, 5, note=note))
    assert noted(open_desk, "tambou") == ["A tambour frame", "Plays the tambourine"]
    assert noted(open_desk, "tambouri") == ["Plays the tambourine"]
    assert noted(open_desk, "TÁMBOURI the") == ["Plays the tambourine"]
    assert noted(open_desk, "tambouring") == []
    assert noted(open_desk, "internsh cafe") == ["Café au lait, no internship"]
    assert noted(open_desk, "internsh tambouri") == []


def test_notes_of_every_kind_are_found_where_they_stand(open_desk):
    stay = admit(open_desk, "Sky")
    now = open_desk.clock()
    answer(open_desk, stay, item_of_class(open_desk, stay, "general"), "Quokka one")
    open_desk.desk.do(service_log.LogService(stay, "crisis_shelter", now, 5, note="Quokka two"))
    begun = open_desk.desk.do(
        incidents.StartIncident(("injury",), now, now, "bedroom", (stay,))
    ).subject
    open_desk.desk.do(incidents.AddPerson(begun, "witness", stay_id=stay, note="Quokka three"))
    due = date(2026, 4, 1)
    open_desk.desk.do(incidents.AddStep(begun, "Quokka four", due))
    open_desk.desk.do(WriteReport(begun, Report(), note="Quokka five"))
    lines = open_desk.desk.ask(finding_notes.notes, text="quokka")
    assert {(one.text, one.kind) for one in lines} == {
        ("Quokka one", "answer"), ("Quokka two", "entry"), ("Quokka three", "part"),
        ("Quokka four", "step"), ("Quokka five", "incident"),
    }  # fmt: skip
    assert {one.incident_id for one in lines} == {None, begun}
    open_desk.desk.do(WriteReport(begun, Report(), note="Wombat"))
    assert "Quokka five" not in noted(open_desk, "quokka")


def test_lines_of_the_shift_log_are_found_once_until_they_are_corrected(open_desk):
    desk = open_desk.desk
    sky, ash = admit(open_desk, "Sky"), admit(open_desk, "Ash")
    both = desk.do(WriteLine(LineWords((sky,), text="Sky lent Ash the quokka book"))).subject
    house = desk.do(WriteLine(LineWords(text="The quokka poster fell down"))).subject
    found = desk.ask(finding_notes.notes, text="quok")
    assert [(one.line_id, one.title) for one in found] == [
        (house, "Shift log"),
        (both, "Shift log"),
    ]
    assert found[1].text == "Sky lent Ash the quokka book"
    assert [one.line_id for one in desk.ask(finding_notes.notes, text="lent boo")] == [both]
    anew = desk.do(CorrectLine(both, LineWords((sky,), text="Sky lent Ash the wombat book")))
    assert noted(open_desk, "quokka") == ["The quokka poster fell down"]
    desk.do(anew.undo)
    desk.do(WithdrawLine(house))
    assert noted(open_desk, "quokka") == ["Sky lent Ash the quokka book"]
    assert noted(open_desk, "wombat") == []
    line = desk.ask(one_line, line_id=both)
    assert {one.stay_id for one in line.people} == {sky, ash}


def test_what_was_taken_back_is_not_found(open_desk):
    stay = admit(open_desk, "Sky")
    done = answer(open_desk, stay, item_of_class(open_desk, stay, "general"), "Quokka")
    logged = open_desk.desk.do(
        service_log.LogService(stay, "crisis_shelter", open_desk.clock(), 5, note="Quokka")
    )
    assert len(noted(open_desk, "quokka")) == 2
    for each in (done, logged):
        open_desk.desk.do(each.undo)
    assert noted(open_desk, "quokka") == []


@pytest.mark.parametrize("role", ["nurse", "residential-staff", "case-manager"])
def test_a_note_is_found_by_readers_of_its_class_only(open_desk, role):
    stay = admit(open_desk, "Sky")
    classes = ("general", "health", "mental-health", "education", "family")
    for one in classes:
        answer(open_desk, stay, item_of_class(open_desk, stay, one), f"Quokka {one}")
    as_colleague(open_desk, role)
    registered = open_desk.care_model.record_classes
    readable = {f"Quokka {one}" for one in classes if role in registered[one].readers}
    assert set(noted(open_desk, "quokka")) == readable
    assert 0 < len(readable) < len(classes)


def test_everybody_finds_their_own_notes(open_desk):
    stay = admit(open_desk, "Sky")
    as_colleague(open_desk, "residential-staff")
    access = open_desk.desk.house.access(("residential-staff",))
    plan = open_desk.desk.ask(care.stay_plan, stay_id=stay, now=open_desk.clock())
    items = (one for service in plan.services for one in service.items if one.occurrence)
    item = next(one for one in items if access.view(one.item_id) is View.ENTER)
    answer(open_desk, stay, item.item_id, "Quokka")
    assert noted(open_desk, "quokka") == ["Quokka"]


@settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(text=st.text(max_size=30))
def test_nothing_that_is_typed_breaks_a_search(open_desk, text):
    assert isinstance(open_desk.desk.ask(finding_notes.notes, text=text), tuple)
    assert isinstance(open_desk.desk.ask(finding.people, text=text), tuple)


@pytest.mark.parametrize("typed", ['" OR "*', "NOT quokka", "quokka*", "words:quokka", "a AND b"])
def test_the_language_of_the_index_is_only_words_to_a_search(open_desk, typed):
    stay = admit(open_desk, "Sky")
    note = "Not or and quokka words a b"
    open_desk.desk.do(
        service_log.LogService(stay, "crisis_shelter", open_desk.clock(), 5, note=note)
    )
    assert noted(open_desk, typed) in ([note], [])
    assert noted(open_desk, "NOT quokka") == [note]


# Upkeep


def test_older_records_become_findable_at_the_next_sign_in(open_desk):
    stay = admit(open_desk, "Sky", legal_name="Hortensia Featherstone")
    answer(open_desk, stay, item_of_class(open_desk, stay, "general"), "Quokka")
    for words in (LineWords((stay,), text="Sky saw a wombat"), LineWords(text="A wombat came")):
        open_desk.desk.do(WriteLine(words))
    with open_desk.desk._store.unguarded() as connection:
        for table in ("resident_word", "identity_mark", "note_place"):
            connection.execute(f"DELETE FROM {table}")
        connection.execute("INSERT INTO note_words (note_words) VALUES ('delete-all')")
    assert open_desk.desk.ask(is_behind)
    assert found(open_desk, "sky") == []
    open_desk.again()
    assert found(open_desk, "sky") == [("Sky", "name")]
    assert found(open_desk, "hort") == [("Sky", "identity")]
    assert noted(open_desk, "quokka") == ["Quokka"]
    assert set(noted(open_desk, "wombat")) == {"Sky saw a wombat", "A wombat came"}
    assert not open_desk.desk.ask(is_behind)


def test_made_anew_everything_is_found_as_before_and_once(open_desk):
    stay = admit(open_desk, "Sky", legal_name="Hortensia Featherstone")
    now = open_desk.clock()
    open_desk.desk.do(service_log.LogService(stay, "crisis_shelter", now, 5, note="Quokka"))
    before = [found(open_desk, "sky"), found(open_desk, "hort"), noted(open_desk, "quokka")]
    open_desk.desk.do(MakeFindable())
    open_desk.clock.forward(minutes=1)
    after = [found(open_desk, "sky"), found(open_desk, "hort"), noted(open_desk, "quokka")]
    assert after == before
    assert open_desk.clock() - now == timedelta(minutes=1)
    assert all(finding.passed for finding in open_desk.desk.check_file())
