"""The windows before the desk: unlock, first set-up, recovery kit, trouble."""

import threading
from contextlib import closing
from datetime import date
from io import BytesIO

import pytest
import segno
from pypdf import PdfReader
from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from shelter_desk.desk.shelter import settings
from shelter_desk.domain.errors import DeskError
from shelter_desk.reports.blocks import Points
from shelter_desk.reports.recovery_kit import recovery_kit
from shelter_desk.settings import DeviceSettings
from shelter_desk.store.keys.kit import new_kit
from shelter_desk.store.opening import STORE_NAME
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
from shelter_desk.ui.widgets import Label
from tests.conftest import PASSPHRASE, Clock
from tests.journeys.program import hashes
from tests.ui.conftest import NOON
from tests.ui.real_door import WORDS, KeptPaper, house_door, kit_code, new_door

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
        window.door = door
        qtbot.addWidget(window)
        window.start()
        window.show()
        window.activateWindow()
        qtbot.waitUntil(window.isActiveWindow)
        windows.append(window)  # a test may keep the page only
        return window

    yield made
    for window in windows:
        for desk in window.seen:
            desk.close()


@pytest.fixture
def house(enter, tmp_path):
    """Return the window of the way in to records that three people work with."""
    return enter(house_door(tmp_path))


@pytest.fixture
def beginning(enter, tmp_path):
    """Return the window of a computer without records."""
    return enter(new_door(tmp_path))


def chosen(page, name):
    """Choose a person by mouse."""
    tile = next(tile for tile in page.tiles() if tile.person.name == name)
    QTest.mouseClick(tile, LEFT)
    return tile


def keys(field, standard):
    """Press what this system presses to paste, copy or cut."""
    QTest.keySequence(field, QKeySequence(standard))


def signed_in(window):
    """Return who has come in through the window."""
    return [desk.staff.name for desk in window.seen]


# Unlock


def test_a_person_and_the_right_passphrase_open_the_desk(house):
    page = house.page
    chosen(page, "Lee K.")
    assert page.secret.edit.hasFocus()
    QTest.keyClicks(page.secret.edit, WORDS)
    QTest.keyClick(page.secret.edit, Qt.Key.Key_Return)
    assert signed_in(house) == ["Lee K."]
    assert page.secret.text() == ""


def test_a_passphrase_that_was_pasted_is_taken_off_the_clipboard_once_it_was_used(house):
    page, board = house.page, QApplication.clipboard()
    chosen(page, "Lee K.")
    board.setText(f"{WORDS}\n")
    keys(page.secret.edit, QKeySequence.StandardKey.Paste)
    assert board.text(), "it may be pasted once more until it was used"
    QTest.keyClick(page.secret.edit, Qt.Key.Key_Return)
    assert signed_in(house) == ["Lee K."]
    assert board.text() == ""


def test_what_else_lies_on_the_clipboard_stays_there(house):
    page, board = house.page, QApplication.clipboard()
    chosen(page, "Lee K.")
    board.setText("the number of the dentist")
    QTest.keyClicks(page.secret.edit, WORDS)
    QTest.keyClick(page.secret.edit, Qt.Key.Key_Return)
    assert signed_in(house) == ["Lee K."]
    assert board.text() == "the number of the dentist"


def test_a_passphrase_that_is_shown_cannot_be_copied(house):
    page, board = house.page, QApplication.clipboard()
    chosen(page, "Lee K.")
    QTest.keyClicks(page.secret.edit, WORDS)
    QTest.mouseClick(page.secret.eye, LEFT)
    board.setText("before")
    for standard in (QKeySequence.StandardKey.Copy, QKeySequence.StandardKey.Cut):
        page.secret.edit.selectAll()
        keys(page.secret.edit, standard)
    assert (board.text(), page.secret.text()) == ("before", WORDS)


