"""A typeface for one script: shapes its letters, and puts into a PDF what a paper uses of it.

HarfBuzz joins Arabic letters, moves Indic vowels and stacks marks. What it makes of one cluster
(the letters that cannot be told apart on paper: a ligature, a syllable, a letter with its marks)
becomes one glyph of the embedded font, and that glyph says which letters it stands for. So a
reader of the file gets back every letter as it was typed, whatever was done to its shape.

To the typesetter a cluster is one private sign (from U+F0000 on): it breaks no line inside of a
cluster and draws plain strings. The signs never get into the file.

Source: ISO 32000-1, 9.6.3 (TrueType fonts) and 9.10.3 (ToUnicode).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from threading import Lock
from types import SimpleNamespace
from typing import NamedTuple
from weakref import WeakKeyDictionary

import uharfbuzz
from reportlab.pdfbase.pdfdoc import (
    PDFArray,
    PDFDictionary,
    PDFDocument,
    PDFName,
    PDFStream,
    PDFTrueTypeFont,
    PDFZCompress,
)

from shelter_desk.reports.lettering.font_file import Glyph, Outlines, Part

_FIRST_SIGN = 0xF0000
_CODES = 256  # of a simple font
# Of the codes 0 is "no such glyph", and a reader may make the code 32 wider, as if a space.
_UNUSED = (0, 32)
_NOTHING = Glyph("", 0, ())
_SYMBOLIC = 4


class Cluster(NamedTuple):
    """The letters of a cluster as they were typed, and the sign that stands for them."""

    text: str
    sign: str


@dataclass(eq=False, slots=True)
class _Used:
    """What one file uses of a face: the code of each sign, and the glyphs, 256 to a font."""

    name: str
    codes: dict[str, int] = field(default_factory=dict)
    glyphs: list[Glyph] = field(default_factory=list)

    def code(self, sign: str, glyph: Glyph) -> int:
        if sign not in self.codes:
            while len(self.glyphs) % _CODES in _UNUSED:
                self.glyphs.append(_NOTHING)
            self.codes[sign] = len(self.glyphs)
            self.glyphs.append(glyph)
        return self.codes[sign]


class ScriptFace:
    """A typeface of one script, as the typesetter knows fonts (its names, its protocol)."""

    _dynamicFont = _multiByte = 1  # noqa: N815 - reportlab's names
    shapable = False  # by reportlab: here it is done already

    def __init__(self, path: Path) -> None:
        """Open the file of a face; a collection's first face is taken."""
        self.fontName = path.stem
        # Read here: on Windows HarfBuzz opens no path that has letters outside of the code page.
        face = uharfbuzz.Face(uharfbuzz.Blob(path.read_bytes()))
        self._font = uharfbuzz.Font(face)
        self._outlines = Outlines(self._font)
        self._per_em = face.upem
        self.letters = frozenset(face.unicodes)
        extents = self._font.get_font_extents("ltr")
        self.face = SimpleNamespace(
            name=self.fontName,
            ascent=self._thousandths(extents.ascender),
            descent=self._thousandths(extents.descender),
        )
        self._glyphs: list[Glyph] = []
        self._signs: dict[Glyph, str] = {}
        self._reach: dict[str, tuple[float, float]] = {}
        self._adding = Lock()  # papers are made beside each other
        self._files: WeakKeyDictionary[PDFDocument, _Used] = WeakKeyDictionary()

    def clusters(self, run: str) -> list[Cluster]:
        """Shape a run of letters of this script; return its clusters in the order of typing.

        What is written from right to left comes letter by letter: readers of PDFs turn such text
        round, and would turn the letters of a cluster with it.
        """
        buffer = uharfbuzz.Buffer()
        buffer.add_str(run)
        buffer.guess_segment_properties()
        buffer.language = "und"  # not that of the machine: the same paper is the same file
        buffer.flags = uharfbuzz.BufferFlags.DO_NOT_INSERT_DOTTED_CIRCLE
        if buffer.direction == "rtl":
            buffer.cluster_level = uharfbuzz.BufferClusterLevel.MONOTONE_CHARACTERS
        uharfbuzz.shape(self._font, buffer)
        glyphs = _glyphs(run, buffer)
        if buffer.direction == "rtl":
            glyphs = [apart for glyph in glyphs for apart in _letter_by_letter(glyph)]
        return [Cluster(glyph.text, self._sign(glyph)) for glyph in glyphs]

    def reach(self, sign: str) -> tuple[float, float]:
        """Return how far the ink of a sign goes above and below the line, in ems."""
        if sign not in self._reach:
            _, bottom, _, top = self._outlines.box(self._glyph(sign))
            self._reach[sign] = top / self._per_em, -bottom / self._per_em
        return self._reach[sign]

    def stringWidth(self, text: str, size: float, encoding: str = "") -> float:  # noqa: N802 - its name
        """Return the width of signs, in points, as reportlab asks for it."""
        return sum(self._width(self._glyph(sign)) for sign in text) * size / 1000

    def splitString(self, text: str, document: PDFDocument) -> list[tuple[int, bytes]]:  # noqa: N802 - its name
        """Return the signs as (number of the embedded font, codes in it), as reportlab asks."""
        used = self._used(document)
        found: list[tuple[int, bytes]] = []
        for sign in text:
            font, code = divmod(used.code(sign, self._glyph(sign)), _CODES)
            if found and found[-1][0] == font:
                found[-1] = (font, found[-1][1] + bytes((code,)))
            else:
                found.append((font, bytes((code,))))
        return found

    def getSubsetInternalName(self, number: int, document: PDFDocument) -> str:  # noqa: N802 - its name
        """Return the name of an embedded font in the file, as reportlab asks for it."""
        return f"/{self._used(document).name}+{number}"

    def addObjects(self, document: PDFDocument) -> None:  # noqa: N802 - reportlab's name
        """Put the fonts of all glyphs that a file uses into it."""
        used = self._files.pop(document)
        for number, start in enumerate(range(0, len(used.glyphs), _CODES)):
            glyphs = used.glyphs[start : start + _CODES]
            name = f"{used.name}+{number}"
            font = self._embedded(document, _tag(number) + self.fontName, glyphs)
            font.Name = name
            document.Reference(font, name)
            document.idToObject["BasicFonts"].dict[name] = font

    def _embedded(self, document: PDFDocument, name: str, glyphs: list[Glyph]) -> PDFTrueTypeFont:
        data = self._outlines.file_of(glyphs)
        descriptor = PDFDictionary(
            {
                "Type": PDFName("FontDescriptor"),
                "FontName": PDFName(name),
                "Flags": _SYMBOLIC,
                "FontBBox": PDFArray([self._thousandths(v) for v in self._outlines.bounds]),
                "ItalicAngle": 0,
                "Ascent": self.face.ascent,
                "Descent": self.face.descent,
                "CapHeight": self.face.ascent,
                "StemV": 80,
                "FontFile2": _stream(document, f"file-{name}", data, {"Length1": len(data)}),
            }
        )
        font = PDFTrueTypeFont()
        font.BaseFont = name
        font.FirstChar, font.LastChar = 0, len(glyphs) - 1
        font.Widths = PDFArray([self._width(glyph) for glyph in glyphs])
        font.ToUnicode = _stream(document, f"letters-{name}", _letters_of(glyphs))
        font.FontDescriptor = document.Reference(descriptor, f"descriptor-{name}")
        return font

    def _used(self, document: PDFDocument) -> _Used:
        if document not in self._files:
            name = f"F{len(document.fontMapping) + 1}"
            document.fontMapping[self.fontName] = f"/{name}"
            document.delayedFonts.append(self)
            self._files[document] = _Used(name)
        return self._files[document]

    def _sign(self, glyph: Glyph) -> str:
        with self._adding:
            if glyph not in self._signs:
                self._glyphs.append(glyph)
                self._signs[glyph] = chr(_FIRST_SIGN + len(self._glyphs) - 1)
            return self._signs[glyph]

    def _glyph(self, sign: str) -> Glyph:
        return self._glyphs[ord(sign) - _FIRST_SIGN]

    def _width(self, glyph: Glyph) -> int:
        return self._thousandths(glyph.advance)

    def _thousandths(self, units: float) -> int:
        thousandths: float = units * 1000 / self._per_em
        return round(thousandths)


