"""Settings: this computer for everyone; the shelter, its beds and audiences for a director."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QVBoxLayout, QWidget

from shelter_desk.desk import Area
from shelter_desk.domain.staff import May
from shelter_desk.ui.pages import PAGE_MARGINS, Page, PageView
from shelter_desk.ui.scale import STRETCH, at_most, column, fill, row
from shelter_desk.ui.settings_parts.backups import BackupCard
from shelter_desk.ui.settings_parts.device import DeviceCard
from shelter_desk.ui.settings_parts.kit import KitCard
from shelter_desk.ui.settings_parts.lists import AudiencesCard, BedsCard
from shelter_desk.ui.settings_parts.moving import MovingCard
from shelter_desk.ui.settings_parts.shelter import ShelterCard
from shelter_desk.ui.shared import Shared
from shelter_desk.ui.widgets import Button, Scroll
from shelter_desk.ui.widgets.overlays import focusables
from shelter_desk.ui.words import QT_TRANSLATE_NOOP


class SettingsPage(PageView):
    """Text size and colours are everybody's; the rest shows to those who manage the shelter."""

    def __init__(self, shared: Shared) -> None:
        super().__init__()
        self._shared = shared
        self.device = DeviceCard(shared)
        self.about = Button(self.tr("About the care model and this program"), "info")
        self.about.clicked.connect(self._about)
        self.model = Button(self.tr("Change the care model"), "list-checks")
        self.model.clicked.connect(self._model)
        self.kept = Button(self.tr("Records of who left"), "archive")
        self.kept.clicked.connect(self._kept)
        self._cards: dict[str, QWidget] = {"device": self.device}
        self.manages = shared.may(May.MANAGE_SHELTER)
        self.makes_kits = self.manages and shared.may(May.MANAGE_STAFF)
        if self.manages:
            self.shelter = ShelterCard(shared)
            self.beds, self.audiences = BedsCard(shared), AudiencesCard(shared)
            self.backups = BackupCard(shared)
            self._cards["backups"] = self.backups
            if self.makes_kits:
                self.kit = KitCard(shared)
                self._cards["kit"] = self.kit
            self._cards |= {
                "shelter": self.shelter,
                "beds": self.beds,
                "audiences": self.audiences,
            }
        if self.manages and shared.may(May.EXPORT):
            self.moving = MovingCard(shared)
            self._cards["moving"] = self.moving
        inside = column(
            *self._cards.values(),
            row(self.about, self.model, STRETCH),
            row(self.kept, STRETCH),
            STRETCH,
            spacing=12,
        )
        at_most(inside, 980)
        self._scroll = Scroll(inside)
        fill(QVBoxLayout(self), ((self._scroll, 1),), margins=PAGE_MARGINS)
        self.model.setVisible(self.manages)
        self.kept.setVisible(self.manages)
        if self.manages:
            shared.refresh_on(Area.SHELTER | Area.RESIDENTS, self._refresh, self)
            shared.refresh_on(Area.CUSTODY, self.backups.refresh, self)
        if self.makes_kits:
            shared.refresh_on(Area.STAFF, self.kit.refresh, self)

    def open_subject(self, subject: str) -> None:
        """Bring one part into sight and give it the keyboard."""
        card = self._cards.get(subject)
        if card is not None:
            QTimer.singleShot(0, card, partial(self._go_to, card))

    def _go_to(self, card: QWidget) -> None:
        inside = focusables(card)
        if inside:
            inside[0].setFocus(Qt.FocusReason.TabFocusReason)
        # A page that is new has not laid its cards out yet.
        QTimer.singleShot(0, card, partial(self._scroll.ensureWidgetVisible, card, 0, 0))

    def _refresh(self) -> None:
        self.shelter.refresh()
        self.beds.refresh()
        self.audiences.refresh()

    def _model(self) -> None:
        self._shared.go("model")

    def _kept(self) -> None:
        self._shared.go("kept")

    def _about(self) -> None:
        self._shared.go("about")


PAGE = Page(
    order=190,
    title=QT_TRANSLATE_NOOP("pages", "Settings"),
    icon="settings",
    needs=May.READ_RECORDS,
    build=SettingsPage,
    touched=(
        "shelter",
        "bed.add",
        "bed.rename",
        "bed.retire",
        "audience",
        "kit",
        "backup",
        "records",
    ),
    help=QT_TRANSLATE_NOOP(
        "pages",
        "How this computer shows the desk, backups, a new recovery kit, and how the "
        "shelter works: beds, shifts, time zone, idle time, the names of audiences.",
    ),
)