def test_people_are_chosen_with_the_arrows_too(house):
    first, second = house.page.tiles()[:2]
    first.setFocus()
    QTest.keyClick(first, Qt.Key.Key_Space)
    QTest.keyClick(first, Qt.Key.Key_Right)
    assert second.isChecked()
    assert second.hasFocus()
    QTest.keyClick(second, Qt.Key.Key_Return)
    assert house.page.secret.edit.hasFocus()


def test_a_wrong_passphrase_is_said_without_blame_and_the_box_is_empty(house):
    page = house.page
    chosen(page, "Priya N.")
    QTest.keyClicks(page.secret.edit, PASSPHRASE)  # the words of somebody else
    QTest.mouseClick(page.unlock, LEFT)
    assert "do not fit together" in page.problem.text()
    assert page.secret.text() == ""
    assert page.secret.edit.hasFocus()
    assert house.seen == []


def test_what_is_missing_is_asked_for(house):
    page = house.page
    QTest.mouseClick(page.unlock, LEFT)
    assert page.problem.text() == "First choose who you are."
    page.tiles()[0].click()
    QTest.mouseClick(page.unlock, LEFT)
    assert page.problem.text() == "Type your passphrase."


def test_a_passphrase_typed_while_a_name_has_the_keyboard_is_not_lost(house):
    page = house.page
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


def test_after_failed_tries_the_button_waits(enter, tmp_path, qtbot):
    clock = Clock()
    window = enter(house_door(tmp_path, clock))
    page = window.page
    chosen(page, "Lee K.")
    page._wait.setInterval(20)  # a second of the pause passes in 20 ms
    for _ in range(4):
        QTest.keyClicks(page.secret.edit, "not the words")
        QTest.mouseClick(page.unlock, LEFT)
    assert not page.unlock.isEnabled()
    assert page.unlock.text() == "Wait 5 s"
    QTest.keyClicks(page.secret.edit, WORDS)
    QTest.keyClick(page.secret.edit, Qt.Key.Key_Return)
    assert not page.unlock.isEnabled()
    assert window.seen == []
    clock.forward(seconds=5)
    qtbot.waitUntil(page.unlock.isEnabled)
    assert page.unlock.text() == "Unlock"
    QTest.keyClick(page.secret.edit, Qt.Key.Key_Return)
    assert signed_in(window) == ["Lee K."]


def test_caps_lock_is_noticed_from_the_letters(house):
    page = house.page
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


def test_where_nobody_shall_see_who_works_here_the_name_is_typed(look, enter, tmp_path):
    look.apply(DeviceSettings(colour_scheme="light", hides_staff=True))
    window = enter(house_door(tmp_path))
    page = window.page
    assert page.tiles() == ()
    shown = [label.text() for label in window.findChildren(Label) if label.isVisible()]
    assert not any(name in text for text in shown for name in ("Dana", "Lee", "Priya"))
    QTest.mouseClick(page.unlock, LEFT)
    assert page.problem.text() == "Type your name."
    assert page.name.hasFocus()
    for typed in ("Somebody", "lee  k."):
        page.name.selectAll()
        QTest.keyClicks(page.name, typed)
        QTest.keyClick(page.name, Qt.Key.Key_Return)
        assert page.secret.edit.hasFocus()
        QTest.keyClicks(page.secret.edit, WORDS)
        QTest.keyClick(page.secret.edit, Qt.Key.Key_Return)
        if typed == "Somebody":
            assert "do not fit together" in page.problem.text()
            page.name.setFocus()
    assert signed_in(window) == ["Lee K."]


def test_the_key_is_derived_off_the_main_thread(enter, tmp_path, qtbot):
    came_on, clock = [], Clock()

    def now():
        came_on.append(threading.current_thread().name)
        return clock()

    window = enter(house_door(tmp_path, now), ThreadedJobs())
    page = window.page
    chosen(page, "Lee K.")
    QTest.keyClicks(page.secret.edit, WORDS)
    assert came_on == []
    QTest.mouseClick(page.unlock, LEFT)
    assert not page.unlock.isEnabled()
    qtbot.waitUntil(lambda: signed_in(window) == ["Lee K."])
    assert came_on
    assert threading.main_thread().name not in came_on


