"""The audit pack page on real records: words on paper first, then a pack that opens."""

import csv
import hashlib
import io
from datetime import UTC, datetime, timedelta

import pypdfium2
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from shelter_desk.desk import audit_log, exported, residents
from shelter_desk.desk.accounts import Colleague
from shelter_desk.desk.sampling import sample_draws
from shelter_desk.exports.pack_order import export_id_of
from shelter_desk.exports.problems import DriveGoneError
from shelter_desk.exports.scanner import IdentityFoundError
from shelter_desk.exports.stick import PackDrive
from shelter_desk.exports.verify import verify
from shelter_desk.settings import DeviceSettings
from shelter_desk.ui.drive_sheet import DriveSheet
from shelter_desk.ui.form_sheet import FormSheet
from shelter_desk.ui.jobs import InlineJobs
from shelter_desk.ui.pack_making import pack_made
from shelter_desk.ui.pack_preview import PackPreview
from shelter_desk.ui.pack_sheet import WordsSheet
from shelter_desk.ui.paper_sheet import PaperSheet
from shelter_desk.ui.sample_sheet import SampleSheet
from shelter_desk.ui.second_sheet import SecondSheet
from shelter_desk.ui.widgets import DropDown, Label
from tests.conftest import join
from tests.ui.real_door import KeptPaper
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


def start(opened, place, profile="board"):
    """Lay a pack out, look at it and choose a folder. The board's is the quickest to lay out."""
    page = opened.go("audit_pack")
    page.profile.setCurrentIndex(page.profile.findData(profile))
    page.period.setCurrentIndex(page.period.findData("2026-Q1"))
    page.choose_folder = lambda _host, _title: str(place)
    page.find_drives = tuple
    page.make.click()
    settle()
    look_at_all(opened.sheet(PackPreview))
    opened.sheet(DriveSheet).folder.click()
    settle()
    return page, opened.sheet(WordsSheet)


def look_at_all(preview):
    """Press "Next file" until every one was shown, then let the pack out."""
    while not preview.let_out.isEnabled():
        preview.next.click()
    preview.let_out.click()
    settle()


def words_on(sheet):
    texts = [label.text().split() for label in sheet.findChildren(Label)]
    return " ".join(text[1] for text in texts if len(text) == 2 and text[0] in "123456")


def test_the_usual_profile_is_totals_for_a_grant(opened):
    page = opened.go("audit_pack")
    assert page.profile.currentData() == "grant-totals"
    assert page.profile.count() == 5


def test_a_pack_is_made_once_the_words_are_on_paper_and_its_cover_sheet_printed(opened, tmp_path):
    stick = tmp_path / "stick"
    stick.mkdir()
    page, sheet = start(opened, stick, "licensor")
    words = words_on(sheet)
    assert len(words.split()) == 6
    at_work = []

    def run(*job):
        settle()
        at_work.append(opened.window.focusWidget())
        InlineJobs.run(opened.shared.jobs, *job)

    opened.shared.jobs.run = run
    assert not sheet.go_on.isEnabled()
    assert not page.cover.isVisible()  # there is nothing to compare with before
    assert list(stick.iterdir()) == []
    sheet.written.click()
    sheet.go_on.click()
    settle()
    assert opened.told == []
    assert at_work == [page.note], "the keyboard waits on the page while the pack is made"
    assert opened.window.focusWidget() is page.cover
    (pack,) = stick.glob("*.age")
    assert verify(pack, words).ok
    assert [check.passed for check in page.shown_checks] == [True] * 16
    assert pack.name in page.note.text
    assert page.note.visibleRegion().boundingRect() == page.note.rect()
    assert [line.result for line in page.exports.lines] == ["delivered"]
    everything = b"".join(path.read_bytes() for path in stick.iterdir())
    assert words.encode() not in everything
    assert opened.sheet(WordsSheet) is None

    # With the cover sheet a receiver tells that the pack is the shelter's.
    page.paper = KeptPaper()
    page.cover.click()
    opened.sheet(PaperSheet).print.click()
    (pdf,) = page.paper.printed
    pages = pypdfium2.PdfDocument(pdf)
    text = " ".join(one.get_textpage().get_text_bounded() for one in pages).split()
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
    assert "as they stand here" in " ".join(label.text() for label in sheet.findChildren(Label))
    others = words_on(sheet)
    page.paper = KeptPaper()
    sheet.print.click()
    printed = pypdfium2.PdfDocument(page.paper.printed[0])[0].get_textpage().get_text_bounded()
    assert "Words for the PDF of pack" in printed
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
    said = [(event.action, event.reason) for event in opened.desk.ask(audit_log.events)]
    assert ("custody.locked-pdf", digest) in said
    # Once the next one begins that paper is gone from the page, and stays with the export.
    page.make.click()
    settle()
    opened.sheet(PackPreview).leave.click()
    settle()
    assert not page.cover.isVisible()
    opened.clock.forward(days=40)
    page.exports.selectRow(0)
    assert not page.earlier.cover.isVisible()  # the one that was left has none
    page.exports.selectRow(1)
    page.earlier.cover.click()
    opened.sheet(PaperSheet).print.click()
    again = [pypdfium2.PdfDocument(one) for one in page.paper.printed]
    first, second = ([p.get_textpage().get_text_bounded() for p in one] for one in again)
    assert first == second


