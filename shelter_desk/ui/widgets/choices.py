"""Answers to choose: segments, chips, ticks. Each is a radio button or a check box underneath."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFontMetrics, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QButtonGroup,
    QCheckBox,
    QHBoxLayout,
    QRadioButton,
    QSizePolicy,
    QWidget,
)

from shelter_desk.ui.scale import fixed
from shelter_desk.ui.style import draw_tick_box
from shelter_desk.ui.theme import Weight, theme
from shelter_desk.ui.tokens import Tokens
from shelter_desk.ui.widgets.buttons import draw_button
from shelter_desk.ui.widgets.flow import FlowLayout


def _choice_colours(
    tokens: Tokens, *, on: bool, enabled: bool, hover: bool
) -> tuple[str | None, str | None, str, str]:
    if not enabled and on:  # what was answered is read long after it can be changed
        return tokens.raised, tokens.border_strong, tokens.text, tokens.text
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


class OneStop(QObject):
    """Makes one stop for Tab of many chips: arrows, Home and End go among them, Space ticks.

    Tab comes back to the chip that was left.
    """

    def __init__(self, host: QWidget, chips: Iterable[QAbstractButton]) -> None:
        super().__init__(host)
        self._chips = list(chips)
        for place, chip in enumerate(self._chips):
            chip.setFocusPolicy(_STOP if place == 0 else _NO_STOP)
            chip.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.FocusIn:
            for chip in self._chips:
                chip.setFocusPolicy(_STOP if chip is watched else _NO_STOP)
        elif isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            here = [place for place, chip in enumerate(self._chips) if chip is watched]
            there = _place_after(event.key(), here[0], len(self._chips)) if here else None
            if there is not None:
                self._chips[there].setFocus(Qt.FocusReason.TabFocusReason)
                return True
        return False


_STOP, _NO_STOP = Qt.FocusPolicy.StrongFocus, Qt.FocusPolicy.ClickFocus


def _place_after(key: int, place: int, count: int) -> int | None:
    """Return where a key leads from a place in a row; None for a key that leads nowhere."""
    match key:
        case Qt.Key.Key_Right | Qt.Key.Key_Down:
            return (place + 1) % count
        case Qt.Key.Key_Left | Qt.Key.Key_Up:
            return (place - 1) % count
        case Qt.Key.Key_Home:
            return 0
        case Qt.Key.Key_End:
            return count - 1
    return None


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
