"""Places looked at and tries to reach them: who, when, and what came of it."""

from __future__ import annotations

from datetime import datetime

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from shelter_desk.desk.missing import LINE_LISTS
from shelter_desk.desk.missing_record import LookLine
from shelter_desk.domain.care_model import CareModel
from shelter_desk.ui.missing.words import clock_time
from shelter_desk.ui.pile import Pile
from shelter_desk.ui.scale import STRETCH, column, fill, row
from shelter_desk.ui.shared import Shared
from shelter_desk.ui.widgets import Button, Label


class Looks(QWidget):
    """Lines of one kind, oldest first, and a button for another. Emits `wanted` with the kind."""

    wanted = Signal(str)

    def __init__(self, shared: Shared, model: CareModel, kind: str) -> None:
        super().__init__()
        self._shared, self._model, self._kind = shared, model, kind
        is_search = kind == "search"
        words = self.tr("Looked at a place…") if is_search else self.tr("Tried to reach them…")
        self.add = Button(words, "search" if is_search else "phone")
        self.add.clicked.connect(self._want)
        self._pile = Pile(spacing=6)
        self.still = Label("", "caption", wrap=True)
        parts = (self._pile, self.still, row(self.add, STRETCH))
        fill(QVBoxLayout(self), parts, spacing=8)

    def show_looks(self, lines: tuple[LookLine, ...], at: datetime, *, is_open: bool) -> None:
        """Show the lines of this kind, and which places are left."""
        own = [line for line in lines if line.kind == self._kind]
        self._pile.clear()
        codes, results = LINE_LISTS[self._kind]
        for line in own:
            when = clock_time(line.done_at, at, self._shared.zone)
            what = self._model.label(codes, line.code)
            found = self._model.label(results, line.result)
            head = Label(f"{what}  ·  {found}", wrap=True)
            parts = [part for part in (when, line.who, line.note) if part]
            self._pile.add(
                column(head, Label("  ·  ".join(parts), "caption", wrap=True), spacing=0)
            )
        self.add.setVisible(is_open)
        self._show_left({line.code for line in own}, codes, is_open=is_open)

    def _show_left(self, seen: set[str], codes: str, *, is_open: bool) -> None:
        left = [value.label for value in self._model.values(codes) if value.code not in seen]
        shown = self._kind == "search" and is_open and bool(left)
        self.still.setText(self.tr("Still to look: {0}").format(", ".join(left)))
        self.still.setVisible(shown)

    def _want(self) -> None:
        self.wanted.emit(self._kind)
