"""Text in letters that Inter lacks, as lines of ink: shaped, broken, in the order of reading.

All text of a paper comes by here; what Inter can write goes on as it came.
"""

# mypy: allow-subclassing-any
# reportlab carries no types.

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import groupby
from operator import attrgetter
from typing import TYPE_CHECKING, NamedTuple

from reportlab.lib.enums import TA_RIGHT
from reportlab.lib.utils import simpleSplit
from reportlab.pdfbase.pdfmetrics import getAscentDescent, stringWidth
from reportlab.platypus import Flowable

from shelter_desk.reports import typefaces
from shelter_desk.reports.lettering import bidi, scripts
from shelter_desk.reports.lettering.line_breaks import may_break
from shelter_desk.reports.letters import steers

if TYPE_CHECKING:
    from reportlab.lib.styles import ParagraphStyle
    from reportlab.pdfgen.canvas import Canvas

    from shelter_desk.reports.structure import Element

_WHITE = re.compile(r"[ \t\r\f\v]+")
_FUZZ = 0.001


class Piece(NamedTuple):
    """What is never cut: the letters as typed, and the sign that a font writes for them.

    `reach` is how far the ink goes above and below the line, in ems, or zero for Inter.
    """

    text: str
    font: str
    sign: str
    level: int = 0
    width: float = 0.0
    reach: tuple[float, float] = (0.0, 0.0)


class Line(NamedTuple):
    """Pieces from left to right, and how much room they need, in points."""

    pieces: tuple[Piece, ...]
    width: float
    above: float
    below: float


def width_of(text: str, font: str, size: float) -> float:
    """Return how wide a line of text is, in points."""
    if not scripts.is_foreign(text):
        return float(stringWidth(text, font, size))
    return sum(piece.width for piece in _pieces(text, font, size))


def write(canvas: Canvas, x: float, y: float, text: str, *, font: str, size: float) -> None:
    """Write one line of text on a page, from `x` on."""
    canvas.setFont(font, size)
    if not scripts.is_foreign(text):
        canvas.drawString(x, y, text)
        return
    _write_pieces(canvas, x, y, _in_order(_pieces(text, font, size)), size)


def write_up_to(
    canvas: Canvas, right: float, y: float, text: str, *, font: str, size: float
) -> None:
    """Write one line of text on a page that ends at `right`."""
    if scripts.is_foreign(text):
        write(canvas, right - width_of(text, font, size), y, text, font=font, size=size)
    else:
        canvas.setFont(font, size)
        canvas.drawRightString(right, y, text)


def lines_of(text: str, font: str, size: float, width: float) -> list[str]:
    """Return a text in lines of at most this width, in points."""
    if not scripts.is_foreign(text):
        split: list[str] = simpleSplit(text, font, size, width)
        return split
    broken = _broken(_pieces(_WHITE.sub(" ", text), font, size), width)
    return ["".join(piece.text for piece in line).strip() for line in broken]


def uncut(text: str) -> list[str]:
    """Return what should stand on one line each: the words, or what stands for words."""
    if not scripts.is_foreign(text):
        return text.split()
    return [
        "".join(piece.text for piece in part)
        for word in text.split()
        for part in _words(_pieces(word, typefaces.REGULAR, 1))
    ]


class ForeignText(Flowable):
    """A paragraph with letters that Inter lacks; the ink of an element, on as many pages."""

    def __init__(self, text: str, style: ParagraphStyle, element: Element | None) -> None:
        """Shape the text; a line break in it is kept."""
        super().__init__()
        self.style, self.element = style, element
        self._hangs_right = bool(bidi.base_level(text))
        self._paragraphs = [
            _pieces(_WHITE.sub(" ", line).strip(), style.fontName, style.fontSize)
            for line in text.split("\n")
        ]
        self._lines: list[Line] = []
        if element is not None and bidi.runs_right_to_left(text):
            element.said = text

    def wrap(self, width: float, _height: float) -> tuple[float, float]:
        """Break the lines to a width, and return the room they take."""
        if self._paragraphs:
            broken = (part for each in self._paragraphs for part in _broken(each, width))
            self._lines = [_line(part, self.style) for part in broken]
        self.width = width
        self.height = sum(line.above + line.below for line in self._lines)
        return width, self.height

    def minWidth(self) -> float:  # noqa: N802 - reportlab's name
        """Return the width below which words have to be cut."""
        words = (part for each in self._paragraphs for part in _words(each))
        return max((_width(word) for word in words), default=0.0)

    def split(self, width: float, height: float) -> list[Flowable]:
        """Return the lines that fit, and the rest; nothing where a line would stand alone."""
        self.wrap(width, height)
        taken, fit = 0.0, 0
        for line in self._lines:
            taken += line.above + line.below
            if taken > height + _FUZZ:
                break
            fit += 1
        if fit >= len(self._lines):
            return [self]
        return [self._part(0, fit), self._part(fit, len(self._lines))] if fit > 1 else []

    def draw(self) -> None:
        """Draw the lines as the ink of the element."""
        with self.canv.tree.ink_of(self.element, self.canv):
            self.canv.setFillColor(self.style.textColor)
            y = self.height
            for line in self._lines:
                x = self.width - line.width if self._is_right else 0.0
                _write_pieces(self.canv, x, y - line.above, line.pieces, self.style.fontSize)
                y -= line.above + line.below

    @property
    def _is_right(self) -> bool:
        # A name stands where names stand; what runs over several lines hangs where it begins.
        several = len(self._lines) > 1 or not self._paragraphs
        return self.style.alignment == TA_RIGHT or (self._hangs_right and several)

    def _part(self, start: int, end: int) -> ForeignText:
        part = ForeignText("", self.style, self.element)  # which says it all already
        part._paragraphs, part._lines = [], self._lines[start:end]
        part._hangs_right = self._hangs_right
        return part


