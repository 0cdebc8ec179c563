"""The page of summaries as its users walk it: a coordinator prepares, a director approves."""

import shutil
from dataclasses import dataclass
from datetime import UTC, date, datetime

import pytest
from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QWidget

from shelter_desk.desk import Desk, entry, residents, summaries
from shelter_desk.desk.accounts import Colleague
from shelter_desk.desk.second_person import desk_beside, unlocked_colleague
from shelter_desk.desk.who_touched import who_touched
from shelter_desk.reports.summary_check import verify_summary
from shelter_desk.ui.report_parts.behind_sheet import BehindSheet
from shelter_desk.ui.second_sheet import SecondSheet
from shelter_desk.ui.summary_parts.reason_sheet import ReasonSheet
from shelter_desk.ui.widgets import Label
from tests.conftest import PASSPHRASE, Clock, newly_founded
from tests.desk.test_handoff import accept
from tests.desk.test_release_ledger import unproved
from tests.ui.real_window import Opened, settle

AFTER = datetime(2026, 4, 2, 15, 0, tzinfo=UTC)
ASH, WORDS = "a" * 20, "four invented words here"
COORDINATOR = Colleague(ASH, "Ash", ("case-manager",), WORDS)


@dataclass(frozen=True)
class Seats:
    """Two people at the same records: `desk` is the coordinator's."""

    director: Desk
    desk: Desk
    clock: Clock


@pytest.fixture(scope="module")
def prepared(tmp_path_factory, care_model):
    """Two of under 13 years, eleven of 16 and eleven of 18; with the keys of the coordinator."""
    folder = tmp_path_factory.mktemp("prepared") / "records"
    opened = newly_founded(folder, care_model, Clock(), colleagues=(COORDINATOR,))
    for number in range(24):
        born = date(2014 if number < 2 else (2009, 2007)[number % 2], 1, 1 + number)
        opened.desk.do(residents.Admit(f"Sky {number}", opened.clock(), born_on=born))
    opened.clock.at = AFTER
    accept(opened, ASH)
    opened.desk.close()
    return folder, unlocked_colleague(folder, ASH, WORDS, AFTER)


@pytest.fixture
def house(prepared, founded, tmp_path_factory, care_model):
    """A copy of these records, in April: what is out in one test is not out in another."""
    first, keys = prepared
    folder, clock = tmp_path_factory.mktemp("walked") / "records", Clock(AFTER)
    shutil.copytree(first, folder)
    director = entry.enter(folder, founded.keys, care_model, clock)
    yield Seats(director, desk_beside(director, keys), clock)
    director.close()


@pytest.fixture
def ash(look, house, qtbot):
    """The window of the coordinator, on the page of summaries."""
    opened = Opened(house, qtbot)
    opened.page = opened.go("summary")
    return opened


def click(widget, place=None):
    """Click where a person would."""
    assert widget.isVisible()
    assert widget.isEnabled()
    spot = widget.rect().center() if place is None else place
    QTest.mouseClick(widget, Qt.MouseButton.LeftButton, pos=spot)
    settle()


def prepare(page, recipient="A. Funder"):
    """Choose the first quarter for one by name, all by clicks and keys, and prepare it."""
    page.period.setCurrentIndex(page.period.findData("2026-Q1"))
    audiences = {one.text(): one for one in page.audience.findChildren(QAbstractButton)}
    click(audiences["One recipient by name"])
    page.choices.recipient.clear()
    QTest.keyClicks(page.choices.recipient, recipient)
    click(page.prepare)


class OtherWindows(QObject):
    """Takes note of every window that opens, be it for a moment."""

    def __init__(self):
        super().__init__()
        self.seen = []

    def eventFilter(self, watched, event):  # noqa: N802 - a Qt name
        if event.type() == QEvent.Type.Show and isinstance(watched, QWidget):
            self.seen += [type(watched).__name__] if watched.isWindow() else []
        return False


def release_approved(ash):
    """Release what is prepared; the director types their passphrase."""
    click(ash.page.release)
    assert ash.sheet(SecondSheet) is not None, "a director approves who gets it"
    ash.write(PASSPHRASE)
    ash.press(Qt.Key.Key_Return)


def arrive(house, count, at):
    """Write so many arrivals of that day down only now."""
    house.clock.at = at
    for number in range(count):
        born = date((2009, 2007)[number % 2], 1, 1 + number)
        house.desk.do(residents.Admit(f"Late {count} {number}", at, born_on=born))
    house.clock.at = AFTER


