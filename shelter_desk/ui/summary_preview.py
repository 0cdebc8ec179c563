"""The tables of a safe summary on screen: shown numbers, zeros, and `*` for what is withheld."""

from __future__ import annotations

from functools import partial

from PySide6.QtWidgets import QTableView, QVBoxLayout, QWidget

from shelter_desk.disclosure import SafeRelease
from shelter_desk.reports.summary_tables import Cell, Grid, grid
from shelter_desk.ui.pile import Pile
from shelter_desk.ui.scale import fill
from shelter_desk.ui.table_model import Column
from shelter_desk.ui.theme import theme
from shelter_desk.ui.widgets import Card, Label, SectionHeader, Table

_ROW = 34
_Row = tuple[Cell, ...]


class SummaryPreview(QWidget):
    """One card for each table, exactly the figures that will be saved."""

    def __init__(self) -> None:
        super().__init__()
        self._pile = Pile(spacing=12)
        self.tables: tuple[Table[_Row], ...] = ()
        fill(QVBoxLayout(self), (self._pile,))

    def show_release(self, release: SafeRelease) -> None:
        """Show every table, then what was left out and why."""
        self.clear()
        made = []
        for one in release.tables:
            laid_out = grid(one)
            table = _table(laid_out)
            made.append(table)
            header = SectionHeader(laid_out.title, icon="sheet")
            self._pile.add(Card(header, table, spacing=6))
        if release.dropped:
            lines = [
                Label(f"{left_out.title}: {left_out.reason}", "muted", wrap=True)
                for left_out in release.dropped
            ]
            self._pile.add(Card(SectionHeader(self.tr("Left out"), icon="eye-off"), *lines))
        self.tables = tuple(made)

    def clear(self) -> None:
        """Show nothing."""
        self._pile.clear()
        self.tables = ()


def keep_row_height(table: QTableView, height: float) -> None:
    """Let rows be as low as asked for, so that a fitted table never cuts its last one off."""
    header = table.verticalHeader()
    header.setMinimumSectionSize(1)
    header.setDefaultSectionSize(theme().px(height))  # it was held at the least of the style


def _table(laid_out: Grid) -> Table[_Row]:
    first, *others = laid_out.head
    columns = [Column[_Row](first, partial(_words, 0), width=220, stretch=True)]
    columns += [
        Column[_Row](heading, partial(_words, at), width=150, number=True)
        for at, heading in enumerate(others, start=1)
    ]
    table = Table[_Row](columns, laid_out.title, row_height=_ROW, fit=True)
    keep_row_height(table, _ROW)
    table.show_lines(laid_out.rows)
    return table


def _words(at: int, row: _Row) -> str:
    # A table of ten thousand nights is read faster with its thousands apart.
    return f"{row[at]:,}" if isinstance(row[at], int) else str(row[at])
