"""The recovery kit as it will lie on paper: code in eight groups, and the same as a QR code."""

from __future__ import annotations

from PySide6.QtCore import QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from shelter_desk.ui.dates import show_day
from shelter_desk.ui.door_values import Kit
from shelter_desk.ui.theme import Weight, theme

_INK, _QUIET, _PAPER, _RULE = "#1E2528", "#545E64", "#FFFFFF", "#DAD7CF"  # paper is never dark


def qr_image(text: str) -> QImage:
    """Return a QR code, one px per module, without a border."""
    # heavy: tables of the code
    import segno  # noqa: PLC0415 - start-up time

    matrix = segno.make(text, error="m", micro=False).matrix
    side = len(matrix)
    image = QImage(side, side, QImage.Format.Format_RGB32)
    image.fill(QColor(_PAPER))
    for y, line in enumerate(matrix):
        for x, module in enumerate(line):
            if module:
                image.setPixelColor(x, y, QColor(_INK))
    return image


class KitPaper(QWidget):
    """A picture of the sheet, so that it is known what comes out of the printer."""

    def __init__(self, kit: Kit) -> None:
        super().__init__()
        self._kit = kit
        self._qr = qr_image(kit.code)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(self.tr("The recovery kit. Its code: {0}").format(kit.code))
        theme().changed.connect(self.updateGeometry)

    def sizeHint(self) -> QSize:
        return QSize(theme().px(392), theme().px(316))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        look = theme()
        px = look.px
        painter = QPainter(self)
        painter.setPen(QPen(QColor(look.tokens.border_strong), 1))
        painter.setBrush(QColor(_PAPER))
        painter.drawRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5))
        inset, wide = px(22), self.width() - px(44)
        painter.setFont(look.font(15, Weight.STRONG))
        painter.setPen(QColor(_INK))
        title = self.tr("Recovery kit – {0}").format(self._kit.shelter)
        title = painter.fontMetrics().elidedText(title, Qt.TextElideMode.ElideRight, wide)
        painter.drawText(QRect(inset, px(16), wide, px(26)), Qt.AlignmentFlag.AlignVCenter, title)
        made = self.tr("Made {0} · keep it in a safe, not near the computer")
        self._quiet(painter, px(42), made.format(show_day(self._kit.made_on)))
        painter.fillRect(inset, px(68), wide, 1, QColor(_RULE))
        painter.drawImage(QRect(inset, px(82), px(116), px(116)), self._qr)
        self._draw_code(painter)
        painter.fillRect(inset, px(212), wide, 1, QColor(_RULE))
        for number, line in enumerate(self._steps()):
            self._quiet(painter, px(220 + 22 * number), line)
        painter.end()

    def _steps(self) -> tuple[str, ...]:
        return (
            self.tr("1.  Open Shelter Desk, choose “I forgot it”."),
            self.tr("2.  Type these 32 characters, or scan the code."),
            self.tr("3.  On a new computer, first restore the newest backup."),
            self.tr("Kept by: ____________________   Checked: ____________"),
        )

    def _draw_code(self, painter: QPainter) -> None:
        look = theme()
        px = look.px
        for place, group in enumerate(self._kit.code.split("-")):
            across, down = divmod(place, 4)
            spot = QRect(px(158 + 108 * across), px(80 + 30 * down), px(104), px(30))
            painter.setFont(look.font(13))
            painter.setPen(QColor(_QUIET))
            painter.drawText(spot, Qt.AlignmentFlag.AlignVCenter, str(place + 1))
            font = look.font(16, Weight.STRONG)
            font.setLetterSpacing(font.SpacingType.AbsoluteSpacing, px(2))
            painter.setFont(font)
            painter.setPen(QColor(_INK))
            painter.drawText(spot.adjusted(px(18), 0, 0, 0), Qt.AlignmentFlag.AlignVCenter, group)

    def _quiet(self, painter: QPainter, y: int, text: str) -> None:
        look = theme()
        painter.setFont(look.font(12))
        painter.setPen(QColor(_QUIET))
        inset = look.px(22)
        room = QRect(inset, y, self.width() - 2 * inset, look.px(22))
        words = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, room.width())
        painter.drawText(room, Qt.AlignmentFlag.AlignVCenter, words)
