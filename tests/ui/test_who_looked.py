"""The list of who has looked at a file, chosen, shown and printed; nobody else is on it."""

import pypdfium2
import pytest
from PySide6.QtWidgets import QComboBox

from shelter_desk.desk import accounts, entry
from shelter_desk.desk.accounts import Colleague
from shelter_desk.desk.service_entries import Given, LogGroup
from shelter_desk.desk.stays import NoteOpened
from shelter_desk.domain.file_looks import LOOKED_PAPER
from shelter_desk.ui.form_sheet import FormSheet
from shelter_desk.ui.paper_sheet import PaperSheet
from tests.conftest import PASSPHRASE
from tests.ui.real_door import KeptPaper
from tests.ui.real_window import Opened, settle


@pytest.fixture
def opened(look, open_desk, qtbot):
    return Opened(open_desk, qtbot)


def printed(opened, stay, language):
    """Choose the list with the window's own menu; return the text and the number of pages."""
    page = opened.go("resident", stay)
    page.paper = KeptPaper()
    actions = page.head.more_menu().actions()
    next(one for one in actions if one.text() == "Papers for them…").trigger()
    settle()
    sheet = opened.sheet(FormSheet)
    sheet.form.put({"paper": LOOKED_PAPER, "language": language})
    sheet.save.click()
    settle()
    opened.sheet(PaperSheet).print.click()
    (pdf,) = page.paper.printed
    document = pypdfium2.PdfDocument(pdf)
    words = " ".join(one.get_textpage().get_text_range() for one in document)
    return " ".join(words.split()), len(document)


@pytest.mark.parametrize(
    ("language", "heading", "line"),
    [
        ("en", "Sky: who has looked at your file", "10 March 2026 Dana looked at it 2 times"),
        ("es", "Sky: quién ha visto tu expediente", "10 de marzo de 2026 Dana lo vio 2 veces"),
    ],
)
def test_the_list_is_printed_in_their_language_and_names_no_other_resident(
    opened, language, heading, line
):
    sky, ash = opened.admit("Sky"), opened.admit("Ash", good_to_know="Likes the door ajar")
    opened.desk.do(LogGroup((sky, ash), Given("life_skills", opened.clock.forward(minutes=9), 30)))
    opened.desk.do(NoteOpened(sky))
    text, pages = printed(opened, sky, language)  # opening the page is a look as well
    assert heading in text
    assert line in text
    assert pages == 1
    for words in ("Ash", "Harbor", "door ajar", "Life skills", "1A"):
        assert words not in text, words


def test_a_long_list_runs_over_pages_and_loses_no_day(opened):
    sky, days = opened.admit("Sky"), 90
    for _ in range(days):
        opened.clock.forward(days=1)
        opened.desk.do(NoteOpened(sky))
    text, pages = printed(opened, sky, "en")
    assert text.count("Dana looked at it") == days
    assert pages > 1
    assert "My question (tear off and hand in" in text


def offered(opened, stay):
    page = opened.go("resident", stay)
    actions = page.head.more_menu().actions()
    next(one for one in actions if one.text() == "Papers for them…").trigger()
    settle()
    (box,) = opened.sheet(FormSheet).form.editors["paper"].findChildren(QComboBox)
    return [code for at in range(box.count()) if (code := box.itemData(at))]


def test_who_may_not_read_the_trail_is_not_offered_it(look, open_desk, qtbot):
    ada = Colleague("ad" * 10, "Ada", ("residential-staff",), "other invented words for tests")
    accounts.add_colleague(open_desk.desk, PASSPHRASE, ada)
    opened = Opened(open_desk, qtbot)
    stay = opened.admit("Sky")
    everything = offered(opened, stay)
    open_desk.desk.close()
    open_desk.desk = entry.sign_in(
        open_desk.folder, ada.public_id, ada.passphrase, open_desk.care_model, open_desk.clock
    )
    left = offered(Opened(open_desk, qtbot), stay)
    assert everything == [*left, LOOKED_PAPER]
    assert len(left) == 6
