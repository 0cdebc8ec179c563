"""The de-identified summary: a period, an audience, a preview, and the release of four files."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path
from zoneinfo import ZoneInfo

from PySide6.QtWidgets import QVBoxLayout

from shelter_desk.desk import Area
from shelter_desk.desk.counts import NAMED_K, PUBLIC_K, snapshot_text, summary_request
from shelter_desk.desk.shelter import settings as shelter_settings
from shelter_desk.desk.summaries import (
    RecordSummary,
    ReleaseLine,
    earlier_certificates,
    releases,
)
from shelter_desk.disclosure import Refused, SafeRelease, protect
from shelter_desk.domain.periods import Period
from shelter_desk.domain.staff import May
from shelter_desk.exports.problems import ReadBackError
from shelter_desk.exports.whole_files import read_together, write_together
from shelter_desk.reports.summary_check import verify_summary
from shelter_desk.reports.summary_files import summary_files
from shelter_desk.ui.dates import show_moment
from shelter_desk.ui.pages import PAGE_MARGINS, Page, PageView
from shelter_desk.ui.periods_shown import ask_folder, period_choice
from shelter_desk.ui.scale import STRETCH, column, fill, row
from shelter_desk.ui.shared import Shared
from shelter_desk.ui.summary_preview import SummaryPreview, keep_row_height
from shelter_desk.ui.table_model import Column
from shelter_desk.ui.tokens import Tone
from shelter_desk.ui.widgets import (
    Banner,
    Button,
    Card,
    ChipChoice,
    EmptyNote,
    FieldFrame,
    Label,
    PrimaryButton,
    Scroll,
    SectionHeader,
    Table,
)
from shelter_desk.ui.words import QT_TRANSLATE_NOOP


@dataclass(frozen=True, slots=True)
class _Prepared:
    """A release that was worked out and not yet written down; its files are only in memory."""

    release: SafeRelease
    files: dict[str, bytes]
    command: RecordSummary


class SummaryPage(PageView):
    """Nothing leaves before the release stands in the ledger; every figure is seen before."""

    def __init__(self, shared: Shared) -> None:
        super().__init__()
        self._shared, self.choose_folder = shared, ask_folder
        self._prepared: _Prepared | None = None
        self._asked = 0
        self.period = period_choice(self.tr("Period"), shared.today())
        self.audience = ChipChoice(
            (("public", self.tr("The public")), ("named", self.tr("One recipient by name"))),
            self.tr("Who will read it"),
        )
        self.audience.set_value("public")
        self.rule = Label("", "caption", wrap=True)
        self.prepare = Button(self.tr("Prepare"), "file-search")
        self.note = Banner("", Tone.INFO)
        self.note.hide()
        self.preview = SummaryPreview()
        self.release = PrimaryButton(self.tr("Release and save"), "download")
        self.earlier = Table[ReleaseLine](
            self._columns(shared.zone),
            self.tr("Earlier releases"),
            key=_release_id,
            row_height=36,
            fit=True,
        )
        keep_row_height(self.earlier, 36)
        self.none_yet = EmptyNote(self.tr("No summary was released yet."))
        self._arrange()
        self.period.currentIndexChanged.connect(self._forget)
        self.audience.chosen.connect(self._forget)
        self.prepare.clicked.connect(self._prepare)
        self.release.clicked.connect(self._release)
        self._forget()
        shared.refresh_on(Area.CUSTODY, self._refresh, self)

    def _arrange(self) -> None:
        choices = row(
            (FieldFrame(self.tr("Period"), self.period), 2),
            (FieldFrame(self.tr("Who will read it"), self.audience), 3),
            self.prepare,
            spacing=16,
        )
        head = SectionHeader(self.tr("Earlier releases"), icon="history")
        ledger = Card(head, self.earlier, self.none_yet)
        inside = column(self.preview, ledger, STRETCH, spacing=12)
        parts = (
            Card(choices, self.rule),
            self.note,
            (Scroll(inside), 1),
            row(STRETCH, self.release),
        )
        fill(QVBoxLayout(self), parts, spacing=12, margins=PAGE_MARGINS)

    def _refresh(self) -> None:
        lines = self._shared.ask(releases)
        self.earlier.show_lines(lines)
        self.earlier.setVisible(bool(lines))
        self.none_yet.setVisible(not lines)
        # A release made meanwhile settles figures that the prepared one did not know of.
        self._forget()

    def _forget(self) -> None:
        self._asked += 1  # an answer that is still on its way is for other choices
        self._prepared = None
        self.preview.clear()
        self.note.hide()
        self.prepare.setEnabled(True)
        self.release.setEnabled(False)
        k = PUBLIC_K if self.audience.value() == "public" else NAMED_K
        words = self.tr(
            "Counts that rest on fewer than {0} residents are withheld, and as many others as "
            "it takes so that nobody can work them out. “*” is withheld; 0 is nobody."
        )
        self.rule.setText(words.format(k))

    def _prepare(self) -> None:
        self._forget()
        self.prepare.setEnabled(False)
        self._say(self.tr("Working out which figures can be shown…"), Tone.INFO)
        period, audience = str(self.period.currentData()), self.audience.value()
        work = partial(_work_out, self._shared, period, audience, self._shared.now())
        asked = self._asked
        self._shared.jobs.run(
            self, work, partial(self._worked_out, asked), partial(self._not_worked_out, asked)
        )

    def _worked_out(self, asked: int, answer: _Prepared | Refused) -> None:
        if asked != self._asked:
            return
        self.prepare.setEnabled(True)
        if isinstance(answer, Refused):
            words = self.tr("No summary can be made of this period. {0}")
            self._say(words.format(answer.reason), Tone.WARN)
            return
        self._prepared = answer
        shown, every = answer.release.shown, answer.release.shown + answer.release.withheld
        self._say(self.tr("{0} of {1} figures shown").format(shown, every), Tone.OK)
        self.preview.show_release(answer.release)
        self.release.setEnabled(True)

    def _not_worked_out(self, asked: int, error: Exception) -> None:
        if asked == self._asked:
            self._forget()
        self._shared.tell(error)

    def _release(self) -> None:
        prepared = self._prepared
        if prepared is None:
            return
        place = self.choose_folder(self, self.tr("Where to save the summary"))
        if not place or prepared is not self._prepared:
            return
        # Into the ledger first: what may have left must never be missing there.
        if self._shared.attempt(prepared.command) is None:
            return
        self.prepare.setEnabled(False)
        work = partial(_save, prepared, Path(place))
        self._shared.jobs.run(self, work, self._saved, self._not_saved)

    def _saved(self, told: tuple[Path, int]) -> None:
        self.prepare.setEnabled(True)
        folder, checks = told
        words = self.tr("Saved in “{0}”, read back, and all {1} checks passed")
        self._shared.toast(words.format(folder.name, checks))

    def _not_saved(self, error: Exception) -> None:
        self.prepare.setEnabled(True)
        words = self.tr(
            "The release stands in the ledger, but its files were not saved. Prepare it again, "
            "then choose another folder."
        )
        self._say(words, Tone.WARN)
        self._shared.tell(error)

    def _say(self, words: str, tone: Tone) -> None:
        self.note.say(words, tone)
        self.note.show()

    def _columns(self, zone: ZoneInfo) -> tuple[Column[ReleaseLine], ...]:
        readers = {"public": self.tr("The public"), "named": self.tr("One recipient by name")}
        return (
            Column(self.tr("Released"), lambda line: show_moment(line.made_at, zone), width=180),
            Column(
                self.tr("Period"),
                lambda line: Period.parse(line.period).label,
                width=200,
                stretch=True,
            ),
            Column(
                self.tr("Readers"),
                lambda line: readers.get(line.audience, line.audience),
                width=190,
            ),
            Column(self.tr("Least shown"), lambda line: str(line.k), width=100, number=True),
            Column(
                self.tr("Certificate"),
                lambda line: line.certificate_sha256[:12],
                width=130,
                quiet=True,
            ),
        )


def _work_out(shared: Shared, period: str, audience: str, now: datetime) -> _Prepared | Refused:
    """Return a safe release with its files, or why there is none. Runs off the main thread."""
    request = shared.ask(summary_request, period=period, audience=audience, now=now)
    release = protect(request, earlier=shared.ask(earlier_certificates))
    if isinstance(release, Refused):
        return release
    files = summary_files(release, now, shared.ask(shelter_settings).name)
    command = RecordSummary(release, request.settings.k, snapshot_text(request))
    return _Prepared(release, files, command)


def _save(prepared: _Prepared, place: Path) -> tuple[Path, int]:
    """Write the files, read them back, check them; return the folder and the number of checks."""
    release = prepared.release
    folder = write_together(place, f"Summary {release.period} {release.audience}", prepared.files)
    verdict = verify_summary(read_together(folder))
    if not verdict.ok:
        raise ReadBackError
    return folder, len(verdict.checks)


def _release_id(line: ReleaseLine) -> str:
    return line.release_id


PAGE = Page(
    order=120,
    title=QT_TRANSLATE_NOOP("pages", "Summary"),
    icon="chart-column",
    needs=May.SUMMARISE,
    build=SummaryPage,
)
