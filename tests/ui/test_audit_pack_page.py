"""The audit pack page on real records: words on paper first, then a pack that opens."""

import hashlib
from datetime import UTC, datetime

import pypdfium2
import pytest
from PySide6.QtCore import Qt

from shelter_desk.desk import accounts, audit_log, exported
from shelter_desk.desk.accounts import Colleague
from shelter_desk.exports.problems import DriveGoneError
from shelter_desk.exports.verify import verify
from shelter_desk.ui.drive_sheet import DriveSheet
from shelter_desk.ui.pack_sheet import WordsSheet
from shelter_desk.ui.paper_sheet import PaperSheet
from shelter_desk.ui.second_sheet import SecondSheet
from shelter_desk.ui.widgets import Label
from tests.conftest import PASSPHRASE
from tests.ui.fake_door import KeptPaper
from tests.ui.real_window import Opened, settle

AFTER = datetime(2026, 4, 2, 15, 0, tzinfo=UTC)
ADAS_WORDS = "four invented words here"


@pytest.fixture
def opened(look, open_desk, qtbot):
    window = Opened(open_desk, qtbot)
    for number in range(6):
        window.admit(f"River {number}")
    window.clock.at = AFTER
    return window


def start(opened, place, profile="licensor"):
    page = opened.go("audit_pack")
    page.profile.setCurrentIndex(page.profile.findData(profile))
    page.period.setCurrentIndex(page.period.findData("2026-Q1"))
    page.choose_folder = lambda _host, _title: str(place)
    page.find_drives = tuple
    page.make.click()
    opened.sheet(DriveSheet).folder.click()
    settle()
    return page, opened.sheet(WordsSheet)


def words_on(sheet):
    texts = [label.text().split() for label in sheet.findChildren(Label)]
    return " ".join(text[1] for text in texts if len(text) == 2 and text[0] in "123456")


def test_the_usual_profile_is_totals_for_a_grant(opened):
    page = opened.go("audit_pack")
    assert page.profile.currentData() == "grant-totals"
    assert page.profile.count() == 4


def test_a_pack_is_made_once_the_words_are_on_paper(opened, tmp_path):
    stick = tmp_path / "stick"
    stick.mkdir()
    page, sheet = start(opened, stick)
    words = words_on(sheet)
    assert len(words.split()) == 6
    assert not sheet.go_on.isEnabled()
    assert list(stick.iterdir()) == []
    sheet.written.click()
    sheet.go_on.click()
    settle()
    assert opened.told == []
    (pack,) = stick.glob("*.age")
    assert verify(pack, words).ok
    assert [check.passed for check in page.shown_checks] == [True] * 15
    assert pack.name in page.note.text
    assert [line.result for line in page.exports.lines] == ["delivered"]
    everything = b"".join(path.read_bytes() for path in stick.iterdir())
    assert words.encode() not in everything
    assert opened.sheet(WordsSheet) is None


def test_the_cover_sheet_goes_to_paper_with_every_mark_to_compare(opened, tmp_path):
    stick = tmp_path / "stick"
    stick.mkdir()
    page, sheet = start(opened, stick)
    assert not page.cover.isVisible()  # there is nothing to compare with before
    words = words_on(sheet)
    sheet.written.click()
    sheet.go_on.click()
    settle()
    page.paper = KeptPaper()
    page.cover.click()
    opened.sheet(PaperSheet).print.click()
    (pdf,) = page.paper.printed
    pages = pypdfium2.PdfDocument(pdf)
    text = " ".join(one.get_textpage().get_text_bounded() for one in pages).split()
    (pack,) = stick.glob("*.age")
    digest = hashlib.sha256(pack.read_bytes()).hexdigest()
    (line,) = opened.desk.ask(exported.export_list)
    fingerprint = page.note.text.partition("Fingerprint ")[2].partition(",")[0]
    for mark in (pack.name, fingerprint, line.sha256[:8]):
        assert mark.replace(" ", "") in "".join(text)
    assert digest in "".join(text)
    assert not set(words.split()) <= set(text)  # never the words
    assert [file.suffix for file in stick.iterdir() if file.suffix == ".pdf"] == []


