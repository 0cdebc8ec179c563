"""The people page on a real desk: accounts are made, changed and ended by keys and clicks."""

from types import SimpleNamespace

import pytest
from PySide6.QtCore import Qt

from shelter_desk.desk import audit_log, entry
from shelter_desk.desk.accounts import change_passphrase
from shelter_desk.desk.openings import my_openings
from shelter_desk.desk.staff import EndStaff, staff_list
from shelter_desk.settings import DeviceSettings
from shelter_desk.store.keys.errors import WrongPassphraseError
from shelter_desk.ui.people.acting import ActSheet, Finished
from shelter_desk.ui.people.sheets import SlipSheet
from shelter_desk.ui.widgets.overlays import focusables
from tests.ui.real_window import Opened, Records, settle

PASSPHRASE = "invented words for tests only"
OWN = "other invented words of mine"
KEY = Qt.Key


class KeptPaper:
    """Keeps what would have been printed."""

    def __init__(self):
        self.printed = []

    def print_pdf(self, host, pdf):
        self.printed.append(pdf)
        return True


@pytest.fixture
def opened(look, tmp_path, care_model, qtbot):
    records = Records(tmp_path, care_model)
    window = Opened(records, qtbot)
    page = window.go("people")
    page.paper = KeptPaper()
    yield SimpleNamespace(
        window=window, page=page, desk=records.desk, clock=records.clock, folder=tmp_path
    )
    records.desk.close()


def act(opened, own=PASSPHRASE):
    """Type one's own passphrase into the sheet on top, and press Enter."""
    sheet = opened.window.sheet(ActSheet)
    sheet.own.edit.setFocus()
    opened.window.write(own)
    opened.window.press(KEY.Key_Return)
    return sheet


def add(opened, name="Ada", *roles):
    """Add a colleague, and return the words that were shown for them."""
    opened.page.add.click()
    sheet = opened.window.sheet(ActSheet)
    opened.window.write(name)
    sheet.form.put({"roles": roles or ("nurse",)})
    act(opened)
    return opened.window.sheet(SlipSheet)


def close(slip):
    slip.given.click()
    slip.close_it.click()
    settle()


def row(opened, name):
    return next(one for one in opened.page.rows if one.person.name == name)


def sign_in(opened, name, words):
    opened.desk.close()
    folder = opened.folder / "records"
    person = next(one for one, called in entry.people(folder) if called == name)
    return entry.sign_in(folder, person, words, opened.desk.house.care_model, opened.clock)


def test_a_colleague_is_added_and_signs_in_with_the_words_of_the_slip(opened):
    slip = add(opened, "Ada", "nurse", "residential-staff")
    words = " ".join(slip._words)
    assert len(words.split()) == 4
    opened.window.press(KEY.Key_Escape)  # nothing is lost by a slip of the hand
    assert slip.isVisible()
    slip.print.click()
    assert opened.page.paper.printed[0].startswith(b"%PDF")
    assert slip.close_it.isEnabled()
    slip.close_it.click()
    settle()
    assert [one.person.name for one in opened.page.rows] == ["Ada", "Dana"]
    assert row(opened, "Ada").person.roles == ("nurse", "residential-staff")
    desk = sign_in(opened, "Ada", words)
    assert desk.staff.roles == ("nurse", "residential-staff")
    desk.close()


def test_without_ones_own_passphrase_nothing_happens(opened):
    opened.page.add.click()
    sheet = opened.window.sheet(ActSheet)
    opened.window.write("Ada")
    sheet.form.put({"roles": ("nurse",)})
    sheet.go_on.click()
    assert sheet.problem.isVisible()
    act(opened, "not my words")
    assert sheet.isVisible()
    assert "do not fit" in sheet.problem.text()
    assert sheet.own.text() == ""
    assert [one.name for one in opened.desk.ask(staff_list)] == ["Dana"]
    act(opened)
    assert [one.name for one in opened.desk.ask(staff_list)] == ["Ada", "Dana"]


def test_a_name_or_role_that_is_missing_is_asked_for(opened):
    opened.page.add.click()
    sheet = act(opened)
    assert sheet.isVisible()
    assert sheet.form.frames["name"].problem.isVisible()
    assert sheet.form.frames["roles"].problem.isVisible()


def test_a_name_that_is_taken_is_said_in_the_sheet(opened):
    close(add(opened))
    opened.page.add.click()
    sheet = opened.window.sheet(ActSheet)
    opened.window.write("ada")
    sheet.form.put({"roles": ("nurse",)})
    act(opened)
    assert sheet.isVisible()
    assert "has this name" in sheet.problem.text()


def test_roles_are_changed_and_ones_own_only_given_up(opened):
    close(add(opened))
    row(opened, "Ada").buttons["roles"].click()
    opened.window.sheet(ActSheet).form.put({"roles": ("clinician",)})
    act(opened)
    assert row(opened, "Ada").person.roles == ("clinician",)
    row(opened, "Dana").buttons["roles"].click()
    opened.window.sheet(ActSheet).form.put({"roles": ("director", "case-manager")})
    act(opened)
    assert row(opened, "Dana").person.roles == ("director", "case-manager")
    row(opened, "Dana").buttons["roles"].click()
    offered = opened.window.sheet(ActSheet).form.editors["roles"]
    assert set(offered._boxes) == {"director", "case-manager"}


