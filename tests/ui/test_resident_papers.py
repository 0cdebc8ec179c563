"""A paper for a young person: chosen, shown and printed; in Spanish, and nobody else is on it."""

import re

import pypdfium2
import pytest

from shelter_desk.desk.audit_log import events
from shelter_desk.desk.missing import StartMissing
from shelter_desk.desk.missing_return import RecordReturn
from shelter_desk.desk.resident_papers import MakeResidentPaper, shipped_papers
from shelter_desk.desk.stay_trail import stay_trail
from shelter_desk.domain.errors import InvalidError
from shelter_desk.reports.resident_paper import resident_paper_pdf
from shelter_desk.ui.form_sheet import FormSheet
from shelter_desk.ui.paper_sheet import PaperSheet
from tests.ui.real_door import KeptPaper
from tests.ui.real_window import Opened, Records, settle

NAME = "Zoë Ñandú Łęska"
EVERY = [(code, paper) for code, one in shipped_papers().languages.items() for paper in one.papers]


@pytest.fixture(scope="module")
def records(tmp_path_factory, care_model):
    made = Records(tmp_path_factory.mktemp("records"), care_model)
    yield made
    made.desk.close()


@pytest.fixture
def opened(look, records, qtbot):
    yield Opened(records, qtbot)
    records.everyone_leaves()


def text_of(pdf):
    document = pypdfium2.PdfDocument(pdf)
    words = " ".join(page.get_textpage().get_text_range() for page in document)
    return " ".join(words.split()), document


def asked(opened, stay):
    page = opened.go("resident", stay)
    page.paper = KeptPaper()
    (action,) = [
        one for one in page.head.more_menu().actions() if one.text() == "Papers for them…"
    ]
    action.trigger()
    settle()
    return page, opened.sheet(FormSheet)


@pytest.mark.parametrize(("code", "paper"), EVERY)
def test_every_word_is_on_the_paper_with_its_accents_and_embedded_letters(code, paper):
    language = shipped_papers().languages[code]
    words = language.papers[paper]
    pdf = resident_paper_pdf(language, paper, NAME)
    text, document = text_of(pdf)
    wanted = [words.foot, words.title]
    wanted += [words.hello.replace("{called}", NAME)] if words.hello else []
    wanted += [one for part in words.parts for one in part.words()]
    bare = text.replace(" ", "")
    assert not [one for one in wanted if one.replace(" ", "") not in bare]
    assert language.page.format(1, len(document)) in text
    assert len(document) == 1, "one sheet of paper, not two"
    assert f"/Lang ({language.tag})".encode() in pdf
    # Helvetica is named in every file of the typesetter, and draws nothing.
    fonts = set(re.findall(rb"/BaseFont /(\S+)", pdf)) - {b"Helvetica"}
    assert fonts
    assert all(b"+Inter-" in font for font in fonts)
    assert pdf.count(b"/FontFile2") == len(fonts)
    assert pdf == resident_paper_pdf(language, paper, NAME)


def test_the_language_of_the_record_is_offered_and_printed(opened):
    opened.admit("Ash")
    stay = opened.admit(NAME, language="español", good_to_know="Likes the door ajar")
    page, sheet = asked(opened, stay)
    assert sheet.form.values() == {"paper": "welcome", "language": "es"}
    sheet.save.click()
    settle()
    shown = opened.sheet(PaperSheet)
    shown.print.click()
    (pdf,) = page.paper.printed
    text, document = text_of(pdf)
    assert f"{NAME}, te damos la bienvenida" in text
    for words in ("Ash", "Harbor", "Dana", "door ajar", "S-0", "2026"):
        assert words not in text, words
    assert not [one for one in document.get_metadata_dict().values() if NAME in one]


def test_english_is_one_click_away_and_the_trail_says_what_was_made(opened):
    stay = opened.admit("Sky", language="Spanish")
    _, sheet = asked(opened, stay)
    sheet.form.put({"paper": "permission", "language": "en"})
    sheet.save.click()
    settle()
    newest = opened.desk.ask(events)[0]
    assert (newest.action, newest.object) == ("paper.resident", stay)
    assert newest.reason == "permission:en"
    assert newest.words == "Made a paper for the young person"
    assert "paper.resident" in [one.action for one in opened.desk.ask(stay_trail, stay_id=stay)]


def test_nothing_is_made_of_a_paper_or_language_that_is_not_there(opened):
    stay, before = opened.admit("Sky"), len(opened.desk.ask(events))
    for paper, language in (("welcome", "xx"), ("story", "es")):
        with pytest.raises(InvalidError):
            opened.desk.do(MakeResidentPaper(stay, paper, language))
    assert len(opened.desk.ask(events)) == before


def test_the_welcome_back_paper_stands_where_somebody_is_back(opened):
    stay = opened.admit("Sky", language="Spanish")
    episode = opened.desk.do(StartMissing(stay, opened.clock())).subject
    opened.clock.forward(hours=2)
    opened.desk.do(RecordReturn(episode, opened.clock(), "self"))
    page = opened.go("missing", episode)
    page.view.welcome_paper.click()
    settle()
    assert opened.sheet(FormSheet).form.values() == {"paper": "welcome-back", "language": "es"}
