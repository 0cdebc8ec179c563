"""What leaves is read as its reader reads it; whoever can be found there keeps it in the house."""

import io
import json

import pytest
import xlsxwriter
from reportlab.pdfgen.canvas import Canvas
from test_pack_contents import CALLED, WORDS, fill

from shelter_desk.desk import audit_log, exported
from shelter_desk.domain.errors import InvalidError
from shelter_desk.domain.identifiers import NAME, Hit, Identifier, Identifiers
from shelter_desk.exports.pack_contents import leave_pack, make_pack, prepare_pack
from shelter_desk.exports.pack_order import PackOrder
from shelter_desk.exports.scanner import (
    IdentityFoundError,
    common_words,
    refuse_identities,
    scan,
    texts_of,
    to_look_at,
)
from shelter_desk.exports.stick import PackDrive
from shelter_desk.exports.summary_release import make_summary
from shelter_desk.reports import blocks
from shelter_desk.reports.pdf import make_pdf

SKY = Identifiers((Identifier(NAME, "Skylarkia"),))


def pdf(text="", title="Report", bookmark="", page_break=False):
    made = io.BytesIO()
    canvas = Canvas(made, pageCompression=1)
    canvas.setTitle(title)
    if bookmark:
        canvas.bookmarkPage("here")
        canvas.addOutlineEntry(bookmark, "here")
    if page_break:
        canvas.showPage()
    canvas.drawString(72, 700, text)
    canvas.save()
    return made.getvalue()


def workbook(cell="", sheet="Sheet", comment=""):
    made = io.BytesIO()
    book = xlsxwriter.Workbook(made, {"in_memory": True})
    page = book.add_worksheet(sheet)
    page.write(3, 2, cell)
    if comment:
        page.write_comment(0, 0, comment)
    book.close()
    return made.getvalue()


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.txt", b"for Skylarkia"),
        ("a.csv", "x;sky­larkia".encode()),
        ("a.json", json.dumps({"a": ["b", {"skylarkia": 1}]}).encode()),
        ("skylarkia.csv", b""),
        ("a.pdf", pdf("Skylarkia slept well")),
        ("a.pdf", pdf("SKYLARKIA", page_break=True)),
        ("a.pdf", pdf(title="About Skylarkia")),
        ("a.pdf", pdf(bookmark="Skylarkia")),
        ("a.xlsx", workbook("Skylarkia")),
        ("a.xlsx", workbook(sheet="Skylarkia")),
        ("a.xlsx", workbook(comment="Skylarkia")),
        ("a.unknown", b"\xff\xfe\x00Skylarkia\x00"),
    ],
)
def test_a_name_is_found_in_every_kind_of_file(name, data):
    (found,) = scan({"clean.txt": b"Nothing here.", name: data}, SKY, frozenset())
    assert (found.file, found.hit.kind) == (name, NAME)


def test_a_name_that_is_shaped_on_paper_is_found_in_its_pdf():
    names = (
        "محمد العربي", "مریم می‌نا", "שָׂרָה", "李娜", "さくら", "김민지", "สมหญิง", "ស្រីមុំ", "ကျော်",
        "दीपा", "পূজা", "பொன்னி", "ሰላም", "ნინო", "Անի", "བསྟན་འཛིན", "Ọlọ́run", "𞤀𞤣𞤤𞤢𞤥 𞤄𞤢𞤪", "𐴌𐴟𐴇",
    )  # fmt: skip
    said = tuple(blocks.Text(f"{name} was here. {name}、{name}。") for name in names)
    data = {"a.pdf": make_pdf(blocks.Paper(blocks.Furniture("T", "House", ""), said))}
    for name in names:
        (found,) = scan(data, Identifiers((Identifier(NAME, name),)), frozenset())
        assert found.hit == Hit(NAME, is_common=False), name
    assert not scan(data, Identifiers((Identifier(NAME, "王芳"), *SKY.known)), frozenset())


def test_what_is_clean_passes():
    files = {"a.txt": b"Nobody", "a.pdf": pdf("Nobody"), "a.xlsx": workbook("Nobody", "Totals")}
    assert refuse_identities(files, SKY, frozenset()) == ()
    assert sum(len(list(texts_of(name, data))) for name, data in files.items()) > 10


def test_the_refusal_names_file_and_kind_and_not_the_word():
    with pytest.raises(IdentityFoundError) as caught:
        refuse_identities({"a.txt": b"Skylarkia"}, SKY, frozenset())
    assert "a name in a.txt" in str(caught.value)
    assert "kylarkia" not in str(caught.value) + repr(caught.value)


def test_a_name_typed_into_the_purpose_of_a_pack_stops_it(open_desk, tmp_path):
    fill(open_desk)
    order = PackOrder("licensor", "2026-Q1", purpose=f"Visit about {CALLED[0]}")
    with pytest.raises(InvalidError) as caught:
        make_pack(open_desk.desk, order, PackDrive(tmp_path), WORDS)
    assert [problem.field for problem in caught.value.problems] == ["purpose"]
    assert list(tmp_path.glob("*.age")) == []
    assert not open_desk.desk.ask(exported.export_list)  # nothing was begun, nothing stands there
    actions = [one.action for one in open_desk.desk.ask(audit_log.events)]
    assert actions
    assert not [action for action in actions if action.startswith("custody")]


def test_a_resident_who_is_called_like_a_month_stops_nothing(open_desk, tmp_path):
    fill(open_desk, ("March", *CALLED[1:]))
    order = PackOrder("licensor", "2026-Q1")
    prepared = prepare_pack(open_desk.desk, order)
    assert "“march” is also a name (in data/" in prepared.to_look_at, "whoever looks is told which"
    leave_pack(open_desk.desk, prepared)
    made = make_pack(open_desk.desk, order, PackDrive(tmp_path), WORDS)
    assert "a name (in data/" in made.summary_note
    assert "march" not in made.summary_note.lower()


def test_a_resident_called_like_no_word_of_the_program_stops_the_summary(open_desk):
    # The name of the house is a word of every paper; a cell that held a name would not be.
    fill(open_desk, [f"Zephyr{letter}ine" for letter in "abcdefghijklmnopqrstuvwx"])
    made = make_summary(open_desk.desk, period="2026-Q1", audience="named")
    text = made.files["summary.csv"].decode()
    known = Identifiers((Identifier(NAME, "Zephyrine"),))
    planted = {**made.files, "summary.csv": (text + "Zephyrine,1\n").encode()}
    assert scan(made.files, known, frozenset()) == ()
    with pytest.raises(IdentityFoundError):
        refuse_identities(planted, known, common_words(frozenset(), "Harbor House"))


def test_common_words_are_months_and_the_house_and_no_invented_people():
    words = common_words(frozenset(), "Harbor House")
    assert {"march", "may", "harbor", "withheld"} <= words
    # The names of scripts and languages may be somebody's.
    assert not {"zephyrine", "skylarkia", "dana", "lao", "vai", "georgian", "armenian"} & words
    assert len(words) > 300
    assert to_look_at(()) == ""
