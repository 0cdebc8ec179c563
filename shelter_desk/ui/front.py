"""The frame of every page before the desk is open: one card in the middle of a quiet ground."""

from __future__ import annotations

from PySide6.QtWidgets import QVBoxLayout, QWidget

from shelter_desk.ui.scale import STRETCH, Part, at_most, column, fill, row
from shelter_desk.ui.widgets import Card, Icon, Label, Scroll


class FrontPage(QWidget):
    """Centres a card and scrolls it when the window is smaller than it."""

    def __init__(self, card: QWidget, *below: Part) -> None:
        super().__init__()
        under = row(STRETCH, *below, STRETCH, spacing=6) if below else None
        middle = column(
            STRETCH, row(STRETCH, (card, 40), STRETCH), under, STRETCH, STRETCH, spacing=10
        )
        fill(QVBoxLayout(self), (Scroll(middle),), margins=(12, 12, 12, 12))
        self.setAutoFillBackground(True)


class FrontCard(Card):
    """A card of a width in px at 100 %, narrower when the window is."""

    def __init__(self, *parts: Part, width: float = 560, spacing: float = 9) -> None:
        super().__init__(*parts, spacing=spacing, margins=(28, 24, 28, 20))
        at_most(self, width)


def brand(title: str, *, size: float = 30) -> QWidget:
    """Return the house with the heart and a title, centred."""
    return row(
        STRETCH, Icon("house-heart", "primary", size), Label(title, "h1"), STRETCH, spacing=10
    )
