"""The services given most, as tiles with the keys 1 to 8, and 9 for all the others."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QButtonGroup, QGridLayout, QSizePolicy, QWidget

from shelter_desk.ui.scale import measures
from shelter_desk.ui.theme import theme
from shelter_desk.ui.tokens import Tone
from shelter_desk.ui.widgets import Button

_GAP, _LONGEST = 6, 250  # px at 100 %: between tiles, and the widest name that is waited for


class Tile(Button):
    """A button that stays pressed: the service that was given."""

    def __init__(self, text: str, icon: str, name: str) -> None:
        super().__init__(text, icon, kind="tile")
        self.setCheckable(True)
        self.setAccessibleName(name)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if self.isChecked() and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            event.ignore()  # it is chosen already: Enter means the form
            return
        super().keyPressEvent(event)

    def minimumSizeHint(self) -> QSize:
        return QSize(theme().px(110), self.sizeHint().height())

    def _colours(self) -> tuple[str | None, str | None, str, str]:
        tokens = theme().tokens
        if not self.isChecked():
            return super()._colours()
        if tokens.accent_soft == tokens.surface:  # high contrast knows no soft ground
            return tokens.primary, tokens.primary, tokens.primary_text, tokens.primary_text
        colours = tokens.tone(Tone.ACCENT)
        return colours.soft, tokens.primary, colours.text, colours.text


class Tiles(QWidget):
    """One of a few tiles. `chosen` says the code; keys are the business of whoever holds it."""

    chosen = Signal(str)

    def __init__(self, options: Sequence[tuple[str, str, str]], name: str) -> None:
        """Take (code, label, icon) for each tile."""
        super().__init__()
        self.setAccessibleName(name)
        self._codes = tuple(code for code, _, _ in options)
        self._group = QButtonGroup(self)
        self.tiles: list[Tile] = []
        for place, (_, label, icon) in enumerate(options):
            tile = Tile(f"{place + 1}  {label}", icon, label)
            self._group.addButton(tile, place)
            self.tiles.append(tile)
        self._group.idClicked.connect(self._clicked)
        self._grid = QGridLayout(self)
        measures(self._grid, spacing=_GAP)
        self._across = 0
        self._arrange(3)

    def value(self) -> str:
        """Return the code chosen, or ""."""
        place = self._group.checkedId()
        return self._codes[place] if place >= 0 else ""

    def set_value(self, code: str) -> None:
        """Choose by code; another code chooses nothing."""
        if code in self._codes:
            self.tiles[self._codes.index(code)].setChecked(True)
            return
        self._group.setExclusive(False)
        for tile in self.tiles:
            tile.setChecked(False)
        self._group.setExclusive(True)

    def press(self, number: int) -> bool:
        """Choose by the number on the tile; False when there is none."""
        if not 1 <= number <= len(self.tiles):
            return False
        self.tiles[number - 1].click()
        return True

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        gap = theme().px(_GAP)
        # One endless name of a house's own service must not put all of them below each other.
        widest = min(max(tile.sizeHint().width() for tile in self.tiles), theme().px(_LONGEST))
        room = (self.width() + gap) // (widest + gap)
        self._arrange(min(max(room, 1), 3))

    def _arrange(self, across: int) -> None:
        if across == self._across:
            return
        self._across = across
        for place, tile in enumerate(self.tiles):
            self._grid.addWidget(tile, place // across, place % across)
        for place in range(3):
            self._grid.setColumnStretch(place, 1 if place < across else 0)

    def _clicked(self, place: int) -> None:
        self.chosen.emit(self._codes[place])
