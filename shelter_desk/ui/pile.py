"""Widgets below each other that come and go."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtWidgets import QVBoxLayout, QWidget

from shelter_desk.ui.scale import column, fill
from shelter_desk.ui.widgets.cards import empty


class Pile(QWidget):
    """A column that can be emptied and filled again. `spacing` is px at 100 %."""

    def __init__(self, *widgets: QWidget, spacing: float = 8) -> None:
        super().__init__()
        self._box, self._spacing = QVBoxLayout(self), spacing
        fill(self._box, widgets, spacing=spacing)

    def add(self, widget: QWidget, place: int = -1) -> None:
        """Put a widget at a place, or at the end."""
        self._box.insertWidget(place, widget)

    def show_all(self, widgets: Iterable[QWidget]) -> None:
        """Show these instead of what is there, laid out before anything of them is painted.

        Added one by one to what is on screen, each is hidden until the event loop comes to it,
        and the layout gives it no room until then.
        """
        self.clear()
        inside = column(*widgets, spacing=self._spacing)
        self._box.addWidget(inside)
        inside.show()

    def clear(self) -> None:
        """Take everything out and delete it."""
        empty(self._box)
