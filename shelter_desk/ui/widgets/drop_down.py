"""A list to choose one answer from."""

from __future__ import annotations

from typing import Any, cast

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QSize, Qt
from PySide6.QtGui import QColor, QPaintEvent, QPalette, QWheelEvent
from PySide6.QtWidgets import (
    QComboBox,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionComboBox,
    QStyleOptionViewItem,
    QStylePainter,
)

from shelter_desk.ui.theme import theme

_Index = QModelIndex | QPersistentModelIndex


class _Rows(QStyledItemDelegate):
    """Rows of the list that drops down: as high as a finger, and read when chosen too."""

    def sizeHint(self, option: QStyleOptionViewItem, index: _Index) -> QSize:
        size = super().sizeHint(option, index)
        return QSize(size.width(), max(theme().px(30), size.height()))

    def initStyleOption(self, option: QStyleOptionViewItem, index: _Index) -> None:
        super().initStyleOption(option, index)
        shown, look = cast("Any", option), theme()
        shown.font = look.font(14)
        palette = QPalette(shown.palette)
        # The chosen row has the light ground of every chosen row: white words would not show.
        palette.setColor(QPalette.ColorRole.HighlightedText, QColor(look.tokens.text))
        shown.palette = palette


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
        self.setItemDelegate(_Rows(self))
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
