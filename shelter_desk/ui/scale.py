"""Layouts and fixed sizes that follow the text size: give measures at 100 %, they are kept.

``column(a, b, STRETCH, spacing=8)`` and ``row(...)`` make plain widgets with a layout inside;
`fill`, `fixed` and `lettering` do the same for widgets you already have. After a change of the
text size the theme's owner calls `rescale()` once, and all of them take their new measures.
"""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QBoxLayout, QGridLayout, QLayout, QWidget

from shelter_desk.ui.theme import Weight, theme

STRETCH = object()
Margins = tuple[float, float, float, float]
Part = QWidget | QLayout | int | float | object | None
_MARGINS = "marginsAt100"
_SPACING = "spacingAt100"
_FIXED = "fixedAt100"
_WIDEST = "widestAt100"
_LETTERS = "lettersAt100"
NONE: Margins = (0, 0, 0, 0)


def column(*parts: Part, spacing: float = 8, margins: Margins = NONE) -> QWidget:
    """Return a widget with its parts below each other; see `fill` for what a part can be."""
    return _box(QBoxLayout.Direction.TopToBottom, parts, spacing, margins)


def row(*parts: Part, spacing: float = 8, margins: Margins = NONE) -> QWidget:
    """Return a widget with its parts side by side; see `fill` for what a part can be."""
    return _box(QBoxLayout.Direction.LeftToRight, parts, spacing, margins)


def fill(
    layout: QBoxLayout, parts: Iterable[Part], *, spacing: float = 8, margins: Margins = NONE
) -> None:
    """Put parts into a layout.

    A part is a widget, a layout, a (widget, stretch) pair, a number (an empty space in px at
    100 %), STRETCH, or None (nothing).
    """
    measures(layout, spacing=spacing, margins=margins)
    for part in parts:
        _put(layout, part)


def measures(layout: QLayout, *, spacing: float, margins: Margins = NONE) -> None:
    """Set spacing and margins (left, top, right, bottom) in px at 100 %."""
    layout.setProperty(_MARGINS, list(margins))
    layout.setProperty(_SPACING, spacing)
    _apply_layout(layout)


def fixed(widget: QWidget, width: float | None = None, height: float | None = None) -> None:
    """Fix a widget's width, height or both, in px at 100 %."""
    widget.setProperty(_FIXED, [width or 0, height or 0])
    _apply_fixed(widget)


def at_most(widget: QWidget, width: float) -> None:
    """Let a widget grow no wider than `width` px at 100 %."""
    widget.setProperty(_WIDEST, width)
    _apply_widest(widget)


def lettering(widget: QWidget, size: float, weight: Weight = Weight.NORMAL) -> None:
    """Set a widget's font; `size` is px at 100 %."""
    widget.setProperty(_LETTERS, [size, int(weight)])
    _apply_letters(widget)


def gap(at_100: float) -> QWidget:
    """Return an empty widget of a fixed height and width."""
    space = QWidget()
    fixed(space, at_100, at_100)
    return space


def top(layout: QLayout) -> QLayout:
    """Keep the parts of a layout at the top, and return it."""
    layout.setAlignment(Qt.AlignmentFlag.AlignTop)
    return layout


def rescale() -> None:
    """Give every widget and layout that was measured here its new measures."""
    for widget in QApplication.allWidgets():
        if widget.property(_LETTERS) is not None:
            _apply_letters(widget)
        if widget.property(_FIXED) is not None:
            _apply_fixed(widget)
        if widget.property(_WIDEST) is not None:
            _apply_widest(widget)
        for layout in widget.findChildren(
            QLayout, options=Qt.FindChildOption.FindDirectChildrenOnly
        ):
            _apply_deep(layout)


def _apply_deep(layout: QLayout) -> None:
    _apply_layout(layout)
    for child in layout.findChildren(QLayout):
        _apply_layout(child)


def _apply_layout(layout: QLayout) -> None:
    margins = layout.property(_MARGINS)
    if margins is None:
        return
    px = theme().px
    left, upper, right, lower = (px(float(part)) for part in margins)
    layout.setContentsMargins(left, upper, right, lower)
    spacing = px(float(layout.property(_SPACING)))
    if isinstance(layout, QGridLayout):
        layout.setHorizontalSpacing(spacing)
        layout.setVerticalSpacing(spacing)
    else:
        layout.setSpacing(spacing)


def _apply_fixed(widget: QWidget) -> None:
    width, height = widget.property(_FIXED)
    if width:
        widget.setFixedWidth(theme().px(width))
    if height:
        widget.setFixedHeight(theme().px(height))


def _apply_widest(widget: QWidget) -> None:
    widget.setMaximumWidth(theme().px(float(widget.property(_WIDEST))))


def _apply_letters(widget: QWidget) -> None:
    size, weight = widget.property(_LETTERS)
    widget.setFont(theme().font(float(size), Weight(int(weight))))


def _box(
    direction: QBoxLayout.Direction, parts: Iterable[Part], spacing: float, margins: Margins
) -> QWidget:
    widget = QWidget()
    fill(QBoxLayout(direction, widget), parts, spacing=spacing, margins=margins)
    return widget


def _put(layout: QBoxLayout, part: Part) -> None:
    if part is None:
        return
    if part is STRETCH:
        layout.addStretch(1)
    elif isinstance(part, QWidget):
        layout.addWidget(part)
    elif isinstance(part, QLayout):
        layout.addLayout(part)
    elif isinstance(part, int | float):
        layout.addWidget(gap(part))
    elif isinstance(part, tuple):
        widget, stretch = part
        layout.addWidget(widget, stretch)
    else:
        raise TypeError(f"not a part of a layout: {part!r}")
