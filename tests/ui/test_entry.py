"""The windows before the desk: unlock, first set-up, recovery kit, trouble."""

import threading
from datetime import date

import pytest
import segno
from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from shelter_desk.domain.errors import DeskError
from shelter_desk.reports.blocks import Points
from shelter_desk.reports.recovery_kit import recovery_kit
from shelter_desk.ui.door_values import Kit
from shelter_desk.ui.entry import EntryWindow
from shelter_desk.ui.first_run import FirstRunPage
from shelter_desk.ui.forgot import ForgotPage, KitEdit, in_groups
from shelter_desk.ui.jobs import InlineJobs, ThreadedJobs
from shelter_desk.ui.kit_paper import KitPaper, qr_image
from shelter_desk.ui.passphrase import OWN
from shelter_desk.ui.trouble import TroublePage
from shelter_desk.ui.trouble_words import TROUBLES, Way
from shelter_desk.ui.unlock import UnlockPage
from tests.ui.fake_desk import NOON
from tests.ui.fake_door import CODE, WORDS, DiskFullError, FakeDoor, KeptPaper

LEFT = Qt.MouseButton.LeftButton
SHIFT = Qt.KeyboardModifier.ShiftModifier


@pytest.fixture
def paper():
    return KeptPaper()


@pytest.fixture
def enter(look, qtbot, paper):
    windows = []

    def made(door, jobs=None):
        window = EntryWindow(door, jobs or InlineJobs(), paper)
        window.seen = []
        window.opened.connect(window.seen.append)
        qtbot.addWidget(window)
        window.start()
        window.show()
        window.activateWindow()
        qtbot.waitUntil(window.isActiveWindow)
        windows.append(window)  # a test may keep the page only
        return window

    return made


# Unlock


def test_a_person_and_the_right_passphrase_open_the_desk(enter):
    window = enter(FakeDoor())
    page = window.page
    QTest.mouseClick(page.tiles()[1], LEFT)
    assert page.secret.edit.hasFocus()
    QTest.keyClicks(page.secret.edit, "right")
    QTest.keyClick(page.secret.edit, Qt.Key.Key_Return)
    assert window.seen == ["desk of l"]
    assert page.secret.text() == ""


def test_people_are_chosen_with_the_arrows_too(enter):
    window = enter(FakeDoor())
    first, second = window.page.tiles()[:2]
    first.setFocus()
    QTest.keyClick(first, Qt.Key.Key_Space)
    QTest.keyClick(first, Qt.Key.Key_Right)
    assert second.isChecked()
    assert second.hasFocus()
    QTest.keyClick(second, Qt.Key.Key_Return)
    assert window.page.secret.edit.hasFocus()


def test_a_wrong_passphrase_is_said_without_blame_and_the_box_is_empty(enter):
    window = enter(FakeDoor())
    page = window.page
    page.tiles()[0].click()
    QTest.keyClicks(page.secret.edit, "wrong")
    QTest.mouseClick(page.unlock, LEFT)
    assert "do not fit together" in page.problem.text()
    assert page.secret.text() == ""
    assert page.secret.edit.hasFocus()
    assert window.seen == []


def test_what_is_missing_is_asked_for(enter):
    page = enter(FakeDoor()).page
    QTest.mouseClick(page.unlock, LEFT)
    assert page.problem.text() == "First choose who you are."
    page.tiles()[0].click()
    QTest.mouseClick(page.unlock, LEFT)
    assert page.problem.text() == "Type your passphrase."


def test_a_passphrase_typed_while_a_name_has_the_keyboard_is_not_lost(enter):
    page = enter(FakeDoor()).page
    first = page.tiles()[0]
    first.setFocus()
    for key in WORDS:
        QTest.keyClick(page.window().focusWidget(), key)
    assert page.secret.text() == WORDS
    QTest.keyClick(page.secret.edit, Qt.Key.Key_Return)
    assert page.problem.text() == "First choose who you are."
    assert first.hasFocus()
    QTest.keyClick(first, Qt.Key.Key_Return)
    assert first.isChecked()
    assert page.secret.edit.hasFocus()
    assert page.secret.text() == WORDS


def test_after_failed_tries_the_button_waits(enter, qtbot):
    door = FakeDoor()
    page = enter(door).page
    page.tiles()[0].click()
    QTest.keyClicks(page.secret.edit, "wrong")
    door.wait = 2
    QTest.mouseClick(page.unlock, LEFT)
    assert not page.unlock.isEnabled()
    assert page.unlock.text() == "Wait 2 s"
    QTest.keyClicks(page.secret.edit, "right")
    QTest.keyClick(page.secret.edit, Qt.Key.Key_Return)
    assert not page.unlock.isEnabled()
    qtbot.waitUntil(page.unlock.isEnabled, timeout=4000)
    assert page.unlock.text() == "Unlock"


