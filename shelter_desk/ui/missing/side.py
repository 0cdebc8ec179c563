"""What stands beside an episode: contact rules, the facts sheet, earlier times."""

from __future__ import annotations

from datetime import datetime

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from shelter_desk.desk.missing_record import EpisodeLine
from shelter_desk.domain.care_model import CareModel
from shelter_desk.ui.dates import show_moment
from shelter_desk.ui.missing.words import length
from shelter_desk.ui.pile import Pile
from shelter_desk.ui.scale import STRETCH, column, fill, row
from shelter_desk.ui.shared import Shared
from shelter_desk.ui.today_cards import Call
from shelter_desk.ui.widgets import Button, Card, Label, SectionHeader


class Rules(QWidget):
    """The contact rule of each person. Emits `wanted` with the person's code."""

    wanted = Signal(str)

    def __init__(self, model: CareModel) -> None:
        super().__init__()
        self._model = model
        self._words: dict[str, Label] = {}
        self.buttons: dict[str, Button] = {}
        parts = []
        for value in model.values("contact-people"):
            words = Label("", "caption", wrap=True)
            button = Button(self.tr("Change"), kind="ghost")
            button.setAccessibleName(self.tr("Contact rule: {0}").format(value.label))
            button.clicked.connect(Call(self.wanted.emit, value.code))
            self._words[value.code], self.buttons[value.code] = words, button
            head = column(Label(value.label, wrap=True), words, spacing=0)
            parts.append(row((head, 1), button))
        fill(QVBoxLayout(self), parts, spacing=8)

    def show_rules(self, rules: dict[str, str]) -> None:
        """Show these rules; whoever is not named is not decided."""
        for person, words in self._words.items():
            rule = rules.get(person, "not-decided")
            words.setText(self._model.label("contact-rules", rule))


class Earlier(Card):
    """The other times this resident was missing. Emits `opened` with the episode."""

    opened = Signal(str)

    def __init__(self, shared: Shared) -> None:
        self._shared = shared
        self._pile = Pile(spacing=6)
        self._title = SectionHeader("", icon="history")
        super().__init__(self._title, self._pile)
        self._title.title.setText(self.tr("Earlier times"))

    def show_lines(self, lines: tuple[EpisodeLine, ...], now_open: str, at: datetime) -> None:
        """Show every other episode that was not taken back, newest first."""
        others = [one for one in lines if one.episode_id != now_open and not one.is_withdrawn]
        self._pile.clear()
        for line in others:
            when = show_moment(line.discovered_at, self._shared.zone)
            gone = length((line.returned_at or line.closed_at or at) - line.discovered_at)
            button = Button(when, kind="ghost")
            button.setAccessibleName(self.tr("Open {0}, missing {1}").format(when, gone))
            button.clicked.connect(Call(self.opened.emit, line.episode_id))
            self._pile.add(row(button, Label(gone, "caption"), STRETCH))
        self.setVisible(bool(others))
