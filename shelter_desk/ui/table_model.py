"""One item model for every table: rows are frozen values, columns are declared.

For page writers::

    COLUMNS = (Column("Room", lambda line: line.room, width=74),
               Column("Tasks", lambda line: line.tasks, tone=lambda line: line.tone),   # a pill
               Column("Resident", lambda line: line.called, avatar=True, stretch=True,
                      below=lambda line: line.note))
    self.table = Table[RosterLine](COLUMNS, self.tr("Residents"))
    self.table.opened.connect(self._open)        # the line: Enter or double click
    self.table.show_lines(lines)                 # a tuple; the selection is kept by `key`
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from shelter_desk.ui.tokens import Tone

Line = TypeVar("Line")
Index = QModelIndex | QPersistentModelIndex
LINE_ROLE = int(Qt.ItemDataRole.UserRole) + 1
_TOP = QModelIndex()


@dataclass(frozen=True)  # no slots: Python 3.11 cannot subscript a slotted generic
class Column(Generic[Line]):
    """A heading, and how to show a line under it. Widths are px at 100 %.

    `tone` shows the words as a pill; `below` adds a quiet second line, which `below_tone` colours;
    `share` (0 to 1) draws a bar before the words; `avatar` puts initials before them; `number`
    aligns at the right; `wrap` breaks long words of the upper line where the row has room for it.
    """

    heading: str
    show: Callable[[Line], str]
    width: int = 120
    stretch: bool = False
    tone: Callable[[Line], Tone | None] | None = None
    below: Callable[[Line], str] | None = None
    below_tone: Callable[[Line], Tone | None] | None = None
    share: Callable[[Line], float] | None = None
    avatar: bool = False
    number: bool = False
    quiet: bool = False
    wrap: bool = False


class TableModel(QAbstractTableModel, Generic[Line]):
    """Shows a tuple of lines. Replace the tuple to refresh."""

    def __init__(self, columns: Sequence[Column[Line]], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._columns = tuple(columns)
        self._lines: tuple[Line, ...] = ()

    @property
    def columns(self) -> tuple[Column[Line], ...]:
        """Return what is shown, left to right."""
        return self._columns

    @property
    def lines(self) -> tuple[Line, ...]:
        """Return the lines shown, top to bottom."""
        return self._lines

    def show(self, lines: Sequence[Line]) -> None:
        """Show these lines instead."""
        self.beginResetModel()
        self._lines = tuple(lines)
        self.endResetModel()

    def line(self, index: Index) -> Line:
        """Return the value behind a row."""
        return self._lines[index.row()]

    def as_csv(self) -> str:
        """Return headings and cells for a spreadsheet, in the order shown."""
        out = io.StringIO()
        writer = csv.writer(out)
        writer.writerow([column.heading for column in self._columns])
        for line in self._lines:
            writer.writerow([_tame(column.show(line)) for column in self._columns])
        return out.getvalue()

    def rowCount(self, parent: Index = _TOP) -> int:
        return 0 if parent.isValid() else len(self._lines)

    def columnCount(self, parent: Index = _TOP) -> int:
        return 0 if parent.isValid() else len(self._columns)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:  # noqa: ANN401 - Qt's QVariant
        if not index.isValid():
            return None
        column, line = self._columns[index.column()], self._lines[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return column.show(line)
        if role == LINE_ROLE:
            return line
        if role == Qt.ItemDataRole.AccessibleTextRole:
            below = column.below(line) if column.below else ""
            return ", ".join(part for part in (column.show(line), below) if part)
        if role == Qt.ItemDataRole.AccessibleDescriptionRole:
            return column.heading
        return None

    def headerData(
        self,
        section: int,
        orientation: Qt.Orientation,
        role: int = Qt.ItemDataRole.DisplayRole,
    ) -> Any:  # noqa: ANN401 - Qt's QVariant
        if orientation != Qt.Orientation.Horizontal:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return self._columns[section].heading
        if role == Qt.ItemDataRole.TextAlignmentRole:
            side = Qt.AlignmentFlag.AlignLeft
            if self._columns[section].number:
                side = Qt.AlignmentFlag.AlignRight
            return int(side | Qt.AlignmentFlag.AlignVCenter)
        return None


def _tame(cell: str) -> str:
    # A cell that begins like a formula would be run by a spreadsheet.
    return f"'{cell}" if cell[:1] in ("=", "+", "-", "@", "\t") else cell
