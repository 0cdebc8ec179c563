"""Record classes that somebody opened in an emergency, on Today, until a director looked at it."""

from __future__ import annotations

from itertools import pairwise

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from shelter_desk.desk.openings import OpeningLine, SeeOpening, openings_to_see
from shelter_desk.domain.staff import May
from shelter_desk.ui.dates import show_moment
from shelter_desk.ui.pile import Pile
from shelter_desk.ui.scale import column, row
from shelter_desk.ui.shared import Shared
from shelter_desk.ui.today_cards import Call
from shelter_desk.ui.tokens import Tone
from shelter_desk.ui.widgets import Button, Card, Label, SectionHeader


class OpenedCard(Card):
    """One line for each opening, with a button that says that it was looked at."""

    def __init__(self, shared: Shared) -> None:
        self._shared = shared
        self._pile = Pile(spacing=6)
        self.head = SectionHeader("", icon="lock-open", tone=Tone.WARN)
        super().__init__(self.head, self._pile, spacing=6, margins=(14, 10, 10, 8))
        self.head.title.setText(self.tr("Opened in an emergency"))
        self.buttons: list[Button] = []
        self.hide()

    def refresh(self) -> None:
        """Show what waits to be looked at; nothing to those who are not told."""
        self._pile.clear()
        self.buttons = []
        lines: tuple[OpeningLine, ...] = ()
        if self._shared.may(May.MANAGE_STAFF):
            lines = self._shared.ask(openings_to_see)
        for line in lines:
            self._pile.add(self._row(line))
        self.setVisible(bool(lines))
        self._keep_order()

    def _keep_order(self) -> None:
        """Let Tab come here first: what is made anew would come after the whole page."""
        before = self.previousInFocusChain()
        while before not in (None, self) and not _tab_stops_at(before):
            before = before and before.previousInFocusChain()
        if before is None or before is self:
            return
        for one, other in pairwise((before, *self.buttons)):
            QWidget.setTabOrder(one, other)

    def _row(self, line: OpeningLine) -> QWidget:
        zone = self._shared.zone
        title = self.tr("{0} opened “{1}”").format(line.who, line.class_name)
        words = self.tr("{0}. From {1} to {2}; {3} agreed.").format(
            line.reason,
            show_moment(line.opened_at, zone),
            show_moment(line.until_at, zone),
            line.second,
        )
        texts = column(Label(title, "strong", wrap=True), Label(words, "caption", wrap=True))
        button = Button(self.tr("I have seen it"), "check", kind="ghost")
        button.setAccessibleName(self.tr("I have seen it: {0}").format(title))
        button.clicked.connect(Call(self._seen, line.opening_id))
        self.buttons.append(button)
        return row((texts, 1), button, spacing=10)

    def _seen(self, opening_id: str) -> None:
        self._shared.attempt(SeeOpening(opening_id), said=self.tr("Noted"))


def _tab_stops_at(part: QWidget | None) -> bool:
    return part is not None and bool(part.focusPolicy() & Qt.FocusPolicy.TabFocus)
