"""The table on screen: a view of `TableModel` with pills, bars, initials and second lines."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Generic, TypeVar, cast

from PySide6.QtCore import (
    QEvent,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QRect,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import (
    QColor,
    QGuiApplication,
    QKeyEvent,
    QKeySequence,
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

from shelter_desk.ui.in_sight import lead_to_line
from shelter_desk.ui.table_model import LINE_ROLE, Column, TableModel
from shelter_desk.ui.theme import Weight, theme
from shelter_desk.ui.tokens import Tone
from shelter_desk.ui.widgets.column_widths import column_widths
from shelter_desk.ui.widgets.marks import draw_avatar, draw_pill, draw_progress

Line = TypeVar("Line")
_Elide = Qt.TextElideMode.ElideRight


class _Cells(QStyledItemDelegate):
    def __init__(self, columns: Sequence[Column[Any]], parent: QObject) -> None:
        super().__init__(parent)
        self._columns = columns

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        place = cast("Any", option)
        tokens, rect = theme().tokens, cast("QRect", place.rect)
        column, line = self._columns[index.column()], index.data(LINE_ROLE)
        painter.save()
        if place.state & QStyle.StateFlag.State_Selected:
            painter.fillRect(rect, QColor(tokens.selection))
            if tokens.selection == tokens.surface:  # high contrast: a line instead of a ground
                painter.fillRect(
                    rect.x(), rect.bottom() - 3, rect.width(), 3, QColor(tokens.primary)
                )
        painter.setPen(QColor(tokens.border))
        painter.drawLine(rect.bottomLeft(), rect.bottomRight())
        room = rect.adjusted(theme().px(10), 0, -theme().px(6), -1)
        _draw_cell(painter, room, column, line)
        if place.state & QStyle.StateFlag.State_HasFocus:
            painter.setPen(QPen(QColor(tokens.focus), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(rect.adjusted(1, 1, -2, -2), 4, 4)
        painter.restore()


def _draw_cell(painter: QPainter, room: QRect, column: Column[Any], line: object) -> None:
    look, text = theme(), column.show(line)
    tone = column.tone(line) if column.tone else None
    if column.avatar and text:
        side = min(look.px(34), room.height() - look.px(6))
        spot = QRect(room.x(), room.y() + (room.height() - side) // 2, side, side)
        draw_avatar(painter, spot, text)
        room = room.adjusted(side + look.px(10), 0, 0, 0)
    if tone is not None:
        _draw_pill(painter, room, text, tone)
        return
    if column.share is not None:
        wide = max(room.width() - look.px(52), look.px(20))
        bar = QRect(room.x(), room.center().y() - look.px(4), wide, look.px(8))
        draw_progress(painter, bar, column.share(line), Tone.ACCENT)
        room = room.adjusted(wide + look.px(8), 0, 0, 0)
    below = column.below(line) if column.below else ""
    tone = column.below_tone(line) if column.below_tone else None
    _draw_words(painter, room, text, column, below, tone)


def _draw_pill(painter: QPainter, room: QRect, text: str, tone: Tone) -> None:
    look = theme()
    if not text:
        return
    painter.setFont(look.font(12, Weight.STRONG))
    wide = min(painter.fontMetrics().horizontalAdvance(text) + look.px(20), room.width())
    high = look.px(20)
    draw_pill(painter, QRect(room.x(), room.center().y() - high // 2, wide, high), text, tone)


def _draw_words(
    painter: QPainter, room: QRect, text: str, column: Column[Any], below: str, tone: Tone | None
) -> None:
    look = theme()
    side = Qt.AlignmentFlag.AlignRight if column.number else Qt.AlignmentFlag.AlignLeft
    strong = column.avatar or column.below is not None
    quiet = column.quiet or column.share is not None
    painter.setFont(look.font(12 if quiet else 14, Weight.STRONG if strong else Weight.NORMAL))
    painter.setPen(QColor(look.tokens.muted if quiet else look.tokens.text))
    upper, lower = room, room
    is_long = painter.fontMetrics().horizontalAdvance(text) > room.width()
    if column.wrap and is_long and room.height() > look.px(80):
        flags = side | Qt.TextFlag.TextWordWrap
        taken = painter.boundingRect(room, flags, text).height()
        spare = room.height() - taken - (look.px(16) if below else 0)
        room = room.adjusted(0, max(spare // 2, 0), 0, 0)
        painter.drawText(room, flags, text)
        _draw_below(painter, room.adjusted(0, taken, 0, 0), side, below, tone)
        return
    if below:
        half = room.height() // 2
        upper = room.adjusted(0, 0, 0, -half + look.px(1))
        lower = room.adjusted(0, half + look.px(1), 0, 0)
    words = painter.fontMetrics().elidedText(text, _Elide, upper.width())
    low = Qt.AlignmentFlag.AlignBottom if below else Qt.AlignmentFlag.AlignVCenter
    painter.drawText(upper, side | low, words)
    if below:
        _draw_below(painter, lower, side, below, tone)


def _draw_below(
    painter: QPainter, room: QRect, side: Qt.AlignmentFlag, below: str, tone: Tone | None
) -> None:
    """Draw the second line: muted, or in the colour of its tone."""
    look = theme()
    is_plain = tone is None or tone is Tone.NEUTRAL
    painter.setFont(look.font(12, Weight.NORMAL if is_plain else Weight.STRONG))
    colour = look.tokens.muted if tone is None or is_plain else look.tokens.tone(tone).text
    painter.setPen(QColor(colour))
    words = painter.fontMetrics().elidedText(below, _Elide, room.width())
    painter.drawText(room, side | Qt.AlignmentFlag.AlignTop, words)


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
        self.setItemDelegate(_Cells(self._columns, self))
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
            QGuiApplication.clipboard().setText(self.lines_model.as_csv())
            return
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.line() is not None:
            self._opened(self.currentIndex())
            return
        super().keyPressEvent(event)

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
