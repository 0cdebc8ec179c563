"""The inspector's seat in the real window: nothing else can be reached until it has ended."""

from datetime import timedelta

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QFontMetrics, QShortcut
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from shelter_desk.app.finders import Finders
from shelter_desk.desk import audit_log
from shelter_desk.desk.sampling import sample_draws
from shelter_desk.desk.seats import OpenSeat
from shelter_desk.desk.seats_left import CloseSeatLeft
from shelter_desk.desk.visits import PlanVisit
from shelter_desk.domain.errors import NotFoundError
from shelter_desk.settings import DeviceSettings
from shelter_desk.ui.form_sheet import FormSheet
from shelter_desk.ui.messages import MessageSheet
from shelter_desk.ui.palette import Palette
from shelter_desk.ui.sample_sheet import SampleSheet
from shelter_desk.ui.theme import Weight
from shelter_desk.ui.visits.seat_sheet import SeatSheet
from shelter_desk.ui.widgets import Label
from tests.drawing import chosen, drawn_so_far
from tests.ui.real_window import Opened, Records, settle

KEY, CTRL, ALT = Qt.Key, Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.AltModifier


@pytest.fixture
def records(care_model, tmp_path):
    own = Records(tmp_path, care_model)
    yield own
    own.desk.close()


@pytest.fixture
def opened(look, records, qtbot):
    return Opened(records, qtbot)


@pytest.fixture
def seated(opened):
    """A window in which somebody looks at Sky, and not at Ash."""
    sky = opened.admit("Skyname")
    drawn_so_far(opened.desk)
    opened.admit("Ashname")
    plan(opened)
    page = opened.go("visits")
    page._refresh()
    page.seat.click()
    settle()
    sheet = opened.sheet(FormSheet)
    assert "State office" in sheet.form.typed()["visitor"]  # as the visit says
    sheet.form.put({"minutes": "30"})  # their last draw is chosen already
    sheet.try_save()
    settle()
    return opened, sky


def plan(opened, scope="licensor"):
    """Plan a visit tomorrow that looks at the last ninety days; return its public id."""
    today = opened.shared.today()
    days = (today - timedelta(days=90), today, today + timedelta(days=1))
    return opened.desk.do(PlanVisit("State office", "Rule 7", scope, *days)).subject


def looks(opened):
    return [e.action for e in opened.desk.ask(audit_log.events)].count("seat.look")


def texts(seat):
    lines = [value for line in seat.lines for value in (line.text, line.role, line.service)]
    return " ".join([*lines, *(label.text() for label in seat.findChildren(Label))])


def test_a_record_is_shown_once_the_look_is_written_down(look, seated):
    opened, _ = seated
    seat, before = opened.window.seat, looks(opened)
    assert seat.lines == ()
    assert seat.record.count() == 1
    assert seat.record.shown_text() == "Choose a record…"
    seat.record.setCurrentIndex(0)
    settle()
    assert looks(opened) == before + 1
    assert len(seat.lines) > 10
    assert "Skyname" not in texts(seat) + seat.record.itemText(0)
    assert seat.left.text() == "30 minutes left"
    assert "State office" in seat.mark._words
    seat.mark._words = "Office of a long name " * 4 + "· read only"  # 80 letters can be typed
    font = look.font(16, Weight.STRONG)
    assert seat.mark.across > QFontMetrics(font).horizontalAdvance(seat.mark._words)
    seat.record.setCurrentIndex(0)
    assert looks(opened) == before + 1  # the same one again is no new look


def test_no_key_reaches_what_lies_behind(seated):
    opened, _ = seated
    window = opened.window
    page, body = window.page, window._body
    for key, modifier in (
        (KEY.Key_K, CTRL),
        (KEY.Key_N, CTRL),
        (KEY.Key_Z, CTRL),
        (KEY.Key_F8, Qt.KeyboardModifier.NoModifier),
        (KEY.Key_F1, Qt.KeyboardModifier.NoModifier),
        (KEY.Key_1, ALT),
        (KEY.Key_Escape, Qt.KeyboardModifier.NoModifier),
        (KEY.Key_Tab, Qt.KeyboardModifier.NoModifier),
        (KEY.Key_Tab, CTRL),
    ):
        QTest.keyClick(window.focusWidget() or window, key, modifier)
        settle()
        focused = window.focusWidget()
        assert window.page == page
        assert focused is None or window.seat.isAncestorOf(focused) or focused is window.seat
        assert not body.isVisible()
        assert opened.sheet() is None
        assert [one for one in window.findChildren(Palette) if one.isVisible()] == []


