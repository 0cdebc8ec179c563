"""Everything leaves from Settings, as from the command line: two people, six words, read back."""

from __future__ import annotations

import io
import tarfile

import pytest
from PySide6.QtCore import Qt

from shelter_desk.desk import accounts, entry, exported
from shelter_desk.desk.accounts import Colleague
from shelter_desk.exports.age import decrypt
from shelter_desk.exports.problems import DriveGoneError
from shelter_desk.ui.drive_sheet import DriveSheet
from shelter_desk.ui.pack_sheet import WordsSheet
from shelter_desk.ui.second_sheet import SecondSheet
from shelter_desk.ui.settings_parts.export_sheet import ExportSheet
from shelter_desk.ui.widgets import FieldFrame, Label
from tests.conftest import PASSPHRASE, join
from tests.ui.real_window import Opened, settle

ADA, WORDS = "a" * 20, "four invented words here"


@pytest.fixture
def opened(look, open_desk, qtbot):
    opened = Opened(open_desk, qtbot)
    opened.admit("Zephyrine")
    return opened


def card_of(opened, folder):
    card = opened.go("settings", "moving").moving
    card.find_drives = tuple
    card.choose_folder = lambda _host, _title: str(folder)
    return card


def begun(opened, card, own=PASSPHRASE):
    """Say for whom and why, and type one's own passphrase."""
    card.export.click()
    settle()
    sheet = opened.sheet(ExportSheet)
    sheet.form.put({"recipient": "Another system", "reason": "We move"})
    sheet.own.edit.setText(own)
    sheet.go_on.click()
    settle()
    return sheet


def to_the_folder(opened):
    opened.sheet(DriveSheet).folder.click()
    settle()


def words_on_paper(opened):
    """Read the words off the sheet, say that they are on paper, and go on."""
    sheet = opened.sheet(WordsSheet)
    assert not sheet.go_on.isEnabled()
    assert not sheet.print.isVisible()
    shown = [one.text().split() for one in sheet.findChildren(Label) if one.text()[:1].isdigit()]
    sheet.written.click()
    sheet.go_on.click()
    settle()
    return " ".join(word for _, word in sorted(shown))


def names_in(path, words):
    with path.open("rb") as source:
        archive = decrypt(source, words, most=1 << 26)
    with tarfile.open(fileobj=io.BytesIO(archive)) as tar:
        return tar.getnames()


def exports(opened):
    return [line for line in opened.desk.ask(exported.export_list) if line.kind == "everything"]


def test_a_director_alone_lets_everything_leave_and_the_words_open_it(opened, tmp_path):
    card = card_of(opened, tmp_path)
    begun(opened, card)
    to_the_folder(opened)
    words = words_on_paper(opened)
    (path,) = tmp_path.glob("*.age")
    assert "tables/resident.001.csv" in names_in(path, words)
    (line,) = exports(opened)
    assert (line.recipient, line.purpose, line.result) == (
        "Another system", "We move", "delivered",
    )  # fmt: skip
    assert path.name in card.note.text
    assert line.sha256[:12] in card.note.text
    assert card.export.isEnabled()
    assert opened.told == []


def test_where_a_colleague_can_agree_one_must(opened, tmp_path):
    join(opened.desk, Colleague(ADA, "Ada", ("nurse",), WORDS))
    card = card_of(opened, tmp_path)
    begun(opened, card)
    to_the_folder(opened)
    second = opened.sheet(SecondSheet)
    second.words.edit.setText(PASSPHRASE)
    second.go_on.click()
    settle()
    assert "not their passphrase" in second.problem.text()
    second.words.edit.setText(WORDS)
    second.go_on.click()
    settle()
    words_on_paper(opened)
    (line,) = exports(opened)
    assert (line.second, line.result) == ("Ada", "delivered")


def test_without_ones_own_passphrase_nothing_begins(opened, tmp_path):
    card = card_of(opened, tmp_path)
    for typed in ("", "not these words at all"):
        sheet = begun(opened, card, typed)
        assert sheet.isVisible()
        assert sheet.problem.text()
        assert opened.sheet(DriveSheet) is None
        sheet.dismissed()
        opened.clock.forward(minutes=10)
    assert exports(opened) == []


def test_leaving_at_any_step_writes_nothing_and_no_passphrase_is_kept(opened, tmp_path):
    card = card_of(opened, tmp_path)
    begun(opened, card)
    opened.press(Qt.Key.Key_Escape)
    begun(opened, card)
    to_the_folder(opened)
    opened.sheet(WordsSheet).leave.click()
    card.export.click()
    settle()
    assert opened.sheet(ExportSheet).own.text() == ""
    assert exports(opened) == []
    assert list(tmp_path.glob("*.age")) == []


def test_a_drive_that_is_gone_is_told_and_it_stands_as_not_left(opened, tmp_path):
    card = card_of(opened, tmp_path / "gone")
    begun(opened, card)
    to_the_folder(opened)
    words_on_paper(opened)
    assert [type(error) for error in opened.told] == [DriveGoneError]
    assert [line.result for line in exports(opened)] == ["failed"]
    assert card.export.isEnabled()
    assert not card.note.isVisible()


def test_nobody_but_a_director_sees_it(opened, open_desk, qtbot):
    accounts.add_colleague(
        opened.desk, PASSPHRASE, Colleague(ADA, "Ada", ("case-manager",), WORDS)
    )
    opened.window.close()
    open_desk.desk.close()
    open_desk.desk = entry.sign_in(
        open_desk.folder, ADA, WORDS, open_desk.care_model, open_desk.clock
    )
    page = Opened(open_desk, qtbot).go("settings")
    assert not hasattr(page, "moving")


def test_the_card_is_in_sight_when_the_page_is_opened_at_it(opened):
    opened.window.resize(1366, 768)
    page = opened.go("settings", "moving")
    settle()
    top = page.moving.mapTo(page, page.moving.rect().topLeft()).y()
    assert 0 <= top <= page.height() - page.moving.height()
    assert opened.window.focusWidget() is page.moving.export


def test_a_name_is_refused_beside_its_field_and_nothing_typed_is_lost(opened, tmp_path):
    card = card_of(opened, tmp_path)
    card.export.click()
    settle()
    sheet = opened.sheet(ExportSheet)
    sheet.form.put({"recipient": "Another system", "reason": "Zephyrine moves"})
    sheet.own.edit.setText(PASSPHRASE)
    sheet.go_on.click()
    settle()
    assert opened.sheet(ExportSheet) is sheet
    assert opened.sheet(DriveSheet) is None
    assert [one.problem.text() for one in sheet.form.findChildren(FieldFrame)] == [
        "", "There is a name in it. Write it without.",
    ]  # fmt: skip
    assert sheet.form.typed() == {"recipient": "Another system", "reason": "Zephyrine moves"}
    assert exports(opened) == []
