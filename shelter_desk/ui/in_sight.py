"""Whatever gets the keyboard comes into sight, also where the program gave it and not the Tab key.

Qt scrolls for Tab alone: a button that got the keyboard when a sheet closed could lie below.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from PySide6.QtCore import QObject, Qt, QTimer
from PySide6.QtWidgets import QAbstractItemView, QApplication, QScrollArea, QWidget

from shelter_desk.ui.theme import theme

_ROOM = 12  # px at 100 %, above and below
_AT_REST = 60  # ms, after which layouts of several levels have settled
_LAID_OUT = 1000  # ms, after which a page that unfolded has settled on a slow computer too


def keep_in_sight(app: QApplication) -> None:
    """Follow the keyboard in every window of the application."""
    app.focusChanged.connect(_changed)


def _changed(_before: QWidget | None, now: QWidget | None) -> None:
    is_click = QApplication.mouseButtons() != Qt.MouseButton.NoButton  # it is in sight
    if now is not None and not is_click:
        # Later: what was just made does not lie in its place yet, nor what stands above it.
        for wait in (0, _AT_REST):
            QTimer.singleShot(wait, now, partial(_follow, now))


class _Following(QObject):
    """Follows the keyboard for a second: the page around it is being laid out anew."""

    def __init__(self, part: QWidget) -> None:
        super().__init__(part)
        self._part = part
        for area in _areas(part):
            area.verticalScrollBar().rangeChanged.connect(self._again)
        QTimer.singleShot(_LAID_OUT, self, self.deleteLater)

    def _again(self, _least: int, _most: int) -> None:
        _follow(self._part)


def stay_in_sight(part: QWidget) -> None:
    """Keep whatever has the keyboard in sight while a page folds or unfolds around it."""
    _Following(part)
    QTimer.singleShot(0, part, partial(_follow, part))


def _areas(part: QWidget) -> Iterator[QScrollArea]:
    above = part.parentWidget()
    while above is not None:
        if isinstance(above, QScrollArea):
            yield above
        above = above.parentWidget()


def lead_to_line(view: QAbstractItemView) -> None:
    """Bring the chosen line into sight, of a list that is as tall as its lines."""
    line = view.visualRect(view.currentIndex())
    area = view.parentWidget()
    while area is not None and not isinstance(area, QScrollArea):
        area = area.parentWidget()
    inside = None if area is None else area.widget()
    if area is None or inside is None or line.isEmpty():
        return
    spot = view.viewport().mapTo(inside, line.center())
    # A row and a half below it: the page gives that much to a toast.
    area.ensureVisible(area.horizontalScrollBar().value(), spot.y(), 0, line.height() * 2)


def _follow(part: QWidget) -> None:
    if part.hasFocus():
        bring_into_sight(part)


def bring_into_sight(part: QWidget) -> None:
    """Scroll whatever it lies in so far that all of it is seen, where there is room for it."""
    for area in _areas(part):
        if part.height() <= area.viewport().height():
            area.ensureWidgetVisible(part, 0, theme().px(_ROOM))
        elif isinstance(part, QAbstractItemView):
            lead_to_line(part)
