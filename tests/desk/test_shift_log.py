"""The shift log through the desk: whom a line names, corrections, and a paper for one resident."""

from datetime import timedelta
from itertools import pairwise

import pypdfium2
import pytest

from shelter_desk.desk import accounts, entry, residents
from shelter_desk.desk.accounts import Colleague
from shelter_desk.desk.audit_log import events
from shelter_desk.desk.sealing import KeyNotHeldError
from shelter_desk.desk.shift_lines import CorrectLine, LineWords, WithdrawLine, WriteLine
from shelter_desk.desk.shift_log import LinesWanted, shift_lines
from shelter_desk.desk.shift_paper import ANOTHER, DiscloseShiftLog, shift_paper
from shelter_desk.domain.errors import InvalidError
from shelter_desk.reports.shift_log import shift_log_pdf
from tests.conftest import PASSPHRASE

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def house(open_desk):
    """Sky, Ada Lou and Zoë are here; returns their stays by name."""
    legal = {"Ada Lou": "Adelheid Invented"}
    return {
        called.split()[0]: open_desk.desk.do(
            residents.Admit(called, open_desk.clock(), legal_name=legal.get(called, ""))
        ).subject
        for called in ("Sky", "Ada Lou", "Zoë")
    }


def write(opened, *stays, text="", chips=(), **more):
    at = more.pop("happened_at", None)
    words = LineWords(tuple(stays), tuple(chips), text, **more)
    return opened.desk.do(WriteLine(words, at))


def lines(opened, stay=None):
    now = opened.clock()
    wanted = LinesWanted(now - 30 * DAY, now + HOUR, stay)
    return opened.desk.ask(shift_lines, wanted=wanted)


def paper(opened, stay):
    now = opened.clock()
    return opened.desk.ask(shift_paper, stay_id=stay, since=now - 30 * DAY, until=now + HOUR)


def text_of(opened, found):
    pdf = shift_log_pdf(
        found, basis="A court order", model=opened.care_model, zone=opened.desk.house.zone
    )
    document = pypdfium2.PdfDocument(pdf)
    return " ".join(page.get_textpage().get_text_range() for page in document)


def called(line):
    return [one.called for one in line.people]


def test_a_line_names_nobody_one_or_several(open_desk, house):
    write(open_desk, text="The back door sticks")
    write(open_desk, house["Sky"], chips=["slept-well", "mood-calm"])
    write(open_desk, house["Sky"], house["Ada"], text="Cooked together")
    found = lines(open_desk)
    assert [called(line) for line in found] == [["Sky", "Ada Lou"], ["Sky"], []]
    assert [line.text for line in found] == ["Cooked together", "", "The back door sticks"]
    assert found[1].chips == ("slept-well", "mood-calm")
    assert [line.text for line in lines(open_desk, house["Ada"])] == ["Cooked together"]


def test_whoever_is_named_in_the_text_is_on_the_line(open_desk, house):
    write(open_desk, house["Sky"], text="Sky and Zoë want a quiet evening")
    (line,) = lines(open_desk, house["Zoë"])
    assert called(line) == ["Sky", "Zoë"]
    assert line.text == "Sky and Zoë want a quiet evening"


def test_what_is_written_of_somebody_is_nowhere_in_plain_text(open_desk, house):
    write(open_desk, house["Sky"], text="Wants the lamp on")
    with open_desk.desk._store.unguarded() as connection:
        rows = connection.execute("SELECT house_text FROM shift_line").fetchall()
        sealed = connection.execute("SELECT text_sealed FROM shift_line_person").fetchall()
    assert rows == [(None,)]
    assert all(b"lamp" not in row[0] for row in sealed)


def test_a_late_entry_says_so(open_desk):
    happened = open_desk.clock() - 3 * HOUR
    write(open_desk, text="Fire drill", happened_at=happened)
    (line,) = lines(open_desk)
    assert line.is_late_entry
    assert (line.happened_at, line.entered_at) == (happened, open_desk.clock())
    write(open_desk, text="All calm")
    assert not lines(open_desk)[0].is_late_entry


def test_a_correction_takes_the_place_and_the_former_stays_readable(open_desk, house):
    first = write(open_desk, house["Sky"], text="Slept from 10").subject
    open_desk.clock.forward(minutes=9)
    second = open_desk.desk.do(CorrectLine(first, LineWords((house["Sky"],), (), "Slept from 11")))
    open_desk.clock.forward(minutes=9)
    third = CorrectLine(second.subject, LineWords((house["Sky"],), (), "Slept from 11:30"))
    undo = open_desk.desk.do(third).undo
    (line,) = lines(open_desk)
    assert line.text == "Slept from 11:30"
    assert [one.text for one in line.former] == ["Slept from 11", "Slept from 10"]
    assert line.happened_at == line.former[1].happened_at
    with pytest.raises(InvalidError, match="corrected or taken back"):
        open_desk.desk.do(CorrectLine(first, LineWords((), (), "Again")))
    open_desk.desk.do(undo)
    texts = {line.text: line.is_withdrawn for line in lines(open_desk)}
    assert texts == {"Slept from 11": False, "Slept from 11:30": True}


