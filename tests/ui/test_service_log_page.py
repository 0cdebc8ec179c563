"""The service log by keyboard: same as last time, a group, a correction, the list and its sums."""

from datetime import timedelta

import pytest
from PySide6.QtCore import Qt

from shelter_desk.desk import residents
from shelter_desk.desk.service_log import LogFilter, LogService, entries, entry_history, log_lines
from shelter_desk.ui.log_entry import EntrySheet
from shelter_desk.ui.log_sheet import LogSheet
from tests.ui.real_window import Opened, settle

KEY = Qt.Key
DAY = timedelta(days=1)


@pytest.fixture
def opened(look, open_desk, qtbot):
    return Opened(open_desk, qtbot)


@pytest.fixture
def stay(opened):
    return admit(opened, "Sky")


def admit(opened, name):
    return opened.shared.do(residents.Admit(name, opened.clock())).subject


def log(opened, stay, service="mental_health", minutes=30, **more):
    at = more.pop("at", opened.clock())
    return opened.shared.do(LogService(stay, service, at, minutes, **more)).subject


def of(opened, stay):
    return opened.desk.ask(entries, stay_id=stay)


def everything(opened):
    now = opened.clock()
    return opened.desk.ask(log_lines, wanted=LogFilter(now - 9 * DAY, now + DAY))


# Writing


def test_same_as_last_time_is_three_keys_from_the_resident(opened, stay):
    log(opened, stay, "basic_needs", 50, voca_code="B9", units=3, funder="match")
    opened.go("resident", stay)
    opened.press(KEY.Key_L, KEY.Key_0, KEY.Key_Return)
    newest, before = of(opened, stay)
    assert newest.entry_id != before.entry_id
    same = (newest.service_id, newest.minutes, newest.units, newest.voca_code, newest.funder)
    assert same == ("basic_needs", 50, 3, "B9", "match")


def test_same_as_my_last_entry_goes_from_one_resident_to_the_next(opened, stay):
    other = admit(opened, "Ash")
    log(opened, stay, "life_skills", 45)
    opened.go("resident", other)
    opened.press(KEY.Key_L, KEY.Key_0, KEY.Key_Return)
    (entry,) = of(opened, other)
    assert (entry.service_id, entry.minutes) == ("life_skills", 45)


def test_what_was_ticked_is_offered_and_nothing_is_written_before_enter(opened, stay):
    page = opened.go("resident", stay)
    page.plan.focus_first()
    item = opened.window.focusWidget().line().key
    opened.press(KEY.Key_Space)
    assert of(opened, stay) == ()
    opened.press(KEY.Key_L)
    sheet = opened.sheet(LogSheet)
    assert sheet.form._service() == item.service_id
    opened.press(KEY.Key_Escape)
    assert of(opened, stay) == ()
    opened.press(KEY.Key_L)
    assert opened.sheet(LogSheet).form._service() == ""


def test_a_tick_on_today_is_offered_for_the_one_it_was_for(opened, stay):
    opened.go("residents")
    opened.go("today")
    opened.press(KEY.Key_Space)
    opened.press(KEY.Key_L)
    page = opened.window.view("log_service")
    assert opened.window.page == "log_service"
    assert page.form.who.codes() == (stay,)
    assert page.form._service() != ""
    assert of(opened, stay) == ()
    page.form.first().setFocus()
    opened.press(KEY.Key_Return)
    assert len(of(opened, stay)) == 1


def test_a_tick_of_long_ago_is_not_offered_any_more(opened, stay):
    page = opened.go("today")
    page.acts.ticked_last = (stay, "life_skills")
    opened.clock.forward(minutes=10)
    page.acts.log()
    settle()
    assert opened.window.page == "log_service"
    assert opened.window.view("log_service").form.tiles.value() == ""


def test_l_on_a_row_of_today_is_for_the_resident_of_the_row(opened, stay):
    opened.go("residents")
    opened.go("today")
    opened.press(KEY.Key_L)
    assert opened.window.view("log_service").form.who.codes() == (stay,)


def test_a_group_is_marked_and_each_gets_a_line(opened, stay):
    ash, ada = admit(opened, "Ash"), admit(opened, "Ada")
    page = opened.go("log_service", stay)
    page.form.who.group.click()
    assert page.form.who.codes() == (stay,)
    page.form.who.several.put((stay, ash))
    page.form.tiles.tiles[0].setFocus()
    opened.press(KEY.Key_6, KEY.Key_Return)
    assert [len(of(opened, one)) for one in (stay, ash, ada)] == [1, 1, 0]
    assert opened.said[-1] == "Logged for 2: Life skills, 30 min"
    opened.press(KEY.Key_Z, modifier=Qt.KeyboardModifier.ControlModifier)
    assert [len(of(opened, one)) for one in (stay, ash)] == [0, 0]


def test_a_group_of_nobody_is_asked_for_whom(opened, stay):
    admit(opened, "Ash")
    page = opened.go("log_service")
    page.form.who.group.click()
    page.form.tiles.press(1)
    assert not page.form.try_save()
    assert page.form.frames["stay_id"].problem.isVisible()


