"""Everything that is pressed: buttons, icon buttons, tiles, chips, segments, links."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPoint, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QEnterEvent, QFont, QFontMetrics, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import (
    QAbstractButton,
    QButtonGroup,
    QCheckBox,
    QHBoxLayout,
    QPushButton,
    QRadioButton,
    QSizePolicy,
    QWidget,
)

from shelter_desk.ui.scale import fixed
from shelter_desk.ui.style import draw_tick_box
from shelter_desk.ui.theme import Weight, theme
from shelter_desk.ui.tokens import CONTROL_HEIGHT, RADIUS_CONTROL, Tokens
from shelter_desk.ui.widgets.flow import FlowLayout

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
        draw_button(painter, self.rect(), colours, focused=self.hasFocus())
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
    radius: float | None = None,
) -> None:
    """Draw ground and edge of something pressable: ground, line, text and icon as "#RRGGBB"."""
    look = theme()
    ground, line = colours[0], colours[1]
    corner = look.px(RADIUS_CONTROL) if radius is None else radius
    painter.setBrush(QColor(ground) if ground else Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(QColor(line), 1) if line else Qt.PenStyle.NoPen)
    painter.drawRoundedRect(QRectF(rect).adjusted(0.5, 0.5, -0.5, -0.5), corner, corner)
    if focused:
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(QColor(look.tokens.focus), 2))
        painter.drawRoundedRect(QRectF(rect).adjusted(1, 1, -1, -1), corner, corner)
        if ground == look.tokens.primary:  # a pale line keeps the ring apart from the dark ground
            painter.setPen(QPen(QColor(look.tokens.surface), 1))
            painter.drawRoundedRect(QRectF(rect).adjusted(2.5, 2.5, -2.5, -2.5), corner, corner)


def _choice_colours(
    tokens: Tokens, *, on: bool, enabled: bool, hover: bool
) -> tuple[str | None, str | None, str, str]:
    if not enabled:
        return tokens.raised, tokens.border, tokens.disabled, tokens.disabled
    if on and tokens.accent_soft == tokens.surface:  # high contrast knows no soft ground
        return tokens.primary, tokens.primary, tokens.primary_text, tokens.primary_text
    if on:
        return tokens.accent_soft, tokens.primary, tokens.accent_text, tokens.accent_text
    ground = tokens.raised if hover else tokens.surface
    return ground, tokens.border_strong, tokens.text, tokens.muted


def _measure(button: QAbstractButton, height: float, inset: float) -> QSize:
    look = theme()
    words = QFontMetrics(look.font(14, Weight.STRONG)).horizontalAdvance(button.text())
    return QSize(words + 2 * look.px(inset), look.px(height))


def _draw_choice(button: QAbstractButton, *, radius: float) -> None:
    look = theme()
    on = button.isChecked()
    painter = QPainter(button)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    colours = _choice_colours(
        look.tokens, on=on, enabled=button.isEnabled(), hover=button.underMouse()
    )
    rect = button.rect()
    draw_button(painter, rect, colours, focused=button.hasFocus(), radius=radius)
    painter.setFont(look.font(14, Weight.STRONG if on else Weight.MEDIUM))
    painter.setPen(QColor(colours[2]))
    words = painter.fontMetrics().elidedText(
        button.text(), Qt.TextElideMode.ElideRight, rect.width() - look.px(10)
    )
    painter.drawText(rect, Qt.AlignmentFlag.AlignCenter, words)
    painter.end()


class _Segment(QRadioButton):
    def sizeHint(self) -> QSize:
        return _measure(self, 34, 13)

    def minimumSizeHint(self) -> QSize:
        return QSize(min(self.sizeHint().width(), theme().px(44)), self.sizeHint().height())

    def hitButton(self, pos: QPoint) -> bool:
        return self.rect().contains(pos)

    def paintEvent(self, event: QPaintEvent) -> None:
        _draw_choice(self, radius=0)


class _RadioChip(QRadioButton):
    def sizeHint(self) -> QSize:
        return _measure(self, 34, 14)

    def hitButton(self, pos: QPoint) -> bool:
        return self.rect().contains(pos)

    def paintEvent(self, event: QPaintEvent) -> None:
        _draw_choice(self, radius=self.height() / 2 - 1)


class Chip(QCheckBox):
    """A word that is on or off, such as a filter."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        theme().changed.connect(self.updateGeometry)

    def sizeHint(self) -> QSize:
        return _measure(self, 34, 14)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def hitButton(self, pos: QPoint) -> bool:
        return self.rect().contains(pos)

    def paintEvent(self, event: QPaintEvent) -> None:
        _draw_choice(self, radius=self.height() / 2 - 1)


