"""What happened and when: letters find it in the list of triggers, and a moment goes with it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from PySide6.QtCore import QModelIndex, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QVBoxLayout

from shelter_desk.domain.care_model import CareModel, Trigger
from shelter_desk.domain.errors import Problem
from shelter_desk.domain.people import folded
from shelter_desk.ui.editors import MomentEditor, UnreadableError
from shelter_desk.ui.scale import fill, fixed
from shelter_desk.ui.shared import Shared
from shelter_desk.ui.table_model import Column
from shelter_desk.ui.typed import TypedForm
from shelter_desk.ui.widgets import FieldFrame, SearchBox, Table

_LIST_HEIGHT = 172


class EventQuestion(TypedForm):
    """`asked` comes whenever another answer stands here."""

    asked = Signal()

    def __init__(self, shared: Shared, model: CareModel) -> None:
        super().__init__()
        self._model = model
        self.letters = SearchBox(self.tr("A few letters of what happened"))
        self.table = self._make_table()
        self.when = MomentEditor(self.tr("When"), shared.now(), shared.zone)
        self.when.put(shared.now())
        self.frame = FieldFrame(self.tr("When"), self.when)
        self.frames = {"occurred_at": self.frame}
        parts = (self.letters, self.banner, self.table, self.frame)
        fill(QVBoxLayout(self), parts, spacing=10)
        fixed(self.table, height=_LIST_HEIGHT)
        self._show()
        self.letters.searched.connect(self._show)
        self.table.selectionModel().currentRowChanged.connect(self.asked)
        self.when.edited.connect(self.asked)
        self.asked.connect(self.note_edit)

    def chosen(self) -> Trigger | None:
        """Return the event that is chosen in the list."""
        return self.table.line()

    def moment(self, *, quiet: bool = False) -> datetime | None:
        """Return when it was, or None; the problem is shown beside it unless `quiet`."""
        problem = ""
        try:
            at = self.when.read()
        except UnreadableError as error:
            at, problem = None, str(error)
        if not quiet:
            problem = problem or ("" if at is not None else self.tr("This one is needed."))
            self.frame.show_problem(problem)
        return at

    def typed(self) -> dict[str, str]:
        """Return the letters, what is chosen, and the moment."""
        chosen = self.chosen()
        code = chosen.code if chosen is not None else ""
        return {"letters": self.letters.text(), "code": code, "when": self.when.typed()}

    def restore(self, typed: Mapping[str, str]) -> None:
        """Show what was typed and chosen."""
        self.letters.setText(typed["letters"])
        codes = [trigger.code for trigger in self.table.lines]
        if typed["code"] in codes:
            self.table.selectRow(codes.index(typed["code"]))
        self.when.put_typed(typed["when"])
        self.asked.emit()

    def show_problems(self, problems: Sequence[Problem]) -> None:
        """Say beside the moment what needs another look: nothing else can be wrong here."""
        self.frame.show_problem(" ".join(problem.message for problem in problems))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() != Qt.Key.Key_Down or not self.letters.hasFocus():
            super().keyPressEvent(event)
            return
        self.table.setFocus(Qt.FocusReason.TabFocusReason)
        if self.chosen() is None and self.table.lines:
            self.table.selectRow(0)

    def _show(self) -> None:
        wanted = folded(self.letters.text()).split()
        found = [
            trigger
            for trigger in self._model.triggers.values()
            if all(word in folded(f"{trigger.label} {trigger.means}") for word in wanted)
        ]
        self.table.show_lines(sorted(found, key=lambda one: _order(one, wanted)))
        if found and wanted:
            self.table.selectRow(0)
        else:  # an Enter too many must not record what only happens to stand at the top
            self.table.clearSelection()
            self.table.setCurrentIndex(QModelIndex())
        self.asked.emit()

    def _make_table(self) -> Table[Trigger]:
        column = Column[Trigger](
            self.tr("What happened"),
            lambda trigger: trigger.label,
            width=300,
            stretch=True,
            below=lambda trigger: trigger.means,
        )
        return Table[Trigger](
            (column,),
            self.tr("What happened"),
            key=lambda trigger: trigger.code,
            row_height=46,
        )


def _order(trigger: Trigger, wanted: list[str]) -> tuple[bool, str]:
    label = folded(trigger.label)
    return not all(word in label for word in wanted), trigger.label