class PulledAfterThePack(PackDrive):
    """A stick that is there while the pack is written, and gone when the PDF is."""

    def write_files(self, *what):
        self._folder.rename(self._folder.with_name("away"))
        return super().write_files(*what)


def test_a_stick_pulled_before_the_locked_pdf_leaves_the_pack_and_its_cover_sheet(
    opened, tmp_path
):
    stick = tmp_path / "stick"
    stick.mkdir()
    page, sheet = start(opened, stick)
    sheet.leave.click()
    words = (words_on(sheet), "six other words for the pdf")
    page._done(pack_made(opened.shared, page._prepared, PulledAfterThePack(stick), words, None))
    settle()
    (pack,) = (tmp_path / "away").glob("*.age")
    assert verify(pack, words[0]).ok
    assert page.note.text.startswith("The locked PDF is not there: The drive was removed")
    assert pack.name in page.note.text
    assert page.cover.isVisible()
    assert [line.result for line in page.exports.lines] == ["delivered"]


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
    join(opened.desk, new)
    opened.clock.forward(days=1)  # an account counts for two from then on
    return opened


def test_a_colleague_agrees_by_keyboard_before_the_words_are_shown(with_ada, tmp_path):
    stick = tmp_path / "stick"
    stick.mkdir()
    page, words = start(with_ada, stick)
    assert words is None
    second = with_ada.sheet(SecondSheet)
    assert with_ada.window.focusWidget() is second.words.edit
    assert second.who.currentText() == "Ada"
    # What was laid out is what they agree to, whatever is chosen on the page since.
    page.period.setCurrentIndex(page.period.findData("2025"))
    about = " ".join(label.text() for label in second.findChildren(Label))
    assert "January to March 2026" in about
    assert "For Board. Reason: Board oversight. Ground: Oversight by the board." in about
    with_ada.press(Qt.Key.Key_Return)
    assert "own passphrase" in second.problem.text()
    second.words.edit.setText("not their words")
    with_ada.press(Qt.Key.Key_Return)
    settle()
    assert "not their passphrase" in second.problem.text()
    assert (second.words.text(), list(stick.iterdir())) == ("", [])
    with_ada.clock.at -= timedelta(hours=1)  # her account is not a day old yet
    second.words.edit.setText(ADAS_WORDS)
    with_ada.press(Qt.Key.Key_Return)
    settle()
    assert "after one day" in second.problem.text()
    with_ada.clock.at += timedelta(hours=1)
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


def test_without_agreement_nothing_leaves(with_ada, tmp_path):
    stick = tmp_path / "stick"
    stick.mkdir()
    page, _ = start(with_ada, stick)
    second = with_ada.sheet(SecondSheet)
    second.words.edit.setText(ADAS_WORDS)
    with_ada.press(Qt.Key.Key_Escape)
    settle()
    assert with_ada.sheet(SecondSheet) is None
    assert list(stick.iterdir()) == []
    assert [(line.result, line.second) for line in page.exports.lines] == [("", "")]


