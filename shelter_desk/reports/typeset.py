"""The typesetter: blocks become reportlab flowables, flowables become pages.

Imported only by `pdf.make_pdf`, when a page is really wanted.
"""

from __future__ import annotations

import io
from dataclasses import dataclass
from functools import singledispatch
from xml.sax.saxutils import escape

from reportlab.lib.styles import ParagraphStyle
from reportlab.platypus import (
    CondPageBreak,
    Flowable,
    KeepTogether,
    PageBreak,
    Paragraph,
    Spacer,
)
from reportlab.platypus import Table as Grid

from shelter_desk.reports import blocks, drawn, typefaces
from shelter_desk.reports.columns import column_widths, table_type_size
from shelter_desk.reports.letters import printable
from shelter_desk.reports.page import MARGIN, PagedFile

# A table this short is never cut: a reader should not turn a page for two rows.
_UNCUT_ROWS = 12
# Nor is one that fits a page, though its bars may stand on the next.
_PAGE_OF_ROWS = 28


@dataclass(frozen=True, slots=True)
class Sheet:
    """What a block needs to know of the page it lands on: the width of the text, in points."""

    width: float


def pdf_bytes(paper: blocks.Paper) -> bytes:
    """Set the paper and return the file."""
    typefaces.register()
    paper = printable(paper, typefaces.letters())
    sheet = Sheet(paper.size.value[0] - 2 * MARGIN)
    story: list[Flowable] = []
    for block in paper.blocks:
        story.extend(flow(block, sheet))
    into = io.BytesIO()
    # A paper without a block is still one page with its furniture.
    PagedFile(paper, into).write_story(story or [Spacer(1, 1)])
    return into.getvalue()


def _words(text: str, style: ParagraphStyle) -> Paragraph:
    return Paragraph(escape(text), style)


def _lines(text: str, style: ParagraphStyle) -> Paragraph:
    return Paragraph(escape(text).replace("\n", "<br/>"), style)


@singledispatch
def flow(block: object, _sheet: Sheet) -> list[Flowable]:
    """Return the flowables of one block."""
    raise TypeError(f"no way to set a {type(block).__name__}")


@flow.register
def _(block: blocks.Heading, _sheet: Sheet) -> list[Flowable]:
    return [drawn.Bookmarked(escape(block.text), typefaces.heading(block.level), block.level)]


@flow.register
def _(block: blocks.Text, _sheet: Sheet) -> list[Flowable]:
    return [_words(block.text, typefaces.body(block.tone))]


@flow.register
def _(block: blocks.Points, sheet: Sheet) -> list[Flowable]:
    marks = (f"{at}." if block.numbered else "•" for at in range(1, len(block.items) + 1))
    rows = [
        [_words(mark, typefaces.body()), _words(item, typefaces.body())]
        for mark, item in zip(marks, block.items, strict=True)
    ]
    if not rows:
        return []
    grid = Grid(rows, colWidths=[18, sheet.width - 18], style=_PLAIN)
    return [grid, Spacer(1, 6)]


@flow.register
def _(block: blocks.Facts, sheet: Sheet) -> list[Flowable]:
    label, value = typefaces.column_head(), typefaces.cell()
    rows = [[_words(name, label), _lines(what, value)] for name, what in block.pairs]
    if not rows:
        return []
    grid = Grid(rows, colWidths=[sheet.width * 0.32, sheet.width * 0.68], style=_RULED)
    return [grid, Spacer(1, 10)]


@flow.register
def _(block: blocks.Figures, sheet: Sheet) -> list[Flowable]:
    return [drawn.BigFigures(block.pairs, sheet.width), Spacer(1, 10)] if block.pairs else []


@flow.register
def _(block: blocks.Table, sheet: Sheet) -> list[Flowable]:
    title = flow(blocks.Heading(block.title, level=2), sheet)
    note = [_words(block.note, typefaces.body(blocks.Tone.MUTED))] if block.note else []
    if not block.rows:
        empty = _words("Nothing to show for this period.", typefaces.body(blocks.Tone.MUTED))
        return [KeepTogether([*title, empty, *note])]
    bars = _bars(block, sheet)
    table = [*title, _grid(block, sheet), Spacer(1, 5), *note]
    if len(block.rows) <= _UNCUT_ROWS:
        return [KeepTogether([*table, *bars])]
    if len(block.rows) <= _PAGE_OF_ROWS:
        return [KeepTogether(table), KeepTogether([*_named(block.title, bars), *bars])]
    parts = [*table, *bars]
    # Not kept with what follows: a whole table would move to the next page with its heading.
    parts[0].keepWithNext = 0
    return [CondPageBreak(150), *parts]


