"""How a line of a `DueList` is painted, and what counts as ticking it."""

from __future__ import annotations

from typing import Any, cast

from PySide6.QtCore import (
    QAbstractItemModel,
    QEvent,
    QModelIndex,
    QPersistentModelIndex,
    QRect,
    QRectF,
    QSize,
    Qt,
)
from PySide6.QtGui import QColor, QFont, QKeyEvent, QMouseEvent, QPainter
from PySide6.QtWidgets import (
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
)

from shelter_desk.ui.style import draw_tick_box
from shelter_desk.ui.theme import Weight, theme
from shelter_desk.ui.tokens import ROW_HEIGHT
from shelter_desk.ui.widgets.due_model import LINE_ROLE, DueLine, Urgency
from shelter_desk.ui.widgets.marks import draw_avatar, draw_tile

Index = QModelIndex | QPersistentModelIndex
_NARROW = 620  # px at 100 %: below this the row has two lines instead of columns
_Elide = Qt.TextElideMode.ElideRight
_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter


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
    if line.icon:
        draw_tile(painter, tile, line.icon, line.tone)
    right = rect.right() - px(8)
    role = QRect(right - px(84), rect.y(), px(84), rect.height())
    due = QRect(role.left() - px(146), rect.y(), px(142), rect.height())
    who = QRect(due.left() - px(128), rect.y(), px(122), rect.height())
    start = tile.right() + px(10) if line.icon else tile.left() - px(6)
    words = QRect(start, rect.y(), 0, rect.height())
    words.setRight((who if line.who else due).left() - px(10))
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