def test_every_file_is_shown_before_a_pack_can_be_let_out(opened, tmp_path):
    page = opened.go("audit_pack")
    page.profile.setCurrentIndex(page.profile.findData("licensor"))
    page.period.setCurrentIndex(page.period.findData("2026-Q1"))
    page.make.setFocus()
    opened.press(Qt.Key.Key_Space)
    settle()
    preview = opened.sheet(PackPreview)
    paths = [one.path for one in preview.files.lines]
    assert len(paths) > 20
    assert "data/report.pdf" in paths
    assert not preview.let_out.isEnabled()
    seen = {preview.files.line().path}
    place = preview.next.mapTo(opened.window, preview.next.rect().center())
    for number in range(2, len(paths) + 1):
        preview.next.setFocus()
        opened.press(Qt.Key.Key_Space)
        seen.add(preview.files.line().path)
        assert preview.progress.text().startswith(f"{number} of {len(paths)}")
        assert preview.let_out.isEnabled() == (number == len(paths))
    assert seen == set(paths)
    assert opened.window.focusWidget() is preview.let_out
    for _ in range(3):  # a click or two too many, at the place where "Next file" was pressed
        QTest.mouseClick(opened.window.windowHandle(), Qt.MouseButton.LeftButton, pos=place)
    assert opened.sheet(PackPreview) is preview
    opened.press(Qt.Key.Key_Escape)
    assert opened.sheet(PackPreview) is None
    assert [line.result for line in page.exports.lines] == ["failed"]


def test_a_table_of_the_preview_holds_every_line_of_the_file(opened):
    page = opened.go("audit_pack")
    page.period.setCurrentIndex(page.period.findData("2026-Q1"))
    page.make.click()
    settle()
    preview = opened.sheet(PackPreview)
    for row, one in enumerate(preview.files.lines):
        if one.path.endswith(".csv") and "summary" not in one.path:
            preview.files.selectRow(row)
            page = preview.shown.currentWidget()
            table = page.table
            rows = list(csv.reader(io.StringIO(one.data.decode())))
            assert [list(line) for line in table.lines] == rows[1:]
            assert [column.heading for column in table.lines_model.columns] == rows[0]
            first = max((row[0] for row in rows[1:]), key=len, default="")
            if len(first) < 60:  # what a line is about can be read whole
                assert table.columnWidth(0) > table.fontMetrics().horizontalAdvance(first), first
            if rows[0][0] == "File":
                longest = max(rows[1:], key=lambda row: len(row[2]))
                table.selectRow(rows.index(longest) - 1)
                assert longest[2] in page.whole.text()  # cut in its cell, and read below
            told = [label.text() for label in page.findChildren(Label)]
            assert any(text.startswith("Nothing stands") for text in told) == (len(rows) == 1)


def test_a_name_in_the_files_stops_the_pack_before_anybody_can_let_it_out(opened, tmp_path):
    page = opened.go("audit_pack")
    page.profile.setCurrentIndex(page.profile.findData("licensor"))
    page.period.setCurrentIndex(page.period.findData("2026-Q1"))
    opened.admit("Q1")  # no common word, and it stands in the files
    page.make.click()
    settle()
    assert opened.sheet(PackPreview) is None
    assert [type(error) for error in opened.told] == [IdentityFoundError]
    assert [line.result for line in page.exports.lines] == ["failed"]


def test_a_name_that_was_typed_is_refused_beside_its_field_before_anything_is_written(opened):
    page = opened.go("audit_pack")
    page.profile.setCurrentIndex(page.profile.findData("licensor"))
    page.period.setCurrentIndex(page.period.findData("2026-Q1"))
    before = opened.desk.ask(audit_log.events, limit=1)
    page.choices.recipient.setText("Visitor of River 3")
    page.choices.purpose.setText("A yearly look")
    page.make.click()
    settle()
    assert opened.sheet(PackPreview) is None
    assert opened.told == []  # it stands beside the field, and in no dialog
    assert opened.window.focusWidget() is page.choices.recipient
    assert "name" in page.choices.recipient.parentWidget().problem.text()
    assert page.choices.purpose.parentWidget().problem.text() == ""
    assert page.choices.recipient.text() == "Visitor of River 3"
    assert page.choices.purpose.text() == "A yearly look"
    assert page.exports.lines == ()
    assert opened.desk.ask(audit_log.events, limit=1) == before


