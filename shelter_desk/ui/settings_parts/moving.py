"""Moving to another system: everything in open formats, sealed, let out by two people."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, cast

from shelter_desk.desk import Desk
from shelter_desk.desk.agreeing import Second
from shelter_desk.desk.pack_words import new_pack_words
from shelter_desk.desk.releasing import seconds
from shelter_desk.exports.stick import PackDrive
from shelter_desk.ui.drive_sheet import DriveSheet, EjectButton, Found, plugged_in
from shelter_desk.ui.export_ended import ExportEnded
from shelter_desk.ui.pack_making import Place
from shelter_desk.ui.pack_sheet import WordsSheet
from shelter_desk.ui.periods_shown import ask_folder
from shelter_desk.ui.scale import STRETCH, row
from shelter_desk.ui.second_sheet import SecondSheet
from shelter_desk.ui.settings_parts.export_sheet import ExportSheet
from shelter_desk.ui.shared import Shared
from shelter_desk.ui.tokens import Tone
from shelter_desk.ui.widgets import Banner, Button, Card, Label, Line, SectionHeader

if TYPE_CHECKING:
    from shelter_desk.exports.everything import FullExport


class _Wanted(NamedTuple):
    """What is to be written: for whom, why, where to."""

    recipient: str
    reason: str
    place: Place


class MovingCard(Card):
    """Where a director lets everything out, as `shelter-desk export` does."""

    def __init__(self, shared: Shared) -> None:
        super().__init__(spacing=10)
        self._shared, self.choose_folder = shared, ask_folder
        self.find_drives: Callable[[], Found] = partial(
            plugged_in, Path.home(), cast("Desk", shared.desk).folder
        )
        words = self.tr(
            "Everything the shelter keeps can leave at any time, in open formats (CSV and JSON) "
            "that other systems read. It is sealed under six words, and two people let it out."
        )
        self.note = Banner("", Tone.INFO)
        self.note.hide()
        self.export = Button(self.tr("Let everything leave…"), "file-down")
        self.eject = EjectButton(shared)
        self.add(
            SectionHeader(self.tr("Moving to another system"), icon="file-down"),
            Line(),
            Label(words, "caption", wrap=True),
            self.note,
            row(STRETCH, self.eject, self.export),
        )
        self.export.clicked.connect(self._start)

    def _start(self) -> None:
        sheet = ExportSheet(self._shared)
        sheet.acted.connect(partial(self._choose_drive, sheet))
        sheet.open_over(self)

    def _choose_drive(self, sheet: ExportSheet) -> None:
        def chosen(folder: Path, mark: str) -> None:
            self._agree(_Wanted(sheet.recipient, sheet.reason, Place(folder, mark)))

        DriveSheet(self._shared, self.find_drives, self.choose_folder, chosen).open_over(self)

    def _agree(self, wanted: _Wanted) -> None:
        able, folder = self._shared.ask(seconds), wanted.place.folder
        if not able:
            self._show_words(wanted, None)
            return
        about = self.tr("Two people let everything out: for {0}, written to “{1}”.").format(
            wanted.recipient, folder.name or str(folder)
        )
        sheet = SecondSheet(self._shared, able, about, partial(self._show_words, wanted))
        sheet.open_over(self, sheet.words)

    def _show_words(self, wanted: _Wanted, second: Second | None) -> None:
        words = new_pack_words()
        go_on = partial(self._write, wanted, words, second)
        sheet = WordsSheet(words, go_on, None)
        sheet.open_over(self, sheet.written)

    def _write(self, wanted: _Wanted, words: str, second: Second | None) -> None:
        self.export.setEnabled(False)
        self.eject.offer(None)
        told = self.tr("Writing everything, sealing it and reading it back. It can take minutes.")
        self.note.say(told, Tone.INFO)
        self.note.show()
        # The desk itself: pages may only be told from the main thread.
        desk = cast("Desk", self._shared.desk)
        work = partial(_exported, desk, wanted, words, second)
        self._shared.jobs.run(self, work, partial(self._done, wanted.place), self._failed)

    def _done(self, place: Place, made: FullExport) -> None:
        self.export.setEnabled(True)
        self._shared.changed.emit(ExportEnded(made.custody_id))
        self.eject.offer(place.folder if place.mark else None)
        words = self.tr(
            "“{0}” is on the drive and was read back: {1} files, {2} rows. Its SHA-256 begins "
            "with {3}. Give the words apart from the drive."
        )
        name, sha256 = made.written.path.name, made.written.sha256[:12]
        self.note.say(words.format(name, f"{made.files:,}", f"{made.rows:,}", sha256), Tone.OK)
        self._shared.toast(self.tr("Everything is written and checked"))

    def _failed(self, error: Exception) -> None:
        self.export.setEnabled(True)
        self.note.hide()
        self._shared.changed.emit(ExportEnded())
        self._shared.tell(error)


def _exported(desk: Desk, wanted: _Wanted, words: str, second: Second | None) -> FullExport:
    """Write everything. Runs off the main thread."""
    # it prepares a statement for every table
    from shelter_desk.exports.everything import (  # noqa: PLC0415 - start-up time
        ExportOrder,
        export_everything,
    )

    order = ExportOrder(wanted.recipient, wanted.reason)
    drive = PackDrive(wanted.place.folder, mark=wanted.place.mark)
    return export_everything(desk, order, drive, words, second)