def _pieces(text: str, font: str, size: float) -> list[Piece]:
    """Return the pieces of a paragraph in the order of typing."""
    found: list[Piece] = []
    for face, run in scripts.runs(text, font):
        if face is None:
            found += [
                Piece(sign, font, sign, 0, stringWidth(sign, font, size))
                for sign in run
                if not steers(sign)
            ]
            continue
        for typed, sign in face.clusters(run):
            width = face.stringWidth(sign, size)
            found.append(Piece(typed, face.fontName, sign, 0, width, face.reach(sign)))
    if not bidi.runs_right_to_left(text):
        return found
    levels = bidi.levels([piece.text for piece in found], bidi.base_level(text))
    return [piece._replace(level=level) for piece, level in zip(found, levels, strict=True)]


def _broken(pieces: list[Piece], width: float) -> list[list[Piece]]:
    """Return the pieces line by line: words as long as they fit, a long word cut where it must."""
    lines: list[list[Piece]] = [[]]
    used = 0.0
    for word in _words(pieces):
        bare = _width(word, without_space=True)
        if lines[-1] and used + bare > width + _FUZZ:
            lines.append([])
            used = 0.0
        for part in [word] if bare <= width + _FUZZ else _cut(word, width):
            if lines[-1] and used + _width(part, without_space=True) > width + _FUZZ:
                lines.append([])
                used = 0.0
            lines[-1] += part
            used += _width(part)
    return lines


def _words(pieces: list[Piece]) -> list[list[Piece]]:
    """Return what is kept on one line: up to a space, or to where the script allows a break."""
    words: list[list[Piece]] = []
    for piece in pieces:
        before = words[-1][-1].text if words else " "
        is_new = before == " " or (piece.text != " " and may_break(before, piece.text))
        if is_new and (piece.text != " " or not words):
            words.append([piece])
        else:
            words[-1].append(piece)
    return words


def _cut(word: list[Piece], width: float) -> list[list[Piece]]:
    """Return a word that is wider than a line in parts that are not."""
    parts: list[list[Piece]] = [[]]
    for piece in word:
        is_mark = piece.width == 0
        if parts[-1] and not is_mark and _width([*parts[-1], piece]) > width + _FUZZ:
            parts.append([])
        parts[-1].append(piece)
    return parts


def _line(pieces: list[Piece], style: ParagraphStyle) -> Line:
    """Return a line with room for its ink: some scripts reach higher than Inter does."""
    while pieces and pieces[-1].text == " ":
        pieces = pieces[:-1]
    ascent, _ = getAscentDescent(style.fontName, style.fontSize)
    above = max((ascent, *(piece.reach[0] * style.fontSize for piece in pieces)))
    usual = style.leading - ascent
    below = max((usual, *(piece.reach[1] * style.fontSize + 1 for piece in pieces)))
    return Line(_in_order(pieces), _width(pieces), above, below)


def _in_order(pieces: Sequence[Piece]) -> tuple[Piece, ...]:
    """Return pieces from left to right; a bracket is turned where it runs to the left."""
    placed = (pieces[at] for at in bidi.order([piece.level for piece in pieces]))
    return tuple(
        piece._replace(sign=bidi.MIRRORED.get(piece.sign, piece.sign))
        if piece.level % 2
        else piece
        for piece in placed
    )


def _width(pieces: list[Piece], *, without_space: bool = False) -> float:
    width = sum(piece.width for piece in pieces)
    if without_space and pieces and pieces[-1].text == " ":
        width -= pieces[-1].width
    return width


def _write_pieces(
    canvas: Canvas, x: float, y: float, pieces: Sequence[Piece], size: float
) -> None:
    for font, group in groupby(pieces, key=attrgetter("font")):
        text = "".join(piece.sign for piece in group)
        canvas.setFont(font, size)
        canvas.drawString(x, y, text)
        x += stringWidth(text, font, size)
