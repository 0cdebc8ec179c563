"""The kit by mouse and keyboard: every widget does by key what it does by click."""

from datetime import date

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor, QFontMetrics, QGuiApplication, QPalette
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QStyleOptionViewItem, QVBoxLayout, QWidget

from shelter_desk.settings import DeviceSettings
from shelter_desk.ui.scale import STRETCH, column, fill, row
from shelter_desk.ui.table_model import Column, TableModel
from shelter_desk.ui.theme import theme
from shelter_desk.ui.tokens import HIT_TARGET, Tone, contrast
from shelter_desk.ui.widgets import (
    Avatar,
    Badge,
    Banner,
    Button,
    CheckBox,
    Chip,
    ChipChoice,
    Columns,
    DropDown,
    DueLine,
    DueList,
    EmptyNote,
    IconButton,
    KeyCap,
    Label,
    LineEdit,
    Pill,
    ProgressBar,
    Scroll,
    SearchBox,
    SecretEdit,
    SegmentedControl,
    Sheet,
    Table,
    TextArea,
    Toast,
    Urgency,
    confirm,
    initials,
)
from shelter_desk.ui.widgets.due_row import in_two, row_height
from shelter_desk.ui.widgets.overlays import focusables

LEFT = Qt.MouseButton.LeftButton
ORDERS = (("time", "By time"), ("who", "By resident"), ("service", "By service"))


class NotingWindow(QWidget):
    """Takes note of what is copied, as the main window does, and lets it, or not."""

    def __init__(self):
        super().__init__()
        self.noted, self.lets = [], True

    def notes_copy(self, lines):
        self.noted.append(lines)
        return self.lets


@pytest.fixture
def host(look, qtbot):
    window = NotingWindow()
    fill(QVBoxLayout(window), (), margins=(10, 10, 10, 10))
    window.resize(900, 600)
    qtbot.addWidget(window)
    window.show()
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    return window


def put(host, *widgets):
    for widget in widgets:
        host.layout().addWidget(widget)
    QApplication.processEvents()
    return widgets[0]


@pytest.mark.parametrize("how", ["click", Qt.Key.Key_Space, Qt.Key.Key_Return, Qt.Key.Key_Enter])
def test_a_button_is_pressed_by_mouse_and_key(host, qtbot, how):
    button = put(host, Button("Log service", "clipboard-check"))
    with qtbot.waitSignal(button.clicked):
        if how == "click":
            QTest.mouseClick(button, LEFT)
        else:
            QTest.keyClick(button, how)


def test_everything_pressable_is_at_least_34_px_tall(look):
    order, choice = SegmentedControl(ORDERS, "Order"), ChipChoice(ORDERS, "Order")
    for widget in (
        Button("Note"),
        IconButton("x", "Close"),
        Chip("Away"),
        CheckBox("I have read this"),
        *order.buttons(),
        *choice.buttons(),
        LineEdit("Name"),
    ):
        tall = max(widget.sizeHint().height(), widget.minimumHeight())
        assert tall >= look.px(HIT_TARGET), type(widget).__name__


def test_words_that_do_not_fit_end_in_dots_and_show_whole_as_a_tool_tip(host):
    label = put(host, Label("Someone may look for them, and this is a long line about it"))
    label.setFixedWidth(120)
    QApplication.processEvents()
    assert label.toolTip() == label.text()
    button = Button("A button with very many words on it")
    assert button.minimumSizeHint().width() < button.sizeHint().width()


def test_a_paragraph_wraps(host):
    label = Label("word " * 60, wrap=True)
    assert label.heightForWidth(200) > 3 * label.heightForWidth(2000)


def test_segments_are_chosen_by_click_and_by_arrow(host, qtbot):
    control = put(host, SegmentedControl(ORDERS, "Order"))
    assert control.value() == ""
    first, second, _ = control.buttons()
    with qtbot.waitSignal(control.chosen) as seen:
        QTest.mouseClick(first, LEFT, pos=QPoint(first.width() - 3, 3))
    assert seen.args == ["time"]
    QTest.keyClick(first, Qt.Key.Key_Right)
    assert second.hasFocus()
    assert control.value() == "who"
    control.set_value("service")
    assert control.value() == "service"
    control.set_value("nonsense")
    assert control.value() == ""


def test_arrow_keys_report_the_choice_too(host, qtbot):
    control = put(host, SegmentedControl(ORDERS, "Order"))
    control.set_value("time")
    control.buttons()[0].setFocus()
    with qtbot.waitSignal(control.chosen) as seen:
        QTest.keyClick(control.buttons()[0], Qt.Key.Key_Right)
    assert seen.args == ["who"]


