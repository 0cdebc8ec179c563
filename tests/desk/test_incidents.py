"""Incidents from discovery to closing, through the desk, on real encrypted records."""

from datetime import timedelta

import pytest

from shelter_desk.desk import accounts, care, entry, residents, staff
from shelter_desk.desk.accounts import Colleague
from shelter_desk.desk.finding_anew import MakeFindable
from shelter_desk.desk.finding_notes import notes
from shelter_desk.desk.incident_record import incidents, whole_incident
from shelter_desk.desk.incident_report import CloseIncident, WriteReport
from shelter_desk.desk.incident_trail import incident_trail
from shelter_desk.desk.incidents import (
    AddPerson,
    AddStep,
    RemovePerson,
    StartIncident,
    StepDone,
    WithdrawIncident,
)
from shelter_desk.desk.missing import StartMissing
from shelter_desk.desk.notices import due_notices
from shelter_desk.desk.telling import NeedNotTell, Tell
from shelter_desk.desk.upkeep_check import due_drift
from shelter_desk.domain.errors import InvalidError, NotFoundError, NotPermittedError
from shelter_desk.domain.incidents import MAY_BE_NOBODY, Report
from tests.conftest import PASSPHRASE
from tests.desk.a_walk_of_classes import WORDS

HOUR = timedelta(hours=1)
ANSWERS = Report(("meal",), ("calm-talk",), "none-needed", "calm", "", ("witnesses",))


@pytest.fixture
def stay(open_desk):
    admitted = open_desk.desk.do(residents.Admit("Sky", open_desk.clock())).subject
    open_desk.clock.forward(days=2)
    return admitted


def start(open_desk, *stays, types=("injury",), **more):
    now = open_desk.clock()
    more.setdefault("occurred_at", now - HOUR)
    command = StartIncident(types, found_at=now, place="kitchen", residents=stays, **more)
    return open_desk.desk.do(command).subject


def seen(open_desk, incident_id):
    return open_desk.desk.ask(whole_incident, incident_id=incident_id)


def due(open_desk, stay):
    plan = open_desk.desk.ask(care.stay_plan, stay_id=stay, now=open_desk.clock())
    lines = (item for service in plan.services for item in service.items)
    return {item.item_id for item in lines if item.due_at is not None}


def answer_all(open_desk, incident_id):
    for line in seen(open_desk, incident_id).notices:
        if not line.is_answered:
            open_desk.desk.do(Tell(line.notice_id, None, "A desk", "R-7"))


def test_the_clocks_run_from_when_staff_learned_of_it(open_desk, stay):
    incident_id = start(open_desk, stay, types=("critical-injury",))
    found = {line.recipient: line.due_at for line in seen(open_desk, incident_id).notices}
    now = open_desk.clock()
    assert found == {
        "write-up": now + 4 * HOUR,
        "director": now + HOUR,
        "custodian": now + 24 * HOUR,
        "licensing": now + 24 * HOUR,
    }
    owed = open_desk.desk.ask(due_notices)
    assert owed[0].recipient == "director"
    assert {one.page for one in owed} == {"incidents"}
    assert {one.subject for one in owed} == {incident_id}


def test_it_opens_the_items_that_follow_for_every_resident_in_it(open_desk, stay):
    ada = open_desk.desk.do(residents.Admit("Ada", open_desk.clock())).subject
    before = due(open_desk, stay), due(open_desk, ada)
    start(open_desk, stay, ada, types=("physical-intervention",))
    opened = due(open_desk, stay) - before[0], due(open_desk, ada) - before[1]
    assert opened == (
        {"residential_care.06", "residential_care.07"},
        {"residential_care.07"},
    ), "the report is written once, the intervention is recorded for each"


def test_the_report_is_filed_when_its_last_element_has_an_answer(open_desk, stay):
    incident_id = start(open_desk, stay)
    open_desk.desk.do(WriteReport(incident_id, ANSWERS, "Keep an eye on the step"))
    found = seen(open_desk, incident_id)
    assert found.still_open == ("adults and roles",)
    assert found.line.filed_at is None
    assert "residential_care.06" in due(open_desk, stay)
    open_desk.desk.do(AddPerson(incident_id, "responded", role="medical-worker"))
    found = seen(open_desk, incident_id)
    assert found.still_open == ()
    assert found.line.filed_at == open_desk.clock()
    assert found.note == "Keep an eye on the step"
    assert {line.recipient for line in found.notices if line.is_answered} == {"write-up"}
    assert "residential_care.06" not in due(open_desk, stay)
    assert open_desk.desk.ask(due_drift) == ()