def _glyphs(run: str, buffer: uharfbuzz.Buffer) -> list[Glyph]:
    """Return one glyph for each cluster of a shaped run, in the order of typing."""
    parts: dict[int, list[Part]] = {}
    advances: dict[int, int] = {}
    for info, at in zip(buffer.glyph_infos, buffer.glyph_positions, strict=True):
        pen = advances.get(info.cluster, 0)
        part = Part(info.codepoint, pen + at.x_offset, at.y_offset)
        parts.setdefault(info.cluster, []).append(part)
        advances[info.cluster] = pen + at.x_advance
    starts = sorted(parts)
    return [
        Glyph(run[start:end], advances[start], tuple(parts[start]))
        for start, end in zip(starts, [*starts[1:], len(run)], strict=True)
    ]


def _letter_by_letter(glyph: Glyph) -> list[Glyph]:
    """Return a glyph for each letter of a cluster: the last, leftmost one has the ink."""
    step = glyph.advance // len(glyph.text)
    before, last = glyph.text[:-1], glyph.text[-1]
    rest = glyph.advance - step * len(before)
    return [*(Glyph(letter, step, ()) for letter in before), Glyph(last, rest, glyph.parts)]


def _stream(
    document: PDFDocument, name: str, data: bytes, more: dict[str, int] | None = None
) -> object:
    stream = PDFStream()
    stream.content = data
    for key, value in (more or {}).items():
        stream.dictionary[key] = value
    if document.compression:
        stream.filters = [PDFZCompress]
    return document.Reference(stream, name)


def _tag(number: int) -> str:
    """Return the six letters that mark a part of a typeface."""
    digits = []
    for _ in range(6):
        number, digit = divmod(number, 26)
        digits.append(chr(ord("A") + digit))
    return "".join(reversed(digits)) + "+"


def _letters_of(glyphs: list[Glyph]) -> bytes:
    """Return the map from codes to the letters as they were typed."""
    pairs = [
        f"<{code:02X}> <{glyph.text.encode('utf-16-be').hex().upper()}>"
        for code, glyph in enumerate(glyphs)
        if glyph.text
    ]
    return "\n".join(_cmap(pairs)).encode("ascii")


def _cmap(pairs: list[str]) -> Iterator[str]:
    yield from ("/CIDInit /ProcSet findresource begin", "12 dict begin", "begincmap")
    yield "/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def"
    yield from ("/CMapName /Adobe-Identity-UCS def", "/CMapType 2 def")
    yield from ("1 begincodespacerange", "<00> <FF>", "endcodespacerange")
    for start in range(0, len(pairs), 100):  # more are not allowed in one block
        block = pairs[start : start + 100]
        yield from (f"{len(block)} beginbfchar", *block, "endbfchar")
    yield from ("endcmap", "CMapName currentdict /CMap defineresource pop", "end", "end")