def test_caps_lock_is_noticed_from_the_letters(enter):
    page = enter(FakeDoor()).page
    plain = Qt.KeyboardModifier.NoModifier
    for text, modifier, on in (
        ("A", SHIFT, False),
        ("b", plain, False),
        ("7", SHIFT, False),
        ("C", plain, True),
        ("d", SHIFT, True),
        ("e", plain, False),
    ):
        event = QKeyEvent(QKeyEvent.Type.KeyPress, Qt.Key.Key_A, modifier, text)
        QApplication.sendEvent(page.secret.edit, event)
        assert page.caps.isVisible() == on, text


def test_with_hidden_names_the_name_is_typed(enter):
    window = enter(FakeDoor(hidden=True))
    page = window.page
    assert page.tiles() == ()
    assert page.name.hasFocus()
    QTest.keyClicks(page.name, "Dana")
    QTest.keyClicks(page.secret.edit, "right")
    QTest.keyClick(page.secret.edit, Qt.Key.Key_Return)
    assert window.seen == ["desk of Dana"]


def test_the_key_is_derived_off_the_main_thread(enter, qtbot):
    door = FakeDoor()
    window = enter(door, ThreadedJobs())
    page = window.page
    page.tiles()[0].click()
    QTest.keyClicks(page.secret.edit, "right")
    QTest.mouseClick(page.unlock, LEFT)
    assert not page.unlock.isEnabled()
    qtbot.waitUntil(lambda: window.seen == ["desk of d"])
    assert door.threads != [threading.main_thread().name]


# Trouble


@pytest.mark.parametrize("code", sorted(TROUBLES))
def test_every_trouble_has_a_page_with_steps_and_ways_on(enter, code):
    error = DeskError()
    error.code = code
    window = enter(FakeDoor(trouble=error))
    page = window.page
    assert isinstance(page, TroublePage)
    assert page.title.text() == TROUBLES[code].title
    assert len(page.trouble.do) >= 1
    assert page.trouble.ways[-1] is Way.QUIT
    assert page.buttons[page.trouble.ways[0]].hasFocus()
    for word in ("error", "invalid", "failed", "!"):
        assert word not in (page.trouble.title + page.trouble.happened).lower()


def test_the_needed_troubles_are_there():
    assert set(TROUBLES) >= {
        "wrong-passphrase", "slots-damaged", "damaged-store", "missing-store", "plain-store",
        "newer-store", "store-in-use", "read-only-folder", "disk-full", "place-refused",
    }  # fmt: skip


def test_trying_again_looks_again(enter):
    door = FakeDoor(trouble=DiskFullError())
    window = enter(door)
    QTest.mouseClick(window.page.buttons[Way.AGAIN], LEFT)
    assert isinstance(window.page, TroublePage)
    door.trouble = None
    QTest.mouseClick(window.page.buttons[Way.AGAIN], LEFT)
    assert isinstance(window.page, UnlockPage)


def test_another_folder_is_looked_into(enter, tmp_path):
    door = FakeDoor(trouble=DiskFullError())
    window = enter(door)
    window.use_folder(tmp_path)
    assert door.folders == [tmp_path]
    assert isinstance(window.page, UnlockPage)


def test_quit_is_always_there(enter, qtbot):
    window = enter(FakeDoor(trouble=DiskFullError()))
    with qtbot.waitSignal(window.quit_wanted):
        QTest.mouseClick(window.page.buttons[Way.QUIT], LEFT)


def test_trouble_while_unlocking_gets_its_page(enter):
    window = enter(FakeDoor(on_unlock=DiskFullError()))
    window.page.tiles()[0].click()
    QTest.keyClicks(window.page.secret.edit, "right")
    QTest.keyClick(window.page.secret.edit, Qt.Key.Key_Return)
    assert window.page.title.text() == TROUBLES["disk-full"].title


def test_what_nobody_expected_gets_a_code_and_no_values(enter):
    window = enter(FakeDoor(on_unlock=ValueError("Sky R. was born on 3 March")))
    window.page.tiles()[0].click()
    QTest.keyClicks(window.page.secret.edit, "right")
    QTest.keyClick(window.page.secret.edit, Qt.Key.Key_Return)
    page = window.page.trouble
    words = " ".join((page.title, page.happened, *page.do))
    assert "ValueError fake_door:" in words
    assert "Sky" not in words


# Recovery kit


def test_the_paper_names_the_button_that_the_lock_screen_has(enter):
    words = enter(FakeDoor()).page.forgotten.text()
    papers = recovery_kit("Harbor House", CODE, date(2026, 3, 10)).blocks
    steps = [step for block in papers if isinstance(block, Points) for step in block.items]
    assert sum(f"choose “{words}”" in step for step in steps) == 2  # one in each copy


