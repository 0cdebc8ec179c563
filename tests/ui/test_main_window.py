"""The main window by mouse and keyboard: moving, searching, hiding, locking."""

from zoneinfo import ZoneInfo

import pytest
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import QColor
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu

from shelter_desk.app.demo import DEMO_PASSPHRASE, demo_door
from shelter_desk.app.door import RealDoor
from shelter_desk.desk.care import AnswerItem, stay_plan
from shelter_desk.desk.entry import fits
from shelter_desk.desk.intake import Admit
from shelter_desk.desk.shelter import ChangeShelter, settings
from shelter_desk.domain.errors import NotPermittedError
from shelter_desk.settings import DeviceSettings
from shelter_desk.ui.help import HelpSheet
from shelter_desk.ui.jobs import InlineJobs
from shelter_desk.ui.main_window import House, MainWindow
from shelter_desk.ui.messages import MessageSheet
from shelter_desk.ui.palette import Hit, Palette, matches
from shelter_desk.ui.shared import Shared
from shelter_desk.ui.theme import theme
from shelter_desk.ui.widgets import Label
from tests.conftest import PASSPHRASE
from tests.ui.real_door import signed_in_desk
from tests.ui.real_window import Records
from tests.ui.small_pages import PAGES

LEFT = Qt.MouseButton.LeftButton
ALT, CTRL = Qt.KeyboardModifier.AltModifier, Qt.KeyboardModifier.ControlModifier
PEOPLE = ("Sky R.", "Ash T.", "River L.")


class Opened(list):
    """What the palette was asked to open."""


@pytest.fixture
def opened():
    return Opened()


@pytest.fixture(scope="module")
def records(tmp_path_factory, care_model):
    made = Records(tmp_path_factory.mktemp("records"), care_model)
    yield made
    made.desk.close()


@pytest.fixture(scope="module")
def nurse(tmp_path_factory):
    """Return the desk of somebody who may do less than the director."""
    desk, _ = signed_in_desk(tmp_path_factory.mktemp("nurse"), "Priya N.")
    yield desk
    desk.close()


@pytest.fixture
def make(look, qtbot, opened, records):
    def made(desk=records.desk, **changes):
        def find(typed):
            return [
                Hit("People", name, lambda name=name: opened.append(name), "Room 2", avatar=name)
                for name in PEOPLE
                if typed and matches(typed, name)
            ]

        def check(passphrase):
            return fits(desk.folder, desk.staff.public_id, passphrase, desk.now())

        def actions(typed):
            hit = Hit("Do", "Log a service", lambda: opened.append("service"), icon="plus")
            return [hit] if matches(typed, hit.text) else []

        shared = Shared(desk, InlineJobs(), ZoneInfo("America/Chicago"))
        given = {"check": check, "find": find, "actions": actions, **changes}
        house = House("Harbor House", "Director", **given)
        window = MainWindow(shared, PAGES, house)
        window.test_shared = shared
        qtbot.addWidget(window)
        window.show()
        window.activateWindow()
        qtbot.waitUntil(window.isActiveWindow)
        return window

    return made


@pytest.fixture
def window(make):
    return make()


def key(window, key, modifier=Qt.KeyboardModifier.NoModifier):
    QTest.keyClick(window.focusWidget() or window, key, modifier)
    QApplication.processEvents()


def test_the_first_page_is_open_and_pages_are_reached_by_click_and_key(window):
    assert window.page == "today"
    QTest.mouseClick(window.rail.button("residents"), LEFT)
    assert window.page == "residents"
    assert window.stack.currentWidget() is window.view("residents")
    key(window, Qt.Key.Key_1, ALT)
    assert window.page == "today"
    key(window, Qt.Key.Key_3, ALT)
    assert window.page == "staff"


def test_a_page_is_built_when_it_is_first_opened_and_kept(window):
    assert set(window._views) == {"today"}
    window.go("residents")
    first = window.view("residents")
    window.go("today")
    window.go("residents")
    assert window.view("residents") is first


def test_pages_beyond_the_role_are_not_there(make, nurse):
    window = make(nurse)
    assert "staff" not in window._pages
    window.go("staff")
    assert window.page == "today"
    window.go("intake")
    assert window.page == "today"


