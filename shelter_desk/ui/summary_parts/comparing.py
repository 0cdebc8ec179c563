"""What coarser versions of a summary would show, one after the other, best first in the end."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QObject, Signal

from shelter_desk.disclosure import Advice
from shelter_desk.exports.summary_questions import AdviceQuestion, ask_for_advice
from shelter_desk.ui.shared import OpenDesk
from shelter_desk.ui.summary_parts.advice import AdviceCard
from shelter_desk.ui.summary_parts.asides import compare
from shelter_desk.ui.summary_parts.choices import SummaryChoices
from shelter_desk.ui.summary_parts.searching import Searching


class Comparing(QObject):
    """Fills the card of other versions; says `compared` when it knows them all."""

    compared = Signal()

    def __init__(self, search: Searching, choices: SummaryChoices, card: AdviceCard) -> None:
        super().__init__(search)
        self._search, self._choices, self._card = search, choices, card
        self._found: list[Advice] = []

    def begin(self, desk: OpenDesk) -> None:
        """Compare the versions of what is chosen now."""
        self._found = []
        wanted = self._choices.wanted()
        work = partial(
            ask_for_advice,
            desk,
            period=wanted["period"],
            audience=wanted["audience"],
            insider=self._choices.insider.isChecked(),
        )
        self._search.run(work, self._rank)

    def _rank(self, question: AdviceQuestion) -> None:
        self._search.aside(partial(compare, question), self._one_more, self._all)

    def _one_more(self, one: Advice) -> None:
        self._found.append(one)
        self._card.show_advice(tuple(self._found))

    def _all(self, found: tuple[Advice, ...]) -> None:
        self._search.end()
        self._card.show_advice(found)
        self._card.table.setFocus()
        self.compared.emit()
