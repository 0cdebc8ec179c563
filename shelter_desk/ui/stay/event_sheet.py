"""Something happened: find it by a few letters, see what it opens and by when, record it."""

from __future__ import annotations

from datetime import datetime

from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget

from shelter_desk.desk.care import RecordEvent, WithdrawEvent
from shelter_desk.desk.starting import Follows, HappenedLine, recent_events, what_follows
from shelter_desk.domain.care_model import CareModel, Trigger
from shelter_desk.domain.errors import Problem
from shelter_desk.domain.people import folded
from shelter_desk.ui.dates import show_moment
from shelter_desk.ui.editors import MomentEditor, UnreadableError
from shelter_desk.ui.form_sheet import FitScroll, press_enter
from shelter_desk.ui.pile import Pile
from shelter_desk.ui.scale import STRETCH, column, fixed, row
from shelter_desk.ui.shared import Shared
from shelter_desk.ui.table_model import Column
from shelter_desk.ui.today_cards import Call
from shelter_desk.ui.tokens import Tone
from shelter_desk.ui.widgets import (
    Button,
    FieldFrame,
    Label,
    Line,
    Pill,
    PrimaryButton,
    SearchBox,
    Sheet,
    Table,
)

_MOST_FOLLOWS, _MOST_RECENT = 6, 3
_LIST_HEIGHT = 172


