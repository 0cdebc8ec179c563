"""Where to write: the drives that are plugged in, one press each, or a folder."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QWidget

from shelter_desk.exports.drives import Drive, find_drives
from shelter_desk.exports.eject import eject
from shelter_desk.exports.problems import DriveError
from shelter_desk.exports.stick import PackDrive
from shelter_desk.ui.form_sheet import FitScroll
from shelter_desk.ui.pile import Pile
from shelter_desk.ui.pressable import Pressable
from shelter_desk.ui.scale import STRETCH, column, fixed, row
from shelter_desk.ui.shared import Shared
from shelter_desk.ui.tokens import Tone
from shelter_desk.ui.widgets import Button, EmptyNote, Icon, Label, Pill, Sheet

Found = Sequence[tuple[Drive, int]]
"""Each drive with the number of remains of interrupted copies on it."""


def plugged_in(*keep_off: Path) -> Found:
    """Return the drives plugged in now. Asks each of them, so it belongs off the main thread."""
    return [(drive, _remains(drive)) for drive in find_drives(keep_off)]


class DriveSheet(Sheet):
    """Calls `chosen(folder, mark)`: the drive's mark, or "" for a folder chosen by hand."""

    def __init__(
        self,
        shared: Shared,
        find: Callable[[], Found],
        ask_folder: Callable[[QWidget, str], str],
        chosen: Callable[[Path, str], None],
    ) -> None:
        self._shared, self._find = shared, find
        self._ask_folder, self._chosen = ask_folder, chosen
        self.note, self._rows = Label("", "muted", wrap=True), Pile(spacing=8)
        self.again, self.folder = Button("", "refresh-cw"), Button("", "folder-open")
        self.leave = Button("")
        self.drives: list[Pressable] = []
        self.clear: list[Button] = []
        buttons = row(self.again, self.folder, STRETCH, self.leave)
        self._inside = FitScroll(self._rows)
        super().__init__("", self.note, (self._inside, 1), buttons, width=600)
        title = self.tr("Where to write it")
        self.body.insertWidget(0, Label(title, "h2"))
        self.setAccessibleName(title)
        self.again.setText(self.tr("Look again"))
        self.folder.setText(self.tr("Choose a folder…"))
        self.leave.setText(self.tr("Leave it"))
        self.again.clicked.connect(self.look)
        self.folder.clicked.connect(self._by_hand)
        self.leave.clicked.connect(self.close_sheet)

    def open_over(self, host: QWidget, focus: QWidget | None = None) -> None:
        """Lie over the window, and look for drives."""
        super().open_over(host, focus or self.again)
        self.look()

    def look(self) -> None:
        """Look for drives, off the main thread: one that hangs must not hold the window."""
        self.note.setText(self.tr("Looking for drives…"))
        self._shared.jobs.run(self, self._find, self._show, self._failed)

    def _show(self, found: Found) -> None:
        self._rows.clear()
        self.drives, self.clear = [], []
        for drive, remains in found:
            self._rows.add(self._row(drive, remains))
        if found:
            self.note.setText(self.tr("Press the drive that it is written to."))
        else:
            words = self.tr("Plug a stick in, wait until the computer shows it, then look again.")
            self.note.setText(words)
            self._rows.add(EmptyNote(self.tr("No drive is plugged in."), icon="usb"))
        self._inside.updateGeometry()
        usable = [one for one in self.drives if one.isEnabled()]
        if usable:
            usable[0].setFocus()

    def _row(self, drive: Drive, remains: int) -> QWidget:
        label, about = Label(drive.label, "strong"), drive_words(drive)
        if drive.is_read_only:
            about = self.tr("Nothing can be written to it. Slide its switch, or use another.")
        locked = Pill(self.tr("locked"), Tone.WARN) if drive.is_read_only else None
        press = Pressable(
            row(
                Icon("usb"),
                (column(label, Label(about, "caption"), spacing=0), 1),
                locked,
                spacing=10,
            )
        )
        fixed(press, height=58)
        press.setAccessibleName(f"{drive.label}, {about}")
        if drive.is_read_only:
            press.setEnabled(False)
            press.setAccessibleDescription(self.tr("locked"))
        press.clicked.connect(partial(self._choose, drive.path, drive.mark))
        self.drives.append(press)
        if not remains or drive.is_read_only:
            return press
        words = self.tr("A copy was interrupted here. What it left ({0}) is of no use.")
        clear = Button(self.tr("Remove it"), "trash-2", kind="ghost")
        clear.setAccessibleName(self.tr("Remove what a copy left on {0}").format(drive.label))
        clear.clicked.connect(partial(self._clear, drive.path))
        self.clear.append(clear)
        told = row((Label(words.format(remains), "caption", wrap=True), 1), clear)
        return column(press, told, spacing=4)

    def _choose(self, folder: Path, mark: str) -> None:
        self.close_sheet()
        self._chosen(folder, mark)

    def _by_hand(self) -> None:
        place = self._ask_folder(self, self.tr("Where to write the pack, such as a stick"))
        if place:
            self._choose(Path(place), "")

    def _clear(self, folder: Path) -> None:
        work = PackDrive(folder).clear_stale_parts
        self._shared.jobs.run(self, work, self._cleared, self._failed)

    def _cleared(self, _nothing: object) -> None:
        self.look()

    def _failed(self, error: Exception) -> None:
        self.note.setText("")
        self._shared.tell(error)


class EjectButton(Button):
    """Lets go of the drive that was written to, and says so only when that is true."""

    def __init__(self, shared: Shared) -> None:
        super().__init__("", "usb")
        self.setText(self.tr("Eject the drive"))
        self._shared, self.eject = shared, eject
        self._folder: Path | None = None
        self.clicked.connect(self._start)
        self.hide()

    def offer(self, folder: Path | None) -> None:
        """Show it for a drive; None where a folder was written to that cannot be ejected."""
        self._folder = folder
        self.setVisible(folder is not None)

    def _start(self) -> None:
        if self._folder is not None:
            self.setEnabled(False)
            work = partial(self.eject, self._folder)
            self._shared.jobs.run(self, work, self._done, self._failed)

    def _done(self, _nothing: object) -> None:
        self.setEnabled(True)
        self.offer(None)
        self._shared.toast(self.tr("The drive can be pulled out now"))

    def _failed(self, error: Exception) -> None:
        self.setEnabled(True)
        self._shared.tell(error)


def drive_words(drive: Drive) -> str:
    """Return what is known of a drive's kind and room: "FAT, 14.2 GB free of 16.0 GB"."""
    if drive.free is None or drive.size is None:
        room = _tr("it does not say how much room it has")
    else:
        room = _tr("{0} free of {1}").format(_size(drive.free), _size(drive.size))
    return ", ".join(part for part in (drive.kind, room) if part)


def _size(count: int) -> str:
    if count >= 1_000_000_000:
        return _tr("{0} GB").format(f"{count / 1e9:.1f}")
    return _tr("{0} MB").format(f"{count / 1e6:,.0f}")


def _remains(drive: Drive) -> int:
    try:
        return len(PackDrive(drive.path).stale_parts())
    except DriveError:
        return 0


def _tr(text: str) -> str:
    return QCoreApplication.translate("drives", text)