# Trouble


@pytest.mark.parametrize("code", sorted(TROUBLES))
def test_every_trouble_has_a_page_with_steps_and_ways_on(house, code):
    error = DeskError()
    error.code = code
    house.show_trouble(error)
    page = house.page
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


@pytest.fixture
def without_records(enter, tmp_path):
    """Return the window where the file of the records was taken away, and what brings it back."""
    door = house_door(tmp_path)
    store, away = door.folder / STORE_NAME, tmp_path / "away"
    store.rename(away)
    window = enter(door)
    assert window.page.title.text() == TROUBLES["missing-store"].title
    return window, lambda: away.rename(store)


def test_trying_again_looks_again(without_records):
    window, bring_back = without_records
    QTest.mouseClick(window.page.buttons[Way.AGAIN], LEFT)
    assert isinstance(window.page, TroublePage)
    bring_back()
    QTest.mouseClick(window.page.buttons[Way.AGAIN], LEFT)
    assert isinstance(window.page, UnlockPage)


def test_another_folder_is_looked_into(without_records, tmp_path):
    window, _ = without_records
    (tmp_path / "other").mkdir()
    other = house_door(tmp_path / "other").folder
    window.use_folder(other)
    assert window.door.folder == other
    assert isinstance(window.page, UnlockPage)


def test_quit_is_always_there(without_records, qtbot):
    window, _ = without_records
    with qtbot.waitSignal(window.quit_wanted):
        QTest.mouseClick(window.page.buttons[Way.QUIT], LEFT)


def test_trouble_while_unlocking_gets_its_page(house):
    store = house.door.folder / STORE_NAME
    store.write_bytes(store.read_bytes()[: 4096 * 9 + 100])
    chosen(house.page, "Lee K.")
    QTest.keyClicks(house.page.secret.edit, WORDS)
    QTest.keyClick(house.page.secret.edit, Qt.Key.Key_Return)
    assert house.page.title.text() == TROUBLES["damaged-store"].title
    assert house.seen == []


def test_what_nobody_expected_gets_a_code_and_no_values(enter, tmp_path):
    def broken_clock():
        raise ValueError("Sky R. was born on 3 March")

    window = enter(house_door(tmp_path, broken_clock))
    chosen(window.page, "Lee K.")
    QTest.keyClicks(window.page.secret.edit, WORDS)
    QTest.keyClick(window.page.secret.edit, Qt.Key.Key_Return)
    page = window.page.trouble
    words = " ".join((page.title, page.happened, *page.do))
    assert "ValueError test_entry:" in words
    assert "Sky" not in words


# Recovery kit


def test_the_paper_names_the_button_that_the_lock_screen_has(house):
    words = house.page.forgotten.text()
    papers = recovery_kit("Harbor House", kit_code(), date(2026, 3, 10)).blocks
    steps = [step for block in papers if isinstance(block, Points) for step in block.items]
    assert sum(f"choose “{words}”" in step for step in steps) == 2  # one in each copy


def test_the_kit_sets_a_new_passphrase(house):
    QTest.mouseClick(house.page.forgotten, LEFT)
    page = house.page
    assert isinstance(page, ForgotPage)
    QTest.keyClicks(page.kit, kit_code().replace("-", "").lower())
    assert page.kit.text() == kit_code()
    QTest.keyClick(page.kit, Qt.Key.Key_Return)
    page.person.setCurrentIndex(page.person.findText("Priya N."))
    new = page.choice.value()
    QTest.keyClicks(page.choice.again.edit, new)
    QTest.mouseClick(page.next, LEFT)
    assert isinstance(house.page, UnlockPage)
    assert "Priya N. has a new passphrase" in house.page.banner.text
    assert "put the kit back" in house.page.banner.text
    chosen(house.page, "Priya N.")
    QTest.keyClicks(house.page.secret.edit, new)
    QTest.keyClick(house.page.secret.edit, Qt.Key.Key_Return)
    assert signed_in(house) == ["Priya N."]


