"""The sheets of the shift log: one line with what it was before, and a paper for one resident."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QWidget

from shelter_desk.desk.shift_lines import WithdrawLine
from shelter_desk.desk.shift_log import ShiftLine
from shelter_desk.desk.shift_paper import DiscloseShiftLog
from shelter_desk.domain.care_model import CareModel
from shelter_desk.domain.staff import May
from shelter_desk.ui.dates import show_moment
from shelter_desk.ui.form_sheet import FitScroll, FormSheet
from shelter_desk.ui.forms import Choice, Form
from shelter_desk.ui.scale import STRETCH, column, row
from shelter_desk.ui.shared import Shared
from shelter_desk.ui.shift.line_form import LineForm
from shelter_desk.ui.shift.words import people_of, what_of
from shelter_desk.ui.widgets import Button, Card, Label, PrimaryButton, Sheet


def _tr(text: str) -> str:
    return QCoreApplication.translate("shift", text)


class LineSheet(Sheet):
    """One line as it stands, and as it was. It can be corrected, or taken back."""

    def __init__(self, host: QWidget, shared: Shared, model: CareModel, line: ShiftLine) -> None:
        self._host, self._shared, self._model, self.line = host, shared, model, line
        self.correct = PrimaryButton(_tr("Correct it…"), "pencil")
        self.take_back = Button(_tr("Take it back"), "undo-2", kind="ghost")
        self.leave = Button(_tr("Close"))
        parts = [self._standing(line)]
        if line.former:
            parts.append(Label(_tr("Before it was corrected"), "strong"))
        parts += [Card(self._standing(one), ground="sunken") for one in line.former]
        inside = FitScroll(column(*parts, spacing=10))
        buttons = row(self.take_back, STRETCH, self.leave, self.correct)
        super().__init__(people_of(line), (inside, 1), buttons, width=620)
        self.title.setWordWrap(True)
        may = shared.may(May.WRITE_CARE) and not line.is_withdrawn
        self.correct.setVisible(may)
        self.take_back.setVisible(may)
        self.leave.clicked.connect(self.close_sheet)
        self.correct.clicked.connect(self._correct)
        self.take_back.clicked.connect(self._take_back)

    def _standing(self, line: ShiftLine) -> QWidget:
        zone = self._shared.zone
        happened, written = show_moment(line.happened_at, zone), show_moment(line.entered_at, zone)
        facts = _tr("{0}  ·  written {1} by {2}").format(happened, written, line.who)
        words = what_of(line, self._model)
        return column(Label(words, wrap=True), Label(facts, "caption", wrap=True), spacing=3)

    def _correct(self) -> None:
        self.close_sheet()
        CorrectionSheet(self._shared, self._model, self.line).open_on(self._host)

    def _take_back(self) -> None:
        command = WithdrawLine(self.line.line_id)
        if self._shared.attempt(command, said=_tr("Taken back. It stays in the log.")):
            self.close_sheet()


class CorrectionSheet(Sheet):
    """The questions of a line over the page, filled in with what is to be corrected."""

    def __init__(self, shared: Shared, model: CareModel, line: ShiftLine) -> None:
        self.form = LineForm(shared, model, line)
        self.form.save.setText(_tr("Save the correction"))
        words = Label(_tr("The former line stays readable."), "muted", wrap=True)
        super().__init__(_tr("Correct a line"), words, (FitScroll(self.form), 1), width=860)
        self.form.saved.connect(self.close_sheet)

    def open_on(self, host: QWidget) -> None:
        """Open over the window of `host`, with the keyboard in the words."""
        self.open_over(host, self.form.text)

    def close_sheet(self) -> None:
        """Close; what was typed and not saved is kept as a draft."""
        self.form.flush()
        super().close_sheet()


def ask_basis(
    host: QWidget, shared: Shared, model: CareModel, stay_id: str, made: Callable[[str], None]
) -> FormSheet:
    """Ask on what basis a resident's log leaves; `made` is called once that is recorded."""
    options = [(value.code, value.label) for value in model.values("incident-report-basis")]
    hint = _tr("It is kept in the trail, with your name and the time.")
    form = Form((Choice("basis", _tr("Why may it leave"), options, hint=hint, needed=True),))

    def take(values: dict[str, Any]) -> bool:
        command = DiscloseShiftLog(stay_id, values["basis"])
        done = shared.attempt(command, invalid=form.show_problems)
        if done is not None:
            made(values["basis"])
        return done is not None

    sheet = FormSheet(_tr("Shift log of one resident"), form, _tr("Make the paper"), take)
    sheet.keeps(shared, "shift-log-paper", stay_id).open_over(host, form.editors["basis"])
    return sheet
