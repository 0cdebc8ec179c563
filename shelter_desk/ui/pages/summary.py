"""The de-identified summary: a period, an audience, a preview, and the release of four files."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QVBoxLayout, QWidget

from shelter_desk.desk import Area
from shelter_desk.desk.counts import NAMED_K, PUBLIC_K
from shelter_desk.desk.summaries import releases
from shelter_desk.disclosure import Refused
from shelter_desk.domain.errors import InvalidError
from shelter_desk.domain.staff import May
from shelter_desk.exports.summary_plan import PreparedYear, ask_for_year
from shelter_desk.exports.summary_questions import with_shown
from shelter_desk.exports.summary_release import (
    PreparedSummary,
    SummaryQuestion,
    ask_for_summary,
)
from shelter_desk.ui.dates import show_moment
from shelter_desk.ui.pages import PAGE_MARGINS, Page, PageView
from shelter_desk.ui.periods_shown import ask_folder, with_periods
from shelter_desk.ui.scale import STRETCH, column, fill, row
from shelter_desk.ui.shared import Shared
from shelter_desk.ui.summary_parts.acts import SummaryActs
from shelter_desk.ui.summary_parts.advice import AdviceCard
from shelter_desk.ui.summary_parts.asides import nothing, work_out, work_out_year
from shelter_desk.ui.summary_parts.choices import SummaryChoices
from shelter_desk.ui.summary_parts.comparing import Comparing
from shelter_desk.ui.summary_parts.earlier import EarlierCard
from shelter_desk.ui.summary_parts.more import MoreAsked
from shelter_desk.ui.summary_parts.saving import Saving
from shelter_desk.ui.summary_parts.searching import Searching
from shelter_desk.ui.summary_parts.told import ToldCard
from shelter_desk.ui.summary_parts.waiting import WaitingBanner
from shelter_desk.ui.summary_parts.year import YearParts
from shelter_desk.ui.summary_preview import SummaryPreview
from shelter_desk.ui.tokens import Tone
from shelter_desk.ui.widgets import (
    Banner,
    Card,
    CheckBox,
    Label,
    PrimaryButton,
    Scroll,
)
from shelter_desk.ui.words import QT_TRANSLATE_NOOP


class SummaryPage(PageView):
    """Nothing leaves before the release stands in the ledger; every figure is seen before."""

    def __init__(self, shared: Shared) -> None:
        super().__init__()
        self._shared, self.choose_folder = shared, ask_folder
        self._question: SummaryQuestion | None = None
        self._prepared: PreparedSummary | PreparedYear | None = None
        self._search = Searching(self, shared, self._forget, self._cannot_be)
        self._seen: QWidget = self
        self.choices = SummaryChoices(shared.today())
        self.period, self.audience = self.choices.period, self.choices.audience
        self.rule = Label("", "caption", wrap=True)
        self._acts = acts = SummaryActs()
        self.prepare, self.cancel = acts.prepare, acts.cancel
        self.together, self.compare = acts.together, acts.compare
        self.note = Banner("", Tone.INFO)
        self.note.hide()
        self.year = YearParts()
        self.with_ranges = CheckBox(self.tr("Show what readers can work out"))
        self.preview = SummaryPreview()
        self.preview.coarser_words = self.tr("Compare versions")
        self.advice = AdviceCard(self.choices.detail_words)
        self.comparing = Comparing(self._search, self.choices, self.advice)
        self.told = ToldCard(shared)
        self.waiting = WaitingBanner(shared)
        self.release = PrimaryButton(self.tr("Release and save"), "download")
        self._out = EarlierCard(shared.zone)
        self.earlier, self.none_yet = self._out.table, self._out.none_yet
        self.more = MoreAsked(self, shared, self.preview)
        self.saving = Saving(self, shared, self._where)
        self._arrange()
        self._connect()
        self._forget()
        shared.refresh_on(Area.CUSTODY, self._refresh, self)

    def _arrange(self) -> None:
        inside = column(
            Card(self.choices, self.rule, self._acts),
            self.note,
            self.waiting,
            self.advice,
            self.year,
            self.with_ranges,
            self.preview,
            self._out,
            self.told,
            STRETCH,
            spacing=12,
        )
        self._scroll = Scroll(inside)
        last = row(STRETCH, self.more.explaining.button, self.release)
        parts = ((self._scroll, 1), self.more.explaining.chosen, last)
        fill(QVBoxLayout(self), parts, spacing=12, margins=PAGE_MARGINS)

    def _connect(self) -> None:
        self.choices.changed.connect(self._forget)
        self.prepare.clicked.connect(self._prepare)
        self._acts.anew.clicked.connect(self._count_anew)
        self.together.clicked.connect(self._decide_year)
        self.compare.clicked.connect(self._compare)
        self.preview.coarser.connect(self._compare)
        self.cancel.clicked.connect(self._cancel)
        self.release.clicked.connect(self._release)
        self.advice.adopted.connect(self._adopt)
        self.year.chosen.connect(self._show_part)
        self.comparing.compared.connect(self._compared)
        self.more.instead.connect(self._instead)
        self.with_ranges.toggled.connect(self.more.show_ranges)
        self.saving.started.connect(partial(self.prepare.setEnabled, False))  # noqa: FBT003 - Qt
        self.saving.saved.connect(self._saved)
        self.saving.failed.connect(self._not_saved)

    def _refresh(self) -> None:
        self._out.show_lines(self._shared.ask(releases))
        # A release made meanwhile settles figures that the prepared one did not know of.
        self._forget()

    def leaving(self) -> None:
        if self.cancel.isVisibleTo(self):
            self._cancel()

    def _cancel(self) -> None:
        """End the search; a safe version that is there already stays."""
        self._end_search()
        if isinstance(self._prepared, PreparedSummary):
            self._show(self._prepared)
        else:
            self._forget()

    def _end_search(self) -> None:
        self._search.end()
        self._acts.idle(is_year=self.choices.is_year)

    def _forget(self) -> None:
        self._keep_keyboard()
        self._end_search()
        self._prepared = None
        self.more.about(None, None)
        self.saving.forget()
        self.year.clear()
        self.preview.clear()
        self.with_ranges.setChecked(False)
        self.with_ranges.hide()
        self.advice.clear()
        self.told.period = str(self.period.currentData())
        self.waiting.show_period(self.told.period)
        self.note.hide()
        self.release.setEnabled(False)
        k = NAMED_K if self.choices.is_named else PUBLIC_K
        words = self.tr(
            "Counts that rest on fewer than {0} residents are withheld, and as many others as "
            "it takes so that nobody can work them out. “*” is withheld; 0 is nobody."
        )
        self.rule.setText(words.format(k))

    def _keep_keyboard(self) -> None:
        """Take the keyboard out of what goes; else it falls to whatever Qt comes to next."""
        now = self.window().focusWidget()
        going = (self.advice, self.year, self.preview)
        if now is not None and any(part.isAncestorOf(now) for part in going):
            self.prepare.setFocus()

    def _begin(self, words: str) -> None:
        """Leave what is shown, and say what is being worked out."""
        self._forget()
        self._acts.busy()
        self._say(words, Tone.INFO)

    def _prepare(self) -> None:
        self._ask(restated=False)

    def _count_anew(self) -> None:
        self._ask(restated=True)

    def _ask(self, *, restated: bool) -> None:
        self._begin(self.tr("Working out which figures can be shown…"))
        work = partial(ask_for_summary, self._shared.desk, restated=restated)
        self._search.run(partial(work, **self.choices.wanted()), self._protect)

    def _protect(self, question: SummaryQuestion) -> None:
        self._question = question
        self._search.aside(partial(work_out, question), self._first, self._worked_out)

    def _first(self, prepared: PreparedSummary) -> None:
        self._prepared = prepared
        self._show(prepared, self.tr("Still looking for a version with more figures."))

    def _cannot_be(self, error: InvalidError) -> None:
        words = str(error)
        if any(problem.field == "recipient" for problem in error.problems):
            words = self.tr("The name of the recipient: {0}").format(words)
            self.choices.recipient.setFocus()
        self._say(words, Tone.WARN)

    def _worked_out(self, answer: PreparedSummary | Refused) -> None:
        self._end_search()
        if isinstance(answer, Refused):
            self._refused(answer)
            return
        self._prepared = answer
        self._show(answer)

    def _refused(self, answer: Refused) -> None:
        self._forget()
        words = self.tr("No summary can be made of this period. {0} {1}")
        is_out = self._question is not None and self._question.before is not None
        if self._question is not None and self._question.wanted.restated and is_out:
            words = self.tr(
                "Nothing was corrected, and beside what is out it cannot be told anew. The paper "
                "that was handed out stands. {0} {1}"
            )
        elif self._question is not None and self._question.wanted.restated:
            words = self.tr(
                "What was corrected cannot be told: set against what is out, it would tell of a "
                "few. What is out stays as it was told. {0}"
            )
        elif self._question is not None:
            self._acts.anew.setVisible(is_out)
        next_rung = answer.next_rung or self.tr("Compare versions, and take a coarser one.")
        if answer.rung == "population":  # no coarser version of these days has more residents
            next_rung = self.tr(
                "Take a longer period, or one recipient by name, who may be told of smaller "
                "groups."
            )
        self._say(with_periods(words.format(answer.reason, next_rung)), Tone.WARN)

    def _show(self, prepared: PreparedSummary, more: str = "") -> None:
        release = prepared.release
        words = self.tr("{0} of {1} figures shown: safe")
        if release.best_proved and not more:
            words = self.tr("{0} of {1} figures shown: safe, fewest possible withheld")
        told = words.format(release.shown, release.shown + release.withheld)
        look_at = prepared.to_look_at
        tone = Tone.WARN if look_at else Tone.INFO if more else Tone.OK
        out = self._out_since(prepared)
        self._say(". ".join(part for part in (told, more, out, look_at) if part), tone)
        self.more.about(self._question, prepared)
        self.preview.show_release(release)
        self.with_ranges.show()
        self._acts.anew.setVisible(prepared.out_since is not None)
        self.release.setEnabled(True)

    def _out_since(self, prepared: PreparedSummary) -> str:
        if prepared.out_since is None:
            return ""
        words = self.tr("Released on {0}; these are the very same files")
        if self._question is not None and self._question.wanted.restated:
            words = self.tr("Nothing in it was corrected since it was released on {0}")
        return words.format(show_moment(prepared.out_since, self._shared.zone))

    def _instead(self, figure: str) -> None:
        question, before = self._question, self._prepared
        if question is None:
            return
        self._begin(self.tr("Looking for a version that shows it…"))
        self._question = with_shown(question, figure)
        done = partial(self._worked_out_instead, question, before)
        self._search.aside(partial(work_out, self._question), self._first, done)

    def _worked_out_instead(
        self,
        question: SummaryQuestion,
        before: PreparedSummary | PreparedYear | None,
        answer: PreparedSummary | Refused,
    ) -> None:
        """Show the other version; where there is none, what was there stays."""
        if isinstance(answer, Refused):
            self._end_search()
            self._question, self._prepared = question, before
            if isinstance(before, PreparedSummary):
                self._show(before)
            words = self.tr("It cannot be shown. {0}").format(answer.reason)
            self._say(with_periods(words), Tone.WARN)
            return
        self._worked_out(answer)

    def _compare(self) -> None:
        self._begin(self.tr("Working out what other versions would show…"))
        self.comparing.begin(self._shared.desk)

    def _compared(self) -> None:
        self._end_search()
        self.note.hide()
        self._seen = self.advice
        QTimer.singleShot(0, self, self._bring_into_sight)

    def _adopt(self, period: str, detail: str) -> None:
        self.choices.adopt(period, detail)
        self._prepare()

    def _decide_year(self) -> None:
        words = self.tr("Working out the year and its quarters together…")
        self._begin(words)
        wanted = self.choices.wanted()
        year = wanted.pop("period")
        work = partial(ask_for_year, self._shared.desk, year=year, **wanted)
        self._search.run(work, self._search_year)

    def _search_year(self, questions: tuple[SummaryQuestion, ...]) -> None:
        self.year.ask(questions)
        work = partial(work_out_year, questions)
        self._search.aside(work, nothing, self._year_worked_out)

    def _year_worked_out(self, year: PreparedYear) -> None:
        self._end_search()
        if not year.summaries:
            refused = next((one for one in year.parts.values() if isinstance(one, Refused)), None)
            if refused is not None:
                self._refused(refused)
                return
            words = self.tr("All of it is out already. Prepare each to give it out once more.")
            self._say(words, Tone.INFO)
            return
        self._prepared = year
        self._say(self.year.words(year), Tone.OK)
        self.year.show_parts(year)
        self.release.setEnabled(True)

    def _show_part(self, question: SummaryQuestion, part: PreparedSummary) -> None:
        self.with_ranges.setChecked(False)
        self.more.about(question, part, alone=False)
        self.preview.show_release(part.release)
        self.with_ranges.show()

    def _release(self) -> None:
        prepared = self._prepared
        if prepared is None:
            return
        if self.choices.is_named and not self.choices.recipient.text().strip():
            self._say(self.tr("Write who will read it, then prepare it again."), Tone.WARN)
            self.choices.recipient.setFocus()
            return
        self._end_search()  # what is on screen is what leaves
        wanted = self.choices.wanted()
        self.saving.release(prepared, wanted["audience"], wanted["recipient"])

    def _where(self) -> str:
        return self.choose_folder(self, self.tr("Where to save the summary"))

    def _saved(self, folder: str, checks: int) -> None:
        self.prepare.setEnabled(True)
        if not self.isAncestorOf(self.window().focusWidget()):
            self.prepare.setFocus()  # the button that was pressed is off: the rail would have it
        words = self.tr("Saved in “{0}”, read back, and all {1} checks passed")
        self._shared.toast(words.format(folder, checks))

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
        self._seen = self.note
        QTimer.singleShot(0, self, self._bring_into_sight)

    def _bring_into_sight(self) -> None:
        self._scroll.lead_to(self._seen)


PAGE = Page(
    order=120,
    title=QT_TRANSLATE_NOOP("pages", "Summary"),
    icon="chart-column",
    needs=May.SUMMARISE,
    build=SummaryPage,
    touched=("summary", "figure", "audience", "rating"),
    help=QT_TRANSLATE_NOOP(
        "pages",
        "Counts for the board or a funder in which nobody can be worked out. A figure "
        "shown as * is withheld to protect somebody. Nothing leaves before it is "
        "written into the list of releases.",
    ),
)
