"""Words on screen: labels in the sizes and colours of the theme."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPalette, QResizeEvent
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

from shelter_desk.ui.scale import lettering
from shelter_desk.ui.theme import Weight, shade, theme
from shelter_desk.ui.tokens import TEXT, Tone

_KINDS: dict[str, tuple[str, Weight, str]] = {  # kind -> size, weight, colour
    "body": ("body", Weight.NORMAL, "text"),
    "strong": ("body", Weight.STRONG, "text"),
    "muted": ("body", Weight.NORMAL, "muted"),
    "caption": ("caption", Weight.NORMAL, "muted"),
    "caption-strong": ("caption", Weight.STRONG, "muted"),
    "faint": ("caption", Weight.NORMAL, "faint"),
    "h1": ("h1", Weight.BOLD, "text"),
    "h2": ("h2", Weight.STRONG, "text"),
    "h3": ("h3", Weight.STRONG, "text"),
    "number": ("number", Weight.BOLD, "text"),
    "clock": ("clock", Weight.NORMAL, "muted"),
    "nav": ("body", Weight.NORMAL, "nav_text"),
    "nav-strong": ("h3", Weight.STRONG, "nav_text"),
    "nav-caption": ("caption", Weight.NORMAL, "nav_muted"),
}


class Label(QLabel):
    """A line of words, or a paragraph when `wrap` is set. Plain text only.

    `kind` is one of body, strong, muted, caption, caption-strong, faint, h1, h2, h3, number.
    A `tone` colours it. A line that does not fit ends in "…" and shows the whole as a tool tip.
    """

    def __init__(
        self, text: str = "", kind: str = "body", *, tone: Tone | None = None, wrap: bool = False
    ) -> None:
        super().__init__(text)
        self._kind, self._tone = kind, tone
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setWordWrap(wrap)
        size, weight, _ = _KINDS[kind]
        bold = Weight.STRONG if tone not in (None, Tone.NEUTRAL, Tone.ACCENT) else weight
        lettering(self, TEXT[size], max(weight, bold))
        if not wrap:
            self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self._recolour()
        theme().changed.connect(self._recolour)

    def set_tone(self, tone: Tone | None) -> None:
        """Colour the words by what they say."""
        self._tone = tone
        self._recolour()

    def minimumSizeHint(self) -> QSize:
        hint = super().minimumSizeHint()
        if self.wordWrap() or not self.pixmap().isNull():
            return hint
        return QSize(min(hint.width(), theme().px(24)), hint.height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if not self.wordWrap():
            self.setToolTip("" if self._fits() else self.text())

    def paintEvent(self, event: QPaintEvent) -> None:
        if self.wordWrap() or self._fits():
            super().paintEvent(event)
            return
        painter = QPainter(self)
        rect = self.contentsRect()
        line = self.fontMetrics().elidedText(
            self.text(), Qt.TextElideMode.ElideRight, rect.width()
        )
        painter.setPen(self.palette().color(QPalette.ColorRole.WindowText))
        painter.drawText(rect, self.alignment() | Qt.AlignmentFlag.AlignVCenter, line)
        painter.end()

    def _fits(self) -> bool:
        return "\n" in self.text() or (
            self.fontMetrics().horizontalAdvance(self.text()) <= self.contentsRect().width() + 1
        )

    def _recolour(self) -> None:
        tokens = theme().tokens
        colour = tokens.colour(_KINDS[self._kind][2])
        if self._tone is not None:
            colour = tokens.tone(self._tone).strong
        shade(self, QPalette.ColorRole.WindowText, colour)


class Icon(QLabel):
    """A picture that goes with words beside it, so screen readers pass it by."""

    def __init__(self, name: str, colour: str = "muted", size: float = 18) -> None:
        super().__init__()
        self._name, self._colour, self._size = name, colour, size
        self._draw()
        theme().changed.connect(self._draw)

    def show_icon(self, name: str, colour: str | None = None) -> None:
        """Show another icon."""
        self._name, self._colour = name, colour or self._colour
        self._draw()

    def _draw(self) -> None:
        look = theme()
        self.setPixmap(look.pixmap(self._name, self._colour, self._size))
        self.setFixedSize(look.px(self._size), look.px(self._size))


def tone_icon(tone: Tone) -> str:
    """Return the icon that says the same as the tone's colour."""
    return {
        Tone.OK: "circle-check",
        Tone.WARN: "triangle-alert",
        Tone.DANGER: "triangle-alert",
    }.get(tone, "info")


def tone_colour(tone: Tone) -> str:
    """Return the token name of a tone's text colour on its soft ground."""
    return "muted" if tone is Tone.NEUTRAL else f"{tone.value}_text"


def name_it(widget: QWidget, name: str, description: str = "") -> None:
    """Give a widget its name and description for screen readers."""
    widget.setAccessibleName(name)
    if description:
        widget.setAccessibleDescription(description)


def announce(widget: QWidget, text: str) -> None:
    """Have a screen reader say something that only appeared on screen."""
    if not text:
        return
    # heavy: the tables of every role
    from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent  # noqa: PLC0415 - start-up time

    if QAccessible.isActive():
        QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(widget, text))
