"""A pack that does not leave is put away with a reason, and its figures bind nobody."""

import pytest
from PySide6.QtCore import Qt

from shelter_desk.desk import exported, summaries
from shelter_desk.exports.pack_contents import prepare_pack
from shelter_desk.exports.pack_order import PackOrder
from shelter_desk.ui.form_sheet import FormSheet
from tests.ui.real_window import Opened, settle
from tests.ui.test_audit_pack_page import AFTER, start


@pytest.fixture
def opened(look, open_desk, qtbot):
    window = Opened(open_desk, qtbot)
    for number in range(6):
        window.admit(f"River {number}")
    window.clock.at = AFTER
    return window


def test_leaving_the_words_makes_nothing(opened, tmp_path):
    stick = tmp_path / "stick"
    stick.mkdir()
    page, sheet = start(opened, stick, "grant-totals")
    sheet.leave.click()
    settle()
    assert list(stick.iterdir()) == []
    assert [line.result for line in opened.desk.ask(exported.export_list)] == [""]
    assert page.let_out.isVisible()  # it waits, and can still be let out
    assert opened.desk.ask(summaries.releases)
    page.drop.click()
    why = opened.sheet(FormSheet)
    opened.press(Qt.Key.Key_Return)
    assert [line.result for line in opened.desk.ask(exported.export_list)] == [""]  # say why first
    why.form.put({"why": "no-drive"})
    opened.press(Qt.Key.Key_Return)
    (line,) = opened.desk.ask(exported.export_list)
    assert (line.result, line.why) == ("failed", "no-drive")
    assert not page.let_out.isVisible()
    assert opened.desk.ask(summaries.releases) == ()  # its figures bind nobody


def test_a_pack_the_program_closed_over_is_put_away_from_the_list_by_keyboard(opened):
    prepared = prepare_pack(opened.desk, PackOrder("licensor", "2026-Q1"))
    page = opened.go("audit_pack")
    assert not page.earlier.put_away.isVisible()
    page.exports.setFocus()
    page.exports.selectRow(0)
    assert page.earlier.put_away.isVisible()
    page.earlier.put_away.setFocus()
    opened.press(Qt.Key.Key_Space)
    sheet = opened.sheet(FormSheet)
    assert sheet.form.values() == {"why": "cut-off"}
    opened.press(Qt.Key.Key_Return)
    settle()
    (line,) = page.exports.lines
    assert (line.custody_id, line.result, line.why) == (prepared.custody_id, "failed", "cut-off")
    assert opened.desk.ask(summaries.releases) == ()
    assert not page.earlier.put_away.isVisible()


def test_the_summary_page_says_which_pack_binds_it_and_leads_there_by_keyboard(opened):
    summary = opened.go("summary")
    assert not summary.waiting.isVisible()
    prepared = prepare_pack(opened.desk, PackOrder("licensor", "2026-Q1"))
    pages = opened.go("audit_pack")
    summary = opened.go("summary")
    for period, binds in (("2025-Q4", True), ("2026-Q1", True), ("2024", False)):
        summary.period.setCurrentIndex(summary.period.findData(period))
        assert summary.waiting.isVisible() is binds, period
    summary.period.setCurrentIndex(summary.period.findData("2026-Q1"))
    assert "January to March 2026" in summary.waiting.text
    summary.waiting.open.setFocus()
    opened.press(Qt.Key.Key_Space)
    settle()
    assert opened.window.page == "audit_pack"
    assert pages.exports.line().custody_id == prepared.custody_id
    assert pages.earlier.put_away.hasFocus()
    opened.press(Qt.Key.Key_Space)
    opened.sheet(FormSheet)
    opened.press(Qt.Key.Key_Return)
    settle()
    assert not opened.go("summary").waiting.isVisible()
