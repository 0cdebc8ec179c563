"""The walk through windows, here through missing from care and incidents, and their sheets."""

import pytest
from PySide6.QtTest import QTest

from shelter_desk.desk.incidents import AddPerson, AddStep, StartIncident, WithdrawIncident
from shelter_desk.desk.missing import AddMissingLine, StartMissing, WithdrawMissing
from shelter_desk.desk.missing_record import episode
from shelter_desk.desk.missing_return import RecordReturn, WithdrawReturn
from tests.ui.real_window import Opened, Records
from tests.ui.test_walk import (
    test_everything_reached_by_tab_says_its_name_and_role,
    test_no_word_is_cut_off,
    test_nothing_is_wider_than_the_window_at_200_percent,
    test_nothing_lies_over_its_neighbour_or_outside_its_box,
    test_tab_goes_down_the_page_not_up_and_down,
    test_the_focus_is_seen_on_everything,
)

__all__ = [
    "test_everything_reached_by_tab_says_its_name_and_role",
    "test_no_word_is_cut_off",
    "test_nothing_is_wider_than_the_window_at_200_percent",
    "test_nothing_lies_over_its_neighbour_or_outside_its_box",
    "test_tab_goes_down_the_page_not_up_and_down",
    "test_the_focus_is_seen_on_everything",
]
pytestmark = pytest.mark.slow  # every page and sheet in its own window: over a minute
VIEWS = ("overview", "missing", "back", "who", "told", "look", "talk", "incidents", "incident")
MORE = ("start", "person", "step", "today")


@pytest.fixture(scope="module")
def records(tmp_path_factory, care_model):
    made = Records(tmp_path_factory.mktemp("records"), care_model)
    yield made
    made.desk.close()


@pytest.fixture(params=(*VIEWS, *MORE))
def shown(request, look, records, qtbot):
    opened = Opened(records, qtbot)
    stay = opened.admit("Sky River")
    opened.clock.forward(hours=30)
    opened.window.resize(1366, 768)
    made = begin(opened, stay)
    show(opened, request.param, *made)
    QTest.qWait(30)
    yield opened.window
    end(opened.desk, *made)
    records.everyone_leaves()


def begin(opened, stay):
    """Return an absence and an incident, both with something in every list."""
    desk, now = opened.desk, opened.clock()
    missing = desk.do(StartMissing(stay, now)).subject
    desk.do(AddMissingLine(missing, "search", "room", "not-there", note="Look again at ten"))
    desk.do(AddMissingLine(missing, "try", "phone", "no-answer"))
    incident = desk.do(StartIncident(("injury", "police-call"), now, now, "kitchen", (stay,)))
    desk.do(AddPerson(incident.subject, "responded", role="medical-worker"))
    desk.do(AddStep(incident.subject, "Mend the step at the kitchen door", now.date()))
    return missing, incident.subject


def end(desk, missing, incident):
    """Take both back, so that the next test has a quiet house."""
    if desk.ask(episode, episode_id=missing).line.returned_at is not None:
        desk.do(WithdrawReturn(missing))
    desk.do(WithdrawMissing(missing))
    desk.do(WithdrawIncident(incident))


def show(opened, view, missing, incident):
    """Open one of the views, with its sheet where it has one."""
    if view == "back":
        opened.shared.do(RecordReturn(missing, opened.clock(), "self"))
    if view in ("overview", "incidents", "today"):
        opened.go({"overview": "missing"}.get(view, view))
        return
    if view in ("incident", "start", "person", "step"):
        page = opened.go("incidents", incident)
        asks = {
            "start": lambda: page.asks.start(page.open),
            "person": lambda: page.asks.person(incident),
            "step": lambda: page.asks.step(incident),
        }
    else:
        page = opened.go("missing", missing)
        police = page._found.notices[1]
        asks = {
            "who": lambda: page.ask_who(opened.clock()),
            "told": lambda: page.asks.told(police),
            "look": lambda: page.asks.line(missing, "search"),
            "talk": lambda: page.asks.talk(missing, page._found.talk),
        }
    if view in asks:
        opened.window.opened_sheet = asks[view]()
