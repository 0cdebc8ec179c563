"""Residents on a real desk: the table, the beds, the filter, and those who have left."""

from datetime import timedelta
from types import SimpleNamespace
from zoneinfo import ZoneInfo

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAccessible
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel

from shelter_desk.desk.audit_log import events
from shelter_desk.desk.residents import Admit, RecordExit, roster
from shelter_desk.desk.shelter import beds
from shelter_desk.settings import DeviceSettings
from shelter_desk.ui.jobs import InlineJobs
from shelter_desk.ui.main_window import House, MainWindow
from shelter_desk.ui.pages import discover
from shelter_desk.ui.shared import Shared
from shelter_desk.ui.widgets import Label, Pill
from shelter_desk.ui.widgets.overlays import focusables

NEW_YORK = ZoneInfo("America/New_York")
KEY = Qt.Key


@pytest.fixture
def residents(look, qtbot, open_desk):
    def opened():
        shared = Shared(open_desk.desk, InlineJobs(), NEW_YORK)
        window = MainWindow(shared, discover(), House("Harbor House", "Director", lambda _p: True))
        qtbot.addWidget(window)
        gone = []
        shared.went.connect(lambda page, subject: gone.append((page, subject)))
        window.show()
        window.activateWindow()
        qtbot.waitUntil(window.isActiveWindow)
        window.go("residents")
        QApplication.processEvents()
        return SimpleNamespace(
            window=window, page=window.view("residents"), gone=gone, desk=open_desk.desk
        )

    return opened


@pytest.fixture
def house(open_desk):
    """Sky came 45 days ago, Ash 5 days ago; River came and left."""
    desk, clock = open_desk.desk, open_desk.clock
    free = [bed.bed_id for bed in desk.ask(beds)]
    stays = {}
    stays["Sky"] = desk.do(Admit("Sky", clock(), bed_id=free[0], age_guess=16)).subject
    stays["River"] = desk.do(Admit("River", clock())).subject
    clock.forward(days=40)
    kind = open_desk.care_model.values("discharge-types")[0].code
    where = open_desk.care_model.values("exit-destinations")[0].code
    desk.do(RecordExit(stays["River"], clock(), kind, where))
    stays["Ash"] = desk.do(Admit("Ash", clock(), bed_id=free[1])).subject
    clock.forward(days=5)
    return stays


def cells(page):
    model = page.table.lines_model
    return [
        [model.index(row, column).data() for column in range(model.columnCount())]
        for row in range(model.rowCount())
    ]


def test_the_table_says_who_is_here_where_and_how_long(residents, house):
    opened = residents()
    ash, sky = cells(opened.page)
    late = {line.called: line for line in opened.desk.ask(roster, now=opened.desk.now())}
    assert ash[0] == "Ash"
    assert ash[2:5] == ["1B", "5 days", "not known"]
    assert sky[2:5] == ["1A", "6 weeks", "about 16"]
    assert sky[1] == f"{late['Sky'].overdue} overdue"
    assert late["Sky"].overdue > 0
    assert sky[5] == str(late["Sky"].open_items)
    assert opened.window.bar.findChildren(Label)[0].text() == "Residents"


def test_enter_opens_the_chosen_resident(residents, house):
    opened = residents()
    assert opened.window.focusWidget() is opened.page.table
    QTest.keyClick(opened.page.table, KEY.Key_Down)
    QTest.keyClick(opened.page.table, KEY.Key_Return)
    assert opened.gone == [("resident", house["Sky"])]


def test_beds_tonight_shows_who_sleeps_where(residents, house):
    opened = residents()
    tiles = opened.page.beds.tiles
    words = [[label.text() for label in tile.findChildren(Label)] for tile in tiles]
    assert words == [["1A", "Sky"], ["1B", "Ash"], ["2A"], ["2B"]]
    assert [len(tile.findChildren(Pill)) for tile in tiles] == [0, 0, 1, 1]
    assert tiles[2].accessibleName() == "2A, free"
    assert opened.page.beds.head.remark.text() == "2 of 4 used"


def test_typing_filters_by_name_or_bed(residents, house):
    opened = residents()
    for typed, left in (("sk", ["Sky"]), ("1b", ["Ash"]), ("zz", [])):
        QTest.keyClicks(opened.page.filter, typed)
        assert [line.called for line in opened.page.table.lines] == left
        assert opened.page.empty.isVisible() == (not left)
        QTest.keyClick(opened.page.filter, KEY.Key_Escape)
        assert len(opened.page.table.lines) == 2


def test_one_match_opens_with_enter_from_the_filter(residents, house):
    opened = residents()
    QTest.keyClicks(opened.page.filter, "as")
    QTest.keyClick(opened.page.filter, KEY.Key_Return)
    assert opened.gone == [("resident", house["Ash"])]


def test_somebody_who_left_is_found_and_the_search_is_on_the_record(residents, house):
    opened = residents()
    QTest.keyClicks(opened.page.filter, "riv")
    opened.page.left_button.click()
    assert [line.called for line in opened.page.left.lines] == ["River"]
    assert opened.page.left.isVisible()
    newest = opened.desk.ask(events, limit=1)[0]
    assert newest.action == "resident.search"
    assert "riv" not in f"{newest.words} {newest.object} {newest.reason}".casefold()
    QTest.keyClick(opened.page.left, KEY.Key_Return)
    assert opened.gone == [("resident", house["River"])]


def test_initials_only_hides_names_here(residents, house):
    opened = residents()
    opened.page.names.buttons()[1].click()
    QApplication.processEvents()
    assert [row[0] for row in cells(opened.page)] == ["AS", "SK"]
    shown = [label.text() for label in opened.page.findChildren(Label) if label.isVisible()]
    assert "SK" in shown
    assert "Sky" not in shown
    opened.page.names.buttons()[0].click()
    assert [row[0] for row in cells(opened.page)] == ["Ash", "Sky"]


def test_an_arrival_shows_at_once_and_the_choice_stays(residents, house, open_desk):
    opened = residents()
    opened.page.table.selectRow(1)
    chosen = opened.page.table.line().called
    opened.page._shared.do(Admit("Birch", open_desk.clock() - timedelta(minutes=1)))
    assert [line.called for line in opened.page.table.lines] == ["Ash", "Birch", "Sky"]
    assert opened.page.table.line().called == chosen == "Sky"


def test_an_empty_house_is_said_calmly(residents):
    opened = residents()
    assert opened.page.empty.label.text() == "Nobody is in the house yet."
    assert opened.page.empty.isVisible()
    assert not opened.page.table.isVisible()


@pytest.mark.parametrize("name", ["today", "residents", "arrival"])
def test_these_pages_are_readable_at_both_text_sizes_and_by_screen_reader(
    residents, house, look, name
):
    opened = residents()
    opened.window.go(name)
    for scale in (100, 200):
        look.apply(DeviceSettings(scale, "light"))
        for _ in range(3):
            QApplication.processEvents()
        reached = focusables(opened.window.view(name))
        assert len(reached) >= 4
        for widget in reached:
            spoken = QAccessible.queryAccessibleInterface(widget)
            assert spoken.text(QAccessible.Text.Name).strip(), widget
            left = widget.mapTo(opened.window, QPoint(0, 0)).x()
            assert left >= 0, (scale, widget)
            assert left + widget.width() <= opened.window.width() + 1, (scale, widget)
        labels = [one for one in opened.window.view(name).findChildren(QLabel) if one.isVisible()]
        for label in filter(QLabel.text, labels):
            need = label.heightForWidth(label.width()) if label.wordWrap() else 0
            assert label.height() + 1 >= max(need, label.fontMetrics().height()), label.text()
