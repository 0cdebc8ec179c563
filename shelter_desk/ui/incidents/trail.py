"""Who did what about an incident, on its page, for those who may read the audit trail."""

from __future__ import annotations

from PySide6.QtWidgets import QVBoxLayout, QWidget

from shelter_desk.desk.incident_trail import incident_trail
from shelter_desk.desk.stay_trail import StayChange
from shelter_desk.domain.staff import May
from shelter_desk.ui.dates import show_moment
from shelter_desk.ui.pile import Pile
from shelter_desk.ui.scale import column, fill
from shelter_desk.ui.shared import Shared
from shelter_desk.ui.widgets import Card, Label, SectionHeader

_MOST = 50


class IncidentTrail(QWidget):
    """The events about one incident, newest first. Nothing of it shows without the right."""

    def __init__(self, shared: Shared) -> None:
        super().__init__()
        self._shared = shared
        self.lines = Pile(spacing=6)
        head = SectionHeader(self.tr("Who did what"), icon="history")
        fill(QVBoxLayout(self), (Card(head, self.lines),))
        self.setVisible(False)

    def show_incident(self, incident_id: str) -> None:
        """Show the events of an incident."""
        may_read = self._shared.may(May.READ_AUDIT)
        self.setVisible(may_read)
        if not may_read:
            return
        self.lines.clear()
        for one in self._shared.ask(incident_trail, incident_id=incident_id, limit=_MOST):
            self.lines.add(self._line(one))

    def _line(self, one: StayChange) -> QWidget:
        when = show_moment(one.at, self._shared.zone)
        below = "  ·  ".join(text for text in (when, one.who, one.about, one.became) if text)
        return column(Label(one.words, wrap=True), Label(below, "caption", wrap=True), spacing=0)