def test_the_code_of_a_kit_is_taken_off_the_clipboard_when_its_page_is_left(house):
    QTest.mouseClick(house.page.forgotten, LEFT)
    page, board = house.page, QApplication.clipboard()
    board.setText(kit_code().replace("-", " ").lower())  # as it was typed into some other window
    keys(page.kit, QKeySequence.StandardKey.Paste)
    assert page.kit.text() == kit_code()
    assert board.text()
    QTest.mouseClick(page.back, LEFT)
    assert isinstance(house.page, UnlockPage)
    assert board.text() == ""


def test_a_wrong_kit_is_said_and_kept_for_correcting(house):
    house.show_forgot()
    QTest.keyClicks(house.page.kit, "M8A6")
    QTest.mouseClick(house.page.next, LEFT)
    assert house.page._kit_frame.problem.text()
    assert house.page.kit.text() == "M8A6"
    QTest.mouseClick(house.page.back, LEFT)
    assert isinstance(house.page, UnlockPage)


def test_the_two_passphrases_must_be_the_same(house):
    files = hashes(house.door.folder)
    house.show_forgot()
    page = house.page
    page.kit.setText(kit_code())
    QTest.mouseClick(page.next, LEFT)
    QTest.keyClicks(page.choice.again.edit, "maple otter")
    QTest.mouseClick(page.next, LEFT)
    assert "not the same" in page.choice._again.problem.text()
    assert hashes(house.door.folder) == files


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


def drawn(page):
    """Return the passphrase that was drawn for the director."""
    return page.director.choice.value()


def to_kit(page):
    QTest.mouseClick(page.next, LEFT)
    QTest.keyClicks(page.shelter.called, "Harbor House")
    QTest.mouseClick(page.next, LEFT)
    QTest.keyClicks(page.director.called, "Ruth M.")
    QTest.keyClicks(page.director.choice.again.edit, drawn(page).replace(" ", "  "))
    QTest.mouseClick(page.next, LEFT)


def test_first_set_up_from_welcome_to_open_desk(beginning, paper):
    page, folder = first_run(beginning), beginning.door.folder
    to_kit(page)
    code = page.kit.kit.code
    QTest.mouseClick(page.kit.print_button, LEFT)
    QTest.mouseClick(page.kit.save_button, LEFT)
    assert paper.printed == paper.saved
    printed = "".join(sheet.extract_text() for sheet in PdfReader(BytesIO(paper.saved[0])).pages)
    assert all(printed.count(group) >= 2 for group in code.split("-"))  # two copies
    QTest.mouseClick(page.kit.kept, LEFT)
    QTest.mouseClick(page.next, LEFT)
    QTest.keyClicks(page.typed.typed, code)
    assert not folder.exists()
    words = drawn(page)
    QTest.mouseClick(page.next, LEFT)
    assert beginning.seen == []
    QTest.mouseClick(page.next, LEFT)
    assert signed_in(beginning) == ["Ruth M."]
    house = beginning.seen[0].ask(settings)
    assert (house.name, house.zone) == ("Harbor House", page.shelter.zone.currentText())
    beginning.seen.pop().close()
    with closing(beginning.door.unlock(beginning.door.staff()[0].id, words)) as desk:
        assert "director" in desk.staff.roles
    assert [person.name for person in beginning.door.open_with_kit(code)] == ["Ruth M."]


def test_first_set_up_by_keyboard_alone(beginning):
    page = first_run(beginning)

    def enter_key():
        QTest.keyClick(beginning.focusWidget(), Qt.Key.Key_Return)

    enter_key()
    QTest.keyClicks(beginning.focusWidget(), "Harbor House")
    enter_key()
    QTest.keyClicks(beginning.focusWidget(), "Ruth M.")
    page.director.choice.again.edit.setFocus()
    QTest.keyClicks(beginning.focusWidget(), drawn(page))
    enter_key()
    page.kit.kept.setFocus()
    QTest.keyClick(beginning.focusWidget(), Qt.Key.Key_Space)
    enter_key()
    QTest.keyClicks(beginning.focusWidget(), page.kit.kit.code.lower())
    enter_key()
    enter_key()
    assert signed_in(beginning) == ["Ruth M."]


