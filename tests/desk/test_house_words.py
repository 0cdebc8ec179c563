"""Names in words about the house go with the record of whoever they name, in every copy."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from shelter_desk.desk import audit_log, residents, shelter
from shelter_desk.desk.accounts import Colleague
from shelter_desk.desk.agreeing import Second
from shelter_desk.desk.appointing import PlanAppointment
from shelter_desk.desk.care import AnswerItem
from shelter_desk.desk.finding_notes import notes
from shelter_desk.desk.findings import (
    CorrectFinding,
    RecordFinding,
    ReopenFinding,
    findings_of,
)
from shelter_desk.desk.going import Going
from shelter_desk.desk.handing_over import SignHandoff
from shelter_desk.desk.handoff import handoffs
from shelter_desk.desk.identifying import identifiers
from shelter_desk.desk.named_alike import NamesGone, names_gone
from shelter_desk.desk.removing import TakeAway, destroy
from shelter_desk.desk.rounds import shift_round
from shelter_desk.desk.shift_lines import CorrectLine, LineWords, WithdrawLine, WriteLine
from shelter_desk.desk.shift_log import LinesWanted, shift_lines
from shelter_desk.desk.visits import EndVisit, PlanVisit
from shelter_desk.domain.identifiers import PLACE, Identifier
from shelter_desk.store.backup import LEFT_OUT as OUT_OF_BACKUP
from shelter_desk.store.backup import read_key_part
from tests.conftest import join
from tests.desk.raw_keys import BELOW_INCIDENTS, kit_keys, sealed_fields, taken_by, try_open
from tests.desk.test_erasing import WORDS, every_row
from tests.desk.who_left import ADA, records

NAMED = ("skylarkin", "quillfeather", "kiki", "tamsin")
EVER = timedelta(days=9999)


@pytest.fixture
def house(open_desk):
    """A house with a second director, and two who left."""
    join(open_desk.desk, Colleague(ADA, "Ada", ("director",), WORDS))
    return open_desk


def left(opened, called, **known):
    """Somebody who left, so that no line links their name any more."""
    desk, clock = opened.desk, opened.clock
    stay_id = desk.do(residents.Admit(called, clock(), age_guess=15, **known)).subject
    if known:
        record = desk.ask(residents.record, stay_id=stay_id, now=clock())
        desk.do(
            residents.Correct(
                record.resident_id, record.version, called, also_known="Kiki; the quiet one",
                legal_name=known["legal_name"],
            )
        )  # fmt: skip
    clock.forward(minutes=5)
    return stay_id


def written(opened):
    """Words of every kind about the house, with names and without; return all lines as shown."""
    desk, clock = opened.desk, opened.clock
    former = desk.do(WriteLine(LineWords(text="Skylarkin’s aunt rang"))).subject
    desk.do(CorrectLine(former, LineWords(text="The aunt of Tamsin Quillfeather rang twice")))
    gone_again = desk.do(WriteLine(LineWords(text="KIKI at the gate, the quiet one"))).subject
    desk.do(WithdrawLine(gone_again))
    desk.do(WriteLine(LineWords(text="the boiler will be mended on Monday")))
    clock.forward(days=1)
    desk.do(WriteLine(LineWords(text="Wombat left a coat, skylarkin a bag")))
    desk.do(SignHandoff(clock() - timedelta(hours=8), 1, 1, "Skylárkin sits on the step"))
    answered_house_item(opened)
    clock.forward(days=1)
    desk.do(WriteLine(LineWords(text="Wombat fetched the coat")))
    return shown(opened)


def shown(opened):
    """Return texts of every line, those they took the place of, and why counts differed."""
    now = opened.clock()
    lines = opened.desk.ask(shift_lines, wanted=LinesWanted(now - EVER, now + timedelta(days=1)))
    texts = {text for one in lines for text in (one.text, *(was.text for was in one.former))}
    return texts | {one.why for one in opened.desk.ask(handoffs)}


def answered_house_item(opened):
    """Tick a check of the house with a note that names somebody."""
    found = opened.desk.ask(shift_round, now=opened.clock())
    one = next(one for one in found.house if one.occurrence)
    opened.desk.do(
        AnswerItem(None, one.item_id, one.occurrence, note="Window by Skylarkin is shut")
    )


def with_findings(opened, *texts):
    """Record what a visit found; return the visit and the findings."""
    desk, day = opened.desk, opened.clock().date()
    visit = desk.do(PlanVisit("State licensing", "Rule 65C", "licensor", day, day, day)).subject
    desk.do(EndVisit(visit, "held"))
    me = desk.staff.public_id
    found = [desk.do(RecordFinding(visit, "building", text, me, day)).subject for text in texts]
    return visit, found


def destroyed(opened):
    (line,) = [one for one in records(opened) if one.called == "Skylarkin"]
    removal_id = opened.desk.do(TakeAway(line.resident_id, "retention-ended")).subject
    opened.clock.forward(days=30)
    destroy(opened.desk, removal_id, Second(ADA, WORDS))


def words_in_file(opened):
    """Return what every key in the file opens of words about the house: place -> text."""
    kit = kit_keys(opened.folder, opened.kit)
    store = opened.desk._store
    taken = taken_by(store, kit, session=opened.desk)
    fields = [one for one in sealed_fields(store) if one.resident_id < -BELOW_INCIDENTS]
    return fields, {one.place: try_open(taken, kit.vault_id, one) for one in fields}


def test_a_name_in_words_about_the_house_goes_with_the_record(house):
    sky = left(house, "Skylarkin", legal_name="Tamsin Quillfeather")
    wombat = left(house, "Wombat")
    going = Going(place="Quillfeather Clinic")
    house.desk.do(PlanAppointment(sky, "medical", house.clock() + timedelta(days=1), going=going))
    assert Identifier(PLACE, going.place) in house.desk.ask(identifiers).known
    for stay in (sky, wombat):
        house.desk.do(residents.RecordExit(stay, house.clock(), "kin", "422"))
    before = written(house)
    assert "Skylárkin sits on the step" in before
    assert "Skylarkin’s aunt rang" in before
    assert b"quillfeather" not in every_row(house), "no word of it is plain while it is kept"
    fields, texts = words_in_file(house)
    assert {"Skylarkin’s aunt rang", "Window by Skylarkin is shut"} <= set(texts.values())
    assert [one.text for one in house.desk.ask(notes, text="skylarkin")]
    house.clock.forward(days=366 * 6)
    destroyed(house)

    assert shown(house) == {
        "[name removed]’s aunt rang",
        "The aunt of [name removed] rang twice",
        "[name removed] at the gate, [name removed]",
        "the boiler will be mended on Monday",
        "Wombat left a coat, [name removed] a bag",
        "Wombat fetched the coat",
        "[name removed] sits on the step",
    }
    raw = every_row(house)
    assert not any(name.encode() in raw for name in NAMED)
    kit = kit_keys(house.folder, house.kit)
    taken = taken_by(house.desk._store, kit, session=house.desk)
    former = {one.place: try_open(taken, kit.vault_id, one) for one in fields}
    assert set(former.values()) == {None, "Wombat fetched the coat"}, "of a day that named nobody"
    _, texts = words_in_file(house)
    told = " ".join(text for text in texts.values() if text).lower()
    assert "window by [name removed] is shut" in told
    assert not any(name in told for name in NAMED)
    searched = {one.text.lower() for one in house.desk.ask(identifiers).known}
    assert "wombat" in searched
    assert not any(name in text for name in NAMED for text in searched)
    assert house.desk.ask(notes, text="skylarkin") == ()
    assert [one.text for one in house.desk.ask(notes, text="window")] == [
        "Window by [name removed] is shut"
    ]
    assert house.desk.ask(audit_log.trail).count > 0
    assert all(finding.passed for finding in house.desk.check_file())


def test_a_name_that_is_a_word_goes_only_where_it_is_written_as_a_name(house):
    stay = left(house, "Will", legal_name="May Sky de los Remedios")
    house.desk.do(residents.RecordExit(stay, house.clock(), "kin", "422"))
    for text in ("Will rang, he will come in may", "the May list; remedios too; Maybe, willing"):
        house.desk.do(WriteLine(LineWords(text=text)))
    house.clock.forward(days=366 * 6)
    (line,) = records(house)
    removal_id = house.desk.do(TakeAway(line.resident_id, "retention-ended")).subject
    house.clock.forward(days=30)
    destroy(house.desk, removal_id, Second(ADA, WORDS))
    assert shown(house) == {
        "[name removed] rang, he will come in may",
        "the [name removed] list; [name removed] too; Maybe, willing",
    }
    assert [one.line_id is not None for one in house.desk.ask(notes, text="willing")] == [True]
    assert house.desk.ask(notes, text="remedios") == ()


def test_whoever_else_bears_the_name_is_told_before_and_what_visits_found_loses_it(house):
    desk = house.desk
    stay = left(house, "Skylarkin", legal_name="Tamsin Quillfeather")
    desk.do(residents.RecordExit(stay, house.clock(), "kin", "422"))
    desk.do(WriteLine(LineWords(text="Tamsin rang")))
    desk.do(shelter.AddBed("Skylarkin’s old bed"))
    day = house.clock().date()
    words = "Skylarkin slept behind a door that sticks; " + "x" * 257
    visit, (finding,) = with_findings(house, words)
    house.clock.forward(days=1)
    desk.do(CorrectFinding(finding, day, "nothing yet"))
    desk.do(ReopenFinding(finding))
    assert [one.evidence for one in desk.ask(findings_of, visit_id=visit)] == [""]
    desk.do(CorrectFinding(finding, day, "The door of Quillfeather opens"))
    fields, texts = words_in_file(house)
    before = set(texts.values())
    assert b"quillfeather" not in every_row(house), "no word of it is plain while it is kept"
    house.clock.forward(days=366 * 6)
    now_here = desk.do(residents.Admit("Tamsin", house.clock(), age_guess=15)).subject
    (line,) = [one for one in records(house) if one.called == "Skylarkin"]
    removal_id = desk.do(TakeAway(line.resident_id, "retention-ended")).subject
    told = desk.ask(names_gone, removal_id=removal_id)
    code = desk.ask(residents.record, stay_id=now_here, now=house.clock()).case_code
    assert told == NamesGone(3, (f"Tamsin ({code})",), ("Skylarkin’s old bed",))
    house.clock.forward(days=30)
    destroy(desk, removal_id, Second(ADA, WORDS))
    (found,) = desk.ask(findings_of, visit_id=visit)
    rest = " slept behind a door that sticks; " + "x" * 257
    assert found.finding == f"[name removed]{rest}", "also where it is longer now than typed words"
    assert found.evidence == "The door of [name removed] opens"
    assert "[name removed] rang" in shown(house)
    assert before == {words, "The door of Quillfeather opens", "Tamsin rang"}
    kit = kit_keys(house.folder, house.kit)
    taken = taken_by(desk._store, kit, session=desk)
    assert {try_open(taken, kit.vault_id, one) for one in fields} == {None}
    raw = every_row(house)
    assert b"quillfeather" not in raw
    assert all(finding.passed for finding in desk.check_file())


def test_what_an_older_edition_left_as_it_was_typed_loses_the_name_too(house):
    stay = left(house, "Skylarkin")
    house.desk.do(residents.RecordExit(stay, house.clock(), "kin", "422"))
    house.desk.do(WriteLine(LineWords(text="to be replaced")))
    house.desk.do(SignHandoff(house.clock() - timedelta(hours=8), 1, 1, "to be replaced"))
    visit, findings = with_findings(house, *["to be replaced"] * 3)
    with house.desk._store.unguarded() as connection:
        for table, column in (
            ("shift_line", "house_text"),
            ("handoff", "why"),
            ("visit_finding", "finding"),
        ):
            (guard,) = connection.execute(
                f"SELECT sql FROM sqlite_schema WHERE name = '{table}_needs_event'"
            ).fetchone()
            connection.execute(f"DROP TRIGGER {table}_needs_event")
            connection.execute(
                f"UPDATE {table} SET {column} = 'Skylarkin rang', words_sealed = NULL,"
                " house_day_id = NULL"
            )
            connection.execute(guard)
    assert shown(house) == {"Skylarkin rang"}
    day = house.clock().date()
    house.desk.do(CorrectFinding(findings[0], day, "the aunt of skylarkin"))
    found = house.desk.ask(findings_of, visit_id=visit)
    assert {one.finding for one in found} == {"Skylarkin rang"}
    assert [one.evidence for one in found] == ["the aunt of skylarkin", "", ""]
    house.clock.forward(days=366 * 6)
    destroyed(house)
    assert shown(house) == {"[name removed] rang"}
    found = house.desk.ask(findings_of, visit_id=visit)
    assert {one.finding for one in found} == {"[name removed] rang"}
    assert [one.evidence for one in found] == ["the aunt of [name removed]", "", ""]
    assert b"skylarkin" not in every_row(house)


def test_keys_of_the_house_stand_in_the_keys_part_of_a_backup_only(house):
    house.desk.do(WriteLine(LineWords(text="The boiler is warm")))
    with house.desk.copied() as copy:
        assert copy.facts.rows["house_day"] == 1
        assert "house_day_key" in OUT_OF_BACKUP
        part = copy.keys.to_bytes()
    assert len(read_key_part(part).rows["house_day"]) == 1
    older = json.loads(part)
    del older["rows"]["house_day"]
    assert read_key_part(json.dumps(older).encode()).rows["house_day"] == ()