def test_nothing_can_be_copied_out_of_it(look, seated):
    opened, _ = seated
    seat = opened.window.seat
    seat.record.setCurrentIndex(0)
    QApplication.clipboard().setText("before")
    seat.table.setFocus()
    seat.table.selectRow(0)
    opened.press(KEY.Key_C, modifier=CTRL)
    assert QApplication.clipboard().text() == "before"
    opened.press(KEY.Key_Down)
    assert seat.table.currentIndex().row() == 1
    assert seat.whole.text() == seat.lines[1].text  # its column cuts what is long
    look.apply(DeviceSettings(200, "dark"))
    opened.window.resize(1366, 768)
    settle()
    opened.press(KEY.Key_Down)  # what is said of the draw scrolls away
    top = seat._middle.mapToGlobal(QPoint(0, 0)).y()
    for part in (seat.whole, seat.table):
        at = part.mapToGlobal(QPoint(0, 0)).y()
        assert top <= at
        assert at + part.height() <= top + seat._middle.height()


def test_a_wrong_passphrase_ends_nothing_and_the_right_one_does(seated):
    opened, _ = seated
    seat = opened.window.seat
    seat.secret.edit.setText("")
    seat.end.click()
    settle()
    assert opened.window.seat is seat
    seat._check = lambda _words: False
    seat.secret.edit.setText("wrong words")
    seat.end.click()
    settle()
    assert opened.window.seat is seat
    assert seat.problem.text() == "That is not the passphrase."
    assert seat.secret.text() == ""
    seat._check = lambda _words: True
    seat.secret.edit.setText("right words")
    seat.end.click()
    settle()
    assert opened.window.seat is None
    assert opened.window._body.isVisible()
    assert not opened.window.is_covered


def test_when_the_time_is_over_the_desk_is_locked(seated):
    opened, _ = seated
    seat = opened.window.seat
    seat.record.setCurrentIndex(0)
    opened.clock.forward(minutes=31)
    seat.tick()
    settle()
    assert opened.window.seat is None
    assert opened.window.is_covered
    assert not opened.window._body.isVisible()
    opened.window._uncover()


def test_a_clock_that_is_set_back_gives_nobody_more_time(seated):
    opened, _ = seated
    seat = opened.window.seat
    opened.clock.at -= timedelta(hours=5)
    seat.tick()
    assert seat.left.text() == "30 minutes left"
    since = seat.sat_down

    class AnHour:
        def elapsed(self):
            return since.elapsed() + 3_600_000

    seat.sat_down = AnHour()
    seat.tick()
    settle()
    assert opened.window.seat is None
    assert opened.window.is_covered
    opened.clock.forward(hours=5)
    opened.window._uncover()


def test_what_work_behind_it_finds_is_not_laid_before_the_inspector(seated):
    opened, _ = seated
    window, seat = opened.window, opened.window.seat
    opened.shared.tell(NotFoundError())  # as a job does that was begun before they sat down
    opened.window.view("visits").plan.setFocus()
    settle()
    assert seat.isAncestorOf(window.focusWidget())
    sheet = window.findChild(MessageSheet)
    assert not sheet.isVisible()
    window._warn(10)
    assert opened.sheet() is window._warning  # it is about the seat, and stands before them
    window._end_warning()
    seat._check = lambda _words: True
    seat.secret.edit.setText("right words")
    seat.end.click()
    settle()
    assert sheet.isVisible()
    assert window.focusWidget() is sheet.close_button
    sheet.close_button.click()


