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
from PySide6.QtGui import QColor, QFont, QFontMetrics, QKeyEvent, QMouseEvent, QPainter
from PySide6.QtWidgets import (
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
)

from shelter_desk.ui.style import draw_tick_box
from shelter_desk.ui.theme import Weight, theme
from shelter_desk.ui.tokens import ROW_HEIGHT, ROW_HEIGHT_NARROW
from shelter_desk.ui.widgets.due_model import LINE_ROLE, DueLine, Urgency
from shelter_desk.ui.widgets.marks import draw_avatar, draw_tile

Index = QModelIndex | QPersistentModelIndex
_NARROW = 620  # px at 100 %: below this the row has two lines instead of columns
_Elide = Qt.TextElideMode.ElideRight
_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter


class DueDelegate(QStyledItemDelegate):
    """Paints a row: strip, tick box, icon, title and second line, who, when, role."""

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(theme().px(200), row_height(cast("QRect", cast("Any", option).rect).width()))

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


def row_height(width: int) -> int:
    """Return how tall a row of this width is; a narrow one has a line more. All in px."""
    look = theme()
    return look.px(ROW_HEIGHT_NARROW if width < look.px(_NARROW) else ROW_HEIGHT)


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
    """Write the task whole, on two lines where it needs them, and what belongs to it after it."""
    look = theme()
    font = look.font(14, Weight.NORMAL if line.checked else Weight.STRONG)
    font.setStrikeOut(line.checked)
    colour = look.tokens.muted if line.checked else look.tokens.text
    first, rest = in_two(QFontMetrics(font), line.title, room.width())
    rows = _rows_of(room, 1 + bool(rest) + bool(due or (below and not rest)))
    _write(painter, rows[0], first, font, colour)
    if rest:
        _write(painter, rows[1], rest, font, colour)
    if due:
        _draw_due(painter, rows[2 if rest else 1], line, below, due)
    elif below:
        used = QFontMetrics(font).horizontalAdvance(f"{rest}  ") if rest else 0
        after = rows[1].adjusted(min(used, rows[1].width()), 0, 0, 0)
        _write(painter, after, below, look.font(12), look.tokens.muted)


def in_two(metrics: QFontMetrics, text: str, width: int) -> tuple[str, str]:
    """Return the words that fit on one line, and those that do not."""
    if metrics.horizontalAdvance(text) <= width:
        return text, ""
    words = text.split(" ")
    count = max(len(words) - 1, 1)
    while count > 1 and metrics.horizontalAdvance(" ".join(words[:count])) > width:
        count -= 1
    return " ".join(words[:count]), " ".join(words[count:])


def _rows_of(room: QRect, count: int) -> list[QRect]:
    """Return the lines of a row, as close together as text stands."""
    tall = theme().px(20)
    top = room.y() + (room.height() - tall * count) // 2
    return [QRect(room.x(), top + tall * n, room.width(), tall) for n in range(count)]


def _draw_due(painter: QPainter, lower: QRect, line: DueLine, below: str, due: str) -> None:
    look = theme()
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