def of_the_trail(house, kind="summary"):
    """What the trail tells a director of these events, newest first."""
    return house.director.ask(who_touched, kinds=(kind,))


def test_a_director_approves_by_clicks_what_a_coordinator_prepared(ash, house, tmp_path):
    page, asked = ash.page, []
    page.choose_folder = lambda _host, _title: asked.append(1) or str(tmp_path)
    prepare(page)
    shown = page.note.text.partition(" figures")[0]
    click(page.release)
    sheet = ash.sheet(SecondSheet)
    said = " ".join(label.text() for label in sheet.findChildren(Label))
    assert "January to March 2026, for A. Funder" in said
    assert f"{shown} figures are shown" in said, "who signs knows what"
    assert sheet.words.isAncestorOf(ash.window.focusWidget())
    ash.write("not these words")
    click(sheet.go_on)
    assert "not their passphrase" in sheet.problem.text()
    click(sheet.leave)
    assert ash.sheet() is None, "they do not agree"
    assert (asked, ash.desk.ask(summaries.releases)) == ([], ())
    page.choices.recipient.setFocus()
    ash.write(" of the County")
    assert not page.release.isEnabled(), "another recipient is another release"
    click(page.prepare)
    click(page.release)
    sheet = ash.sheet(SecondSheet)
    ash.write(PASSPHRASE)
    ash.press(Qt.Key.Key_Return)
    assert asked == [1]
    (folder,) = tmp_path.iterdir()
    assert verify_summary({path.name: path.read_bytes() for path in folder.iterdir()}).ok
    (line,) = page.earlier.lines
    assert (line.made_by, line.approved_by) == ("Ash", "Dana")
    assert line.recipient == "A. Funder of the County"
    (told,) = of_the_trail(house)
    assert (told.who, told.about) == ("Ash", "A. Funder of the County")
    assert told.why == "2026-Q1, named, approved by Dana"


def test_the_same_summary_for_another_reader_is_approved_and_written_down_too(
    ash, house, tmp_path
):
    """Nothing new is told, and still somebody else holds it from then on."""
    page = ash.page
    page.choose_folder = lambda _host, _title: str(tmp_path)
    for recipient in ("Agency One", "Agency Two"):
        prepare(page, recipient)
        release_approved(ash)
    first, second = (
        {path.name: path.read_bytes() for path in folder.iterdir()}
        for folder in tmp_path.iterdir()
    )
    assert first == second
    out = {line.recipient: line.approved_by for line in page.earlier.lines}
    assert out == {"Agency One": "Dana", "Agency Two": "Dana"}
    assert {line.about for line in of_the_trail(house)} == out.keys()
    assert len(ash.desk.ask(summaries.ledger).known) == 1, "its figures are known once"
    prepare(page, "Agency One")
    click(page.release)
    assert ash.sheet(SecondSheet) is None, "they have it already"
    assert len(page.earlier.lines) == len(out)
    assert {line.action for line in of_the_trail(house)} == {"summary.release", "summary.again"}


def test_a_resident_is_never_written_down_as_the_reader(ash):
    prepare(ash.page, "Mother of Sky 3")
    assert "There is a name in it" in ash.page.note.text
    assert ash.page.choices.recipient.hasFocus()
    assert not ash.page.release.isEnabled()


def test_figures_have_their_room_before_they_are_painted_and_are_laid_out_once(ash):
    page = ash.page
    prepare(page)
    page.prepare.click()
    QApplication.sendPostedEvents(None, QEvent.Type.LayoutRequest)  # comes before any painting
    tables, release = page.preview.tables, page._prepared.release
    assert len(tables) > 3
    assert all(table.height() >= table.sizeHint().height() for table in tables)
    page.preview.show_release(release)  # as when the first safe version turns out to be the best
    assert page.preview.tables is tables


