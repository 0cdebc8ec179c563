"""The bed board, the census and the house board on a real desk, by clicks and keys."""

from datetime import timedelta
from itertools import combinations

import pypdfium2
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox

from shelter_desk.desk import residents
from shelter_desk.desk.audit_log import events
from shelter_desk.desk.bed_holds import ReleaseBed
from shelter_desk.desk.beds import bed_board
from shelter_desk.desk.missing import StartMissing
from shelter_desk.desk.staffing import staffing
from shelter_desk.reports.house_board import house_board_pdf
from shelter_desk.ui.census_sheet import CensusSheet
from shelter_desk.ui.form_sheet import FormSheet
from shelter_desk.ui.paper_sheet import PaperSheet
from shelter_desk.ui.tokens import Tone
from tests.ui.real_window import Opened, Records, settle

KEY = Qt.Key
NAMES = ("Skylark", "Marlow Fern", "Ash", "Bo")


class KeptPaper:
    """A printer that keeps what is printed."""

    def __init__(self):
        self.printed = []

    def print_pdf(self, host, pdf):
        self.printed.append(pdf)
        return True


@pytest.fixture(scope="module")
def records(tmp_path_factory, care_model):
    made = Records(tmp_path_factory.mktemp("records"), care_model)
    yield made
    made.desk.close()


@pytest.fixture
def opened(look, records, qtbot):
    one = Opened(records, qtbot)
    one.page = one.go("residents")
    yield one
    records.everyone_leaves()
    for bed in one.desk.ask(bed_board).beds:
        if bed.hold_id:
            one.desk.do(ReleaseBed(bed.hold_id))


def admit(opened, name, bed=None):
    board = opened.desk.ask(bed_board).beds
    bed_id = None if bed is None else next(one.bed_id for one in board if one.name == bed)
    command = residents.Admit(name, opened.clock(), bed_id=bed_id)
    return opened.shared.do(command).subject


def tile(opened, name):
    return next(one for one in opened.page.beds.tiles if one.accessibleName().startswith(name))


def text_of(pdf):
    pages = pypdfium2.PdfDocument(pdf)
    return " ".join(page.get_textpage().get_text_range() for page in pages)


def test_a_free_bed_is_held_and_released_by_keyboard(opened):
    tile(opened, "2A").setFocus()
    opened.press(KEY.Key_Return)
    sheet = opened.sheet(FormSheet)
    sheet.form.editors["reason"].put_typed("expected")
    sheet.save.click()
    assert tile(opened, "2A").accessibleName() == "2A, held"
    assert "1 held" in opened.page.beds.head.remark.text()
    settle()
    assert tile(opened, "2A").hasFocus()  # and goes on where it was
    opened.press(KEY.Key_Return)
    sheet = opened.sheet(FormSheet)
    assert sheet.leave.hasFocus()
    sheet.save.click()
    assert tile(opened, "2A").accessibleName() == "2A, free"


def test_no_bed_lies_over_another(opened):
    admit(opened, "Skylark", "1A")
    settle()
    for one, other in combinations(opened.page.beds.tiles, 2):
        assert not one.geometry().intersects(other.geometry())


def test_a_taken_bed_opens_its_resident(opened):
    sky = admit(opened, "Skylark", "1A")
    tile(opened, "1A").click()
    settle()
    assert opened.window.page == "resident"
    assert opened.window.view("resident")._stay_id == sky


def test_the_bed_of_somebody_missing_says_so(opened):
    sky = admit(opened, "Skylark", "1A")
    opened.shared.do(StartMissing(sky, opened.clock()))
    assert tile(opened, "1A").accessibleName() == "1A, Skylark, away, bed kept"
    table = opened.window.view("residents").table
    (line,) = [one for one in table.lines if one.stay_id == sky]
    (who, *_) = table.lines_model.columns
    assert who.below(line).endswith("missing from care")
    assert who.below_tone(line) is Tone.DANGER


def test_a_held_bed_is_not_offered_to_an_arrival(opened):
    tile(opened, "1B").click()
    settle()
    opened.sheet(FormSheet).form.editors["reason"].put_typed("cleaning")
    opened.sheet(FormSheet).save.click()
    page = opened.go("arrival")
    editor = page.form.person.editors["bed_id"]
    boxes = editor.findChildren(QComboBox)
    words = [box.itemText(n) for box in boxes for n in range(box.count())]
    assert "1A" in words
    assert "1B" not in words
    assert not page.full.isVisible()
    opened.go("residents")
    tile(opened, "1B").click()
    settle()
    opened.sheet(FormSheet).save.click()


