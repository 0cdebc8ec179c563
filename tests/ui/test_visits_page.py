"""The audit visit on screen: planned, gone through, given away, held; and the owner's line."""

from datetime import timedelta

import pypdfium2
import pytest
from PySide6.QtCore import Qt

from shelter_desk.desk import audit_log, residents, visits
from shelter_desk.desk.residents import roster
from shelter_desk.desk.visit_check import COMING, DOCUMENT, my_points, pre_check
from shelter_desk.desk.visits import GivePoints
from shelter_desk.ui.form_sheet import FormSheet
from shelter_desk.ui.paper_sheet import PaperSheet
from shelter_desk.ui.visits.grid import grid_of
from shelter_desk.ui.visits.mine import MySheet
from tests.ui.real_door import KeptPaper
from tests.ui.real_window import Opened, Records, settle


@pytest.fixture(scope="module")
def records(care_model, tmp_path_factory):
    return Records(tmp_path_factory.mktemp("visits"), care_model)


@pytest.fixture
def opened(look, records, qtbot):
    records.everyone_leaves()
    window = Opened(records, qtbot)
    for line in window.desk.ask(visits.visits):
        if line.state == "planned":
            window.desk.do(visits.EndVisit(line.visit_id, "cancelled"))
    return window


def planned(opened, page):
    page.plan.click()
    settle()
    sheet = opened.sheet(FormSheet)
    opened.write("State licensing office")
    sheet.form.put({"scope": "licensor", "authority": "Rule 7"})
    sheet.try_save()
    settle()
    return page.chosen


def test_a_visit_is_planned_in_one_sheet_and_its_check_begins_three_weeks_before(opened):
    opened.admit("Sky")
    page = opened.go("visits")
    visit = planned(opened, page)
    today = opened.shared.today()
    assert opened.said[-1] == "The visit is written down"
    assert (visit.agency, visit.visit_on) == ("State licensing office", today + timedelta(weeks=4))
    assert "begins on" in page.soon.text
    assert {point.about for point in page.points} >= {"Sky"}
    opened.clock.forward(days=10)
    page = opened.go("visits", visit.visit_id)
    page._refresh()
    assert page.soon.text == "They come in 18 days. Give each point to somebody."
    every, me = tuple(point.point for point in page.points), opened.desk.staff.public_id
    opened.desk.do(GivePoints(visit.visit_id, every, me, visit.visit_on))
    page._refresh()
    assert page.soon.text == "They come in 18 days.", "each point has somebody: no more is asked"
    page.pack.click()
    settle()
    order = opened.window.view("audit_pack").choices
    assert opened.window.focusWidget() is order.profile
    assert (order.profile.currentData(), order.recipient.text(), order.authority.text()) == (
        "licensor",
        "State licensing office",
        "Rule 7",
    )


def test_what_is_missing_is_said_beside_its_field(opened):
    page = opened.go("visits")
    page.plan.click()
    settle()
    sheet = opened.sheet(FormSheet)
    sheet.try_save()
    assert opened.sheet(FormSheet) is sheet
    assert opened.desk.ask(visits.visits) == () or page.chosen.state != "planned"
    opened.press(Qt.Key.Key_Escape)


