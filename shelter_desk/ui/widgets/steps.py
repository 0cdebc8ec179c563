"""The steps of something done in order: which are done, which is now, which are to come."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from shelter_desk.ui.theme import Weight, theme

_DOT, _GAP, _LINE = 24, 8, 26


class Steps(QWidget):
    """Numbered circles with names; only the present one is named where there is no room."""

    def __init__(self, names: Sequence[str]) -> None:
        super().__init__()
        self._names, self._now = tuple(names), 0
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.set_now(0)
        theme().changed.connect(self.updateGeometry)

    def set_now(self, place: int) -> None:
        """Show which step it is, from 0. A place past the end means all is done."""
        self._now = place
        if place < len(self._names):
            words = self.tr("Step {0} of {1}: {2}")
            shown = words.format(place + 1, len(self._names), self._names[place])
        else:
            shown = self.tr("All steps are done")
        self.setAccessibleName(shown)
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(theme().px(300), theme().px(28))

    def minimumSizeHint(self) -> QSize:
        return QSize(theme().px(200), theme().px(28))

    def paintEvent(self, event: QPaintEvent) -> None:
        look = theme()
        px = look.px
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        wide = [
            QFontMetrics(self._font(n)).horizontalAdvance(t) for n, t in enumerate(self._names)
        ]
        asked = sum(wide) + len(wide) * px(_DOT + 3 * _GAP) + (len(wide) - 1) * px(_LINE)
        short = asked > self.width()
        used = [w if not short or n == self._now else 0 for n, w in enumerate(wide)]
        gaps = max(len(used) - 1, 1)
        spare = self.width() - sum(used) - len(used) * px(_DOT + _GAP) - gaps * 2 * px(_GAP)
        line = max(spare // gaps, px(6))
        left = 0
        for place in range(len(self._names)):
            self._draw_dot(
                painter, QRect(left, (self.height() - px(_DOT)) // 2, px(_DOT), px(_DOT)), place
            )
            left += px(_DOT + _GAP)
            if used[place]:
                self._draw_name(painter, QRect(left, 0, used[place] + 4, self.height()), place)
                left += used[place] + px(_GAP)
            if place < len(self._names) - 1:
                painter.fillRect(left, self.height() // 2, line, 1, QColor(look.tokens.border))
                left += line + px(_GAP)
        painter.end()

    def _font(self, place: int) -> QFont:
        return theme().font(14, Weight.STRONG if place == self._now else Weight.NORMAL)

    def _draw_dot(self, painter: QPainter, rect: QRect, place: int) -> None:
        look = theme()
        tokens = look.tokens
        reached = place <= self._now
        painter.setPen(QPen(QColor(tokens.primary if reached else tokens.border_strong), 1))
        painter.setBrush(QColor(tokens.primary if reached else tokens.surface))
        painter.drawEllipse(QRectF(rect).adjusted(0.5, 0.5, -0.5, -0.5))
        if place < self._now:
            side = look.px(14)
            mark = look.pixmap("check", "primary_text", 14, stroke=3)
            spot = QRect(0, 0, side, side)
            spot.moveCenter(rect.center())
            painter.drawPixmap(spot, mark, mark.rect())
            return
        painter.setFont(look.font(12, Weight.BOLD))
        painter.setPen(QColor(tokens.primary_text if reached else tokens.muted))
        painter.drawText(rect, Qt.AlignmentFlag.AlignCenter, str(place + 1))

    def _draw_name(self, painter: QPainter, rect: QRect, place: int) -> None:
        tokens = theme().tokens
        painter.setFont(self._font(place))
        painter.setPen(QColor(tokens.text if place == self._now else tokens.muted))
        painter.drawText(rect, Qt.AlignmentFlag.AlignVCenter, self._names[place])