def test_only_keys_that_lock_or_change_the_size_of_letters_work(seated):
    opened, _ = seated
    awake = [one for one in opened.window.findChildren(QShortcut) if one.isEnabled()]
    reached = {one.key().toString() for one in awake if one.parent().isVisible()}
    assert reached == {"Ctrl+L", "Ctrl+Shift+L", "F9", "Ctrl++", "Ctrl+=", "Ctrl+-"}


def test_a_desk_that_ends_writes_down_that_the_seat_has(seated):
    opened, _ = seated
    seat = opened.window.seat
    before = [one.action for one in opened.desk.ask(audit_log.events)].count("seat.close")
    opened.window.close()
    after = [one.action for one in opened.desk.ask(audit_log.events)].count("seat.close")
    assert after == before + 1
    seat.record.setCurrentIndex(0)
    assert seat.lines == ()


def test_locked_and_opened_again_the_seat_is_still_all_there_is(seated):
    opened, _ = seated
    window = opened.window
    opened.press(KEY.Key_L, modifier=CTRL)
    assert window.is_covered
    assert not window.seat.isVisible()
    window._uncover()
    settle()
    assert window.seat.isVisible()
    assert window.focusWidget() is window.seat.record
    assert not window._body.isVisible()
    opened.press(KEY.Key_K, modifier=CTRL)
    assert opened.sheet() is None
    window.seat._check = lambda _words: True
    window.seat.secret.edit.setText("right words")
    window.seat.end.click()
    settle()
    assert window._body.isVisible()


def test_time_that_runs_out_behind_three_times_escape_leaves_the_passphrase_before_all(seated):
    opened, _ = seated
    window, seat = opened.window, opened.window.seat
    seat.record.setCurrentIndex(0)
    opened.press(KEY.Key_Escape, KEY.Key_Escape, KEY.Key_Escape)
    assert window.is_covered
    opened.clock.forward(minutes=31)
    seat.tick()
    settle()
    assert (window.seat, seat.lines) == (None, ())
    assert window.is_covered
    opened.press(KEY.Key_Space)
    assert window.is_covered
    assert not window._body.isVisible()
    assert window.focusWidget() is window.cover.secret.edit
    window._uncover()
    assert window._body.isVisible()


def test_a_seat_that_was_left_open_is_told_on_today(opened):
    opened.admit("Lake")
    seat = OpenSeat("Mx Invented", "Rule 7", drawn_so_far(opened.desk), 240)
    opened.shared.do(CloseSeatLeft(opened.desk.do(seat).subject))  # as the next sign-in does
    page = opened.go("today")
    assert page.left.isVisible()
    assert "Mx Invented" in " ".join(label.text() for label in page.left.findChildren(Label))
    opened.clock.forward(days=8)
    page.left.refresh()
    assert not page.left.isVisible()


def test_from_the_visit_to_the_dice_and_into_the_seat_by_keys_alone(opened):
    desk = opened.desk
    for name in ("Lake", "Hill", "Rain", "Snow"):
        opened.admit(name)
    drawn_so_far(desk, profile="licensor")  # for somebody else, of the same quarter
    visit_id = plan(opened, "accreditor")
    page = opened.go("visits", visit_id)
    page.seat.setFocus()
    opened.press(KEY.Key_Space)
    sheet = opened.sheet(SeatSheet)
    assert "Nothing was drawn for them yet" in " ".join(
        label.text() for label in sheet.findChildren(Label)
    )
    assert opened.window.focusWidget() is sheet.dice
    opened.press(KEY.Key_Space)
    dice = opened.sheet(SampleSheet)
    assert dice.period.currentText().endswith("up to now")
    dice.period.setFocus()
    opened.press(KEY.Key_Down)  # the quarter before the house began
    dice.fix.setFocus()
    opened.press(KEY.Key_Space)
    assert "Nobody lived here" in dice.problem.text()
    opened.press(KEY.Key_Escape)  # back on the form, with nothing lost
    assert opened.window.focusWidget() is opened.sheet(SeatSheet).dice
    opened.press(KEY.Key_Space, KEY.Key_Space)
    dice = opened.sheet(SampleSheet)
    assert "in the list" in dice.root.text()
    assert opened.window.focusWidget() is dice.seed
    opened.write("3 1 6 2 5 4")
    opened.press(KEY.Key_Tab)
    opened.press(KEY.Key_A, modifier=CTRL)
    opened.write("2")
    opened.press(KEY.Key_Return)
    sheet = opened.sheet()
    assert isinstance(sheet, SeatSheet)
    line = desk.ask(sample_draws)[0]
    assert (line.seed, line.wanted, line.profile) == ("3 1 6 2 5 4", 2, "accreditor")
    assert sheet.form.typed()["draw_id"] == line.draw_id
    opened.press(KEY.Key_Space, KEY.Key_Return)  # half an hour; begin
    seat = opened.window.seat
    shown = {seat.record.itemData(place) for place in range(seat.record.count())}
    assert shown == chosen(desk, line.draw_id)
    assert f"2 of {line.population} records" in texts(seat)
    assert "3 1 6 2 5 4" in texts(seat)
    of_the_quarter = [one for one in desk.ask(sample_draws) if one.period == line.period]
    assert len(of_the_quarter) > 1
    assert f"{len(of_the_quarter)} lists of this period were fixed" in texts(seat)
    seat.secret.edit.setText("right words")
    seat.end.click()
    settle()
    assert opened.window.seat is None
    assert opened.window.stack.isAncestorOf(opened.window.focusWidget()), "not the rail"