def test_a_report_that_was_put_off_with_a_reason_is_filed_all_the_same(open_desk, stay):
    """Found by any order of acts: a notice was answered twice, with a reason and with a time."""
    incident_id = start(open_desk, stay)
    notices = seen(open_desk, incident_id).notices
    line = next(one for one in notices if one.recipient == "write-up")
    open_desk.desk.do(NeedNotTell(line.notice_id, "told-already"))
    open_desk.desk.do(WriteReport(incident_id, ANSWERS))
    open_desk.desk.do(AddPerson(incident_id, "responded", role="medical-worker"))
    found = seen(open_desk, incident_id)
    assert found.line.filed_at == open_desk.clock()
    assert [one.reason for one in found.notices if one.recipient == "write-up"] == [""]


def test_the_director_closes_it_when_everything_is_answered(open_desk, stay):
    incident_id = start(open_desk, stay)
    close = CloseIncident(incident_id)
    with pytest.raises(InvalidError, match="not whole"):
        open_desk.desk.do(close)
    whole = Report(("meal",), ("calm-talk",), "nurse", "calm", "", MAY_BE_NOBODY)
    open_desk.desk.do(WriteReport(incident_id, whole))
    with pytest.raises(InvalidError, match="notices"):
        open_desk.desk.do(close)
    answer_all(open_desk, incident_id)
    open_desk.desk.do(AddStep(incident_id, "Mend the step", open_desk.clock().date()))
    with pytest.raises(InvalidError, match="steps"):
        open_desk.desk.do(close)
    (step,) = seen(open_desk, incident_id).steps
    open_desk.desk.do(StepDone(step.step_id))
    person = open_desk.desk.do(AddPerson(incident_id, "responded", role="medical-worker"))
    people = seen(open_desk, incident_id).people
    open_desk.desk.do(close)
    assert seen(open_desk, incident_id).line.closed_at == open_desk.clock()
    assert open_desk.desk.ask(due_notices) == ()
    for late in (AddStep(incident_id, "More", open_desk.clock().date()), person.undo):
        with pytest.raises(InvalidError, match="closed"):
            open_desk.desk.do(late)
    assert seen(open_desk, incident_id).people == people


def test_a_step_of_an_incident_that_was_taken_back_is_not_done_any_more(open_desk):
    incident_id = start(open_desk)
    open_desk.desk.do(AddStep(incident_id, "Mend the step", open_desk.clock().date()))
    (step,) = seen(open_desk, incident_id).steps
    open_desk.desk.do(WithdrawIncident(incident_id))
    with pytest.raises(InvalidError, match="closed"):
        open_desk.desk.do(StepDone(step.step_id))


def test_an_incident_of_the_house_needs_no_resident(open_desk):
    incident_id = start(open_desk, types=("power-or-system",))
    found = seen(open_desk, incident_id)
    assert found.residents == ()
    assert {line.recipient for line in found.notices} == {"write-up", "director"}
    open_desk.clock.forward(minutes=5)
    open_desk.desk.do(AddStep(incident_id, "Ask for a spare", open_desk.clock().date()))
    (step,) = seen(open_desk, incident_id).steps
    open_desk.desk.do(StepDone(step.step_id))
    open_desk.desk.do(NeedNotTell(found.notices[0].notice_id, "told-already"))
    start(open_desk, types=("power-or-system",))
    trail = open_desk.desk.ask(incident_trail, incident_id=incident_id)
    told = open_desk.care_model.label("notice-recipients", found.notices[0].recipient)
    kind = open_desk.care_model.label("incident-types", "power-or-system")
    assert [(one.words, one.about) for one in trail] == [
        ("Wrote down why nobody is told", told),
        ("Did what follows an incident", ""),
        ("Added what follows an incident", kind),
        ("Began an incident", kind),
    ]
    assert {one.who for one in trail} == {"Dana"}


def test_what_was_no_incident_is_taken_back_whole(open_desk, stay):
    before = due(open_desk, stay)
    incident_id = start(open_desk, stay)
    open_desk.desk.do(WithdrawIncident(incident_id))
    assert due(open_desk, stay) == before
    assert open_desk.desk.ask(due_notices) == ()
    assert seen(open_desk, incident_id).line.is_withdrawn


def test_an_absence_is_told_once_and_written_here(open_desk, stay):
    episode_id = open_desk.desk.do(StartMissing(stay, open_desk.clock())).subject
    incident_id = start(open_desk, stay, types=("left-without-permission",), episode_id=episode_id)
    found = seen(open_desk, incident_id)
    assert [line.recipient for line in found.notices] == ["write-up"]
    assert found.episode_id == episode_id
    open_desk.desk.do(
        WriteReport(incident_id, Report(("meal",), ("searched",), "none-needed", "goes-on", "",
                                        MAY_BE_NOBODY))
    )  # fmt: skip
    assert seen(open_desk, incident_id).still_open == ("return update",)


