"""A list to choose one answer from."""

from __future__ import annotations

from typing import Any, cast

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QPaintEvent, QWheelEvent
from PySide6.QtWidgets import QComboBox, QStyle, QStyleOptionComboBox, QStylePainter

from shelter_desk.ui.theme import theme


class DropDown(QComboBox):
    """One answer out of many. The wheel never changes it by accident.

    Words that are wider than the box end in "…" before the arrow, and stand whole in the tip.
    """

    def __init__(self, name: str = "") -> None:
        super().__init__()
        self.setAccessibleName(name)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setMinimumContentsLength(12)
        self.setMaxVisibleItems(14)
        self.currentTextChanged.connect(self.setToolTip)
        self._settle()
        theme().changed.connect(self._settle)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, option = QStylePainter(self), QStyleOptionComboBox()
        self.initStyleOption(option)
        painter.drawComplexControl(QStyle.ComplexControl.CC_ComboBox, option)
        shown = cast("Any", option)
        shown.currentText = self.shown_text()
        painter.drawControl(QStyle.ControlElement.CE_ComboBoxLabel, option)
        painter.end()

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()  # the stock one is remembered, and wrong at another text size

    def shown_text(self) -> str:
        """Return the words as they are drawn: whole, or ending in "…"."""
        option = QStyleOptionComboBox()
        self.initStyleOption(option)
        room = self.style().subControlRect(
            QStyle.ComplexControl.CC_ComboBox, option, QStyle.SubControl.SC_ComboBoxEditField, self
        )
        end = Qt.TextElideMode.ElideRight
        return self.fontMetrics().elidedText(self.currentText(), end, room.width() - 2)

    def wheelEvent(self, event: QWheelEvent) -> None:
        event.ignore()  # scroll the page instead

    def _settle(self) -> None:
        self.setFont(theme().font(14))
        self.setMinimumHeight(theme().px(36))
