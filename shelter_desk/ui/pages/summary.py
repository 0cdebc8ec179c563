"""The de-identified summary: a period, an audience, a preview, and the release of four files."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from pathlib import Path
from threading import Event
from zoneinfo import ZoneInfo

from PySide6.QtWidgets import QVBoxLayout

from shelter_desk.desk import Area
from shelter_desk.desk.counts import NAMED_K, PUBLIC_K
from shelter_desk.desk.summaries import ReleaseLine, releases
from shelter_desk.disclosure import Refused, SafeRelease, StoppedError
from shelter_desk.domain.periods import Period
from shelter_desk.domain.staff import May
from shelter_desk.exports.problems import ReadBackError
from shelter_desk.exports.summary_release import (
    PreparedSummary,
    SummaryQuestion,
    ask_for_summary,
    prepare_summary,
)
from shelter_desk.exports.whole_files import read_together, write_together
from shelter_desk.reports.summary_check import verify_summary
from shelter_desk.ui.dates import show_moment
from shelter_desk.ui.jobs import Answers, Aside
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


class SummaryPage(PageView):
    """Nothing leaves before the release stands in the ledger; every figure is seen before."""

    def __init__(self, shared: Shared) -> None:
        super().__init__()
        self._shared, self.choose_folder = shared, ask_folder
        self._prepared: PreparedSummary | None = None
        self._asked, self._stop = 0, Event()
        self.period = period_choice(self.tr("Period"), shared.today())
        self.audience = ChipChoice(
            (("public", self.tr("The public")), ("named", self.tr("One recipient by name"))),
            self.tr("Who will read it"),
        )
        self.audience.set_value("public")
        self.rule = Label("", "caption", wrap=True)
        self.prepare = Button(self.tr("Prepare"), "file-search")
        self.cancel = Button(self.tr("Cancel"), "x")
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
        self.cancel.clicked.connect(self._cancel)
        self.release.clicked.connect(self._release)
        self._forget()
        shared.refresh_on(Area.CUSTODY, self._refresh, self)

    def _arrange(self) -> None:
        choices = row(
            (FieldFrame(self.tr("Period"), self.period), 1),
            (FieldFrame(self.tr("Who will read it"), self.audience), 1),
            spacing=16,
        )
        head = SectionHeader(self.tr("Earlier releases"), icon="history")
        ledger = Card(head, self.earlier, self.none_yet)
        inside = column(self.preview, ledger, STRETCH, spacing=12)
        parts = (
            Card(choices, row((self.rule, 1), self.prepare, self.cancel, spacing=16)),
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

    def leaving(self) -> None:
        if self.cancel.isVisibleTo(self):
            self._cancel()

    def _cancel(self) -> None:
        """End the search; a safe version that is there already stays."""
        self._end_search()
        if self._prepared is None:
            self._forget()
        else:
            self._show(self._prepared)

    def _end_search(self) -> None:
        self._asked += 1  # an answer that is still on its way is for other choices
        self._stop.set()
        had_focus = self.cancel.hasFocus()
        self.cancel.hide()
        self.prepare.show()
        self.prepare.setEnabled(True)
        if had_focus:
            self.prepare.setFocus()

    def _forget(self) -> None:
        self._end_search()
        self._prepared = None
        self.preview.clear()
        self.note.hide()
        self.release.setEnabled(False)
        k = PUBLIC_K if self.audience.value() == "public" else NAMED_K
        words = self.tr(
            "Counts that rest on fewer than {0} residents are withheld, and as many others as "
            "it takes so that nobody can work them out. “*” is withheld; 0 is nobody."
        )
        self.rule.setText(words.format(k))

    def _prepare(self) -> None:
        had_focus = self.prepare.hasFocus()
        self._forget()
        self.prepare.hide()
        self.cancel.show()
        if had_focus:
            self.cancel.setFocus()
        self._say(self.tr("Working out which figures can be shown…"), Tone.INFO)
        asked = self._asked
        work = partial(
            ask_for_summary,
            self._shared.desk,
            period=str(self.period.currentData()),
            audience=self.audience.value(),
        )
        self._shared.jobs.run(
            self, work, partial(self._search, asked), partial(self._not_worked_out, asked)
        )

    def _search(self, asked: int, question: SummaryQuestion) -> None:
        if asked != self._asked:
            return
        answers = Answers(
            partial(self._first, asked),
            partial(self._worked_out, asked),
            partial(self._not_worked_out, asked),
        )
        self._stop = self._shared.jobs.aside(self, partial(_work_out, question), answers)

    def _first(self, asked: int, prepared: PreparedSummary) -> None:
        if asked == self._asked:
            self._prepared = prepared
            self._show(prepared, self.tr("Still looking for a version with more figures."))

    def _worked_out(self, asked: int, answer: PreparedSummary | Refused) -> None:
        if asked != self._asked:
            return
        self._end_search()
        if isinstance(answer, Refused):
            self._forget()
            words = self.tr("No summary can be made of this period. {0}")
            self._say(words.format(answer.reason), Tone.WARN)
            return
        self._prepared = answer
        self._show(answer)

    def _show(self, prepared: PreparedSummary, more: str = "") -> None:
        release = prepared.release
        words = self.tr("{0} of {1} figures shown: safe")
        if release.best_proved and not more:
            words = self.tr("{0} of {1} figures shown: safe, fewest possible withheld")
        told = words.format(release.shown, release.shown + release.withheld)
        look_at = prepared.to_look_at
        tone = Tone.WARN if look_at else Tone.INFO if more else Tone.OK
        self._say(". ".join(part for part in (told, more, look_at) if part), tone)
        self.preview.show_release(release)
        self.release.setEnabled(True)

    def _not_worked_out(self, asked: int, error: Exception) -> None:
        if asked == self._asked:
            self._forget()
        if not isinstance(error, StoppedError):
            self._shared.tell(error)

    def _release(self) -> None:
        prepared = self._prepared
        if prepared is None:
            return
        self._end_search()  # what is on screen is what leaves
        place = self.choose_folder(self, self.tr("Where to save the summary"))
        if not place or prepared is not self._prepared:
            return
        files = prepared.hand_out(self._shared.attempt)
        if not files:
            return
        self.prepare.setEnabled(False)
        work = partial(_save, prepared.release, files, Path(place))
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
            Column(self.tr("What"), lambda line: line.title, width=170),
            Column(
                self.tr("Period"),
                lambda line: Period.parse(line.period).label,
                width=170,
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


def _work_out(question: SummaryQuestion, aside: Aside) -> PreparedSummary | Refused:
    """Return a safe release with its files, or why there is none. Touches no records."""
    return prepare_summary(question, early=aside.tell, stop=aside.stop)


def _save(release: SafeRelease, files: Mapping[str, bytes], place: Path) -> tuple[Path, int]:
    """Write the files, read them back, check them; return the folder and the number of checks."""
    folder = write_together(place, f"Summary {release.period} {release.audience}", files)
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
    help=QT_TRANSLATE_NOOP(
        "pages",
        "Counts for the board or a funder in which nobody can be worked out. A figure "
        "shown as * is withheld to protect somebody. Nothing leaves before it is "
        "written into the list of releases.",
    ),
)
