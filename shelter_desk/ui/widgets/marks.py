"""Small signs: pills, badges, initials, tiles, key caps, progress. Each says it in words too."""

from __future__ import annotations

from PySide6.QtCore import QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPainterPath, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from shelter_desk.ui.theme import Weight, theme
from shelter_desk.ui.tokens import Tone


def initials(name: str) -> str:
    """Return up to two letters for a name: "Maya R." is "MR", "Sky" is "SK"."""
    words = [word for word in name.replace("-", " ").split() if word[0].isalnum()]
    if not words:
        return "?"
    letters = words[0][:2] if len(words) == 1 else words[0][0] + words[-1][0]
    return letters.upper()


def draw_avatar(painter: QPainter, rect: QRect, name: str) -> None:
    """Draw the initials of a name in a circle."""
    look = theme()
    colours = look.tokens.tone(Tone.ACCENT)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    ring = QColor(colours.text)
    ring.setAlphaF(0.3)
    painter.setPen(QPen(ring, 1))
    painter.setBrush(QColor(colours.soft))
    painter.drawEllipse(QRectF(rect).adjusted(0.5, 0.5, -0.5, -0.5))
    font = look.font(14, Weight.BOLD)
    font.setPixelSize(max(round(rect.height() * 0.38), 8))
    painter.setFont(font)
    painter.setPen(QColor(colours.text))
    painter.drawText(rect, Qt.AlignmentFlag.AlignCenter, initials(name))


def draw_tile(painter: QPainter, rect: QRect, icon: str, tone: Tone) -> None:
    """Draw an icon on a soft rounded ground."""
    look = theme()
    colours = look.tokens.tone(tone)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(colours.soft))
    painter.drawRoundedRect(rect, look.px(7), look.px(7))
    side = round(rect.height() * 0.57)
    mark = look.pixmap(icon, colours.text, side / look.scale)
    spot = QRect(0, 0, side, side)
    spot.moveCenter(rect.center())
    painter.drawPixmap(spot, mark, mark.rect())


class _Mark(QWidget):
    def __init__(self, name: str = "") -> None:
        super().__init__()
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(name)
        theme().changed.connect(self._changed)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def _changed(self) -> None:
        self.updateGeometry()
        self.update()


class Pill(_Mark):
    """A few words on a soft ground: "2 days late", "on track"."""

    def __init__(self, text: str, tone: Tone = Tone.NEUTRAL) -> None:
        super().__init__(text)
        self._text, self._tone = text, tone

    @property
    def text(self) -> str:
        """Return the words shown."""
        return self._text

    def say(self, text: str, tone: Tone | None = None) -> None:
        """Show other words."""
        self._text, self._tone = text, tone or self._tone
        self.setAccessibleName(text)
        self._changed()

    def sizeHint(self) -> QSize:
        look = theme()
        metrics = QFontMetrics(look.font(12, Weight.STRONG))
        return QSize(metrics.horizontalAdvance(self._text) + look.px(20), look.px(20))

    def minimumSizeHint(self) -> QSize:
        return QSize(min(self.sizeHint().width(), theme().px(60)), self.sizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        draw_pill(painter, self.rect(), self._text, self._tone)
        painter.end()


def draw_pill(painter: QPainter, rect: QRect, text: str, tone: Tone) -> None:
    """Draw words on the soft ground of a tone; they end in "…" when they do not fit."""
    look = theme()
    colours = look.tokens.tone(tone)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(colours.soft))
    painter.drawRoundedRect(QRectF(rect), rect.height() / 2, rect.height() / 2)
    painter.setFont(look.font(12, Weight.STRONG))
    painter.setPen(QColor(colours.text))
    room = rect.adjusted(look.px(8), 0, -look.px(8), 0)
    line = painter.fontMetrics().elidedText(
        text, Qt.TextElideMode.ElideRight, room.width() + look.px(2)
    )
    painter.drawText(room, Qt.AlignmentFlag.AlignCenter, line)


class Badge(_Mark):
    """A count in a circle, as on the rail. Hidden when there is nothing to count."""

    def __init__(self, count: int = 0, what: str = "") -> None:
        super().__init__()
        self._what, self._count = what, count
        self.setAccessibleName(f"{count} {what}".strip())
        if not count:
            self.hide()

    def show_count(self, count: int) -> None:
        """Show another count."""
        self._count = count
        self.setAccessibleName(f"{count} {self._what}".strip())
        self.setVisible(count > 0)
        self._changed()

    def sizeHint(self) -> QSize:
        look = theme()
        wide = QFontMetrics(look.font(12, Weight.BOLD)).horizontalAdvance(str(self._count))
        return QSize(max(look.px(20), wide + look.px(10)), look.px(20))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        draw_badge(painter, self.rect(), str(self._count))
        painter.end()