def test_the_kit_sets_a_new_passphrase(enter):
    door = FakeDoor()
    window = enter(door)
    QTest.mouseClick(window.page.forgotten, LEFT)
    page = window.page
    assert isinstance(page, ForgotPage)
    QTest.keyClicks(page.kit, CODE.replace("-", "").lower())
    assert page.kit.text() == CODE
    QTest.keyClick(page.kit, Qt.Key.Key_Return)
    page.person.setCurrentIndex(2)
    QTest.keyClicks(page.choice.again.edit, WORDS)
    QTest.mouseClick(page.next, LEFT)
    assert door.reset_to == [("p", WORDS)]
    assert isinstance(window.page, UnlockPage)
    assert "Priya N. has a new passphrase" in window.page.banner.text
    assert "put the kit back" in window.page.banner.text


def test_a_wrong_kit_is_said_and_kept_for_correcting(enter):
    window = enter(FakeDoor())
    window.show_forgot()
    QTest.keyClicks(window.page.kit, "M8A6")
    QTest.mouseClick(window.page.next, LEFT)
    assert "group by group" in window.page._kit_frame.problem.text()
    assert window.page.kit.text() == "M8A6"
    QTest.mouseClick(window.page.back, LEFT)
    assert isinstance(window.page, UnlockPage)


def test_the_two_passphrases_must_be_the_same(enter):
    door = FakeDoor()
    window = enter(door)
    window.show_forgot()
    page = window.page
    page.kit.setText(CODE)
    QTest.mouseClick(page.next, LEFT)
    QTest.keyClicks(page.choice.again.edit, "maple otter")
    QTest.mouseClick(page.next, LEFT)
    assert door.reset_to == []
    assert "not the same" in page.choice._again.problem.text()


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("", ""),
        ("m8a", "M8A"),
        ("M8A60", "M8A6-0"),
        ("m8 a6 0yyh", "M8A6-0YYH"),
        ("x" * 99, "-".join(["XXXX"] * 8)),
    ],
)
def test_hyphens_come_by_themselves(typed, shown):
    assert in_groups(typed) == shown


def test_a_correction_in_the_middle_keeps_its_place(look, qtbot):
    edit = KitEdit("The code")
    qtbot.addWidget(edit)
    edit.setText("M8A6-1YYH")
    edit.setCursorPosition(6)
    QTest.keyClick(edit, Qt.Key.Key_Backspace)
    QTest.keyClicks(edit, "0")
    assert edit.text() == "M8A6-0YYH"
    assert edit.cursorPosition() == 6


# First set-up


def first_run(window):
    assert isinstance(window.page, FirstRunPage)
    return window.page


def to_kit(page):
    QTest.mouseClick(page.next, LEFT)
    QTest.keyClicks(page.shelter.called, "Harbor House")
    QTest.mouseClick(page.next, LEFT)
    QTest.keyClicks(page.director.called, "Ruth M.")
    QTest.keyClicks(page.director.choice.again.edit, WORDS.replace(" ", "  "))
    QTest.mouseClick(page.next, LEFT)


def test_first_set_up_from_welcome_to_open_desk(enter, paper):
    door = FakeDoor(there=False)
    window = enter(door)
    page = first_run(window)
    to_kit(page)
    QTest.mouseClick(page.kit.print_button, LEFT)
    QTest.mouseClick(page.kit.save_button, LEFT)
    assert paper.printed == paper.saved == [b"%PDF of " + CODE.encode()]
    QTest.mouseClick(page.kit.kept, LEFT)
    QTest.mouseClick(page.next, LEFT)
    QTest.keyClicks(page.typed.typed, CODE)
    assert door.created == []
    QTest.mouseClick(page.next, LEFT)
    shelter, kit = door.created[0]
    assert (shelter.name, shelter.zone, shelter.director) == (
        "Harbor House",
        "America/Chicago",
        "Ruth M.",
    )
    assert shelter.passphrase == WORDS
    assert kit.code == CODE
    assert window.seen == []
    QTest.mouseClick(page.next, LEFT)
    assert window.seen == ["new desk"]


def test_first_set_up_by_keyboard_alone(enter):
    door = FakeDoor(there=False)
    window = enter(door)
    page = first_run(window)

    def enter_key():
        QTest.keyClick(window.focusWidget(), Qt.Key.Key_Return)

    enter_key()
    QTest.keyClicks(window.focusWidget(), "Harbor House")
    enter_key()
    QTest.keyClicks(window.focusWidget(), "Ruth M.")
    page.director.choice.again.edit.setFocus()
    QTest.keyClicks(window.focusWidget(), WORDS)
    enter_key()
    page.kit.kept.setFocus()
    QTest.keyClick(window.focusWidget(), Qt.Key.Key_Space)
    enter_key()
    QTest.keyClicks(window.focusWidget(), CODE.lower())
    enter_key()
    assert len(door.created) == 1
    enter_key()
    assert window.seen == ["new desk"]


