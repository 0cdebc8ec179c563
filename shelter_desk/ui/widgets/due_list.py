"""The list of things that wait: one row each, ticked with Space, noted with N, opened with Enter.

For page writers::

    self.list = DueList(self.tr("Overdue"))
    self.list.show_lines([DueLine(key=(stay, item), title="Health screening", who="Maya R.",
                                  due=self.tr("2 days late"), urgency=Urgency.LATE,
                                  icon="stethoscope", tone=Tone.INFO, below="Medical",
                                  role=self.tr("Nurse"))])
    self.list.ticked.connect(self._tick)      # (line, checked): do the command, then show_lines
    self.list.note_wanted.connect(...)        # line
    self.list.opened.connect(...)             # line

`title`, `who` and `due` are what a screen reader says for a row; `below` and `role` describe it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, cast

from PySide6.QtCore import (
    QItemSelectionModel,
    QModelIndex,
    QPersistentModelIndex,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QListView,
    QSizePolicy,
    QWidget,
)

from shelter_desk.ui.in_sight import lead_to_line
from shelter_desk.ui.theme import theme
from shelter_desk.ui.widgets.due_model import LINE_ROLE, DueLine, DueModel
from shelter_desk.ui.widgets.due_row import DueDelegate, row_height

Index = QModelIndex | QPersistentModelIndex


class DueList(QListView):
    """As tall as its rows; the page around it scrolls. See the module for its signals."""

    ticked = Signal(object, bool)
    note_wanted = Signal(object)
    opened = Signal(object)

    def __init__(self, name: str) -> None:
        super().__init__()
        self._model = DueModel(self)
        self._model.ticked.connect(self.ticked)
        self.setModel(self._model)
        self.setItemDelegate(DueDelegate(self))
        self.setAccessibleName(name)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setUniformItemSizes(True)
        self.viewport().setAutoFillBackground(False)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.doubleClicked.connect(self._opened)
        theme().changed.connect(self._settle)

    @property
    def lines(self) -> tuple[DueLine, ...]:
        """Return the lines shown."""
        return self._model.lines

    def show_lines(self, lines: Sequence[DueLine]) -> None:
        """Show these lines; the chosen one, or else its place, stays chosen."""
        before = self.line()
        row = self.currentIndex().row()
        self._model.show(lines)
        keys = [line.key for line in lines]
        if before is not None and before.key in keys:
            row = keys.index(before.key)
        if row >= 0 and lines:
            self.setCurrentIndex(self._model.index(min(row, len(lines) - 1)))
        self.updateGeometry()

    def line(self) -> DueLine | None:
        """Return the line chosen, or None."""
        index = self.currentIndex()
        return cast("DueLine", index.data(LINE_ROLE)) if index.isValid() else None

    def move_on(self) -> None:
        """Choose the next row, or the first of the next list; at the very end nothing changes."""
        row = self.currentIndex().row() + 1
        if row < self._model.rowCount():
            self.setCurrentIndex(self._model.index(row))
        else:
            self._step(forward=True)

    def sizeHint(self) -> QSize:
        return QSize(theme().px(300), self._model.rowCount() * row_height(self.width()))

    def minimumSizeHint(self) -> QSize:
        return QSize(theme().px(200), self.sizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if row_height(event.oldSize().width()) != row_height(self.width()):
            self._settle()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        line = self.line()
        if line is not None and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.opened.emit(line)
            return
        if line is not None and event.key() == Qt.Key.Key_N and not event.modifiers():
            self.note_wanted.emit(line)
            return
        if not self._leaves(event.key()):
            super().keyPressEvent(event)

    def focusInEvent(self, event: Any) -> None:  # noqa: ANN401 - a QFocusEvent
        super().focusInEvent(event)
        for other in self.window().findChildren(DueList):
            if other is not self:
                other.clearSelection()  # one chosen row on the page, not one in each list
        if self.lines and not self.currentIndex().isValid():
            self.setCurrentIndex(self._model.index(0))
        elif self.lines:
            self.selectionModel().select(
                self.currentIndex(), QItemSelectionModel.SelectionFlag.ClearAndSelect
            )

    def currentChanged(self, current: Index, previous: Index) -> None:
        super().currentChanged(current, previous)
        if current.isValid():
            lead_to_line(self)

    def _leaves(self, key: int) -> bool:
        # Several lists stand below each other on a page: the arrows walk through all of them.
        row, last = self.currentIndex().row(), self._model.rowCount() - 1
        if key == Qt.Key.Key_Down and row == last:
            return self._step(forward=True)
        if key == Qt.Key.Key_Up and row <= 0:
            return self._step(forward=False)
        return False

    def _step(self, *, forward: bool) -> bool:
        widget = self._neighbour(forward=forward)
        if not isinstance(widget, DueList) or not widget.lines:
            return False
        widget.setFocus(Qt.FocusReason.TabFocusReason)
        row = 0 if forward else len(widget.lines) - 1
        widget.setCurrentIndex(widget.model().index(row, 0))
        self.clearSelection()
        return True

    def _neighbour(self, *, forward: bool) -> QWidget | None:
        widget: QWidget | None = self
        while widget is not None:
            widget = widget.nextInFocusChain() if forward else widget.previousInFocusChain()
            if widget is self or widget is None:
                return None
            reached = bool(widget.focusPolicy() & Qt.FocusPolicy.TabFocus) and widget.isVisible()
            if reached and not self.isAncestorOf(widget):
                return widget
        return None

    def _opened(self, index: QModelIndex) -> None:
        self.opened.emit(index.data(LINE_ROLE))

    def _settle(self) -> None:
        self.updateGeometry()
        self.scheduleDelayedItemsLayout()
        self.viewport().update()
