"""The embedded typeface, Inter, and the paragraph styles of every paper.

Imported only by the typesetter, so that reportlab stays out of the start of the program.
"""

from __future__ import annotations

from collections.abc import Collection
from functools import cache
from typing import TYPE_CHECKING

from reportlab.lib.colors import Color, HexColor
from reportlab.lib.enums import TA_LEFT, TA_RIGHT
from reportlab.lib.styles import ParagraphStyle
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont

from shelter_desk import paths
from shelter_desk.reports.blocks import Tone

if TYPE_CHECKING:
    from pathlib import Path

REGULAR = "Inter"
MEDIUM = "Inter-Medium"
SEMIBOLD = "Inter-SemiBold"
BOLD = "Inter-Bold"
# One of the fourteen faces that every reader of PDFs brings along.
ONE_WIDTH = "Courier-Bold"

# As objects: reportlab would read a word anew for every cell of every table.
INK = HexColor("#1E2528")
MUTED = HexColor("#545E64")
ACCENT = HexColor("#0E6464")
SOFT = HexColor("#F4F3EF")
RULE = HexColor("#DAD7CF")
RULE_STRONG = HexColor("#80868B")

_FILES = {
    REGULAR: "400Regular",
    MEDIUM: "500Medium",
    SEMIBOLD: "600SemiBold",
    BOLD: "700Bold",
}


def register() -> None:
    """Give the typesetter the four weights of Inter; harmless when done before."""
    known = pdfmetrics.getRegisteredFontNames()
    for name in _FILES:
        if name not in known:
            pdfmetrics.registerFont(TTFont(name, str(file(name))))


def letters() -> Collection[int]:
    """Return the code points that all four weights have."""
    found: Collection[int] = pdfmetrics.getFont(REGULAR).face.charToGlyph.keys()
    return found


def file(font: str) -> Path:
    """Return where the file of a weight lies.

    Raises:
        FileNotFoundError: it is not among the resources.
    """
    weight = _FILES[font]
    found = sorted((paths.resources() / "fonts").glob(f"Inter*{weight}.ttf"))
    if not found:
        raise FileNotFoundError(f"the typeface Inter {weight} is missing from the resources")
    return found[0]


def _style(name: str, font: str, size: float, leading: float, colour: Color) -> ParagraphStyle:
    return ParagraphStyle(
        name, fontName=font, fontSize=size, leading=leading, textColor=colour, alignment=TA_LEFT
    )


def heading(level: int) -> ParagraphStyle:
    """Return the style of a heading; level 1 opens a page, 3 opens a paragraph."""
    size, before, after = {1: (18.0, 4.0, 6.0), 2: (13.0, 14.0, 5.0)}.get(level, (10.5, 9.0, 3.0))
    style = _style(f"heading{level}", SEMIBOLD, size, size * 1.28, INK)
    style.spaceBefore, style.spaceAfter, style.keepWithNext = before, after, 1
    return style


def body(tone: Tone = Tone.BODY) -> ParagraphStyle:
    """Return the style of running text."""
    font, size, colour = {
        Tone.BODY: (REGULAR, 10.0, INK),
        Tone.LEAD: (REGULAR, 11.5, INK),
        Tone.MUTED: (REGULAR, 8.5, MUTED),
        Tone.STRONG: (SEMIBOLD, 10.0, INK),
    }[tone]
    style = _style(f"body-{tone.value}", font, size, size * 1.45, colour)
    style.spaceAfter = 6
    return style


@cache
def cell(*, size: float = 9.0, strong: bool = False, right: bool = False) -> ParagraphStyle:
    """Return the style of a table cell."""
    style = _style("cell", SEMIBOLD if strong else REGULAR, size, size * 1.36, INK)
    style.alignment = TA_RIGHT if right else TA_LEFT
    return style


@cache
def column_head(*, size: float = 8.5, right: bool = False) -> ParagraphStyle:
    """Return the style of the words over a column."""
    style = _style("column", SEMIBOLD, size, size * 1.3, MUTED)
    style.alignment = TA_RIGHT if right else TA_LEFT
    return style