def test_a_number_is_explained_by_clicks_and_by_keys_and_the_trail_says_so(ash, house):
    page, opened = ash.page, OtherWindows()
    QApplication.instance().installEventFilter(opened)
    ash.press(Qt.Key.Key_F1)
    ash.press(Qt.Key.Key_Escape)
    prepare(page)
    QApplication.sendPostedEvents(None, QEvent.Type.LayoutRequest)
    table = page.preview.tables[0]
    assert not page.more.explaining.button.isEnabled(), "no number is chosen"
    assert "Enter" in page.more.explaining.chosen.text()
    lines = [str(line[0]) for line in table.lines]
    place = table.lines_model.index(lines.index("Total"), 1)
    click(table.viewport(), table.visualRect(place).center())
    assert page.more.explaining.chosen.text() == f"{table.accessibleName()}: Total"
    click(page.more.explaining.button)
    assert len(ash.sheet(BehindSheet).records.lines) == 24
    ash.press(Qt.Key.Key_Escape)
    spot = table.visualRect(place).center()
    QTest.mouseDClick(table.viewport(), Qt.MouseButton.LeftButton, pos=spot)
    settle()
    assert len(ash.sheet(BehindSheet).records.lines) == 24
    click(ash.sheet(BehindSheet).leave)  # Escape three times in a row hides everything
    zero = table.lines_model.index(lines.index("25-59"), 1)
    table.setCurrentIndex(zero)
    ash.press(Qt.Key.Key_Return)
    assert ash.sheet(BehindSheet).records.lines == ()
    ash.press(Qt.Key.Key_Escape)
    blank = table.lines_model.index(lines.index("0-12"), 1)
    assert blank.data() == "*"
    click(table.viewport(), table.visualRect(blank).center())
    sheet = ash.sheet(ReasonSheet)
    assert "small group" in sheet.reason.text()
    click(sheet.records)
    few = ash.sheet(BehindSheet).records.lines
    assert sorted(line.called for line in few) == ["Sky 0", "Sky 1"]
    ash.press(Qt.Key.Key_Escape)
    looked = [one.reason for one in of_the_trail(house, "report.explain")]
    total, small, nobody = (
        "funder-summary:2026-Q1:served/" + end
        for end in ("total/total", "age-0-12/all", "age-25-59/all")
    )
    assert looked == [small, nobody, total, total]
    QApplication.instance().removeEventFilter(opened)
    assert opened.seen == [], "it takes the keyboard from the page"


def test_another_version_is_taken_by_clicks_and_left_again(ash):
    page = ash.page
    prepare(page)
    before = page.note.text
    click(page.compare)
    assert "The year so far is not offered" in page.advice.about.text()
    table = page.advice.table
    at, line = next(
        (at, one)
        for at, one in enumerate(table.lines)
        if not one.refused and not one.key.endswith("/bands")
    )
    click(table.viewport(), table.visualRect(table.lines_model.index(at, 0)).center())
    click(page.advice.take)
    assert page.note.text.startswith(f"{line.shown} of {line.figures} figures shown: safe")
    assert page.choices.wanted()["detail"] == line.key.partition("/")[2]
    page.choices.detail.setFocus()
    ash.press(Qt.Key.Key_Home)
    assert not page.release.isEnabled()
    click(page.prepare)
    assert page.note.text == before


def test_late_corrections_are_told_anew_where_they_tell_of_no_few(ash, house, tmp_path):
    """What is out is repeated as it was; one more is not told, eleven more are, and say so."""
    page, at = ash.page, datetime(2026, 3, 12, 9, 0, tzinfo=UTC)
    page.choose_folder = lambda _host, _title: str(tmp_path)
    reader = "Reader of corrections"
    prepare(page, reader)
    release_approved(ash)
    prepare(page, reader)
    click(page._acts.anew)
    assert "Nothing in it was corrected since" in page.note.text
    shown = page._prepared.release.population_shown
    arrive(house, 1, at)
    prepare(page, reader)
    assert page._prepared.release.population_shown == shown
    click(page._acts.anew)
    assert page.note.text.startswith("What was corrected cannot be told")
    assert not page.release.isEnabled()
    arrive(house, 11, at)
    prepare(page, reader)
    page._acts.anew.setFocus()
    ash.press(Qt.Key.Key_Space)
    assert page.prepare.hasFocus()
    assert page._prepared.release.population_shown == shown + 12
    release_approved(ash)
    newest = page.earlier.lines[0]
    assert (newest.title, newest.recipient) == ("Residents and care (restated)", reader)
    prepare(page, reader)
    assert page._prepared.release.population_shown == shown + 12, "the newest that is out"


def test_what_an_earlier_version_let_out_is_refused_and_counted_anew(ash, house, tmp_path):
    page, reader = ash.page, "Reader of an old one"
    page.choose_folder = lambda _host, _title: str(tmp_path)
    prepare(page, reader)
    release_approved(ash)
    unproved(house.director)
    prepare(page, reader)
    assert page.note.text.startswith("No summary can be made of this period. The proof of what")
    assert not page.release.isEnabled()
    page._acts.anew.setFocus()
    ash.press(Qt.Key.Key_Space)
    assert "figures shown: safe" in page.note.text, page.note.text
    release_approved(ash)
    prepare(page, reader)
    assert "these are the very same files" in page.note.text
    assert ash.told == []
