"""A whole handoff between two people in real windows, and the paper that has codes only."""

import pypdfium2
import pytest
from PySide6.QtCore import Qt

from shelter_desk.desk import accounts, audit_log, entry
from shelter_desk.desk.accounts import Colleague
from shelter_desk.desk.handoff import handoffs
from shelter_desk.desk.missing import StartMissing
from shelter_desk.desk.residents import RecordExit, roster
from shelter_desk.desk.shift_lines import LineWords, WriteLine
from shelter_desk.desk.today import board
from shelter_desk.settings import DeviceSettings
from shelter_desk.ui.paper_sheet import PaperSheet
from shelter_desk.ui.shift.handoff_cards import HouseCard, ResidentCard, SilentCard
from shelter_desk.ui.today_lists import due_line
from shelter_desk.ui.widgets import Label
from tests.conftest import PASSPHRASE
from tests.desk.test_handoff import accept
from tests.ui.real_window import Opened, settle
from tests.ui.test_incidents_page import KeptPaper

KEY = Qt.Key
ADA, WORDS = "aaaaaaaaaaaaaaaaaaaa", "four invented words here"


@pytest.fixture
def opened(look, open_desk, qtbot):
    ada = Colleague(ADA, "Ada", ("residential-staff",), WORDS)
    accounts.add_colleague(open_desk.desk, PASSPHRASE, ada)
    accept(open_desk, ADA)
    return Opened(open_desk, qtbot)


def write(opened, *stays, text="", chips=(), must_know=False):
    opened.shared.do(WriteLine(LineWords(stays, chips, text, must_know)))
    settle()


def words_on(widget):
    shown = [label.text() for label in widget.findChildren(Label) if label.isVisibleTo(widget)]
    return "\n".join(shown)


def hand_over(opened, page, counted="2", on_duty="1"):
    page.outgoing.form.editors["counted"].setFocus()
    opened.write(counted)
    page.outgoing.form.editors["on_duty"].setFocus()
    opened.write(on_duty)
    page.outgoing.sign.setFocus()
    opened.press(KEY.Key_Space)


def test_a_handoff_on_one_machine_from_the_first_line_to_the_next_sheet(opened):
    sky = opened.admit("Sky")
    opened.admit("Ash")
    opened.go("shift_log")
    opened.press(KEY.Key_2, KEY.Key_S, KEY.Key_M, KEY.Key_T)
    opened.write("Lamp stays on tonight")
    opened.press(KEY.Key_Return)
    write(opened, text="The boiler was mended")
    opened.clock.forward(minutes=10)
    page = opened.go("handoff")
    assert "Lamp stays on tonight" in words_on(page.cards)
    assert "The boiler was mended" in words_on(page.findChild(HouseCard))
    hand_over(opened, page)
    assert page.incoming.isVisibleTo(page)
    assert not page.outgoing.isVisibleTo(page)
    assert "Lamp stays on tonight" in words_on(page.cards)
    page.incoming.who.choose(ADA)
    page.incoming.who.activated.emit(1)
    page.incoming.secret.edit.setFocus()
    opened.write("not the words")
    opened.press(KEY.Key_Return)
    assert page.incoming._frames[1].problem.text()
    assert not opened.desk.ask(handoffs)[0].is_received
    page.incoming.secret.edit.setFocus()
    opened.write(WORDS)
    opened.press(KEY.Key_Return)
    settle()
    assert opened.said[-1] == "Ada has taken over."
    (line,) = opened.desk.ask(handoffs)
    assert (line.outgoing, line.incoming, line.counted) == ("Dana", "Ada", 2)
    assert not page.incoming.isVisibleTo(page)
    assert "Lamp stays on tonight" not in words_on(page.cards)
    assert "Dana to Ada" in words_on(page.before)
    newest = opened.desk.ask(audit_log.events, limit=1)[0]
    assert (newest.action, newest.who) == ("handoff.receive", "Ada")
    opened.clock.forward(minutes=10)
    write(opened, sky, text="A quiet hour")
    assert "A quiet hour" in words_on(page.cards)


