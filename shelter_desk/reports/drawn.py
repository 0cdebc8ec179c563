"""What is drawn rather than written: bars, large figures, a code to type by hand, pen lines.

And what is written, as far as it must know which element of the paper its ink belongs to.
"""

# mypy: allow-subclassing-any
# reportlab carries no types.

from __future__ import annotations

from typing import TYPE_CHECKING
from xml.sax.saxutils import escape

import segno
from reportlab.lib.colors import HexColor
from reportlab.platypus import Flowable, Paragraph, Spacer, Table

from shelter_desk.reports import charts, typefaces
from shelter_desk.reports.lettering import foreign, scripts

if TYPE_CHECKING:
    from reportlab.lib.styles import ParagraphStyle

    from shelter_desk.reports.blocks import CodeSquare
    from shelter_desk.reports.structure import Element


class Tagged(Paragraph):
    """A paragraph that is the ink of an element, on as many pages as it takes."""

    element: Element | None = None

    def draw(self) -> None:
        """Draw the lines as the ink of the element."""
        with self.canv.tree.ink_of(self.element, self.canv):
            super().draw()

    def split(self, available_width: float, available_height: float) -> list[Flowable]:
        """Split as paragraphs do; both parts are ink of the same element."""
        parts: list[Flowable] = super().split(available_width, available_height)
        for part in parts:
            part.element = self.element
        return parts


def tagged(
    text: str, style: ParagraphStyle, element: Element | None, *, with_lines: bool = False
) -> Flowable:
    """Return a paragraph that is the ink of an element; `with_lines` keeps its line breaks."""
    if scripts.is_foreign(text):
        return foreign.ForeignText(text if with_lines else _one_line(text), style, element)
    markup = escape(text)
    made = Tagged(markup.replace("\n", "<br/>") if with_lines else markup, style)
    made.element = element
    return made


def heading(text: str, style: ParagraphStyle, element: Element, level: int) -> Flowable:
    """Return a heading; the file's outline points to it unless it stands too deep (level 3)."""
    made = tagged(text, style, element)
    made.bookmark = (_one_line(text), level - 1) if level <= 2 else None
    return made


def _one_line(text: str) -> str:
    return " ".join(text.split())


class Ruled(Table):
    """A table whose grounds and rules belong to no element: its cells say what they are."""

    def _drawBkgrnd(self) -> None:  # noqa: N802 - reportlab's name
        with self.canv.tree.ink_of(None, self.canv):
            super()._drawBkgrnd()

    def _drawLines(self) -> None:  # noqa: N802 - reportlab's name
        with self.canv.tree.ink_of(None, self.canv):
            super()._drawLines()


class Drawing(Flowable):
    """A flowable of fixed size, the ink of one element."""

    def __init__(self, width: float, height: float, element: Element) -> None:
        super().__init__()
        self.width, self.height, self.element = width, height, element

    def draw(self) -> None:
        """Draw it as the ink of the element."""
        with self.canv.tree.ink_of(self.element, self.canv):
            self.paint()

    def paint(self) -> None:
        """Put the ink on the page."""
        raise NotImplementedError

    def wrap(self, _available_width: float, _available_height: float) -> tuple[float, float]:
        """Return the size, whatever is available."""
        return self.width, self.height

    def write(self, x: float, y: float, text: str, *, font: str, size: float) -> None:
        """Write one line of ink at a base line measured from the top."""
        self.canv.setFillColor(typefaces.INK)
        foreign.write(self.canv, x, self.height - y, text, font=font, size=size)


class Gap(Spacer):
    """Room below something, in points. At the foot of a page it gives way: it begins no page."""

    def __init__(self, height: float) -> None:
        super().__init__(1, height)

    def wrap(self, _width: float, height: float) -> tuple[float, float]:
        """Return its size in what is left of the page."""
        return self.width, min(self.height, height)


class Bars(Drawing):
    """A bar chart: the same shapes as the picture on screen."""

    def __init__(self, plan: charts.BarChart, width: float, element: Element) -> None:
        self._shapes, height = charts.shapes(plan, width)
        super().__init__(width, height, element)

    def paint(self) -> None:
        """Draw every shape, turning y upwards."""
        for shape in self._shapes:
            colour = HexColor(getattr(charts.PAPER, shape.colour))
            match shape:
                case charts.Strip():
                    self.canv.setFillColor(colour)
                    base = self.height - shape.y - shape.height
                    self.canv.rect(shape.x, base, shape.width, shape.height, stroke=0, fill=1)
                case charts.Stroke():
                    self.canv.setStrokeColor(colour)
                    self.canv.setLineWidth(0.8)
                    ends = (shape.x1, self.height - shape.y1, shape.x2, self.height - shape.y2)
                    self.canv.line(*ends)
                case charts.Word():
                    font = typefaces.SEMIBOLD if shape.strong else typefaces.REGULAR
                    width = foreign.width_of(shape.text, font, 9) if shape.ends_here else 0
                    self.write(shape.x - width, shape.y, shape.text, font=font, size=9)


