"""Today tells everybody that the recovery kit was used."""

from shelter_desk.desk import entry
from tests.ui.real_window import Opened

NEW = "other invented words for tests"


def test_everybody_sees_for_a_month_that_the_kit_was_used(
    look, open_desk, care_model, clock, qtbot
):
    assert not Opened(open_desk, qtbot).go("today").kit.isVisible()
    open_desk.desk.close()
    person = entry.people(open_desk.folder)[0][0]
    entry.reset_with_kit(open_desk.folder, open_desk.kit, person, NEW, care_model, clock)
    open_desk.desk = open_desk.again(NEW)
    opened = Opened(open_desk, qtbot)
    line = opened.go("today").kit
    assert line.isVisible()
    assert f"a new passphrase for {opened.desk.staff.name} on " in line.text
    clock.forward(days=31)
    line.refresh()
    assert not line.isVisible()
