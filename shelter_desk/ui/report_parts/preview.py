"""An exact report on screen: the very figures of its files, and the way behind each."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import QRect, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from shelter_desk.domain.report_values import Change, Report, ReportRow, ReportTable, figure_id
from shelter_desk.reports.wording import figure
from shelter_desk.ui.pile import Pile
from shelter_desk.ui.scale import fill
from shelter_desk.ui.summary_preview import keep_row_height
from shelter_desk.ui.table_model import Column
from shelter_desk.ui.widgets import Card, Label, Scroll, SectionHeader, Table

_ROW = 34


class ReportPreview(QWidget):
    """One card for each table.

    `wanted(figure id)` is emitted for a line that is opened, and `chosen` (words for it) when the
    keyboard or a click is on another figure. The line that has the keyboard is
    brought into view in the scroll that all of this stands in.
    """

    wanted = Signal(str)
    chosen = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self._pile = Pile(spacing=12)
        self.tables: dict[str, Table[ReportRow]] = {}
        self.last_chosen = ""
        fill(QVBoxLayout(self), (self._pile,))

    def show_report(self, report: Report, changed: Sequence[Change] = ()) -> None:
        """Show what is told now, first of all what was told otherwise before."""
        self.clear()
        cards = []
        if changed:
            head = SectionHeader(self.tr("Told before, and different now"), icon="history")
            cards.append(Card(head, self._changes(changed), spacing=6))
        for one in report.tables:
            table = self._table(one)
            self.tables[one.id] = table
            note = Label(one.note, "muted", wrap=True) if one.note else None
            cards.append(Card(SectionHeader(one.title, icon="sheet"), table, note, spacing=6))
        rules = [Label(rule, "muted", wrap=True) for rule in report.rules]
        cards.append(Card(SectionHeader(self.tr("How it was counted"), icon="info"), *rules))
        self._pile.show_all(cards)

    def clear(self) -> None:
        """Show nothing."""
        self._pile.clear()
        self.tables, self.last_chosen = {}, ""

    def _figure(self, name: str, table: Table[ReportRow]) -> str:
        line = table.line()
        # The first column holds the words of the line: its first figure is meant.
        at = max(table.currentIndex().column(), 1) - 1
        code = table.property("codes")[at]
        return figure_id(name, line.code, code) if line else ""

    def _words(self, table: Table[ReportRow]) -> str:
        line, place = table.line(), max(table.currentIndex().column(), 1)
        heads = [column.heading for column in table.lines_model.columns]
        words = (line.label if line else "", heads[place] if len(heads) > 2 else "")
        return f"{table.accessibleName()}: {', '.join(filter(None, words))}"

    def _table(self, one: ReportTable) -> Table[ReportRow]:
        columns = [
            Column[ReportRow](one.first, lambda row: row.label, width=240, stretch=True),
            *(
                Column[ReportRow](words, partial(_shown, at), width=120, number=True)
                for at, (_, words) in enumerate(one.columns)
            ),
        ]
        table = Table[ReportRow](columns, one.title, key=_code, row_height=_ROW, fit=True)
        keep_row_height(table, _ROW)
        table.setProperty("codes", [code for code, _ in one.columns])
        table.show_lines(one.rows)
        table.opened.connect(partial(self._opened, one.id))
        table.selectionModel().currentChanged.connect(partial(self._moved, one.id))
        return table

    def _moved(self, name: str, *_places: object) -> None:
        if name in self.tables:
            table = self.tables[name]
            self.last_chosen = self._figure(name, table)
            self.chosen.emit(self._words(table))
            self._bring_into_view(table, table.visualRect(table.currentIndex()))

    def _bring_into_view(self, table: QWidget, place: QRect) -> None:
        around = self.parentWidget()
        while around is not None and not isinstance(around, Scroll):
            around = around.parentWidget()
        inside = around.widget() if around is not None else None
        if around is not None and inside is not None and table.isVisible():
            below = table.mapTo(inside, place.bottomLeft())
            around.ensureVisible(0, below.y(), 0, 2 * place.height())

    def _opened(self, name: str, _line: ReportRow) -> None:
        self.wanted.emit(self._figure(name, self.tables[name]))

    def _changes(self, changed: Sequence[Change]) -> Table[Change]:
        columns = (
            Column[Change](self.tr("Figure"), lambda one: one.words, width=300, stretch=True),
            Column[Change](self.tr("Told before"), _before, width=120, number=True),
            Column[Change](self.tr("Now"), _now, width=120, number=True),
        )
        table = Table[Change](columns, self.tr("Changed since"), row_height=_ROW, fit=True)
        keep_row_height(table, _ROW)
        table.show_lines(changed)
        return table


def _shown(at: int, row: ReportRow) -> str:
    value = row.values[at]
    return figure(value) if isinstance(value, int) else value


def _code(row: ReportRow) -> str:
    return row.code


def _before(one: Change) -> str:
    return figure(one.before) if isinstance(one.before, int) else one.before


def _now(one: Change) -> str:
    return figure(one.now) if isinstance(one.now, int) else one.now
