"""The calendar by keyboard: a week, a new appointment, another time, what came of it."""

from datetime import datetime, time, timedelta

import pypdfium2
import pytest
from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QFontMetrics
from PySide6.QtTest import QTest

from shelter_desk.desk import care
from shelter_desk.desk.appointing import PlanAppointment, SettleAppointment
from shelter_desk.desk.appointments import AppointmentLine, agenda
from shelter_desk.desk.audit_log import events
from shelter_desk.desk.going import Going
from shelter_desk.desk.listed import ListedItem
from shelter_desk.desk.residents import RecordExit, roster
from shelter_desk.reports.week_paper import week_paper
from shelter_desk.settings import DeviceSettings
from shelter_desk.ui.calendar.appointment_sheet import AppointmentSheet
from shelter_desk.ui.calendar.day import what_words
from shelter_desk.ui.calendar.week import Tile
from shelter_desk.ui.dates import show_day
from shelter_desk.ui.form_sheet import FormSheet
from shelter_desk.ui.paper_sheet import PaperSheet
from shelter_desk.ui.theme import Weight
from shelter_desk.ui.widgets import Label
from tests.ui.real_door import KeptPaper
from tests.ui.real_window import Opened, settle

KEY = Qt.Key
DAY, HOUR = timedelta(days=1), timedelta(hours=1)


@pytest.fixture
def opened(look, open_desk, qtbot):
    return Opened(open_desk, qtbot)


@pytest.fixture
def stay(opened):
    admitted = opened.admit()
    opened.desk.do(care.SetNeed(admitted, "legal_advocacy", "needed"))
    return admitted


def plan(opened, stay, days, kind="school", **going):
    at = opened.clock() + days * DAY
    return opened.shared.do(PlanAppointment(stay, kind, at, going=Going(**going))).subject


def planned(opened):
    now = opened.clock()
    return opened.desk.ask(agenda, since=now - DAY, until=now + 60 * DAY)


def test_n_plans_an_appointment_without_the_mouse(opened, stay):
    opened.go("calendar")
    opened.press(KEY.Key_N)
    form = opened.sheet(FormSheet).form
    assert form.editors["stay_id"].isAncestorOf(opened.window.focusWidget())
    opened.press(KEY.Key_Down, KEY.Key_Tab)  # the only resident
    form.editors["kind"].put_typed("court")
    day = (opened.clock() + 9 * DAY).astimezone(opened.shared.zone).date()
    opened.press(KEY.Key_Tab)
    opened.window.focusWidget().clear()
    opened.write(f"{day.day} {show_day(day).split()[1]}")
    opened.press(KEY.Key_Tab, KEY.Key_Tab)
    opened.window.focusWidget().clear()
    opened.write("1030")
    opened.press(KEY.Key_Return)
    (line,) = planned(opened)
    local = line.starts_at.astimezone(opened.shared.zone)
    assert (line.stay_id, line.kind, local.date()) == (stay, "court", day)
    assert (local.hour, local.minute) == (10, 30)
    assert opened.items(stay)["legal_advocacy.02"].occurrence.startswith("court:")
    tile = opened.window.focusWidget()  # in the week that it is in
    assert isinstance(tile, Tile)
    assert tile.line.appointment_id == line.appointment_id


def test_the_keyboard_starts_on_today_and_arrows_go_from_day_to_day(opened, stay):
    today = opened.shared.today()
    page = opened.go("calendar")
    assert page.week.day_with_focus() == today
    opened.press(KEY.Key_Left if today.weekday() else KEY.Key_Right)
    assert page.week.day_with_focus() == today + (-DAY if today.weekday() else DAY)
    opened.press(KEY.Key_PageDown)
    assert page.first == today - timedelta(days=today.weekday()) + timedelta(days=7)
    opened.press(KEY.Key_T)
    assert page.week.day_with_focus() == today


