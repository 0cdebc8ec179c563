"""The notices that are owed, on Today: a card of their own, above everything that is ticked.

A notice wants a name and a number, so it is answered on its own page. The checklist item that it
answers is not shown a second time.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from shelter_desk.desk.missing_record import MissingBoard, missing_board
from shelter_desk.desk.notices import OwedNotice
from shelter_desk.desk.today import ArrivalCard, TodayBoard, TodayLine
from shelter_desk.ui.missing.words import due_tone, due_words
from shelter_desk.ui.pile import Pile
from shelter_desk.ui.scale import STRETCH, column, row
from shelter_desk.ui.shared import Shared
from shelter_desk.ui.theme import theme
from shelter_desk.ui.today_cards import Call
from shelter_desk.ui.today_lists import shown_name
from shelter_desk.ui.tokens import Tone
from shelter_desk.ui.widgets import Button, Card, Label, Pill, SectionHeader

MOST = 4


class OwedCard(Card):
    """The few that are due first, and how many more there are. Emits `opened` (page, subject)."""

    opened = Signal(str, str)

    def __init__(self, shared: Shared) -> None:
        self._shared, self._is_whole = shared, False
        self._pile, self._more = Pile(spacing=6), Label("", "caption")
        self.head = SectionHeader("", icon="phone", tone=Tone.WARN)
        super().__init__(self.head, self._pile, self._more, spacing=6, margins=(14, 10, 10, 8))
        self.head.title.setText(self.tr("Tell them"))
        self.buttons: list[Button] = []
        self._board: MissingBoard | None = None
        theme().changed.connect(self._show)  # names may show as initials from now on

    def set_whole(self, whole: bool) -> None:  # noqa: FBT001 - a plain answer to a plain question
        """Show every one from the next look on, or the first few."""
        self._is_whole = whole

    def refresh(self) -> Sequence[OwedNotice]:
        """Show those that are owed, the one due first at the top, and return them all.

        With the moment that the strip above the page reckons with: a clock that was set back
        gives no more time here than there.
        """
        self._board = self._shared.ask(missing_board, now=self._shared.now())
        self._show()
        return self._board.owed

    def _show(self) -> None:
        if self._board is None:
            return
        owed, at = self._board.owed, self._board.at
        self._pile.clear()
        self.buttons = []
        most = len(owed) if self._is_whole else MOST
        for one in owed[:most]:
            self._pile.add(self._row(one, at))
        self.head.remark.setText(str(len(owed)))
        self._more.setText(self.tr("and {0} more").format(len(owed) - most))
        self._more.setVisible(len(owed) > most)
        self.setVisible(bool(owed))

    def _row(self, one: OwedNotice, at: datetime) -> QWidget:
        about = self.tr("Incident")
        if one.stay_id is not None:
            about = self.tr("{0}, missing from care")
            if one.stage == "return":
                about = self.tr("{0} is back safe")
            about = about.format(shown_name(one.called))
        texts = column(Label(one.recipient_name, "strong"), Label(about, "caption"), spacing=0)
        pill = Pill(due_words(one.due_at, at, self._shared.zone), due_tone(one.due_at, at))
        button = Button(self.tr("Open"), "arrow-right", kind="ghost")
        button.setAccessibleName(self.tr("Open {0}: {1}").format(about, one.recipient_name))
        button.clicked.connect(Call(self._open, (one.page, one.subject)))
        self.buttons.append(button)
        return row((texts, 1), STRETCH, pill, button, spacing=10)

    def _open(self, target: tuple[str, str]) -> None:
        self.opened.emit(*target)


def without_owed(board: TodayBoard, owed: Sequence[OwedNotice]) -> TodayBoard:
    """Return the board without the items that a notice stands for. The counters count both."""
    told = {(one.stay_id, one.item_id) for one in owed if one.item_id}
    if not told:
        return board

    def kept(lines: Sequence[TodayLine]) -> tuple[TodayLine, ...]:
        return tuple(line for line in lines if (line.stay_id, line.item_id) not in told)

    def card(one: ArrivalCard) -> ArrivalCard:
        groups = tuple(replace(group, lines=kept(group.lines)) for group in one.groups)
        return replace(one, groups=groups)

    arrivals = tuple(card(one) for one in board.arrivals)
    return replace(board, lines=kept(board.lines), arrivals=arrivals)
