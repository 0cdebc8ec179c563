"""The list of things that wait: one row each, ticked with Space, noted with N, opened with Enter.

For page writers::

    self.list = DueList(self.tr("Overdue"))
    self.list.show_lines([DueLine(key=(stay, item), title="Health screening", who="Maya R.",
                                  due=self.tr("2 days late"), urgency=Urgency.LATE,
                                  icon="stethoscope", tone=Tone.INFO, below="Medical",
                                  role=self.tr("Nurse"))])
    self.list.ticked.connect(self._tick)      # (line, checked): do the command, then show_lines
    self.list.note_wanted.connect(...)        # line
    self.list.opened.connect(...)             # line

`title`, `who` and `due` are what a screen reader says for a row; `below` and `role` describe it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Any, cast

from PySide6.QtCore import (
    QAbstractItemModel,
    QAbstractListModel,
    QEvent,
    QItemSelectionModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QRect,
    QRectF,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QColor, QFont, QKeyEvent, QMouseEvent, QPainter
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QListView,
    QScrollArea,
    QSizePolicy,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from shelter_desk.ui.style import draw_tick_box
from shelter_desk.ui.theme import Weight, theme
from shelter_desk.ui.tokens import ROW_HEIGHT, Tone
from shelter_desk.ui.widgets.marks import draw_avatar, draw_tile

Index = QModelIndex | QPersistentModelIndex
LINE_ROLE = int(Qt.ItemDataRole.UserRole) + 1
_NARROW = 620  # px at 100 %: below this the row has two lines instead of columns
_TOP = QModelIndex()
_Elide = Qt.TextElideMode.ElideRight
_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter


class Urgency(Enum):
    """How the due words are coloured; the words say it too."""

    LATE = "late"
    SOON = "soon"
    LATER = "later"
    DONE = "done"

    @property
    def tone(self) -> Tone:
        """Return the tone of the words."""
        return {
            Urgency.LATE: Tone.DANGER,
            Urgency.SOON: Tone.WARN,
            Urgency.LATER: Tone.NEUTRAL,
            Urgency.DONE: Tone.OK,
        }[self]


@dataclass(frozen=True, slots=True)
class DueLine:
    """One row. `key` is whatever the page needs to know which thing it is."""

    key: object
    title: str
    due: str = ""
    urgency: Urgency = Urgency.LATER
    who: str = ""
    below: str = ""
    role: str = ""
    icon: str = "list-checks"
    tone: Tone = Tone.ACCENT
    checked: bool = False


class DueModel(QAbstractListModel):
    """Holds the lines of a `DueList`."""

    ticked = Signal(object, bool)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._lines: tuple[DueLine, ...] = ()

    @property
    def lines(self) -> tuple[DueLine, ...]:
        """Return the lines shown, top to bottom."""
        return self._lines

    def show(self, lines: Sequence[DueLine]) -> None:
        """Show these lines instead."""
        self.beginResetModel()
        self._lines = tuple(lines)
        self.endResetModel()

    def rowCount(self, parent: Index = _TOP) -> int:
        return 0 if parent.isValid() else len(self._lines)

    def flags(self, index: Index) -> Qt.ItemFlag:
        if not index.isValid():
            return Qt.ItemFlag.NoItemFlags
        flag = Qt.ItemFlag
        return flag.ItemIsEnabled | flag.ItemIsSelectable | flag.ItemIsUserCheckable

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:  # noqa: ANN401 - Qt's QVariant
        if not index.isValid():
            return None
        line = self._lines[index.row()]
        if role == LINE_ROLE:
            return line
        if role == Qt.ItemDataRole.CheckStateRole:
            return Qt.CheckState.Checked if line.checked else Qt.CheckState.Unchecked
        return _words(line).get(role)

    def setData(
        self,
        index: Index,
        value: Any,  # noqa: ANN401 - Qt's QVariant
        role: int = Qt.ItemDataRole.EditRole,
    ) -> bool:
        if role != Qt.ItemDataRole.CheckStateRole or not index.isValid():
            return False
        checked = Qt.CheckState(value) == Qt.CheckState.Checked
        self.ticked.emit(self._lines[index.row()], checked)
        return True


def _words(line: DueLine) -> dict[int, str]:
    said = ", ".join(part for part in (line.title, line.who, line.due) if part)
    more = ", ".join(part for part in (line.below, line.role) if part)
    return {
        int(Qt.ItemDataRole.DisplayRole): line.title,
        int(Qt.ItemDataRole.ToolTipRole): "\n".join(p for p in (line.title, line.below) if p),
        int(Qt.ItemDataRole.AccessibleTextRole): said,
        int(Qt.ItemDataRole.AccessibleDescriptionRole): more,
    }


class DueDelegate(QStyledItemDelegate):
    """Paints a row: strip, tick box, icon, title and second line, who, when, role."""

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(theme().px(200), theme().px(ROW_HEIGHT))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        place = cast("Any", option)
        rect, line = cast("QRect", place.rect), cast("DueLine", index.data(LINE_ROLE))
        chosen = bool(place.state & QStyle.StateFlag.State_Selected)
        focused = bool(place.state & QStyle.StateFlag.State_HasFocus)
        last = index.row() == index.model().rowCount() - 1
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        _draw_ground(painter, rect, line, chosen=chosen, last=last)
        draw_tick_box(painter, tick_box(rect), checked=line.checked, focused=focused)
        if focused:
            _draw_ring(painter, rect)
        if rect.width() < theme().px(_NARROW):
            _draw_narrow(painter, rect, line)
        else:
            _draw_wide(painter, rect, line)
        painter.restore()

    def editorEvent(
        self,
        event: QEvent,
        model: QAbstractItemModel,
        option: QStyleOptionViewItem,
        index: Index,
    ) -> bool:
        if not _means_tick(event, cast("QRect", cast("Any", option).rect)):
            return False
        now = index.data(Qt.ItemDataRole.CheckStateRole)
        wanted = Qt.CheckState.Unchecked if now == Qt.CheckState.Checked else Qt.CheckState.Checked
        return model.setData(index, wanted, Qt.ItemDataRole.CheckStateRole)


def tick_box(rect: QRect) -> QRect:
    """Return where the tick box is within a row."""
    look = theme()
    side = look.px(22)
    return QRect(rect.x() + look.px(14), rect.y() + (rect.height() - side) // 2, side, side)


def _means_tick(event: QEvent, rect: QRect) -> bool:
    if isinstance(event, QMouseEvent) and event.type() == QEvent.Type.MouseButtonRelease:
        # A generous target: everything left of the icon.
        reach = QRect(rect.x(), rect.y(), theme().px(46), rect.height())
        return event.button() == Qt.MouseButton.LeftButton and reach.contains(
            event.position().toPoint()
        )
    if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
        return event.key() in (Qt.Key.Key_Space, Qt.Key.Key_Select)
    return False


def _draw_ground(
    painter: QPainter, rect: QRect, line: DueLine, *, chosen: bool, last: bool
) -> None:
    look = theme()
    inner = rect.adjusted(0, look.px(3), 0, -look.px(3))
    if not last:
        painter.fillRect(rect.x(), rect.bottom(), rect.width(), 1, QColor(look.tokens.border))
    painter.setPen(Qt.PenStyle.NoPen)
    if chosen:
        painter.setBrush(QColor(look.tokens.selection))
        if look.tokens.selection == look.tokens.surface:  # high contrast: a line round the row
            painter.setPen(QColor(look.tokens.primary))
        painter.drawRoundedRect(inner, look.px(6), look.px(6))
    if line.urgency is Urgency.LATE:
        painter.setBrush(QColor(look.tokens.danger))
        painter.drawRoundedRect(QRectF(inner.x(), inner.y(), look.px(4), inner.height()), 2, 2)


def _draw_ring(painter: QPainter, rect: QRect) -> None:
    look = theme()
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QColor(look.tokens.focus))
    inner = QRectF(rect).adjusted(0.5, look.px(3) + 0.5, -0.5, -look.px(3) - 0.5)
    painter.drawRoundedRect(inner, look.px(6), look.px(6))


def _draw_wide(painter: QPainter, rect: QRect, line: DueLine) -> None:
    look = theme()
    px = look.px
    side = px(28)
    tile = QRect(rect.x() + px(54), rect.y() + (rect.height() - side) // 2, side, side)
    draw_tile(painter, tile, line.icon, line.tone)
    right = rect.right() - px(8)
    role = QRect(right - px(84), rect.y(), px(84), rect.height())
    due = QRect(role.left() - px(128), rect.y(), px(124), rect.height())
    who = QRect(due.left() - px(136), rect.y(), px(130), rect.height())
    words = QRect(tile.right() + px(10), rect.y(), 0, rect.height())
    words.setRight(who.left() - px(10))
    _draw_title(painter, words, line, line.below, None)
    if line.who:
        face = px(24)
        draw_avatar(painter, QRect(who.x(), rect.center().y() - face // 2, face, face), line.who)
        name = who.adjusted(face + px(6), 0, 0, 0)
        _write(painter, name, line.who, look.font(14), look.tokens.text)
    strong = Weight.NORMAL if line.urgency is Urgency.LATER else Weight.STRONG
    _write(painter, due, line.due, look.font(14, strong), _due_colour(line))
    _write(painter, role, line.role, look.font(12), look.tokens.muted)


def _draw_narrow(painter: QPainter, rect: QRect, line: DueLine) -> None:
    px = theme().px
    words = rect.adjusted(px(48), 0, -px(8), 0)
    _draw_title(painter, words, line, line.who or line.below, line.due)


def _draw_title(
    painter: QPainter, room: QRect, line: DueLine, below: str, due: str | None
) -> None:
    look = theme()
    half = room.height() // 2
    upper = room.adjusted(0, look.px(6), 0, -half + look.px(2))
    lower = room.adjusted(0, half, 0, -look.px(6))
    font = look.font(14, Weight.NORMAL if line.checked else Weight.STRONG)
    font.setStrikeOut(line.checked)
    colour = look.tokens.muted if line.checked else look.tokens.text
    if not below and not due:
        upper = room
    _write(painter, upper, line.title, font, colour)
    if not due:
        _write(painter, lower, below, look.font(12), look.tokens.muted)
        return
    painter.setFont(look.font(12, Weight.STRONG))
    wide = painter.fontMetrics().horizontalAdvance(due)
    first = f"{below}  ·  " if below else ""
    painter.setFont(look.font(12))
    lead = min(painter.fontMetrics().horizontalAdvance(first), max(lower.width() - wide, 0))
    before = QRect(lower.x(), lower.y(), lead, lower.height())
    _write(painter, before, first, look.font(12), look.tokens.text)
    after = lower.adjusted(lead, 0, 0, 0)
    _write(painter, after, due, look.font(12, Weight.STRONG), _due_colour(line))


def _due_colour(line: DueLine) -> str:
    return theme().tokens.tone(line.urgency.tone).strong


def _write(painter: QPainter, room: QRect, text: str, font: QFont, colour: str) -> None:
    painter.setFont(font)
    painter.setPen(QColor(colour))
    words = painter.fontMetrics().elidedText(text, _Elide, room.width() + 1)
    painter.drawText(room, _LEFT, words)


class DueList(QListView):
    """As tall as its rows; the page around it scrolls. See the module for its signals."""

    ticked = Signal(object, bool)
    note_wanted = Signal(object)
    opened = Signal(object)

    def __init__(self, name: str) -> None:
        super().__init__()
        self._model = DueModel(self)
        self._model.ticked.connect(self.ticked)
        self.setModel(self._model)
        self.setItemDelegate(DueDelegate(self))
        self.setAccessibleName(name)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setUniformItemSizes(True)
        self.viewport().setAutoFillBackground(False)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.doubleClicked.connect(self._opened)
        theme().changed.connect(self._settle)

    @property
    def lines(self) -> tuple[DueLine, ...]:
        """Return the lines shown."""
        return self._model.lines

    def show_lines(self, lines: Sequence[DueLine]) -> None:
        """Show these lines; the chosen one, or else its place, stays chosen."""
        before = self.line()
        row = self.currentIndex().row()
        self._model.show(lines)
        keys = [line.key for line in lines]
        if before is not None and before.key in keys:
            row = keys.index(before.key)
        if row >= 0 and lines:
            self.setCurrentIndex(self._model.index(min(row, len(lines) - 1)))
        self.updateGeometry()

    def line(self) -> DueLine | None:
        """Return the line chosen, or None."""
        index = self.currentIndex()
        return cast("DueLine", index.data(LINE_ROLE)) if index.isValid() else None

    def sizeHint(self) -> QSize:
        return QSize(theme().px(300), self._model.rowCount() * theme().px(ROW_HEIGHT))

    def minimumSizeHint(self) -> QSize:
        return QSize(theme().px(200), self.sizeHint().height())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        line = self.line()
        if line is not None and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.opened.emit(line)
            return
        if line is not None and event.key() == Qt.Key.Key_N and not event.modifiers():
            self.note_wanted.emit(line)
            return
        if not self._leaves(event.key()):
            super().keyPressEvent(event)

    def focusInEvent(self, event: Any) -> None:  # noqa: ANN401 - a QFocusEvent
        super().focusInEvent(event)
        for other in self.window().findChildren(DueList):
            if other is not self:
                other.clearSelection()  # one chosen row on the page, not one in each list
        if self.lines and not self.currentIndex().isValid():
            self.setCurrentIndex(self._model.index(0))
        elif self.lines:
            self.selectionModel().select(
                self.currentIndex(), QItemSelectionModel.SelectionFlag.ClearAndSelect
            )

    def currentChanged(self, current: Index, previous: Index) -> None:
        super().currentChanged(current, previous)
        area = self._scroll_area()
        inside = area.widget() if area is not None else None
        if area is not None and inside is not None and current.isValid():
            spot = self.mapTo(inside, self.visualRect(current).center())
            area.ensureVisible(spot.x(), spot.y(), 0, theme().px(ROW_HEIGHT))

    def _leaves(self, key: int) -> bool:
        # Several lists stand below each other on a page: the arrows walk through all of them.
        row, last = self.currentIndex().row(), self._model.rowCount() - 1
        if key == Qt.Key.Key_Down and row == last:
            return self._step(forward=True)
        if key == Qt.Key.Key_Up and row <= 0:
            return self._step(forward=False)
        return False

    def _step(self, *, forward: bool) -> bool:
        widget = self._neighbour(forward=forward)
        if not isinstance(widget, DueList) or not widget.lines:
            return False
        widget.setFocus(Qt.FocusReason.TabFocusReason)
        row = 0 if forward else len(widget.lines) - 1
        widget.setCurrentIndex(widget.model().index(row, 0))
        self.clearSelection()
        return True

    def _neighbour(self, *, forward: bool) -> QWidget | None:
        widget: QWidget | None = self
        while widget is not None:
            widget = widget.nextInFocusChain() if forward else widget.previousInFocusChain()
            if widget is self or widget is None:
                return None
            reached = bool(widget.focusPolicy() & Qt.FocusPolicy.TabFocus) and widget.isVisible()
            if reached and not self.isAncestorOf(widget):
                return widget
        return None

    def _scroll_area(self) -> QScrollArea | None:
        parent = self.parentWidget()
        while parent is not None and not isinstance(parent, QScrollArea):
            parent = parent.parentWidget()
        return parent

    def _opened(self, index: QModelIndex) -> None:
        self.opened.emit(index.data(LINE_ROLE))

    def _settle(self) -> None:
        self.updateGeometry()
        self.scheduleDelayedItemsLayout()
        self.viewport().update()
