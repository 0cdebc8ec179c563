"""A shift in the whole program: lines by keys, a round by columns, and a handoff of two people."""

from PySide6.QtCore import Qt

from shelter_desk.desk import accounts, residents
from shelter_desk.desk.accounts import Colleague
from shelter_desk.desk.handoff import handoffs
from shelter_desk.desk.rounds import DONE, shift_round
from shelter_desk.ui.shift.handoff_cards import ResidentCard
from shelter_desk.ui.widgets import Label
from tests.conftest import PASSPHRASE
from tests.desk.test_handoff import accept
from tests.ui.real_window import Opened, settle

KEY = Qt.Key
ADA, WORDS = "aaaaaaaaaaaaaaaaaaaa", "four invented words here"


def words_of(page):
    cards = page.cards.findChildren(ResidentCard)
    return "\n".join(label.text() for card in cards for label in card.findChildren(Label))


def test_a_shift_from_its_first_line_to_its_two_signatures(look, open_desk, qtbot):
    ada = Colleague(ADA, "Ada", ("residential-staff",), WORDS)
    accounts.add_colleague(open_desk.desk, PASSPHRASE, ada)
    accept(open_desk, ADA)
    opened = Opened(open_desk, qtbot)
    for name in ("Ash", "Sky"):
        open_desk.desk.do(residents.Admit(name, open_desk.clock()))
    open_desk.clock.forward(hours=1)

    opened.go("shift_log")  # Ash slept badly; Sky must be known about
    opened.press(KEY.Key_1, KEY.Key_S, KEY.Key_S, KEY.Key_Return)
    opened.press(KEY.Key_2, KEY.Key_M, KEY.Key_T)
    opened.write("Sky waits for a call at nine")
    opened.press(KEY.Key_Return)

    rounds = opened.go("rounds")
    for column, check in enumerate(rounds.grid.cells.checks):
        if not check.item.signatures:
            rounds.grid.setCurrentIndex(rounds.grid.cells.index(0, column))
            opened.press(KEY.Key_C)
    found = opened.desk.ask(shift_round, now=open_desk.clock())
    signed_each = {one.item_id for one in found.checks if one.item.signatures}
    cells = [cell for line in found.lines for key, cell in line.cells.items()
             if key not in signed_each]  # fmt: skip
    assert cells
    assert {cell.state for cell in cells} == {DONE}

    page = opened.go("handoff")
    assert "Sky waits for a call at nine" in words_of(page)
    chips = {card.one.called: card.one.chips for card in page.cards.findChildren(ResidentCard)}
    assert chips["Ash"] == ("slept-badly",)
    page.outgoing.form.editors["counted"].setFocus()
    opened.write("2")
    page.outgoing.form.editors["on_duty"].setFocus()
    opened.write("1")
    page.outgoing.sign.setFocus()
    opened.press(KEY.Key_Space)
    page.incoming.who.choose(ADA)
    page.incoming.secret.edit.setFocus()
    opened.write(WORDS)
    opened.press(KEY.Key_Return)
    settle()
    (line,) = opened.desk.ask(handoffs)
    assert (line.outgoing, line.incoming) == ("Dana", "Ada")
    assert "Sky waits" not in words_of(page)