def colours_beside(opened):
    """Return every colour on the window beside the card of the sheet that lies on top."""
    image, card = opened.window.grab().toImage(), opened.sheet().card.geometry()
    spots = ((x, y) for x in range(0, image.width(), 3) for y in range(0, image.height(), 3))
    return {image.pixel(x, y) for x, y in spots if not card.contains(x, y)}


def test_who_comes_unannounced_is_written_down_and_throws_their_own_dice_by_keys_alone(opened):
    desk = opened.desk
    for name in ("Lake", "Hill", "Rain", "Snow"):
        opened.admit(name)
    earlier = drawn_so_far(desk, profile="licensor")  # for somebody who was here last week
    opened.clock.forward(days=7)
    page = opened.go("visits")
    page.here.setFocus()
    opened.press(KEY.Key_Space)
    assert len(colours_beside(opened)) == 1, "they look on: nothing of the page is seen"
    opened.write("State office, Mx Invented")
    opened.press(KEY.Key_Tab, KEY.Key_Tab)
    opened.write("Rule 7")
    opened.press(KEY.Key_Return)
    visit, today = page.chosen, opened.shared.today()
    assert (visit.agency, visit.authority) == ("State office, Mx Invented", "Rule 7")
    assert (visit.scope, visit.visit_on, visit.until_on) == ("licensor", today, today)
    assert visit.since_on == today - timedelta(days=365)
    assert page.soon.text == "They come today."
    sheet = opened.sheet()
    assert isinstance(sheet, SeatSheet)
    assert opened.window.focusWidget() is sheet.dice
    assert len(colours_beside(opened)) == 1
    assert sheet.form.typed()["draw_id"] != earlier, "nobody sits down at what another one drew"
    opened.press(KEY.Key_Space, KEY.Key_Space)
    assert len(colours_beside(opened)) == 1
    opened.write("3 1 6 2 5 4")
    opened.press(KEY.Key_Return)
    assert desk.ask(sample_draws)[0].draw_id == opened.sheet().form.typed()["draw_id"] != earlier
    opened.press(KEY.Key_Space, KEY.Key_Return)
    assert opened.window.seat is not None
    assert "State office, Mx Invented" in opened.window.seat.mark._words


def test_an_inspector_at_the_door_is_found_in_the_palette(opened):
    opened.window.rail.button("today").setFocus()
    opened.window.go("today")
    finders = Finders(opened.shared)
    (hit,) = [one for one in finders.actions("inspector") if one.text == "An inspector is here"]
    hit.go()
    settle()
    assert opened.window.page == "visits"
    assert "Who comes" in " ".join(
        one.text() for one in opened.sheet(FormSheet).findChildren(Label)
    )
    assert not [one for one in finders.actions("") if one.text == hit.text]