def test_each_step_asks_for_what_is_missing(enter):
    window = enter(FakeDoor(there=False))
    page = first_run(window)
    QTest.mouseClick(page.next, LEFT)
    QTest.mouseClick(page.next, LEFT)
    assert page.place == 1
    assert "name of the shelter" in page.shelter._called.problem.text()
    QTest.keyClicks(page.shelter.called, "Harbor House")
    QTest.mouseClick(page.next, LEFT)
    QTest.mouseClick(page.next, LEFT)
    assert page.place == 2
    QTest.keyClicks(page.director.called, "Ruth M.")
    QTest.mouseClick(page.next, LEFT)
    assert page.place == 2
    QTest.keyClicks(page.director.choice.again.edit, WORDS)
    QTest.mouseClick(page.next, LEFT)
    QTest.mouseClick(page.next, LEFT)
    assert page.place == 3
    assert "tick that you have it" in page.kit.said.text
    QTest.mouseClick(page.kit.kept, LEFT)
    QTest.mouseClick(page.next, LEFT)
    QTest.mouseClick(page.next, LEFT)
    assert page.place == 4


def test_a_kit_typed_wrong_makes_no_records(enter):
    door = FakeDoor(there=False)
    page = first_run(enter(door))
    to_kit(page)
    QTest.mouseClick(page.kit.kept, LEFT)
    QTest.mouseClick(page.next, LEFT)
    QTest.keyClicks(page.typed.typed, CODE[:-1] + "0")
    QTest.mouseClick(page.next, LEFT)
    assert door.created == []
    assert "Compare group 3" in page.typed._frame.problem.text()


def test_a_failure_while_making_the_records_keeps_everything_typed(enter):
    door = FakeDoor(there=False)
    page = first_run(enter(door))

    def full(_shelter, _kit):
        raise DiskFullError

    door.create = full
    to_kit(page)
    QTest.mouseClick(page.kit.kept, LEFT)
    QTest.mouseClick(page.next, LEFT)
    QTest.keyClicks(page.typed.typed, CODE)
    QTest.mouseClick(page.next, LEFT)
    assert page.place == 4
    assert page.typed.problem.text == "The disk is full."
    assert page.typed.typed.text() == CODE
    del door.create
    QTest.mouseClick(page.next, LEFT)
    assert len(door.created) == 1


def test_ones_own_passphrase_must_be_strong_and_without_known_names(enter):
    page = first_run(enter(FakeDoor(there=False)))
    QTest.mouseClick(page.next, LEFT)
    QTest.keyClicks(page.shelter.called, "Harbor House")
    QTest.mouseClick(page.next, LEFT)
    QTest.keyClicks(page.director.called, "Ruth M.")
    choice = page.director.choice
    QTest.mouseClick(choice.kind.buttons()[1], LEFT)
    assert choice.kind.value() == OWN
    QTest.keyClicks(choice.own.edit, "harbor house 2026")
    assert "Leave out names" in choice.advice.text()
    QTest.keyClicks(choice.again.edit, "harbor house 2026")
    QTest.mouseClick(page.next, LEFT)
    assert page.place == 2
    choice.own.clear()
    choice.again.clear()
    QTest.keyClicks(choice.own.edit, "seven slow boats")
    assert choice.advice.text() == "This is strong enough."
    QTest.keyClicks(choice.again.edit, "seven slow boats")
    QTest.mouseClick(page.next, LEFT)
    assert page.place == 3


def test_going_back_keeps_what_was_typed_and_the_kit(enter):
    page = first_run(enter(FakeDoor(there=False)))
    to_kit(page)
    kit = page.kit.kit
    QTest.mouseClick(page.back, LEFT)
    assert page.director.called.text() == "Ruth M."
    QTest.mouseClick(page.next, LEFT)
    assert page.kit.kit is kit


def test_a_stick_that_is_full_is_said(enter, paper):
    paper.full = True
    page = first_run(enter(FakeDoor(there=False)))
    to_kit(page)
    QTest.mouseClick(page.kit.save_button, LEFT)
    assert "Choose another place" in page.kit.said.text


def test_the_paper_shows_the_code_and_the_same_as_a_qr_code(look, qtbot):
    image = qr_image(CODE)
    matrix = segno.make(CODE, error="m", micro=False).matrix
    side = range(image.width())
    black = [[image.pixelColor(x, y).lightness() < 128 for x in side] for y in side]
    assert black == [[bool(module) for module in line] for line in matrix]
    paper = KitPaper(Kit(CODE, "Harbor House", NOON.date()))
    qtbot.addWidget(paper)
    assert CODE in paper.accessibleName()
    assert paper.grab().toImage().pixelColor(30, 60).name() == "#ffffff"
