"""A drop-down of (code, label) options that may change while it is open to the person."""

from __future__ import annotations

from collections.abc import Sequence

from shelter_desk.ui.widgets import DropDown


class Picker(DropDown):
    """One answer out of many. "" is "Choose…" unless an option has that code itself."""

    def __init__(self, name: str, options: Sequence[tuple[str, str]] = ()) -> None:
        super().__init__(name)
        self.offer(options)

    def offer(self, options: Sequence[tuple[str, str]]) -> None:
        """Offer these; what was chosen stays chosen if it is still there."""
        before = self.code()
        self.clear()
        if "" not in dict(options):
            self.addItem(self.tr("Choose…"), "")
        for code, label in options:
            self.addItem(label, code)
        self.choose(before)

    def code(self) -> str:
        """Return the code chosen, or ""."""
        return str(self.currentData() or "")

    def choose(self, code: str) -> None:
        """Choose by code; an unknown one chooses the first entry."""
        self.setCurrentIndex(max(self.findData(code), 0))
