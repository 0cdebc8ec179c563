"""The round of a shift in real windows: a cell, a row, a column, exceptions, all of it back."""

import pytest
from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QStyle

from shelter_desk.desk.appointing import PlanAppointment
from shelter_desk.desk.audit_log import events
from shelter_desk.desk.going import Going
from shelter_desk.desk.missing import StartMissing
from shelter_desk.desk.rounds import AWAY, DONE, MISSING, shift_round
from shelter_desk.ui.stay.item_sheet import ItemSheet
from tests.ui.real_window import Opened, settle

KEY = Qt.Key
CONTROL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def opened(look, open_desk, qtbot):
    return Opened(open_desk, qtbot)


def found(opened):
    return opened.desk.ask(shift_round, now=opened.clock())


def page_of(opened, row=0, column=0):
    page = opened.go("rounds")
    settle()
    page.grid.setFocus()
    page.grid.setCurrentIndex(page.grid.cells.index(row, column))
    return page


def states(opened, column):
    checks = found(opened).checks
    return {
        line.called: line.cells[checks[column].item_id].state
        for line in found(opened).lines
        if checks[column].item_id in line.cells
    }


def column_of(opened, wanted):
    return next(place for place, one in enumerate(found(opened).checks) if wanted(one.item))


def for_several(item):
    return not item.signatures


def test_space_ticks_a_cell_and_takes_it_back(opened):
    for name in ("Ada", "Sky"):
        opened.admit(name)
    column = column_of(opened, for_several)
    page = page_of(opened, 1, column)
    opened.press(KEY.Key_Space)
    assert states(opened, column) == {"Ada": "open", "Sky": "done"}
    assert page.grid.place() == (1, column)
    opened.press(KEY.Key_Space)
    assert states(opened, column) == {"Ada": "open", "Sky": "open"}


def test_with_many_residents_the_cell_of_the_keyboard_and_the_heads_stay_in_sight(opened):
    for number in range(9):
        opened.admit(f"Sky{number}")
    opened.window.resize(1024, 640)
    page = page_of(opened)
    opened.press(*[KEY.Key_Down] * 8)
    grid = page.grid
    assert grid.place() == (8, 0)
    shown = grid.viewport().visibleRegion().boundingRect()
    assert shown.contains(grid.visualRect(grid.currentIndex()).center())
    head = grid.horizontalHeader().viewport()
    assert head.visibleRegion().boundingRect().height() == head.height()
    assert not page.tick_column.visibleRegion().isEmpty()


def test_a_long_name_is_read_whole_and_makes_its_row_taller(opened):
    name = "Maximiliana Guadalupe Invented de los Santos y Montenegro Rivera"
    opened.admit("Ash")
    opened.admit(name)
    grid = page_of(opened).grid
    head = grid.verticalHeader()
    row = [line.called for line in grid.cells.lines].index(name)
    letters = QFontMetrics(head.font())
    margin = head.style().pixelMetric(QStyle.PixelMetric.PM_HeaderMargin)
    room = QRect(0, 0, head.width() - 2 * margin, 10_000)
    words = letters.boundingRect(room, int(Qt.TextFlag.TextWordWrap), name)
    assert head.sectionSize(row) - 2 * margin >= words.height()
    assert head.sectionSize(1 - row) - 2 * margin < words.height(), "the others stay low"
    assert grid.sizeHint().height() >= grid.horizontalHeader().height() + head.length()


def test_arrows_move_and_enter_opens_the_resident(opened):
    for name in ("Ada", "Sky"):
        opened.admit(name)
    page = page_of(opened)
    opened.press(KEY.Key_Down, KEY.Key_Right)
    assert page.grid.place() == (1, 1)
    opened.press(KEY.Key_Return)
    assert opened.window.page == "resident"


def test_a_column_is_one_transaction_with_an_event_each_and_one_undo(opened):
    for name in ("Ada", "Ash", "Sky"):
        opened.admit(name)
    column = column_of(opened, for_several)
    page_of(opened, 0, column)
    before = opened.desk.ask(events, limit=1)[0].seq
    opened.press(KEY.Key_C)
    assert set(states(opened, column).values()) == {"done"}
    newest = opened.desk.ask(events, limit=10)
    assert [one.action for one in newest if one.seq > before] == ["item.answer"] * 3
    opened.press(KEY.Key_Z, modifier=CONTROL)
    assert set(states(opened, column).values()) == {"open"}
    assert [one.action for one in opened.desk.ask(events, limit=3)] == ["item.undo"] * 3


