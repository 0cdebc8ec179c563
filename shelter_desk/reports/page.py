"""The furniture of a page: who it is from, how to treat it, which page of how many."""

# mypy: allow-subclassing-any
# reportlab carries no types.

from __future__ import annotations

from typing import TYPE_CHECKING

from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import BaseDocTemplate, Flowable, Frame, PageTemplate

from shelter_desk.reports import typefaces
from shelter_desk.reports.lettering import foreign
from shelter_desk.reports.structure import Tree

if TYPE_CHECKING:
    import io
    from collections.abc import Callable

    from shelter_desk.reports.blocks import Paper

MARGIN = 54.0
_HEAD = 40.0
_FOOT, _FOOT_LINE = 27.0, 9.5


class PagedFile(BaseDocTemplate):
    """A PDF in which every page has the same head and foot."""

    def __init__(self, paper: Paper, into: io.BytesIO) -> None:
        self._paper, self.tree = paper, Tree()
        width, height = paper.size.value
        furniture = paper.furniture
        self._notice = foreign.lines_of(
            furniture.notice, typefaces.REGULAR, 7.5, width - 2 * MARGIN
        )
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

    def write_story(self, story: list[Flowable]) -> None:
        """Lay the flowables out and write the file, each page with "page x of y"."""

        def canvas_maker(*args: object, **settings: object) -> CountedCanvas:
            return CountedCanvas(*args, count=self._draw_count, tree=self.tree, **settings)

        self.build(story, canvasmaker=canvas_maker)

    def _draw_count(self, canvas: Canvas, page: int, pages: int) -> None:
        canvas.setFillColor(typefaces.MUTED)
        count = self._paper.furniture.page_words.format(page, pages)
        right = self._paper.size.value[0] - MARGIN
        foreign.write_up_to(canvas, right, _FOOT, count, font=typefaces.REGULAR, size=7.5)

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
        with self.tree.ink_of(None, canvas):
            self._draw_furniture(canvas)

    def _draw_furniture(self, canvas: Canvas) -> None:
        width, height = self._paper.size.value
        furniture = self._paper.furniture
        canvas.saveState()
        canvas.setFillColor(typefaces.MUTED)
        top, right = height - MARGIN + 8, width - MARGIN
        foreign.write(canvas, MARGIN, top, furniture.owner, font=typefaces.SEMIBOLD, size=8.5)
        foreign.write_up_to(canvas, right, top, furniture.title, font=typefaces.REGULAR, size=8.5)
        canvas.setStrokeColor(typefaces.RULE)
        canvas.setLineWidth(0.6)
        canvas.line(MARGIN, top - 7, width - MARGIN, top - 7)
        self._foot(canvas, width)
        canvas.restoreState()

    def _foot(self, canvas: Canvas, width: float) -> None:
        canvas.setFont(typefaces.REGULAR, 7.5)
        line = _FOOT
        canvas.drawString(MARGIN, line, self._paper.furniture.log_short_form)
        canvas.doForm(_count_name(canvas.getPageNumber()))
        line += 4
        for text in reversed(self._notice):
            line += _FOOT_LINE
            foreign.write(canvas, MARGIN, line, text, font=typefaces.REGULAR, size=7.5)
        canvas.line(MARGIN, line + 12, width - MARGIN, line + 12)


class CountedCanvas(Canvas):
    """A canvas that draws "page x of y" at the end, when y is known, instead of setting twice.

    A page refers to a drawing by its name, and a name may be given its drawing later. Whoever
    draws says on `tree` whose ink it is.
    """

    def __init__(
        self,
        *args: object,
        count: Callable[[Canvas, int, int], None],
        tree: Tree,
        **settings: object,
    ) -> None:
        super().__init__(*args, **settings)
        self._count, self.tree = count, tree

    def save(self) -> None:
        """Draw the counts the pages refer to, put the tags beside them, then write the file."""
        pages = self.getPageNumber() - 1  # the last page has been shown: the next one is empty
        for page in range(1, pages + 1):
            self.beginForm(_count_name(page))
            self._count(self, page, pages)
            self.endForm()
        self.tree.write(self._doc)
        super().save()


def _count_name(page: int) -> str:
    return f"count-{page}"


def id_of(text: str) -> str:
    """Return a name for a bookmark, made of its letters and digits only."""
    return "".join(letter if letter.isalnum() else "-" for letter in text)
