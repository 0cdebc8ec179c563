"""Widgets below each other that come and go."""

from __future__ import annotations

from PySide6.QtWidgets import QVBoxLayout, QWidget

from shelter_desk.ui.scale import fill
from shelter_desk.ui.widgets.cards import empty


class Pile(QWidget):
    """A column that can be emptied and filled again. `spacing` is px at 100 %."""

    def __init__(self, *widgets: QWidget, spacing: float = 8) -> None:
        super().__init__()
        self._box = QVBoxLayout(self)
        fill(self._box, widgets, spacing=spacing)

    def add(self, widget: QWidget, place: int = -1) -> None:
        """Put a widget at a place, or at the end."""
        self._box.insertWidget(place, widget)

    def clear(self) -> None:
        """Take everything out and delete it."""
        empty(self._box)
