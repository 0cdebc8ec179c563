"""A letter that no typeface has is told on the paper, and no other is lost."""

import pypdfium2
import pytest
from reportlab.pdfbase import pdfmetrics

from shelter_desk.reports import blocks, typefaces
from shelter_desk.reports.lettering.scripts import Letters
from shelter_desk.reports.letters import STANDS_FOR, printable
from shelter_desk.reports.pdf import make_pdf

KNOWN = "Nguyễn Łukasz Ó Súilleabháin Саша Ελένη Zoe\u0301 “a” – €"


def a_paper(*names, language="en-US"):
    rows = tuple((name,) for name in names)
    furniture = blocks.Furniture("Facts", "Harbor House", "Confidential")
    inside = (blocks.Heading("Facts"), blocks.Facts((("Name", names[0]),)))
    return blocks.Paper(
        furniture, (*inside, blocks.Table("All", ("Name",), rows)), language=language
    )


def words_of(paper):
    pdf = pypdfium2.PdfDocument(make_pdf(paper))
    return "\n".join(page.get_textpage().get_text_bounded() for page in pdf)


@pytest.mark.parametrize(("language", "said"), [("en-US", "by hand"), ("es-US", "a mano")])
def test_what_cannot_be_printed_is_told_and_all_else_stands_there(language, said):
    # A rare ideograph, cuneiform, a mark of a script of scholars, a sign that nobody has defined.
    names = ("𠮷𠮷 (Lina)", "𒀀𒁀", "ok 𑂃\U000110b0\ufe0f", "a \U0001fffe", KNOWN)
    found = words_of(a_paper(*names, language=language))
    assert said in found
    two = STANDS_FOR * 2
    for line in (f"{two} (Lina)", two, f"ok {STANDS_FOR}\r", f"a {STANDS_FOR}", "Nguyễn", "Саша"):
        assert line in found


def test_a_paper_of_known_letters_stays_as_it_was():
    typefaces.register()
    for paper in (
        a_paper(KNOWN, "soft\u00adhyphen and joi\u2060ner"),
        a_paper("李娜", "👍🏽\ufe0f"),
    ):
        assert printable(paper, Letters()) is paper


def test_every_weight_has_the_same_letters():
    typefaces.register()
    weights = (typefaces.REGULAR, typefaces.MEDIUM, typefaces.SEMIBOLD, typefaces.BOLD)
    assert len({frozenset(pdfmetrics.getFont(one).face.charToGlyph) for one in weights}) == 1
