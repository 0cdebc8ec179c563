"""The census of any past day and hour: who stayed here, and in which bed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent

from shelter_desk.desk.beds import Census, Sleeper, census
from shelter_desk.domain.errors import Problem
from shelter_desk.ui.dates import show_moment
from shelter_desk.ui.drafts import Drafts, KeptForm
from shelter_desk.ui.form_sheet import FitScroll, press_enter
from shelter_desk.ui.forms import Form, Moment
from shelter_desk.ui.scale import STRETCH, column, row
from shelter_desk.ui.shared import Shared
from shelter_desk.ui.table_model import Column
from shelter_desk.ui.widgets import Button, Label, Sheet, Table

Shown = Callable[[Sleeper], str]

_MINUTE = timedelta(minutes=1)


class CensusSheet(Sheet):
    """Asks for a moment and shows who was here then. Enter asks again, P makes the paper."""

    def __init__(self, shared: Shared, shown: Shown, make: Callable[[Census], None]) -> None:
        self._shared, self._make = shared, make
        at = Moment("at", self.tr("Day and hour"), shared.now(), shared.zone, needed=True)
        self.form = Form((at,))
        self.form.put({"at": shared.now()})
        self._kept = KeptForm(self.form, Drafts(shared, "census"), "")
        self.ask, self.print, self.leave = Button("", "search"), Button("", "printer"), Button("")
        self.counted = Label("", "strong", wrap=True)
        self.table = self._make_table(shown)
        inside = FitScroll(column(self.counted, self.table, spacing=8))
        head = row((self.form, 1), column(STRETCH, self.ask))
        buttons = row(STRETCH, self.print, self.leave)
        super().__init__(self.tr("Census"), head, (inside, 1), buttons, width=760)
        self.ask.setText(self.tr("Count"))
        self.print.setText(self.tr("Paper with case codes…"))
        self.leave.setText(self.tr("Close"))
        self.ask.clicked.connect(self.count)
        self.print.clicked.connect(self._print)
        self.leave.clicked.connect(self.close_sheet)
        now = shared.now()
        self.found = shared.ask(census, at=now, now=now)
        self._show()

    def count(self) -> None:
        """Show who was here at the moment that is typed."""
        values = self.form.values_or_problems()
        if values is None:
            return
        at, now = values["at"], self._shared.now()
        if at > now:
            message = self.tr("Enter a moment that has been.")
            self.form.show_problems((Problem("at", message),))
            return
        self._kept.done()
        # A moment is typed to the minute: the one that is running is now.
        self.found = self._shared.ask(census, at=now if now - at < _MINUTE else at, now=now)
        self._show()

    def close_sheet(self) -> None:
        """Close; a moment that was typed and not asked for is kept."""
        self._kept.flush()
        super().close_sheet()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            press_enter(self, self.count)
            return
        super().keyPressEvent(event)

    def _show(self) -> None:
        many = len(self.found.sleepers)
        words = self.tr("1 resident on {1}") if many == 1 else self.tr("{0} residents on {1}")
        at = show_moment(self.found.at, self._shared.zone)
        self.counted.setText(words.format(many, at))
        self.table.show_lines(self.found.sleepers)

    def _print(self) -> None:
        self.close_sheet()
        self._make(self.found)

    def _make_table(self, shown: Shown) -> Table[Sleeper]:
        zone = self._shared.zone
        columns = (
            Column[Sleeper](self.tr("Bed"), lambda one: one.bed or "–", width=110),
            Column[Sleeper](
                self.tr("Resident"), shown, width=180, stretch=True,
                below=lambda one: one.case_code,
            ),
            Column[Sleeper](
                self.tr("Here since"), lambda one: show_moment(one.since, zone), width=180
            ),
            Column[Sleeper](self.tr("Away"), self._away, width=90),
        )  # fmt: skip
        return Table[Sleeper](
            columns, self.tr("Census"), key=lambda one: one.stay_id, row_height=46, fit=True
        )

    def _away(self, one: Sleeper) -> str:
        return self.tr("away") if one.away_since is not None else ""
