"""The lines of a `DueList`, and what is said of each to a screen reader."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Any

from PySide6.QtCore import (
    QAbstractListModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    Qt,
    Signal,
)

from shelter_desk.ui.tokens import Tone

Index = QModelIndex | QPersistentModelIndex
LINE_ROLE = int(Qt.ItemDataRole.UserRole) + 1
_TOP = QModelIndex()


class Urgency(Enum):
    """How the due words are coloured; the words say it too."""

    LATE = "late"
    SOON = "soon"
    LATER = "later"
    DONE = "done"

    @property
    def tone(self) -> Tone:
        """Return the tone of the words."""
        return {
            Urgency.LATE: Tone.DANGER,
            Urgency.SOON: Tone.WARN,
            Urgency.LATER: Tone.NEUTRAL,
            Urgency.DONE: Tone.OK,
        }[self]


@dataclass(frozen=True, slots=True)
class DueLine:
    """One row. `key` is whatever the page needs to know which thing it is.

    Without `who` or `icon` ("") the title takes their room.
    """

    key: object
    title: str
    due: str = ""
    urgency: Urgency = Urgency.LATER
    who: str = ""
    below: str = ""
    role: str = ""
    icon: str = "list-checks"
    tone: Tone = Tone.ACCENT
    checked: bool = False


class DueModel(QAbstractListModel):
    """Holds the lines of a `DueList`."""

    ticked = Signal(object, bool)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._lines: tuple[DueLine, ...] = ()

    @property
    def lines(self) -> tuple[DueLine, ...]:
        """Return the lines shown, top to bottom."""
        return self._lines

    def show(self, lines: Sequence[DueLine]) -> None:
        """Show these lines instead."""
        self.beginResetModel()
        self._lines = tuple(lines)
        self.endResetModel()

    def rowCount(self, parent: Index = _TOP) -> int:
        return 0 if parent.isValid() else len(self._lines)

    def flags(self, index: Index) -> Qt.ItemFlag:
        if not index.isValid():
            return Qt.ItemFlag.NoItemFlags
        flag = Qt.ItemFlag
        return flag.ItemIsEnabled | flag.ItemIsSelectable | flag.ItemIsUserCheckable

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:  # noqa: ANN401 - Qt's QVariant
        if not index.isValid():
            return None
        line = self._lines[index.row()]
        if role == LINE_ROLE:
            return line
        if role == Qt.ItemDataRole.CheckStateRole:
            return Qt.CheckState.Checked if line.checked else Qt.CheckState.Unchecked
        return _words(line).get(role)

    def setData(
        self,
        index: Index,
        value: Any,  # noqa: ANN401 - Qt's QVariant
        role: int = Qt.ItemDataRole.EditRole,
    ) -> bool:
        if role != Qt.ItemDataRole.CheckStateRole or not index.isValid():
            return False
        checked = Qt.CheckState(value) == Qt.CheckState.Checked
        self.ticked.emit(self._lines[index.row()], checked)
        return True


def _words(line: DueLine) -> dict[int, str]:
    said = ", ".join(part for part in (line.title, line.who, line.due) if part)
    more = ", ".join(part for part in (line.below, line.role) if part)
    return {
        int(Qt.ItemDataRole.DisplayRole): line.title,
        int(Qt.ItemDataRole.ToolTipRole): "\n".join(p for p in (line.title, line.below) if p),
        int(Qt.ItemDataRole.AccessibleTextRole): said,
        int(Qt.ItemDataRole.AccessibleDescriptionRole): more,
    }