def draw_badge(painter: QPainter, rect: QRect, text: str) -> None:
    """Draw a count on the badge ground."""
    look = theme()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(look.tokens.badge))
    painter.drawRoundedRect(QRectF(rect), rect.height() / 2, rect.height() / 2)
    painter.setFont(look.font(12, Weight.BOLD))
    painter.setPen(QColor(look.tokens.badge_text))
    painter.drawText(rect, Qt.AlignmentFlag.AlignCenter, text)


class Avatar(_Mark):
    """The initials of someone in a circle."""

    def __init__(self, name: str, size: float = 32) -> None:
        super().__init__(name)
        self._name, self._size = name, size

    def show_name(self, name: str) -> None:
        """Show someone else."""
        self._name = name
        self.setAccessibleName(name)
        self.update()

    def sizeHint(self) -> QSize:
        side = theme().px(self._size)
        return QSize(side, side)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        draw_avatar(painter, self.rect(), self._name)
        painter.end()


class IconTile(_Mark):
    """An icon on a soft rounded ground, as before each service."""

    def __init__(self, icon: str, tone: Tone = Tone.ACCENT, size: float = 28) -> None:
        super().__init__()
        self._icon, self._tone, self._size = icon, tone, size

    def sizeHint(self) -> QSize:
        side = theme().px(self._size)
        return QSize(side, side)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        draw_tile(painter, self.rect(), self._icon, self._tone)
        painter.end()


class KeyCap(_Mark):
    """The name of a key, such as "Ctrl K"."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self._text = text

    def sizeHint(self) -> QSize:
        look = theme()
        measure = QFontMetrics(look.font(11, Weight.STRONG)).horizontalAdvance
        # Keys of one letter are as wide as each other, so that what stands beside them lines up.
        wide = measure(self._text if len(self._text) > 1 else "W")
        return QSize(wide + look.px(14), look.px(19))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        draw_key(painter, self.rect(), self._text)
        painter.end()


def draw_key(painter: QPainter, rect: QRect, text: str) -> None:
    """Draw a key cap."""
    look = theme()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(QColor(look.tokens.border), 1))
    painter.setBrush(QColor(look.tokens.sunken))
    painter.drawRoundedRect(QRectF(rect).adjusted(0.5, 0.5, -0.5, -0.5), 4, 4)
    painter.setFont(look.font(11, Weight.STRONG))
    painter.setPen(QColor(look.tokens.muted))
    painter.drawText(rect, Qt.AlignmentFlag.AlignCenter, text)


def draw_progress(painter: QPainter, rect: QRect, share: float, tone: Tone) -> None:
    """Draw a thin bar filled to `share` (0 to 1)."""
    tokens = theme().tokens
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    path = QPainterPath()
    path.addRoundedRect(QRectF(rect), rect.height() / 2, rect.height() / 2)
    painter.setClipPath(path)
    painter.fillRect(rect, QColor(tokens.sunken))
    filled = QRectF(rect)
    filled.setWidth(rect.width() * min(max(share, 0.0), 1.0))
    painter.fillRect(filled, QColor(tokens.tone(tone).strong))
    painter.restore()


class ProgressBar(_Mark):
    """A thin bar. Put the same in words beside it; it is never the only sign."""

    def __init__(
        self, share: float = 0.0, tone: Tone = Tone.ACCENT, *, words: str = "", width: float = 0
    ) -> None:
        super().__init__(words)
        self._share, self._tone, self._width = share, tone, width
        across = QSizePolicy.Policy.Fixed if width else QSizePolicy.Policy.Expanding
        self.setSizePolicy(across, QSizePolicy.Policy.Fixed)

    def show_share(self, share: float, words: str, tone: Tone | None = None) -> None:
        """Fill the bar to `share` (0 to 1) and say so in `words`."""
        self._share, self._tone = share, tone or self._tone
        self.setAccessibleName(words)
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(theme().px(self._width or 120), theme().px(8))

    def minimumSizeHint(self) -> QSize:
        return QSize(theme().px(self._width or 40), theme().px(8))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        draw_progress(painter, self.rect(), self._share, self._tone)
        painter.end()
