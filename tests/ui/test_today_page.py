"""Today by keyboard, on a real desk: what is shown, what Space, N and Enter do, what is undone."""

from datetime import timedelta
from types import SimpleNamespace
from zoneinfo import ZoneInfo

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from shelter_desk.desk import accounts, entry
from shelter_desk.desk.residents import Admit
from shelter_desk.desk.staff import ChangeRoles
from shelter_desk.desk.today import board
from shelter_desk.domain.staff import StaffMember
from shelter_desk.settings import DeviceSettings
from shelter_desk.ui.jobs import InlineJobs
from shelter_desk.ui.main_window import House, MainWindow
from shelter_desk.ui.pages import discover
from shelter_desk.ui.shared import Shared
from shelter_desk.ui.stay.item_sheet import ItemSheet
from shelter_desk.ui.today_lists import EVERYONE, MOST_ROWS, MY_ROLE, unfolded, whose_first
from tests.conftest import PASSPHRASE

NEW_YORK = ZoneInfo("America/New_York")
KEY = Qt.Key


@pytest.fixture
def today(look, qtbot, open_desk):
    """Return a function that opens the window on Today, after what was done to the desk."""

    def opened():
        desk = open_desk.desk
        shared = Shared(desk, InlineJobs(), NEW_YORK)
        window = MainWindow(shared, discover(), House("Harbor House", "Director", lambda _p: True))
        qtbot.addWidget(window)
        gone = []
        shared.went.connect(lambda page, subject: gone.append((page, subject)))
        window.show()
        window.activateWindow()
        qtbot.waitUntil(window.isActiveWindow)
        QApplication.processEvents()
        return SimpleNamespace(
            window=window, page=window.view("today"), shared=shared, desk=desk, gone=gone
        )

    return opened


def press(opened, *keys):
    for key in keys:
        QTest.keyClick(opened.window.focusWidget() or opened.window, key)
        QApplication.processEvents()


def now_board(opened):
    return opened.desk.ask(board, now=opened.desk.now())


def arrive(open_desk, called="Sky", **answers):
    return open_desk.desk.do(Admit(called, open_desk.clock(), **answers)).subject


def rows(page):
    return [line for one in page.lists() for line in one.lines]


def buttons_of_more(page):
    return [card.unfolding.more for card in page._order_shown if hasattr(card, "unfolding")]


def sheet_of(opened):
    (sheet,) = [one for one in opened.window.findChildren(ItemSheet) if one.isVisible()]
    return sheet


def test_an_arrival_is_one_card_with_its_first_hour_open(today, open_desk):
    stay = arrive(open_desk)
    opened = today()
    view = opened.page._arrivals[stay]
    is_open = {name: group.unfolding.isVisible() for name, group in view.groups.items()}
    assert is_open == {"first-hour": True, "first-night": False, "first-three-days": False}
    card = now_board(opened).arrivals[0]
    for group in card.groups:
        assert view.groups[group.group_id].count.text() == f"0 of {group.total} done"
    assert len(card.groups[0].lines) > 3
    first = view.groups["first-hour"].unfolding.list.lines
    assert [line.key for line in first] == list(card.groups[0].lines)[: len(first)]


def test_a_closed_group_opens_by_keyboard(today, open_desk):
    stay = arrive(open_desk)
    opened = today()
    group = opened.page._arrivals[stay].groups["first-night"]
    assert "closed" in group.button.accessibleName()
    group.button.setFocus()
    press(opened, KEY.Key_Space)
    assert group.unfolding.isVisible()
    assert group.unfolding.list.lines
    assert "open" in group.button.accessibleName()


def test_one_key_ticks_the_first_row_and_says_so_with_undo(today, open_desk):
    arrive(open_desk)
    opened = today()
    first = opened.window.focusWidget().line().key
    press(opened, KEY.Key_Space)
    (done,) = now_board(opened).done
    assert done.text == first.text
    assert opened.window.toast.text == f"Ticked “{first.text}” for Sky"
    assert first not in [line.key for line in rows(opened.page)]
    assert opened.window.focusWidget().line().key != first
    QTest.keyClick(opened.window, KEY.Key_Z, Qt.KeyboardModifier.ControlModifier)
    QApplication.processEvents()
    assert now_board(opened).done == ()
    assert first.text in [line.title for line in rows(opened.page)]


def test_the_tick_can_be_taken_away_among_what_is_done_today(today, open_desk):
    arrive(open_desk)
    opened = today()
    press(opened, KEY.Key_Space)
    opened.page.done.button.click()
    (line,) = opened.page.done.unfolding.list.lines
    assert line.checked
    assert line.due.startswith("done ")
    opened.page.done.unfolding.list.setFocus()
    press(opened, KEY.Key_Space)
    assert now_board(opened).done == ()
    assert not opened.page.done.isVisible()


def test_enter_opens_the_resident_of_the_row(today, open_desk):
    stay = arrive(open_desk)
    opened = today()
    press(opened, KEY.Key_Return)
    assert opened.gone == [("resident", stay)]


