"""The steps of restoring a backup: places, what opens it, a new passphrase, what came back."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog, QVBoxLayout, QWidget

from shelter_desk.ui.dates import show_day
from shelter_desk.ui.door import Door
from shelter_desk.ui.door_values import BackupSeen, BroughtBack
from shelter_desk.ui.forgot import KitEdit
from shelter_desk.ui.passphrase import PassphraseChoice
from shelter_desk.ui.printing import documents
from shelter_desk.ui.restore_words import BACKUP, KEY, TARGET
from shelter_desk.ui.scale import STRETCH, fill, row
from shelter_desk.ui.tokens import Tone
from shelter_desk.ui.widgets import (
    Banner,
    Button,
    FieldFrame,
    FlowLayout,
    Label,
    LineEdit,
    SecretEdit,
    SegmentedControl,
)

_KIT, _OWN = "kit", "passphrase"


class Places(QWidget):
    """From where, and into which new folder."""

    def __init__(self, new_folder: Path) -> None:
        super().__init__()
        self.backup = LineEdit(self.tr("The backup"))
        self.backup_frame = FieldFrame(
            self.tr("The backup"),
            self.backup,
            hint=self.tr(
                "The folder on the stick: the newest backup in it is taken. Or one file whose "
                "name begins with B-."
            ),
            needed=True,
        )
        self.target = LineEdit(self.tr("New folder for the records"))
        self.target.setText(str(new_folder))
        self.target_frame = FieldFrame(
            self.tr("New folder for the records"),
            self.target,
            hint=self.tr(
                "It is made anew on a disk inside this computer. What is there now stays as it is."
            ),
            needed=True,
        )
        self.folder = Button(self.tr("Choose the folder"), "folder-open")
        self.file = Button(self.tr("Choose one file"), "file-lock")
        self.beside = Button(self.tr("Choose where to make it"), "folder-open")
        choose, flow = QWidget(), FlowLayout(8)
        choose.setLayout(flow)
        for button in (self.folder, self.file):
            flow.addWidget(button)
        parts = (self.backup_frame, choose, 6, self.target_frame, row(self.beside, STRETCH))
        fill(QVBoxLayout(self), (*parts, STRETCH), spacing=8)
        self.folder.clicked.connect(self._choose_folder)
        self.file.clicked.connect(self._choose_file)
        self.beside.clicked.connect(self._choose_target)

    def missing(self) -> tuple[str, str]:
        """Return the field that is still empty and what to do, or two empty words."""
        if not self.backup.text().strip():
            return BACKUP, self.tr("Plug in the stick, then choose the folder of the backups.")
        target = self.target.text().strip()
        if not target or not Path(target).is_absolute():
            return TARGET, self.tr("Enter the whole path of a new folder.")
        return "", ""

    def _choose_folder(self) -> None:
        title = self.tr("Choose the folder of the backups")
        self._take(QFileDialog.getExistingDirectory(self, title, documents()))

    def _choose_file(self) -> None:
        title, kind = self.tr("Choose a backup"), self.tr("Backups (B-*.age)")
        self._take(QFileDialog.getOpenFileName(self, title, documents(), kind)[0])

    def _take(self, chosen: str) -> None:
        if chosen:
            self.backup.setText(chosen)

    def _choose_target(self) -> None:
        title = self.tr("Choose where the new folder is made")
        chosen = QFileDialog.getExistingDirectory(self, title, documents())
        if chosen:
            self.target.setText(str(Path(chosen) / Path(self.target.text().strip()).name))


class Opener(QWidget):
    """What opens the backup: the recovery kit, or a director's passphrase."""

    def __init__(self) -> None:
        super().__init__()
        options = ((_KIT, self.tr("Recovery kit")), (_OWN, self.tr("A director's passphrase")))
        self.kind = SegmentedControl(options, self.tr("What opens the backup"))
        self.kind.set_value(_KIT)
        self.kit = KitEdit(self.tr("The code on the recovery kit"))
        self.kit_frame = FieldFrame(
            self.tr("The code on the recovery kit"),
            self.kit,
            hint=self.tr("32 characters. O and 0, I and 1 may be mixed up, that is fine."),
        )
        self.secret = SecretEdit(self.tr("A director's passphrase"))
        self.secret_frame = FieldFrame(
            self.tr("A director's passphrase"),
            self.secret,
            hint=self.tr("Only on a computer on which these records were backed up before."),
        )
        self.secret_frame.hide()
        parts = (row(self.kind, STRETCH), self.kit_frame, self.secret_frame, STRETCH)
        fill(QVBoxLayout(self), parts, spacing=12)
        self.kind.chosen.connect(self._switch)

    @property
    def by_kit(self) -> bool:
        """Return whether the kit was chosen."""
        return self.kind.value() == _KIT

    @property
    def frame(self) -> FieldFrame:
        """Return the field that is shown."""
        return self.kit_frame if self.by_kit else self.secret_frame

    def missing(self) -> tuple[str, str]:
        """Return the field that is still empty and what to do, or two empty words."""
        if self.by_kit:
            return "", ""  # reading the code says what is missing in it
        return ("", "") if self.secret.text() else (KEY, self.tr("Type the passphrase."))

    def _switch(self, _kind: str) -> None:
        self.kit_frame.setVisible(self.by_kit)
        self.secret_frame.setVisible(not self.by_kit)
        field: QWidget = self.kit if self.by_kit else self.secret
        field.setFocus(Qt.FocusReason.OtherFocusReason)  # what was chosen is typed at once