def test_pages_move_each_other_with_a_subject(window):
    window.test_shared.go("today", "stay 7")
    assert window.view("today").subjects == ["stay 7"]
    assert window.bar.quiet.text() == "stay 7"
    window.test_shared.go("intake")
    assert window.page == "intake"
    assert window.bar.title.text() == "Intake"
    assert window.rail.button("residents").accessibleDescription() == "open now"


def test_counts_stand_on_the_rail_in_words_too(window):
    window.test_shared.badge("today", 3)
    assert window.rail.button("today").accessibleName() == "Today, 3 waiting"
    window.test_shared.badge("today", 0)
    assert window.rail.button("today").accessibleName() == "Today"


@pytest.mark.parametrize(
    "case",
    [
        (1366, 100, 196, False),
        (1159, 100, 56, False),
        (999, 100, 56, True),
        (1366, 125, 70, False),
        (1366, 150, 84, True),
        (1366, 200, 112, True),
    ],
)
def test_break_points(window, look, qtbot, case):
    width, scale, rail, one_column = case
    look.apply(DeviceSettings(scale, "light"))
    window.resize(width, 768)
    qtbot.waitUntil(lambda: window.rail.width() == rail)
    assert window.view("today").columns._one == one_column
    assert window.bar.search.sizeHint().width() < look.px(60) or not one_column
    edge = window.bar.hide_button.mapTo(window, QPoint(window.bar.hide_button.width(), 0))
    assert edge.x() <= window.width()


def test_the_window_title_names_nobody(window):
    window.test_shared.go("today", "Sky R.")
    assert window.windowTitle() == "Shelter Desk"


def test_only_one_window_is_on_screen(window):
    for page in ("today", "residents", "intake", "staff"):
        window.go(page)
        QApplication.processEvents()
    window.search()
    shown = [w for w in QApplication.topLevelWidgets() if w.isVisible()]
    assert shown == [window]


def test_text_grows_and_shrinks_by_key_between_100_and_200(window):
    sizes = []
    for pressed in (*[Qt.Key.Key_Plus] * 5, *[Qt.Key.Key_Minus] * 6):
        key(window, pressed, CTRL)
        sizes.append(theme().settings.text_scale_percent)
    assert sizes == [125, 150, 175, 200, 200, 175, 150, 125, 100, 100, 100]


def test_f1_says_what_the_page_is_for_and_escape_closes_it(window):
    key(window, Qt.Key.Key_F1)
    sheet = window.findChild(HelpSheet)
    assert sheet.accessibleName() == "Today"
    said = [label.text() for label in sheet.findChildren(Label)]
    assert any("Take the last thing back" in text for text in said)
    key(window, Qt.Key.Key_Escape)
    assert not sheet.isVisible()


def test_the_lock_button_says_when_it_locks_by_itself(make):
    assert "5 quiet minutes" in make(soft_lock_s=300).rail.lock.toolTip()


# Finding


def test_ctrl_k_finds_people_actions_and_pages(window, opened):
    key(window, Qt.Key.Key_K, CTRL)
    palette = window.findChild(Palette)
    QTest.keyClicks(palette.search, "ri")
    QTest.keyClick(palette.search, Qt.Key.Key_Return)
    assert opened == ["River L."]
    assert not palette.isVisible()


def test_the_palette_goes_to_pages_with_the_arrows(window):
    palette = window.search()
    QTest.keyClicks(palette.search, "s")
    names = [palette.model.index(n).data() for n in range(palette.model.rowCount())]
    assert names == ["People", "Sky R., Room 2", "Do", "Log a service", "Go to", "Staff"]
    QTest.keyClick(palette.search, Qt.Key.Key_Up)
    for _ in range(4):
        QTest.keyClick(palette.search, Qt.Key.Key_Down)
    QTest.keyClick(palette.search, Qt.Key.Key_Return)
    assert window.page == "staff"


def test_the_palette_opens_by_click_and_closes_by_escape(window, opened):
    palette = window.search()
    QTest.keyClicks(palette.search, "ash")
    rect = palette.hits.visualRect(palette.model.index(1))
    QTest.mouseClick(palette.hits.viewport(), LEFT, pos=rect.center())
    assert opened == ["Ash T."]
    palette = window.search()
    QTest.keyClick(palette.search, Qt.Key.Key_Escape)
    assert not palette.search.text()
    assert not palette.isVisible()