def test_the_next_person_signs_at_their_own_desk(opened, open_desk, qtbot):
    opened.admit("Sky")
    page = opened.go("handoff")
    hand_over(opened, page, counted="1")
    opened.window.close()
    open_desk.desk.close()
    open_desk.desk = entry.sign_in(
        open_desk.folder, ADA, WORDS, open_desk.care_model, open_desk.clock
    )
    ada = Opened(open_desk, qtbot)
    page = ada.go("handoff")
    assert "Dana handed over" in words_on(page.incoming)
    assert not page.incoming.secret.isVisibleTo(page)
    page.incoming.own.setFocus()
    ada.press(KEY.Key_Space)
    assert ada.desk.ask(handoffs)[0].incoming == "Ada"
    assert page.outgoing.isVisibleTo(page)


def test_a_count_that_differs_asks_why_beside_the_box(opened):
    opened.admit("Sky")
    page = opened.go("handoff")
    hand_over(opened, page, counted="3")
    assert "1 should be here" in page.outgoing.form.frames["why"].problem.text()
    assert opened.desk.ask(handoffs) == ()
    assert page.outgoing.form.typed()["counted"] == "3"
    opened.write("Two guests of the house")
    page.outgoing.sign.click()
    assert opened.desk.ask(handoffs)[0].why == "Two guests of the house"


def test_who_is_missing_stands_first(opened):
    sky = opened.admit("Sky")
    opened.desk.do(StartMissing(sky, opened.clock()))
    page = opened.go("handoff")
    assert "Sky is missing since" in words_on(page.first)
    (card,) = page.findChildren(ResidentCard)
    assert "missing since" in words_on(page.cards) or card.one.missing_since


def test_what_must_be_known_stands_first_and_a_quiet_time_is_one_line(opened, look):
    names = [f"Sky{number}" for number in range(8)]
    stays = [opened.admit(name) for name in names]
    page = opened.go("handoff")
    hand_over(opened, page, counted="8")
    page.incoming.who.choose(ADA)
    page.incoming.secret.edit.setText(WORDS)
    opened.press(KEY.Key_Tab, KEY.Key_Return)
    opened.clock.forward(minutes=10)
    for number in range(5):
        write(opened, stays[2], text=f"Asked for tea {number}")
        write(opened, stays[3], text=f"Waits for a call {number}", must_know=True)
        write(opened, text=f"The boiler hums {number}")
    write(opened, stays[0], chips=("slept-badly",))
    write(opened, text="No water until noon", must_know=True)
    page = opened.go("handoff")
    cards = page.cards.findChildren(ResidentCard)
    assert [card.one.called for card in cards] == ["Sky3", "Sky0", "Sky2"]
    assert words_on(cards[0]).count("Waits for a call") == 3
    assert "and 2 more to know in the log" in words_on(cards[0])
    (tea,) = [label for label in cards[2].findChildren(Label) if "tea" in label.text()]
    assert not tea.wordWrap()
    assert all(f"tea {number}" in tea.text() for number in range(5))
    house = words_on(page.findChild(HouseCard))
    assert house.index("No water") < house.index("The boiler hums")
    assert house.count("The boiler hums") == 3
    assert "and 2 more lines in the log" in house
    opened.go("people")
    look.apply(DeviceSettings(200, "light"))
    opened.go("handoff")
    settle()
    assert page.cards.findChildren(ResidentCard)[0].open_log.hasFocus()  # it is read first there
    look.apply(DeviceSettings(100, "light"))
    silent = words_on(page.findChild(SilentCard))
    assert silent == "Nothing was written about Sky1, Sky4, Sky5, Sky6, Sky7."
    page.paper = KeptPaper()
    page.print.click()
    settle()
    opened.sheet(PaperSheet).print.click()
    opened.sheet(PaperSheet).close_sheet()
    document = pypdfium2.PdfDocument(page.paper.printed[0])
    paper = " ".join(" ".join(one.get_textpage().get_text_range() for one in document).split())
    code = {card.called: card.case_code for card in page._found.residents}
    order = ["1 resident to know of", code["Sky3"], "MUST KNOW: Waits for a call", "The house",
             "MUST KNOW: No water", "and 2 more lines", "2 residents besides", code["Sky0"],
             code["Sky2"], *(f"tea {number}" for number in (4, 3, 2, 1, 0)),
             "Nothing was written about", code["Sky1"]]  # fmt: skip
    places = [paper.index(words) for words in order]
    assert places == sorted(places), "folded as the screen is, and nothing of it lost"
    assert paper.count("MUST KNOW: Waits") == 3
    assert "and 2 more in the log" in paper
    assert len(document) == 1
    opened.desk.do(RecordExit(stays[7], opened.clock(), "kin", "422"))
    opened.clock.forward(days=2)
    opened.go("people")
    page = opened.go("handoff")
    first = words_on(page.first).splitlines()
    assert "Sky7 (has left)" in words_on(page.first)
    now, zone = opened.clock(), opened.shared.zone
    late = [one for one in opened.desk.ask(board, now=now).lines if one.stay_id == stays[7]]
    assert late
    assert all(due_line(one, now, zone).below.startswith("has left · ") for one in late)
    assert sum("overdue, safety first; the oldest: " in line for line in first) == 3
    (others,) = [line for line in first if line.startswith("Also overdue, safety first: ")]
    assert all(name in others for name in names[4:7])


