"""The typesetter: blocks become reportlab flowables, flowables become pages.

Imported only by `pdf.make_pdf`, when a page is really wanted.
"""

from __future__ import annotations

import io
from dataclasses import dataclass, replace
from functools import singledispatch

from reportlab.lib.styles import ParagraphStyle
from reportlab.platypus import (
    CondPageBreak,
    Flowable,
    KeepTogether,
    PageBreak,
)

from shelter_desk.reports import blocks, drawn, typefaces
from shelter_desk.reports.columns import column_widths, table_type_size
from shelter_desk.reports.drawn import Gap, Ruled, tagged
from shelter_desk.reports.lettering.scripts import Letters
from shelter_desk.reports.letters import printable
from shelter_desk.reports.page import MARGIN, PagedFile
from shelter_desk.reports.structure import COLUMN, ROW, Element

# A table of so many lines is never cut: a reader should not turn a page for two rows.
_UNCUT_ROWS = 12
# Nor is one that fits a page, though its bars may stand on the next.
_PAGE_OF_ROWS = 28
_LETTERS = 60  # that a line of a cell holds, about


@dataclass(frozen=True, slots=True)
class Sheet:
    """What a block needs to know: the width of the text, in points, and where its tags belong."""

    width: float
    tags: Element


def pdf_bytes(paper: blocks.Paper) -> bytes:
    """Set the paper and return the file."""
    typefaces.register()
    paper = printable(paper, Letters())
    into = io.BytesIO()
    file = PagedFile(paper, into)
    sheet = Sheet(paper.size.value[0] - 2 * MARGIN, file.tree.root)
    story: list[Flowable] = []
    for block in paper.blocks:
        story.extend(flow(block, sheet))
    # A paper without a block is still one page with its furniture.
    file.write_story(story or [Gap(1)])
    return into.getvalue()


def _words(text: str, style: ParagraphStyle, element: Element) -> Flowable:
    return tagged(text, style, element)


def _lines(text: str, style: ParagraphStyle, element: Element) -> Flowable:
    return tagged(text, style, element, with_lines=True)


@singledispatch
def flow(block: object, _sheet: Sheet) -> list[Flowable]:
    """Return the flowables of one block."""
    raise TypeError(f"no way to set a {type(block).__name__}")


@flow.register
def _(block: blocks.Heading, sheet: Sheet) -> list[Flowable]:
    style, element = typefaces.heading(block.level), sheet.tags.add(f"H{block.level}")
    return [drawn.heading(block.text, style, element, block.level)]


@flow.register
def _(block: blocks.Text, sheet: Sheet) -> list[Flowable]:
    return [_words(block.text, typefaces.body(block.tone), sheet.tags.add("P"))]


@flow.register
def _(block: blocks.Points, sheet: Sheet) -> list[Flowable]:
    marks = (f"{at}." if block.numbered else "•" for at in range(1, len(block.items) + 1))
    if not block.items:
        return []
    points, rows = sheet.tags.add("L"), []
    for mark, item in zip(marks, block.items, strict=True):
        point = points.add("LI")
        parts = ((mark, point.add("Lbl")), (item, point.add("LBody")))
        rows.append([_words(text, typefaces.body(), part) for text, part in parts])
    widths = [18, sheet.width - 18]
    # The first point stays with the heading above it; a long list would take a page of its own.
    grids = [Ruled(some, colWidths=widths, style=_PLAIN) for some in (rows[:1], rows[1:]) if some]
    return [*grids, Gap(6)]


@flow.register
def _(block: blocks.Facts, sheet: Sheet) -> list[Flowable]:
    label, value = typefaces.column_head(), typefaces.cell()
    if not block.pairs:
        return []
    table, rows = sheet.tags.add("Table"), []
    for name, what in block.pairs:
        row = table.add("TR")
        head, fact = row.add("TH", scope=ROW), row.add("TD")
        rows.append([_words(name, label, head), _lines(what, value, fact)])
    grid = Ruled(rows, colWidths=[sheet.width * 0.32, sheet.width * 0.68], style=_RULED)
    return [grid, Gap(10)]


@flow.register
def _(block: blocks.Figures, sheet: Sheet) -> list[Flowable]:
    if not block.pairs:
        return []
    return [drawn.BigFigures(block.pairs, sheet.width, sheet.tags.add("Div")), Gap(10)]


