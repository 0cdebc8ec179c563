"""The cells of a table on screen: initials, pills, bars, words and a second line."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, cast

from PySide6.QtCore import QModelIndex, QObject, QPersistentModelIndex, QRect, Qt
from PySide6.QtGui import QColor, QPainter, QPen
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from shelter_desk.ui.table_model import LINE_ROLE, Column
from shelter_desk.ui.theme import Weight, theme
from shelter_desk.ui.tokens import Tone
from shelter_desk.ui.widgets.marks import draw_avatar, draw_pill, draw_progress

_Elide = Qt.TextElideMode.ElideRight


class Cells(QStyledItemDelegate):
    """Draws each line of a table as its columns declare."""

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
