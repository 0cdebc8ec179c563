"""A layout that puts things side by side and goes on in the next line when a line is full."""

from __future__ import annotations

from collections.abc import Iterator

from PySide6.QtCore import QMargins, QPoint, QRect, QSize, Qt
from PySide6.QtWidgets import QLayout, QLayoutItem, QWidget

from shelter_desk.ui.theme import theme


class FlowLayout(QLayout):
    """Like words in a paragraph. `spacing` is px at 100 %."""

    def __init__(self, spacing: float = 6, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._held: list[QLayoutItem] = []
        self._gap = spacing
        self.setContentsMargins(QMargins(0, 0, 0, 0))

    def addItem(self, item: QLayoutItem) -> None:
        self._held.append(item)

    def count(self) -> int:
        return len(self._held)

    def itemAt(self, index: int) -> QLayoutItem | None:
        return self._held[index] if 0 <= index < len(self._held) else None

    def takeAt(self, index: int) -> QLayoutItem | None:
        return self._held.pop(index) if 0 <= index < len(self._held) else None

    def expandingDirections(self) -> Qt.Orientation:
        return Qt.Orientation(0)

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        return self._lay(QRect(0, 0, width, 0), move=False)

    def setGeometry(self, rect: QRect) -> None:
        super().setGeometry(rect)
        self._lay(rect, move=True)

    def sizeHint(self) -> QSize:
        gap = theme().px(self._gap)
        shown = [item for item in self._held if not item.isEmpty()]
        wide = sum(item.sizeHint().width() + gap for item in shown) - gap
        tall = max((item.sizeHint().height() for item in self._held), default=0)
        return QSize(max(wide, 0), tall)

    def minimumSize(self) -> QSize:
        size = QSize()
        for item in self._held:
            size = size.expandedTo(item.minimumSize())
        return size

    def _lay(self, rect: QRect, *, move: bool) -> int:
        gap, y = theme().px(self._gap), rect.y()
        for line in self._lines(rect.width(), gap):
            tall = max(hint.height() for _, hint in line)
            x = rect.x()
            for item, hint in line if move else ():
                # In the middle of its line, as words of two sizes beside each other.
                place = QPoint(x, y + (tall - hint.height()) // 2)
                size = QSize(min(hint.width(), rect.width()), hint.height())
                item.setGeometry(QRect(place, size))
                x += hint.width() + gap
            y += tall + gap
        return max(y - gap - rect.y(), 0)

    def _lines(self, room: int, gap: int) -> Iterator[list[tuple[QLayoutItem, QSize]]]:
        line: list[tuple[QLayoutItem, QSize]] = []
        taken = 0
        for item in self._held:
            if item.isEmpty():
                continue  # hidden: no room, and no gap
            hint = item.sizeHint()
            if line and taken + hint.width() > room:
                yield line
                line, taken = [], 0
            line.append((item, hint))
            taken += hint.width() + gap
        if line:
            yield line
