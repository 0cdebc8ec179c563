"""A pack for the reader's own age key, by clicks: checked, compared by phone, signed, opened."""

import subprocess
from datetime import UTC, datetime

import pypdfium2
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication

from shelter_desk.desk import audit_log, exported
from shelter_desk.desk.accounts import Colleague
from shelter_desk.domain.age_typed import in_fours, last_letters
from shelter_desk.domain.bech32 import age_recipient
from shelter_desk.exports.age_keys import Identities
from shelter_desk.exports.verify import verify
from shelter_desk.settings import DeviceSettings
from shelter_desk.ui.drive_sheet import DriveSheet
from shelter_desk.ui.pack_lock import KEY, WORDS
from shelter_desk.ui.pack_opening import KeySheet
from shelter_desk.ui.pack_preview import PackPreview
from shelter_desk.ui.pack_sheet import WordsSheet
from shelter_desk.ui.paper_sheet import PaperSheet
from shelter_desk.ui.second_sheet import SecondSheet
from shelter_desk.ui.widgets import Label
from tests.ui.real_door import KeptPaper
from tests.ui.real_window import Opened, settle
from tests.ui.test_audit_pack_page import look_at_all

AFTER = datetime(2026, 4, 2, 15, 0, tzinfo=UTC)
ADAS = "four invented words here"


@pytest.fixture(scope="module")
def auditor(tmp_path_factory):
    """A key file as the auditor's age-keygen makes it, and the public key in it."""
    place = tmp_path_factory.mktemp("auditor") / "key.txt"
    subprocess.run(["age-keygen", "-o", place], capture_output=True, check=True)
    named = subprocess.run(["age-keygen", "-y", place], capture_output=True, check=True)
    return place, named.stdout.decode().strip()


@pytest.fixture
def colleagues():
    return (Colleague("a" * 20, "Ada", ("nurse",), ADAS),)


@pytest.fixture
def opened(look, open_desk, qtbot):
    window = Opened(open_desk, qtbot)
    window.admit("River")
    window.clock.at = AFTER
    return window


@pytest.fixture
def page(opened, tmp_path):
    page, stick = opened.go("audit_pack"), tmp_path / "stick"
    stick.mkdir()
    page.profile.setCurrentIndex(page.profile.findData("board"))
    page.period.setCurrentIndex(page.period.findData("2026-Q1"))
    page.choose_folder = lambda _host, _title: str(stick)
    page.find_drives = tuple
    return page


def choose(page, kind):
    """Click the answer."""
    words, key = page.choices.lock.kind.buttons()
    (key if kind == KEY else words).click()


def paste(opened, text):
    QGuiApplication.clipboard().setText(text)
    opened.press(Qt.Key.Key_V, modifier=Qt.KeyboardModifier.ControlModifier)
    settle()


def said(sheet):
    return " ".join(label.text() for label in sheet.findChildren(Label))


def test_a_key_is_checked_when_it_is_pasted_and_a_secret_one_is_not_kept(
    opened, page, auditor, tmp_path
):
    secret_file, public = auditor
    lock = page.choices.lock
    assert lock.kind.value() == WORDS
    assert not lock.key.isVisible()
    choose(page, KEY)
    assert lock.key.isVisible()
    page.make.click()
    settle()
    assert opened.sheet(PackPreview) is None, "without a key it is no pack for words instead"
    assert opened.window.focusWidget() is lock.key
    assert "begins with age1" in lock.frame.problem.text()

    problem, wrong = lock.frame.problem, public[:-1] + ("q" if public[-1] != "q" else "p")
    for text, says in (
        (wrong, "not copied whole"),
        (f"{public}\n{public}", "more than one line"),
        (public.upper(), "small letters"),
        ("ssh-ed25519 AAAA inspector", "a key of SSH"),
        (age_recipient(bytes(32)), "Nobody can hold"),
    ):
        lock.key.selectAll()
        paste(opened, text)
        assert says in problem.text(), text
        assert says in lock.key.accessibleDescription()
        assert lock.key.text(), "it stands there to be mended"
        assert not lock.ends.isVisible()
    secret = secret_file.read_text()
    for text in (secret, secret.split()[-1], "-----BEGIN OPENSSH PRIVATE KEY-----"):
        lock.key.selectAll()
        paste(opened, text)
        assert "the secret part, and it was not kept" in problem.text()
        assert problem.text().endswith("It was taken off the clipboard as well.")
        assert lock.key.text() == ""
        assert QGuiApplication.clipboard().text() == ""
        opened.press(Qt.Key.Key_Z, modifier=Qt.KeyboardModifier.ControlModifier)
        assert lock.key.text() == "", "nor can it be brought back"
    QGuiApplication.clipboard().setText("the number of the dentist")
    opened.write("AGE-SECRET-KEY-")  # typed: what lies on the clipboard is no key and stays
    assert problem.text().endswith("begins with age1.")
    assert QGuiApplication.clipboard().text() == "the number of the dentist"
    opened.write("age1x")  # whoever types it letter by letter is not told off at each
    assert problem.text() == ""
    opened.press(Qt.Key.Key_Tab)
    assert "not copied whole" in problem.text()

    lock.key.selectAll()
    lock.key.setFocus()
    paste(opened, f"  {public} ")
    assert problem.text() == ""
    assert last_letters(public) in lock.ends.text()
    # Loaded from a file; one with the secret in it changes nothing of what stands there.
    for name, text in (("public.txt", f"# by phone\r\n{public}\r\n"), ("secret.txt", secret)):
        (tmp_path / name).write_text(text)
        lock.choose_file = lambda name=name: str(tmp_path / name)
        lock.load.click()
        assert lock.key.text() == public
    assert "the secret part" in problem.text()
    # And nothing typed is lost on the way to the other answer and back.
    choose(page, WORDS)
    assert page.choices.order().recipient_key == ""
    choose(page, KEY)
    assert page.choices.order().recipient_key == public
    assert exported_lines(opened) == ()
    everything = b"".join(p.read_bytes() for p in tmp_path.rglob("*") if p.suffix != ".txt"
                          and p.is_file())  # fmt: skip
    assert secret.split()[-1].encode() not in everything


