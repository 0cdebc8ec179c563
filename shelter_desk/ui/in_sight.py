"""Whatever gets the keyboard comes into sight, also where the program gave it and not the Tab key.

Qt scrolls for Tab alone: a button that got the keyboard when a sheet closed could lie below.
"""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QApplication, QScrollArea, QWidget

from shelter_desk.ui.theme import theme

_ROOM = 12  # px at 100 %, above and below
_AT_REST = 60  # ms, after which layouts of several levels have settled


def keep_in_sight(app: QApplication) -> None:
    """Follow the keyboard in every window of the application."""
    app.focusChanged.connect(_changed)


def _changed(_before: QWidget | None, now: QWidget | None) -> None:
    is_click = QApplication.mouseButtons() != Qt.MouseButton.NoButton  # it is in sight
    if now is not None and not is_click:
        # Later: what was just made does not lie in its place yet, nor what stands above it.
        for wait in (0, _AT_REST):
            QTimer.singleShot(wait, now, partial(_follow, now))


def _follow(part: QWidget) -> None:
    if not part.hasFocus():
        return
    above = part.parentWidget()
    while above is not None:
        # A list that is taller than its window leads to its own line.
        if isinstance(above, QScrollArea) and part.height() <= above.viewport().height():
            above.ensureWidgetVisible(part, 0, theme().px(_ROOM))
        above = above.parentWidget()
