"""What became of packs: what was checked of the newest one, and every earlier export."""

from __future__ import annotations

from collections.abc import Callable
from typing import cast

from PySide6.QtCore import QCoreApplication, QTimer
from PySide6.QtWidgets import QWidget

from shelter_desk.desk import Desk
from shelter_desk.desk.custody import TWO_PEOPLE
from shelter_desk.desk.exported import ExportLine
from shelter_desk.domain.age_typed import in_fours, last_letters
from shelter_desk.exports.pack_cover import cover_again
from shelter_desk.exports.verify import Check
from shelter_desk.ui.dates import show_moment
from shelter_desk.ui.leave_sheet import reason_words
from shelter_desk.ui.paper_sheet import PaperSheet
from shelter_desk.ui.pile import Pile
from shelter_desk.ui.printing import Paper
from shelter_desk.ui.scale import STRETCH, row
from shelter_desk.ui.shared import Shared
from shelter_desk.ui.summary_preview import keep_row_height
from shelter_desk.ui.table_model import Column
from shelter_desk.ui.tokens import Tone
from shelter_desk.ui.widgets import Button, Card, EmptyNote, Label, Pill, SectionHeader, Table

_ROW = 36


class ChecksCard(Card):
    """One line for each check of a pack; hidden until there are any."""

    def __init__(self) -> None:
        self.checks = Pile(spacing=6)
        self.shown: tuple[Check, ...] = ()
        super().__init__()
        self.add(SectionHeader(self.tr("What was checked"), icon="list-checks"))
        self.add(self.checks)
        self.hide()

    def show_checks(self, checks: tuple[Check, ...]) -> None:
        """Show these instead."""
        self.checks.clear()
        self.shown = checks
        states = {
            True: (self.tr("passed"), Tone.OK),
            False: (self.tr("failed"), Tone.DANGER),
            None: (self.tr("not made"), Tone.NEUTRAL),
        }
        for check in checks:
            word, tone = states[check.passed]
            line = row(Pill(word, tone), (Label(self.tr(check.title), wrap=True), 1), spacing=10)
            self.checks.add(line)
        self.show()


class ExportsCard(Card):
    """Every export, newest first, and how it ended.

    `put_away` is shown for a pack that was begun and never ended, and asks why; `cover` for one
    that was delivered: its cover sheet is printed again from what is kept of it.
    """

    def __init__(self, shared: Shared, paper: Callable[[], Paper]) -> None:
        super().__init__()
        self._shared, self._paper, self._zone = shared, paper, shared.zone
        self.table = Table[ExportLine](
            self._columns(),
            self.tr("Earlier exports"),
            key=lambda line: line.custody_id,
            row_height=_ROW,
            fit=True,
        )
        keep_row_height(self.table, _ROW)
        self.none_yet = EmptyNote(self.tr("No pack was made yet."))
        self.put_away = Button(self.tr("This pack does not leave…"))
        self.put_away.hide()
        self.cover = Button(self.tr("Cover sheet of this pack…"), "printer")
        self.cover.hide()
        self.sealed_to = Label("", "caption", wrap=True)
        self.sealed_to.hide()
        self._is_busy = False
        for part in (
            SectionHeader(self.tr("Earlier exports"), icon="history"),
            self.table,
            self.sealed_to,
            row(STRETCH, self.cover, self.put_away),
            self.none_yet,
        ):
            self.add(part)
        self.cover.clicked.connect(self._show_cover)
        self.table.chosen.connect(self._offer)

    def show_lines(self, lines: tuple[ExportLine, ...]) -> None:
        """Show these instead."""
        self.table.show_lines(lines)
        self.table.setVisible(bool(lines))
        self.none_yet.setVisible(not lines)
        self._offer()

    def wait(self, *, is_busy: bool) -> None:
        """Offer nothing while a pack is being made."""
        self._is_busy = is_busy
        self._offer()

    def choose(self, custody_id: str) -> None:
        """Choose one export; the keyboard goes to what can be done about it."""
        places = [n for n, line in enumerate(self.table.lines) if line.custody_id == custody_id]
        if places:
            self.table.selectRow(places[0])
            self._offer()
            QTimer.singleShot(0, self, self._to_the_act)

    def _show_cover(self) -> None:
        line = self.table.line()
        if line is not None:
            pdf = cover_again(cast("Desk", self._shared.desk), line)
            show_cover(self, pdf, self._paper())

    def _to_the_act(self) -> None:
        acts = (one for one in (self.put_away, self.cover) if not one.isHidden())
        next(acts, self.table).setFocus()

    def _offer(self, _chosen: object = None) -> None:
        line = self.table.line()
        is_open = line is not None and line.kind == "pack" and not line.result
        self.put_away.setVisible(is_open and not self._is_busy)
        is_kept = line is not None and line.cover is not None and line.result == "delivered"
        self.cover.setVisible(is_kept and not self._is_busy)
        key = line.recipient_key if line is not None else ""
        self.sealed_to.setText(self.tr("Sealed to the age key {0}").format(in_fours(key)))
        self.sealed_to.setVisible(bool(key))

    def _columns(self) -> tuple[Column[ExportLine], ...]:
        results = {"delivered": self.tr("delivered")}
        tones = {"delivered": Tone.OK, "failed": Tone.DANGER}
        zone = self._zone
        return (
            Column(self.tr("Began"), lambda line: show_moment(line.began_at, zone), width=180),
            Column(self.tr("For"), lambda line: line.recipient, width=140, stretch=True),
            Column(self.tr("Period"), lambda line: line.period, width=100),
            Column(self.tr("Opens with"), self._opens_with, width=130),
            Column(self.tr("Agreed"), lambda line: line.second, width=120),
            Column(
                self.tr("Result"),
                lambda line: results.get(line.result) or self._not_there(line),
                width=120,
                tone=lambda line: tones.get(line.result, Tone.WARN),
            ),
            Column(self.tr("SHA-256, or why not"), _mark, width=190, quiet=True),
        )

    def _opens_with(self, line: ExportLine) -> str:
        if line.recipient_key:
            return self.tr("key … {0}").format(last_letters(line.recipient_key)[-9:])
        return self.tr("six words") if line.kind in TWO_PEOPLE else ""

    def _not_there(self, line: ExportLine) -> str:
        if not line.result:
            return self.tr("not ended")
        # Once a byte was written, its figures count as known: that is another end.
        return self.tr("did not arrive") if line.was_written else self.tr("did not leave")


def show_cover(host: QWidget, pdf: bytes, paper: Paper) -> None:
    """Show the cover sheet of a pack over `host`, to print it."""
    title = QCoreApplication.translate("audit_pack", "Cover sheet of the audit pack")
    sheet = PaperSheet(title, pdf, paper)
    sheet.open_over(host, sheet.print)


def _mark(line: ExportLine) -> str:
    return line.sha256[:12] or reason_words(line.why)