def test_each_step_asks_for_what_is_missing(beginning):
    page = first_run(beginning)
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
    QTest.keyClicks(page.director.choice.again.edit, drawn(page))
    QTest.mouseClick(page.next, LEFT)
    QTest.mouseClick(page.next, LEFT)
    assert page.place == 3
    assert "tick that you have it" in page.kit.said.text
    QTest.mouseClick(page.kit.kept, LEFT)
    QTest.mouseClick(page.next, LEFT)
    QTest.mouseClick(page.next, LEFT)
    assert page.place == 4


def test_a_kit_typed_wrong_makes_no_records(beginning):
    page = first_run(beginning)
    to_kit(page)
    QTest.mouseClick(page.kit.kept, LEFT)
    QTest.mouseClick(page.next, LEFT)
    code = page.kit.kit.code
    QTest.keyClicks(page.typed.typed, code[:-1] + ("0" if code[-1] != "0" else "1"))
    QTest.mouseClick(page.next, LEFT)
    assert not beginning.door.folder.exists()
    assert "group 8" in page.typed._frame.problem.text()


def test_a_failure_while_making_the_records_keeps_everything_typed(beginning):
    in_the_way = beginning.door.folder.parent / "records"
    page = first_run(beginning)
    to_kit(page)
    QTest.mouseClick(page.kit.kept, LEFT)
    QTest.mouseClick(page.next, LEFT)
    QTest.keyClicks(page.typed.typed, page.kit.kit.code)
    in_the_way.write_text("a file lies where the folder should be")
    QTest.mouseClick(page.next, LEFT)
    assert page.place == 4
    assert "Choose another place" in page.typed.problem.text
    assert page.typed.typed.text() == page.kit.kit.code
    in_the_way.unlink()
    QTest.mouseClick(page.next, LEFT)
    QTest.mouseClick(page.next, LEFT)
    assert signed_in(beginning) == ["Ruth M."]


def test_ones_own_passphrase_must_be_strong_and_without_known_names(beginning):
    page = first_run(beginning)
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
    QTest.keyClicks(choice.own.edit, "seven slow boats on a lake")
    assert choice.advice.text() == "This is strong enough."
    QTest.keyClicks(choice.again.edit, "seven slow boats on a lake")
    QTest.mouseClick(page.next, LEFT)
    assert page.place == 3


def test_going_back_keeps_what_was_typed_and_the_kit(beginning):
    page = first_run(beginning)
    to_kit(page)
    kit = page.kit.kit
    QTest.mouseClick(page.back, LEFT)
    assert page.director.called.text() == "Ruth M."
    QTest.mouseClick(page.next, LEFT)
    assert page.kit.kit is kit


def test_a_stick_that_is_full_is_said(beginning, paper):
    paper.full = True
    page = first_run(beginning)
    to_kit(page)
    QTest.mouseClick(page.kit.save_button, LEFT)
    assert "Choose another place" in page.kit.said.text


def test_the_paper_shows_the_code_and_the_same_as_a_qr_code(look, qtbot):
    code = new_kit().code
    image = qr_image(code)
    matrix = segno.make(code, error="m", micro=False).matrix
    side = range(image.width())
    black = [[image.pixelColor(x, y).lightness() < 128 for x in side] for y in side]
    assert black == [[bool(module) for module in line] for line in matrix]
    paper = KitPaper(Kit(code, "Harbor House", NOON.date()))
    qtbot.addWidget(paper)
    assert code in paper.accessibleName()
    assert paper.grab().toImage().pixelColor(30, 60).name() == "#ffffff"
