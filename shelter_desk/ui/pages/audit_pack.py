"""The audit pack: for whom, which period, where to; made, written, read back and checked."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import cast

from PySide6.QtWidgets import QVBoxLayout

from shelter_desk.desk import Area, Desk
from shelter_desk.desk.agreeing import Second
from shelter_desk.desk.custody import ExportFailed
from shelter_desk.desk.exported import ExportLine, export_list
from shelter_desk.desk.releasing import seconds
from shelter_desk.desk.visits import visits
from shelter_desk.domain.errors import InvalidError
from shelter_desk.domain.staff import May
from shelter_desk.exports.pack_contents import LEFT, PreparedPack, leave_pack, prepare_pack
from shelter_desk.exports.pack_cover import cover_of
from shelter_desk.exports.pack_order import export_id_of
from shelter_desk.exports.stick import PackDrive
from shelter_desk.exports.verify import Check
from shelter_desk.reports.words_sheet import words_sheet_pdf
from shelter_desk.ui.drive_sheet import DriveSheet, EjectButton, Found, plugged_in
from shelter_desk.ui.export_ended import ExportEnded
from shelter_desk.ui.handover_card import HandoverCard
from shelter_desk.ui.leave_sheet import CUT_OFF, MADE_ANEW, ask_why_left
from shelter_desk.ui.pack_choices import PackChoices
from shelter_desk.ui.pack_making import Made, Place, pack_made, what_leaves
from shelter_desk.ui.pack_opening import show_what_opens
from shelter_desk.ui.pack_preview import PackPreview
from shelter_desk.ui.pack_results import ChecksCard, ExportsCard, show_cover
from shelter_desk.ui.pages import PAGE_MARGINS, Page, PageView
from shelter_desk.ui.periods_shown import ask_folder
from shelter_desk.ui.printing import Paper, RealPaper
from shelter_desk.ui.scale import STRETCH, column, fill, row
from shelter_desk.ui.second_sheet import SecondSheet
from shelter_desk.ui.shared import Shared
from shelter_desk.ui.tokens import Tone
from shelter_desk.ui.widgets import (
    Banner,
    Button,
    Card,
    CheckBox,
    Label,
    PrimaryButton,
    Scroll,
)
from shelter_desk.ui.words import QT_TRANSLATE_NOOP


class AuditPackPage(PageView):
    """A pack holds counts and proofs, never a resident's record."""

    def __init__(self, shared: Shared) -> None:
        super().__init__()
        self._shared, self.choose_folder = shared, ask_folder
        self.find_drives: Callable[[], Found] = partial(
            plugged_in, Path.home(), cast("Desk", shared.desk).folder
        )
        self.choices = PackChoices(shared)
        self.profile, self.period = self.choices.profile, self.choices.period
        self.with_pdf = CheckBox(self.tr("Also the report as a locked PDF, with words of its own"))
        self.make = PrimaryButton(self.tr("Make an audit pack"), "package-check")
        self.cover = Button(self.tr("Cover sheet…"), "printer")
        self.cover.hide()
        self.let_out = Button(self.tr("Let it out…"), "package-check")
        self.drop = Button(self.tr("Leave it…"))
        self.let_out.hide()
        self.drop.hide()
        self.eject = EjectButton(shared)
        self.paper: Paper = RealPaper()
        self._cover_pdf, self._place = b"", Place(Path())
        self._prepared: PreparedPack | None = None
        self.note = Banner("", Tone.INFO)
        self.note.hide()
        self.checked, self.earlier = ChecksCard(), ExportsCard(shared, lambda: self.paper)
        self.exports = self.earlier.table
        self.handovers = HandoverCard(shared)
        self._arrange()
        self.make.clicked.connect(self._start)
        self.cover.clicked.connect(self._show_cover)
        self.let_out.clicked.connect(self._choose_drive)
        self.drop.clicked.connect(self._ask_why)
        self.earlier.put_away.clicked.connect(self._put_away)
        shared.refresh_on(Area.CUSTODY, self._refresh, self)

    def _arrange(self) -> None:
        words = self.tr(
            "Counts, process evidence and the proof of the audit trail, sealed for one recipient. "
            "Single records leave only on a ground that you name, and never with a name in them."
        )
        asked = Card(Label(words, "muted", wrap=True), self.choices, self.with_pdf)
        # The note as well: in large letters, what it says of a pack can be longer than the window.
        inside = column(
            self.note, asked, self.checked, self.handovers, self.earlier, STRETCH, spacing=12
        )
        self._scroll = Scroll(inside)
        parts = (
            (self._scroll, 1),
            row(STRETCH, self.eject, self.cover, self.drop, self.let_out, self.make),
        )
        fill(QVBoxLayout(self), parts, spacing=12, margins=PAGE_MARGINS)
        self.handovers.start()

    @property
    def shown_checks(self) -> tuple[Check, ...]:
        """Return what was checked of the newest pack."""
        return self.checked.shown

    def _refresh(self) -> None:
        self.earlier.show_lines(self._shared.ask(export_list))

    def open_subject(self, subject: str) -> None:
        """Go to one export of the list, or begin a pack for a visit."""
        for visit in self._shared.ask(visits):
            if visit.visit_id == subject:
                self.choices.begin_for(visit)
                self.profile.setFocus()
                return
        self.earlier.choose(subject)

    def _start(self) -> None:
        self.choices.show_problems(())
        if not self.choices.lock.is_ready():
            return
        self._leave_prepared(MADE_ANEW)
        self._busy(self.tr("Laying the pack out, and searching it for everybody…"))
        work = partial(prepare_pack, cast("Desk", self._shared.desk), self.choices.order())
        self._shared.jobs.run(self, work, self._look, self._failed)

    def _look(self, prepared: PreparedPack) -> None:
        self._prepared = prepared
        self._ready()
        self.note.hide()
        self._shared.changed.emit(ExportEnded(prepared.custody_id))
        sheet = PackPreview(prepared, self._looked_at, self._leave_prepared)
        sheet.open_over(self, sheet.files)

    def _looked_at(self) -> None:
        # No stick at hand, nobody to agree: what was looked at waits here, and nothing is lost.
        self._say(self.tr("The pack was looked at. It is not let out yet."), Tone.INFO)
        self._wait(waits=True)
        self._choose_drive()

    def _wait(self, *, waits: bool) -> None:
        self.let_out.setVisible(waits)
        self.drop.setVisible(waits)

    def _choose_drive(self) -> None:
        sheet = DriveSheet(self._shared, self.find_drives, self.choose_folder, self._agree)
        sheet.open_over(self)

    def _leave_prepared(self, why: str = LEFT) -> None:
        """Write down that a pack was looked at and not let out: its figures are taken back."""
        prepared, self._prepared = self._prepared, None
        self._wait(waits=False)
        if prepared is not None:
            self.note.hide()
            leave_pack(cast("Desk", self._shared.desk), prepared, why)
            self._shared.changed.emit(ExportEnded(prepared.custody_id))

    def _ask_why(self) -> None:
        waiting = self._prepared and self._prepared.custody_id
        for line in self.exports.lines:
            if line.custody_id == waiting:
                ask_why_left(self, self._shared, line, partial(self._end, line))

    def _put_away(self) -> None:
        """Ask about a pack of the list that never ended: the program may have closed over it."""
        line = self.exports.line()
        if line is not None:
            waits = self._prepared is not None and self._prepared.custody_id == line.custody_id
            usual = "" if waits else CUT_OFF
            ask_why_left(self, self._shared, line, partial(self._end, line), usual=usual)

    def _end(self, line: ExportLine, why: str) -> bool:
        command, said = ExportFailed(line.custody_id, why), self.tr("The pack is put away")
        if self._shared.attempt(command, said=said) is None:
            return False
        if self._prepared is not None and self._prepared.custody_id == line.custody_id:
            self._prepared = None
            self._wait(waits=False)
            self.note.hide()
        return True

    def _agree(self, place: Path, mark: str) -> None:
        able, drive = self._shared.ask(seconds), Place(place, mark)
        if not able:
            self._show_what_opens(drive, None)
            return
        if self._prepared is not None:
            about = what_leaves(self._prepared, place)
            go_on = partial(self._show_what_opens, drive)
            sheet = SecondSheet(self._shared, able, about, go_on)
            sheet.open_over(self, sheet.words)

    def _show_what_opens(self, place: Place, second: Second | None) -> None:
        if self._prepared is not None:
            key, with_pdf = self._prepared.wanted.order.recipient_key, self.with_pdf.isChecked()
            go_on = partial(self._make, place, second)
            show_what_opens(self, key, self._print_words, go_on, with_pdf=with_pdf)

    def _print_words(self, words: str, *, of_pdf: bool = False) -> None:
        if self._prepared is not None:
            number = export_id_of(self._prepared.custody_id)
            day = self._shared.today()
            pdf = words_sheet_pdf(words.split(), number, day, of_pdf=of_pdf)
            self.paper.print_pdf(self, pdf)

    def _make(self, place: Place, second: Second | None, words: str, pdf_words: str) -> None:
        prepared, self._prepared = self._prepared, None
        if prepared is None:
            return
        self._busy(self.tr("Writing and checking the pack…"))
        self._place = place
        drive = PackDrive(place.folder, mark=place.mark)
        work = partial(pack_made, self._shared, prepared, drive, (words, pdf_words), second)
        self._shared.jobs.run(self, work, self._done, self._failed)

    def _busy(self, words: str) -> None:
        self._say(words, Tone.INFO)
        self.note.setAccessibleName(words)
        self.note.setFocus()  # the button that was pressed goes off: the rail would have it
        self._wait(waits=False)
        self.make.setEnabled(False)
        self.earlier.wait(is_busy=True)
        self.checked.hide()
        self.cover.hide()
        self.eject.offer(None)

    def _done(self, answer: Made) -> None:
        made, verdict, pdf, no_pdf = answer
        self._ready()
        self._shared.changed.emit(ExportEnded(made.custody_id))
        if not verdict.ok:
            self._say(verdict.reason, Tone.DANGER)
        else:
            words = self.tr("“{0}” is on the drive and opens. Fingerprint {1}, log {2}. {3}")
            self.eject.offer(self._place.folder if self._place.mark else None)
            told = words.format(
                made.written.path.name, made.fingerprint, made.log_short_form, made.summary_note
            )
            if no_pdf:
                words = self.tr("The locked PDF is not there: {0}")
                told = f"{words.format(self.tr(no_pdf))} {told}"
            self._say(told.strip(), Tone.WARN if no_pdf else Tone.OK)
            self.choices.lock.begin_again()
            self._cover_pdf = cover_of(cast("Desk", self._shared.desk), made, pdf)
            self.cover.show()
            self.cover.setFocus()
            self._shared.toast(self.tr("The audit pack is made and checked"))
        self.checked.show_checks(verdict.checks)

    def _show_cover(self) -> None:
        show_cover(self, self._cover_pdf, self.paper)

    def _ready(self) -> None:
        self.make.setEnabled(True)
        if self.note.hasFocus():
            self.make.setFocus()
        self.earlier.wait(is_busy=False)

    def _failed(self, error: Exception) -> None:
        self._ready()
        self.note.hide()
        self._shared.changed.emit(ExportEnded())
        if not isinstance(error, InvalidError) or not self.choices.show_problems(error.problems):
            self._shared.tell(error)

    def _say(self, words: str, tone: Tone) -> None:
        self.note.say(words, tone)
        self.note.show()
        self._scroll.verticalScrollBar().setValue(0)


PAGE = Page(
    order=130,
    title=QT_TRANSLATE_NOOP("pages", "Audit pack"),
    icon="package-check",
    needs=May.EXPORT,
    build=AuditPackPage,
    touched=("custody", "sample", "release"),
    help=QT_TRANSLATE_NOOP(
        "pages",
        "Counts, process evidence and the proof of the audit trail, sealed for one "
        "recipient. Its six words travel apart from the stick, by phone or on paper; or it is "
        "sealed to the recipient’s own age key, which is compared by phone.",
    ),
)
