"""The way from a number to the records behind it: which one is chosen, and a button beside it."""

from __future__ import annotations

from PySide6.QtCore import QObject

from shelter_desk.ui.widgets import Button, Label


class ExplainPart(QObject):
    """`chosen` says which number is, or how one is; `button` opens what is behind it.

    The words stand in a line of their own: at twice the size there is no room beside buttons.
    """

    def __init__(self) -> None:
        super().__init__()
        self.chosen = Label("", "caption", wrap=True)
        self.button = Button(self.tr("Explain this number"), "search")
        self._may = False
        self.offer(may=False)

    def offer(self, *, may: bool) -> None:
        """Offer it, no number being chosen yet; or take the offer back."""
        self._may = may
        self.button.setEnabled(False)
        hint = self.tr("Choose a number: Enter, or two clicks, show what is behind it.")
        self._tell(hint)

    def say(self, words: str) -> None:
        """Say which number is chosen."""
        self.button.setEnabled(self._may)
        self._tell(words)

    def _tell(self, words: str) -> None:
        self.chosen.setText(words if self._may else "")
        self.chosen.setVisible(self._may)
