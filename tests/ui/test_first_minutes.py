"""What somebody meets in their first minutes: words, Enter, and nothing that flashes by."""

from datetime import timedelta

import pytest
from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from shelter_desk.app.window import main_window
from shelter_desk.desk.happenings import RecordEvent
from shelter_desk.desk.missing import StartMissing
from shelter_desk.domain.agreement import Agreement
from shelter_desk.ui.agreement import AgreementPage
from shelter_desk.ui.dates import show_long_day
from shelter_desk.ui.entry import EntryWindow
from shelter_desk.ui.first_run.steps import Director, Ready
from shelter_desk.ui.jobs import InlineJobs
from shelter_desk.ui.pages import discover
from shelter_desk.ui.widgets import Label
from tests.ui.real_door import KeptPaper, backup_of_house, new_door
from tests.ui.real_window import Opened, Records, settle

KEY = Qt.Key
AGREEMENT = Agreement("1", "Confidentiality", "Please read.", ("I keep it.",), "I will", "Thanks.")


@pytest.fixture(scope="module")
def records(tmp_path_factory, care_model):
    made = Records(tmp_path_factory.mktemp("records"), care_model)
    yield made
    made.desk.close()


@pytest.fixture
def opened(look, records, qtbot):
    yield Opened(records, qtbot)
    records.everyone_leaves()


class WindowsSeen(QObject):
    """Hears of everything that shows as a window of its own."""

    def __init__(self):
        super().__init__()
        self.names = []
        QApplication.instance().installEventFilter(self)

    def eventFilter(self, watched, event):  # noqa: N802 - Qt calls it
        shown = event.type() == QEvent.Type.Show and isinstance(watched, QWidget)
        if shown and watched.isWindow():
            self.names.append(type(watched).__name__)
        return False

    def stop(self):
        QApplication.instance().removeEventFilter(self)


def test_no_part_of_a_page_shows_as_a_window_before_it_lies_there(look, records, qtbot):
    admitted = Opened(records, qtbot)
    stay = admitted.admit()
    admitted.shared.do(StartMissing(stay, records.clock()))
    records.clock.forward(days=9)  # a backup is due as well
    seen = WindowsSeen()
    opened = Opened(records, qtbot)
    pages = [page.name for page in discover()]
    for name in pages:
        opened.go(name, stay if name in ("resident", "missing") else "")
    seen.stop()
    assert opened.window.strip.isVisible()
    assert opened.go("today").backup.isVisible()
    assert seen.names == ["MainWindow"]
    records.everyone_leaves()


def test_enter_accepts_the_agreement_once_it_is_ticked_and_not_before(look, qtbot):
    page = AgreementPage(AGREEMENT, "Dana")
    qtbot.addWidget(page)
    page.show()
    page.activateWindow()
    qtbot.waitUntil(page.isActiveWindow)
    page.start()
    accepted = []
    page.accepted.connect(lambda: accepted.append(1))
    QTest.keyClick(page.promise, KEY.Key_Return)
    assert accepted == []
    QTest.keyClick(page.promise, KEY.Key_Space)
    QTest.keyClick(page.promise, KEY.Key_Return)
    assert accepted == [1]


def test_the_set_up_names_pages_that_there_are(look, qtbot, tmp_path):
    titles = {page.title for page in discover() if page.in_rail}
    words = []
    for step in (Director(new_door(tmp_path)), Ready()):
        qtbot.addWidget(step)
        words += [label.text() for label in step.findChildren(Label)]
    named = [text.rpartition(" under ")[2].rstrip(".") for text in words if " under " in text]
    assert named == ["People", "Settings", "People", "Settings"]
    assert set(named) <= titles


def test_a_problem_goes_when_its_field_is_typed_in(opened):
    page = opened.go("settings")
    quiet = page.shelter.form.frames["idle_minutes"]
    edit = quiet.editor.focusProxy()
    edit.setFocus()
    edit.selectAll()
    opened.write("999")
    page.shelter.save.click()
    assert quiet.problem.isVisible()
    opened.press(KEY.Key_Backspace)
    assert not quiet.problem.isVisible()
    assert "60" not in edit.accessibleDescription()


