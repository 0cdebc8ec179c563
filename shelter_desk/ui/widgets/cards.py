"""Grounds that things stand on: cards, lines, banners, empty notes, scrolling columns."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import (
    QBoxLayout,
    QFrame,
    QScrollArea,
    QSizePolicy,
    QWidget,
)

from shelter_desk.ui.scale import NONE, STRETCH, Margins, Part, column, fill, measures, row
from shelter_desk.ui.theme import theme
from shelter_desk.ui.tokens import RADIUS_CARD, Tone
from shelter_desk.ui.widgets.text import Icon, Label, tone_colour, tone_icon

CARD_MARGINS: Margins = (16, 14, 16, 14)


class Card(QWidget):
    """A rounded ground with a layout. Parts are those of `scale.fill`.

    `ground` is surface, raised or sunken; a `tone` takes the soft ground of the tone instead.
    """

    def __init__(
        self,
        *parts: Part,
        ground: str = "surface",
        tone: Tone | None = None,
        spacing: float = 8,
        margins: Margins = CARD_MARGINS,
        across: bool = False,
    ) -> None:
        super().__init__()
        self._ground, self._tone = ground, tone
        way = QBoxLayout.Direction.LeftToRight if across else QBoxLayout.Direction.TopToBottom
        self._box = QBoxLayout(way, self)
        fill(self._box, parts, spacing=spacing, margins=margins)

    def add(self, *parts: Part) -> None:
        """Put more parts at the end."""
        margins = self._box.property("marginsAt100")
        spacing = float(self._box.property("spacingAt100"))
        fill(self._box, parts, spacing=spacing, margins=tuple(margins))

    def clear(self) -> None:
        """Take all parts out and delete them."""
        empty(self._box)

    def set_tone(self, tone: Tone | None) -> None:
        """Change the ground."""
        self._tone = tone
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        tokens = theme().tokens
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        ground = (
            tokens.colour(self._ground) if self._tone is None else tokens.tone(self._tone).soft
        )
        painter.setBrush(QColor(ground))
        plain = self._tone is None and self._ground != "sunken"
        painter.setPen(QPen(QColor(tokens.border)) if plain else Qt.PenStyle.NoPen)
        radius = theme().px(RADIUS_CARD)
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), radius, radius)
        painter.end()


class Line(QWidget):
    """A hairline between parts."""

    def __init__(self) -> None:
        super().__init__()
        self.setFixedHeight(1)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(theme().tokens.border))
        painter.end()


class Banner(Card):
    """A sentence that matters now, with an icon and, where it helps, one thing to do."""

    def __init__(
        self,
        text: str,
        tone: Tone = Tone.INFO,
        *,
        action: QWidget | None = None,
        icon: str | None = None,
    ) -> None:
        self._label = Label(text, wrap=True)
        self._icon = Icon(icon or tone_icon(tone), tone_colour(tone))
        self._fixed_icon = icon is not None
        super().__init__(
            self._icon,
            (self._label, 1),
            action,
            tone=tone,
            across=True,
            spacing=10,
            margins=(12, 10, 12, 10),
        )
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)

    def say(self, text: str, tone: Tone | None = None) -> None:
        """Show another sentence."""
        self._label.setText(text)
        if tone is not None:
            self.set_tone(tone)
            name = None if self._fixed_icon else tone_icon(tone)
            self._icon.show_icon(name or self._icon._name, tone_colour(tone))  # noqa: SLF001 - ours

    @property
    def text(self) -> str:
        """Return the sentence shown."""
        return self._label.text()


class EmptyNote(QWidget):
    """What stands where a list has nothing to show: an icon, a sentence, perhaps a button."""

    def __init__(self, text: str, *, icon: str = "sprout", action: QWidget | None = None) -> None:
        super().__init__()
        label = Label(text, "muted", wrap=True)
        label.setAlignment(Qt.AlignmentFlag.AlignCenter)
        box = QBoxLayout(QBoxLayout.Direction.TopToBottom, self)
        mark = row(STRETCH, Icon(icon, "faint", 28), STRETCH)
        below = row(STRETCH, action, STRETCH) if action is not None else None
        fill(box, (mark, label, below), spacing=8, margins=(16, 20, 16, 20))
        self.label = label


class SectionHeader(QWidget):
    """The head of a card: icon, title, a quiet remark, and things at the right."""

    def __init__(
        self,
        title: str,
        *parts: Part,
        icon: str | None = None,
        tone: Tone = Tone.ACCENT,
        remark: str = "",
    ) -> None:
        super().__init__()
        self.title = Label(title, "h3")
        self.remark = Label(remark, "muted")
        mark = Icon(icon, theme_name(tone)) if icon else None
        box = QBoxLayout(QBoxLayout.Direction.LeftToRight, self)
        fill(box, (mark, self.title, self.remark, STRETCH, *parts), spacing=8)


def theme_name(tone: Tone) -> str:
    """Return the token name of a tone's strong colour on the page."""
    if tone is Tone.NEUTRAL:
        return "muted"
    return "accent_text" if tone is Tone.ACCENT else tone.value