def _named(title: str, bars: list[Flowable]) -> list[Flowable]:
    """Return a line that names bars which may stand on another page than their table."""
    return [_words(title, typefaces.body(blocks.Tone.STRONG))] if bars else []


def _bars(block: blocks.Table, sheet: Sheet) -> list[Flowable]:
    if block.chart is None or not block.chart.says_something:
        return []
    return [Spacer(1, 6), drawn.Bars(block.chart, sheet.width), Spacer(1, 10)]


def _grid(block: blocks.Table, sheet: Sheet) -> Grid:
    size = table_type_size(block, sheet.width)
    head = [
        _words(name, typefaces.column_head(size=size - 0.5, right=at in block.numeric))
        for at, name in enumerate(block.columns)
    ]
    body = [
        [
            _words(
                text,
                typefaces.cell(
                    size=size, strong=at in block.strong_rows, right=c in block.numeric
                ),
            )
            for c, text in enumerate(row)
        ]
        for at, row in enumerate(block.rows)
    ]
    style = [
        *_RULED,
        ("LINEBELOW", (0, 0), (-1, 0), 0.9, typefaces.RULE_STRONG),
        ("VALIGN", (0, 0), (-1, 0), "BOTTOM"),
        *(("LINEABOVE", (0, at + 1), (-1, at + 1), 0.9, typefaces.RULE_STRONG)
          for at in sorted(block.strong_rows)),
    ]  # fmt: skip
    widths = column_widths(block, sheet.width, size)
    return Grid([head, *body], colWidths=widths, style=style, repeatRows=1, hAlign="LEFT")


@flow.register
def _(block: blocks.Notice, sheet: Sheet) -> list[Flowable]:
    inner = [
        [_words(block.title, typefaces.body(blocks.Tone.STRONG))],
        [_words(block.text, typefaces.body())],
    ]
    return [Grid(inner, colWidths=[sheet.width], style=_BOXED), Spacer(1, 10)]


@flow.register
def _(block: blocks.CodeSquare, sheet: Sheet) -> list[Flowable]:
    return [drawn.TypedCode(block, sheet.width), Spacer(1, 12)]


@flow.register
def _(block: blocks.NumberedWords, sheet: Sheet) -> list[Flowable]:
    return [drawn.LargeWords(block.words, sheet.width), Spacer(1, 12)]


@flow.register
def _(block: blocks.WriteOn, sheet: Sheet) -> list[Flowable]:
    return [drawn.PenLine(label, sheet.width) for label in block.labels]


@flow.register
def _(_block: blocks.NewPage, _sheet: Sheet) -> list[Flowable]:
    return [PageBreak()]


_PLAIN = [
    ("VALIGN", (0, 0), (-1, -1), "TOP"),
    ("LEFTPADDING", (0, 0), (-1, -1), 0),
    ("RIGHTPADDING", (0, 0), (-1, -1), 0),
    ("TOPPADDING", (0, 0), (-1, -1), 0),
    ("BOTTOMPADDING", (0, 0), (-1, -1), 0),
]
_RULED = [
    ("VALIGN", (0, 0), (-1, -1), "TOP"),
    ("LEFTPADDING", (0, 0), (-1, -1), 4),
    ("RIGHTPADDING", (0, 0), (-1, -1), 4),
    ("LEFTPADDING", (0, 0), (0, -1), 0),
    ("RIGHTPADDING", (-1, 0), (-1, -1), 0),
    ("TOPPADDING", (0, 0), (-1, -1), 3.5),
    ("BOTTOMPADDING", (0, 0), (-1, -1), 3.5),
    ("LINEBELOW", (0, 0), (-1, -1), 0.4, typefaces.RULE),
]
_BOXED = [
    ("BACKGROUND", (0, 0), (-1, -1), typefaces.SOFT),
    ("LINEBEFORE", (0, 0), (0, -1), 2.5, typefaces.ACCENT),
    ("LEFTPADDING", (0, 0), (-1, -1), 12),
    ("RIGHTPADDING", (0, 0), (-1, -1), 12),
    ("TOPPADDING", (0, 0), (-1, 0), 9),
    ("TOPPADDING", (0, 1), (-1, 1), 0),
    ("BOTTOMPADDING", (0, 0), (-1, 0), 0),
    ("BOTTOMPADDING", (0, 1), (-1, 1), 5),
]