@flow.register
def _(block: blocks.Table, sheet: Sheet) -> list[Flowable]:
    title = flow(blocks.Heading(block.title, level=2), sheet)
    if not block.rows:
        empty = flow(blocks.Text("Nothing to show for this period.", blocks.Tone.MUTED), sheet)
        return [KeepTogether([*title, *empty, *_note(block, sheet)])]
    table = [*title, _grid(block, sheet), Gap(5), *_note(block, sheet)]
    lines = _lines_of(block)
    if lines <= _UNCUT_ROWS:
        return [KeepTogether([*table, *_bars(block, sheet)])]
    if lines <= _PAGE_OF_ROWS:
        return [KeepTogether(table), KeepTogether([*_named(block, sheet), *_bars(block, sheet)])]
    parts = [*table, *_bars(block, sheet)]
    # Not kept with what follows: a whole table would move to the next page with its heading.
    parts[0].keepWithNext = 0
    return [CondPageBreak(150), *parts]


def _lines_of(block: blocks.Table) -> int:
    """Return about how many lines the rows take: of 25 residents a row each may fill two pages."""
    return sum(
        max(sum(1 + len(line) // _LETTERS for line in cell.split("\n")) for cell in row)
        for row in block.rows
    )


def _note(block: blocks.Table, sheet: Sheet) -> list[Flowable]:
    return flow(blocks.Text(block.note, blocks.Tone.MUTED), sheet) if block.note else []


def _named(block: blocks.Table, sheet: Sheet) -> list[Flowable]:
    """Return a line that names bars which may stand on another page than their table."""
    if block.chart is None or not block.chart.says_something:
        return []
    return flow(blocks.Text(block.title, blocks.Tone.STRONG), sheet)


def _bars(block: blocks.Table, sheet: Sheet) -> list[Flowable]:
    if block.chart is None or not block.chart.says_something:
        return []
    figure = sheet.tags.add("Figure", alt=f"{block.title}: bars of the figures in the table.")
    return [Gap(6), drawn.Bars(block.chart, sheet.width, figure), Gap(10)]


def _grid(block: blocks.Table, sheet: Sheet) -> Ruled:
    size, table = table_type_size(block, sheet.width), sheet.tags.add("Table")
    heads = table.add("TR")
    head = [
        _words(
            name,
            typefaces.column_head(size=size - 0.5, right=at in block.numeric),
            heads.add("TH", scope=COLUMN, again=True),
        )
        for at, name in enumerate(block.columns)
    ]
    body = []
    for at, row in enumerate(block.rows):
        line, is_strong = table.add("TR"), at in block.strong_rows
        body.append(
            [
                _lines(
                    text,
                    typefaces.cell(size=size, strong=is_strong, right=c in block.numeric),
                    line.add("TD") if c else line.add("TH", scope=ROW),
                )
                for c, text in enumerate(row)
            ]
        )
    style = [
        *_RULED,
        ("LINEBELOW", (0, 0), (-1, 0), 0.9, typefaces.RULE_STRONG),
        ("VALIGN", (0, 0), (-1, 0), "BOTTOM"),
        *(("LINEABOVE", (0, at + 1), (-1, at + 1), 0.9, typefaces.RULE_STRONG)
          for at in sorted(block.strong_rows)),
    ]  # fmt: skip
    widths = column_widths(block, sheet.width, size)
    return Ruled([head, *body], colWidths=widths, style=style, repeatRows=1, hAlign="LEFT")


@flow.register
def _(block: blocks.Notice, sheet: Sheet) -> list[Flowable]:
    notice = replace(sheet, tags=sheet.tags.add("Div"))
    said = (blocks.Text(block.title, blocks.Tone.STRONG), blocks.Text(block.text))
    inner = [flow(one, notice) for one in said]
    return [Ruled(inner, colWidths=[sheet.width], style=_BOXED), Gap(10)]


@flow.register
def _(block: blocks.CodeSquare, sheet: Sheet) -> list[Flowable]:
    code = sheet.tags.add("Figure", alt=" ".join(block.groups))
    return [drawn.TypedCode(block, sheet.width, code), Gap(12)]


@flow.register
def _(block: blocks.NumberedWords, sheet: Sheet) -> list[Flowable]:
    return [drawn.LargeWords(block.words, sheet.width, sheet.tags.add("P")), Gap(12)]


@flow.register
def _(block: blocks.WriteOn, sheet: Sheet) -> list[Flowable]:
    return [drawn.PenLine(label, sheet.width, sheet.tags.add("P")) for label in block.labels]


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