def test_a_row_ticks_what_is_open_of_one_resident(opened):
    for name in ("Ada", "Sky"):
        opened.admit(name)
    page_of(opened, 0, 0)
    opened.press(KEY.Key_R)
    ada, sky = found(opened).lines
    checks = {one.item_id: one.item for one in found(opened).checks}
    for item_id, cell in ada.cells.items():
        assert (cell.state == DONE) == (not checks[item_id].signatures), item_id
    assert {cell.state for cell in sky.cells.values()} == {"open"}


def test_who_is_not_here_is_shown_and_left_out_of_a_column_and_a_row(opened):
    stays = {name: opened.admit(name) for name in ("Ada", "Ash", "Sky")}
    now = opened.clock()
    opened.desk.do(StartMissing(stays["Ada"], now))
    outing = PlanAppointment(stays["Sky"], "outing", now, going=Going(place="The park"))
    opened.desk.do(outing)
    opened.clock.forward(minutes=10)
    assert [line.absent for line in found(opened).lines] == [MISSING, "", AWAY]
    column = column_of(opened, for_several)
    page = page_of(opened, 0, column)
    head = [
        page.grid.cells.headerData(row, Qt.Orientation.Vertical).splitlines() for row in range(3)
    ]
    assert head == [
        ["Ada", "missing from care"],
        ["Ash"],
        ["Sky", "away on a visit"],
    ]
    opened.press(KEY.Key_C)
    assert states(opened, column) == {"Ada": "open", "Ash": "done", "Sky": "open"}
    opened.press(KEY.Key_R)
    assert "Ada is not here" in opened.said[-1]
    assert states(opened, column)["Ada"] == "open"


def test_an_exception_is_said_in_words_and_a_column_passes_it_over(opened):
    for name in ("Ada", "Sky"):
        opened.admit(name)
    column = column_of(opened, for_several)
    page = page_of(opened, 0, column)
    opened.press(KEY.Key_N)
    sheet = opened.sheet(ItemSheet)
    sheet.choose("blocked")
    reason = opened.desk.house.care_model.reasons_for("blocked")[0].code
    sheet.form.put({"reason": reason})
    sheet.save.click()
    settle()
    assert states(opened, column)["Ada"] == "blocked"
    assert page.grid.cells.index(0, column).data().startswith("Blocked")
    page.grid.setCurrentIndex(page.grid.cells.index(0, column))
    page.grid.setFocus()
    opened.press(KEY.Key_C)
    assert states(opened, column) == {"Ada": "blocked", "Sky": "done"}


def test_what_is_signed_each_time_is_never_ticked_for_several(opened):
    for name in ("Ada", "Sky"):
        opened.admit(name)
    column = column_of(opened, lambda item: item.signatures)
    page_of(opened, 0, column)
    opened.press(KEY.Key_C)
    assert "one by one" in opened.said[-1]
    assert set(states(opened, column).values()) == {"open"}
    opened.press(KEY.Key_Space)
    assert states(opened, column)["Ada"] == "done"


def test_the_house_is_checked_once_on_the_same_page(opened):
    opened.admit("Sky")
    page = page_of(opened)
    lines = len(page.house.lines)
    assert lines == len(found(opened).house) > 0
    row = next(
        place for place, line in enumerate(page.house.lines) if not line.key.needs_signatures
    )
    page.house.setFocus()
    page.house.setCurrentIndex(page.house.model().index(row, 0))
    opened.press(KEY.Key_Space)
    assert len(found(opened).house) == lines - 1
    assert page.all_done.text().startswith("1 of ")


def test_the_next_shift_asks_again(opened):
    opened.admit("Sky")
    column = column_of(opened, for_several)
    page_of(opened, 0, column)
    opened.press(KEY.Key_C)
    assert states(opened, column) == {"Sky": "done"}
    opened.clock.forward(hours=8)
    assert states(opened, column) == {"Sky": "open"}


def test_each_cell_says_what_it_is_to_a_screen_reader(opened):
    opened.admit("Sky")
    page = page_of(opened)
    check = found(opened).checks[0].item.text
    said = page.grid.cells.index(0, 0).data(Qt.ItemDataRole.AccessibleTextRole)
    assert said.startswith((f"Sky, {check}: open, by ", f"Sky, {check}: overdue since "))
