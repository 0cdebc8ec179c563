"""The table on screen: a view of `TableModel` with pills, bars, initials and second lines."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Generic, Protocol, TypeVar, runtime_checkable

from PySide6.QtCore import (
    QEvent,
    QModelIndex,
    QPersistentModelIndex,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import (
    QColor,
    QGuiApplication,
    QKeyEvent,
    QKeySequence,
    QPalette,
    QResizeEvent,
)
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QHeaderView,
    QSizePolicy,
    QStyle,
    QTableView,
)

from shelter_desk.ui.in_sight import lead_to_line
from shelter_desk.ui.table_model import Column, TableModel
from shelter_desk.ui.theme import Weight, theme
from shelter_desk.ui.widgets.column_widths import column_widths
from shelter_desk.ui.widgets.table_cells import Cells

Line = TypeVar("Line")


@runtime_checkable
class NotesCopies(Protocol):
    """A window that writes down what is copied out of it. Out of any other, nothing is."""

    def notes_copy(self, lines: int) -> bool:
        """Write down that a list of so many lines is copied; say whether it may be."""


class Table(QTableView, Generic[Line]):
    """Shows lines in declared columns. Copies to spreadsheets with Ctrl+C, opens with Enter.

    `key` tells which line is which after a refresh; without it the row number is kept.
    With `fit` the table is as tall as its lines and the page scrolls; else it scrolls itself.
    """

    opened = Signal(object)
    chosen = Signal(object)

    def __init__(
        self,
        columns: Sequence[Column[Line]],
        name: str,
        *,
        key: Callable[[Line], object] | None = None,
        row_height: float = 44,
        fit: bool = False,
    ) -> None:
        super().__init__()
        self._columns, self._key, self._row, self._fit = tuple(columns), key, row_height, fit
        self.lines_model: TableModel[Line] = TableModel(columns, self)
        self.setModel(self.lines_model)
        self.setItemDelegate(Cells(self._columns, self))
        self.setAccessibleName(name)
        self._prepare()
        self.activated.connect(self._opened)
        self.selectionModel().currentRowChanged.connect(self._chosen)
        self._settle()
        theme().changed.connect(self._settle)

    @property
    def lines(self) -> tuple[Line, ...]:
        """Return the lines shown."""
        return self.lines_model.lines

    def show_lines(self, lines: Sequence[Line]) -> None:
        """Show these lines; the one that was chosen stays chosen if it is still there."""
        before, row = self.line(), self.currentIndex().row()
        self.lines_model.show(lines)
        if before is not None and self._key is not None:
            keys = [self._key(line) for line in lines]
            wanted = self._key(before)
            row = keys.index(wanted) if wanted in keys else -1
        if 0 <= row < len(lines):
            self.selectRow(row)
        self._widths()
        self.updateGeometry()

    def set_row_height(self, height: float) -> None:
        """Make every row as tall as this, px at 100 %."""
        self._row = height
        self._settle()

    def line(self) -> Line | None:
        """Return the line chosen, or None."""
        index = self.currentIndex()
        return self.lines_model.line(index) if index.isValid() else None

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.matches(QKeySequence.StandardKey.Copy):
            self._copy()
            return
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.line() is not None:
            self._opened(self.currentIndex())
            return
        super().keyPressEvent(event)

    def _copy(self) -> None:
        """Copy every line for a spreadsheet, where the window has taken note of it first."""
        window = self.window()
        if isinstance(window, NotesCopies) and window.notes_copy(len(self.lines)):
            QGuiApplication.clipboard().setText(self.lines_model.as_csv())

    def currentChanged(
        self,
        current: QModelIndex | QPersistentModelIndex,
        previous: QModelIndex | QPersistentModelIndex,
    ) -> None:
        super().currentChanged(current, previous)
        if self._fit and self.hasFocus() and current.isValid():
            lead_to_line(self)

    def sizeHint(self) -> QSize:
        look = theme()
        tall = look.px(36) + self.lines_model.rowCount() * look.px(self._row) + 2
        if self.horizontalHeader().length() > self.viewport().width():
            tall += self.style().pixelMetric(QStyle.PixelMetric.PM_ScrollBarExtent)
        return QSize(look.px(400), tall if self._fit else look.px(240))

    def minimumSizeHint(self) -> QSize:
        hint = self.sizeHint()
        return QSize(theme().px(200), hint.height() if self._fit else theme().px(110))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._widths()
        self.updateGeometry()  # columns that do not fit need room for a bar to move them

    def viewportEvent(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ToolTip:
            self._tip()
        return super().viewportEvent(event)

    def _tip(self) -> None:
        index = self.indexAt(self.viewport().mapFromGlobal(self.cursor().pos()))
        self.viewport().setToolTip(str(index.data() or "") if index.isValid() else "")

    def _prepare(self) -> None:
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setTabKeyNavigation(False)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.verticalHeader().hide()
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        head = self.horizontalHeader()
        head.setHighlightSections(False)
        head.setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        head.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setCornerButtonEnabled(False)
        if self._fit:
            self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
            self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def _settle(self) -> None:
        look = theme()
        self.verticalHeader().setDefaultSectionSize(look.px(self._row))
        head = self.horizontalHeader()
        head.setFixedHeight(look.px(34))
        head.setMinimumSectionSize(look.px(24))  # its own is wider than "2A" needs
        head.setFont(look.font(12, Weight.STRONG))
        palette = head.palette()
        for role in (QPalette.ColorRole.ButtonText, QPalette.ColorRole.WindowText):
            palette.setColor(role, QColor(look.tokens.muted))
        head.setPalette(palette)
        self._widths()
        self.updateGeometry()

    def _widths(self) -> None:
        shown = [place for place in range(len(self._columns)) if not self.isColumnHidden(place)]
        columns = [self._columns[place] for place in shown]
        widths = column_widths(columns, self.lines, self.viewport().width())
        for place, width in zip(shown, widths, strict=True):
            self.setColumnWidth(place, width)

    def _opened(self, index: QModelIndex) -> None:
        self.opened.emit(self.lines_model.line(index))

    def _chosen(self, current: QModelIndex, _before: QModelIndex) -> None:
        if current.isValid():
            self.chosen.emit(self.lines_model.line(current))
