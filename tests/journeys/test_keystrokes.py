"""How many keys an everyday act takes from Today. Each act is really done, and looked up."""

import pytest
from PySide6.QtCore import Qt

from shelter_desk.app.finders import Finders
from shelter_desk.desk import residents, service_log, today
from shelter_desk.ui.main_window import House, MainWindow
from shelter_desk.ui.pages import discover
from shelter_desk.ui.widgets import Sheet
from tests.ui.real_window import NONE, Opened, settle

KEY = Qt.Key
CONTROL = Qt.KeyboardModifier.ControlModifier
MOST = 3


class Counted(Opened):
    """A window on Today in which every press is counted; two keys held together are one press."""

    def __init__(self, records, qtbot):
        super().__init__(records, qtbot)
        finders = Finders(self.shared)
        house = House(
            "Harbor House", "Director", lambda _p: True, finders.records, finders.actions
        )
        self.window.close()
        self.window = MainWindow(self.shared, discover(), house)
        qtbot.addWidget(self.window)
        self.window.show()
        self.window.activateWindow()
        qtbot.waitUntil(self.window.isActiveWindow)
        self.presses = 0

    def press(self, *keys, modifier=NONE):
        self.presses += len(keys)
        super().press(*keys, modifier=modifier)

    def from_today(self):
        self.window.go("residents")
        self.window.go("today")
        settle()
        settle()
        self.presses = 0

    def board(self):
        return self.desk.ask(today.board, now=self.clock())


@pytest.fixture
def opened(look, open_desk, qtbot):
    one = Counted(open_desk, qtbot)
    one.stay = one.shared.do(residents.Admit("Sky", one.clock())).subject
    one.from_today()
    return one


def tick(opened):
    opened.press(KEY.Key_Space)
    assert len(opened.board().done) == 1


def tick_and_take_back(opened):
    opened.press(KEY.Key_Space)
    opened.press(KEY.Key_Z, modifier=CONTROL)
    assert opened.board().done == ()


def say_that_it_was_declined(opened):
    opened.press(KEY.Key_N)
    opened.press(KEY.Key_Right)  # the next outcome
    opened.press(KEY.Key_Return)
    sheet = opened.sheet(Sheet)
    if sheet is not None:  # an outcome that wants a reason asks for it, and nothing is lost
        assert sheet.frames["reason"].isVisible()
        return
    assert opened.board().done[0].outcome != "done"


def open_the_resident(opened):
    opened.press(KEY.Key_Return)
    assert opened.window.page == "resident"


def begin_an_arrival(opened):
    opened.press(KEY.Key_A)
    assert opened.window.page == "arrival"
    assert opened.window.view("arrival").form.person.editors["called"].edit.hasFocus()


def begin_a_service_entry(opened):
    opened.press(KEY.Key_L)
    assert opened.window.page == "log_service"


def say_that_somebody_is_missing(opened):
    opened.press(KEY.Key_F8)
    assert opened.window.page == "missing"


def find_somebody(opened):
    opened.press(KEY.Key_K, modifier=CONTROL)
    opened.press(KEY.Key_S)
    opened.press(KEY.Key_Return)
    assert opened.window.page == "resident"


def hide_everything(opened):
    opened.press(KEY.Key_F9)
    assert opened.window.is_covered


def lock(opened):
    opened.press(KEY.Key_L, modifier=CONTROL)
    assert opened.window.is_covered


def see_who_is_here(opened):
    opened.press(KEY.Key_2, modifier=Qt.KeyboardModifier.AltModifier)
    assert opened.window.page == "residents"


ACTS = (
    tick,
    tick_and_take_back,
    say_that_it_was_declined,
    open_the_resident,
    begin_an_arrival,
    begin_a_service_entry,
    say_that_somebody_is_missing,
    find_somebody,
    hide_everything,
    lock,
    see_who_is_here,
)


@pytest.mark.parametrize("act", ACTS, ids=[act.__name__ for act in ACTS])
def test_an_everyday_act_takes_at_most_three_keys(opened, act):
    act(opened)
    print(f"{act.__name__.replace('_', ' '):<32} {opened.presses}")
    assert 1 <= opened.presses <= MOST


def test_a_usual_service_entry_takes_four_keys_and_is_there(opened):
    """For the resident whose page is open: L, the service's number, Enter."""
    opened.press(KEY.Key_Return)
    opened.press(KEY.Key_L)
    assert opened.sheet(Sheet) is not None
    opened.press(KEY.Key_1, KEY.Key_Return)
    (entry,) = opened.desk.ask(service_log.entries, stay_id=opened.stay)
    assert entry.service_id == "mental_health"
    assert opened.presses <= 4
    print(f"a service entry from Today: {opened.presses} keys")