class NewWords(QWidget):
    """With the kit: whose passphrase is set, and to what."""

    def __init__(self, door: Door) -> None:
        super().__init__()
        self.seen = Label("", wrap=True)
        self.name = LineEdit(self.tr("For which director"))
        self.name_frame = FieldFrame(
            self.tr("For which director"),
            self.name,
            hint=self.tr("The name as it was in the records. Empty: the first director."),
        )
        self.choice = PassphraseChoice(door.generate_passphrase, door.strength)
        parts = (self.seen, self.name_frame, self.choice, STRETCH)
        fill(QVBoxLayout(self), parts, spacing=10)

    def show_seen(self, seen: BackupSeen) -> None:
        """Say which backup it is."""
        words = self.tr("The code fits. This backup is of {0} and ends at entry {1}.")
        self.seen.setText(words.format(_day(seen), seen.events))


class BroughtPage(QWidget):
    """What came back, and what is missing."""

    def __init__(self) -> None:
        super().__init__()
        self.ends, self.lacks = Label("", wrap=True), Banner("", Tone.WARN)
        self.who, self.where = Label("", wrap=True), Label("", "caption", wrap=True)
        head = Label(self.tr("The records are back, and every check was passed"), "h3", wrap=True)
        parts = (head, self.ends, self.lacks, self.who, self.where, STRETCH)
        fill(QVBoxLayout(self), parts, spacing=10)

    def show_brought(self, brought: BroughtBack, folder: Path) -> None:
        """Say what came back into this folder."""
        ends = self.tr("This backup is of {0} and ends at entry {1} of the audit trail.")
        self.ends.setText(ends.format(_day(brought), brought.events))
        lost = brought.newest_known - brought.events
        lacks = self.tr(
            "The newest entry this computer knows is {0}: {1} entries are missing. Write down "
            "what you still know of them."
        )
        if lost == 1:
            lacks = self.tr(
                "The newest entry this computer knows is {0}: one entry is missing. Write down "
                "what you still know of it."
            )
        self.lacks.say(lacks.format(brought.newest_known, lost))
        self.lacks.setVisible(lost > 0)
        who = self.tr("{0} can sign in now. Colleagues need a new passphrase each.")
        self.who.setText(who.format(brought.who))
        where = self.tr("They are in {0}, which opens by itself from now on.")
        if not brought.is_remembered:
            where = self.tr("They are in {0}. Choose this folder when the program starts again.")
        self.where.setText(where.format(folder))


def _day(of: BackupSeen | BroughtBack) -> str:
    """Return the day of a backup as this computer counts days: the shelter's zone is inside."""
    return show_day(of.made_at.astimezone().date())
