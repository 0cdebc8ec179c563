"""Checks and licences on screen: by keyboard, in seconds; and what a visit found."""

from datetime import timedelta

import pytest
from PySide6.QtCore import Qt

from shelter_desk.desk import visits
from shelter_desk.desk.findings import findings_of
from shelter_desk.desk.staff import AddStaff
from shelter_desk.domain.dated_papers import CURRENT, EXPIRING, MISSING
from shelter_desk.ui.form_sheet import FormSheet
from shelter_desk.ui.widgets import Chip
from tests.ui.real_window import Opened, Records, settle

DAY = timedelta(days=1)


@pytest.fixture(scope="module")
def records(care_model, tmp_path_factory):
    return Records(tmp_path_factory.mktemp("checks"), care_model)


@pytest.fixture
def opened(look, records, qtbot):
    return Opened(records, qtbot)


def state_of(page, name, kind):
    for line in page.lines:
        if (line.name, line.paper.kind.id) == (name, kind):
            return line.paper.state
    return None


def choose(page, name, kind):
    page.table.setFocus()
    places = [(one.name, one.paper.kind.id) for one in page.table.lines]
    page.table.selectRow(places.index((name, kind)))


def test_a_paper_is_written_down_with_two_presses_of_enter_and_its_end_is_proposed(opened):
    page = opened.go("checks")
    assert state_of(page, "", "insurance") == MISSING
    choose(page, "", "insurance")
    opened.press(Qt.Key.Key_Return)
    sheet = opened.sheet(FormSheet)
    today = opened.shared.today()
    assert sheet.form.values()["expires_on"] == today.replace(year=today.year + 1)
    sheet.form.editors["issued_on"].put_typed((today - 330 * DAY).isoformat())
    sheet.form.editors["issued_on"].edited.emit()
    assert sheet.form.values()["expires_on"] > today
    opened.press(Qt.Key.Key_Return)
    settle()
    assert state_of(page, "", "insurance") == EXPIRING
    assert opened.said[-1] == "It is written down"


def test_a_training_of_all_is_ticked_in_one_sheet(opened):
    for name in ("Ada", "Ash"):
        opened.desk.do(AddStaff(name * 5, name, ("nurse",)))
    page = opened.go("checks")
    names = {one.name for one in page.lines if one.name}
    choose(page, min(names), "reporting-training")
    opened.press(Qt.Key.Key_Return)
    sheet = opened.sheet(FormSheet)
    others = sheet.form.editors["also"]
    assert {box.text() for box in others.findChildren(Chip)} == names - {min(names)}
    for box in others.findChildren(Chip):
        box.setFocus()
        opened.press(Qt.Key.Key_Space)
    opened.press(Qt.Key.Key_Return)
    settle()
    assert {state_of(page, name, "reporting-training") for name in names} == {CURRENT}


def test_an_end_somebody_wrote_is_not_written_over(opened):
    page = opened.go("checks")
    choose(page, "", "emergency-plan")
    opened.press(Qt.Key.Key_Return)
    sheet, today = opened.sheet(FormSheet), opened.shared.today()
    sheet.form.put({"expires_on": today + 5 * DAY})
    sheet.form.editors["issued_on"].put_typed((today - 3 * DAY).isoformat())
    sheet.form.editors["issued_on"].edited.emit()
    assert sheet.form.values()["expires_on"] == today + 5 * DAY
    sheet.try_save()
    settle()
    assert state_of(page, "", "emergency-plan") == EXPIRING


def test_a_paper_of_the_wrong_holder_is_said_beside_its_field(opened):
    page = opened.go("checks")
    page.add.click()
    sheet = opened.sheet(FormSheet)
    me = opened.desk.staff.public_id
    sheet.form.put({"staff_id": me, "kind": "fire-inspection"})
    sheet.try_save()
    assert opened.sheet(FormSheet) is sheet
    assert sheet.form.frames["staff_id"].problem.text()
    sheet.form.put({"staff_id": "house"})
    sheet.try_save()
    settle()
    assert state_of(page, "", "fire-inspection") != MISSING


def test_only_what_ran_out_or_is_missing_can_be_shown(opened):
    page = opened.go("checks")
    page.show_only.setCurrentIndex(page.show_only.findData(MISSING))
    settle()
    assert {line.paper.state for line in page.table.lines} == {MISSING}
    assert not page.back.isEnabled()
    page.show_only.setCurrentIndex(0)


def test_a_finding_past_its_day_is_loud_until_it_is_corrected(opened):
    desk, today = opened.desk, opened.shared.today()
    days = (today - 365 * DAY, today, today)
    visit_id = desk.do(visits.PlanVisit("Office", "Rule 7", "licensor", *days)).subject
    desk.do(visits.EndVisit(visit_id, "held"))
    page = opened.go("visits", visit_id)
    card = page.findings
    assert card.isVisible()
    card.record.click()
    sheet = opened.sheet(FormSheet)
    me = desk.staff.public_id
    sheet.form.put({"area": "building", "finding": "Two drills are missing", "owner_id": me})
    sheet.form.put({"due_on": today + 10 * DAY})
    sheet.try_save()
    settle()
    assert not card.loud.isVisible()
    assert "yours to correct: 1." in opened.go("today").duties.text
    opened.clock.forward(days=13)
    page = opened.go("visits", visit_id)
    page._refresh()
    assert "the longest by 3 days" in card.loud.text
    today_page = opened.go("today")
    today_page.duties.refresh()
    assert today_page.duties.text.endswith("Overdue by 3 days.")
    page = opened.go("visits", visit_id)
    card.table.setFocus()
    card.table.selectRow(0)
    opened.press(Qt.Key.Key_Return)
    sheet = opened.sheet(FormSheet)
    sheet.form.put({"evidence": "Drill log, page 4"})
    sheet.try_save()
    settle()
    (line,) = desk.ask(findings_of, visit_id=visit_id)
    assert line.evidence == "Drill log, page 4"
    assert not card.loud.isVisible()
    assert not card.correct.isEnabled()
