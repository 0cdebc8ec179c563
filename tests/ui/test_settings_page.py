"""Settings and About: this computer for everyone, the shelter for its director."""

import pytest

from shelter_desk.desk import shelter
from shelter_desk.domain.staff import May
from shelter_desk.ui.form_sheet import FormSheet
from shelter_desk.ui.jobs import InlineJobs
from shelter_desk.ui.pages.settings import SettingsPage
from shelter_desk.ui.settings_parts.shelter import read_starts
from shelter_desk.ui.shared import Shared
from tests.ui.real_door import signed_in_desk
from tests.ui.real_window import Opened, Records


@pytest.fixture(scope="module")
def records(tmp_path_factory, care_model):
    made = Records(tmp_path_factory.mktemp("records"), care_model)
    yield made
    made.desk.close()


@pytest.fixture
def opened(look, records, qtbot):
    yield Opened(records, qtbot)
    records.everyone_leaves()


def test_the_shelter_is_changed_and_stays_changed(opened):
    page = opened.go("settings")
    page.shelter.form.put({"name": "River House", "zone": "America/Chicago", "profile": "texas"})
    page.shelter.form.editors["idle_minutes"].put(8)
    page.shelter.form.put({"shift_starts": "6:00, 14:00, 10 pm"})
    page.shelter.save.click()
    found = opened.desk.ask(shelter.settings)
    assert (found.name, found.zone, found.profile) == ("River House", "America/Chicago", "texas")
    assert found.idle_minutes == 8
    assert found.shift_starts == ("06:00", "14:00", "22:00")
    assert opened.desk.house.care_model.profile_id == "texas"


def test_shift_times_that_cannot_be_read_are_told_beside_the_field(opened):
    before = opened.desk.ask(shelter.settings).shift_starts
    page = opened.go("settings")
    page.shelter.form.put({"shift_starts": "early, late"})
    page.shelter.save.click()
    assert page.shelter.form.frames["shift_starts"].problem.isVisible()
    assert opened.desk.ask(shelter.settings).shift_starts == before
    assert read_starts("7, 15") == ("07:00", "15:00")
    assert read_starts("7, soon") == ()


def test_beds_are_added_renamed_and_retired(opened):
    page = opened.go("settings")
    before = len(page.beds.entries)
    page.beds.add_button.click()
    sheet = opened.sheet(FormSheet)
    opened.write("3A")
    sheet.try_save()
    assert [bed.name for bed in opened.desk.ask(shelter.beds)][-1] == "3A"
    page.beds.entries[-1].buttons[0].click()
    sheet = opened.sheet(FormSheet)
    sheet.form.put({"name": "3B"})
    sheet.try_save()
    assert [bed.name for bed in opened.desk.ask(shelter.beds)][-1] == "3B"
    page.beds.entries[-1].buttons[1].click()
    opened.sheet().act.click()
    assert len(page.beds.entries) == before


def test_a_bed_someone_sleeps_in_is_not_retired(opened):
    bed = opened.desk.ask(shelter.beds)[0]
    opened.admit(bed_id=bed.bed_id)
    page = opened.go("settings")
    page.beds.entries[0].buttons[1].click()
    opened.sheet().act.click()
    assert len(opened.told) == 1
    assert len(opened.desk.ask(shelter.beds)) == 4


def test_audiences_are_added_and_removed(opened):
    page = opened.go("settings")
    before = len(page.audiences.entries)
    page.audiences.add_button.click()
    sheet = opened.sheet(FormSheet)
    sheet.form.put({"name": "County board", "kind": "named"})
    sheet.try_save()
    names = [line.name for line in opened.desk.ask(shelter.audiences)]
    assert "County board" in names
    assert len(page.audiences.entries) == before + 1
    page.audiences.entries[names.index("County board")].buttons[0].click()
    opened.sheet().act.click()
    assert "County board" not in [line.name for line in opened.desk.ask(shelter.audiences)]


def test_text_size_and_colours_change_at_once(opened, look):
    page = opened.go("settings")
    page.device.size_choice.buttons()[-1].click()
    assert look.scale == 2.0
    page.device.colours.buttons()[2].click()
    assert look.is_dark
    assert look.settings.text_scale_percent == 200


def test_initials_hide_names_on_this_computer(opened, look):
    stay = opened.admit("Sky River")
    resident = opened.go("resident", stay)
    page = opened.go("settings")
    page.device.names.buttons()[1].click()
    assert look.settings.initials_only
    opened.go("resident", stay)
    assert resident.head.name.text() == "SR"


def test_who_does_not_manage_the_shelter_sees_this_computer_only(look, qtbot, tmp_path):
    desk, _ = signed_in_desk(tmp_path, "Priya N.")
    shared = Shared(desk, InlineJobs(), desk.house.zone)
    assert not shared.may(May.MANAGE_SHELTER)
    page = SettingsPage(shared)
    qtbot.addWidget(page)
    assert not page.manages
    assert page.device.size_choice.value() == "100"
    desk.close()


def test_staff_names_are_typed_where_nobody_shall_see_who_works_here(opened, look):
    page = opened.go("settings")
    assert page.device.staff.value() == "chosen"
    page.device.staff.buttons()[1].click()
    assert look.settings.hides_staff
    assert page.device.staff.value() == "typed"


def test_about_names_every_service_and_verifies_only_four(opened, care_model):
    page = opened.go("settings")
    page.about.click()
    page = opened.window.view("about")
    assert opened.window.page == "about"
    sure = [service.confidence for service in page.table.lines]
    assert len(sure) == len(care_model.services) == 26
    assert sure.count("verified") == 4
