"""Somebody written down twice at night: seen on the page, joined by keys, separated by a click."""

import pytest
from PySide6.QtCore import Qt

from shelter_desk.desk import residents
from shelter_desk.desk.merging import JoinRecords
from shelter_desk.desk.same_person import joined
from shelter_desk.desk.service_log import LogService
from shelter_desk.ui.form_sheet import FormSheet
from tests.ui.real_window import Opened, Records, settle


@pytest.fixture(scope="module")
def records(tmp_path_factory, care_model):
    made = Records(tmp_path_factory.mktemp("records"), care_model)
    yield made
    made.desk.close()


@pytest.fixture
def opened(look, records, qtbot):
    yield Opened(records, qtbot)
    records.everyone_leaves()


@pytest.fixture
def twice(opened):
    sky = opened.admit("Sky", age_guess=15)
    opened.clock.forward(minutes=10)
    return sky, opened.admit("Skye", age_guess=15)


def here(opened):
    return [one.called for one in opened.desk.ask(residents.roster, now=opened.clock())]


def test_the_page_says_who_it_may_be_and_enter_joins_them(opened, twice):
    _, skye = twice
    page = opened.go("resident", skye)
    ((banner, look),) = page.same.banners
    assert banner.text.startswith("Perhaps written down twice: Sky, ")
    assert banner.text.endswith("(the names sound alike, the same age, arrived within a day).")
    look.click()
    settle()
    sheet = opened.sheet(FormSheet)
    assert sheet.form.values()["keep"] == "other"
    opened.press(Qt.Key.Key_Return)
    assert opened.said[-1] == "Joined into one record"
    assert here(opened) == ["Sky"]
    assert opened.window.view("resident").head.name.text() == "Sky"
    ((banner, *_),) = page.same.banners
    assert banner.text.startswith("Also written down as Skye, ")


def test_two_people_after_all_is_one_click(opened, twice):
    sky, skye = twice
    page = opened.go("resident", skye)
    page.same.banners[0][1].click()
    settle()
    opened.press(Qt.Key.Key_Return)
    page.same.banners[0][1].click()
    settle()
    ((banner, *_),) = page.same.banners
    assert "is joined with Sky" in banner.text
    opened.go("resident", sky)
    page.same.banners[0][2].click()
    settle()
    assert sorted(here(opened)) == ["Sky", "Skye"]
    assert opened.desk.ask(joined, stay_id=sky).closed == ()
    assert page.same.banners[0][0].text.startswith("Perhaps written down twice: Skye")
    assert opened.shared.undo()  # joined again
    assert here(opened) == ["Sky"]


def test_the_timeline_of_who_goes_on_says_what_stands_in_the_other_record(opened, twice):
    sky, skye = twice
    code = opened.desk.ask(residents.record, stay_id=skye, now=opened.clock()).case_code
    opened.desk.do(LogService(skye, "basic_needs", opened.clock(), 20))
    page = opened.go("resident", skye)
    page.same.banners[0][1].click()
    settle()
    opened.press(Qt.Key.Key_Return)
    page = opened.go("resident", sky)
    page.show_part("timeline")
    settle()
    model, role = page.timeline.table.model(), Qt.ItemDataRole.AccessibleTextRole
    told = [model.index(at, 1).data(role) for at in range(model.rowCount())]
    assert [one.endswith(f", 20 min  ·  in the record {code}") for one in told].count(True) == 1
    page.show_part("history")
    settle()
    assert {line.record for line in page.changes.table.lines} == {"", code}


def test_what_is_good_to_know_of_the_other_record_stands_beside_the_plan(opened):
    sky = opened.admit("Sky", age_guess=15, good_to_know="Likes tea")
    opened.clock.forward(minutes=10)
    skye = opened.admit("Skye", age_guess=15, good_to_know="Peanut allergy")
    one, other = (
        opened.desk.ask(residents.record, stay_id=stay, now=opened.clock()) for stay in (skye, sky)
    )
    page = opened.go("resident", sky)
    assert page.know.text() == "Likes tea"
    opened.shared.attempt(JoinRecords(one.resident_id, other.resident_id))
    settle()
    assert page.know.text() == f"Likes tea\nIn the record {one.case_code}: Peanut allergy"
    assert page.know_card.isVisible()


def test_what_stands_against_it_is_said_beside_the_question(opened, twice):
    _, skye = twice
    page = opened.go("resident", skye)
    page._act("same")
    settle()
    sheet = opened.sheet(FormSheet)
    sheet.form.put({"keep": "this"})
    sheet.save.click()
    settle()
    assert sheet.isVisible()
    assert sorted(here(opened)) == ["Sky", "Skye"]
    assert "longer stay" in sheet.form.frames["resident_id"].problem.text()


def test_nobody_is_suggested_where_names_differ(opened):
    opened.admit("Ash", age_guess=15)
    page = opened.go("resident", opened.admit("Bo", age_guess=15))
    assert page.same.banners == []
    assert not page.same.isVisible()
