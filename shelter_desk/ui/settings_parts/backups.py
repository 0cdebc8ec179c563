"""Backups: when the last one was, and a button that makes one and reads it back."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import cast

from PySide6.QtCore import Signal

from shelter_desk.desk import Desk
from shelter_desk.desk.backups import backup_state
from shelter_desk.domain.errors import DeskError
from shelter_desk.exports.backup import BackupMade, delete_former_keys, make_backup
from shelter_desk.exports.stick import PackDrive
from shelter_desk.ui.dates import show_moment
from shelter_desk.ui.export_ended import ExportEnded
from shelter_desk.ui.periods_shown import ask_folder
from shelter_desk.ui.scale import STRETCH, row
from shelter_desk.ui.shared import Shared
from shelter_desk.ui.tokens import Tone
from shelter_desk.ui.widgets import (
    Banner,
    Button,
    Card,
    Label,
    Line,
    PrimaryButton,
    SectionHeader,
    confirm,
)


class BackupCard(Card):
    """Where a director makes a backup."""

    came = Signal(int)  # percent written; from the thread that writes

    def __init__(self, shared: Shared) -> None:
        super().__init__(spacing=10)
        self._shared, self.choose_folder = shared, ask_folder
        self.last = Label("", "strong", wrap=True)
        words = self.tr(
            "A backup goes to a memory stick or another drive. Only the recovery kit or a "
            "director opens it. Keep all its files together, the one that begins with K as well."
        )
        self.note = Banner("", Tone.INFO)
        self.note.hide()
        self.make = PrimaryButton(self.tr("Make a backup"), "hard-drive-download")
        self.delete_keys = Button(self.tr("Delete the older keys…"), kind="danger")
        self.delete_keys.hide()
        self._made: BackupMade | None = None
        head = SectionHeader(self.tr("Backups"), icon="hard-drive-download")
        self.add(
            head,
            Line(),
            self.last,
            Label(words, "caption", wrap=True),
            self.note,
            row(STRETCH, self.delete_keys, self.make, spacing=8),
        )
        self.make.clicked.connect(self._start)
        self.delete_keys.clicked.connect(self._ask_to_delete)
        self.came.connect(self._show_progress)

    def refresh(self) -> None:
        """Show when the last backup was."""
        state = self._shared.ask(backup_state, now=self._shared.now())
        if state.last_at is None:
            self.last.setText(self.tr("There is no backup yet."))
            return
        moment = show_moment(state.last_at, self._shared.zone)
        self.last.setText(self.tr("Last backup: {0}, read back and checked").format(moment))

    def _start(self) -> None:
        place = self.choose_folder(self, self.tr("Where to write the backup, such as a stick"))
        if not place:
            return
        self.make.setEnabled(False)
        self.delete_keys.hide()
        self._show_progress(0)
        self.note.show()
        work = partial(_made, self._shared, Path(place), self.came.emit)
        self._shared.jobs.run(self, work, self._done, self._failed)

    def _show_progress(self, percent: int) -> None:
        words = self.tr("Copying, checking, sealing and reading back… {0} %")
        self.note.say(words.format(percent), Tone.INFO)

    def _done(self, made: BackupMade) -> None:
        self.make.setEnabled(True)
        self._shared.changed.emit(ExportEnded(made.custody_id))
        words = self.tr("“{0}” is on the drive and was read back. Take the stick out safely.")
        tone = Tone.OK
        words = words.format(made.written.path.name)
        if made.former:
            tone = Tone.WARN
            former = self.tr(
                "Keys of backups from before these records were brought back lie there too ({0}). "
                "They still open what is destroyed from now on: delete them, with the backups of "
                "that time, as soon as nobody needs those."
            )
            words = f"{words} {former.format(', '.join(made.former))}"
        self._made = made
        self.delete_keys.setVisible(bool(made.former))
        self.note.say(words, tone)
        self._shared.toast(self.tr("The backup is made and checked"))

    def _ask_to_delete(self) -> None:
        confirm(
            self,
            title=self.tr("Delete the older keys?"),
            text=self.tr(
                "Backups on this drive from before these records were brought back can then be "
                "opened by nobody, and who was written down only there is lost for good. A "
                "memory stick may keep what was deleted for a while: to be sure, take a new stick "
                "and destroy this one."
            ),
            action=self.tr("Delete the older keys"),
            on_yes=self._delete,
        )

    def _delete(self) -> None:
        if self._made is None:
            return
        try:
            delete_former_keys(cast("Desk", self._shared.desk), self._made)
        except DeskError as error:
            self._shared.tell(error)
            return
        self.delete_keys.hide()
        self.note.say(self.tr("The older keys are deleted from the drive."), Tone.OK)
        self._shared.toast(self.tr("The older keys are deleted"))

    def _failed(self, error: Exception) -> None:
        self.make.setEnabled(True)
        self.note.hide()
        self._shared.changed.emit(ExportEnded())
        self._shared.tell(error)


def _made(shared: Shared, place: Path, came: Callable[[int], None]) -> BackupMade:
    """Make the backup. Runs off the main thread."""
    # The desk itself: pages may only be told from the main thread.
    desk = cast("Desk", shared.desk)
    shown = -1

    def told(done: int, total: int) -> None:
        nonlocal shown
        percent = done * 100 // max(total, 1)
        if percent != shown:
            shown = percent
            came(percent)

    return make_backup(desk, PackDrive(place), told)
