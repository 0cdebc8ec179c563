"""The grid of a round as an item model: residents by checks, and what is said of each cell."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from PySide6.QtCore import (
    QAbstractTableModel,
    QCoreApplication,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    Qt,
)

from shelter_desk.desk.listed import ListedItem
from shelter_desk.desk.rounds import AWAY, DONE, MISSING, OPEN, SIGNATURE, Cell, Round, RoundLine
from shelter_desk.domain.care_model import CareModel
from shelter_desk.ui.dates import show_time
from shelter_desk.ui.today_lists import shown_name

Index = QModelIndex | QPersistentModelIndex
CELL_ROLE = int(Qt.ItemDataRole.UserRole) + 1
LINE_ROLE, LATE_ROLE = CELL_ROLE + 1, CELL_ROLE + 2
_TOP = QModelIndex()


def _tr(text: str) -> str:
    return QCoreApplication.translate("shift", text)


class GridModel(QAbstractTableModel):
    """Shows one round. Columns are checks, rows residents."""

    def __init__(self, model: CareModel, zone: ZoneInfo, parent: QObject) -> None:
        super().__init__(parent)
        self._model, self._zone = model, zone
        self.lines: tuple[RoundLine, ...] = ()
        self.checks: tuple[ListedItem, ...] = ()
        self._at = datetime.max.replace(tzinfo=UTC)

    def show(self, found: Round) -> None:
        """Show another round."""
        self.beginResetModel()
        self.lines, self.checks, self._at = found.lines, found.checks, found.at
        self.endResetModel()

    def cell(self, row: int, column: int) -> Cell | None:
        """Return a cell, or None where the check does not apply."""
        return self.lines[row].cells.get(self.checks[column].item_id)

    def rowCount(self, parent: Index = _TOP) -> int:
        return 0 if parent.isValid() else len(self.lines)

    def columnCount(self, parent: Index = _TOP) -> int:
        return 0 if parent.isValid() else len(self.checks)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:  # noqa: ANN401 - Qt's own
        if not index.isValid():
            return None
        line, cell = self.lines[index.row()], self.cell(index.row(), index.column())
        said = self.words(line, cell)
        check = self.checks[index.column()].item.text
        whole = f"{shown_name(line.called)}, {check}: {said}"
        is_late = cell is not None and not line.absent and self.is_late(cell)
        return {
            CELL_ROLE: cell,
            LINE_ROLE: line,
            LATE_ROLE: is_late,
            int(Qt.ItemDataRole.DisplayRole): said,
            int(Qt.ItemDataRole.AccessibleTextRole): whole,
            int(Qt.ItemDataRole.ToolTipRole): whole,
        }.get(int(role))

    def headerData(
        self,
        section: int,
        orientation: Qt.Orientation,
        role: int = Qt.ItemDataRole.DisplayRole,
    ) -> Any:  # noqa: ANN401 - Qt's own
        if role not in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
            return None
        if orientation == Qt.Orientation.Horizontal:
            check = self.checks[section].item
            one_by_one = self.tr("one by one") if check.signatures else ""
            return "\n".join(part for part in (check.text, one_by_one) if part)
        line = self.lines[section]
        return "\n".join(part for part in (shown_name(line.called), absence(line)) if part)

    def words(self, line: RoundLine, cell: Cell | None) -> str:
        """Return what stands in a cell, in words."""
        if cell is None:
            return self.tr("does not apply")
        if cell.state == SIGNATURE:
            return self.tr("waits for a second person")
        at = show_time(cell.done_at, self._zone) if cell.done_at else ""
        if cell.outcome:
            return f"{self._model.label('item-outcomes', cell.outcome)}, {at}"
        if line.absent:
            return absence(line)
        due = show_time(cell.due_at, self._zone) if cell.due_at else ""
        words = self.tr("overdue since {0}") if self.is_late(cell) else self.tr("open, by {0}")
        return words.format(due)

    def is_late(self, cell: Cell) -> bool:
        """Tell whether a cell is overdue."""
        return cell.state != DONE and cell.due_at is not None and cell.due_at < self._at


def absence(line: RoundLine) -> str:
    """Return why somebody is not here, in words, or ""."""
    return {
        MISSING: _tr("missing from care"),
        AWAY: _tr("away on a visit"),
    }.get(line.absent, "")


def may_tick(cell: Cell | None) -> bool:
    """Tell whether a cell is open for a plain tick."""
    return cell is not None and cell.state == OPEN
