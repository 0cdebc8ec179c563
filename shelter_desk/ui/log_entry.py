"""One entry of the service log: what it says, what it said before, and what can be done."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from shelter_desk.desk.service_log import EntryLine, WithdrawEntry, WithdrawGroup, entry_history
from shelter_desk.domain.care_model import CareModel
from shelter_desk.domain.service_rules import LINES
from shelter_desk.domain.staff import May
from shelter_desk.ui.dates import show_moment
from shelter_desk.ui.form_sheet import FitScroll
from shelter_desk.ui.log_sheet import open_correction
from shelter_desk.ui.scale import STRETCH, column, row
from shelter_desk.ui.shared import Shared
from shelter_desk.ui.today_lists import shown_name
from shelter_desk.ui.tokens import Tone
from shelter_desk.ui.widgets import Button, FlowLayout, Label, Line, Pill, Sheet


class EntrySheet(Sheet):
    """Shows the newest of an entry and, below, every former value with who wrote it when."""

    def __init__(self, host: QWidget, shared: Shared, model: CareModel, line: EntryLine) -> None:
        self._host, self._shared, self._model = host, shared, model
        self.history = shared.ask(entry_history, entry_id=line.entry_id)
        self.line = self.history[0]
        self.correct, self.take_back = Button("", "pencil"), Button("", "undo-2")
        self.group, self.resident, self.leave = Button("", "users"), Button(""), Button("")
        buttons = QWidget()
        flow = FlowLayout(8, buttons)
        for button in (self.correct, self.take_back, self.group, self.resident, self.leave):
            flow.addWidget(button)
        inside = FitScroll(column(*self._facts(), *self._former(), spacing=8))
        title = f"{shown_name(self.line.called)}  ·  {self.line.service}"
        super().__init__(title, (inside, 1), buttons, width=680)
        self._say()
        self._allow()

    def _say(self) -> None:
        for button, words, act in (
            (self.correct, self.tr("Correct it…"), self._correct),
            (self.take_back, self.tr("Take it back"), self._take_back),
            (self.group, self.tr("Take back for the group"), self._take_back_all),
            (self.resident, self.tr("Open resident"), self._open),
            (self.leave, self.tr("Close"), self.close_sheet),
        ):
            button.setText(words)
            button.clicked.connect(act)

    def _allow(self) -> None:
        counts = self.line.withdrawn_at is None and self._shared.may(May.WRITE_CARE)
        self.correct.setVisible(counts)
        self.take_back.setVisible(counts)
        self.group.setVisible(counts and bool(self.line.group_key))

    def _facts(self) -> list[QWidget]:
        line = self.line
        pills = [Pill(self.tr("corrected"), Tone.INFO)] if line.is_correction else []
        if line.group_key:
            pills.append(Pill(self.tr("given to a group"), Tone.NEUTRAL))
        if line.withdrawn_at is not None:
            pills.append(Pill(self.tr("taken back"), Tone.WARN))
        return [
            row(Label(self._when(line), "strong"), *pills, STRETCH),
            Label(self._amount(line), wrap=True),
            Label(self._paid(line), "muted", wrap=True),
            *([Label(line.note, wrap=True)] if line.note else []),
            Label(self._written(line), "caption", wrap=True),
        ]

    def _former(self) -> list[QWidget]:
        if len(self.history) < 2:
            return []
        parts: list[QWidget] = [
            Line(),
            Label(self.tr("Before it was corrected"), "caption-strong"),
        ]
        for line in self.history[1:]:
            first = f"{line.service}, {self._when(line)}, {self._amount(line)}"
            below = "  ·  ".join(
                part for part in (self._paid(line), line.note, self._written(line)) if part
            )
            parts.append(
                column(Label(first, wrap=True), Label(below, "caption", wrap=True), spacing=0)
            )
        return parts

    def _when(self, line: EntryLine) -> str:
        return show_moment(line.given_at, self._shared.zone)

    def _amount(self, line: EntryLine) -> str:
        words = self.tr("{0} min, {1} times") if line.units > 1 else self.tr("{0} min")
        return words.format(line.minutes, line.units)

    def _paid(self, line: EntryLine) -> str:
        if line.voca_code is None:
            return line.funder_name
        label = self._model.label(LINES, line.voca_code)
        return f"{line.funder_name}  ·  {line.voca_code}  {label}"

    def _written(self, line: EntryLine) -> str:
        at = show_moment(line.entered_at, self._shared.zone)
        return self.tr("Given by {0}, written down {1}").format(line.who, at)

    def _correct(self) -> None:
        self.close_sheet()
        open_correction(self._host, self._shared, self.line)

    def _take_back(self) -> None:
        self.close_sheet()
        said = self.tr("Taken back: {0}").format(self.line.service)
        self._shared.attempt(WithdrawEntry(self.line.entry_id), said=said)

    def _take_back_all(self) -> None:
        self.close_sheet()
        said = self.tr("Taken back for the group: {0}").format(self.line.service)
        self._shared.attempt(WithdrawGroup(self.line.group_key), said=said)

    def _open(self) -> None:
        self.close_sheet()
        self._shared.go("resident", self.line.stay_id)


def open_entry(host: QWidget, shared: Shared, model: CareModel, line: EntryLine) -> EntrySheet:
    """Open one entry over the window of `host`."""
    sheet = EntrySheet(host, shared, model, line)
    sheet.open_over(host, sheet.leave)
    return sheet