def test_other_options_keep_the_choice_that_is_still_there(host):
    chips = put(host, ChipChoice(ORDERS, "Order"))
    chips.set_value("who")
    chips.set_options((("who", "By resident"), ("room", "By room")))
    assert chips.value() == "who"
    assert [button.text() for button in chips.buttons()] == ["By resident", "By room"]


def test_chips_wrap_when_there_is_no_room(host):
    chips = put(host, ChipChoice(tuple((str(n), f"Choice number {n}") for n in range(9)), "Many"))
    one_line = chips.heightForWidth(3000)
    assert chips.heightForWidth(300) > 3 * one_line


def test_a_tick_is_set_by_a_click_anywhere_on_its_row(host, qtbot):
    box = put(host, CheckBox("I have read this"))
    QTest.mouseClick(box, LEFT, pos=QPoint(box.width() - 4, box.height() // 2))
    assert box.isChecked()
    QTest.keyClick(box, Qt.Key.Key_Space)
    assert not box.isChecked()


def test_the_search_box_is_emptied_by_escape(host, qtbot):
    box = put(host, SearchBox("Filter by name"))
    QTest.keyClicks(box, "sky")
    with qtbot.waitSignal(box.searched):
        QTest.keyClick(box, Qt.Key.Key_Escape)
    assert box.text() == ""


def test_a_secret_is_hidden_until_the_eye_is_pressed(host):
    secret = put(host, SecretEdit("Your passphrase"))
    QTest.keyClicks(secret.edit, "quiet otter")
    assert secret.edit.displayText() == "●" * 11 or "q" not in secret.edit.displayText()
    QTest.mouseClick(secret.eye, LEFT)
    assert secret.edit.displayText() == "quiet otter"
    assert secret.eye.accessibleName() == "Hide the passphrase"
    secret.clear()
    assert secret.text() == ""
    assert secret.eye.accessibleName() == "Show the passphrase"


def test_tab_leaves_a_paragraph_and_ctrl_enter_is_left_to_the_page(host):
    area, after = TextArea("Note"), LineEdit("After")
    put(host, area, after)
    area.setFocus()
    QTest.keyClicks(area, "quiet night")
    QTest.keyClick(area, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert area.toPlainText() == "quiet night"
    QTest.keyClick(area, Qt.Key.Key_Tab)
    assert after.hasFocus()


def test_a_task_that_needs_two_lines_is_shown_whole(look):
    metrics = QFontMetrics(look.font(14))
    task = "Show exits, alarm, quiet room and a way to ask for help without words"
    width = metrics.horizontalAdvance("Show exits, alarm, quiet room and a way to")
    first, rest = in_two(metrics, task, width)
    assert f"{first} {rest}" == task
    assert metrics.horizontalAdvance(first) <= width
    assert in_two(metrics, task, 10_000) == (task, "")
    assert in_two(metrics, "Unbreakable", 3) == ("Unbreakable", "")
    assert row_height(300) > row_height(900)


def test_a_long_line_of_a_toast_is_shown_whole_at_any_text_size(host, look):
    toast = Toast(host)
    line = "Ticked “Show exits, alarm, quiet room and a way to ask for help without words”"
    for scale in (100, 200):
        look.apply(DeviceSettings(text_scale_percent=scale))
        toast.show_line(line, undo=True)
        label = toast._label
        assert host.rect().contains(toast.geometry())
        assert label.heightForWidth(label.width()) <= label.height()


def test_a_toast_offers_undo_and_stays_inside_the_window(host, qtbot):
    toast = Toast(host)
    toast.show_line("Ticked “Welcome kit” for Sky R.", undo=True, inset=200)
    assert host.rect().contains(toast.geometry())
    assert toast.x() > 200
    with qtbot.waitSignal(toast.undone):
        QTest.mouseClick(toast._undo, LEFT)
    assert toast.isHidden()
    toast.show_line("word " * 80)
    assert host.rect().contains(toast.geometry())


def test_the_safe_choice_is_first_and_has_the_keyboard(host, qtbot):
    done = []
    sheet = confirm(
        host,
        title="Withdraw this release?",
        text="From now on nothing may be shared under it.",
        action="Withdraw release",
        on_yes=lambda: done.append("withdrawn"),
    )
    assert sheet.keep.hasFocus()
    assert sheet.keep.x() < sheet.act.x()
    QTest.keyClick(sheet.keep, Qt.Key.Key_Return)
    assert done == []
    assert not sheet.isVisible()


def test_escape_keeps_things_as_they_are_and_the_named_button_acts(host):
    done = []
    ask = {
        "title": "Withdraw?",
        "text": "…",
        "action": "Withdraw",
        "on_yes": lambda: done.append(1),
    }
    sheet = confirm(host, **ask)
    QTest.keyClick(sheet.keep, Qt.Key.Key_Escape)
    assert done == []
    sheet = confirm(host, **ask)
    QTest.keyClick(sheet.keep, Qt.Key.Key_Tab)
    assert sheet.act.hasFocus()
    QTest.keyClick(sheet.act, Qt.Key.Key_Return)
    assert done == [1]


def test_tab_stays_inside_a_sheet_and_the_focus_returns(host):
    outside = put(host, LineEdit("Outside"))
    outside.setFocus()
    one, two = LineEdit("One"), LineEdit("Two")
    sheet = Sheet("A sheet", column(one, two))
    sheet.open_over(host)
    for expected in (one, two, one):
        assert expected.hasFocus()
        QTest.keyClick(expected, Qt.Key.Key_Tab)
    QTest.keyClick(two, Qt.Key.Key_Tab, Qt.KeyboardModifier.ShiftModifier)
    assert one.hasFocus()
    QTest.mouseClick(sheet, LEFT, pos=QPoint(3, 3))
    assert sheet.isVisible()
    sheet.close_sheet()
    assert outside.hasFocus()


class FarAway(LineEdit):
    """Something elsewhere in the window, that counts how often it is asked who comes next."""

    asked = 0

    def nextInFocusChain(self):  # noqa: N802 - Qt's name
        FarAway.asked += 1
        return super().nextInFocusChain()


def test_a_sheet_does_not_ask_the_whole_window_who_has_the_keyboard(host):
    """A window holds thousands of widgets, and a sheet asks at each Tab and whenever it opens."""
    FarAway.asked = 0
    put(host, column(*(FarAway(f"Far away {number}") for number in range(30))))
    one, two, off, button = LineEdit("One"), LineEdit("Two"), LineEdit("Off"), Button("Three")
    off.setEnabled(False)
    sheet = Sheet("A sheet", column(one, two), off, button)
    sheet.open_over(host)
    assert focusables(sheet.card) == [one, two, button]
    for expected in (one, two, button, one):
        assert expected.hasFocus()
        QTest.keyClick(expected, Qt.Key.Key_Tab)
    assert FarAway.asked == 0
    host.setTabOrder(one, button)
    assert focusables(sheet.card) == [one, button, two]


def test_a_sheet_opened_from_another_keeps_the_keyboard_when_that_one_closes(host):
    outside = put(host, LineEdit("Outside"))
    outside.setFocus()
    first, second = LineEdit("First"), LineEdit("Second")
    asked, answer = Sheet("Asked", first), Sheet("Answer", second)
    asked.open_over(host)
    answer.open_over(host)
    asked.close_sheet()
    assert second.hasFocus()
    QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Escape)
    assert answer.isHidden()
    assert outside.hasFocus()


def test_the_upper_of_two_sheets_gives_the_keyboard_back_to_the_lower(host):
    first, second = LineEdit("First"), LineEdit("Second")
    lower, upper = Sheet("Lower", first), Sheet("Upper", second)
    lower.open_over(host)
    upper.open_over(host)
    QTest.keyClick(second, Qt.Key.Key_Escape)
    assert first.hasFocus()
    assert lower.isVisible()


@pytest.mark.parametrize(
    ("name", "letters"),
    [("Maya R.", "MR"), ("Sky", "SK"), ("Ana-Lu B", "AB"), ("", "?"), ("  ", "?")],
)
def test_initials(name, letters):
    assert initials(name) == letters


def test_small_signs_say_in_words_what_they_show(look, qtbot):
    badge = Badge(0, "overdue")
    bar = ProgressBar(0.4, words="4 of 10 done")
    pill = Pill("2 days late", Tone.DANGER)
    host = row(badge, bar, pill, Avatar("Sky R."), STRETCH)
    qtbot.addWidget(host)
    assert badge.isHidden()
    badge.show_count(3)
    pill.say("on track", Tone.OK)
    bar.show_share(0.5, "5 of 10 done")
    assert badge.accessibleName() == "3 overdue"
    assert pill.accessibleName() == pill.text == "on track"
    assert bar.accessibleName() == "5 of 10 done"


def test_nothing_of_the_kit_opens_a_window_of_its_own_while_it_is_made(look, qtbot):
    before = {w for w in QApplication.topLevelWidgets() if w.isVisible()}
    made = (Banner("Word"), EmptyNote("Nothing is due."), Badge(3), Columns(QWidget(), QWidget()))
    for widget in made:
        qtbot.addWidget(widget)
    assert {w for w in QApplication.topLevelWidgets() if w.isVisible()} == before


def test_columns_stand_below_each_other_when_narrow(host, qtbot):
    main, side = Label("main"), Label("side")
    columns = put(host, Columns(main, side))
    columns.set_narrow(False)
    qtbot.waitUntil(lambda: side.mapTo(host, QPoint()).x() > main.mapTo(host, QPoint()).x())
    columns.set_narrow(True)
    qtbot.waitUntil(lambda: side.mapTo(host, QPoint()).y() > main.mapTo(host, QPoint()).y())
    columns.set_narrow(False)
    qtbot.waitUntil(lambda: side.mapTo(host, QPoint()).x() > main.mapTo(host, QPoint()).x())
    assert main.isVisible()
    assert side.isVisible()


# Lists and tables

LINES = (
    DueLine(1, "Health screening", "2 days late", Urgency.LATE, "Sky R.", "Medical", "Nurse"),
    DueLine(2, "Call the guardian", "1 day late", Urgency.LATE, "Ash T."),
)


@pytest.fixture
def due(host):
    made = put(host, DueList("Overdue"))
    made.show_lines(LINES)
    made.setFocus()
    QApplication.processEvents()
    return made


def test_the_models_keep_qts_rules(look, qtmodeltester):
    table = TableModel((Column("A", str), Column("B", lambda line: str(line * 2), number=True)))
    table.show((1, 2, 3))
    qtmodeltester.check(table)
    due = DueList("Overdue")
    due.show_lines(LINES)
    qtmodeltester.check(due.model())


def test_space_ticks_the_chosen_line(due, qtbot):
    assert due.line() == LINES[0]
    with qtbot.waitSignal(due.ticked) as seen:
        QTest.keyClick(due, Qt.Key.Key_Space)
    assert seen.args == [LINES[0], True]


def test_a_click_left_of_the_icon_ticks_and_a_click_on_the_words_does_not(due, qtbot):
    rect = due.visualRect(due.model().index(1, 0))
    with qtbot.waitSignal(due.ticked) as seen:
        QTest.mouseClick(due.viewport(), LEFT, pos=rect.topLeft() + QPoint(24, 24))
    assert seen.args == [LINES[1], True]
    with qtbot.assertNotEmitted(due.ticked):
        QTest.mouseClick(due.viewport(), LEFT, pos=rect.center())
    assert due.line() == LINES[1]


def test_n_asks_for_a_note_and_enter_opens(due, qtbot):
    QTest.keyClick(due, Qt.Key.Key_Down)
    with qtbot.waitSignal(due.note_wanted) as seen:
        QTest.keyClick(due, Qt.Key.Key_N)
    assert seen.args == [LINES[1]]
    with qtbot.waitSignal(due.opened) as seen:
        QTest.keyClick(due, Qt.Key.Key_Return)
    assert seen.args == [LINES[1]]


def test_arrows_walk_from_one_list_into_the_next(host, due):
    below = put(host, DueList("Due today"))
    below.show_lines((DueLine(3, "Review the safety plan"),))
    QTest.keyClick(due, Qt.Key.Key_Down)
    QTest.keyClick(due, Qt.Key.Key_Down)
    assert below.hasFocus()
    assert not due.selectedIndexes()
    QTest.keyClick(below, Qt.Key.Key_Up)
    assert due.hasFocus()
    assert due.line() == LINES[1]


def test_a_row_is_read_out_whole(due):
    index = due.model().index(0, 0)
    assert (
        index.data(Qt.ItemDataRole.AccessibleTextRole) == "Health screening, Sky R., 2 days late"
    )
    assert index.data(Qt.ItemDataRole.AccessibleDescriptionRole) == "Medical, Nurse"
    assert index.flags() & Qt.ItemFlag.ItemIsUserCheckable


def test_the_chosen_line_stays_chosen_after_a_refresh(due):
    QTest.keyClick(due, Qt.Key.Key_Down)
    due.show_lines((DueLine(7, "New on top"), *LINES))
    assert due.line().key == 2
    due.show_lines(LINES[:1])
    assert due.line().key == 1
    due.show_lines(())
    assert due.line() is None
    assert due.sizeHint().height() == 0


PEOPLE = (("Sky R.", date(2026, 3, 1)), ("=Ash", date(2026, 3, 2)))
PERSON_COLUMNS = (
    Column("Resident", lambda line: line[0], stretch=True),
    Column("Since", lambda line: line[1].isoformat()),
)


@pytest.fixture
def table(host):
    made = put(host, Table(PERSON_COLUMNS, "Residents", key=lambda line: line[0]))
    made.show_lines(PEOPLE)
    return made


def test_enter_and_double_click_open_a_line(table, qtbot):
    table.selectRow(1)
    with qtbot.waitSignal(table.opened) as seen:
        QTest.keyClick(table, Qt.Key.Key_Return)
    assert seen.args == [PEOPLE[1]]


def test_a_table_is_copied_for_a_spreadsheet_and_runs_no_formula_there(table):
    table.setFocus()
    QTest.keyClick(table, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    copied = QGuiApplication.clipboard().text().splitlines()
    assert copied == ["Resident,Since", "Sky R.,2026-03-01", "'=Ash,2026-03-02"]
    assert table.window().noted == [2]


def test_nothing_is_copied_of_what_no_note_was_taken(table, qtbot):
    clipboard = QGuiApplication.clipboard()
    clipboard.setText("before")
    table.window().lets = False
    table.setFocus()
    QTest.keyClick(table, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert clipboard.text() == "before"
    table.window().lets = True
    table.setParent(None)  # a window of its own, which notes nothing
    QTest.keyClick(table, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert clipboard.text() == "before"


def test_the_stretching_column_takes_the_room_there_is(table):
    table.resize(800, 200)
    QApplication.processEvents()
    assert table.columnWidth(0) + table.columnWidth(1) == table.viewport().width()


def test_what_gets_the_keyboard_comes_into_sight_also_without_tab(host):
    buttons = [Button(f"Line {number}") for number in range(60)]
    put(host, Scroll(column(*buttons)))
    for wanted in (buttons[50], buttons[1]):
        assert wanted.visibleRegion().isEmpty()
        wanted.setFocus()
        QTest.qWait(5)
        assert not wanted.visibleRegion().isEmpty()


def test_a_page_follows_the_line_that_arrows_come_to_in_a_table_as_tall_as_its_lines(host):
    made = Table((Column("A", str),), "Lines", fit=True)
    made.show_lines(tuple(range(60)))
    put(host, Scroll(column(made)))
    made.setFocus()
    made.selectRow(0)
    for _ in range(40):
        QTest.keyClick(made, Qt.Key.Key_Down)
    QTest.qWait(5)
    place = made.visualRect(made.currentIndex())
    assert made.line() == 40
    assert made.viewport().visibleRegion().boundingRect().contains(place.center())


def test_words_that_do_not_fit_get_the_room_that_others_do_not_need(host):
    long = "Room at the end of the hall, beside the garden door"
    columns = (
        Column("Resident", lambda line: line[0], width=200, stretch=True),
        Column("Bed", lambda line: line[1], width=150),
        Column("Age", lambda _: "15", width=60),
    )
    made = put(host, Table(columns, "Beds", fit=True))
    host.resize(780, 400)
    made.show_lines((("Sky", long),))
    QApplication.processEvents()
    need = made.fontMetrics().horizontalAdvance(long)
    assert made.columnWidth(1) > need
    assert sum(map(made.columnWidth, range(3))) == made.viewport().width()
    made.show_lines(((long, "1A"),))
    assert made.columnWidth(0) > need
    host.resize(380, 400)
    QApplication.processEvents()
    assert made.columnWidth(1) < 150  # "1A" needs less, and gives it away
    low = made.sizeHint().height()
    host.resize(240, 400)
    QApplication.processEvents()
    assert made.sizeHint().height() > low  # room for the bar, or it hides the last line
    made.show_lines((("Sky", "Room 12, garden side"),))
    need = made.fontMetrics().horizontalAdvance("Room 12, garden side")
    assert made.columnWidth(1) > need  # moved sideways, nothing is cut


def test_the_second_line_has_the_colour_of_its_tone(host, look):
    columns = (Column("A", str, below=lambda _: "overdue", below_tone=lambda line: line),)
    made = put(host, Table(columns, "Lines", row_height=54))
    made.resize(400, 200)
    seen = []
    for tone in (Tone.DANGER, Tone.NEUTRAL):
        made.show_lines((tone,))
        QApplication.processEvents()
        picture = made.viewport().grab().toImage()
        points = [
            picture.pixelColor(x, y).name()
            for x in range(picture.width())
            for y in range(look.px(28), look.px(52))
        ]
        seen.append(QColor(look.tokens.tone(Tone.DANGER).text).name() in points)
    assert seen == [True, False]


def test_a_chosen_person_stays_chosen_when_the_table_is_refreshed(table):
    table.selectRow(0)
    table.show_lines((("River", date(2026, 3, 9)), *PEOPLE))
    assert table.line() == PEOPLE[0]


def test_a_drop_down_is_as_tall_as_the_text_size_asks_after_every_change(qtbot, look):
    box = DropDown("Period")
    box.addItem("October to December 2026")
    inside = column(box)
    qtbot.addWidget(inside)
    inside.show()
    heights = []
    for scale in (100, 200, 100, 200, 100):
        look.apply(DeviceSettings(scale, "light"))
        for _ in range(3):
            QApplication.processEvents()
        heights.append((box.minimumSizeHint().height(), box.sizeHint().height()))
    assert heights == [(36, 36), (72, 72), (36, 36), (72, 72), (36, 36)]


@pytest.mark.parametrize("scale", [100, 200])
def test_the_words_of_a_drop_down_never_touch_its_arrow(qtbot, look, scale):
    look.apply(DeviceSettings(scale, "light"))
    box = DropDown("Period")
    box.addItem("M" * 60)
    qtbot.addWidget(box)
    box.resize(look.px(180), look.px(36))
    box.show()
    QApplication.processEvents()
    picture = box.grab().toImage()
    ground = QColor(look.tokens.surface)
    left_of_arrow = range(box.width() - look.px(30), box.width() - look.px(26))
    middle = range(look.px(8), box.height() - look.px(8))
    assert all(picture.pixelColor(x, y) == ground for x in left_of_arrow for y in middle)


def test_what_rests_is_seen_to_rest_without_any_colour(qtbot, look):
    look.apply(DeviceSettings(100, "contrast"))
    tokens = look.tokens
    button = Button("Release and save")
    qtbot.addWidget(button)
    button.show()
    awake = button.grab().toImage()
    button.setEnabled(False)
    QApplication.processEvents()
    assert tokens.disabled == tokens.text or contrast(tokens.disabled, tokens.surface) >= 3
    assert button.grab().toImage() != awake


def test_the_chosen_row_of_a_drop_down_can_be_read_and_hit(look, qtbot):
    box = DropDown("Period")
    box.addItems(["July to September 2026", "2025"])
    qtbot.addWidget(box)
    index = box.model().index(0, 0)
    option = QStyleOptionViewItem()
    delegate = box.itemDelegate()
    delegate.initStyleOption(option, index)
    words = option.palette.color(QPalette.ColorRole.HighlightedText)
    assert contrast(words.name(), theme().tokens.selection) >= 4.5
    assert delegate.sizeHint(option, index).height() >= theme().px(30)
    assert option.font.pixelSize() == theme().font(14).pixelSize()


def test_the_list_of_a_drop_down_has_room_for_its_words_and_they_stand_under_the_box(qtbot, look):
    page, box = QWidget(), DropDown("Reason")
    box.addItems(["Choose…", "They asked the worker not to, and the team says the same"])
    box.setFixedWidth(160)
    QVBoxLayout(page).addWidget(box)
    qtbot.addWidget(page)
    page.resize(900, 300)
    page.show()
    box.showPopup()
    QApplication.processEvents()
    view = box.view()
    assert box.width() < view.sizeHintForColumn(0) <= view.viewport().width()
    first = view.visualRect(box.model().index(0, 0))
    picture = view.viewport().grab(first).toImage()
    ground = picture.pixelColor(first.width() - 6, 6)
    inked = [
        x for x in range(3, first.width() - 3)
        if any(picture.pixelColor(x, y) != ground for y in range(6, first.height() - 6))
    ]  # fmt: skip
    assert inked[0] >= 10
    box.hidePopup()


def test_keys_of_one_letter_are_as_wide_as_each_other(look):
    assert {KeyCap(key).sizeHint().width() for key in "1AIW"} == {KeyCap("W").sizeHint().width()}
