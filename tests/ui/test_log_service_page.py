"""A service is logged in a few keys, and nothing typed is lost."""

from datetime import timedelta

import pytest
from PySide6.QtCore import Qt

from shelter_desk.desk import service_log
from shelter_desk.domain.errors import Problem
from shelter_desk.settings import DeviceSettings
from shelter_desk.ui.log_sheet import open_correction
from tests.ui.real_window import Opened, Records, settle

KEY = Qt.Key


@pytest.fixture(scope="module")
def records(tmp_path_factory, care_model):
    made = Records(tmp_path_factory.mktemp("records"), care_model)
    yield made
    made.desk.close()


@pytest.fixture
def opened(look, records, qtbot):
    yield Opened(records, qtbot)
    records.everyone_leaves()


def entries(opened, stay):
    return opened.desk.ask(service_log.entries, stay_id=stay)


def test_with_the_resident_chosen_two_keys_log_a_service(opened):
    stay = opened.admit()
    opened.go("log_service", stay)
    opened.press(KEY.Key_1, KEY.Key_Return)
    (entry,) = entries(opened, stay)
    assert (entry.service_id, entry.minutes) == ("mental_health", 30)
    assert entry.given_at == opened.clock()
    assert opened.said == ["Logged: Mental health, 30 min"]


def test_undo_takes_the_entry_back(opened):
    stay = opened.admit()
    opened.go("log_service", stay)
    opened.press(KEY.Key_4, KEY.Key_Return)
    assert len(entries(opened, stay)) == 1
    opened.press(KEY.Key_Z, modifier=Qt.KeyboardModifier.ControlModifier)
    assert entries(opened, stay) == ()


def test_each_tile_has_its_key_and_nine_opens_all_the_others(opened, care_model):
    page = opened.go("log_service", opened.admit())
    seen = []
    for number in range(1, 9):
        page.form.tiles.press(number)
        seen.append(page.form._service())
    assert len(set(seen)) == 8
    assert set(seen) <= set(care_model.services)
    page.form.tiles.tiles[0].setFocus()
    opened.press(KEY.Key_9)
    assert page.form.other.hasFocus()
    offered = {page.form.other.itemData(row) for row in range(page.form.other.count())}
    assert offered - {""} == set(care_model.services)


def test_without_a_resident_it_asks_for_whom_first(opened):
    stay = opened.admit()
    page = opened.go("log_service")
    assert page.form.who.one.hasFocus()
    page.form.tiles.press(2)
    assert not page.form.try_save()
    assert page.form.frames["stay_id"].problem.isVisible()
    assert entries(opened, stay) == ()
    page.form.who.one.choose(stay)
    assert page.form.try_save()
    assert len(entries(opened, stay)) == 1


def test_without_a_service_nothing_is_logged_and_the_note_stays(opened):
    stay = opened.admit()
    page = opened.go("log_service", stay)
    page.form.note.edit.setFocus()
    opened.write("brought a blanket")
    opened.press(KEY.Key_Return)
    assert page.form.frames["service_id"].problem.isVisible()
    assert page.form.note.typed() == "brought a blanket"
    assert entries(opened, stay) == ()


def test_minutes_and_an_earlier_time_are_typed(opened):
    stay = opened.admit()
    opened.clock.forward(hours=4)
    page = opened.go("log_service", stay)
    page.form.tiles.press(2)
    page.form.length.usual.buttons()[-1].click()
    opened.write("75")
    page.form.when.choice.buttons()[-1].click()
    page.form.when.at.put(opened.clock() - timedelta(hours=1))
    opened.press(KEY.Key_Return)
    (entry,) = entries(opened, stay)
    assert entry.minutes == 75
    assert (opened.clock() - entry.given_at).total_seconds() == 3600


def test_a_time_before_the_stay_is_shown_beside_the_time(opened):
    stay = opened.admit()
    page = opened.go("log_service", stay)
    page.form.tiles.press(2)
    page.form.when.choice.buttons()[-1].click()
    page.form.when.at.put(opened.clock() - timedelta(days=9))
    assert not page.form.try_save()
    assert page.form.frames["given_at"].problem.isVisible()


def test_same_as_last_time_fills_service_and_minutes(opened):
    stay = opened.admit()
    opened.desk.do(service_log.LogService(stay, "life_skills", opened.clock(), 50))
    page = opened.go("log_service", stay)
    assert "50 min" in page.form.same.text()
    page.form.same.click()
    opened.press(KEY.Key_Return)
    newest, oldest = entries(opened, stay)
    assert newest.service_id == oldest.service_id == "life_skills"
    assert newest.minutes == oldest.minutes == 50


def test_save_and_another_keeps_the_resident(opened):
    stay = opened.admit()
    page = opened.go("log_service", stay)
    page.form.tiles.press(1)
    page.form.another.click()
    assert page.form.who.code() == stay
    assert page.form.tiles.value() == ""
    assert len(entries(opened, stay)) == 1


def test_a_note_comes_back_after_a_lock_and_goes_once_it_is_saved(opened):
    stay = opened.admit()
    page = opened.go("log_service", stay)
    page.form.tiles.press(6)
    page.form.note.edit.setFocus()
    opened.write("cooked together")
    opened.shared.flushing.emit()
    opened.go("settings")
    page = opened.go("log_service", stay)
    assert page.form.note.typed() == "cooked together"
    assert page.form.tiles.value() == "life_skills"
    assert page.form.try_save()
    assert entries(opened, stay)[0].note == "cooked together"
    assert opened.desk.draft("log-service", stay) is None


def test_a_funder_line_is_offered_only_where_the_service_has_one(opened, care_model):
    page = opened.go("log_service", opened.admit())
    shown, several = 0, 0
    for service in care_model.services.values():
        page.form._choose(service.id)
        offered = {
            page.form.funder.line.itemData(row) for row in range(page.form.funder.line.count())
        }
        assert offered - {""} == set(service.voca)
        assert page.form.frames["voca_code"].isVisible() is bool(service.voca)
        if len(service.voca) != 1:
            assert page.form.funder.line.code() == ""
            several += 1
        shown += 1
    assert (shown, several > 0) == (26, True)


def test_a_correction_half_typed_comes_back_with_everything_in_it(opened):
    stay = opened.admit()
    opened.desk.do(service_log.LogService(stay, "life_skills", opened.clock(), 50))
    (line,) = entries(opened, stay)
    sheet = open_correction(opened.window, opened.shared, line)
    sheet.form.length.units.edit.setFocus()
    opened.write("3")
    sheet.form.tiles.press(1)
    sheet.close_sheet()
    again = open_correction(opened.window, opened.shared, line)
    assert again.form.length.units.typed() == "13"
    assert again.form.tiles.value() == "mental_health"
    assert again.form.waiting.isVisible()
    assert again.form.try_save()
    assert entries(opened, stay)[0].units == 13
    assert opened.desk.draft("log-service", f"correct:{line.entry_id}") is None


def test_what_the_desk_refuses_without_a_field_is_said_above_the_questions(opened):
    page = opened.go("log_service", opened.admit())
    page.form.show_problems((Problem("nothing_here", "This counts the same thing twice."),))
    assert page.form.banner.isVisible()


@pytest.mark.parametrize("scale", [100, 150, 200])
def test_no_name_on_a_tile_is_cut_at_any_text_size(opened, look, scale):
    look.apply(DeviceSettings(scale, "light"))
    opened.admit()
    form = opened.go("log_service").form
    settle()
    tiles = form.tiles.tiles
    assert len(tiles) == 9
    assert all(tile.width() >= tile.sizeHint().width() for tile in tiles)
