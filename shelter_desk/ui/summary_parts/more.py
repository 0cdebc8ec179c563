"""More about safe tables on screen: why a figure is withheld, who is behind it, its range."""

from __future__ import annotations

from functools import partial
from typing import Any

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from shelter_desk.desk.protected_behind import protected_behind
from shelter_desk.desk.protected_reports import OUTCOMES
from shelter_desk.desk.report_behind import Behind
from shelter_desk.desk.reporting import NoteExplained
from shelter_desk.disclosure import SafeRelease
from shelter_desk.domain.report_kinds import PUBLIC
from shelter_desk.domain.staff import May
from shelter_desk.exports.summary_questions import ranges, why
from shelter_desk.exports.summary_release import PreparedSummary, SummaryQuestion
from shelter_desk.ui.jobs import Answers, Aside
from shelter_desk.ui.report_parts.behind_sheet import BehindSheet
from shelter_desk.ui.shared import Shared
from shelter_desk.ui.summary_parts.explaining import ExplainPart
from shelter_desk.ui.summary_parts.reason_sheet import ReasonSheet
from shelter_desk.ui.summary_preview import Blank, SummaryPreview


class MoreAsked(QObject):
    """Answers what is asked in the preview. `instead`: this figure shall be shown."""

    instead = Signal(str)

    def __init__(self, page: QWidget, shared: Shared, preview: SummaryPreview) -> None:
        super().__init__(page)
        self._page, self._shared, self._preview = page, shared, preview
        self._question: SummaryQuestion | None = None
        self._prepared: PreparedSummary | None = None
        self.sheet: ReasonSheet | None = None
        self.offers_instead = self._alone = True
        self.explaining = ExplainPart()
        self.explaining.button.clicked.connect(self.explain_chosen)
        preview.chosen.connect(self._chosen)
        preview.asked.connect(self._why)
        preview.opened.connect(self.explain)

    def about(
        self,
        question: SummaryQuestion | None,
        prepared: PreparedSummary | None,
        *,
        alone: bool = True,
    ) -> None:
        """Say what is on screen now; what is not `alone` was decided together with others."""
        self._question, self._prepared, self._alone = question, prepared, alone
        self.explaining.offer(may=prepared is not None and self._shared.may(May.READ_RECORDS))

    def show_ranges(self, wanted: bool) -> None:  # noqa: FBT001 - a signal's argument
        """Put the ranges readers can work out in the place of what is withheld, or take them."""
        prepared = self._prepared
        if prepared is None:
            return
        if not wanted:
            self._preview.show_release(prepared.release)
            return
        done = partial(self._with_ranges, prepared)
        work = partial(_ranges, prepared.release)
        self._shared.jobs.aside(self, work, Answers(_nothing, done, self._shared.tell))

    def _with_ranges(self, prepared: PreparedSummary, found: dict[str, Any]) -> None:
        if prepared is self._prepared:
            self._preview.show_release(prepared.release, found)

    def _why(self, blank: Blank) -> None:
        question, prepared = self._question, self._prepared
        if question is None or prepared is None:
            return
        sheet = self.sheet = ReasonSheet(
            blank.words,
            partial(self.instead.emit, blank.figure),
            partial(self.explain, blank),
        )
        may_differ = self.offers_instead and self._alone
        sheet.instead.setVisible(may_differ and prepared.out_since is None)
        sheet.records.setVisible(self._shared.may(May.READ_RECORDS))
        sheet.open_over(self._page, sheet.leave)
        work = partial(_why, question, prepared.release, blank.figure)
        self._shared.jobs.aside(sheet, work, Answers(_nothing, sheet.told, self._shared.tell))

    def _chosen(self, figure: Blank) -> None:
        self.explaining.say(figure.words)

    def explain_chosen(self) -> None:
        """Show who is behind the figure that was chosen last, if one was."""
        if self._preview.last_chosen is not None:
            self.explain(self._preview.last_chosen)

    def explain(self, figure: Blank) -> None:
        """Show who is behind a figure; that somebody looked stands in the trail."""
        question, shared = self._question, self._shared
        if question is None or not shared.may(May.READ_RECORDS):
            return
        note = NoteExplained(_report_of(question), question.request.period, figure.figure)
        if shared.attempt(note) is None:
            return
        work = partial(
            shared.ask,
            protected_behind,
            request=question.request,
            facts=question.facts.facts,
            figure=figure.figure,
            words=figure.words,
        )
        shared.jobs.run(self._page, work, self._show_behind, shared.tell)

    def _show_behind(self, found: Behind) -> None:
        shared = self._shared
        sheet = BehindSheet(found, shared.zone, partial(shared.go, "resident"))
        sheet.open_over(self._page, sheet.records if found.lines else sheet.leave)


def _report_of(question: SummaryQuestion) -> str:
    """Name the report of the catalogue that these tables are."""
    if question.wanted.detail == OUTCOMES:
        return OUTCOMES
    return "summary" if question.wanted.audience == PUBLIC else "funder-summary"


def _why(question: SummaryQuestion, release: SafeRelease, figure: str, _aside: Aside) -> str:
    return why(question, release, figure)


def _ranges(release: SafeRelease, _aside: Aside) -> dict[str, tuple[int, int | None]]:
    return ranges(release)


def _nothing(_early: object) -> None:
    """No early word is given."""
