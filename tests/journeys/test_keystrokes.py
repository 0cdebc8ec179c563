"""How many keys, and how many clicks, an everyday act takes from Today.

Each act is really done in the real window, and looked up in the records. The table is printed at
the end (`-s` shows it).
"""

import pytest
import shiboken6
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from shelter_desk.app.finders import Finders
from shelter_desk.desk import accounts, residents, service_log, today
from shelter_desk.desk.accounts import Colleague
from shelter_desk.desk.assigning import assignments
from shelter_desk.desk.handoff import handoffs
from shelter_desk.desk.missing_record import missing_board
from shelter_desk.desk.rounds import DONE, shift_round
from shelter_desk.desk.shift_log import LinesWanted, shift_lines
from shelter_desk.ui.form_sheet import FormSheet
from shelter_desk.ui.main_window import House, MainWindow
from shelter_desk.ui.pages import discover
from shelter_desk.ui.widgets import Sheet
from tests.ui.every_form import Unwatched
from tests.ui.real_window import NONE, Opened, Records, settle

KEY = Qt.Key
CONTROL = Qt.KeyboardModifier.ControlModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier
ALT = Qt.KeyboardModifier.AltModifier
MOST = 3  # of an everyday act
MOST_WRITTEN = 4  # where something is written down: a line of the shift log, a service
MOST_SIGNED = 5  # heads and people on duty are counted, and typed