def test_points_of_one_kind_are_given_to_a_colleague_and_wait_on_their_today(opened):
    stay = opened.admit("Ash")
    page = opened.go("visits")
    visit = planned(opened, page)
    page.kind.setCurrentIndex(page.kind.findData(COMING))
    settle()
    shown = page.shown
    assert {point.kind for point in shown} == {COMING}
    page.give.click()
    sheet = opened.sheet(FormSheet)
    sheet.form.put({"owner_id": opened.desk.staff.public_id})
    sheet.try_save()
    settle()
    points = opened.desk.ask(pre_check, visit_id=visit.visit_id, now=opened.clock())
    given = [point for point in points if point.owner]
    assert len(given) == len(shown)
    assert page.kind.currentData() == COMING  # what was chosen stays chosen

    today = opened.go("today")
    assert today.duties.isVisible()
    assert f"{len(shown)} points" in today.duties.text
    today.duties.open.click()
    settle()
    mine = opened.sheet(MySheet)
    mine.buttons[0].click()
    settle()
    assert opened.window.view("resident") is not None
    assert opened.desk.ask(my_points, now=opened.clock())[0][0].visit_id == visit.visit_id

    # What was never done for somebody who left can only be explained: saying so closes it.
    opened.desk.do(residents.RecordExit(stay, opened.clock(), "kin", "422"))
    left, me = f"left:{stay}", opened.desk.staff.public_id
    opened.desk.do(GivePoints(visit.visit_id, (left,), me, visit.visit_on))
    today = opened.go("today")
    today.duties.refresh()
    today.duties.open.click()
    settle()
    ((_, before),) = opened.desk.ask(my_points, now=opened.clock())
    ready = [one for one in opened.sheet(MySheet).buttons if one.text() == "Answer is ready"]
    assert len(ready) == 1
    assert "Ash" in ready[0].accessibleName()
    ready[0].click()
    settle()
    ((_, still_mine),) = opened.desk.ask(my_points, now=opened.clock())
    assert left not in {point.point for point in still_mine}
    assert len(still_mine) == len(before) - 1


def test_one_point_is_given_by_enter_on_its_row(opened):
    opened.admit("River")
    page = opened.go("visits")
    planned(opened, page)
    page.table.setFocus()
    page.table.selectRow(0)
    opened.press(Qt.Key.Key_Return)
    sheet = opened.sheet(FormSheet)
    sheet.form.put({"owner_id": opened.desk.staff.public_id})
    sheet.try_save()
    settle()
    assert sum(point.owner is not None for point in page.points) == 1


def test_the_grid_has_documents_down_and_labels_across_and_no_name(opened):
    for name in ("Lakename", "Hillname"):
        opened.admit(name)
    opened.clock.forward(days=5)
    page = opened.go("visits")
    visit = planned(opened, page)
    page.paper = KeptPaper()
    page.grid.click()
    settle()
    opened.sheet(PaperSheet).print.click()
    document = pypdfium2.PdfDocument(page.paper.printed[0])
    pages = [one.get_textpage().get_text_bounded() for one in document]
    text = "\n".join(pages)
    grid = grid_of(opened.shared, visit)
    assert grid.rows[-1].title in pages[0], "the first page holds the sums, to the last document"
    for row in grid.rows:
        assert row.title.split()[0] in text
    assert "MISSING" in text
    assert "Staff files 1 to 1 of 1" in text
    assert "Fire inspection" in text
    assert "Dana" not in text
    assert "Lakename" not in text
    assert "Hillname" not in text
    for line in opened.desk.ask(roster, now=opened.clock()):
        assert line.case_code not in text
    # Labels are of one paper only.
    assert set(grid.labels).isdisjoint(grid_of(opened.shared, visit).labels)
    assert grid.current == 2
    last = opened.desk.ask(audit_log.events)
    assert "visit.grid" in [event.action for event in last]


def test_a_document_that_is_missing_is_a_point_of_its_own(opened):
    opened.admit("River")
    opened.clock.forward(days=5)
    page = opened.go("visits")
    planned(opened, page)
    missing = [point for point in page.points if point.kind == DOCUMENT]
    assert any("face sheet" in point.text for point in missing)
    assert page.points[0].kind == DOCUMENT  # what weighs most stands first


def test_a_held_visit_asks_for_nothing_any_more(opened):
    opened.admit("Lake")
    page = opened.go("visits")
    visit = planned(opened, page)
    page.held.click()
    settle()
    states = {line.visit_id: line.state for line in opened.desk.ask(visits.visits)}
    assert states[visit.visit_id] == "held"
    page.open_subject(visit.visit_id)
    assert not page.give.isVisible()
    assert not page.soon.isVisible()
