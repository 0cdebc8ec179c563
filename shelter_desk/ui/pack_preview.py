"""Every page of what will leave, before anybody lets it out: these bytes and no others."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

from PySide6.QtGui import QColor, QImage, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QStackedWidget, QVBoxLayout, QWidget

from shelter_desk.exports.pack_contents import PreparedPack
from shelter_desk.ui.pile import Pile
from shelter_desk.ui.printing import pdf_page, pdf_sizes
from shelter_desk.ui.scale import STRETCH, Part, column, fill, fixed, row
from shelter_desk.ui.table_model import Column
from shelter_desk.ui.theme import theme
from shelter_desk.ui.tokens import Tone
from shelter_desk.ui.widgets import (
    Banner,
    Button,
    EmptyNote,
    Label,
    PrimaryButton,
    Scroll,
    Sheet,
    Table,
)

_DPI = 110
_ROW = 30
_LIST = 340
_LETTER, _BESIDE, _NARROW, _WIDE = 7, 26, 56, 460
"""Widths in px at 100 %: of a letter, of what is around a cell, and of any column."""
_RIM = 8
_TALL, _LOW, _AROUND = 440, 90, 290
"""Heights in px at 100 %: of what is shown, the least of it, and of all that stands around it."""


@dataclass(frozen=True, slots=True)
class PreviewFile:
    """One file that leaves; `was_seen` once it was shown."""

    path: str
    data: bytes
    was_seen: bool = False

    @property
    def name(self) -> str:
        """Return the path as it is read: without the folder that all have in common."""
        return self.path.removeprefix("data/")


class PackPreview(Sheet):
    """Calls `go_on()` once every file was shown and somebody says so; `left()` otherwise."""

    def __init__(
        self, prepared: PreparedPack, go_on: Callable[[], None], left: Callable[[], None]
    ) -> None:
        self._go_on, self._left = go_on, left
        self._seen: set[str] = set()
        self._found = tuple(PreviewFile(path, data) for path, data in prepared.files.items())
        self.note, self.progress = Banner("", Tone.WARN), Label("", "muted")
        self.files = Table[PreviewFile](
            (Column("", lambda one: one.name, width=200, stretch=True),
             Column("", self._mark, width=72, quiet=True)),
            "", key=lambda one: one.path, row_height=_ROW,
        )  # fmt: skip
        self.files.horizontalHeader().hide()
        self.shown = QStackedWidget()
        self.next, self.leave = Button("", "arrow-right"), Button("")
        self.let_out = PrimaryButton("", "package-check")
        fixed(self.files, width=_LIST)
        about = Label("", "muted", wrap=True)
        both = row(self.files, (self.shown, 1), spacing=14)
        buttons = row(self.progress, STRETCH, self.leave, self.next, self.let_out)
        super().__init__("", about, self.note, (both, 1), buttons, width=1120)
        self._say(about, prepared)
        self.files.show_lines(self._found)
        self.files.chosen.connect(self._show)
        self.next.clicked.connect(self.show_next)
        self.let_out.clicked.connect(self._let_out)
        self.leave.clicked.connect(self.dismissed)
        self.files.selectRow(0)

    def open_over(self, host: QWidget, focus: QWidget | None = None) -> None:
        """Lie over the window, as tall as it allows."""
        self._fit(host.window().height())
        super().open_over(host, focus)
        theme().changed.connect(self._fit_again)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit_again()

    def _fit_again(self) -> None:
        self._fit(self.height())

    def _fit(self, room: int) -> None:
        px = theme().px
        self.shown.setMinimumHeight(max(px(_LOW), min(px(_TALL), room - px(_AROUND))))

    def dismissed(self) -> None:
        """Leave it: nothing leaves, and that is written down."""
        self.close_sheet()
        self._left()

    def show_next(self) -> None:
        """Show the next file that was not shown yet, after the one that is shown."""
        at = self.files.currentIndex().row()
        order = [*range(at + 1, len(self._found)), *range(at + 1)]
        unseen = [one for one in order if self._found[one].path not in self._seen]
        if unseen:
            self.files.selectRow(unseen[0])

    def _say(self, about: Label, prepared: PreparedPack) -> None:
        title = self.tr("Look at what will leave")
        self.body.insertWidget(0, Label(title, "h2"))
        self.setAccessibleName(title)
        self.files.setAccessibleName(self.tr("Files of the pack"))
        words = self.tr("For {0}, on the ground “{1}”. Look at each of these files yourself.")
        if not prepared.to_look_at:
            words = self.tr(
                "For {0}, on the ground “{1}”. No name, birth date, phone number or place of "
                "anybody was found in these files. Look at each of them yourself."
            )
        about.setText(words.format(prepared.recipient, self.tr(prepared.basis.title)))
        self.note.setVisible(bool(prepared.to_look_at or prepared.laid.note))
        self.note.say(" ".join((prepared.to_look_at, prepared.laid.note)).strip(), Tone.WARN)
        self.next.setText(self.tr("Next file"))
        self.let_out.setText(self.tr("Let it out…"))
        self.leave.setText(self.tr("Leave it"))

    def _mark(self, one: PreviewFile) -> str:
        return self.tr("seen") if one.path in self._seen else ""

    def _show(self, chosen: object) -> None:
        if not isinstance(chosen, PreviewFile):
            return
        before = self.shown.currentWidget()
        page = _page_of(chosen)
        self.shown.addWidget(page)
        self.shown.setCurrentWidget(page)
        if before is not None:
            self.shown.removeWidget(before)
            before.deleteLater()
        self._seen.add(chosen.path)
        self.files.viewport().update()
        everything = len(self._seen) == len(self._found)
        words = self.tr("{0} of {1} files seen")
        self.progress.setText(words.format(len(self._seen), len(self._found)))
        self.let_out.setEnabled(everything)
        if everything and self.next.hasFocus():
            self.let_out.setFocus()
        # It keeps its place: a click too many must not fall on the button that leaves all of it.
        self.next.setEnabled(not everything)

    def _let_out(self) -> None:
        self.close_sheet()
        self._go_on()


class _LazyPage(QWidget):
    """One page of a PDF, drawn when it comes into view: a long paper opens at once."""

    def __init__(self, pdf: bytes, number: int, size: tuple[float, float], name: str) -> None:
        super().__init__()
        self._pdf, self._number, self._size = pdf, number, size
        self._image: QImage | None = None
        self.setAccessibleName(name)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        width, height = self._size
        tall = round(self.width() * height / width)
        if self.height() != tall:
            self.setFixedHeight(tall)

    def paintEvent(self, _event: QPaintEvent) -> None:
        if self._image is None:
            self._image = pdf_page(self._pdf, self._number, _DPI)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.drawImage(self.rect(), self._image)
        painter.setPen(QColor(theme().tokens.border))
        painter.drawRect(self.rect().adjusted(0, 0, -1, -1))


def _page_of(file: PreviewFile) -> QWidget:
    """Return a widget that shows all of a file."""
    if file.path.endswith(".pdf"):
        sizes = pdf_sizes(file.data)
        pages = [
            _LazyPage(file.data, number, size, f"{file.name}, {number + 1}")
            for number, size in enumerate(sizes)
        ]
        return Scroll(column(*pages, STRETCH, spacing=12))
    if file.path.endswith(".csv"):
        return _CsvPage(file)
    if file.path.endswith(".xlsx"):
        return _cells_of_workbook(file)
    words = Label(file.data.decode("utf-8", "replace"), wrap=True)
    return Scroll(column(words, STRETCH))


class _CsvPage(QWidget):
    """A table; says so where it has no line, and shows whole what is longer than its cells."""

    def __init__(self, file: PreviewFile) -> None:
        super().__init__()
        head, *rows = list(csv.reader(io.StringIO(file.data.decode()))) or [[""]]
        self.table = _table(file.name, head, rows)
        self.whole = Label(self.tr("Choose a line to read all of it."), "muted", wrap=True)
        parts: tuple[Part, ...] = ((self.table, 1),)
        if not rows:
            fixed(self.table, height=_ROW + _RIM)
            none = self.tr("Nothing stands in this file but the names of its columns.")
            parts = (self.table, EmptyNote(none, icon="circle-check"), STRETCH)
        elif any(_is_long(cell) for line in rows for cell in line):
            parts = (*parts, self.whole)
            self.table.chosen.connect(self._show_whole)
        fill(QVBoxLayout(self), parts, spacing=6)

    def _show_whole(self, line: object) -> None:
        if isinstance(line, tuple):
            self.whole.setText(" · ".join(filter(None, line)))


def _cells_of_workbook(file: PreviewFile) -> QWidget:
    # heavy: reads the workbook as its receiver will
    from shelter_desk.reports.workbook_reading import read_workbook  # noqa: PLC0415 - start-up

    pile = Pile(spacing=10)
    for sheet in read_workbook(file.data):
        pile.add(Label(sheet.name, "strong"))
        tall = max((at for at, _ in sheet.cells), default=-1) + 1
        wide = max((at for _, at in sheet.cells), default=-1) + 1
        rows = [[str(sheet.cells.get((r, c), "")) for c in range(wide)] for r in range(tall)]
        pile.add(_table(sheet.name, [str(at + 1) for at in range(wide)], rows, fit=True))
    return Scroll(column(pile, STRETCH))


def _table(
    name: str, head: Sequence[str], rows: Sequence[Sequence[str]], *, fit: bool = False
) -> Table[tuple[str, ...]]:
    lines = tuple(tuple(one) for one in rows)
    columns = [
        Column[tuple[str, ...]](
            text, partial(_cell, at), width=_width(at, text, lines), stretch=at == 0
        )
        for at, text in enumerate(head)
    ]
    table = Table[tuple[str, ...]](columns, name, row_height=_ROW, fit=fit)
    table.show_lines(lines)
    return table


def _width(at: int, head: str, lines: Sequence[tuple[str, ...]]) -> int:
    """Return the px at 100 % that a column takes: what is read is whole, a figure takes little."""
    longest = max((len(_cell(at, line)) for line in lines), default=0)
    return min(max(_LETTER * max(longest, len(head)) + _BESIDE, _NARROW), _WIDE)


def _is_long(cell: str) -> bool:
    return _LETTER * len(cell) + _BESIDE > _WIDE


def _cell(at: int, line: tuple[str, ...]) -> str:
    return line[at] if at < len(line) else ""