class Counted(Opened):
    """A window on Today in which every press is counted; two keys held together are one press."""

    def __init__(self, records):
        super().__init__(records, Unwatched())
        finders = Finders(self.shared)
        shiboken6.delete(self.window)
        house = House("Harbor House", "Director", str, finders.records, finders.actions)
        self.window = MainWindow(self.shared, discover(), house)
        self.window.show()
        self.window.activateWindow()
        Unwatched().waitUntil(self.window.isActiveWindow)
        self.presses = 0
        self.switched = []
        self.window.hard_lock_wanted.connect(lambda: self.switched.append(True))

    def press(self, *keys, modifier=NONE):
        self.presses += len(keys)
        super().press(*keys, modifier=modifier)

    def type_number(self, text):
        """Type a number; each digit is a key."""
        self.presses += len(text)
        self.write(text)

    def click(self, widget, at=None):
        """Click on something that can be seen, with the mouse."""
        assert widget.isVisible()
        assert widget.isEnabled()
        self.presses += 1
        spot = at if at is not None else QPoint(widget.width() // 2, widget.height() // 2)
        QTest.mouseClick(widget, Qt.MouseButton.LeftButton, NONE, spot)
        settle()

    def rail(self, name):
        """Click on a page in the rail."""
        self.click(self.window.rail.button(name))
        settle()
        return self.window.view(name)

    def click_cell(self, view, row, column, *, on_box):
        """Click on a row or cell: on its box, or beside it."""
        spot = view.visualRect(view.model().index(row, column))
        far = QPoint(spot.right() - 8, spot.center().y())
        self.click(view.viewport(), QPoint(spot.x() + 16, spot.center().y()) if on_box else far)

    def from_today(self):
        self.window.go("residents")
        self.window.go("today")
        settle()
        settle()
        self.presses = 0

    @property
    def page(self):
        return self.window.view("today")

    def board(self):
        return self.desk.ask(today.board, now=self.clock())


@pytest.fixture(scope="module")
def table():
    """Print one line an act when all are done."""
    lines = []
    yield lines
    print(f"\n{'act from Today':<40}{'keys':>6}{'clicks':>8}")
    for words in dict.fromkeys(name for name, _, _ in lines):
        by = {how: count for name, how, count in lines if name == words}
        print(f"{words:<40}{by.get('keys', ''):>6}{by.get('clicks', ''):>8}")


@pytest.fixture(scope="module")
def records(tmp_path_factory, care_model):
    made = Records(tmp_path_factory.mktemp("records"), care_model)
    ada = Colleague("a" * 20, "Ada", made.desk.staff.roles, "four invented words here")
    accounts.add_colleague(made.desk, "invented words for tests only", ada)
    made.window = None  # one for all acts, until one of them covers it
    yield made
    if made.window is not None:
        shiboken6.delete(made.window.window)  # its minute would strike over a closed desk
    made.desk.close()


@pytest.fixture
def opened(look, records):
    one = records.window = records.window or Counted(records)
    one.switched.clear()
    one.began_at = records.clock.forward(minutes=3)
    one.stay = one.shared.do(residents.Admit("Sky", one.clock())).subject
    one.window.activateWindow()
    one.from_today()
    yield one
    while (sheet := one.sheet()) is not None:
        sheet.close_sheet()
    if one.window.is_covered:
        shiboken6.delete(one.window)
        records.window = None
    records.everyone_leaves()


# What was done


def answered(opened):
    return [line for line in opened.board().done if line.stay_id == opened.stay]


def ticked(opened):
    return len(answered(opened)) == 1


def logged(opened):
    return opened.desk.ask(service_log.entries, stay_id=opened.stay)


def lines(opened):
    now = opened.clock()
    wanted = LinesWanted(opened.began_at, now.replace(year=2027), opened.stay)
    return opened.desk.ask(shift_lines, wanted=wanted)


def checked(opened):
    found = opened.desk.ask(shift_round, now=opened.clock())
    return sum(cell.state == DONE for line in found.lines for cell in line.cells.values())


def gone(opened):
    found = opened.desk.ask(missing_board, now=opened.clock()).episodes
    return [one for one in found if one.stay_id == opened.stay]


def handed_over(opened):
    return opened.desk.ask(handoffs)[0].until >= opened.began_at


def given(opened):
    return [one.name for one in opened.desk.ask(assignments).values()]


def on(name):
    return lambda opened: opened.window.page == name


def asks(name):
    return lambda opened: opened.window.page == name and opened.sheet(FormSheet) is not None


# By keys


def tick(opened):
    opened.press(KEY.Key_Space)


def tick_and_take_back(opened):
    opened.press(KEY.Key_Space)
    assert ticked(opened)
    opened.press(KEY.Key_Z, modifier=CONTROL)


def say_that_it_was_declined(opened):
    opened.press(KEY.Key_N)
    opened.press(KEY.Key_Right)  # the next outcome
    opened.press(KEY.Key_Return)


def declined(opened):
    sheet = opened.sheet(Sheet)
    if sheet is not None:  # an outcome that wants a reason asks for it, and nothing is lost
        return sheet.form.frames["reason"].isVisible()
    return answered(opened)[0].outcome != "done"


def open_the_resident(opened):
    opened.press(KEY.Key_Return)


def begin_an_arrival(opened):
    opened.press(KEY.Key_A)


def arrival_begun(opened):
    is_open = opened.window.page == "arrival"
    return is_open and opened.window.view("arrival").form.person.editors["called"].edit.hasFocus()


def find_somebody(opened):
    opened.press(KEY.Key_K, modifier=CONTROL)
    opened.press(KEY.Key_S)
    opened.press(KEY.Key_Return)


def hide_everything(opened):
    opened.press(KEY.Key_F9)


def lock(opened):
    opened.press(KEY.Key_L, modifier=CONTROL)


def covered(opened):
    return opened.window.is_covered


def see_who_is_here(opened):
    opened.press(KEY.Key_2, modifier=ALT)


def switch_to_another_person(opened):
    opened.press(KEY.Key_L, modifier=CONTROL | SHIFT)


def switched(opened):
    return opened.switched == [True]


def start_missing(opened):
    opened.press(KEY.Key_F8)
    opened.press(KEY.Key_Return)


def to_the_round(opened):
    opened.press(KEY.Key_5, modifier=ALT)


def tick_a_cell(opened):
    to_the_round(opened)
    opened.press(KEY.Key_Space)


def tick_a_row(opened):
    to_the_round(opened)
    opened.press(KEY.Key_R)


def tick_a_column(opened):
    to_the_round(opened)
    opened.press(KEY.Key_C)


def begin_an_appointment(opened):
    opened.press(KEY.Key_6, modifier=ALT)
    opened.press(KEY.Key_N)


def begin_an_incident(opened):
    opened.press(KEY.Key_9, modifier=ALT)
    opened.press(KEY.Key_N)


def assign(opened):
    opened.press(KEY.Key_G)
    opened.press(KEY.Key_Return)


def write_a_line(opened):
    opened.press(KEY.Key_3, modifier=ALT)
    opened.press(KEY.Key_1, KEY.Key_S, KEY.Key_Return)


def write_a_line_of_the_row(opened):
    opened.press(KEY.Key_W, KEY.Key_S, KEY.Key_Return)


def line_of_the_row(opened):
    """The line is about whoever the row on Today was about."""
    return [one.stay_id for line in lines(opened) for one in line.people] == [opened.stay]


def same_as_last_time(opened):
    opened.press(KEY.Key_L)
    opened.press(KEY.Key_0, KEY.Key_Return)


def another_service(opened):
    opened.press(KEY.Key_L)
    opened.press(KEY.Key_1, KEY.Key_Return)


def hand_the_shift_over(opened):
    opened.press(KEY.Key_4, modifier=ALT)
    opened.type_number("1")
    opened.press(KEY.Key_Tab)
    opened.type_number("1")
    opened.press(KEY.Key_Return)


BY_KEYS = (
    ("tick", tick, ticked, MOST),
    ("tick and take back", tick_and_take_back, lambda one: not answered(one), MOST),
    ("say that it was declined", say_that_it_was_declined, declined, MOST),
    ("open the resident", open_the_resident, on("resident"), MOST),
    ("begin an arrival", begin_an_arrival, arrival_begun, MOST),
    ("find somebody", find_somebody, on("resident"), MOST),
    ("hide everything", hide_everything, covered, MOST),
    ("lock", lock, covered, MOST),
    ("see who is here", see_who_is_here, on("residents"), MOST),
    ("switch to another person", switch_to_another_person, switched, MOST),
    ("say that somebody is missing", start_missing, gone, MOST),
    ("tick a cell of the round", tick_a_cell, lambda one: checked(one) == 1, MOST),
    ("tick a row of the round", tick_a_row, lambda one: checked(one) > 1, MOST),
    ("tick a column of the round", tick_a_column, lambda one: checked(one) == 1, MOST),
    ("begin an appointment", begin_an_appointment, asks("calendar"), MOST),
    ("begin an incident", begin_an_incident, asks("incidents"), MOST),
    ("give an item to a colleague", assign, lambda one: given(one) == ["Ada"], MOST),
    ("a log line about whoever one is on", write_a_line_of_the_row, line_of_the_row,
     MOST),
    ("a line of the shift log", write_a_line, lines, MOST_WRITTEN),
    ("a service, same as last time", same_as_last_time, lambda one: len(logged(one)) == 2, MOST),
    ("a service, another one", another_service, lambda one: len(logged(one)) == 2, MOST),
    ("hand the shift over and sign", hand_the_shift_over, handed_over, MOST_SIGNED),
)  # fmt: skip


# By clicks


def click_a_tick(opened):
    opened.click_cell(opened.page.lists()[0], 0, 0, on_box=True)


def click_an_arrival(opened):
    opened.click(opened.page.new)


def click_missing(opened):
    opened.click(opened.page.missing)
    opened.click(opened.sheet().buttons[0])


def click_a_cell(opened):
    opened.click_cell(opened.rail("rounds").grid, 0, 0, on_box=True)


def click_a_row(opened):
    page = opened.rail("rounds")
    opened.click_cell(page.grid, 0, 1, on_box=False)
    opened.click(page.tick_row)


def click_a_column(opened):
    page = opened.rail("rounds")
    opened.click_cell(page.grid, 0, 1, on_box=False)
    opened.click(page.tick_column)


def click_an_appointment(opened):
    opened.click(opened.rail("calendar").new)


def click_an_incident(opened):
    opened.click(opened.rail("incidents").start)


def click_a_line(opened):
    form = opened.rail("shift_log").form
    opened.click(form.people.chips[opened.stay])
    opened.click(next(iter(form.groups[0].chips.values())))
    opened.click(form.save)


def click_the_same_service(opened):
    opened.click(opened.page.log)
    form = opened.window.view("log_service").form
    if not form.who.code():
        form.who.one.choose(opened.stay)
        form.who.one.activated.emit(1)
        opened.presses += 2
    opened.click(form.same)
    opened.click(form.save)


BY_CLICKS = (
    ("tick", click_a_tick, ticked, 1),
    ("begin an arrival", click_an_arrival, on("arrival"), 1),
    ("say that somebody is missing", click_missing, gone, 2),
    ("tick a cell of the round", click_a_cell, lambda one: checked(one) == 1, 2),
    ("tick a row of the round", click_a_row, lambda one: checked(one) > 1, MOST),
    ("tick a column of the round", click_a_column, lambda one: checked(one) == 1, MOST),
    ("begin an appointment", click_an_appointment, asks("calendar"), 2),
    ("begin an incident", click_an_incident, asks("incidents"), 2),
    ("a line of the shift log", click_a_line, lines, MOST_WRITTEN),
    ("a service, same as last time", click_the_same_service, lambda one: len(logged(one)) == 2,
     5),
)  # fmt: skip


def prepared(opened, words):
    """Give the house what an act needs to be there: a former entry of a service."""
    if words.startswith("a service"):
        opened.desk.do(service_log.LogService(opened.stay, "life_skills", opened.clock(), 50))


@pytest.mark.parametrize(("words", "act", "done", "most"), BY_KEYS, ids=[a[0] for a in BY_KEYS])
def test_an_everyday_act_takes_few_keys(opened, table, words, act, done, most):
    prepared(opened, words)
    opened.from_today()
    act(opened)
    table.append((words, "keys", opened.presses))
    assert done(opened)
    assert 1 <= opened.presses <= most


@pytest.mark.parametrize(
    ("words", "act", "done", "most"), BY_CLICKS, ids=[a[0] for a in BY_CLICKS]
)
def test_an_everyday_act_takes_few_clicks(opened, table, words, act, done, most):
    prepared(opened, words)
    opened.from_today()
    act(opened)
    table.append((words, "clicks", opened.presses))
    assert done(opened)
    assert 1 <= opened.presses <= most