class BigFigures(Drawing):
    """At most four large figures side by side, each with the words under it."""

    def __init__(self, pairs: tuple[tuple[str, str], ...], width: float, element: Element) -> None:
        self._pairs, self._parts = pairs, [element.add("P") for _ in pairs]
        style = typefaces.body()
        style.fontSize, style.leading, style.textColor = 9, 12, typefaces.MUTED
        self._column = width / max(len(pairs), 3)
        self._labels = [
            tagged(label, style, part) for (_, label), part in zip(pairs, self._parts, strict=True)
        ]
        for (value, label), part in zip(pairs, self._parts, strict=True):
            part.said = f"{value} {label}" if part.said else ""
        tallest = max(each.wrap(self._column - 12, 500)[1] for each in self._labels)
        super().__init__(width, 34 + tallest, element)

    def draw(self) -> None:
        """Draw figure over label, column by column; each pair is read together."""
        pairs = zip(self._pairs, self._labels, self._parts, strict=True)
        for at, ((value, _), label, part) in enumerate(pairs):
            with self.canv.tree.ink_of(part, self.canv):
                self.canv.setFillColor(typefaces.ACCENT)
                x, y = at * self._column, self.height - 24
                foreign.write(self.canv, x, y, value, font=typefaces.SEMIBOLD, size=24)
            label.drawOn(self.canv, at * self._column, self.height - 32 - label.height)


class TypedCode(Drawing):
    """The groups of a code, in type of one width, beside a QR square."""

    _SQUARE = 132.0
    _QUIET = 22.0  # a reader of QR squares needs four modules of white around it
    _SIZE = 25.0

    def __init__(self, code: CodeSquare, width: float, element: Element) -> None:
        self._code = code
        lines = -(-len(code.groups) // code.groups_per_line)
        self._line = max(30.0, self._SQUARE / max(lines, 1))
        super().__init__(width, max(self._SQUARE, lines * self._line) + 2 * self._QUIET, element)

    def paint(self) -> None:
        """Draw a frame, the square at the left and the groups at the right."""
        self.canv.setStrokeColor(typefaces.RULE_STRONG)
        self.canv.setLineWidth(0.8)
        self.canv.roundRect(0, 0, self.width, self.height, 6)
        self._square(self._QUIET, self._QUIET)
        left = self._SQUARE + 2 * self._QUIET + 20
        group_width = (self.width - left - 8) / self._code.groups_per_line
        for at, group in enumerate(self._code.groups):
            line, place = divmod(at, self._code.groups_per_line)
            base = self._QUIET + (line + 0.5) * self._line + self._SIZE * 0.36
            x = left + place * group_width
            self.canv.setFillColor(typefaces.MUTED)
            self.canv.setFont(typefaces.REGULAR, 9)
            self.canv.drawRightString(x - 8, self.height - base, f"{at + 1}.")
            # Proportional type makes 1 and W hard to count when typing.
            self.write(x, base, group, font=typefaces.ONE_WIDTH, size=self._SIZE)

    def _square(self, x: float, bottom: float) -> None:
        modules = segno.make(self._code.qr_text, error="m", micro=False).matrix
        side = self._SQUARE / len(modules)
        path = self.canv.beginPath()
        for line, row in enumerate(modules):
            for start, length in _runs(row):
                base = bottom + self._SQUARE - (line + 1) * side
                path.rect(x + start * side, base, length * side, side)
        self.canv.setFillColor("#000000")
        self.canv.drawPath(path, stroke=0, fill=1)


def _runs(row: bytearray) -> list[tuple[int, int]]:
    """Return (start, length) of the dark runs: one rectangle each, without seams in between."""
    runs: list[tuple[int, int]] = []
    for at, dark in enumerate(row):
        if not dark:
            continue
        if runs and sum(runs[-1]) == at:
            runs[-1] = (runs[-1][0], runs[-1][1] + 1)
        else:
            runs.append((at, 1))
    return runs


class LargeWords(Drawing):
    """Numbered words in two columns, large enough to read out over the phone."""

    _LINE = 38.0

    def __init__(self, words: tuple[str, ...], width: float, element: Element) -> None:
        self._words, self._lines = words, -(-len(words) // 2)
        super().__init__(width, self._lines * self._LINE + 20, element)

    def paint(self) -> None:
        """Draw the words down the first column, then down the second."""
        self.canv.setStrokeColor(typefaces.RULE_STRONG)
        self.canv.setLineWidth(0.8)
        self.canv.roundRect(0, 0, self.width, self.height, 6)
        for at, word in enumerate(self._words):
            column, line = divmod(at, self._lines)
            x, y = 20 + column * self.width / 2, 10 + (line + 0.5) * self._LINE + 7
            self.canv.setFillColor(typefaces.MUTED)
            self.canv.setFont(typefaces.REGULAR, 12)
            self.canv.drawString(x, self.height - y, str(at + 1))
            self.write(x + 24, y, word, font=typefaces.SEMIBOLD, size=20)


class PenLine(Drawing):
    """A label and a line to write on."""

    def __init__(self, label: str, width: float, element: Element) -> None:
        self._label = label
        super().__init__(width, 30, element)

    def paint(self) -> None:
        """Draw the label, and the line from its end to the margin."""
        self.write(0, 24, self._label, font=typefaces.REGULAR, size=9.5)
        start = foreign.width_of(self._label, typefaces.REGULAR, 9.5) + 8
        self.canv.setStrokeColor(typefaces.RULE_STRONG)
        self.canv.setLineWidth(0.8)
        self.canv.line(max(start, 110.0), 4, min(self.width, 400.0), 4)