def test_a_locked_pdf_of_the_report_is_written_beside_it_on_request(opened, tmp_path):
    stick = tmp_path / "stick"
    stick.mkdir()
    opened.go("audit_pack").with_pdf.setChecked(True)
    page, sheet = start(opened, stick)
    words = words_on(sheet)
    sheet.written.click()
    sheet.go_on.click()
    settle()
    sheet = opened.sheet(WordsSheet)
    assert "locked PDF" in sheet.accessibleName()
    others = words_on(sheet)
    assert list(stick.iterdir()) == []
    sheet.written.click()
    sheet.go_on.click()
    settle()
    assert opened.told == []
    (pdf,) = stick.glob("*.pdf")
    assert set(words.split()) != set(others.split())
    assert len(pypdfium2.PdfDocument(pdf, password=others)) >= 1
    with pytest.raises(pypdfium2.PdfiumError):
        pypdfium2.PdfDocument(pdf, password=words)
    page.paper = KeptPaper()
    page.cover.click()
    opened.sheet(PaperSheet).print.click()
    cover = pypdfium2.PdfDocument(page.paper.printed[0])
    text = "".join("".join(one.get_textpage().get_text_bounded().split()) for one in cover)
    digest = hashlib.sha256(pdf.read_bytes()).hexdigest()
    assert digest in text
    reasons = [event.reason for event in opened.desk.ask(audit_log.events)]
    assert digest in reasons


def test_leaving_the_words_makes_nothing(opened, tmp_path):
    stick = tmp_path / "stick"
    stick.mkdir()
    _, sheet = start(opened, stick)
    sheet.leave.click()
    settle()
    assert list(stick.iterdir()) == []
    assert opened.desk.ask(exported.export_list) == ()


def test_a_stick_that_is_gone_is_told_and_written_down(opened, tmp_path):
    page, sheet = start(opened, tmp_path / "gone")
    sheet.written.click()
    sheet.go_on.click()
    settle()
    assert [type(error) for error in opened.told] == [DriveGoneError]
    assert [line.result for line in page.exports.lines] == ["failed"]
    assert page.make.isEnabled()


@pytest.fixture
def with_ada(opened):
    new = Colleague("a" * 20, "Ada", ("nurse",), ADAS_WORDS)
    accounts.add_colleague(opened.desk, PASSPHRASE, new)
    return opened


def test_a_colleague_agrees_by_keyboard_before_the_words_are_shown(with_ada, tmp_path):
    stick = tmp_path / "stick"
    stick.mkdir()
    page, words = start(with_ada, stick)
    assert words is None
    second = with_ada.sheet(SecondSheet)
    assert with_ada.window.focusWidget() is second.words.edit
    assert second.who.currentText() == "Ada"
    with_ada.press(Qt.Key.Key_Return)
    assert "own passphrase" in second.problem.text()
    second.words.edit.setText("not their words")
    with_ada.press(Qt.Key.Key_Return)
    settle()
    assert "not their passphrase" in second.problem.text()
    assert (second.words.text(), list(stick.iterdir())) == ("", [])
    second.words.edit.setText(ADAS_WORDS)
    with_ada.press(Qt.Key.Key_Return)
    settle()
    assert with_ada.sheet(SecondSheet) is None
    sheet = with_ada.sheet(WordsSheet)
    sheet.written.click()
    sheet.go_on.click()
    settle()
    assert with_ada.told == []
    (line,) = page.exports.lines
    assert (line.result, line.second) == ("delivered", "Ada")


def test_without_agreement_nothing_is_made_or_written_down(with_ada, tmp_path):
    stick = tmp_path / "stick"
    stick.mkdir()
    page, _ = start(with_ada, stick)
    second = with_ada.sheet(SecondSheet)
    second.words.edit.setText(ADAS_WORDS)
    with_ada.press(Qt.Key.Key_Escape)
    settle()
    assert with_ada.sheet(SecondSheet) is None
    assert (list(stick.iterdir()), page.exports.lines) == ([], ())
