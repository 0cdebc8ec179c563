"""Everything that is pressed: buttons, icon buttons, tiles, links."""

from __future__ import annotations

from PySide6.QtCore import QRect, QRectF, QSize, Qt
from PySide6.QtGui import (
    QColor,
    QEnterEvent,
    QFont,
    QFontMetrics,
    QKeyEvent,
    QPainter,
    QPaintEvent,
    QPen,
)
from PySide6.QtWidgets import (
    QPushButton,
    QSizePolicy,
)

from shelter_desk.ui.theme import Weight, theme
from shelter_desk.ui.tokens import CONTROL_HEIGHT, RADIUS_CONTROL

_NOTHING_HELD = (Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.KeypadModifier)
_Paint = tuple[str | None, str | None, str, str]  # ground, line, text, icon: token names


def _paint_of(kind: str) -> _Paint:
    return {
        "plain": ("surface", "border_strong", "text", "muted"),
        "primary": ("primary", "primary", "primary_text", "primary_text"),
        "danger": ("danger_soft", "danger", "danger_text", "danger_text"),
        "ghost": (None, None, "primary", "primary"),
        "tile": ("surface", "border", "text", "muted"),
        "tile-danger": ("surface", "border", "text", "danger"),
    }[kind]


class Button(QPushButton):
    """A button with words and, if given, an icon.

    `kind` is plain, primary (one per page), danger, ghost (like a link), tile (wide, words at the
    left) or tile-danger. Words that do not fit end in "…" and show as a tool tip.
    """

    def __init__(self, text: str, icon: str | None = None, *, kind: str = "plain") -> None:
        super().__init__(text)
        self._icon_name, self._kind, self._hover = icon, kind, False
        tile = kind.startswith("tile")
        across = QSizePolicy.Policy.Expanding if tile else QSizePolicy.Policy.Maximum
        self.setSizePolicy(across, QSizePolicy.Policy.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAutoDefault(False)
        self.setCheckable(False)
        theme().changed.connect(self._changed)

    def set_kind(self, kind: str, icon: str | None = None) -> None:
        """Show the button as another kind, with another icon if given."""
        self._kind, self._icon_name = kind, icon or self._icon_name
        self._changed()

    def sizeHint(self) -> QSize:
        look = theme()
        words = QFontMetrics(self._font()).horizontalAdvance(self._words())
        icon = look.px(26) if self._icon_name and self.text() else look.px(18)
        inset = {"ghost": 8, "tile": 14, "tile-danger": 14}.get(self._kind, 14)
        if not self._icon_name:
            icon = 0
        height = 46 if self._kind.startswith("tile") else CONTROL_HEIGHT
        return QSize(words + icon + 2 * look.px(inset) + 2, look.px(height))

    def minimumSizeHint(self) -> QSize:
        hint = self.sizeHint()
        return QSize(min(hint.width(), theme().px(64)), hint.height())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        # Stock buttons answer Space only; who is tired presses Enter.
        plain = event.modifiers() in _NOTHING_HELD
        if plain and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            if not event.isAutoRepeat():
                self.click()
            return
        super().keyPressEvent(event)

    def enterEvent(self, event: QEnterEvent) -> None:
        self._hover = True
        if self.width() < self.sizeHint().width() and not self.toolTip():
            self.setToolTip(self._words())
        super().enterEvent(event)

    def leaveEvent(self, event: object) -> None:
        self._hover = False
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        colours = self._colours()
        # Where a colour cannot say that it rests, its edge does.
        tokens = theme().tokens
        rests = not self.isEnabled() and tokens.disabled == tokens.text
        draw_button(painter, self.rect(), colours, focused=self.hasFocus(), dashed=rests)
        self._draw_face(painter, colours)
        painter.end()

    def _words(self) -> str:
        return self.text().replace("&&", "\0").replace("&", "").replace("\0", "&")

    def _font(self) -> QFont:
        strong = self._kind in ("primary", "danger", "ghost")
        return theme().font(14, Weight.STRONG if strong else Weight.MEDIUM)

    def _colours(self) -> tuple[str | None, str | None, str, str]:
        tokens = theme().tokens
        ground, line, text, icon = _paint_of(self._kind)
        if not self.isEnabled():
            plain = None if self._kind == "ghost" else tokens.raised
            return (
                plain,
                None if plain is None else tokens.border,
                tokens.disabled,
                tokens.disabled,
            )
        if self._hover or self.isDown():
            ground = {"primary": "primary_hover", None: "raised", "surface": "raised"}.get(
                ground, ground
            )
        return (
            tokens.colour(ground) if ground else None,
            tokens.colour(line) if line else None,
            tokens.colour(text),
            tokens.colour(icon),
        )

    def _draw_face(
        self, painter: QPainter, colours: tuple[str | None, str | None, str, str]
    ) -> None:
        look = theme()
        painter.setFont(self._font())
        words, metrics = self._words(), painter.fontMetrics()
        side = look.px(18) if self._icon_name else 0
        between = look.px(8) if side and words else 0
        inset = look.px(8 if self._kind == "ghost" else 14)
        room = self.width() - 2 * inset - side - between
        words = metrics.elidedText(words, Qt.TextElideMode.ElideRight, room + 2)
        wide = side + between + metrics.horizontalAdvance(words)
        at = inset if self._kind.startswith("tile") else max((self.width() - wide) // 2, 2)
        if self._icon_name:
            mark = look.pixmap(self._icon_name, colours[3], 18)
            painter.drawPixmap(
                QRect(at, (self.height() - side) // 2, side, side), mark, mark.rect()
            )
        painter.setPen(QColor(colours[2]))
        left = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        painter.drawText(QRect(at + side + between, 0, self.width(), self.height()), left, words)

    def _changed(self) -> None:
        self.updateGeometry()
        self.update()


class PrimaryButton(Button):
    """The one main action of a page."""

    def __init__(self, text: str, icon: str | None = None) -> None:
        super().__init__(text, icon, kind="primary")


class IconButton(Button):
    """A button with an icon only. `name` is read by screen readers and shown as a tool tip."""

    def __init__(self, icon: str, name: str, *, kind: str = "plain") -> None:
        super().__init__("", icon, kind=kind)
        self.setAccessibleName(name)
        self.setToolTip(name)

    def sizeHint(self) -> QSize:
        side = theme().px(CONTROL_HEIGHT)
        return QSize(side + theme().px(4), side)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()


def draw_button(
    painter: QPainter,
    rect: QRect,
    colours: tuple[str | None, str | None, str, str],
    *,
    focused: bool,
    dashed: bool = False,
    radius: float | None = None,
) -> None:
    """Draw ground and edge of something pressable: ground, line, text and icon as "#RRGGBB"."""
    look = theme()
    ground, line = colours[0], colours[1]
    corner = look.px(RADIUS_CONTROL) if radius is None else radius
    painter.setBrush(QColor(ground) if ground else Qt.BrushStyle.NoBrush)
    kind = Qt.PenStyle.DashLine if dashed else Qt.PenStyle.SolidLine
    painter.setPen(QPen(QColor(line), 1, kind) if line else Qt.PenStyle.NoPen)
    painter.drawRoundedRect(QRectF(rect).adjusted(0.5, 0.5, -0.5, -0.5), corner, corner)
    if focused:
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(QColor(look.tokens.focus), 2))
        painter.drawRoundedRect(QRectF(rect).adjusted(1, 1, -1, -1), corner, corner)
        if ground == look.tokens.primary:  # a pale line keeps the ring apart from the dark ground
            painter.setPen(QPen(QColor(look.tokens.surface), 1))
            painter.drawRoundedRect(QRectF(rect).adjusted(2.5, 2.5, -2.5, -2.5), corner, corner)