def test_nothing_found_is_said(window):
    palette = window.search()
    QTest.keyClicks(palette.search, "zzz")
    assert palette.nothing.isVisible()
    QTest.keyClick(palette.search, Qt.Key.Key_Return)
    assert palette.isVisible()


def test_new_shows_only_things_to_do(window):
    QTest.mouseClick(window.bar.new, LEFT)
    palette = window.findChild(Palette)
    assert [palette.model.index(n).data() for n in range(palette.model.rowCount())] == [
        "Do",
        "Log a service",
    ]


# Saying


def test_a_command_shows_a_toast_and_ctrl_z_takes_it_back(window, records):
    shared = window.test_shared
    stay = records.desk.do(Admit("Sky", records.clock())).subject

    def first():
        plan = shared.ask(stay_plan, stay_id=stay, now=shared.now())
        return plan.services[0].items[0]

    item = first()
    assert item.state == "open"
    shared.do(AnswerItem(stay, item.item_id, item.occurrence), said="Ticked “Health screening”")
    assert window.toast.isVisible()
    assert window.toast.text == "Ticked “Health screening”"
    assert first() != item
    key(window, Qt.Key.Key_Z, CTRL)
    assert window.toast.text == "Taken back"
    assert first() == item


def test_a_refusal_is_told_in_a_sheet(make, nurse):
    window = make(nurse)
    window.test_shared.attempt(ChangeShelter(1, "Nurses' House", "America/Chicago", "", 5, ()))
    sheet = window.findChild(MessageSheet)
    assert sheet.isVisible()
    assert sheet.words.text == "Your role does not include this action."
    assert sheet.words.code == ""
    QTest.keyClick(sheet.close_button, Qt.Key.Key_Space)
    assert not sheet.isVisible()
    assert nurse.ask(settings).name == "Harbor House"


# Hiding and locking


def covered(window):
    """True when nothing but the cover is on screen: its ground in every corner and the middle."""
    image = window.grab().toImage()
    ground = QColor(window.cover.palette().window().color()).name()
    spots = ((5, 5), (1300, 20), (100, 700), (1300, 700), (300, 400))
    return all(image.pixelColor(*spot).name() == ground for spot in spots)


@pytest.mark.parametrize("how", ["F9", "button", "Esc"])
def test_hiding_covers_everything_at_once(window, how):
    assert not covered(window)
    if how == "F9":
        key(window, Qt.Key.Key_F9)
    elif how == "button":
        QTest.mouseClick(window.bar.hide_button, LEFT)
    else:
        for _ in range(3):
            key(window, Qt.Key.Key_Escape)
    assert window.is_covered
    assert covered(window)
    assert not window.cover._asking.isVisible()
    assert not window._body.isVisible()


def test_two_escapes_do_not_hide_and_keys_between_start_again(window):
    for pressed in (Qt.Key.Key_Escape, Qt.Key.Key_Escape, Qt.Key.Key_A, Qt.Key.Key_Escape):
        key(window, pressed)
    assert not window.is_covered


@pytest.mark.qt_log_ignore("This plugin does not support")
def test_menus_and_calendars_are_closed_when_it_is_hidden(window, qtbot):
    menu = QMenu(window)
    menu.addAction("Sky R.")
    menu.popup(window.mapToGlobal(QPoint(50, 50)))
    qtbot.waitUntil(menu.isVisible)
    window.hide_now()
    assert not menu.isVisible()


def test_a_key_on_the_clock_asks_for_the_passphrase_and_is_its_first_letter(window):
    window.hide_now()
    QTest.keyClicks(window.cover, PASSPHRASE[0])
    assert window.cover._asking.isVisible()
    QTest.keyClicks(window.cover.secret.edit, PASSPHRASE[1:])
    QTest.keyClick(window.cover.secret.edit, Qt.Key.Key_Return)
    assert not window.is_covered


def test_only_the_right_passphrase_opens_and_the_focus_returns(window):
    window.view("today").list.setFocus()
    key(window, Qt.Key.Key_L, CTRL)
    assert window.is_covered
    box = window.cover.secret.edit
    assert box.hasFocus()
    QTest.keyClicks(box, "wrong")
    QTest.mouseClick(window.cover.unlock, LEFT)
    assert window.is_covered
    assert "not your passphrase" in window.cover.problem.text()
    assert box.text() == ""
    QTest.keyClicks(box, PASSPHRASE)
    QTest.keyClick(box, Qt.Key.Key_Return)
    assert not window.is_covered
    assert window.view("today").list.hasFocus()


