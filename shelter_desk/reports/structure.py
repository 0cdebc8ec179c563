"""The tags of a PDF: what is a heading, a list, a table and its cells, in the order of reading.

A screen reader walks this tree, not the ink. Every block adds its elements when it is set, in the
order of the paper; whoever draws says which element the ink belongs to. All other ink (the
furniture of pages, rules, the heads of tables on further pages) is marked as an artifact.

Source: ISO 32000-1, 14.6 to 14.8 (marked content, logical structure, tagged PDF).
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from reportlab.pdfbase.pdfdoc import (
    PDFArray,
    PDFDictionary,
    PDFDocument,
    PDFName,
    PDFObjectReference,
    PDFString,
)
from reportlab.pdfgen.canvas import Canvas

COLUMN, ROW = "Column", "Row"
Ink = tuple[int, int]
"""A page, from 1, and the number of a piece of marked content on it."""


@dataclass(eq=False, slots=True)
class Element:
    """One element of the tree.

    Args:
        role: a standard structure type, such as "H1", "P", "Table" or "TD".
        scope: what a head of a table ("TH") is the head of.
        alt: words for what is drawn and not written.
        said: the text in the order of reading, where the ink runs from right to left.
        is_repeated: drawn once more it is an artifact: the head of a table that goes on.
    """

    role: str
    scope: str = ""
    alt: str = ""
    is_repeated: bool = False
    said: str = ""
    kids: list[Element | Ink] = field(default_factory=list)

    def add(self, role: str, *, scope: str = "", alt: str = "", again: bool = False) -> Element:
        """Add an element at the end, and return it."""
        kid = Element(role, scope, alt, is_repeated=again)
        self.kids.append(kid)
        return kid


class Tree:
    """The elements of one paper, and whose ink is where."""

    def __init__(self) -> None:
        """Begin with an empty document."""
        self.root = Element("Document")
        self._owners: dict[int, list[Element]] = {}

    @contextmanager
    def ink_of(self, element: Element | None, canvas: Canvas) -> Iterator[None]:
        """Mark what is drawn meanwhile as an element's; None: as nobody's."""
        if element is None or (element.is_repeated and element.kids):
            canvas.addLiteral("/Artifact BMC")
        else:
            page = canvas.getPageNumber()
            owners = self._owners.setdefault(page, [])
            canvas.addLiteral(f"/{element.role} <</MCID {len(owners)}>> BDC")
            element.kids.append((page, len(owners)))
            owners.append(element)
        yield
        canvas.addLiteral("EMC")

    def write(self, document: PDFDocument) -> None:
        """Put the tree into a file whose pages are all drawn."""
        elements = list(_every(self.root))
        names = {id(one): f"Tag{number}" for number, one in enumerate(elements)}
        parents = {
            id(kid): one for one in elements for kid in one.kids if isinstance(kid, Element)
        }
        top = PDFDictionary({"Type": PDFName("StructTreeRoot")})
        document.Reference(top, "Tags")
        for one in elements:
            above = names[id(parents[id(one)])] if id(one) in parents else "Tags"
            document.Reference(_entry(one, above, names), names[id(one)])
        numbers: list[object] = []
        for number, page in enumerate(document.Pages.pages):
            owners = [_ref(names[id(one)]) for one in self._owners.get(number + 1, [])]
            numbers += [number, PDFArray(owners)]
            page.__NoDefault__ = [*page.__NoDefault__, "StructParents", "Tabs"]
            page.StructParents, page.Tabs = number, PDFName("S")
        top.dict["K"] = _ref(names[id(self.root)])
        top.dict["ParentTree"] = document.Reference(PDFDictionary({"Nums": PDFArray(numbers)}))
        top.dict["ParentTreeNextKey"] = len(document.Pages.pages)
        document.Catalog.StructTreeRoot = top
        document.Catalog.MarkInfo = PDFDictionary({"Marked": "true"})


def _every(element: Element) -> Iterator[Element]:
    yield element
    for kid in element.kids:
        if isinstance(kid, Element):
            yield from _every(kid)


def _entry(one: Element, above: str, names: dict[int, str]) -> PDFDictionary:
    entry = {"S": PDFName(one.role), "P": _ref(above)}
    pages = {kid[0] for kid in one.kids if not isinstance(kid, Element)}
    if len(pages) == 1:
        entry["Pg"] = _ref(f"Page{pages.pop()}")
    kids = [_kid(kid, names, is_alone="Pg" in entry) for kid in one.kids]
    if kids:
        entry["K"] = kids[0] if len(kids) == 1 else PDFArray(kids)
    if one.scope:
        head = {"O": PDFName("Table"), "Scope": PDFName(one.scope)}
        entry["A"] = PDFDictionary(head)
    if one.alt:
        entry["Alt"] = PDFString(one.alt)
    if one.said:
        entry["ActualText"] = PDFString(one.said)
    return PDFDictionary(entry)


def _kid(kid: Element | Ink, names: dict[int, str], *, is_alone: bool) -> object:
    if isinstance(kid, Element):
        return _ref(names[id(kid)])
    page, number = kid
    if is_alone:
        return number
    there = {"Type": PDFName("MCR"), "Pg": _ref(f"Page{page}"), "MCID": number}
    return PDFDictionary(there)


def _ref(name: str) -> PDFObjectReference:
    return PDFObjectReference(name)