def exported_lines(opened):
    return opened.desk.ask(exported.export_list)


def test_a_pack_to_a_key_is_signed_compared_and_opened_by_its_reader_alone(
    opened, page, auditor, tmp_path
):
    secret_file, public = auditor
    opened.clock.forward(days=1)
    page.with_pdf.setChecked(True)
    choose(page, KEY)
    page.choices.lock.key.setFocus()
    paste(opened, public)
    page.make.click()
    settle()
    look_at_all(opened.sheet(PackPreview))
    # What was looked at is what leaves: another key on the page changes nothing of it.
    page.choices.lock.key.setText("")
    opened.sheet(DriveSheet).folder.click()
    settle()
    second = opened.sheet(SecondSheet)
    assert in_fours(public) in said(second)
    second.words.edit.setText(ADAS)
    second.go_on.click()
    settle()
    assert opened.sheet(WordsSheet) is None
    sheet = opened.sheet(KeySheet)
    assert opened.window.focusWidget() is sheet.compared
    told = said(sheet)
    assert "on a number that you had before" in told
    assert in_fours(public) in told
    groups = [label.text() for label in sheet.findChildren(Label) if len(label.text()) == 4]
    assert " ".join(groups) == last_letters(public)
    assert not sheet.go_on.isEnabled()
    opened.press(Qt.Key.Key_Space)
    sheet.go_on.click()
    settle()
    of_pdf = opened.sheet(WordsSheet)
    assert "for the locked PDF" in of_pdf.accessibleName()
    assert list((tmp_path / "stick").iterdir()) == []
    of_pdf.written.click()
    of_pdf.go_on.click()
    settle()
    assert opened.told == []

    (pack,) = (tmp_path / "stick").glob("*.age")
    assert len(list((tmp_path / "stick").glob("*.pdf"))) == 1
    assert [check.passed for check in page.shown_checks] == [True] * 16
    stock = ["age", "-d", "-i", secret_file, pack]
    assert b"manifest.json" in subprocess.run(stock, capture_output=True, check=True).stdout
    assert verify(pack, Identities.in_text(secret_file.read_text())).ok
    (line,) = exported_lines(opened)
    assert (line.result, line.second, line.recipient_key) == ("delivered", "Ada", public)
    reasons = [event.reason for event in opened.desk.ask(audit_log.events)]
    assert f"pack:board:2026-Q1:board-oversight:{public}" in reasons
    page.paper = KeptPaper()
    page.cover.click()
    opened.sheet(PaperSheet).print.click()
    text = pypdfium2.PdfDocument(page.paper.printed[0])[0].get_textpage().get_text_bounded()
    assert public in "".join(text.split())
    opened.press(Qt.Key.Key_Escape)

    # The list says whose key it was, and the next pack is for words until somebody says else.
    opens = next(c for c in page.exports.lines_model.columns if c.heading == "Opens with")
    assert opens.show(line) == f"key … {last_letters(public)[-9:]}"
    page.exports.selectRow(0)
    assert in_fours(public) in page.earlier.sealed_to.text()
    assert page.earlier.sealed_to.isVisible()
    page.earlier.cover.click()  # and so does the cover sheet when it is printed again
    opened.sheet(PaperSheet).print.click()
    text = pypdfium2.PdfDocument(page.paper.printed[1])[0].get_textpage().get_text_bounded()
    assert public in "".join(text.split())
    opened.press(Qt.Key.Key_Escape)
    assert page.choices.lock.kind.value() == WORDS
    assert page.choices.lock.key.text() == ""


def test_a_key_that_differs_by_ear_leaves_nothing_and_all_of_it_fits_at_200_percent(
    look, opened, page, auditor, tmp_path
):
    look.apply(DeviceSettings(200, "dark"))
    choose(page, KEY)
    page.choices.lock.key.setText(auditor[1])
    settle()
    lock = page.choices.lock
    assert lock.load.width() >= lock.load.sizeHint().width()
    assert lock.kind.width() >= lock.kind.sizeHint().width()
    sheet = KeySheet(auditor[1], (tmp_path / "made").touch)
    sheet.open_over(page, sheet.compared)
    settle()
    for label in sheet.findChildren(Label):
        if len(label.text()) == 4:
            assert label.width() >= label.sizeHint().width()
    opened.press(Qt.Key.Key_Escape)
    settle()
    assert opened.sheet(KeySheet) is None
    assert not (tmp_path / "made").exists()
