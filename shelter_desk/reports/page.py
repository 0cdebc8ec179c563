"""The furniture of a page: who it is from, how to treat it, which page of how many."""

# mypy: allow-subclassing-any
# reportlab carries no types.

from __future__ import annotations

from typing import TYPE_CHECKING

from reportlab.lib.utils import simpleSplit
from reportlab.platypus import BaseDocTemplate, Flowable, Frame, PageTemplate

from shelter_desk.reports import typefaces

if TYPE_CHECKING:
    import io

    from reportlab.pdfgen.canvas import Canvas

    from shelter_desk.reports.blocks import Paper

MARGIN = 54.0
_HEAD = 40.0
_FOOT, _FOOT_LINE = 27.0, 9.5


class PagedFile(BaseDocTemplate):
    """A PDF in which every page has the same head and foot; `pages` = 0 while counting."""

    def __init__(self, paper: Paper, pages: int, into: io.BytesIO) -> None:
        self._paper, self._pages = paper, pages
        width, height = paper.size.value
        furniture = paper.furniture
        self._notice = simpleSplit(furniture.notice, typefaces.REGULAR, 7.5, width - 2 * MARGIN)
        super().__init__(
            into,
            pagesize=(width, height),
            title=furniture.title,
            author="",
            subject=furniture.subject,
            creator="Shelter Desk",
            producer="Shelter Desk",
            lang=paper.language,
            displayDocTitle=True,
            invariant=1,
        )
        foot = _FOOT + 4 + _FOOT_LINE * (len(self._notice) + 1) + 12
        frame = Frame(
            MARGIN, foot, width - 2 * MARGIN, height - MARGIN - _HEAD + 14 - foot,
            leftPadding=0, rightPadding=0, topPadding=0, bottomPadding=0,
        )  # fmt: skip
        self.addPageTemplates(PageTemplate(id="page", frames=[frame], onPage=self._furnish))

    def afterFlowable(self, flowable: Flowable) -> None:  # noqa: N802 - reportlab's name
        """Turn headings into bookmarks, so that a long paper can be walked through."""
        mark = getattr(flowable, "bookmark", None)
        if mark is None:
            return
        text, level = mark
        key = f"h{self.canv.getPageNumber()}-{id_of(text)}"
        self.canv.bookmarkPage(key)
        self.canv.addOutlineEntry(text, key, level=level, closed=False)

    def _furnish(self, canvas: Canvas, _file: BaseDocTemplate) -> None:
        width, height = self._paper.size.value
        furniture = self._paper.furniture
        canvas.saveState()
        canvas.setFillColor(typefaces.MUTED)
        canvas.setFont(typefaces.SEMIBOLD, 8.5)
        top = height - MARGIN + 8
        canvas.drawString(MARGIN, top, furniture.owner)
        canvas.setFont(typefaces.REGULAR, 8.5)
        canvas.drawRightString(width - MARGIN, top, furniture.title)
        canvas.setStrokeColor(typefaces.RULE)
        canvas.setLineWidth(0.6)
        canvas.line(MARGIN, top - 7, width - MARGIN, top - 7)
        self._foot(canvas, width)
        canvas.restoreState()

    def _foot(self, canvas: Canvas, width: float) -> None:
        canvas.setFont(typefaces.REGULAR, 7.5)
        line = _FOOT
        canvas.drawString(MARGIN, line, self._paper.furniture.log_short_form)
        words = self._paper.furniture.page_words
        count = words.format(canvas.getPageNumber(), self._pages or "?")
        canvas.drawRightString(width - MARGIN, line, count)
        line += 4
        for text in reversed(self._notice):
            line += _FOOT_LINE
            canvas.drawString(MARGIN, line, text)
        canvas.line(MARGIN, line + 12, width - MARGIN, line + 12)


def id_of(text: str) -> str:
    """Return a name for a bookmark, made of its letters and digits only."""
    return "".join(letter if letter.isalnum() else "-" for letter in text)