def test_an_appointment_stands_on_each_of_its_days(opened, stay):
    monday = opened.shared.today() + timedelta(days=7 - opened.shared.today().weekday())
    at = opened.clock() + (monday - opened.shared.today()) * 1
    opened.desk.do(PlanAppointment(stay, "home-visit", at, 2 * 24 * 60))
    page = opened.go("calendar", monday.isoformat())
    assert [len(day.tiles) for day in page.week.days] == [1, 1, 1, 0, 0, 0, 0]


def test_enter_opens_one_and_moving_it_keeps_its_history(opened, stay):
    key = plan(opened, stay, 0.1)
    page = opened.go("calendar")
    opened.press(KEY.Key_Return)
    sheet = opened.sheet(AppointmentSheet)
    assert sheet.line.appointment_id == key
    sheet.acts["move"].click()
    settle()
    form = opened.sheet(FormSheet).form
    later = opened.clock() + 0.1 * DAY + HOUR
    form.editors["starts_at"].put(later)
    opened.press(KEY.Key_Return)
    (line,) = planned(opened)
    assert abs(line.starts_at - later) < timedelta(minutes=1)
    assert opened.said[-1] == "Moved"
    opened.press(KEY.Key_Z, modifier=Qt.KeyboardModifier.ControlModifier)
    assert planned(opened)[0].starts_at < later
    assert page.week.isVisible()


def test_a_reason_is_asked_when_it_is_cancelled(opened, stay):
    plan(opened, stay, 0.1, "court")
    opened.go("calendar")
    opened.press(KEY.Key_Return)
    opened.sheet(AppointmentSheet).acts["cancelled"].click()
    settle()
    opened.press(KEY.Key_Return)
    assert opened.sheet(FormSheet).form.frames["reason"].problem.isVisible()
    opened.sheet(FormSheet).form.editors["reason"].put_typed("unsafe")
    opened.sheet(FormSheet).save.click()
    (line,) = planned(opened)
    assert (line.state, line.reason) == ("cancelled", "Not safe to go")


def test_kept_is_offered_only_once_it_has_begun(opened, stay):
    plan(opened, stay, 0.1)
    opened.go("calendar")
    opened.press(KEY.Key_Return)
    assert "kept" not in opened.sheet(AppointmentSheet).acts
    opened.press(KEY.Key_Escape)
    opened.clock.forward(hours=3)
    opened.press(KEY.Key_Return)
    opened.sheet(AppointmentSheet).acts["kept"].click()
    assert planned(opened)[0].state == "kept"


def test_what_is_not_settled_is_said_in_words_and_settled_there(opened, stay):
    plan(opened, stay, 0.1)
    page = opened.go("calendar")
    (tile,) = [tile for day in page.week.days for tile in day.tiles]
    assert "nobody goes along yet" in tile.accessibleName()
    assert "no ride yet" in tile.accessibleName()
    tile.click()
    settle()
    opened.sheet(AppointmentSheet).acts["change"].click()
    settle()
    form = opened.sheet(FormSheet).form
    form.editors["company"].put_typed(f"staff:{opened.desk.staff.public_id}")
    form.editors["transport"].put_typed("house-car")
    form.editors["place"].put_typed("North High")
    opened.sheet(FormSheet).save.click()
    (line,) = planned(opened)
    assert (line.escort, line.transport, line.place, line.lacks) == (
        "Dana", "house-car", "North High", ()
    )  # fmt: skip


def test_today_shows_what_is_planned_today_and_tomorrow(opened, stay):
    plan(opened, stay, 0.1, "dental")
    plan(opened, stay, 5, "school")
    page = opened.go("today")
    names = [button.accessibleName() for button in page.soon.buttons]
    assert len(names) == 1
    assert "Dentist" in names[0]
    page.soon.buttons[0].click()
    assert opened.sheet(AppointmentSheet).line.kind == "dental"


def test_the_resident_page_has_theirs_and_plans_another(opened, stay):
    other = opened.admit("Ash")
    plan(opened, other, 1, "dental")
    plan(opened, stay, 5, "court")
    page = opened.go("resident", stay)
    assert len(page.soon.buttons) == 1
    assert "Court date" in page.soon.buttons[0].accessibleName()
    page.soon.add_button.click()
    form = opened.sheet(FormSheet).form
    assert form.editors["stay_id"].read() == stay
    form.editors["kind"].put_typed("mentor")
    opened.sheet(FormSheet).save.click()
    assert len(page.soon.buttons) == 2


