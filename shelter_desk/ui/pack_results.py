"""What became of packs: what was checked of the newest one, and every earlier export."""

from __future__ import annotations

from shelter_desk.desk.exported import ExportLine
from shelter_desk.exports.verify import Check
from shelter_desk.ui.dates import show_moment
from shelter_desk.ui.pile import Pile
from shelter_desk.ui.scale import row
from shelter_desk.ui.shared import Shared
from shelter_desk.ui.summary_preview import keep_row_height
from shelter_desk.ui.table_model import Column
from shelter_desk.ui.tokens import Tone
from shelter_desk.ui.widgets import Card, EmptyNote, Label, Pill, SectionHeader, Table

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
    """Every export, newest first, and how it ended."""

    def __init__(self, shared: Shared) -> None:
        super().__init__()
        self._zone = shared.zone
        self.table = Table[ExportLine](
            self._columns(),
            self.tr("Earlier exports"),
            key=lambda line: line.custody_id,
            row_height=_ROW,
            fit=True,
        )
        keep_row_height(self.table, _ROW)
        self.none_yet = EmptyNote(self.tr("No pack was made yet."))
        for part in (
            SectionHeader(self.tr("Earlier exports"), icon="history"),
            self.table,
            self.none_yet,
        ):
            self.add(part)

    def show_lines(self, lines: tuple[ExportLine, ...]) -> None:
        """Show these instead."""
        self.table.show_lines(lines)
        self.table.setVisible(bool(lines))
        self.none_yet.setVisible(not lines)

    def _columns(self) -> tuple[Column[ExportLine], ...]:
        results = {"delivered": self.tr("delivered"), "failed": self.tr("did not leave")}
        tones = {"delivered": Tone.OK, "failed": Tone.DANGER}
        zone = self._zone
        return (
            Column(self.tr("Began"), lambda line: show_moment(line.began_at, zone), width=180),
            Column(self.tr("For"), lambda line: line.recipient, width=140, stretch=True),
            Column(self.tr("Period"), lambda line: line.period, width=100),
            Column(self.tr("Agreed"), lambda line: line.second, width=120),
            Column(
                self.tr("Result"),
                lambda line: results.get(line.result, self.tr("not ended")),
                width=120,
                tone=lambda line: tones.get(line.result, Tone.WARN),
            ),
            Column(self.tr("SHA-256"), lambda line: line.sha256[:12], width=130, quiet=True),
        )
