"""A TrueType file made of the few glyphs that a paper uses, one for each cluster of letters.

A cluster of several glyphs becomes one composite glyph, its parts where HarfBuzz placed them.

Source: the OpenType specification 1.9, chapters glyf, loca, hmtx, maxp and cmap (format 6).
"""

from __future__ import annotations

from collections.abc import Iterator
from struct import pack, unpack, unpack_from
from typing import NamedTuple

import uharfbuzz
from reportlab.pdfbase.ttfonts import TTFontMaker

# Flags of the parts of a composite glyph.
_WORDS, _OFFSETS, _SCALE, _MORE, _SCALES, _MATRIX = 0x1, 0x2, 0x8, 0x20, 0x40, 0x80
Box = tuple[int, int, int, int]
"""Left, bottom, right, top, in the units of the face."""


class Part(NamedTuple):
    """A glyph of the face, by number, and where it stands in its cluster."""

    number: int
    x: int
    y: int


class Glyph(NamedTuple):
    """What stands for a cluster: its letters, how far it moves the pen, and its parts."""

    text: str
    advance: int
    parts: tuple[Part, ...]


class Outlines:
    """The outlines of a face, from which small files are made."""

    def __init__(self, font: uharfbuzz.Font) -> None:
        """Look at the tables; none is parsed before it is wanted."""
        self._font = font
        self._tables = font.face.reference_table
        head = bytes(self._tables("head").data)
        self.bounds: Box = unpack_from(">4h", head, 36)
        self._loca_is_long = bool(unpack_from(">h", head, 50)[0])
        self._glyf: bytes | None = None
        self._loca = b""

    def box(self, glyph: Glyph) -> Box:
        """Return the bounds of a cluster's ink; all zero where there is none."""
        boxes = []
        for part in glyph.parts:
            data = self._data(part.number)
            if data:
                left, bottom, right, top = unpack_from(">4h", data, 2)
                boxes.append((left + part.x, bottom + part.y, right + part.x, top + part.y))
        if not boxes:
            return (0, 0, 0, 0)
        lefts, bottoms, rights, tops = zip(*boxes, strict=True)
        return (min(lefts), min(bottoms), max(rights), max(tops))

    def file_of(self, glyphs: list[Glyph]) -> bytes:
        """Return a TrueType file whose glyph numbers, and codes, are the places in `glyphs`."""
        numbers: dict[int, int] = {}  # of the face -> in the file
        data, metrics = [], []
        for glyph in glyphs:
            data.append(self._of_cluster(glyph, numbers, len(glyphs)))
            metrics.append((glyph.advance, self.box(glyph)[0]))
        done = 0
        while done < len(numbers):  # a part may have parts
            number = list(numbers)[done]
            data.append(self._renumbered(number, numbers, len(glyphs)))
            metrics.append((self._font.get_glyph_h_advance(number), self._left(number)))
            done += 1
        return self._file(data, metrics, len(glyphs))

    def _of_cluster(self, glyph: Glyph, numbers: dict[int, int], first: int) -> bytes:
        inked = [part for part in glyph.parts if self._data(part.number)]
        if not inked:
            return b""
        if len(inked) == 1 and inked[0][1:] == (0, 0):
            return self._renumbered(inked[0].number, numbers, first)
        made = pack(">5h", -1, *self.box(glyph))
        for part in inked:
            number = numbers.setdefault(part.number, first + len(numbers))
            more = _MORE if part is not inked[-1] else 0
            made += pack(">2H2h", _WORDS | _OFFSETS | more, number, part.x, part.y)
        return made

    def _renumbered(self, number: int, numbers: dict[int, int], first: int) -> bytes:
        """Return the outline of a glyph; its parts bear their numbers in the new file."""
        data = bytearray(self._data(number))
        for at in _parts_in(data):
            (old,) = unpack_from(">H", data, at)
            data[at : at + 2] = pack(">H", numbers.setdefault(old, first + len(numbers)))
        return bytes(data)

    def _left(self, number: int) -> int:
        data = self._data(number)
        return int(unpack_from(">h", data, 2)[0]) if data else 0

    def _data(self, number: int) -> bytes:
        if self._glyf is None:
            self._glyf = bytes(self._tables("glyf").data)
            self._loca = bytes(self._tables("loca").data)
        if self._loca_is_long:
            start, end = unpack_from(">2L", self._loca, 4 * number)
        else:
            start, end = (2 * at for at in unpack_from(">2H", self._loca, 2 * number))
        return self._glyf[start:end]

    def _file(self, data: list[bytes], metrics: list[tuple[int, int]], codes: int) -> bytes:
        maker, count = TTFontMaker(), len(data)
        offsets, glyf = [0], b""
        for outline in data:
            glyf += outline + bytes(-len(outline) % 4)
            offsets.append(len(glyf))
        table = {tag: bytes(self._tables(tag).data) for tag in ("head", "hhea", "maxp")}
        maker.add("glyf", glyf or bytes(4))
        maker.add("loca", pack(f">{count + 1}L", *offsets))
        maker.add("hmtx", b"".join(pack(">Hh", *pair) for pair in metrics))
        maker.add("head", table["head"][:50] + pack(">h", 1) + table["head"][52:])
        maker.add("hhea", table["hhea"][:34] + pack(">H", count))
        maker.add("maxp", _limits(table["maxp"], count))
        maker.add("post", pack(">2L2h5L", 0x30000, 0, 0, 0, 0, 0, 0, 0, 0))
        mapped = pack(">5H", 6, 10 + 2 * codes, 0, 0, codes) + pack(f">{codes}H", *range(codes))
        maker.add("cmap", pack(">4HL", 0, 1, 1, 0, 12) + mapped)
        for tag in ("cvt ", "fpgm", "prep"):  # the outlines may lean on them
            if tag in self._font.face.table_tags:
                maker.add(tag, bytes(self._tables(tag).data))
        made: bytes = maker.makeStream()
        return made


def _limits(table: bytes, count: int) -> bytes:
    """Return a table of limits for composites of composites, of as many parts as a cluster has."""
    limits = list(unpack(">L14H", table[:32]))
    limits[1] = count
    limits[4], limits[5] = 0xFFFF, 0xFFFF  # points and contours of a composite: not counted
    limits[13], limits[14] = 64, limits[14] + 2
    return pack(">L14H", *limits)


def _parts_in(data: bytearray) -> Iterator[int]:
    """Yield where in a composite glyph the numbers of its parts stand."""
    if not data or unpack_from(">h", data)[0] >= 0:
        return
    at, flags = 10, _MORE
    while flags & _MORE:
        (flags,) = unpack_from(">H", data, at)
        yield at + 2
        at += 8 if flags & _WORDS else 6
        at += 2 * bool(flags & _SCALE) + 4 * bool(flags & _SCALES) + 8 * bool(flags & _MATRIX)