def test_n_asks_how_it_went_and_enter_saves(today, open_desk):
    arrive(open_desk)
    opened = today()
    first = opened.window.focusWidget().line().key
    press(opened, KEY.Key_N)
    sheet = sheet_of(opened)
    sheet.outcome.buttons()[1].click()
    assert "until" not in sheet.form.frames
    press(opened, KEY.Key_Return)
    (done,) = now_board(opened).done
    assert (done.text, done.outcome) == (first.text, "declined")
    assert not opened.window.findChildren(ItemSheet) or not sheet.isVisible()
    opened.page.done.button.click()
    assert "Offered, declined" in opened.page.done.unfolding.list.lines[0].below


def test_putting_it_off_needs_a_reason_that_fits_and_a_moment(today, open_desk, clock):
    arrive(open_desk)
    opened = today()
    first = opened.window.focusWidget().line().key
    press(opened, KEY.Key_N)
    sheet = sheet_of(opened)
    sheet.outcome.buttons()[3].click()
    form = sheet.form
    note = form.editors["note"].edit
    QTest.keyClicks(note, "Offer again after breakfast")
    note.setFocus()
    press(opened, KEY.Key_Return)
    assert sheet.isVisible()
    assert form.frames["reason"].problem.text()
    assert form.frames["until"].problem.text()
    assert note.text() == "Offer again after breakfast"
    form.editors["reason"].put_typed("resting")
    form.editors["until"].put(clock() + timedelta(hours=6))
    sheet.save.click()
    QApplication.processEvents()
    lines = [
        line
        for card in now_board(opened).arrivals
        for group in card.groups
        for line in group.lines
    ]
    (moved,) = [line for line in lines if line.item_id == first.item_id]
    assert moved.state == "deferred"
    assert moved.due_at > clock() + timedelta(hours=5)


def test_a_note_is_no_longer_than_the_care_model_allows(today, open_desk):
    arrive(open_desk)
    opened = today()
    press(opened, KEY.Key_N)
    sheet = sheet_of(opened)
    note = sheet.form.editors["note"].edit
    QTest.keyClicks(note, "x" * 200)
    assert len(note.text()) == open_desk.care_model.short_note_limit == 140
    assert note.placeholderText() == open_desk.care_model.short_note_prompt
    press(opened, KEY.Key_Escape)
    assert now_board(opened).done == ()


def test_a_first_night_is_seven_rows_and_not_a_wall(today, open_desk):
    stay = arrive(open_desk)
    opened = today()
    group = opened.page._arrivals[stay].groups["first-hour"].unfolding
    found = {one.group_id: one for one in now_board(opened).arrivals[0].groups}
    every = found["first-hour"].lines
    assert [line.key for line in group.list.lines] == list(every[:7])
    assert group.more.text() == f"Show {len(every) - 7} more"
    opened.page._arrivals[stay].groups["first-night"].button.click()
    night = opened.page._arrivals[stay].groups["first-night"].unfolding
    assert [line.key for line in night.list.lines] == list(found["first-night"].lines[:7])
    group.more.click()
    assert [line.key for line in group.list.lines] == list(every)
    assert len(night.list.lines) == 7


def test_one_that_is_done_makes_room_for_the_next(today, open_desk):
    stay = arrive(open_desk)
    opened = today()
    shown = opened.page._arrivals[stay].groups["first-hour"].unfolding.list
    before = [line.key.item_id for line in shown.lines]
    press(opened, KEY.Key_Space)
    after = [line.key.item_id for line in shown.lines]
    assert after[:-1] == before[1:]
    assert len(after) == 7


def test_safety_comes_first_in_a_first_night(today, open_desk):
    arrive(open_desk)
    opened = today()
    for group in now_board(opened).arrivals[0].groups:
        critical = [line.safety_critical for line in group.lines]
        assert critical == sorted(critical, reverse=True)


def test_four_who_arrive_in_one_night_leave_room_for_each_other(today, open_desk):
    stays = [arrive(open_desk, called) for called in ("Sky", "Ash", "River", "Fern")]
    opened = today()
    for stay in stays:
        shown = opened.page._arrivals[stay].groups["first-hour"].unfolding.list.lines
        assert len(shown) == 5


def test_a_nurse_sees_the_work_of_nurses_first(today, open_desk):
    arrive(open_desk)
    words = "four invented words here"
    ada = accounts.Colleague("a" * 20, "Ada", ("nurse",), words)
    accounts.add_colleague(open_desk.desk, PASSPHRASE, ada)
    open_desk.desk.close()
    open_desk.desk = entry.sign_in(
        open_desk.folder, ada.public_id, words, open_desk.care_model, open_desk.clock
    )
    opened = today()
    assert {line.key.role for line in rows(opened.page)} == {"nurse"}
    opened.page.whose.buttons()[0].click()
    assert len({line.key.role for line in rows(opened.page)}) > 1