def test_a_check_that_fails_says_so_and_keeps_it_locked(window, records):
    key_files = [records.desk.folder / name for name in ("slots.json", "slots.bak")]
    kept = [file.read_bytes() for file in key_files]
    window.lock_now()
    for file in key_files:
        file.write_text("{}")
    QTest.keyClicks(window.cover.secret.edit, PASSPHRASE)
    QTest.keyClick(window.cover.secret.edit, Qt.Key.Key_Return)
    assert window.is_covered
    assert window.cover.problem.text() not in ("", "Checking…")
    for file, whole in zip(key_files, kept, strict=True):
        file.write_bytes(whole)
    QTest.keyClick(window.cover.secret.edit, Qt.Key.Key_Return)  # what was typed is still there
    assert not window.is_covered


def test_what_nobody_expected_shows_no_values_on_the_cover(make):
    def check(_passphrase):
        raise ValueError("Sky R. was born on 3 March")

    window = make(check=check)
    window.lock_now()
    QTest.keyClicks(window.cover.secret.edit, PASSPHRASE)
    QTest.keyClick(window.cover.secret.edit, Qt.Key.Key_Return)
    assert window.is_covered
    assert "ValueError test_main_window:" in window.cover.problem.text()
    assert "Sky" not in window.cover.problem.text()


def test_shortcuts_sleep_while_it_is_covered(window):
    window.lock_now()
    for pressed, modifier in ((Qt.Key.Key_K, CTRL), (Qt.Key.Key_2, ALT), (Qt.Key.Key_Z, CTRL)):
        key(window, pressed, modifier)
    assert window.findChild(Palette) is None
    assert window.page == "today"


def test_tab_does_not_leave_the_cover(window):
    window.lock_now()
    for _ in range(6):
        key(window, Qt.Key.Key_Tab)
        assert window.cover.isAncestorOf(window.focusWidget())


def test_a_sheet_that_was_open_is_covered_and_comes_back(window):
    palette = window.search()
    QTest.keyClicks(palette.search, "sk")
    window.lock_now()
    assert not palette.isVisible()
    window._uncover()
    assert palette.isVisible()
    assert palette.search.text() == "sk"


@pytest.mark.parametrize("cover", ["lock_now", "hide_now"])
def test_what_work_finds_while_it_is_covered_waits_under_the_cover(window, cover):
    getattr(window, cover)()
    field = window.cover.secret.edit
    had_keyboard = window.focusWidget()
    window.test_shared.tell(NotPermittedError())  # as a job does that ends only now
    QApplication.processEvents()
    sheet = window.findChild(MessageSheet)
    assert not sheet.isVisible()
    assert window.focusWidget() is had_keyboard
    field.setText(PASSPHRASE)
    window.cover.unlock.click()
    assert sheet.isVisible()
    assert window.focusWidget() is sheet.close_button
    QTest.keyClick(sheet.close_button, Qt.Key.Key_Space)
    assert not sheet.isVisible()


@pytest.mark.parametrize("cover", ["lock_now", "hide_now"])
def test_a_page_that_takes_the_keyboard_under_the_cover_does_not_get_it(window, cover):
    getattr(window, cover)()
    had_keyboard = window.focusWidget()
    pressed = []
    behind = window.bar.new
    behind.clicked.connect(pressed.append)
    behind.setFocus()  # as a page does when its work has ended
    QApplication.processEvents()
    assert window.focusWidget() is had_keyboard
    key(window, Qt.Key.Key_Space)
    assert pressed == []
    assert window.cover.isAncestorOf(window.focusWidget())


def test_typed_text_is_saved_when_it_locks_and_still_there_after(window, qtbot):
    window.go("intake")
    page = window.view("intake")
    QTest.keyClicks(page.form.editors["called"].edit, "Sky")
    assert page.drafts == []
    window.lock_now()
    qtbot.waitUntil(lambda: len(page.drafts) == 1)
    assert page.drafts[0]["called"] == "Sky"
    window._uncover()
    assert page.form.typed()["called"] == "Sky"