class Scroll(QScrollArea):
    """Scrolls one widget up and down; whatever gets the keyboard focus comes into view."""

    def __init__(self, widget: QWidget, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        # Not `viewport()`: asked for a widget of Qt's own, PySide loads every class of widgets.
        self.setViewport(QWidget())
        self.setWidget(widget)
        widget.setAutoFillBackground(False)

    def lead_to(self, part: QWidget) -> None:
        """Bring a part into sight, with room for what follows it."""
        self.ensureWidgetVisible(part, 0, self.viewport().height() * 2 // 5)

    def minimumSizeHint(self) -> QSize:
        return QSize(theme().px(60), theme().px(60))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        # The base class keeps its widget's width in step; only the least width is ours to say.
        if watched is self.widget() and event.type() == QEvent.Type.LayoutRequest:
            self.updateGeometry()
        return super().eventFilter(watched, event)


class Columns(QWidget):
    """A main column and a side column; below each other, in one scroll, when it gets narrow."""

    def __init__(self, main: QWidget, side: QWidget, *, side_width: float = 284) -> None:
        super().__init__()
        self._main, self._side, self._side_width = main, side, side_width
        self._scroll_main, self._scroll_side = QWidget(), QWidget()
        self._box = QBoxLayout(QBoxLayout.Direction.LeftToRight, self)
        measures(self._box, spacing=14, margins=NONE)
        self._one: bool | None = None
        theme().changed.connect(self._settle)

    def set_narrow(self, narrow: bool) -> None:  # noqa: FBT001 - a plain answer to a plain question
        """Show one column instead of two. The main window says when; see `Page`."""
        if narrow == self._one:
            return
        self._one = narrow
        self._arrange()

    def _arrange(self) -> None:
        self._main.setParent(None)
        self._side.setParent(None)
        empty(self._box)
        if self._one:
            self._side.setMinimumWidth(0)
            self._side.setMaximumWidth(16777215)
            self._box.addWidget(Scroll(column(self._main, self._side, STRETCH, spacing=10)), 1)
        else:
            self._box.addWidget(Scroll(column(self._main, STRETCH)), 1)
            self._scroll_side = Scroll(column(self._side, STRETCH))
            self._box.addWidget(self._scroll_side)
        self._main.show()
        self._side.show()
        self._settle()

    def _settle(self) -> None:
        if self._one is False:
            self._scroll_side.setFixedWidth(theme().px(self._side_width))


def empty(layout: QBoxLayout) -> None:
    """Take everything out of a layout and delete what it held."""
    while layout.count():
        item = layout.takeAt(0)
        widget = item.widget() if item is not None else None
        if widget is not None:
            widget.hide()
            widget.deleteLater()