def test_each_resident_s_note_is_sealed_under_their_own_key(open_desk, stay):
    incident_id = start(open_desk)
    ada = open_desk.desk.do(residents.Admit("Ada", open_desk.clock())).subject
    open_desk.desk.do(AddPerson(incident_id, "hurt", stay_id=stay, note="Ice for the knee"))
    done = open_desk.desk.do(AddPerson(incident_id, "witness", stay_id=ada))
    notes = {one.called: one.note for one in seen(open_desk, incident_id).residents}
    assert notes == {"Sky": "Ice for the knee", "Ada": ""}
    assert isinstance(done.undo, RemovePerson)
    open_desk.desk.do(done.undo)
    assert [one.called for one in seen(open_desk, incident_id).residents] == ["Sky"]


@pytest.mark.parametrize(
    ("more", "message"),
    [
        ({"part": "hurt"}, "who it was"),
        ({"part": "hurt", "role": "nonsense"}, "from the list"),
        ({"part": "nonsense", "role": "visitor"}, "from the list"),
        ({"part": "hurt", "role": "visitor", "note": "Tall"}, "residents only"),
        ({"part": "hurt", "stay_id": "nobody"}, None),
    ],
)
def test_a_part_needs_one_known_person(open_desk, more, message):
    incident_id = start(open_desk)
    wanted = InvalidError if message else NotFoundError
    with pytest.raises(wanted, match=message):
        open_desk.desk.do(AddPerson(incident_id, **more))


@pytest.mark.parametrize(
    ("more", "message"),
    [
        ({"types": ()}, "what it was"),
        ({"types": ("nonsense",)}, "from the list"),
        ({"occurred_at": "later"}, "after you learned"),
    ],
)
def test_an_impossible_incident_is_refused_whole(open_desk, stay, more, message):
    if more.get("occurred_at"):
        more = {"occurred_at": open_desk.clock() + HOUR}
    with pytest.raises(InvalidError, match=message):
        start(open_desk, stay, **more)
    assert open_desk.desk.ask(incidents) == ()


def test_there_is_no_room_for_a_story(open_desk, stay):
    incident_id = start(open_desk, stay)
    with pytest.raises(InvalidError, match="at most 140"):
        open_desk.desk.do(WriteReport(incident_id, ANSWERS, "x" * 141))
    with pytest.raises(InvalidError, match="1 to 140"):
        open_desk.desk.do(AddStep(incident_id, "x" * 141, open_desk.clock().date()))


def test_a_colleague_can_have_a_part(open_desk):
    (dana,) = open_desk.desk.ask(staff.staff_list)
    incident_id = start(open_desk)
    open_desk.desk.do(AddPerson(incident_id, "responded", staff_id=dana.staff_id))
    assert [one.staff_name for one in seen(open_desk, incident_id).people] == ["Dana"]


def test_a_notice_that_is_not_needed_says_why(open_desk, stay):
    incident_id = start(open_desk, stay)
    line = next(
        one for one in seen(open_desk, incident_id).notices if one.recipient == "custodian"
    )
    open_desk.desk.do(NeedNotTell(line.notice_id, "told-already"))
    found = {one.recipient: one.reason for one in seen(open_desk, incident_id).notices}
    assert found["custodian"] == "told-already"


def test_what_was_said_about_a_notice_stays_once_the_incident_is_taken_back(open_desk, stay):
    # Ctrl+Z reaches back to before the incident was taken back: nothing may be owed for it again.
    incident_id = start(open_desk, stay)
    line = seen(open_desk, incident_id).notices[0]
    said = open_desk.desk.do(NeedNotTell(line.notice_id, "told-already"))
    open_desk.desk.do(WithdrawIncident(incident_id))
    with pytest.raises(InvalidError, match="closed"):
        open_desk.desk.do(said.undo)
    assert all(one.is_answered for one in seen(open_desk, incident_id).notices)
    assert open_desk.desk.ask(due_notices) == ()


def test_while_the_incident_is_open_an_answer_to_a_notice_is_taken_back(open_desk, stay):
    incident_id = start(open_desk, stay)
    line = seen(open_desk, incident_id).notices[0]
    said = open_desk.desk.do(NeedNotTell(line.notice_id, "told-already"))
    open_desk.desk.do(said.undo)
    again = {one.notice_id: one for one in seen(open_desk, incident_id).notices}[line.notice_id]
    assert not again.is_answered