def test_single_records_ask_for_a_ground_and_its_section(opened):
    page = opened.go("audit_pack")
    page.period.setCurrentIndex(page.period.findData("2026-Q1"))
    choices = page.choices
    assert not choices.rows.isVisible()  # a funder is given totals, and nothing else can be asked
    page.profile.setCurrentIndex(page.profile.findData("licensor"))
    assert choices.rows.isVisible()
    assert not choices.authority.isVisible()
    choices.rows.click()
    assert choices.authority.isVisible()
    page.make.click()
    settle()
    assert opened.told == []
    assert opened.window.focusWidget() is choices.authority
    assert "Name the section" in choices.authority.parentWidget().problem.text()
    assert page.exports.lines == ()
    titles = [choices._rules.files[name].title for name in choices._chosen().rows]
    assert [one for one in titles if one not in choices.contents.text()] == []
    choices.authority.setText("Invented Code 42.1")
    page.make.click()
    settle()
    paths = {one.path for one in opened.sheet(PackPreview).files.lines}
    assert "data/04_timeliness_by_record.csv" in paths
    page.profile.setCurrentIndex(page.profile.findData("grant-totals"))
    assert not choices.order().holds_records


def test_the_list_is_fixed_before_dice_can_be_typed_and_the_sample_is_chosen(opened):
    page = opened.go("audit_pack")
    page.profile.setCurrentIndex(page.profile.findData("licensor"))
    page.period.setCurrentIndex(page.period.findData("2026-Q1"))
    page.choices.draw.click()
    sheet = opened.sheet(SampleSheet)
    assert not sheet.seed.isVisible()
    opened.press(Qt.Key.Key_Return if sheet.fix.hasFocus() else Qt.Key.Key_Space)
    if not sheet.seed.isVisible():
        sheet.fix.click()
    (line,) = opened.desk.ask(sample_draws)
    assert (line.population, line.seed) == (6, "")
    assert "6 in the list" in sheet.root.text()
    sheet.wanted.setText("2")
    sheet.draw.click()
    assert "dice" in sheet.problem.text()
    sheet.roll.click()
    sheet.draw.click()
    codes = {line.case_code for line in opened.desk.ask(residents.roster, now=opened.clock())}
    told = [line.split(": ") for line in sheet.files.text().splitlines()]
    assert len(told) == 2
    assert {code for _, code in told} <= codes  # so that staff can lay the files out
    opened.press(Qt.Key.Key_Escape)
    assert opened.sheet(SampleSheet) is None
    (line,) = opened.desk.ask(sample_draws)
    assert not line.is_withdrawn
    assert line.wanted == 2
    assert page.choices.order().draw_ids == (line.draw_id,)
    assert line.seed in page.choices.sample.currentText()


def test_a_list_that_is_left_after_it_was_fixed_is_put_away_in_sight(opened):
    page = opened.go("audit_pack")
    page.profile.setCurrentIndex(page.profile.findData("licensor"))
    page.period.setCurrentIndex(page.period.findData("2026-Q1"))
    page.choices.draw.click()
    sheet = opened.sheet(SampleSheet)
    sheet.fix.click()
    opened.press(Qt.Key.Key_Escape)
    assert opened.sheet(SampleSheet) is None
    (line,) = opened.desk.ask(sample_draws)
    assert line.is_withdrawn
    assert page.choices.order().draw_ids == ()


