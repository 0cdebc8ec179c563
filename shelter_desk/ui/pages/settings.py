"""Settings: this computer for everyone; the shelter, its beds and audiences for a director."""

from __future__ import annotations

from PySide6.QtWidgets import QVBoxLayout, QWidget

from shelter_desk.desk import Area
from shelter_desk.domain.staff import May
from shelter_desk.ui.pages import PAGE_MARGINS, Page, PageView
from shelter_desk.ui.scale import STRETCH, at_most, column, fill, row
from shelter_desk.ui.settings_parts.backups import BackupCard
from shelter_desk.ui.settings_parts.device import DeviceCard
from shelter_desk.ui.settings_parts.lists import AudiencesCard, BedsCard
from shelter_desk.ui.settings_parts.shelter import ShelterCard
from shelter_desk.ui.shared import Shared
from shelter_desk.ui.widgets import Button, Scroll
from shelter_desk.ui.words import QT_TRANSLATE_NOOP


class SettingsPage(PageView):
    """Text size and colours are everybody's; the rest shows to those who manage the shelter."""

    def __init__(self, shared: Shared) -> None:
        super().__init__()
        self._shared = shared
        self.device = DeviceCard(shared)
        self.about = Button(self.tr("About the care model and this program"), "info")
        self.about.clicked.connect(self._about)
        cards: list[QWidget] = [self.device]
        self.manages = shared.may(May.MANAGE_SHELTER)
        if self.manages:
            self.shelter = ShelterCard(shared)
            self.beds, self.audiences = BedsCard(shared), AudiencesCard(shared)
            self.backups = BackupCard(shared)
            cards += [self.backups, self.shelter, self.beds, self.audiences]
        inside = column(*cards, row(self.about, STRETCH), STRETCH, spacing=12)
        at_most(inside, 980)
        fill(QVBoxLayout(self), ((Scroll(inside), 1),), margins=PAGE_MARGINS)
        if self.manages:
            shared.refresh_on(Area.SHELTER | Area.RESIDENTS, self._refresh, self)
            shared.refresh_on(Area.CUSTODY, self.backups.refresh, self)

    def _refresh(self) -> None:
        self.shelter.refresh()
        self.beds.refresh()
        self.audiences.refresh()

    def _about(self) -> None:
        self._shared.go("about")


PAGE = Page(
    order=190,
    title=QT_TRANSLATE_NOOP("pages", "Settings"),
    icon="settings",
    needs=May.READ_RECORDS,
    build=SettingsPage,
    help=QT_TRANSLATE_NOOP(
        "pages",
        "How this computer shows the desk, backups, and how the shelter works: beds, shifts, "
        "time zone, idle time, the names of audiences.",
    ),
)