def test_a_line_taken_back_stays_in_the_log_and_in_the_trail(open_desk, house):
    done = write(open_desk, house["Sky"], text="On the wrong person")
    open_desk.desk.do(done.undo)
    (line,) = lines(open_desk)
    assert line.is_withdrawn
    actions = [one.action for one in open_desk.desk.ask(events, limit=2)]
    assert actions == ["shift-line.withdraw", "shift-line.write"]
    with pytest.raises(InvalidError):
        open_desk.desk.do(WithdrawLine(line.line_id))


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (LineWords(), "Choose a word"),
        (LineWords(text="x" * 281), "at most 280"),
        (LineWords(chips=("nonsense",)), "from the list"),
        (LineWords(chips=("slept-well", "slept-badly")), "one word of a kind"),
    ],
)
def test_an_impossible_line_is_refused_whole(open_desk, words, message):
    with pytest.raises(InvalidError, match=message):
        open_desk.desk.do(WriteLine(words))
    with pytest.raises(InvalidError, match="still to come"):
        open_desk.desk.do(WriteLine(LineWords(text="x"), open_desk.clock() + HOUR))
    assert lines(open_desk) == ()


def test_a_paper_for_one_resident_leaves_everybody_else_out(open_desk, house):
    """The others by name, by part of a name, by code, by legal name; on any line, also former."""
    for name in ("Juniper", "محمد", "李娜", "दीपा"):
        past = open_desk.desk.do(residents.Admit(name, open_desk.clock())).subject
        open_desk.desk.do(residents.RecordExit(past, open_desk.clock(), "left-early", "99"))
    codes = {
        line.called: line.case_code
        for line in open_desk.desk.ask(residents.roster, now=open_desk.clock())
    }
    now = open_desk.clock()
    zoe = open_desk.desk.ask(residents.record, stay_id=house["Zoë"], now=now)
    known = {"legal_name": "", "also_known": "Birdie; Captain Z"}
    alias = residents.Correct(zoe.resident_id, zoe.version, "Zoë", **known)
    open_desk.desk.do(alias)
    first = write(
        open_desk, house["Sky"], house["Ada"],
        text="Sky and ada argued; zoe, Lou helped. Adelheid's mother called birdie, for Juniper",
        chips=["mood-angry"],
    ).subject  # fmt: skip
    words = f"Sky ({codes['Sky']}) and {codes['Ada Lou']} made up, Zoe saw it"
    open_desk.desk.do(CorrectLine(first, LineWords((house["Sky"], house["Ada"]), (), words)))
    write(open_desk, house["Ada"], text="Only about Ada")
    write(open_desk, text="The house is quiet, says Zoë")
    write(open_desk, house["Sky"], text="Hopes to see the sky tonight", chips=["slept-well"])
    write(open_desk, house["Sky"], text="Asked about محمد today; 昨天李娜来了; कल दीपा सोई")
    found = paper(open_desk, house["Sky"])
    text = text_of(open_desk, found)
    assert "Sky" in text
    assert codes["Sky"] in text
    assert "Hopes to see the sky tonight" in text
    said = f"about {ANOTHER} today; 昨天{ANOTHER}来了; कल {ANOTHER} सोई"
    assert said in " ".join(text.split())
    folded = text.casefold()
    for name in ("ada", "lou", "zoe", "zoë", "adelheid", "juniper", "birdie"):
        assert name not in folded, name
    for name in ("Ada Lou", "Zoë"):
        assert codes[name] not in text
    assert folded.count(ANOTHER) >= 4
    assert found.left_out
    assert "left out of this copy" in text
    assert "Only about" not in text
    assert "The house is quiet" not in text


def test_the_paper_is_whole_and_in_order(open_desk, house):
    for number in range(60):
        open_desk.clock.forward(minutes=7)
        write(open_desk, house["Sky"], text=f"Line number {number:02d} of the log")
    text = text_of(open_desk, paper(open_desk, house["Sky"]))
    places = [text.index(f"Line number {number:02d}") for number in range(60)]
    assert all(one < other for one, other in pairwise(places))


def test_two_of_one_name_are_kept_apart_by_their_code(open_desk, house):
    other = open_desk.desk.do(residents.Admit("Sky", open_desk.clock())).subject
    write(open_desk, other, text="About the other one")
    write(open_desk, house["Sky"], text="Sky drew a boat")
    found = paper(open_desk, house["Sky"])
    assert [line.text for line in found.lines] == ["Sky drew a boat"]


def test_the_print_is_in_the_trail_with_its_basis(open_desk, house):
    open_desk.desk.do(DiscloseShiftLog(house["Sky"], "court-order"))
    (event,) = open_desk.desk.ask(events, limit=1)
    assert (event.action, event.reason) == ("paper.disclose", "shift-log:court-order")
    with pytest.raises(InvalidError):
        open_desk.desk.do(DiscloseShiftLog(house["Sky"], "because"))


def test_a_name_that_changes_is_told_as_it_is_now(open_desk, house):
    write(open_desk, house["Sky"], text="Sky sang")
    now = open_desk.clock()
    record = open_desk.desk.ask(residents.record, stay_id=house["Sky"], now=now)
    open_desk.desk.do(residents.Correct(record.resident_id, record.version, "Storm"))
    assert [line.text for line in lines(open_desk)] == ["Storm sang"]
    assert paper(open_desk, house["Sky"]).lines[0].text == "Storm sang"


def test_a_colleague_without_the_clinical_part_reads_and_writes_the_log(open_desk, house):
    write(open_desk, house["Sky"], text="Wants the lamp on")
    ada = Colleague("a" * 20, "Ada", ("legal-advocate",), "four invented words here")
    accounts.add_colleague(open_desk.desk, PASSPHRASE, ada)
    open_desk.desk.close()
    open_desk.desk = entry.sign_in(
        open_desk.folder, "a" * 20, ada.passphrase, open_desk.care_model, open_desk.clock
    )
    assert lines(open_desk)[0].text == "Wants the lamp on"
    with pytest.raises(KeyNotHeldError):  # the others' names are closed: no paper leaves
        paper(open_desk, house["Sky"])
    write(open_desk, house["Sky"], text="Called her lawyer")
    assert lines(open_desk)[0].who == "Ada"
