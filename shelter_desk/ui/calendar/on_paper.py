"""A week or a day of the house for the printer, by case codes; the trail says it was made."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import partial

from PySide6.QtCore import QCoreApplication, QObject
from PySide6.QtWidgets import QWidget

from shelter_desk.desk.appointments import agenda
from shelter_desk.desk.bed_holds import NotePrinted
from shelter_desk.reports.week_paper import day_pdf, week_pdf
from shelter_desk.ui.calendar.day import dated_on
from shelter_desk.ui.calendar.words import WEEK, midnight
from shelter_desk.ui.paper_sheet import PaperSheet
from shelter_desk.ui.printing import Paper, RealPaper
from shelter_desk.ui.shared import Shared


def _tr(text: str) -> str:
    return QCoreApplication.translate("calendar", text)


class CalendarPaper(QObject):
    """Lays a week or a day on `paper`; the sheet that shows it first lies over `host`."""

    def __init__(self, host: QWidget, shared: Shared) -> None:
        super().__init__(host)
        self._host, self._shared = host, shared
        self.paper: Paper = RealPaper()

    def week(self, first: date) -> None:
        """Lay the week that begins on a Monday on paper."""
        shared, zone = self._shared, self._shared.zone
        since, until = midnight(first, zone), midnight(first + WEEK, zone)
        lines = shared.ask(agenda, since=since, until=until)
        work = partial(week_pdf, lines, first=first, zone=zone)
        people = {line.stay_id for line in lines}
        self._make("week", len(people), work, _tr("Week of the house"))

    def day(self, day: date) -> None:
        """Lay all that is dated on a day on paper."""
        lines = dated_on(self._shared, day)
        work = partial(day_pdf, lines, day=day, zone=self._shared.zone)
        people = {line.stay_id for line in lines if line.stay_id is not None}
        self._make("day", len(people), work, _tr("Day of the house"))

    def _make(self, what: str, people: int, work: Callable[[], bytes], title: str) -> None:
        shared = self._shared
        if shared.attempt(NotePrinted(what, people)) is not None:
            shared.jobs.run(self, work, partial(self._show, title), shared.tell)

    def _show(self, title: str, pdf: bytes) -> None:
        sheet = PaperSheet(title, pdf, self.paper)
        sheet.open_over(self._host, sheet.print)