def test_a_line_proposes_its_funder_and_somebodys_choice_stays(opened, stay):
    page = opened.go("log_service", stay)
    page.form.tiles.press(1)
    part = page.form.funder
    assert part.payer.value() == "none"
    part.line.choose("C4")
    part.line.activated.emit(0)
    assert part.payer.value() == "voca"
    part.payer.buttons()[1].click()
    part.line.choose("C5")
    part.line.activated.emit(0)
    assert part.values() == ("C5", "match")


def test_the_rule_of_a_line_is_shown_beside_it(opened, stay):
    page = opened.go("log_service", stay)
    page.form._choose("emergency_medical")
    page.form.funder.line.choose("B5")
    page.form.funder.line.activated.emit(0)
    assert "own staff perform it" in page.form.funder.rule.text()
    assert page.form.funder.rule.isVisible()


def test_a_line_that_counts_twice_is_refused_beside_it(opened, stay):
    log(opened, stay, "residential_care", voca_code="D1")
    page = opened.go("log_service", stay)
    page.form._choose("residential_care")
    page.form.funder.put("D2", "voca")
    assert not page.form.try_save()
    assert page.form.frames["voca_code"].problem.isVisible()
    assert len(of(opened, stay)) == 1


# The list


def test_the_list_shows_the_day_and_its_sums(opened, stay):
    log(opened, stay, minutes=50)
    log(opened, stay, "basic_needs", 20, units=4)
    page = opened.go("service_log")
    assert {line.service_id for line in page.table.lines} == {"mental_health", "basic_needs"}
    assert page.sums.text() == "2 entries  ·  1 resident  ·  1 h 10 min  ·  provided 5 times"


def test_days_are_turned_with_page_up_and_today_with_t(opened, stay):
    log(opened, stay)
    page = opened.go("service_log")
    page.table.setFocus()
    opened.press(KEY.Key_PageUp)
    assert page.table.lines == ()
    page.now.setFocus()
    opened.press(KEY.Key_T)
    assert len(page.table.lines) == 1


def test_a_week_and_a_resident_and_a_service_are_chosen(opened, stay):
    ash = admit(opened, "Ash")
    log(opened, stay, "life_skills")
    log(opened, ash, "life_skills")
    log(opened, ash, "mental_health")
    page = opened.go("service_log")
    page.period.buttons()[1].click()
    assert len(page.table.lines) == 3
    page.whose.choose(ash)
    page.whose.activated.emit(0)
    assert len(page.table.lines) == 2
    page.service.choose("life_skills")
    page.service.activated.emit(0)
    assert [line.called for line in page.table.lines] == ["Ash"]
    page.mine.click()
    assert len(page.table.lines) == 1


def test_the_resident_menu_opens_their_lines_alone(opened, stay):
    ash = admit(opened, "Ash")
    log(opened, stay)
    log(opened, ash)
    opened.go("resident", ash).head.wanted.emit("service-log")
    settle()
    page = opened.window.view("service_log")
    assert opened.window.page == "service_log"
    assert [line.called for line in page.table.lines] == ["Ash"]


def test_a_correction_is_made_with_the_keyboard_and_the_former_is_shown(opened, stay):
    entry = log(opened, stay, minutes=30, note="first words")
    opened.clock.forward(minutes=5)
    page = opened.go("service_log")
    page.table.setFocus()
    opened.press(KEY.Key_Return)
    opened.sheet(EntrySheet).correct.click()
    settle()
    form = opened.sheet(LogSheet).form
    assert form.note.typed() == "first words"
    form.length.put("75", 2)
    form.note.edit.setFocus()
    opened.press(KEY.Key_Return)
    (line,) = page.table.lines
    assert (line.minutes, line.units, line.is_correction) == (75, 2, True)
    kept = opened.desk.ask(entry_history, entry_id=entry)
    assert [one.minutes for one in kept] == [75, 30]
    page.table.setFocus()
    opened.press(KEY.Key_Return)
    sheet = opened.sheet(EntrySheet)
    assert len(sheet.history) == 2
    assert sheet.leave.hasFocus()  # the safe choice first


def test_an_entry_is_taken_back_and_undone(opened, stay):
    log(opened, stay)
    page = opened.go("service_log")
    page.table.setFocus()
    opened.press(KEY.Key_Return)
    opened.sheet(EntrySheet).take_back.click()
    assert page.table.lines == ()
    opened.press(KEY.Key_Z, modifier=Qt.KeyboardModifier.ControlModifier)
    assert len(page.table.lines) == 1


def test_a_group_is_taken_back_from_one_of_its_lines(opened, stay):
    ash = admit(opened, "Ash")
    page = opened.go("log_service", stay)
    page.form.who.group.click()
    page.form.who.several.put((stay, ash))
    page.form.tiles.press(6)
    assert page.form.try_save()
    listed = opened.go("service_log")
    assert len(listed.table.lines) == 2
    listed.table.setFocus()
    opened.press(KEY.Key_Return)
    opened.sheet(EntrySheet).group.click()
    assert listed.table.lines == ()
    assert everything(opened) == ()
