"""Notices on Today: a card of their own, and the item that each answers is not there twice."""

import pytest

from shelter_desk.desk.missing import StartMissing, WithdrawMissing
from shelter_desk.desk.notices import due_notices
from shelter_desk.desk.telling import Tell
from shelter_desk.ui.missing.who import WhoSheet
from shelter_desk.ui.today_notices import MOST
from shelter_desk.ui.widgets import Pill
from tests.ui.real_window import Opened, Records, settle

POLICE = "missing_response.03"


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
def missing(opened):
    stay = opened.admit()
    opened.clock.forward(days=4)  # past the card of the arrival
    episode_id = opened.shared.do(StartMissing(stay, opened.clock())).subject
    yield episode_id
    opened.desk.do(WithdrawMissing(episode_id))


def test_nobody_to_tell_shows_no_card(opened):
    opened.admit()
    assert not opened.go("today").owed.isVisible()


def test_the_first_few_notices_stand_above_the_lists_and_open_their_page(opened, missing):
    page = opened.go("today")
    assert page.owed.isVisible()
    assert len(page.owed.buttons) == MOST
    assert page.owed.head.remark.text() == str(len(opened.desk.ask(due_notices)))
    opened.clock.forward(minutes=-40)
    page._refresh()
    settle()
    first = page.owed.buttons[0].parentWidget()
    assert first.findChild(Pill).text.endswith("in 15 min"), "as the strip above says"
    opened.clock.forward(minutes=40)
    page.owed.buttons[0].click()
    settle()
    assert opened.window.page == "missing"
    assert opened.window.view("missing")._episode_id == missing


def test_an_item_is_listed_again_only_when_no_notice_stands_for_it(opened, missing):
    page = opened.go("today")
    shown = {line.item_id for line in page._board.lines}
    assert POLICE not in shown
    assert "missing_response.01" in shown, "searching is no notice: it is ticked here"
    police = next(one for one in opened.desk.ask(due_notices) if one.recipient == "police")
    opened.shared.do(Tell(police.notice_id, None, "A desk"))
    assert "police" not in [one.recipient for one in opened.desk.ask(due_notices)]
    assert POLICE in [line.item_id for line in page._board.done]


def test_someone_is_missing_is_one_of_the_quick_actions(opened):
    opened.admit()
    page = opened.go("today")
    page.missing.click()
    settle()
    sheet = opened.sheet()
    assert isinstance(sheet, WhoSheet)
    sheet.close_sheet()
