"""Figures that are public already: written down here, and taken as known from then on."""

from __future__ import annotations

from datetime import date
from typing import Any

from PySide6.QtWidgets import QVBoxLayout, QWidget

from shelter_desk.desk import Area
from shelter_desk.desk.told_figures import (
    LONGEST,
    TellFigure,
    ToldLine,
    WithdrawTold,
    tellable,
    told_figures,
)
from shelter_desk.domain.periods import Period
from shelter_desk.ui.dates import show_day
from shelter_desk.ui.fields import Choice, Day, Number, Text
from shelter_desk.ui.form_sheet import FormSheet
from shelter_desk.ui.forms import Form
from shelter_desk.ui.scale import STRETCH, fill, row
from shelter_desk.ui.shared import Shared
from shelter_desk.ui.summary_preview import keep_row_height
from shelter_desk.ui.table_model import Column
from shelter_desk.ui.widgets import Button, Card, EmptyNote, SectionHeader, Table

_ROW = 36


class ToldCard(QWidget):
    """Lists them; `period` says which period the next one is about."""

    def __init__(self, shared: Shared) -> None:
        super().__init__()
        self._shared, self.period = shared, ""
        self.table = Table[ToldLine](
            self._columns(),
            self.tr("Figures that are public already"),
            key=_told_id,
            row_height=_ROW,
            fit=True,
        )
        keep_row_height(self.table, _ROW)
        self.none_yet = EmptyNote(
            self.tr("A number given to a newspaper, in a talk or in a proposal belongs here.")
        )
        self.write_down = Button(self.tr("Write one down"), "plus")
        self.take_back = Button(self.tr("It was never public"), "x")
        self.take_back.hide()
        header = SectionHeader(self.tr("Figures that are public already"), icon="message-circle")
        acts = row(self.write_down, self.take_back, STRETCH, spacing=12)
        fill(QVBoxLayout(self), (Card(header, self.table, self.none_yet, acts, spacing=8),))
        self.write_down.clicked.connect(self.ask)
        self.take_back.clicked.connect(self._take_back)
        self.table.chosen.connect(self._chosen)
        shared.refresh_on(Area.CUSTODY, self._refresh, self)

    def ask(self) -> FormSheet:
        """Ask what is public."""
        shared, today = self._shared, self._shared.today()
        lines = shared.ask(tellable, period=self.period, now=shared.now())
        form = Form(
            (
                Choice(
                    "figure",
                    self.tr("What the number is about"),
                    tuple((line.figure, line.words) for line in lines),
                    needed=True,
                ),
                Number("value", self.tr("The number"), needed=True),
                Text("told_to", self.tr("Where it was said"), longest=LONGEST, needed=True),
                Day("told_on", self.tr("On which day"), today, needed=True),
            )
        )
        title = self.tr("A figure of {0} that is public").format(Period.parse(self.period).label)
        intro = self.tr("Every later summary takes it as known, and withholds what it would tell.")
        sheet = FormSheet(title, form, self.tr("Write it down"), self._write, intro=intro)
        sheet.keeps(shared, "told-figure", self.period).open_over(self)
        return sheet

    def _write(self, values: dict[str, Any]) -> bool:
        told_on: date = values["told_on"]
        command = TellFigure(
            self.period, values["figure"], values["value"], values["told_to"], told_on
        )
        return self._shared.attempt(command, said=self.tr("Written down")) is not None

    def _take_back(self) -> None:
        line = self.table.line()
        if line is not None:
            self._shared.attempt(WithdrawTold(line.told_id), said=self.tr("Taken back"))

    def _chosen(self, _line: ToldLine) -> None:
        self.take_back.show()

    def _refresh(self) -> None:
        lines = self._shared.ask(told_figures)
        self.table.show_lines(lines)
        self.table.setVisible(bool(lines))
        self.none_yet.setVisible(not lines)
        self.take_back.setVisible(bool(lines) and self.table.line() is not None)

    def _columns(self) -> tuple[Column[ToldLine], ...]:
        return (
            Column(self.tr("What"), lambda line: line.words, width=220, stretch=True),
            Column(self.tr("Period"), lambda line: Period.parse(line.period).label, width=190),
            Column(self.tr("Number"), lambda line: str(line.value), width=90, number=True),
            Column(self.tr("Where"), lambda line: line.told_to, width=200),
            Column(self.tr("Day"), lambda line: show_day(line.told_on), width=140),
        )


def _told_id(line: ToldLine) -> str:
    return line.told_id
