"""More about a summary on screen: why a figure is withheld, and what readers can work out."""

from __future__ import annotations

from functools import partial
from typing import Any

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from shelter_desk.disclosure import SafeRelease
from shelter_desk.exports.summary_questions import ranges, why
from shelter_desk.exports.summary_release import PreparedSummary, SummaryQuestion
from shelter_desk.ui.jobs import Answers, Aside
from shelter_desk.ui.shared import Shared
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
        preview.asked.connect(self._why)

    def about(self, question: SummaryQuestion | None, prepared: PreparedSummary | None) -> None:
        """Say what is on screen now."""
        self._question, self._prepared = question, prepared

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
        sheet = self.sheet = ReasonSheet(blank.words, partial(self.instead.emit, blank.figure))
        sheet.instead.setVisible(prepared.out_since is None)
        sheet.open_over(self._page, sheet.leave)
        work = partial(_why, question, prepared.release, blank.figure)
        self._shared.jobs.aside(sheet, work, Answers(_nothing, sheet.told, self._shared.tell))


def _why(question: SummaryQuestion, release: SafeRelease, figure: str, _aside: Aside) -> str:
    return why(question, release, figure)


def _ranges(release: SafeRelease, _aside: Aside) -> dict[str, tuple[int, int | None]]:
    return ranges(release)


def _nothing(_early: object) -> None:
    """No early word is given."""
