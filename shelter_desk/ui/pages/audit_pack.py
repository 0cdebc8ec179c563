"""The audit pack: for whom, which period, where to; made, written, read back and checked."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import cast
from zoneinfo import ZoneInfo

from PySide6.QtWidgets import QVBoxLayout

from shelter_desk.desk import Area, Desk
from shelter_desk.desk.agreeing import Second
from shelter_desk.desk.exported import ExportLine, export_list
from shelter_desk.desk.pack_words import new_pack_words
from shelter_desk.desk.releasing import seconds
from shelter_desk.domain.staff import May
from shelter_desk.exports.pack_order import PackMade, PackOrder
from shelter_desk.exports.profiles import pack_rules
from shelter_desk.exports.stick import PackDrive, Written
from shelter_desk.exports.verify import Check, Verdict
from shelter_desk.ui.dates import show_moment
from shelter_desk.ui.drive_sheet import DriveSheet, EjectButton, Found, plugged_in
from shelter_desk.ui.handover_card import HandoverCard
from shelter_desk.ui.pack_making import Place, cover_of, pack_made
from shelter_desk.ui.pack_sheet import WordsSheet
from shelter_desk.ui.pages import PAGE_MARGINS, Page, PageView
from shelter_desk.ui.paper_sheet import PaperSheet
from shelter_desk.ui.periods_shown import ask_folder, period_choice
from shelter_desk.ui.pile import Pile
from shelter_desk.ui.printing import Paper, RealPaper
from shelter_desk.ui.scale import STRETCH, column, fill, row
from shelter_desk.ui.second_sheet import SecondSheet
from shelter_desk.ui.shared import Shared
from shelter_desk.ui.summary_preview import keep_row_height
from shelter_desk.ui.table_model import Column
from shelter_desk.ui.tokens import Tone
from shelter_desk.ui.widgets import (
    Banner,
    Button,
    Card,
    CheckBox,
    DropDown,
    EmptyNote,
    FieldFrame,
    Label,
    Pill,
    PrimaryButton,
    Scroll,
    SectionHeader,
    Table,
)
from shelter_desk.ui.words import QT_TRANSLATE_NOOP

_USUAL = "grant-totals"


@dataclass(frozen=True, slots=True)
class _Finished:
    """What a pack left behind in the records, in the shape that pages listen for."""

    subject: str = ""
    touches: Area = Area.CUSTODY | Area.AUDIT
    undo: None = None


class AuditPackPage(PageView):
    """A pack holds counts and proofs, never a resident's record."""

    def __init__(self, shared: Shared) -> None:
        super().__init__()
        self._shared, self.choose_folder = shared, ask_folder
        self.find_drives: Callable[[], Found] = partial(
            plugged_in, Path.home(), cast("Desk", shared.desk).folder
        )
        self._rules = pack_rules(cast("Desk", shared.desk).house.care_model)
        self.profile = DropDown(self.tr("For whom"))
        for profile in self._rules.profiles.values():
            if profile.is_of_one:
                continue
            self.profile.addItem(self.tr(profile.title), profile.id)
        self.profile.setCurrentIndex(self.profile.findData(_USUAL))
        self.period = period_choice(self.tr("Period"), shared.today())
        self.with_pdf = CheckBox(self.tr("Also the report as a locked PDF, with words of its own"))
        self.make = PrimaryButton(self.tr("Make an audit pack"), "package-check")
        self.cover = Button(self.tr("Cover sheet…"), "printer")
        self.cover.hide()
        self.eject = EjectButton(shared)
        self.paper: Paper = RealPaper()
        self._cover_pdf, self._place = b"", Place(Path())
        self.note = Banner("", Tone.INFO)
        self.note.hide()
        self.checks = Pile(spacing=6)
        self.shown_checks: tuple[Check, ...] = ()
        self.exports = Table[ExportLine](
            self._columns(shared.zone),
            self.tr("Earlier exports"),
            key=_custody_id,
            row_height=36,
            fit=True,
        )
        keep_row_height(self.exports, 36)
        self.none_yet = EmptyNote(self.tr("No pack was made yet."))
        self.handovers = HandoverCard(shared)
        self._arrange()
        self.make.clicked.connect(self._start)
        self.cover.clicked.connect(self._show_cover)
        shared.refresh_on(Area.CUSTODY, self._refresh, self)

    def _arrange(self) -> None:
        words = self.tr(
            "Counts, process evidence and the proof of the audit trail, sealed for one recipient. "
            "No resident's record is in it."
        )
        choices = row(
            (FieldFrame(self.tr("For whom"), self.profile), 3),
            (FieldFrame(self.tr("Period"), self.period), 2),
            spacing=16,
        )
        self.checked = Card(SectionHeader(self.tr("What was checked"), icon="list-checks"))
        self.checked.add(self.checks)
        self.checked.hide()
        head = SectionHeader(self.tr("Earlier exports"), icon="history")
        earlier = Card(head, self.exports, self.none_yet)
        inside = column(self.checked, self.handovers, earlier, STRETCH, spacing=12)
        parts = (
            Card(Label(words, "muted", wrap=True), choices, self.with_pdf),
            self.note,
            (Scroll(inside), 1),
            row(STRETCH, self.eject, self.cover, self.make),
        )
        fill(QVBoxLayout(self), parts, spacing=12, margins=PAGE_MARGINS)

    def _refresh(self) -> None:
        lines = self._shared.ask(export_list)
        self.exports.show_lines(lines)
        self.exports.setVisible(bool(lines))
        self.none_yet.setVisible(not lines)

    def _start(self) -> None:
        sheet = DriveSheet(self._shared, self.find_drives, self.choose_folder, self._agree)
        sheet.open_over(self)

    def _agree(self, place: Path, mark: str) -> None:
        order = PackOrder(str(self.profile.currentData()), str(self.period.currentData()))
        able, drive = self._shared.ask(seconds), Place(place, mark)
        if not able:
            self._show_words(order, drive, None)
            return
        about = self.tr("Two people let a pack out: {0}, {1}, written to “{2}”.").format(
            self.profile.currentText(), self.period.currentText(), place.name or str(place)
        )
        sheet = SecondSheet(self._shared, able, about, partial(self._show_words, order, drive))
        sheet.open_over(self, sheet.words)

    def _show_words(self, order: PackOrder, place: Place, second: Second | None) -> None:
        words = new_pack_words()
        go_on = partial(self._make, order, place, words, "", second)
        if self.with_pdf.isChecked():
            go_on = partial(self._show_pdf_words, order, place, words, second)
        sheet = WordsSheet(words, go_on)
        sheet.open_over(self, sheet.written)

    def _show_pdf_words(
        self, order: PackOrder, place: Place, words: str, second: Second | None
    ) -> None:
        others = new_pack_words()
        go_on = partial(self._make, order, place, words, others, second)
        sheet = WordsSheet(others, go_on, of_pdf=True)
        sheet.open_over(self, sheet.written)

    def _make(
        self,
        order: PackOrder,
        place: Place,
        words: str,
        pdf_words: str,
        second: Second | None,
    ) -> None:
        self.make.setEnabled(False)
        self.checked.hide()
        self.cover.hide()
        self.eject.offer(None)
        self._say(self.tr("Making, writing and checking the pack…"), Tone.INFO)
        self._place = place
        drive = PackDrive(place.folder, mark=place.mark)
        work = partial(pack_made, self._shared, order, drive, (words, pdf_words), second)
        self._shared.jobs.run(self, work, self._done, self._failed)

    def _done(self, answer: tuple[PackMade, Verdict, Written | None]) -> None:
        made, verdict, pdf = answer
        self.make.setEnabled(True)
        self._shared.changed.emit(_Finished(made.custody_id))
        if not verdict.ok:
            self._say(verdict.reason, Tone.DANGER)
        else:
            words = self.tr("“{0}” is on the drive and opens. Fingerprint {1}, log {2}. {3}")
            self.eject.offer(self._place.folder if self._place.mark else None)
            told = words.format(
                made.written.path.name, made.fingerprint, made.log_short_form, made.summary_note
            )
            self._say(told.strip(), Tone.OK)
            self._cover_pdf = cover_of(self._shared, made, pdf)
            self.cover.show()
            self._shared.toast(self.tr("The audit pack is made and checked"))
        self._show_checks(verdict.checks)

    def _show_cover(self) -> None:
        sheet = PaperSheet(self.tr("Cover sheet of the audit pack"), self._cover_pdf, self.paper)
        sheet.open_over(self, sheet.print)

    def _failed(self, error: Exception) -> None:
        self.make.setEnabled(True)
        self.note.hide()
        self._shared.changed.emit(_Finished())
        self._shared.tell(error)

    def _show_checks(self, checks: tuple[Check, ...]) -> None:
        self.checks.clear()
        self.shown_checks = checks
        states = {
            True: (self.tr("passed"), Tone.OK),
            False: (self.tr("failed"), Tone.DANGER),
            None: (self.tr("not made"), Tone.NEUTRAL),
        }
        for check in checks:
            word, tone = states[check.passed]
            line = row(Pill(word, tone), (Label(self.tr(check.title), wrap=True), 1), spacing=10)
            self.checks.add(line)
        self.checked.show()

    def _say(self, words: str, tone: Tone) -> None:
        self.note.say(words, tone)
        self.note.show()

    def _columns(self, zone: ZoneInfo) -> tuple[Column[ExportLine], ...]:
        results = {"delivered": self.tr("delivered"), "failed": self.tr("failed")}
        tones = {"delivered": Tone.OK, "failed": Tone.DANGER}
        return (
            Column(self.tr("Began"), lambda line: show_moment(line.began_at, zone), width=180),
            Column(self.tr("For"), lambda line: line.recipient, width=140, stretch=True),
            Column(self.tr("Period"), lambda line: line.period, width=100),
            Column(self.tr("Agreed"), lambda line: line.second, width=120),
            Column(
                self.tr("Result"),
                lambda line: results.get(line.result, self.tr("not ended")),
                width=120,
                tone=lambda line: tones.get(line.result, Tone.WARN),
            ),
            Column(self.tr("SHA-256"), lambda line: line.sha256[:12], width=130, quiet=True),
        )


def _custody_id(line: ExportLine) -> str:
    return line.custody_id


PAGE = Page(
    order=130,
    title=QT_TRANSLATE_NOOP("pages", "Audit pack"),
    icon="package-check",
    needs=May.EXPORT,
    build=AuditPackPage,
    help=QT_TRANSLATE_NOOP(
        "pages",
        "Counts, process evidence and the proof of the audit trail, sealed for one "
        "recipient. Its six words travel apart from the stick, by phone or on paper.",
    ),
)