def test_a_forgotten_passphrase_is_replaced(opened):
    first = add(opened)
    former = " ".join(first._words)
    close(first)
    row(opened, "Ada").buttons["words"].click()
    act(opened)
    slip = opened.window.sheet(SlipSheet)
    words = " ".join(slip._words)
    close(slip)
    assert words != former
    with pytest.raises(WrongPassphraseError):
        sign_in(opened, "Ada", former)
    sign_in(opened, "Ada", words).close()


def test_who_leaves_is_listed_apart_and_off_the_first_page(opened):
    close(add(opened))
    row(opened, "Ada").buttons["end"].click()
    assert opened.window.sheet(ActSheet).isVisible()
    act(opened)
    assert set(row(opened, "Ada").buttons) == {"history"}
    assert opened.page.gone.isVisible()
    assert [name for _, name in entry.people(opened.folder / "records")] == ["Dana"]
    assert opened.desk.ask(audit_log.events)[0].action == "staff.end"
    assert opened.desk.ask(audit_log.trail).is_whole


def test_everybody_changes_their_own_passphrase(opened):
    opened.page.own.click()
    sheet = opened.window.sheet(ActSheet)
    sheet.choice.kind.buttons()[1].click()
    sheet.choice.own.edit.setText(OWN)
    sheet.choice.again.edit.setText(OWN)
    act(opened)
    assert opened.window.said[-1] == "Your passphrase is changed"
    with pytest.raises(WrongPassphraseError):
        sign_in(opened, "Dana", PASSPHRASE)
    sign_in(opened, "Dana", OWN).close()


def test_a_colleague_sees_who_works_here_and_manages_nobody(opened, qtbot):
    slip = add(opened)
    words = " ".join(slip._words)
    close(slip)
    desk = sign_in(opened, "Ada", words)
    window = Opened(SimpleNamespace(desk=desk, clock=opened.clock), qtbot)
    page = window.go("people")
    assert [one.person.name for one in page.rows] == ["Ada", "Dana"]
    assert all(one.buttons == {} for one in page.rows)
    assert not page.add.isVisible()
    assert page.own.isVisible()
    desk.close()


def test_a_class_is_opened_by_two_people_and_shown_to_the_director_on_today(opened, qtbot, look):
    slip = add(opened, "Ada", "residential-staff")
    words = " ".join(slip._words)
    close(slip)
    director = opened.desk.staff.public_id
    desk = sign_in(opened, "Ada", words)
    words = "words that only Ada knows"
    change_passphrase(desk, " ".join(slip._words), words)  # a director saw the first ones
    window = Opened(SimpleNamespace(desk=desk, clock=opened.clock), qtbot)
    page = window.go("people", "health")  # as a service that is closed leads here
    assert "general" not in page.class_buttons
    sheet = window.sheet(ActSheet)
    assert "Health" in sheet.title.text()
    sheet.form.put({"reason": "danger", "minutes": "60", "second_id": director})
    sheet.own.edit.setText(words)
    sheet.try_it()
    assert sheet.isVisible()  # the colleague has not typed theirs
    sheet.second.edit.setText("not their words")
    sheet.try_it()
    assert "not the passphrase of the colleague" in sheet.problem.text()
    assert (sheet.own.text(), sheet.second.text()) == (words, ""), "what was right stays"
    assert sheet.second.isAncestorOf(window.window.focusWidget())
    sheet.second.edit.setText(PASSPHRASE)
    sheet.try_it()
    settle()
    assert page.class_buttons["health"].text() == "Close it"
    assert window.window.focusWidget() is page.class_buttons["health"]
    window.go("people", "health")
    assert page.class_buttons["health"].text() == "Close it", "what is open is not closed by it"
    opened.clock.forward(minutes=61)
    window.go("today")
    window.go("people")
    assert window.said[-1].startswith("The time is over"), "nobody goes by a time that is past"
    assert page.class_buttons["health"].text() == "Open for a time…"
    opened.clock.forward(minutes=-61)
    assert desk.ask(my_openings, now=opened.clock())[0].record_class == "health"
    opened.desk = sign_in(SimpleNamespace(**{**vars(opened), "desk": desk}), "Dana", PASSPHRASE)
    window = Opened(SimpleNamespace(desk=opened.desk, clock=opened.clock), qtbot)
    look.apply(DeviceSettings(200, "light"))
    window.go("people")
    today = window.go("today")
    assert today.opened.isVisible()
    assert today.opened.buttons[0].hasFocus()  # or the page would begin below it
    look.apply(DeviceSettings(100, "light"))
    settle()
    today.opened.refresh()  # as at each change of staff: its buttons are made anew
    settle()
    reached = focusables(today)
    seen = today.opened.buttons[0]
    assert reached.index(seen) < reached.index(today.lists()[0]) < reached.index(today.new)
    assert reached.index(today.lists()[0]) - reached.index(seen) < 12, "the rows come next"
    today.opened.buttons[0].click()
    settle()
    assert not today.opened.isVisible()
    opened.desk.close()


def test_an_end_that_a_full_disk_stopped_is_seen_and_finished(opened):
    close(add(opened))
    opened.desk.do(EndStaff(row(opened, "Ada").person.staff_id))  # and there was no room to go on
    opened.window.shared.changed.emit(Finished())
    settle()
    assert set(row(opened, "Ada").buttons) == {"history", "end"}
    row(opened, "Ada").buttons["end"].click()
    act(opened)
    assert set(row(opened, "Ada").buttons) == {"history"}
    assert [name for _, name in entry.people(opened.folder / "records")] == ["Dana"]
