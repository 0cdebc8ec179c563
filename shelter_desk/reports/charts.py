"""Bars drawn once: the same shapes become a part of a PDF and a picture on screen.

A chart is made from a `SafeTable` and from nothing else, so a bar can never show what the table
withholds. A withheld bar is a `*` at the axis and no bar: any length would be read as a count.
Black and white printing loses nothing, because every bar carries its figure or its `*`.
"""

from __future__ import annotations

import textwrap
from dataclasses import dataclass
from typing import TYPE_CHECKING
from unicodedata import east_asian_width
from xml.sax.saxutils import escape, quoteattr

from shelter_desk.reports.summary_tables import bars_of, bars_tell
from shelter_desk.reports.wording import figure

if TYPE_CHECKING:
    from collections.abc import Iterator

    from shelter_desk.disclosure import SafeTable

_SIZE = 9.0
_LINE = 12.0
_BAR = 13.0
_GAP, _NARROW_GAP = 7.0, 4.0
_MANY_BARS = 20  # with more of them the gaps are narrow, so that bars and heading fit one page
_LABEL_SHARE = 0.36
_VALUE_WIDTH = 52.0
# Inter at 9 pt: a mean letter is 0.52 em wide, a wide one 0.62; too few a line is harmless.
_LETTER_EM = 0.56


@dataclass(frozen=True, slots=True)
class ChartColours:
    """The colours of a chart, as "#rrggbb"; `PAPER` for print, the theme's own on screen."""

    ink: str
    muted: str
    bar: str
    line: str


PAPER = ChartColours(ink="#1E2528", muted="#545E64", bar="#0E6464", line="#80868B")


@dataclass(frozen=True, slots=True)
class Strip:
    """A filled rectangle, its top left corner at (x, y); `colour` names a field of the colours."""

    x: float
    y: float
    width: float
    height: float
    colour: str


@dataclass(frozen=True, slots=True)
class Stroke:
    """A thin line from (x1, y1) to (x2, y2)."""

    x1: float
    y1: float
    x2: float
    y2: float
    colour: str


@dataclass(frozen=True, slots=True)
class Word:
    """Text with its base line at (x, y), to the right of x or ending there."""

    x: float
    y: float
    text: str
    colour: str
    ends_here: bool = False
    strong: bool = False


Shape = Strip | Stroke | Word


@dataclass(frozen=True, slots=True)
class BarChart:
    """One bar for each row of a safe table: its only column, or the totals of its rows."""

    table: SafeTable

    @property
    def bars(self) -> tuple[tuple[str, int | None], ...]:
        """Return (label, figure or None where withheld) in the order of the table."""
        return bars_of(self.table)

    @property
    def says_something(self) -> bool:
        """Whether there is something to compare; see `bars_tell`."""
        return bars_tell(self.table)


def shapes(chart: BarChart, width: float) -> tuple[tuple[Shape, ...], float]:
    """Return the shapes of a chart and its height; points, y growing downwards."""
    label_width = width * _LABEL_SHARE
    track = width - label_width - _VALUE_WIDTH
    longest = max((value or 0 for _, value in chart.bars), default=0) or 1
    drawn: list[Shape] = []
    top = 0.0
    gap = _GAP if len(chart.bars) <= _MANY_BARS else _NARROW_GAP
    for label, value in chart.bars:
        lines = _lines(label, label_width - 10)
        height = max(_BAR, len(lines) * _LINE)
        for at, line in enumerate(lines):
            base = top + (height - len(lines) * _LINE) / 2 + at * _LINE + _SIZE
            drawn.append(Word(label_width - 10, base, line, "ink", ends_here=True))
        bar_top = top + (height - _BAR) / 2
        length = track * (value or 0) / longest
        drawn.extend(_bar(label_width, bar_top, length, value))
        top += height + gap
    axis = Stroke(label_width, 0, label_width, max(top - gap, 0), "line")
    return (*drawn, axis), max(top - gap, 0.0)


def _bar(x: float, top: float, length: float, value: int | None) -> Iterator[Shape]:
    if length > 0:
        yield Strip(x, top, length, _BAR, "bar")
    yield Word(x + length + 6, top + _SIZE + 1.2, figure(value), "ink", strong=True)


def _lines(label: str, width: float) -> list[str]:
    letters = max(8, int(width / (_SIZE * _LETTER_EM)))
    # Ideographs fill a square each, and no space is between them to end a line at.
    is_wide = any(east_asian_width(letter) in "WF" for letter in label)
    if is_wide:
        letters = int(width / _SIZE)
    return textwrap.wrap(label, letters, break_long_words=is_wide, break_on_hyphens=False) or [""]


def as_svg(chart: BarChart, *, width: float = 640, colours: ChartColours = PAPER) -> str:
    """Return the chart as SVG text, with a title and a reading of every bar in words."""
    drawn, height = shapes(chart, width)
    reading = "; ".join(f"{label}: {_spoken(value)}" for label, value in chart.bars)
    parts = [
        (
            f'<svg xmlns="http://www.w3.org/2000/svg" role="img" width="{width:g}" '
            f'height="{height:g}" viewBox="0 0 {width:g} {height:g}" '
            f"aria-label={quoteattr(chart.table.title)}>"
        ),
        f"<title>{escape(chart.table.title)}</title><desc>{escape(reading)}</desc>",
        *(_svg_shape(shape, colours) for shape in drawn),
        "</svg>",
    ]
    return "\n".join(parts)


def _spoken(value: int | None) -> str:
    return "withheld to protect privacy" if value is None else figure(value)


def _svg_shape(shape: Shape, colours: ChartColours) -> str:
    colour = getattr(colours, shape.colour)
    match shape:
        case Strip():
            return (
                f'<rect x="{shape.x:.2f}" y="{shape.y:.2f}" width="{shape.width:.2f}" '
                f'height="{shape.height:.2f}" fill="{colour}"/>'
            )
        case Stroke():
            return (
                f'<line x1="{shape.x1:.2f}" y1="{shape.y1:.2f}" x2="{shape.x2:.2f}" '
                f'y2="{shape.y2:.2f}" stroke="{colour}" stroke-width="0.8"/>'
            )
        case Word():
            return (
                f'<text x="{shape.x:.2f}" y="{shape.y:.2f}" font-family="Inter" '
                f'font-size="{_SIZE:g}" font-weight="{600 if shape.strong else 400}" '
                f'text-anchor="{"end" if shape.ends_here else "start"}" fill="{colour}">'
                f"{escape(shape.text)}</text>"
            )