def test_typed_text_is_saved_when_another_page_opens_and_at_the_end(window):
    window.go("intake")
    page = window.view("intake")
    QTest.keyClicks(page.form.editors["called"].edit, "Sky")
    window.go("today")
    assert len(page.drafts) == 1
    window.go("intake")
    QTest.keyClicks(page.form.editors["called"].edit, " R.")
    window.close()
    assert page.drafts[-1]["called"] == "Sky R."


@pytest.mark.parametrize("scale", [100, 200])
def test_a_toast_covers_nothing_of_the_page(window, look, scale):
    look.apply(DeviceSettings(scale, "light"))
    for _ in range(3):
        QApplication.processEvents()
    whole = window.stack.height()
    window.test_shared.toast("Ticked “Health screening” for Sky R., who came an hour ago")
    QApplication.processEvents()
    lower_edge = window.stack.mapTo(window, window.stack.rect().bottomLeft()).y()
    assert window.toast.isVisible()
    assert lower_edge < window.toast.y()
    window.toast.hide()
    QApplication.processEvents()
    assert window.stack.height() == whole


def test_toasts_do_not_show_through_the_cover(window):
    window.lock_now()
    window.test_shared.toast("Sky R. is back")
    assert not window.toast.isVisible()


def test_it_warns_then_locks_then_ends(make, qtbot):
    window = make(soft_lock_s=300, hard_lock_s=900, warning_s=14)
    for _ in range(285):
        window.watch.second()
    assert window._warning is None
    window.watch.second()
    assert window._warning._head.text() == "Locking in 14 seconds"
    for _ in range(13):
        window.watch.second()
    assert window._warning._head.text() == "Locking in 1 second"
    with qtbot.waitSignal(window.locked):
        window.watch.second()
    assert window.is_covered
    assert window._warning is None
    with qtbot.waitSignal(window.hard_lock_wanted):
        for _ in range(600):
            window.watch.second()


def test_a_key_counts_as_activity_and_takes_the_warning_away(window):
    for _ in range(290):
        window.watch.second()
    assert window._warning.isVisible()
    key(window, Qt.Key.Key_Shift)
    assert window.watch.quiet_s == 0
    assert window._warning is None
    assert not window.is_covered


def test_movements_of_the_mouse_count_as_activity(window):
    for _ in range(100):
        window.watch.second()
    QTest.mouseMove(window.rail, QPoint(20, 200))
    QTest.mouseMove(window.rail, QPoint(22, 202))
    QTest.mouseClick(window.rail, LEFT, pos=QPoint(20, 500))
    assert window.watch.quiet_s == 0


def test_a_finger_and_a_wheel_count_as_activity(window):
    finger = QTest.createTouchDevice()
    for act in (
        lambda: QTest.touchEvent(window.rail, finger).press(0, QPoint(20, 200), window.rail),
        lambda: QTest.wheelEvent(window.windowHandle(), QPoint(300, 300), QPoint(0, 120)),
    ):
        for _ in range(100):
            window.watch.second()
        assert window.watch.quiet_s == 100
        act()
        QApplication.processEvents()
        assert window.watch.quiet_s == 0


def test_keys_on_the_cover_do_not_put_off_the_hard_lock_for_ever(window, qtbot):
    window.lock_now()
    QTest.keyClicks(window.cover.secret.edit, "guess")
    assert window.is_covered
    with qtbot.waitSignal(window.hard_lock_wanted):
        QTest.mouseClick(window.cover.switch, LEFT)


def test_the_timer_is_precise(window):
    assert window.watch._timer.timerType() is Qt.TimerType.PreciseTimer
    assert window.watch._timer.isActive()


def test_the_desk_opens_again_after_it_locked_by_itself(make, qtbot):
    window = make(soft_lock_s=300, warning_s=14)
    before = window.focusWidget()
    for _ in range(300):
        window.watch.second()
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)  # the warning is gone
    QTest.keyClicks(window.cover.secret.edit, PASSPHRASE)
    with qtbot.captureExceptions() as raised:
        key(window, Qt.Key.Key_Return)
    assert not window.is_covered
    assert raised == []
    assert window.focusWidget() is before


def test_the_cover_of_an_invented_shelter_says_its_passphrase(tmp_path, make):
    door = demo_door(tmp_path)
    assert DEMO_PASSPHRASE in door.note
    window = make(hint=door.hint)
    window.lock_now()
    shown = [label.text() for label in window.cover.findChildren(Label) if label.isVisible()]
    assert door.hint in shown
    assert RealDoor(tmp_path).hint == ""
