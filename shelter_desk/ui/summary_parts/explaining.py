"""The way from a number to the records behind it: which one is chosen, and a button beside it."""

from __future__ import annotations

from PySide6.QtWidgets import QHBoxLayout, QWidget

from shelter_desk.ui.scale import fill
from shelter_desk.ui.widgets import Button, Label


class ExplainPart(QWidget):
    """Says which number is chosen, or how one is; `button` opens what is behind it."""

    def __init__(self) -> None:
        super().__init__()
        self.chosen = Label("", "caption", wrap=True)
        self.button = Button(self.tr("Explain this number"), "search")
        fill(QHBoxLayout(self), ((self.chosen, 1), self.button), spacing=16)
        self._may = False
        self.offer(may=False)

    def offer(self, *, may: bool) -> None:
        """Offer it, no number being chosen yet; or take the offer back."""
        self._may = may
        self.button.setEnabled(False)
        hint = self.tr("Choose a number: Enter, or two clicks, show what is behind it.")
        self.chosen.setText(hint if may else "")

    def say(self, words: str) -> None:
        """Say which number is chosen."""
        self.button.setEnabled(self._may)
        self.chosen.setText(words if self._may else "")