def test_the_words_go_to_paper_on_a_sheet_that_names_nobody(opened, tmp_path):
    stick = tmp_path / "stick"
    stick.mkdir()
    page, sheet = start(opened, stick)
    page.paper = KeptPaper()
    sheet.print.click()
    (pdf,) = page.paper.printed
    pages = pypdfium2.PdfDocument(pdf)
    text = " ".join(one.get_textpage().get_text_bounded() for one in pages)
    assert all(word in text for word in words_on(sheet).split())
    assert "Harbor House" not in text
    (line,) = opened.desk.ask(exported.export_list)
    assert export_id_of(line.custody_id) in text
    assert list(stick.iterdir()) == []


def test_a_release_can_be_of_somebody_who_left(opened):
    first, *_ = opened.desk.ask(residents.roster, now=opened.clock())
    opened.desk.do(residents.RecordExit(first.stay_id, opened.clock(), "kin", "422"))
    page = opened.go("audit_pack")
    page.profile.setCurrentIndex(page.profile.findData("custodian"))
    page.choices.record_release.click()
    whose = opened.sheet(FormSheet).form.editors["stay_id"].findChild(DropDown)
    offered = {whose.itemData(at): whose.itemText(at) for at in range(whose.count())}
    assert ", left " in offered.pop(first.stay_id)
    assert not [text for text in offered.values() if ", left " in text]
    today = opened.shared.today()
    opened.sheet(FormSheet).form.put({
        "stay_id": first.stay_id, "agency": "Invented County Office", "purpose": "review",
        "parts": ("04_timeliness_by_record",),
        "from_on": today, "until_on": today + timedelta(days=10),
        "signers": ("young-person", "custodial-agency"), "said": ("told", "is_safe"),
    })  # fmt: skip
    opened.sheet(FormSheet).save.click()
    settle()
    assert opened.sheet(FormSheet) is None
    assert page.choices.order().release_id


def test_a_release_is_recorded_chosen_and_taken_back_by_a_word(look, opened):
    page = opened.go("audit_pack")
    choices = page.choices
    assert not choices.release.isVisible()
    page.profile.setCurrentIndex(page.profile.findData("custodian"))
    page.period.setCurrentIndex(page.period.findData("2026-Q1"))
    assert choices.release.isVisible()
    for typed in (choices.purpose, choices.recipient):  # they stand in the release
        assert not typed.isVisible()
    assert not choices.rows.isVisible()
    page.make.click()
    settle()
    assert opened.told == []  # without one nothing begins, and that stands beside it
    problem = choices.release.parentWidget().problem
    assert problem.text().startswith("Choose the release")
    look.apply(DeviceSettings(200, "dark"))
    settle()
    for button in (choices.record_release, choices.revoke):
        assert button.width() >= button.sizeHint().width(), button.text()
    look.apply(DeviceSettings(100, "light"))
    choices.record_release.click()
    sheet = opened.sheet(FormSheet)
    today = opened.shared.today()
    values = {
        "stay_id": opened.desk.ask(residents.roster, now=opened.clock())[0].stay_id,
        "purpose": "review", "parts": ("04_timeliness_by_record",), "from_on": today,
        "until_on": today + timedelta(days=10), "signers": ("young-person", "custodial-agency"),
        "said": ("told", "is_safe"),
    }  # fmt: skip
    sheet.form.put(values)
    sheet.save.click()
    assert opened.sheet(FormSheet) is sheet  # it says what is missing
    assert sheet.form.frames["agency"].problem.text() == "This one is needed."
    assert not sheet.form.frames["purpose"].problem.text()
    sheet.form.put({"agency": "Invented County Office"})
    sheet.save.click()
    settle()
    assert opened.sheet(FormSheet) is None
    assert problem.text() == ""
    assert choices.order().release_id
    told = ", for Invented County Office: A review of their care, until "
    assert told in choices.release.currentText()
    page.make.click()
    settle()
    paths = {one.path for one in opened.sheet(PackPreview).files.lines}
    assert {path for path in paths if "by_record" in path} == {"data/04_timeliness_by_record.csv"}
    opened.press(Qt.Key.Key_Escape)
    choices.revoke.click()
    sheet = opened.sheet(FormSheet)
    sheet.form.put({"how": "spoken"})
    sheet.save.click()
    settle()
    assert choices.order().release_id == ""
    assert not choices.revoke.isEnabled()