class _OneOf(QWidget):
    """One answer out of a few. Arrow keys move, as in any group of radio buttons."""

    chosen = Signal(str)

    def __init__(self, options: Sequence[tuple[str, str]], name: str) -> None:
        super().__init__()
        self.setAccessibleName(name)
        self._name = name
        self._group = QButtonGroup(self)
        self._codes: list[str] = []
        self.set_options(options)
        self._group.idClicked.connect(self._clicked)
        theme().changed.connect(self._changed)

    def set_options(self, options: Sequence[tuple[str, str]]) -> None:
        """Offer other (code, label) pairs; what was chosen stays chosen if it is still there."""
        before = self.value() if self._codes else ""
        for button in self._group.buttons():
            self._group.removeButton(button)
            button.hide()
            button.deleteLater()
        self._codes = [code for code, _ in options]
        for place, (_, label) in enumerate(options):
            button = self._make(label)
            button.setText(label)
            button.setAccessibleName(label)
            button.setAccessibleDescription(self._name)
            self._group.addButton(button, place)
            self._place(button)
        if before:
            self.set_value(before)

    def value(self) -> str:
        """Return the code chosen, or "" when nothing is."""
        place = self._group.checkedId()
        return self._codes[place] if 0 <= place < len(self._codes) else ""

    def set_value(self, code: str) -> None:
        """Choose by code; an unknown code chooses nothing. Does not emit `chosen`."""
        for place, button in enumerate(self._group.buttons()):
            if self._codes[place] == code:
                button.setChecked(True)
                return
        self._group.setExclusive(False)
        for button in self._group.buttons():
            button.setChecked(False)
        self._group.setExclusive(True)

    def buttons(self) -> tuple[QAbstractButton, ...]:
        """Return the buttons in the order of the options."""
        return tuple(self._group.buttons())

    def _make(self, label: str) -> QAbstractButton:
        raise NotImplementedError

    def _place(self, button: QAbstractButton) -> None:
        raise NotImplementedError

    def _clicked(self, place: int) -> None:
        self.chosen.emit(self._codes[place])

    def _changed(self) -> None:
        for button in self._group.buttons():
            button.updateGeometry()
        self.updateGeometry()


class SegmentedControl(_OneOf):
    """A few answers side by side: "By time | By resident | By service"."""

    def __init__(self, options: Sequence[tuple[str, str]], name: str) -> None:
        self._row = QHBoxLayout()
        super().__init__(options, name)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(0)
        self.setLayout(self._row)
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)

    def _make(self, label: str) -> QAbstractButton:
        return _Segment()

    def _place(self, button: QAbstractButton) -> None:
        self._row.addWidget(button)


class ChipChoice(_OneOf):
    """One answer out of a few, as chips that wrap when there is no room."""

    def __init__(self, options: Sequence[tuple[str, str]], name: str) -> None:
        self._flow = FlowLayout(6)
        super().__init__(options, name)
        self.setLayout(self._flow)
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def _make(self, label: str) -> QAbstractButton:
        return _RadioChip()

    def _place(self, button: QAbstractButton) -> None:
        self._flow.addWidget(button)


class CheckBox(QCheckBox):
    """A tick with words; the whole row is the target. Words wrap at the width given by layout."""

    def __init__(self, text: str, *, checked: bool = False) -> None:
        super().__init__(text)
        self.setChecked(checked)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        fixed(self, height=34)

    def hitButton(self, pos: QPoint) -> bool:
        return self.rect().contains(pos)

    def paintEvent(self, event: QPaintEvent) -> None:
        look = theme()
        painter = QPainter(self)
        side = look.px(22)
        box = QRect(0, (self.height() - side) // 2, side, side)
        draw_tick_box(painter, box, checked=self.isChecked(), focused=self.hasFocus())
        painter.setFont(look.font(14))
        painter.setPen(QColor(look.tokens.text if self.isEnabled() else look.tokens.disabled))
        room = self.rect().adjusted(side + look.px(9), 0, 0, 0)
        words = painter.fontMetrics().elidedText(
            self.text(), Qt.TextElideMode.ElideRight, room.width()
        )
        self.setToolTip(self.text() if words != self.text() else "")
        painter.drawText(room, Qt.AlignmentFlag.AlignVCenter, words)
        painter.end()

    def sizeHint(self) -> QSize:
        look = theme()
        words = QFontMetrics(look.font(14)).horizontalAdvance(self.text())
        return QSize(look.px(22 + 9) + words + 4, look.px(34))

    def minimumSizeHint(self) -> QSize:
        return QSize(theme().px(22 + 60), theme().px(34))