# What is said of it


def plain_words(opened, word):
    """Return the tables that have a word in plain bytes, in any column."""
    found = set()
    with opened.desk._store.unguarded() as connection:
        tables = connection.execute(
            "SELECT name FROM sqlite_schema WHERE type = 'table' AND sql NOT LIKE '%VIRTUAL%'"
        ).fetchall()
        for (table,) in tables:
            for row in connection.execute(f"SELECT * FROM {table}"):
                told = [one if isinstance(one, bytes) else str(one).encode() for one in row]
                if any(
                    word.encode() in one or word.encode().hex().encode() in one for one in told
                ):
                    found.add(table)
    return found


def write_words(opened, *stays):
    incident_id = start(opened, *stays)
    opened.desk.do(WriteReport(incident_id, ANSWERS, "Quokka at the step"))
    opened.desk.do(AddStep(incident_id, "Wombat is asked", opened.clock().date()))
    line = seen(opened, incident_id).notices[0]
    opened.desk.do(Tell(line.notice_id, None, "Officer Numbat", "Bilby-7"))
    return incident_id


@pytest.mark.parametrize("about", ["nobody", "one", "two"])
def test_no_word_of_an_incident_stands_plain_in_the_file(open_desk, stay, about):
    ada = open_desk.desk.do(residents.Admit("Ada", open_desk.clock())).subject
    write_words(open_desk, *{"nobody": (), "one": (stay,), "two": (stay, ada)}[about])
    for word in ("Quokka", "Wombat", "Numbat", "Bilby"):
        assert plain_words(open_desk, word) == set()
    assert plain_words(open_desk, "kitchen"), "codes do: the search itself can find something"


def test_what_is_written_twice_alike_is_sealed_once(open_desk, stay):
    incident_id = write_words(open_desk, stay)

    def kept():
        with open_desk.desk._store.unguarded() as connection:
            return connection.execute("SELECT note_sealed FROM incident").fetchall()

    before = kept()
    open_desk.desk.do(WriteReport(incident_id, ANSWERS, "Quokka at the step"))
    assert kept() == before
    open_desk.desk.do(WriteReport(incident_id, ANSWERS, "Quokka at the door"))
    assert kept() != before
    assert seen(open_desk, incident_id).note == "Quokka at the door"


def as_colleague(opened, role, number):
    """Add a colleague, sign them in, and return a way back for the director."""
    person = f"{number:020}"
    director = opened.desk.staff.public_id
    accounts.add_colleague(opened.desk, PASSPHRASE, Colleague(person, role, (role,), WORDS))

    def sign_in(who, words):
        opened.desk.close()
        opened.desk = entry.sign_in(opened.folder, who, words, opened.care_model, opened.clock)

    sign_in(person, WORDS)
    return lambda: sign_in(director, PASSPHRASE), lambda: sign_in(person, WORDS)


def test_whoever_writes_an_incident_reads_their_own_words_and_no_others(open_desk, stay):
    theirs = write_words(open_desk, stay)
    back, again = as_colleague(open_desk, "residential-staff", 7)
    mine = write_words(open_desk, stay)
    assert seen(open_desk, theirs).note == "Quokka at the step"  # open: what follows is theirs too
    for incident_id in (theirs, mine):
        open_desk.desk.do(AddPerson(incident_id, "responded", role="medical-worker"))
        (step,) = seen(open_desk, incident_id).steps
        open_desk.desk.do(StepDone(step.step_id))
        answer_all(open_desk, incident_id)
    back()
    for incident_id in (theirs, mine):
        open_desk.desk.do(CloseIncident(incident_id))
        found = seen(open_desk, incident_id)
        assert (found.note, found.steps[0].text) == ("Quokka at the step", "Wombat is asked")
    again()
    own = seen(open_desk, mine)
    assert (own.note, own.steps[0].text) == ("Quokka at the step", "Wombat is asked")
    with pytest.raises(NotPermittedError):
        seen(open_desk, theirs)
    found = open_desk.desk.ask(notes, text="quokka")
    assert [one.incident_id for one in found] == [mine]


def test_a_director_finds_what_was_written_by_somebody_who_does_not_read_incidents(
    open_desk, stay
):
    back, _ = as_colleague(open_desk, "residential-staff", 8)
    incident_id = write_words(open_desk, stay)
    back()
    open_desk.desk.do(MakeFindable())
    for text in ("quokka", "wombat"):
        assert [one.incident_id for one in open_desk.desk.ask(notes, text=text)] == [incident_id]