@pytest.mark.parametrize(
    ("roles", "first"),
    [
        (("nurse",), MY_ROLE),
        (("director",), EVERYONE),
        (("nurse", "clinician"), EVERYONE),
        (("residential-staff", "director"), EVERYONE),
    ],
)
def test_who_has_one_role_sees_its_work_and_a_director_the_house(roles, first):
    assert whose_first(StaffMember(1, "a" * 20, "Ada", roles)) == first


def test_what_is_overdue_comes_first_and_about_25_rows_are_unfolded(today, open_desk):
    for called in ("Sky", "Ash", "River"):
        arrive(open_desk, called)
    open_desk.clock.forward(days=4)
    opened = today()
    found = now_board(opened)
    assert found.overdue > 2 * MOST_ROWS
    assert found.arrivals == ()
    titles = [part.head.title.text() for part in opened.page._order_shown]
    buckets = {line.bucket for line in found.lines}
    words = {"overdue": "Overdue", "today": "Due today", "next": "Next"}
    assert titles == [words[bucket] for bucket in words if bucket in buckets]
    assert len(titles) > 1
    assert MOST_ROWS - 3 <= len(rows(opened.page)) <= MOST_ROWS
    first = opened.page.lists()[0]
    assert first.lines[0].key.safety_critical
    assert opened.page.counters.overdue.accessibleName() == f"{found.overdue} overdue"
    card = opened.page._order_shown[0]
    left = found.overdue - len(first.lines)
    assert card.unfolding.more.text() == f"Show {left} more"
    card.unfolding.more.click()
    assert len(first.lines) == found.overdue
    assert not card.unfolding.more.isVisible()


def test_by_resident_and_by_service_show_the_same_lines(today, open_desk):
    for called in ("Sky", "Ash"):
        arrive(open_desk, called)
    open_desk.clock.forward(days=4)
    opened = today()
    total = len(now_board(opened).lines)
    for place, expected in ((1, {"Sky", "Ash", "The house"}), (2, None)):
        opened.page.order.buttons()[place].click()
        cards = opened.page._order_shown
        assert sum(int(card.head.remark.text()) for card in cards) == total
        if expected is not None:
            assert {card.head.title.text() for card in cards} == expected
    assert len(cards) > 5


def test_my_work_is_that_of_my_roles_and_for_a_director_what_escalates(today, open_desk):
    open_desk.desk.do(ChangeRoles(open_desk.desk.staff.public_id, ("director",)))
    open_desk.again()
    arrive(open_desk)
    open_desk.clock.forward(days=80)
    opened = today()
    expected = {
        line
        for line in now_board(opened).lines
        if line.role == "director" or (line.safety_critical and line.bucket == "overdue")
    }
    opened.page.whose.buttons()[1].click()
    assert opened.desk.staff.roles == ("director",)
    assert expected
    while any(more.isVisible() for more in buttons_of_more(opened.page)):
        next(more for more in buttons_of_more(opened.page) if more.isVisible()).click()
    assert {line.key for line in rows(opened.page)} == expected
    assert opened.page.counters.overdue.accessibleName() == (
        f"{sum(line.bucket == 'overdue' for line in expected)} overdue"
    )


def test_an_empty_board_is_calm(today, open_desk):
    open_desk.desk.do(ChangeRoles(open_desk.desk.staff.public_id, ("director",)))
    open_desk.again()
    opened = today()
    opened.page.whose.buttons()[1].click()
    waiting = rows(opened.page)
    assert waiting
    assert not opened.page.empty.isVisible()
    for row in waiting:
        opened.page.acts.tick(row, True)
    assert rows(opened.page) == []
    assert opened.page.empty.isVisible()
    assert opened.page.empty.label.text() == "Nothing is waiting."


def test_single_letters_start_what_is_done_every_day(today, open_desk):
    stay = arrive(open_desk)
    opened = today()
    press(opened, KEY.Key_L)
    assert opened.gone == [("log_service", stay)]  # of the row that has the keyboard
    opened.window.go("today")
    opened.page.lists()[0].setFocus()
    press(opened, KEY.Key_A)
    assert opened.gone[-1] == ("arrival", "")
    assert opened.window.page == "arrival"


def test_names_become_initials_when_the_screen_may_be_seen(today, open_desk, look):
    arrive(open_desk)
    open_desk.clock.forward(days=4)
    opened = today()
    assert "Sky" in {line.who for line in rows(opened.page)}
    look.apply(DeviceSettings(100, "light", initials_only=True))
    shown = {line.who for line in rows(opened.page)}
    assert "SK" in shown
    assert "Sky" not in shown


def test_no_list_disappears_when_the_first_is_long():
    assert unfolded([90, 40, 40]) == (19, 3, 3)
    assert unfolded([4, 2, 1]) == (4, 2, 1)
    assert unfolded([0, 30]) == (0, 25)
    assert sum(unfolded([20, 20, 20, 20, 20])) == MOST_ROWS
