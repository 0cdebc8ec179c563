"""The audit trail: who did what and when, and whether the whole of it is unbroken."""

from __future__ import annotations

from functools import partial
from zoneinfo import ZoneInfo

from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QVBoxLayout

from shelter_desk.desk import Area
from shelter_desk.desk.audit_log import AuditLine, TrailReport, events, trail
from shelter_desk.domain.staff import May
from shelter_desk.ui.dates import show_moment
from shelter_desk.ui.pages import PAGE_MARGINS, Page, PageView
from shelter_desk.ui.scale import STRETCH, fill, row
from shelter_desk.ui.shared import Shared
from shelter_desk.ui.table_model import Column
from shelter_desk.ui.tokens import Tone
from shelter_desk.ui.widgets import Banner, Button, Card, Label, Table
from shelter_desk.ui.words import QT_TRANSLATE_NOOP

_AT_ONCE = 200


class AuditTrailPage(PageView):
    """Events newest first, older ones on request, and the check of the whole chain."""

    def __init__(self, shared: Shared) -> None:
        super().__init__()
        self._shared, self._stale = shared, True
        self._lines: tuple[AuditLine, ...] = ()
        self.table = Table[AuditLine](
            self._columns(shared.zone), self.tr("Audit trail"), key=_number, row_height=38
        )
        words = self.tr(
            "Every act is chained to the one before it, so a change would be seen. Newest first."
        )
        self.check = Button(self.tr("Check the whole trail"), "shield-check")
        self.found = Banner("", Tone.INFO)
        self.found.hide()
        self.earlier = Button(self.tr("Show earlier events"), "chevron-down")
        self.count = Label("", "caption")
        head = row((Label(words, "muted", wrap=True), 1), self.check, spacing=12)
        below = row(self.count, STRETCH, self.earlier)
        table = Card(self.table, margins=(1, 4, 1, 4))
        fill(QVBoxLayout(self), (head, self.found, (table, 1), below), margins=PAGE_MARGINS)
        self.check.clicked.connect(self._check)
        self.earlier.clicked.connect(self._show_earlier)
        shared.refresh_on(Area.AUDIT, self._changed, self)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self._stale:
            self._refresh()

    def _changed(self) -> None:
        self._stale = True
        if self.isVisible():
            self._refresh()

    def _refresh(self) -> None:
        self._stale = False
        newest = self._shared.ask(events, limit=max(_AT_ONCE, len(self._lines)))
        self._show(newest, more=len(newest) >= _AT_ONCE)

    def _show_earlier(self) -> None:
        before = self._lines[-1].seq if self._lines else None
        older = self._shared.ask(events, limit=_AT_ONCE, before=before)
        self._show((*self._lines, *older), more=len(older) == _AT_ONCE)

    def _show(self, lines: tuple[AuditLine, ...], *, more: bool) -> None:
        self._lines = lines
        self.table.show_lines(lines)
        self.earlier.setVisible(more)
        self.count.setText(self.tr("{0} events shown").format(len(lines)))

    def _check(self) -> None:
        self.check.setEnabled(False)
        self.found.say(self.tr("Checking every event…"), Tone.INFO)
        self.found.show()
        ask = partial(self._shared.ask, trail)
        self._shared.jobs.run(self, ask, self._checked, self._failed)

    def _checked(self, report: TrailReport) -> None:
        self.check.setEnabled(True)
        if report.is_whole:
            words = self.tr(
                "The trail is whole: {0} events, {1} signatures checked. Its short form is {2}."
            )
            self.found.say(
                words.format(report.count, report.checked_signatures, report.short_form), Tone.OK
            )
            return
        words = self.tr(
            "The trail does not hold together: {0} Look at the backups, and ask for help."
        )
        self.found.say(words.format(report.problem), Tone.DANGER)

    def _failed(self, error: Exception) -> None:
        self.check.setEnabled(True)
        self.found.hide()
        self._shared.tell(error)

    def _columns(self, zone: ZoneInfo) -> tuple[Column[AuditLine], ...]:
        return (
            Column(self.tr("Number"), lambda line: str(line.seq), width=80, number=True),
            Column(self.tr("When"), lambda line: show_moment(line.at, zone), width=170),
            Column(self.tr("Who"), lambda line: line.who, width=140),
            Column(self.tr("What"), lambda line: line.words, width=240, stretch=True),
            Column(self.tr("About"), lambda line: line.about, width=110),
            Column(self.tr("Object"), lambda line: line.object, width=180, quiet=True),
            Column(self.tr("Reason"), lambda line: line.why, width=190, quiet=True),
        )


def _number(line: AuditLine) -> int:
    return line.seq


PAGE = Page(
    order=150,
    title=QT_TRANSLATE_NOOP("pages", "Audit trail"),
    icon="scroll-text",
    needs=May.READ_AUDIT,
    build=AuditTrailPage,
    help=QT_TRANSLATE_NOOP(
        "pages",
        "Every act, each chained to the one before it. Check the whole trail to see "
        "that nothing was changed afterwards.",
    ),
)