def test_a_court_date_to_come_has_not_happened(opened, stay):
    plan(opened, stay, 5, "court")
    page = opened.go("resident", stay)
    assert "Court hearing" not in [line.title for line in page.timeline.table.lines]
    opened.clock.forward(days=6)
    opened.go("today")
    page = opened.go("resident", stay)
    assert "Court hearing" in [line.title for line in page.timeline.table.lines]


def test_the_list_shows_four_weeks_and_opens_one(opened, stay):
    plan(opened, stay, 0.1)
    plan(opened, stay, 15)
    page = opened.go("calendar")
    page.way.buttons()[2].click()
    assert len(page.table.lines) == 2
    page.table.setFocus()
    page.table.selectRow(1)
    opened.press(KEY.Key_Return)
    assert opened.sheet(AppointmentSheet).line == page.table.lines[1]


def test_a_problem_keeps_everything_that_was_typed(opened, stay):
    opened.go("calendar")
    opened.press(KEY.Key_N)
    sheet = opened.sheet(FormSheet)
    sheet.form.editors["place"].put_typed("North High")
    sheet.form.editors["minutes"].put_typed("1")
    QTest.keyClick(opened.window.focusWidget(), KEY.Key_Return)
    assert sheet.isVisible()
    assert sheet.form.typed()["place"] == "North High"
    assert planned(opened) == ()


def test_the_week_is_printed_by_keyboard_with_case_codes_and_no_name_or_place(opened, stay):
    monday = opened.shared.today() - timedelta(days=opened.shared.today().weekday())
    ten = datetime.combine(monday, time(10), opened.shared.zone) + 7 * DAY
    for days, kind, minutes in ((1, "medical", 60), (1, "court", 90), (4, "outing", 48 * 60)):
        going = Going(place="12 Invented Road")
        opened.desk.do(PlanAppointment(stay, kind, ten + days * DAY, minutes, going))
    off = opened.desk.do(PlanAppointment(stay, "dental", ten)).subject
    opened.desk.do(SettleAppointment(off, "cancelled", "not-needed"))
    page = opened.go("calendar")
    page.turn(1)
    page.papers.paper = KeptPaper()
    page.print.setFocus()
    opened.press(KEY.Key_Space)
    settle()
    opened.sheet(PaperSheet).print.click()
    document = pypdfium2.PdfDocument(page.papers.paper.printed[0])
    text = " ".join(" ".join(one.get_textpage().get_text_range() for one in document).split())
    document.close()
    (line,) = opened.desk.ask(roster, now=opened.clock())
    assert "3 appointments" in text
    assert text.count(line.case_code) == 5, "an outing over two nights stands on each of its days"
    for words in ("10:00 to 11:00", "Court date", "nobody goes along yet", "no ride yet",
                  "somebody is needed twice then", "nothing planned"):  # fmt: skip
        assert words in text
    for words in ("Sky", "Invented Road", "Dentist"):
        assert words not in text
    newest = opened.desk.ask(events, limit=1)[0]
    assert (newest.action, newest.reason) == ("house.print", "week-1")


def next_week(opened, *days):
    """Plan a visit to the clinic at half past ten on days of the next week; return the page."""
    monday = opened.shared.today() + (7 - opened.shared.today().weekday()) * DAY
    for day in days:
        at = datetime.combine(monday + day * DAY, time(10, 30), opened.shared.zone)
        opened.desk.do(PlanAppointment(opened.stay, "medical", at))
    return opened.go("calendar", monday.isoformat())


def tiles(page):
    return [len(day.tiles) for day in page.week.days]


def hour_of(opened, page):
    (line,) = [tile.line for day in page.week.days for tile in day.tiles]
    return f"{line.starts_at.astimezone(opened.shared.zone):%H:%M}"


