"""The grid of a round: arrows move, Space ticks a cell, R a row, C a column, N says what else."""

from __future__ import annotations

from typing import cast
from zoneinfo import ZoneInfo

from PySide6.QtCore import QRect, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFontMetrics,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPalette,
    QPen,
    QResizeEvent,
)
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QHeaderView,
    QSizePolicy,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
)

from shelter_desk.desk.rounds import DONE, OPEN, Cell, Round, RoundLine
from shelter_desk.domain.care_model import CareModel
from shelter_desk.ui.shift.grid_model import CELL_ROLE, LATE_ROLE, LINE_ROLE, GridModel, Index
from shelter_desk.ui.style import draw_tick_box
from shelter_desk.ui.theme import Weight, theme

_ROW, _NAMES, _LEAST, _BOX = 52, 170, 130, 22  # px at 100 %
_LEAST_ROWS = 3
_AROUND = 11  # px at 100 %, at each side of a name: the margin of heads, and a hair


class _Cells(QStyledItemDelegate):
    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        tokens, rect, state = theme().tokens, option.rect, option.state
        cell, line = index.data(CELL_ROLE), cast("RoundLine", index.data(LINE_ROLE))
        painter.save()
        if line.absent or cell is None:
            painter.fillRect(rect, QColor(tokens.sunken))
        painter.setPen(QColor(tokens.border))
        painter.drawLine(rect.bottomLeft(), rect.bottomRight())
        painter.drawLine(rect.topRight(), rect.bottomRight())
        self._draw(painter, rect, cell, (str(index.data()), bool(index.data(LATE_ROLE))))
        has_focus = bool(state & QStyle.StateFlag.State_HasFocus)
        if has_focus or state & QStyle.StateFlag.State_Selected:
            line_colour = tokens.focus if has_focus else tokens.border_strong
            painter.setPen(QPen(QColor(line_colour), 2 if has_focus else 1))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(rect.adjusted(2, 2, -3, -3), 4, 4)
        painter.restore()

    def _draw(
        self, painter: QPainter, rect: QRect, cell: Cell | None, said: tuple[str, bool]
    ) -> None:
        look, (words, is_late) = theme(), said
        side = look.px(_BOX)
        room = rect.adjusted(look.px(10), 0, -look.px(6), 0)
        is_done = cell is not None and cell.state == DONE and cell.outcome == "done"
        is_open = cell is not None and cell.state == OPEN and not cell.outcome
        if is_done or is_open:
            box = QRect(room.x(), room.center().y() - side // 2, side, side)
            draw_tick_box(painter, box, checked=is_done)
            room = room.adjusted(side + look.px(8), 0, 0, 0)
        painter.setFont(look.font(12))
        quiet = look.tokens.danger if is_late else look.tokens.muted
        painter.setPen(QColor(look.tokens.text if cell and not is_open else quiet))
        painter.drawText(room, Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextWordWrap, words)


class Grid(QTableView):
    """Says what was asked for: a cell, a row or a column to tick, an exception, a resident."""

    ticked = Signal(int, int)
    row_wanted = Signal(int)
    column_wanted = Signal(int)
    note_wanted = Signal(int, int)
    opened = Signal(int)

    def __init__(self, model: CareModel, zone: ZoneInfo, name: str) -> None:
        super().__init__()
        self._most = 10_000
        self.cells = GridModel(model, zone, self)
        self.setModel(self.cells)
        self.setItemDelegate(_Cells(self))
        self.setAccessibleName(name)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setTabKeyNavigation(False)
        self.setShowGrid(False)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setCornerButtonEnabled(False)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        for head in (self.horizontalHeader(), self.verticalHeader()):
            head.setHighlightSections(False)
            head.setSectionsClickable(False)
            head.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
            head.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            wrapped = int(Qt.AlignmentFlag.AlignVCenter) | int(Qt.TextFlag.TextWordWrap)
            head.setDefaultAlignment(Qt.AlignmentFlag(wrapped | int(Qt.AlignmentFlag.AlignLeft)))
        self._settle()
        theme().changed.connect(self._settle)

    def show_round(self, found: Round) -> None:
        """Show a round; the keyboard stays on its cell."""
        row, column = self.place()
        self.cells.show(found)
        if self.cells.rowCount() and self.cells.columnCount():
            row = min(max(row, 0), self.cells.rowCount() - 1)
            column = min(max(column, 0), self.cells.columnCount() - 1)
            self.setCurrentIndex(self.cells.index(row, column))
        self._widths()
        self.updateGeometry()

    def place(self) -> tuple[int, int]:
        """Return the row and column of the keyboard; -1 when it is nowhere."""
        index = self.currentIndex()
        return index.row(), index.column()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        row, column = self.place()
        plain = not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        if row >= 0 and plain and self._act(event.key(), row, column):
            return
        super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        super().mousePressEvent(event)
        index = self.indexAt(event.position().toPoint())
        if index.isValid() and event.button() == Qt.MouseButton.LeftButton:
            spot = event.position().x() - self.visualRect(index).x()
            if spot < theme().px(_BOX + 18):
                self.ticked.emit(index.row(), index.column())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._widths()

    def sizeHint(self) -> QSize:
        look = theme()
        head = self.horizontalHeader().height() + 2 + self._bar()
        tall = head + self.verticalHeader().length()
        least = head + _LEAST_ROWS * look.px(_ROW)
        return QSize(look.px(500), min(tall, max(self._most, least)))

    def keep_within(self, height: int) -> None:
        """Be at most this tall, px, and scroll: the heads of the columns stay in sight."""
        if height != self._most:
            self._most = height
            self.updateGeometry()

    def minimumSizeHint(self) -> QSize:
        return QSize(theme().px(260), self.sizeHint().height())

    def _act(self, key: int, row: int, column: int) -> bool:
        if key == Qt.Key.Key_Space:
            self.ticked.emit(row, column)
        elif key == Qt.Key.Key_R:
            self.row_wanted.emit(row)
        elif key == Qt.Key.Key_C:
            self.column_wanted.emit(column)
        elif key == Qt.Key.Key_N:
            self.note_wanted.emit(row, column)
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.opened.emit(row)
        else:
            return False
        return True

    def _bar(self) -> int:
        columns = self.cells.columnCount() * theme().px(_LEAST)
        too_wide = columns + theme().px(_NAMES) > self.width()
        return self.horizontalScrollBar().sizeHint().height() if too_wide else 0

    def _settle(self) -> None:
        look = theme()
        self.verticalHeader().setDefaultSectionSize(look.px(_ROW))
        self.verticalHeader().setFixedWidth(look.px(_NAMES))
        self.horizontalHeader().setFixedHeight(look.px(92))
        for head, size in ((self.horizontalHeader(), 12), (self.verticalHeader(), 12)):
            head.setFont(look.font(size, Weight.STRONG))
            palette = head.palette()
            for role in (QPalette.ColorRole.ButtonText, QPalette.ColorRole.WindowText):
                palette.setColor(role, QColor(look.tokens.text))
            head.setPalette(palette)
        self._widths()
        self.updateGeometry()

    def _heights(self) -> None:
        """Let each row be as tall as the name of its resident: nobody's is cut off."""
        look, head = theme(), self.verticalHeader()
        letters = QFontMetrics(look.font(12, Weight.STRONG))
        wide = look.px(_NAMES - 2 * _AROUND)
        for row in range(self.cells.rowCount()):
            name = self.cells.headerData(row, Qt.Orientation.Vertical) or ""
            room = QRect(0, 0, wide, 10_000)
            tall = letters.boundingRect(room, int(Qt.TextFlag.TextWordWrap), str(name)).height()
            head.resizeSection(row, max(look.px(_ROW), tall + 2 * look.px(_AROUND)))

    def _widths(self) -> None:
        self._heights()
        count = self.cells.columnCount()
        if not count:
            return
        room = self.viewport().width()
        wide = max(room // count, theme().px(_LEAST))
        for column in range(count):
            self.setColumnWidth(column, wide)
