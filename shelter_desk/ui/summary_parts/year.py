"""The summaries of a year decided together: each is looked at before any of them leaves."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from shelter_desk.disclosure import Refused
from shelter_desk.domain.periods import Period
from shelter_desk.exports.summary_plan import PreparedYear
from shelter_desk.exports.summary_release import PreparedSummary, SummaryQuestion
from shelter_desk.ui.periods_shown import with_periods
from shelter_desk.ui.scale import fill
from shelter_desk.ui.widgets import ChipChoice, FieldFrame


class YearParts(QWidget):
    """Says with `chosen` (a question, its summary) which part shall be seen."""

    chosen = Signal(object, object)

    def __init__(self) -> None:
        super().__init__()
        self._questions: dict[str, SummaryQuestion] = {}
        self._made: dict[str, PreparedSummary] = {}
        words = self.tr("Which of them is shown below")
        self.choice = ChipChoice((), words)
        fill(QVBoxLayout(self), (FieldFrame(words, self.choice),))
        self.choice.chosen.connect(self._choose)
        self.hide()

    def ask(self, questions: tuple[SummaryQuestion, ...]) -> None:
        """Take note of what is being worked out."""
        self._questions = {one.request.period: one for one in questions}

    def show_parts(self, year: PreparedYear) -> None:
        """Offer every part, and show the last: the year itself."""
        self._made = year.summaries
        parts = [(period, Period.parse(period).label) for period in self._made]
        self.choice.set_options(parts)
        self.show()
        last = parts[-1][0]
        self.choice.set_value(last)
        self._choose(last)

    def clear(self) -> None:
        """Offer nothing."""
        self._made = {}
        self.hide()

    def words(self, year: PreparedYear) -> str:
        """Say how much of each part is shown, and why there is none of another."""
        told, none = self.tr("{0}: {1} of {2} figures shown"), self.tr("{0}: none. {1}")
        said = []
        for period, part in year.parts.items():
            label = Period.parse(period).label
            if isinstance(part, Refused):
                said.append(with_periods(none.format(label, part.reason)).rstrip("."))
                continue
            release = part.release
            said.append(told.format(label, release.shown, release.shown + release.withheld))
        look_at = [one.to_look_at for one in year.summaries.values() if one.to_look_at]
        return self.tr("Safe together. {0}").format(". ".join((*said, *look_at[:1])))

    def _choose(self, period: str) -> None:
        part = self._made.get(period)
        if part is not None:
            self.chosen.emit(self._question(period), part)

    def _question(self, period: str) -> SummaryQuestion:
        """Return what a part answers, as if the other parts were out: so its blanks came to be."""
        question = self._questions[period]
        beside = [one.release.known for other, one in self._made.items() if other != period]
        known = (*question.ledger.known, *beside)
        return replace(question, ledger=replace(question.ledger, known=known))