def test_what_is_typed_into_the_settings_says_that_it_is_not_saved(opened):
    page = opened.go("settings")
    page.shelter.form.editors["idle_minutes"].put(5)
    page.shelter.save.click()
    assert not page.shelter.waiting.isVisible()
    page.shelter.form.editors["idle_minutes"].focusProxy().setFocus()
    opened.write("0")
    opened.go("today")
    opened.go("settings")
    assert page.shelter.waiting.isVisible()
    page.shelter.save.click()
    assert not page.shelter.waiting.isVisible()


def test_enter_saves_the_shelter(opened):
    page = opened.go("settings")
    page.shelter.form.editors["idle_minutes"].put(5)
    page.shelter.form.editors["idle_minutes"].put(5)
    name = page.shelter.form.editors["name"].focusProxy()
    name.setFocus()
    name.selectAll()
    opened.write("River House")
    opened.press(KEY.Key_Return)
    assert opened.said[-1] == "Settings saved"


def test_a_new_name_and_new_quiet_minutes_hold_at_once(look, records, qtbot, tmp_path):
    window = main_window(records.desk, InlineJobs(), tmp_path)
    qtbot.addWidget(window)
    window.show()
    page = window.view("settings")
    page.shelter.form.put({"name": "Hill House"})
    page.shelter.form.editors["idle_minutes"].put(12)
    page.shelter.save.click()
    settle()
    assert "Hill House" in [label.text() for label in window.rail.findChildren(Label)]
    assert "12 quiet minutes" in window.rail.lock.toolTip()
    assert window.watch.hard_s == 36 * 60
    for _ in range(11 * 60):
        window.watch.second()
    assert not window.is_covered
    for _ in range(60):
        window.watch.second()
    assert window.is_covered


def test_another_time_zone_says_when_it_shows(opened):
    page = opened.go("settings")
    page.shelter.form.put({"zone": "America/Denver"})
    page.shelter.save.click()
    assert "sign in again" in opened.said[-1]


def test_what_is_overdue_leads_its_card_and_has_the_keyboard(opened):
    stay = opened.admit()
    opened.clock.forward(minutes=14)
    opened.desk.do(RecordEvent(stay, "credible-threat", opened.clock() - timedelta(minutes=14)))
    page = opened.go("resident", stay)
    settle()
    assert "credible threat" in opened.window.focusWidget().line().title
    assert "overdue" in opened.window.focusWidget().line().due
    page.plan.what.set_value("all")
    page.plan.what.chosen.emit("all")
    shown = [line.title for line in page.plan.cards["crisis_safety"].list.lines]
    order = [item.text for item in page.plan.cards["crisis_safety"].service.items]
    assert shown == order, "beside what is done, the order of the care model stays"


def test_a_long_name_gives_way_and_what_is_overdue_does_not(opened):
    stay = opened.admit("Zoë María-José Æther Ó Súilleabháin de la Cruz Łukasz Nguyễn")
    opened.clock.forward(hours=5)
    page = opened.go("resident", stay)
    assert page.head.overdue.width() >= page.head.overdue.sizeHint().width()
    assert page.head.code.width() >= page.head.code.sizeHint().width()


def test_today_says_the_day_from_the_first_moment_on(opened):
    shown = [label.text() for label in opened.window.bar.findChildren(Label)]
    assert show_long_day(opened.shared.today()) in shown


def test_what_opens_a_backup_is_typed_as_soon_as_it_is_chosen(look, qtbot, tmp_path):
    stick, _ = backup_of_house(tmp_path)
    window = EntryWindow(new_door(tmp_path), InlineJobs(), KeptPaper())
    qtbot.addWidget(window)
    window.start()
    window.show_restore()
    window.show()
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    page = window.page
    page.places.backup.setText(str(stick))
    QTest.keyClick(page.places.backup, KEY.Key_Return)
    kit, own = page.opener.kind.buttons()
    own.setFocus()
    QTest.keyClick(own, KEY.Key_Space)
    assert page.opener.secret.isAncestorOf(window.focusWidget())
    kit.setFocus()
    QTest.mouseClick(kit, Qt.MouseButton.LeftButton)
    focused = window.focusWidget()
    assert focused is page.opener.kit or page.opener.kit.isAncestorOf(focused)
