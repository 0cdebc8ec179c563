"""Where the packs are, on the pack page and on Today, by keyboard and in words."""

from datetime import timedelta

import pytest
from PySide6.QtCore import Qt

from shelter_desk.desk import custody, handovers
from shelter_desk.ui.dates import show_day
from shelter_desk.ui.form_sheet import FormSheet
from shelter_desk.ui.widgets import Label, Pill
from tests.ui.real_window import Opened, Records, settle


@pytest.fixture(scope="module")
def records(care_model, tmp_path_factory):
    return Records(tmp_path_factory.mktemp("handovers"), care_model)


@pytest.fixture
def opened(look, records, qtbot):
    return Opened(records, qtbot)


def texts(widget):
    labels = [label.text() for label in widget.findChildren(Label)]
    return " | ".join(labels + [pill.text for pill in widget.findChildren(Pill)])


def test_a_pack_is_followed_from_the_house_and_back(opened):
    desk = opened.desk
    page = opened.go("audit_pack")
    assert not page.handovers.isVisible()
    begin = custody.BeginExport("pack", "licensor", "2026-Q1", "Licensor", "Visit")
    pack = desk.do(begin).subject
    opened.shared.do(custody.ExportDelivered(pack, "a" * 64, 9, 1, bytes(32)))
    settle()
    assert page.handovers.isVisible()
    assert "Licensor, January to March 2026" in texts(page.handovers)
    assert "Nobody has signed for it." in texts(page.handovers)
    made_on = opened.shared.today()
    opened.clock.forward(days=5)

    page.handovers.buttons[0].setFocus()
    opened.press(Qt.Key.Key_Return)
    opened.write("A. Auditor")
    sheet = opened.sheet(FormSheet)
    by = made_on + timedelta(days=90)
    assert f"The pack and its cover sheet say {show_day(by)}." in texts(sheet)
    sheet.form.put({"wanted": "return"})
    sheet.try_save()
    settle()
    assert opened.said[-1] == "The handover is written down"
    (line,) = desk.ask(handovers.packs_out)
    assert (line.taken_by, line.due_on) == ("A. Auditor", by), "it counts from its making"
    assert "comes back by" in texts(page.handovers)

    today_page = opened.go("today")
    assert not today_page.packs.isVisible()
    opened.clock.forward(days=83)
    today_page.packs.refresh()
    assert today_page.packs.isVisible()
    assert today_page.packs.text.startswith("The pack for Licensor: comes back by")
    opened.clock.forward(days=3)  # its day has passed, and that is said
    today_page.packs.refresh()
    assert today_page.packs.text.startswith("The pack for Licensor: should have come back by")
    today_page.packs.open.click()
    settle()
    page.handovers.refresh()
    assert "should have come back by" in texts(page.handovers)

    page = opened.window.view("audit_pack")
    page.handovers.buttons[0].click()
    sheet = opened.sheet(FormSheet)
    sheet.try_save()
    assert opened.sheet(FormSheet) is sheet  # what became of it is not chosen yet
    sheet.form.put({"ended": "returned:damaged"})
    sheet.try_save()
    settle()
    assert "came back damaged" in texts(page.handovers)
    assert page.handovers.buttons == []
    assert not opened.go("today").packs.isVisible()
    assert opened.told == []