def drag(page, tile, target):
    inside = tile.rect().center()
    there = tile.mapFromGlobal(target.mapToGlobal(target.rect().center()))
    QTest.mousePress(tile, Qt.MouseButton.LeftButton, pos=inside)
    QTest.mouseMove(tile, there)
    QTest.mouseRelease(tile, Qt.MouseButton.LeftButton, pos=there)
    settle()


def test_an_appointment_is_dragged_to_another_day_and_back_by_undo(opened, stay):
    opened.stay = stay
    page = next_week(opened, 1)
    drag(page, page.week.days[1].tiles[0], page.week.days[4])
    assert tiles(page) == [0, 0, 0, 0, 1, 0, 0]
    assert hour_of(opened, page) == "10:30"
    assert opened.sheet(AppointmentSheet) is None, "a drag opens nothing"
    opened.press(KEY.Key_Z, modifier=Qt.KeyboardModifier.ControlModifier)
    assert tiles(page) == [0, 1, 0, 0, 0, 0, 0]
    tile = page.week.days[1].tiles[0]
    drag(page, tile, tile)
    assert opened.sheet(AppointmentSheet) is not None, "a click does"


def test_alt_and_an_arrow_move_it_over_the_end_of_the_week_and_the_keyboard_goes_along(
    opened, stay
):
    opened.stay = stay
    page = next_week(opened, 5)
    page.week.focus_day(page.first + 5 * DAY)
    for shown in ([0, 0, 0, 0, 0, 0, 1], [1, 0, 0, 0, 0, 0, 0], [0, 1, 0, 0, 0, 0, 0]):
        opened.press(KEY.Key_Right, modifier=Qt.KeyboardModifier.AltModifier)
        assert tiles(page) == shown
        assert hour_of(opened, page) == "10:30"
        assert isinstance(opened.window.focusWidget(), Tile)


def test_arrows_never_leave_the_week(opened, stay):
    opened.stay = stay
    page = next_week(opened, 5)
    page.week.focus_day(page.first + 6 * DAY)
    for key in (KEY.Key_Down, KEY.Key_Right, KEY.Key_Up, KEY.Key_Right):
        opened.press(key)
        assert page.week.day_with_focus() == page.first + 6 * DAY
    opened.press(KEY.Key_Left, KEY.Key_Down)
    assert opened.window.focusWidget() is page.week.days[5].tiles[0]


def test_what_is_over_is_not_dragged(opened, stay):
    opened.stay = stay
    page = next_week(opened, 1)
    (line,) = [tile.line for day in page.week.days for tile in day.tiles]
    opened.desk.do(SettleAppointment(line.appointment_id, "cancelled", "not-needed"))
    page._refresh()
    drag(page, page.week.days[1].tiles[0], page.week.days[4])
    page.week.focus_day(page.first + DAY)
    opened.press(KEY.Key_Right, modifier=Qt.KeyboardModifier.AltModifier)
    assert tiles(page) == [0, 1, 0, 0, 0, 0, 0]


def test_d_shows_the_day_by_itself_with_all_that_is_dated(opened, stay):
    plan(opened, stay, 0.1, "medication")
    plan(opened, stay, 1.1, "court")
    today = opened.shared.today()
    page = opened.go("calendar")
    opened.press(KEY.Key_D)
    table = page.of_day.table
    assert table.hasFocus()
    assert table.accessibleName() == "The day"
    lines = table.lines
    whats = [one.what for one in lines]
    assert [one.kind for one in whats if isinstance(one, AppointmentLine)] == ["medication"]
    assert any(isinstance(one, ListedItem) for one in whats)
    assert [one.at for one in lines] == sorted(one.at for one in lines)
    assert page.before.accessibleName() == "The day before"
    opened.press(KEY.Key_PageDown)
    assert page.day == today + DAY
    kinds = [one.what.kind for one in table.lines if hasattr(one.what, "kind")]
    assert kinds == ["court"]
    opened.press(KEY.Key_N)
    form = opened.sheet(FormSheet).form
    begins = form.editors["starts_at"].read().astimezone(opened.shared.zone)
    assert begins.date() == today + DAY, "a new one is on the day that is shown"
    opened.press(KEY.Key_Escape)
    opened.press(KEY.Key_T)
    assert page.day == today
    opened.press(KEY.Key_W)
    assert page.week.day_with_focus() == today
    assert page.before.accessibleName() == "The week before"


