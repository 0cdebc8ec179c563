"""The releases that are out: what, for whom, by whom, approved by whom."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from PySide6.QtWidgets import QVBoxLayout, QWidget

from shelter_desk.desk.summaries import ReleaseLine
from shelter_desk.domain.periods import Period
from shelter_desk.ui.dates import show_moment
from shelter_desk.ui.scale import fill
from shelter_desk.ui.summary_preview import keep_row_height
from shelter_desk.ui.table_model import Column
from shelter_desk.ui.widgets import Card, EmptyNote, SectionHeader, Table

_ROW = 48


class EarlierCard(QWidget):
    """Lists them, newest first."""

    def __init__(self, zone: ZoneInfo) -> None:
        super().__init__()
        self._readers = {
            "public": self.tr("The public"),
            "named": self.tr("One recipient by name"),
        }
        self.table = Table[ReleaseLine](
            self._columns(zone),
            self.tr("Earlier releases"),
            key=_release_id,
            row_height=_ROW,
            fit=True,
        )
        keep_row_height(self.table, _ROW)
        self.none_yet = EmptyNote(self.tr("No summary was released yet."))
        head = SectionHeader(self.tr("Earlier releases"), icon="history")
        fill(QVBoxLayout(self), (Card(head, self.table, self.none_yet),))

    def show_lines(self, lines: tuple[ReleaseLine, ...]) -> None:
        """Show these."""
        self.table.show_lines(lines)
        self.table.setVisible(bool(lines))
        self.none_yet.setVisible(not lines)

    def _columns(self, zone: ZoneInfo) -> tuple[Column[ReleaseLine], ...]:
        return (
            Column(self.tr("Released"), lambda line: show_moment(line.made_at, zone), width=180),
            Column(
                self.tr("What"),
                lambda line: line.title,
                width=190,
                stretch=True,
                below=lambda line: Period.parse(line.period).label,
            ),
            Column(
                self.tr("Readers"),
                lambda line: line.recipient or self._readers.get(line.audience, line.audience),
                width=190,
            ),
            Column(
                self.tr("Made by"),
                lambda line: line.made_by,
                width=150,
                below=self._approved,
            ),
            Column(self.tr("Least shown"), lambda line: str(line.k), width=100, number=True),
            Column(
                self.tr("Certificate"),
                lambda line: line.certificate_sha256[:12],
                width=130,
                quiet=True,
            ),
        )

    def _approved(self, line: ReleaseLine) -> str:
        if not line.approved_by or line.approved_by == line.made_by:
            return ""
        return self.tr("approved by {0}").format(line.approved_by)


def _release_id(line: ReleaseLine) -> str:
    return line.release_id
