"""The tables of a safe summary on screen: shown numbers, zeros, and `*` for what is withheld."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import NamedTuple

from PySide6.QtCore import QModelIndex, Signal
from PySide6.QtWidgets import QTableView, QVBoxLayout, QWidget

from shelter_desk.disclosure import Dropped, SafeRelease, SafeTable
from shelter_desk.reports.summary_tables import EVERYBODY, TOTAL, Cell, Grid, grid
from shelter_desk.reports.wording import WITHHELD
from shelter_desk.ui.periods_shown import with_periods
from shelter_desk.ui.pile import Pile
from shelter_desk.ui.scale import STRETCH, fill, row
from shelter_desk.ui.table_model import Column
from shelter_desk.ui.theme import theme
from shelter_desk.ui.widgets import Button, Card, Label, SectionHeader, Table

_ROW = 34
_Row = tuple[Cell, ...]
Range = tuple[int, int | None]


class Blank(NamedTuple):
    """A figure somebody asks about, withheld or shown: its id, and words for it."""

    figure: str
    words: str


class SummaryPreview(QWidget):
    """One card for each table, exactly the figures that will be saved.

    Says with `asked` that somebody wants to know why a figure is withheld (a `Blank`), and with
    `opened` that they want to see what is behind one that is shown. `last_chosen` is the figure
    that the keyboard was on last; `chosen` is emitted when it is another. Where tables were left
    out, `coarser_words` stand on a button that leads to a version with them; it says `coarser`.
    """

    asked = Signal(object)
    opened = Signal(object)
    chosen = Signal(object)
    coarser = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._pile = Pile(spacing=12)
        self._shown: object = None
        self.tables: tuple[Table[_Row], ...] = ()
        self.last_chosen: Blank | None = None
        self.coarser_words = ""
        self.to_coarser: Button | None = None
        fill(QVBoxLayout(self), (self._pile,))

    def show_release(
        self, release: SafeRelease, ranges: Mapping[str, Range] | None = None
    ) -> None:
        """Show every table, then what was left out and why.

        With `ranges`, what readers can work out stands in the place of what is withheld. What is
        there already stays: whoever reads it keeps their place.
        """
        wanted = (release.tables, release.dropped, ranges or {})
        if wanted == self._shown:
            if self.last_chosen is not None:
                self.chosen.emit(self.last_chosen)
            return
        self.clear()
        made, cards = [], []
        for one in release.tables:
            laid_out = grid(one)
            ids = _ids(one)
            table = _table(laid_out, _with_ranges(laid_out.rows, ids, ranges or {}))
            table.clicked.connect(partial(self._why, one, laid_out))
            table.opened.connect(partial(self._opened, table, one, laid_out))
            table.selectionModel().currentChanged.connect(partial(self._moved, one, laid_out))
            made.append(table)
            header = SectionHeader(laid_out.title, icon="sheet")
            means = Label(self.tr(one.means), "muted", wrap=True) if one.means else None
            cards.append(Card(header, means, table, spacing=6))
        if release.dropped:
            cards.append(self._left_out(release.dropped))
        self._pile.show_all(cards)
        self.tables, self._shown = tuple(made), wanted

    def _left_out(self, dropped: tuple[Dropped, ...]) -> Card:
        lines = [
            Label(with_periods(f"{one.title}: {one.reason}"), "muted", wrap=True)
            for one in dropped
        ]
        card = Card(SectionHeader(self.tr("Left out"), icon="eye-off"), *lines)
        if self.coarser_words:
            self.to_coarser = Button(self.coarser_words, "scale")
            self.to_coarser.clicked.connect(self.coarser)
            card.add(row(STRETCH, self.to_coarser))
        return card

    def _opened(self, table: Table[_Row], one: SafeTable, laid_out: Grid, _line: object) -> None:
        """Enter on a line: the figure the keyboard is on; else the first that is withheld."""
        at, column = table.currentIndex().row(), table.currentIndex().column()
        line = laid_out.rows[at]
        blanks = [place for place, cell in enumerate(line) if place and cell == WITHHELD]
        place = column or (blanks[0] if blanks else len(line) - 1)
        signal = self.asked if line[place] == WITHHELD else self.opened
        signal.emit(_figure(one, laid_out, at, place))

    def _why(self, one: SafeTable, laid_out: Grid, index: QModelIndex) -> None:
        if laid_out.rows[index.row()][index.column()] == WITHHELD:
            self.asked.emit(_figure(one, laid_out, index.row(), index.column()))

    def _moved(self, one: SafeTable, laid_out: Grid, index: QModelIndex, _before: object) -> None:
        if index.isValid():
            place = index.column() or len(laid_out.head) - 1
            self.last_chosen = _figure(one, laid_out, index.row(), place)
            self.chosen.emit(self.last_chosen)

    def clear(self) -> None:
        """Show nothing."""
        self._pile.clear()
        self.tables, self.last_chosen, self.to_coarser, self._shown = (), None, None, None


def keep_row_height(table: QTableView, height: float) -> None:
    """Let rows be as low as asked for, so that a fitted table never cuts its last one off."""
    header = table.verticalHeader()
    header.setMinimumSectionSize(1)
    header.setDefaultSectionSize(theme().px(height))  # it was held at the least of the style


def _figure(one: SafeTable, laid_out: Grid, at: int, place: int) -> Blank:
    """Return the figure of a place of the grid, with its table and line in words."""
    head = laid_out.head[place] if len(laid_out.head) > 2 else ""
    words = ", ".join(part for part in (str(laid_out.rows[at][0]), head) if part)
    return Blank(_ids(one)[at][place], f"{laid_out.title}: {words}")


def _ids(table: SafeTable) -> list[list[str]]:
    """Return the id of every cell of the grid of a table; "" over the labels."""
    columns = [column.code for column in table.columns]
    columns += [TOTAL] if table.row_totals is not None else []
    lines = [["", *(f"{table.id}/{line.code}/{c}" for c in columns)] for line in table.rows]
    last = [f"{table.id}/{TOTAL}/{c}" for c in columns]
    if table.kind == "yes-no":
        last = [EVERYBODY]
    elif table.row_totals is None:
        last = [f"{table.id}/{TOTAL}/{TOTAL}"]
    return [*lines, ["", *last]]


def _with_ranges(
    rows: tuple[_Row, ...], ids: list[list[str]], ranges: Mapping[str, Range]
) -> tuple[_Row, ...]:
    def shown(cell: Cell, name: str) -> Cell:
        found = ranges.get(name)
        if cell != WITHHELD or found is None:
            return cell
        least, most = found
        return f"{least}\u2013{most}" if most is not None else f"{least} +"

    return tuple(
        tuple(shown(cell, name) for cell, name in zip(cells, names, strict=True))
        for cells, names in zip(rows, ids, strict=True)
    )


def _table(laid_out: Grid, rows: tuple[_Row, ...]) -> Table[_Row]:
    first, *others = laid_out.head
    columns = [Column[_Row](first, partial(_words, 0), width=220, stretch=True)]
    columns += [
        Column[_Row](heading, partial(_words, at), width=150, number=True)
        for at, heading in enumerate(others, start=1)
    ]
    table = Table[_Row](columns, laid_out.title, row_height=_ROW, fit=True)
    keep_row_height(table, _ROW)
    table.show_lines(rows)
    return table


def _words(at: int, line: _Row) -> str:
    # A table of ten thousand nights is read faster with its thousands apart.
    return f"{line[at]:,}" if isinstance(line[at], int) else str(line[at])