def test_enter_opens_what_a_line_of_the_day_is(opened, stay):
    plan(opened, stay, 0.1, "school")
    page = opened.go("calendar", f"day:{opened.shared.today().isoformat()}")
    table = page.of_day.table
    place = next(
        number for number, one in enumerate(table.lines) if isinstance(one.what, AppointmentLine)
    )
    table.setFocus()
    table.selectRow(place)
    opened.press(KEY.Key_Return)
    assert opened.sheet(AppointmentSheet).line.kind == "school"
    opened.press(KEY.Key_Escape)
    gone = []
    opened.shared.went.connect(lambda name, subject: gone.append((name, subject)))
    place = next(
        number
        for number, one in enumerate(table.lines)
        if isinstance(one.what, ListedItem) and one.stay_id == stay
    )
    table.selectRow(place)
    opened.press(KEY.Key_Return)
    assert gone == [("resident", stay)]


def test_a_day_is_printed_with_case_codes_and_no_name(opened, stay):
    plan(opened, stay, 0.1, "court", place="12 Invented Road")
    page = opened.go("calendar")
    opened.press(KEY.Key_D)
    page.papers.paper = KeptPaper()
    assert page.print.text() == "Print the day…"
    page.print.click()
    settle()
    opened.sheet(PaperSheet).print.click()
    document = pypdfium2.PdfDocument(page.papers.paper.printed[0])
    text = " ".join(" ".join(one.get_textpage().get_text_range() for one in document).split())
    document.close()
    (line,) = opened.desk.ask(roster, now=opened.clock())
    assert line.case_code in text
    assert "Court date" in text
    for one in page.of_day.table.lines:
        if isinstance(one.what, ListedItem):
            assert one.what.item.text.split()[0] in text
    for words in ("Sky", "Invented Road"):
        assert words not in text
    newest = opened.desk.ask(events, limit=1)[0]
    people = {one.stay_id for one in page.of_day.table.lines if one.stay_id is not None}
    assert (newest.action, newest.reason) == ("house.print", f"day-{len(people)}")


def test_what_is_planned_for_somebody_who_left_says_so_on_screen_and_paper(opened, stay):
    going = Going("North High", "custodian", None, "agency-car")
    at, zone = opened.clock() + HOUR, opened.shared.zone
    opened.desk.do(PlanAppointment(stay, "school", at, going=going))
    opened.desk.do(RecordExit(stay, opened.clock(), "kin", "422"))
    page = opened.go("calendar")
    (tile,) = (one for day in page.week.days for one in day.tiles)
    words = "they have left the house"
    assert words in tile.accessibleName()
    assert words in {label.text() for label in tile.findChildren(Label)}
    paper = week_paper(planned(opened), first=at.astimezone(zone).date(), zone=zone)
    assert words in str(paper)


def test_a_day_with_nothing_says_so(opened):
    page = opened.go("calendar", f"day:{(opened.shared.today() + 4000 * DAY).isoformat()}")
    assert page.of_day.table.lines == ()
    assert page.of_day.nothing.isVisibleTo(page)


def test_at_200_percent_every_column_of_a_day_is_within_the_window(opened, stay, look):
    look.apply(DeviceSettings(text_scale_percent=200, colour_scheme="dark"))
    opened.window.resize(1366, 768)
    page = opened.go("calendar")
    opened.press(KEY.Key_D)
    table = page.of_day.table
    assert table.horizontalHeader().length() <= table.viewport().width()
    width = table.columnWidth(2) - look.px(24)
    text = QFontMetrics(look.font(14, Weight.STRONG))
    room = table.rowHeight(0) - QFontMetrics(look.font(12)).height()
    for line in table.lines:
        words = text.boundingRect(
            QRect(0, 0, width, 9999), Qt.TextFlag.TextWordWrap, what_words(line)
        )
        assert words.height() <= room, what_words(line)
    assert any("due" in page.of_day.table.lines_model.columns[2].below(one) for one in table.lines)
