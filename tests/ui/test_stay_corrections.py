"""The two ends of a stay are corrected from the resident's page, by what is really clicked."""

from datetime import timedelta

import pytest

from shelter_desk.desk import residents
from shelter_desk.ui.form_sheet import FormSheet
from tests.ui.real_window import Opened, Records, settle

HOUR = timedelta(hours=1)


@pytest.fixture(scope="module")
def records(tmp_path_factory, care_model):
    made = Records(tmp_path_factory.mktemp("records"), care_model)
    yield made
    made.desk.close()


@pytest.fixture
def opened(look, records, qtbot):
    yield Opened(records, qtbot)
    records.everyone_leaves()


def choose(opened, page, words):
    """Trigger the entry of the menu that says this."""
    (action,) = [one for one in page.head.more_menu().actions() if one.text() == words]
    action.trigger()
    settle()


def record_of(opened, stay):
    return opened.desk.ask(residents.record, stay_id=stay, now=opened.clock())


def leave(opened, stay):
    opened.shared.do(residents.RecordExit(stay, opened.clock(), "kin", "422"))


def test_an_arrival_is_corrected(opened):
    stay = opened.admit()
    came = opened.clock()
    opened.clock.forward(hours=2)
    page = opened.go("resident", stay)
    choose(opened, page, "Correct the arrival…")
    sheet = opened.sheet(FormSheet)
    sheet.form.editors["arrived_at"].put(came - HOUR)
    sheet.save.click()
    assert record_of(opened, stay).began_at == came - HOUR


def test_an_exit_is_corrected_and_a_contradiction_is_said_beside_it(opened):
    stay = opened.admit()
    came = opened.clock()
    opened.clock.forward(hours=9)
    leave(opened, stay)
    page = opened.go("resident", stay)
    choose(opened, page, "Correct the exit…")
    sheet = opened.sheet(FormSheet)
    sheet.form.editors["left_at"].put(came - HOUR)
    sheet.save.click()
    assert sheet.form.frames["left_at"].problem.isVisible()
    sheet.form.editors["left_at"].put(came + HOUR)
    sheet.save.click()
    assert record_of(opened, stay).ended_at == came + HOUR


def test_who_did_not_leave_is_here_again(opened):
    stay = opened.admit()
    opened.clock.forward(hours=9)
    leave(opened, stay)
    page = opened.go("resident", stay)
    choose(opened, page, "They did not leave")
    assert record_of(opened, stay).ended_at is None
    assert not page.head.ended.isVisible()


def test_the_menu_offers_only_what_fits(opened):
    stay = opened.admit()
    page = opened.go("resident", stay)

    def offered():
        return [one.text() for one in page.head.more_menu().actions() if one.text()]

    assert "Another bed…" in offered()
    assert "Correct the exit…" not in offered()
    opened.clock.forward(hours=1)
    leave(opened, stay)
    assert "Another bed…" not in offered()
    assert "Correct the exit…" in offered()
