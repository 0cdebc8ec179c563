"""Coarser versions of a summary beside each other: how much each would show, one key takes it."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from shelter_desk.disclosure import Advice
from shelter_desk.domain.periods import Period
from shelter_desk.ui.periods_shown import with_periods
from shelter_desk.ui.scale import fill, row
from shelter_desk.ui.summary_preview import keep_row_height
from shelter_desk.ui.table_model import Column
from shelter_desk.ui.widgets import Button, Card, Label, SectionHeader, Table

_ROW = 48


class AdviceCard(QWidget):
    """Says with `adopted` which period and detail was taken."""

    adopted = Signal(str, str)

    def __init__(self, detail_words: Callable[[str], str]) -> None:
        super().__init__()
        self._detail_words = detail_words
        self.table = Table[Advice](
            self._columns(),
            self.tr("Other versions"),
            key=_key,
            row_height=_ROW,
            fit=True,
        )
        keep_row_height(self.table, _ROW)
        self.take = Button(self.tr("Use this one"), "check")
        self.take.setEnabled(False)
        self.about = Label(
            self.tr(
                "The year so far is not offered. Set against the months before, it tells who "
                "came in between, so it has to withhold more than quarters and the year do."
            ),
            "muted",
            wrap=True,
        )
        header = SectionHeader(self.tr("How much other versions would show"), icon="scale")
        fill(
            QVBoxLayout(self),
            (Card(header, self.table, row((self.about, 1), self.take, spacing=16), spacing=8),),
        )
        self.table.chosen.connect(self._chosen)
        self.table.opened.connect(self._taken)
        self.take.clicked.connect(partial(self._taken, None))
        self.hide()

    def show_advice(self, found: tuple[Advice, ...]) -> None:
        """Show what is known so far, best first."""
        self.table.show_lines(found)
        self.show()

    def clear(self) -> None:
        """Show nothing."""
        self.table.show_lines(())
        self.take.setEnabled(False)
        self.hide()

    def _chosen(self, line: Advice) -> None:
        self.take.setEnabled(not line.refused)

    def _taken(self, line: Advice | None) -> None:
        chosen = line or self.table.line()
        if chosen is not None and not chosen.refused:
            period, _, detail = chosen.key.partition("/")
            self.adopted.emit(period, detail)

    def _columns(self) -> tuple[Column[Advice], ...]:
        return (
            Column(
                self.tr("Version"),
                lambda line: self._detail_words(line.key.partition("/")[2]),
                width=240,
                stretch=True,
                below=self._left_out,
            ),
            Column(
                self.tr("Period"),
                lambda line: Period.parse(line.key.partition("/")[0]).label,
                width=190,
            ),
            Column(self.tr("Shown"), self._shown, width=110, number=True),
        )

    def _shown(self, line: Advice) -> str:
        if line.refused:
            return self.tr("nothing")
        return self.tr("{0} of {1}").format(line.shown, line.figures)

    def _left_out(self, line: Advice) -> str:
        if line.refused:
            return with_periods(line.refused)
        words = self.tr("without {0}")
        return words.format("; ".join(line.left_out)) if line.left_out else ""


def _key(line: Advice) -> str:
    return line.key
