"""The banner and the sheet of the alarm: what is wrong with the records, and what can be done."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from shelter_desk.desk.alarm import REASONS, SeeAlarm
from shelter_desk.domain.errors import Problem
from shelter_desk.domain.staff import May
from shelter_desk.ui.scale import STRETCH, row
from shelter_desk.ui.shared import Shared
from shelter_desk.ui.tokens import Tone
from shelter_desk.ui.widgets import Banner, Button, ChipChoice, FieldFrame, Label, PrimaryButton
from shelter_desk.ui.widgets.overlays import Sheet


class AlarmBanner(Banner):
    """Stands over every page while the alarm stands; nobody can miss it or wave it away."""

    def __init__(self, shared: Shared) -> None:
        self._shared = shared
        self.look = Button("", "search")
        super().__init__("", Tone.DANGER, action=self.look)
        self.look.setText(self.tr("Look at it"))
        self.look.setVisible(shared.may(May.MANAGE_SHELTER))
        self.look.clicked.connect(self.open_sheet)
        shared.alarmed.connect(self.refresh)
        self.refresh()

    def refresh(self) -> None:
        """Show what is wrong, or nothing."""
        alarm = self._shared.desk.alarm
        self.setVisible(alarm is not None)
        if alarm is None:
            return
        if self._shared.may(May.MANAGE_SHELTER):
            words = self.tr("{0} Nothing can be changed until you have looked at it.")
        else:
            words = self.tr("{0} Nothing can be changed until a director has looked at it.")
        self.say(words.format(alarm.sentence))

    def open_sheet(self) -> AlarmSheet:
        """Show all of it, and what can be done."""
        sheet = AlarmSheet(self._shared)
        sheet.open_over(self, sheet.leave)
        return sheet


class AlarmSheet(Sheet):
    """Asks a director what is behind it. The safe way, changing nothing, comes first."""

    def __init__(self, shared: Shared) -> None:
        self._shared, self._alarm = shared, shared.desk.alarm
        self.reasons = ChipChoice((), "")
        self.frame = FieldFrame("", self.reasons)
        self.leave, self.go_on = PrimaryButton(""), Button("")
        told = [Label(sentence, "strong", wrap=True) for sentence in self._alarm.sentences]
        meaning, leave, onward = (Label("", "body", wrap=True) for _ in range(3))
        buttons = row(self.go_on, STRETCH, self.leave)
        title = QCoreApplication.translate(
            "AlarmSheet", "The records do not match what is remembered of them"
        )
        super().__init__(title, *told, meaning, leave, onward, self.frame, buttons, width=640)
        meaning.setText(
            self.tr(
                "An older copy may have been put in place, entries may be missing, or somebody "
                "changed the records outside of this program."
            )
        )
        leave.setText(
            self.tr(
                "If you are not sure: leave them as they are and keep this folder. Lock the desk, "
                "and choose “Restore a backup” where you sign in: it makes another folder. What "
                "you see here stays readable."
            )
        )
        onward.setText(
            self.tr(
                "If you know what is behind it, say so and go on. That you did stands in the "
                "audit trail, with the sentences above."
            )
        )
        self.reasons.set_options([(code, self.tr(words)) for code, words in REASONS.items()])
        self.frame.label.setText(self.tr("What is behind it"))
        self.reasons.setAccessibleName(self.frame.label.text())
        self.leave.setText(self.tr("Leave them as they are"))
        self.go_on.setText(self.tr("Go on with these records"))
        self.leave.clicked.connect(self.close_sheet)
        self.go_on.clicked.connect(self._go_on)

    def _go_on(self) -> None:
        command = SeeAlarm(self._alarm, self.reasons.value())
        if self._shared.attempt(command, invalid=self._show_problems) is None:
            return
        self._shared.alarmed.emit()
        self._shared.toast(self.tr("Written into the audit trail. The desk works again."))
        self.close_sheet()

    def _show_problems(self, problems: tuple[Problem, ...]) -> None:
        self.frame.show_problem(self.tr(problems[0].message) if problems else "")
