"""Whom a service was for: one resident, or several at once."""

from __future__ import annotations

import json
from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from shelter_desk.ui.editors import SeveralEditor
from shelter_desk.ui.picker import Picker
from shelter_desk.ui.scale import fill, row
from shelter_desk.ui.widgets import Chip


class WhomPart(QWidget):
    """A list to choose one resident from; "A group" shows all of them to be marked."""

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.one = Picker(self.tr("Whom"))
        self.group = Chip(self.tr("A group"))
        self._people: Sequence[tuple[str, str]] = ()
        self.several = SeveralEditor(self.tr("Whom"), (), chips=True)
        self._box = QVBoxLayout(self)
        fill(self._box, (row((self.one, 1), self.group), self.several), spacing=8)
        self.several.hide()
        self.several.edited.connect(self.changed)
        self.one.activated.connect(self.changed)
        self.group.clicked.connect(self._turn)
        self.setFocusProxy(self.one)

    def offer(self, people: Sequence[tuple[str, str]], chosen: str) -> None:
        """Offer these residents (stay, name), one of them chosen; "" chooses nobody."""
        self._people = people
        self.one.offer(people)
        self.one.choose(chosen)
        self.set_group(on=False)

    def set_fixed(self, *, fixed: bool) -> None:
        """Show whom it is for, but do not let it be changed: a correction is of one line."""
        self.one.setEnabled(not fixed)
        self.group.setVisible(not fixed)

    def set_group(self, *, on: bool) -> None:
        """Show all residents to be marked, or the list to choose one from."""
        self.group.setChecked(on)
        self.group.setVisible(len(self._people) > 1)
        self.one.setEnabled(not on)
        before = self.several
        before.edited.disconnect(self.changed)
        self.several = SeveralEditor(self.tr("Whom"), self._people, chips=True)
        self.several.setAccessibleName(self.tr("Whom"))
        self.several.edited.connect(self.changed)
        if on and self.one.code():
            self.several.put((self.one.code(),))
        self._box.replaceWidget(before, self.several)
        self.several.setVisible(on)
        before.hide()
        before.deleteLater()

    def code(self) -> str:
        """Return the stay chosen, or "" when nobody or a group is."""
        return "" if self.group.isChecked() else self.one.code()

    def codes(self) -> tuple[str, ...]:
        """Return the stays chosen."""
        if self.group.isChecked():
            return self.several.read()
        return (self.one.code(),) if self.one.code() else ()

    def names(self) -> tuple[str, ...]:
        """Return the names of the stays chosen, as they are shown."""
        shown = dict(self._people)
        return tuple(shown[stay] for stay in self.codes())

    def typed(self) -> str:
        """Return whom it is for, for a draft."""
        return json.dumps({"group": self.group.isChecked(), "stays": self.codes()})

    def put_typed(self, typed: str) -> None:
        """Choose whom `typed` returned before."""
        kept = json.loads(typed)
        stays = tuple(kept["stays"])
        if kept["group"]:
            self.set_group(on=True)
            self.several.put(stays)
        elif stays:
            self.one.choose(stays[0])

    def _turn(self, on: bool) -> None:  # noqa: FBT001 - a signal's argument
        self.set_group(on=on)
        self.changed.emit()
