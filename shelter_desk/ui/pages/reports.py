"""All reports in one place: which, of when; looked at first, explained, then handed over."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from threading import Event

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QVBoxLayout

from shelter_desk.desk import Area
from shelter_desk.desk.protected_reports import OUTCOMES
from shelter_desk.desk.report_behind import Behind
from shelter_desk.desk.reporting import HandedOver, NoteExplained, handed_over, report_behind
from shelter_desk.disclosure import Refused, StoppedError
from shelter_desk.domain.report_kinds import ReportKind
from shelter_desk.domain.staff import May
from shelter_desk.exports.report_handing import (
    ReportQuestion,
    ToWhom,
    ask_for_protected,
    ask_for_report,
    files_again,
)
from shelter_desk.exports.summary_release import PreparedSummary, SummaryQuestion
from shelter_desk.ui.jobs import Answers
from shelter_desk.ui.pages import PAGE_MARGINS, Page, PageView
from shelter_desk.ui.periods_shown import ask_folder, with_periods
from shelter_desk.ui.report_parts import leaving
from shelter_desk.ui.report_parts.behind_sheet import BehindSheet
from shelter_desk.ui.report_parts.choice import ReportChoice
from shelter_desk.ui.report_parts.hand_over import ask_to_whom
from shelter_desk.ui.report_parts.preview import ReportPreview
from shelter_desk.ui.report_parts.publishing import Publishing
from shelter_desk.ui.report_parts.slip_sheet import ask_slip
from shelter_desk.ui.report_parts.told_table import told_table
from shelter_desk.ui.scale import STRETCH, column, fill, row
from shelter_desk.ui.shared import Shared
from shelter_desk.ui.summary_parts.more import MoreAsked
from shelter_desk.ui.summary_preview import SummaryPreview
from shelter_desk.ui.tokens import Tone
from shelter_desk.ui.widgets import (
    Banner,
    Button,
    Card,
    EmptyNote,
    Label,
    PrimaryButton,
    Scroll,
    SectionHeader,
)
from shelter_desk.ui.words import QT_TRANSLATE_NOOP

_USUAL = "voca"


class ReportsPage(PageView):
    """Nothing leaves before it was seen here and stands in the records."""

    def __init__(self, shared: Shared) -> None:
        super().__init__()
        self._shared, self.choose_folder = shared, ask_folder
        self._exact: ReportQuestion | None = None
        self._prepared: PreparedSummary | None = None
        self._asked, self._stop = 0, Event()
        self.choice = ReportChoice(shared.today())
        self.kind, self.period = self.choice.kind, self.choice.period
        self.count = Button(self.tr("Count it"), "file-search")
        self.cancel = Button(self.tr("Cancel"), "x")
        self.note = Banner("", Tone.INFO)
        self.exact, self.safe = ReportPreview(), SummaryPreview()
        self.more = MoreAsked(self, shared, self.safe)
        self.more.offers_instead = False
        self.explaining = self.more.explaining
        self.explain = self.explaining.button
        self.leave = PrimaryButton(self.tr("Hand it over…"), "download")
        self.slip = Button(self.tr("A resident’s slip…"), "plus")
        self.told = told_table(shared.zone)
        self.publish = Button(self.tr("It becomes public…"), "lock-open")
        self.publishing = Publishing(self, shared, self._weighing)
        self.none_yet = EmptyNote(self.tr("No report was handed over yet."))
        self._arrange()
        self._connect()
        self._forget()
        shared.refresh_on(Area.CUSTODY, self._refresh, self)

    def _arrange(self) -> None:
        words = self.tr("Enter on a line makes its files again, as they were.")
        head = SectionHeader(self.tr("Handed over by name"), icon="history")
        self.again_hint = Label(words, "caption", wrap=True)
        below = row((self.again_hint, 1), self.publish, spacing=16)
        ledger = Card(head, self.told, self.none_yet, below)
        asked = Card(self.choice, row((self.choice.about, 1), self.count, self.cancel, spacing=16))
        # All in one scroll: at twice the size there is no room for a part that stays.
        inside = column(asked, self.note, self.exact, self.safe, ledger, STRETCH, spacing=12)
        self.shown = Scroll(inside)
        parts = (
            (self.shown, 1),
            self.explaining.chosen,
            row(self.slip, STRETCH, self.explain, self.leave),
        )
        fill(QVBoxLayout(self), parts, spacing=12, margins=PAGE_MARGINS)

    def _connect(self) -> None:
        self.choice.changed.connect(self._forget)
        self.count.clicked.connect(self._count)
        self.cancel.clicked.connect(self._forget)
        self.safe.coarser.connect(self._count_year)
        self.exact.wanted.connect(self._explain)
        self.exact.chosen.connect(self.explaining.say)
        self.explain.clicked.connect(self._explain_chosen)
        self.leave.clicked.connect(self._hand_over)
        self.slip.clicked.connect(self._ask_slip)
        self.told.opened.connect(self._again)
        self.told.chosen.connect(self._may_publish)
        self.publish.clicked.connect(self._publish)

    @property
    def _kind(self) -> ReportKind:
        return self.choice.wanted

    def _refresh(self) -> None:
        lines = self._shared.ask(handed_over)
        self.told.show_lines(lines)
        self.told.setVisible(bool(lines))
        self.none_yet.setVisible(not lines)
        self.again_hint.setVisible(bool(lines))
        self.publish.setVisible(bool(lines) and self._shared.may(May.EXPORT))
        self._may_publish()
        self._forget()

    def leaving(self) -> None:
        if self.cancel.isVisibleTo(self):
            self._forget()

    def _forget(self) -> None:
        self._asked += 1  # an answer that is still on its way is for other choices
        self._stop.set()
        self._exact = self._prepared = None
        self.exact.clear()
        self.safe.clear()
        self.more.about(None, None)
        self.note.hide()
        self.shown.verticalScrollBar().setValue(0)
        self._working(busy=False)
        self.leave.setEnabled(False)
        rates = self._kind.id == OUTCOMES and self._shared.may(May.WRITE_CARE)
        self.slip.setVisible(rates)

    def _ask_slip(self) -> None:
        ask_slip(self, self._shared)

    def _working(self, *, busy: bool) -> None:
        had_focus = self.count.hasFocus() or self.cancel.hasFocus()
        self.cancel.setVisible(busy)
        self.count.setVisible(not busy)
        if had_focus:
            (self.cancel if busy else self.count).setFocus()

    # Counting

    def _count(self) -> None:
        kind, period = self._kind, str(self.period.currentData())
        if kind.is_named and not kind.is_exact:  # who reads it is part of what is protected
            ask_to_whom(self, self._shared, kind, period, self._count_for)
        else:
            self._count_for(None)

    def _count_year(self) -> None:
        self.choice.take_year()
        self._count()

    def _count_for(self, to: ToWhom | None) -> bool:
        self._forget()
        self._working(busy=True)
        self._say(self.tr("Counting…"), Tone.INFO)
        kind, asked = self._kind, self._asked
        about = {"report_id": kind.id, "period": str(self.period.currentData())}
        failed = partial(self._not_counted, asked)
        if kind.is_exact:
            count = partial(ask_for_report, self._shared.desk, **about)
            self._shared.jobs.run(self, count, partial(self._show_exact, asked), failed)
        else:
            recipient = to.recipient if to else ""
            take = partial(ask_for_protected, self._shared.desk, **about, recipient=recipient)
            self._shared.jobs.run(self, take, partial(self._protect, asked), failed)
        return True

    def _show_exact(self, asked: int, question: ReportQuestion) -> None:
        if asked != self._asked:
            return
        self._working(busy=False)
        self._exact = question
        self.exact.show_report(question.report)
        words = self.tr("{0} figures. Enter on a line shows the records behind it.")
        self._say(words.format(len(question.report.figures())), Tone.OK)
        self.explaining.offer(may=self._shared.may(May.READ_RECORDS))
        self._may_leave()

    def _may_leave(self) -> None:
        self.leave.setEnabled(self._shared.may(May.EXPORT))
        if not self.leave.isEnabled():
            words = self.tr("A director lets it out. Ask one to count it and hand it over.")
            self._say(words, Tone.INFO)

    def _protect(self, asked: int, question: SummaryQuestion) -> None:
        if asked != self._asked:
            return
        self._say(self.tr("Working out which figures can be shown…"), Tone.INFO)
        answers = Answers(
            leaving.nothing,
            partial(self._protected, asked, question),
            partial(self._not_counted, asked),
        )
        self._stop = self._shared.jobs.aside(self, partial(leaving.worked_out, question), answers)

    def _protected(
        self, asked: int, question: SummaryQuestion, answer: PreparedSummary | Refused
    ) -> None:
        if asked != self._asked:
            return
        self._working(busy=False)
        if isinstance(answer, Refused):
            words = self.tr("No safe version can be made of this period. {0} {1}")
            told = words.format(answer.reason, answer.next_rung).rstrip()
            self._say(with_periods(told), Tone.WARN)
            return
        self._prepared = answer
        release = answer.release
        self.safe.coarser_words = self.choice.year_words
        self.safe.show_release(release)
        self.more.about(question, answer)
        words = self.tr("{0} of {1} figures shown: safe")
        if release.best_proved:
            words = self.tr("{0} of {1} figures shown: safe, fewest possible withheld")
        told = words.format(release.shown, release.shown + release.withheld)
        self._say(". ".join(part for part in (told, answer.to_look_at) if part), Tone.OK)
        self._may_leave()

    def _not_counted(self, asked: int, error: Exception) -> None:
        if asked == self._asked:
            self._forget()
        if not isinstance(error, StoppedError):
            self._shared.tell(error)

    # Behind a figure

    def _explain_chosen(self) -> None:
        if self._exact is not None and self.exact.last_chosen:
            self._explain(self.exact.last_chosen)

    def _explain(self, figure: str) -> None:
        question = self._exact
        if question is None or not self._shared.may(May.READ_RECORDS):
            return
        about = {"report_id": question.report.kind_id, "period": question.report.period}
        if self._shared.attempt(NoteExplained(**about, figure=figure)) is None:
            return
        work = partial(self._shared.ask, report_behind, **about, figure=figure)
        self._shared.jobs.run(self, work, self._show_behind, self._shared.tell)

    def _show_behind(self, behind: Behind) -> None:
        sheet = BehindSheet(behind, self._shared.zone, partial(self._shared.go, "resident"))
        sheet.open_over(self, sheet.records if behind.lines else sheet.leave)

    # What was handed over becomes public

    def _may_publish(self) -> None:
        line = self.told.line()
        self.publish.setEnabled(line is not None and not line.is_public)

    def _publish(self) -> None:
        line = self.told.line()
        if line is not None:
            self.publishing.begin(line)

    def _weighing(self, busy: bool) -> None:  # noqa: FBT001 - it is or it is not
        self.publish.setEnabled(not busy)
        if busy:
            self._say(self.tr("Working out what it tells beside what is out…"), Tone.INFO)
        else:
            self.note.hide()

    # Handing over

    def _hand_over(self) -> None:
        kind, period = self._kind, str(self.period.currentData())
        if kind.is_exact:
            ask_to_whom(self, self._shared, kind, period, self._to)
        else:
            self._to(None)

    def _to(self, to: ToWhom | None) -> bool:
        exact, prepared, kind = self._exact, self._prepared, self._kind
        place = self.choose_folder(self, self.tr("Where to save the report"))
        if not place or (exact, prepared) != (self._exact, self._prepared):
            return False
        name = f"Report {kind.id} {self.period.currentData()}"
        if exact is not None and to is not None:
            work = partial(leaving.handed, self._shared, exact, to)
        elif prepared is not None:
            work = partial(leaving.released, self._shared, prepared)
        else:
            return False
        self.leave.setEnabled(False)
        self._shared.jobs.run(
            self, partial(leaving.saved, work, Path(place), name), self._saved, self._not_saved
        )
        return True

    def _again(self, line: HandedOver) -> None:
        place = self.choose_folder(self, self.tr("Where to save the report"))
        if not place:
            return
        work = partial(files_again, self._shared.desk, line.release_id)
        name = f"Report {line.report_id} {line.period}"
        self._shared.jobs.run(
            self, partial(leaving.saved, work, Path(place), name), self._saved, self._not_saved
        )

    def _saved(self, told: tuple[Path, str]) -> None:
        folder, look_at = told
        self._shared.changed.emit(leaving.Finished())
        if look_at:
            self._say(look_at, Tone.WARN)
        self._shared.toast(self.tr("Saved in “{0}” and read back").format(folder.name))

    def _not_saved(self, error: Exception) -> None:
        self._shared.changed.emit(leaving.Finished())
        words = self.tr(
            "It was not saved. What stands under “Handed over” can be made again from there."
        )
        self._say(words, Tone.WARN)
        self._shared.tell(error)

    def _say(self, words: str, tone: Tone) -> None:
        self.note.say(words, tone)
        self.note.show()
        QTimer.singleShot(0, self, partial(self.shown.lead_to, self.note))


PAGE = Page(
    order=121,
    title=QT_TRANSLATE_NOOP("pages", "Reports"),
    icon="sheet",
    needs=May.SUMMARISE,
    build=ReportsPage,
    touched=("report", "funder", "figure", "list.copy"),
    help=QT_TRANSLATE_NOOP(
        "pages",
        "Every report that a board, a funder or a licensor gets. Count it, look at it, and open "
        "the records behind any number with Enter. Exact counts are for one recipient by name, "
        "and a director hands them over; what was told stays as it was.",
    ),
)
