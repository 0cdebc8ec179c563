"""A list to choose one answer from."""

from __future__ import annotations

from typing import Any, cast

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPoint, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPalette, QWheelEvent
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
_INSET = 11  # px at 100 %: the words stand under those in the box
_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter


class _Rows(QStyledItemDelegate):
    """Rows of the list that drops down: as high as a finger, and read when chosen too."""

    def sizeHint(self, option: QStyleOptionViewItem, index: _Index) -> QSize:
        size, px = super().sizeHint(option, index), theme().px
        return QSize(size.width() + 2 * px(_INSET), max(px(30), size.height()))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        row = QStyleOptionViewItem(option)
        self.initStyleOption(row, index)
        shown, inset = cast("Any", row), theme().px(_INSET)
        style, text = shown.widget.style(), shown.text
        shown.text = ""
        style.drawControl(QStyle.ControlElement.CE_ItemViewItem, row, painter, shown.widget)
        room = shown.rect.adjusted(inset, 0, -inset, 0)
        painter.setFont(shown.font)
        words = shown.fontMetrics.elidedText(text, Qt.TextElideMode.ElideRight, room.width())
        painter.setPen(QColor(theme().tokens.text))
        painter.drawText(room, _LEFT, words)

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
        """Return the words as they are drawn, whole or ending in "…"; before a choice, a hint."""
        option = QStyleOptionComboBox()
        self.initStyleOption(option)
        room = self.style().subControlRect(
            QStyle.ComplexControl.CC_ComboBox, option, QStyle.SubControl.SC_ComboBoxEditField, self
        )
        end = Qt.TextElideMode.ElideRight
        return self.fontMetrics().elidedText(
            self.currentText() or self.placeholderText(), end, room.width() - 2
        )

    def showPopup(self) -> None:
        """Drop the list down, as wide as its words where the window has the room."""
        left = self.mapTo(self.window(), QPoint(0, 0)).x()
        room = self.window().width() - left - theme().px(8)
        self.view().setMinimumWidth(min(self.view().sizeHintForColumn(0) + theme().px(16), room))
        super().showPopup()

    def wheelEvent(self, event: QWheelEvent) -> None:
        event.ignore()  # scroll the page instead

    def _settle(self) -> None:
        self.setFont(theme().font(14))
        self.setMinimumHeight(theme().px(36))