class EventSheet(Sheet):
    """Letters find, Down goes into the list, Enter records; what was recorded is taken back."""

    def __init__(self, shared: Shared, model: CareModel, stay_id: str) -> None:
        self._shared, self._model, self._stay_id = shared, model, stay_id
        self._done = False
        self.letters = SearchBox(self.tr("A few letters of what happened"))
        self.table = self._make_table()
        self.when = MomentEditor(self.tr("When"), shared.now(), shared.zone)
        self.when.put(shared.now())
        self.frame = FieldFrame(self.tr("When"), self.when)
        self.follows, self.recent = Pile(spacing=3), Pile(spacing=4)
        self.save, self.leave = PrimaryButton("", "check"), Button("")
        below = (self.frame, self.follows, self.recent)
        inside = FitScroll(column(self.table, *below, spacing=10))
        buttons = row(STRETCH, self.leave, self.save)
        parts = (self.letters, (inside, 1), buttons)
        super().__init__(self.tr("Something happened"), *parts, width=760)
        fixed(self.table, height=_LIST_HEIGHT)
        self.save.setText(self.tr("Record it"))
        self.leave.setText(self.tr("Leave it"))
        self._connect()
        self._show()
        self._show_recent()

    def chosen(self) -> Trigger | None:
        """Return the event that is chosen in the list."""
        return self.table.line()

    def try_save(self) -> None:
        """Record it; close when it was taken."""
        trigger, at = self.chosen(), self._moment()
        if trigger is None or at is None or self._done:
            return
        command = RecordEvent(self._stay_id, trigger.code, at)
        said = self.tr("Recorded: {0}. The plan is up to date.").format(trigger.label)
        if self._shared.attempt(command, said=said, invalid=self._say_problems) is not None:
            self._done = True  # Enter reaches the list and the sheet
            self.close_sheet()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            press_enter(self, self.try_save)
        elif event.key() == Qt.Key.Key_Down and self.letters.hasFocus():
            self.table.setFocus(Qt.FocusReason.TabFocusReason)
            if self.chosen() is None and self.table.lines:
                self.table.selectRow(0)
        else:
            super().keyPressEvent(event)

    def _connect(self) -> None:
        self.letters.searched.connect(self._show)
        self.table.opened.connect(self.try_save)
        self.table.selectionModel().currentRowChanged.connect(self._explain)
        self.when.edited.connect(self._explain)
        self.save.clicked.connect(self.try_save)
        self.leave.clicked.connect(self.close_sheet)

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
        self._explain()

    def _explain(self) -> None:
        trigger = self.chosen()
        self.follows.clear()
        self.save.setEnabled(trigger is not None)
        if trigger is None:
            words = self.tr("Nothing of the list fits.")
            if not self.letters.text().strip():
                words = self.tr("Type a few letters, or go down into the list.")
            self.follows.add(Label(words, "muted", wrap=True))
            return
        at = self._moment(quiet=True) or self._shared.now()
        found = self._shared.ask(what_follows, stay_id=self._stay_id, code=trigger.code, at=at)
        self.follows.add(Label(self._opens(found), "caption-strong", wrap=True))
        for one in found[:_MOST_FOLLOWS]:
            self.follows.add(self._follow(one))
        if len(found) > _MOST_FOLLOWS:
            more = self.tr("and {0} more").format(len(found) - _MOST_FOLLOWS)
            self.follows.add(Label(more, "caption"))

    def _opens(self, found: tuple[Follows, ...]) -> str:
        if not found:
            return self.tr("It opens nothing here; it is kept with the day.")
        services = sorted({one.service for one in found if one.opens_service})
        one = len(found) == 1
        words = self.tr("It opens one task:") if one else self.tr("It opens {0} tasks:")
        words = words.format(len(found))
        if services:
            again = self.tr("Needed again: {0}.").format(", ".join(services))
            words = f"{again} {words}"
        return words

    def _follow(self, one: Follows) -> QWidget:
        words = one.text or self.tr("A task of {0}").format(one.service)
        due = self.tr("in its round")
        if one.due_at is not None:
            due = show_moment(one.due_at, self._shared.zone)
        pill = Pill(self.tr("safety"), Tone.WARN) if one.safety_critical else None
        return row((Label(words, wrap=True), 1), pill, Label(due, "caption"), spacing=10)

    def _show_recent(self) -> None:
        self.recent.clear()
        lines = self._shared.ask(recent_events, stay_id=self._stay_id)
        if lines:
            self.recent.add(Line())
            self.recent.add(Label(self.tr("Recorded before"), "caption-strong"))
        for line in lines[:_MOST_RECENT]:
            self.recent.add(self._past(line))

    def _past(self, line: HappenedLine) -> QWidget:
        button = Button(self.tr("Take it back"), "undo-2", kind="ghost")
        button.setAccessibleName(self.tr("Take back: {0}").format(line.label))
        button.clicked.connect(Call(self._take_back, line))
        when = show_moment(line.occurred_at, self._shared.zone)
        return row((Label(f"{line.label}  ·  {when}", wrap=True), 1), button)

    def _take_back(self, line: HappenedLine) -> None:
        said = self.tr("Taken back: {0}").format(line.label)
        if self._shared.attempt(WithdrawEvent(line.event_id), said=said) is not None:
            self.close_sheet()

    def _moment(self, *, quiet: bool = False) -> datetime | None:
        try:
            at = self.when.read()
        except UnreadableError as error:
            if not quiet:
                self.frame.show_problem(str(error))
            return None
        if at is None and not quiet:
            self.frame.show_problem(self.tr("This one is needed."))
        return at

    def _say_problems(self, problems: tuple[Problem, ...]) -> None:
        self.frame.show_problem(" ".join(problem.message for problem in problems))

    def _make_table(self) -> Table[Trigger]:
        column_ = Column[Trigger](
            self.tr("What happened"),
            lambda trigger: trigger.label,
            width=300,
            stretch=True,
            below=lambda trigger: trigger.means,
        )
        return Table[Trigger](
            (column_,),
            self.tr("What happened"),
            key=lambda trigger: trigger.code,
            row_height=46,
        )


def _order(trigger: Trigger, wanted: list[str]) -> tuple[bool, str]:
    label = folded(trigger.label)
    return not all(word in label for word in wanted), trigger.label


def open_event_sheet(host: QWidget, shared: Shared, model: CareModel, stay_id: str) -> EventSheet:
    """Open the sheet over the window of `host`."""
    sheet = EventSheet(shared, model, stay_id)
    sheet.open_over(host, sheet.letters)
    return sheet
