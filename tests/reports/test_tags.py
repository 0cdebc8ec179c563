"""The tags of a PDF, read by another program than the one that wrote them."""

from __future__ import annotations

import csv
import ctypes
import io
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby

import pypdf
import pypdfium2
import pypdfium2.raw as pdfium
import pytest

from shelter_desk.reports import blocks
from shelter_desk.reports.pdf import make_pdf
from tests.reports.summary_people import files


@dataclass(frozen=True)
class Tag:
    """One element on one page: how deep it lies, its role, its words, and what is said of it."""

    depth: int
    role: str
    text: str
    alt: str


class Page:
    """The ink of a page by its marks, and the tags on it."""

    def __init__(self, page: pypdfium2.PdfPage) -> None:
        self.unmarked: list[int] = []
        self._said: dict[int, str] = {}
        words = page.get_textpage()
        for thing in page.get_objects(max_depth=1):
            mark = pdfium.FPDFPageObj_GetMarkedContentID(thing.raw)
            if mark >= 0 and thing.type == pdfium.FPDF_PAGEOBJ_TEXT:
                said = _text(pdfium.FPDFTextObj_GetText, thing.raw, words.raw)
                self._said[mark] = self._said.get(mark, "") + said
            elif mark < 0 and not pdfium.FPDFPageObj_CountMarks(thing.raw):
                self.unmarked.append(thing.type)
        self._tree = pdfium.FPDF_StructTree_GetForPage(page.raw)
        self.tags = [
            tag
            for at in range(pdfium.FPDF_StructTree_CountChildren(self._tree))
            for tag in self._below(pdfium.FPDF_StructTree_GetChildAtIndex(self._tree, at), 0)
        ]

    def _below(self, element: object, depth: int) -> Iterator[Tag]:
        count = max(0, pdfium.FPDF_StructElement_GetMarkedContentIdCount(element))
        marks = [
            pdfium.FPDF_StructElement_GetMarkedContentIdAtIndex(element, n) for n in range(count)
        ]
        said = " ".join(self._said[mark] for mark in marks if mark in self._said)
        role = _text(pdfium.FPDF_StructElement_GetType, element)
        alt = _text(pdfium.FPDF_StructElement_GetAltText, element)
        yield Tag(depth, role, " ".join(said.split()), alt)
        for at in range(pdfium.FPDF_StructElement_CountChildren(element)):
            kid = pdfium.FPDF_StructElement_GetChildAtIndex(element, at)
            if kid:
                yield from self._below(kid, depth + 1)


def _text(ask: object, *of: object) -> str:
    size = ask(*of, None, 0)
    held = ctypes.create_string_buffer(max(size, 2))
    is_of_ink = ask is pdfium.FPDFTextObj_GetText
    ask(*of, ctypes.cast(held, ctypes.POINTER(ctypes.c_ushort)) if is_of_ink else held, size)
    return held.raw[: max(size - 2, 0)].decode("utf-16-le")


def pages_of(data: bytes) -> list[Page]:
    document = pypdfium2.PdfDocument(data)
    try:
        assert pdfium.FPDFCatalog_IsTagged(document.raw)
        return [Page(document[at]) for at in range(len(document))]
    finally:
        document.close()


@pytest.fixture(scope="module")
def tags():
    return [tag for page in pages_of(files()["summary.pdf"]) for tag in page.tags]


def lines(tags: list[Tag]) -> list[str]:
    """Return what each line of a table says, its head first."""
    found: list[list[Tag]] = []
    for tag in tags:
        if tag.role == "TR":
            found.append([])
        elif tag.role in ("TH", "TD"):
            found[-1].append(tag)
    assert all([one.role for one in line[1:]].count("TD") in (0, len(line) - 1) for line in found)
    return [" ".join(one.text for one in line) for line in found]


def test_a_summary_is_read_as_headings_and_tables_with_heads(tags) -> None:
    headings = [tag.text for tag in tags if tag.role in ("H1", "H2")]
    assert headings[:3] == ["Care in this quarter", "Age at admission", "Age by who referred"]
    assert headings[-1] == "Privacy certificate"
    said, place = lines(tags), 0
    rows = csv.DictReader(io.StringIO(files()["summary.csv"].decode()))
    tables = [row for row in rows if row["figure"].partition("/")[0] != "release"]
    for _, cells in groupby(tables, key=lambda row: (row["table"], row["row"])):
        held = list(cells)
        values = (one["value"] for one in held)
        line = " ".join((held[0]["row"], *(f"{int(v):,}" if v.isdigit() else v for v in values)))
        place = said.index(line, place) + 1
    figures = [tag.alt for tag in tags if tag.role == "Figure"]
    assert figures
    assert all("bars of the figures in the table" in alt for alt in figures)


def test_the_file_says_its_language_and_title_and_every_tag_has_its_page() -> None:
    read = pypdf.PdfReader(io.BytesIO(files()["summary.pdf"]))
    root = read.trailer["/Root"]
    assert (root["/Lang"], root["/MarkInfo"]["/Marked"]) == ("en-US", True)
    assert read.metadata.title
    numbers = root["/StructTreeRoot"]["/ParentTree"]["/Nums"]
    assert [page["/StructParents"] for page in read.pages] == list(numbers[::2])
    for page, owners in zip(read.pages, numbers[1::2], strict=True):
        assert page["/Tabs"] == "/S"
        marks = page.get_contents().get_data().count(b"/MCID ")
        assert marks == len(owners.get_object())
        assert all(one.get_object()["/Pg"].get_object() == page.get_object() for one in owners)


def test_what_goes_on_over_pages_keeps_its_tags_and_other_ink_is_nobodys() -> None:
    table = blocks.Table(
        "Long", ("Name", "Count"), tuple((f"line {n}", str(n)) for n in range(120)),
        numeric=frozenset((1,)),
    )  # fmt: skip
    paper = blocks.Paper(
        blocks.Furniture("Title", "Harbor House", "Keep it safe.", "log 1"),
        (
            blocks.Heading("One", 1),
            blocks.Points(("first", "second"), numbered=True),
            blocks.Facts((("Name", "Value"),)),
            table,
            blocks.Notice("Mind this", "Words."),
            blocks.Text("so many words " * 900),
            blocks.NumberedWords(("alpha", "beta")),
            blocks.CodeSquare(("AB12", "CD34"), 2, "AB12CD34"),
            blocks.WriteOn(("Signed",)),
        ),
    )
    pages = pages_of(make_pdf(paper))
    assert len(pages) > 4
    # What pdfium does not give marks of are drawings called by name: "page x of y", in the foot.
    assert {kind for page in pages for kind in page.unmarked} <= {pdfium.FPDF_PAGEOBJ_FORM}
    roles = [tag.role for tag in pages[0].tags]
    assert roles[:8] == ["Document", "H1", "L", "LI", "Lbl", "LBody", "LI", "Lbl"]
    every = [tag for page in pages for tag in page.tags if tag.text]
    assert [tag.text for tag in every if tag.role == "TH"] == [
        "Name", "Name", "Count", *(f"line {n}" for n in range(120)),
    ]  # fmt: skip
    assert sum("so many words" in tag.text for tag in every if tag.role == "P") > 1
    assert not [tag for tag in every if "Keep it safe" in tag.text or "Page" in tag.text]
    assert [tag.alt for page in pages for tag in page.tags if tag.alt] == ["AB12 CD34"]
    assert any(tag.text.startswith("1 alpha") for tag in every)