def test_the_paper_has_codes_and_no_name(opened):
    sky, ash = opened.admit("Sky"), opened.admit("Ash")
    write(opened, sky, ash, text="Sky and Ash cooked", must_know=True)
    write(opened, sky, text="Long talk with Sky's aunt")
    page = opened.go("handoff")
    page.paper = KeptPaper()
    page.print.click()
    settle()
    opened.sheet(PaperSheet).print.click()
    document = pypdfium2.PdfDocument(page.paper.printed[0])
    text = " ".join(one.get_textpage().get_text_range() for one in document)
    codes = {line.called: line.case_code for line in opened.desk.ask(roster, now=opened.clock())}
    assert f"MUST KNOW: {codes['Sky']} and {codes['Ash']} cooked" in " ".join(text.split())
    assert "shred it" in text
    for name in ("Sky", "Ash"):
        assert name not in text
    assert opened.desk.ask(audit_log.events, limit=1)[0].action == "handoff.print"


def test_the_log_of_a_resident_is_one_key_away(opened):
    sky = opened.admit("Sky")
    page = opened.go("handoff")
    (card,) = page.findChildren(ResidentCard)
    card.open_log.setFocus()
    opened.press(KEY.Key_Space)
    assert opened.window.page == "shift_log"
    assert opened.window.view("shift_log").whose.code() == sky


def test_an_empty_house_says_so(opened):
    page = opened.go("handoff")
    assert page.none.isVisibleTo(page)


def test_one_is_one_and_after_the_first_signature_the_keyboard_is_on_who_takes_over(opened):
    opened.admit()
    page = opened.go("handoff")
    assert page.staffing.text.startswith("1 resident. Nobody has counted")
    page.outgoing.form.editors["counted"].setFocus()
    opened.write("1")
    opened.press(KEY.Key_Tab)
    opened.write("1")
    opened.press(KEY.Key_Return)
    assert page.staffing.text.startswith("1 staff for 1 resident. ")
    assert page.incoming.who.hasFocus()


def test_too_few_staff_are_said_while_the_numbers_are_typed_and_after(opened):
    for number in range(5):
        opened.admit(f"Sky{number}")
    page = opened.go("handoff")
    assert "Nobody has counted" in page.staffing.text
    assert not page.outgoing.staffing.isVisible()  # said once, and not beside a count of before
    page.outgoing.form.editors["counted"].setFocus()
    opened.write("5")
    page.outgoing.form.editors["on_duty"].setFocus()
    opened.write("1")
    assert page.outgoing.staffing.isVisible()
    assert page.outgoing.staffing.text.startswith("1 staff for 5 residents.")
    assert "One too few." in page.outgoing.staffing.text
    opened.press(KEY.Key_Backspace, KEY.Key_2)
    assert "too few" not in page.outgoing.staffing.text
    opened.press(KEY.Key_Backspace, KEY.Key_1, KEY.Key_Return)
    assert opened.desk.ask(handoffs)[0].on_duty == 1
    assert "One too few." in page.staffing.text
    assert "Not checked for your state." in page.staffing.text
    rounds = opened.go("rounds")
    assert rounds.staffing.text == page.staffing.text
    assert rounds.staffing.toolTip()