def test_a_full_house_warns_and_still_takes_somebody_in(opened):
    for name, bed in zip(NAMES, ("1A", "1B", "2A", "2B"), strict=True):
        admit(opened, name, bed)
    page = opened.go("arrival")
    assert page.full.isVisible()
    admit(opened, "Cy")
    opened.go("residents")
    assert opened.page.beds.over.isVisible()
    assert "5 stay here and there are 4 beds" in opened.page.beds.over.text


def test_codes_alone_are_shown_where_names_must_not_be(opened):
    admit(opened, "Skylark", "1A")
    code = opened.page.table.lines[0].case_code
    opened.page.names.buttons()[2].click()
    assert opened.page.table.lines_model.index(0, 0).data() == code
    assert tile(opened, "1A").accessibleName() == f"1A, {code}"
    opened.page.names.buttons()[0].click()
    assert tile(opened, "1A").accessibleName() == "1A, Skylark"


def test_the_census_of_a_past_hour_is_asked_for_by_keyboard(opened):
    admit(opened, "Skylark", "1A")
    came = opened.clock()
    opened.clock.forward(days=2)
    admit(opened, "Ash", "1B")
    opened.page.census.click()
    sheet = opened.sheet(CensusSheet)
    assert len(sheet.found.sleepers) == 2
    sheet.form.editors["at"].put(came + timedelta(hours=1))
    opened.press(KEY.Key_Return)
    assert [one.called for one in sheet.found.sleepers] == ["Skylark"]
    sheet.form.editors["at"].put(opened.clock() + timedelta(days=1))
    opened.press(KEY.Key_Return)
    assert sheet.form.frames["at"].problem.isVisible()
    assert [one.called for one in sheet.found.sleepers] == ["Skylark"]


def test_the_house_board_is_printed_with_initials_and_no_name(opened):
    beds = ("1A", "1B", "2A", None)
    stays = [admit(opened, name, bed) for name, bed in zip(NAMES, beds, strict=True)]
    opened.shared.do(StartMissing(stays[0], opened.clock()))
    opened.page.paper = KeptPaper()
    opened.page.print.click()
    settle()
    opened.sheet(PaperSheet).print.click()
    text = text_of(opened.page.paper.printed[0])
    for name in NAMES:
        for word in name.split():
            assert word not in text, word
    assert all(one in text for one in ("1A", "S.", "M. F.", "A.", "B.", "away", "no bed", "free"))
    newest = opened.desk.ask(events, limit=1)[0]
    assert (newest.action, newest.reason) == ("house.print", "house-board-4")


def test_a_census_on_paper_has_case_codes_and_no_name(opened):
    for name in NAMES:
        admit(opened, name)
    codes = [line.case_code for line in opened.page.table.lines]
    opened.page.paper = KeptPaper()
    opened.page.census.click()
    opened.sheet(CensusSheet).print.click()
    settle()
    opened.sheet(PaperSheet).print.click()
    text = text_of(opened.page.paper.printed[0])
    assert all(code in text for code in codes)
    assert not any(word in text for name in NAMES for word in name.split())


def test_papers_say_nothing_in_their_properties(opened):
    admit(opened, "Skylark", "1A")
    board = opened.desk.ask(bed_board)
    staff = opened.desk.ask(staffing, now=opened.clock())
    from_board = house_board_pdf(board, staff, at=opened.clock(), zone=opened.shared.zone)
    assert b"Skylark" not in from_board
    assert "Skylark" not in str(pypdfium2.PdfDocument(from_board).get_metadata_dict())


def test_the_go_bag_is_printed_with_what_a_shift_must_know_and_no_name(opened):
    for name, bed in zip(NAMES, ("1A", "1B", "2A", None), strict=True):
        admit(opened, name, bed)
    opened.page.paper = KeptPaper()
    opened.page.bag.setFocus()
    opened.press(KEY.Key_Space)
    settle()
    opened.sheet(PaperSheet).print.click()
    text = text_of(opened.page.paper.printed[0])
    for name in NAMES:
        for word in name.split():
            assert word not in text, word
    assert all(one in text for one in ("1A", "M. F.", "no bed", "heads to count", "To write on"))
    newest = opened.desk.ask(events, limit=1)[0]
    assert (newest.action, newest.reason) == ("house.print", "go-bag-4")
