"""The line on Today that reminds a director of a backup."""

from __future__ import annotations

from shelter_desk.desk import Area
from shelter_desk.desk.backups import REMIND_AFTER_DAYS, backup_state
from shelter_desk.domain.staff import May
from shelter_desk.ui.dates import show_moment
from shelter_desk.ui.shared import Shared
from shelter_desk.ui.tokens import Tone
from shelter_desk.ui.widgets import Banner, Button


class BackupReminder(Banner):
    """Shown to those who can make a backup, seven days after the last one."""

    def __init__(self, shared: Shared) -> None:
        self.open = Button("", kind="ghost")
        super().__init__("", Tone.INFO, action=self.open, icon="hard-drive-download")
        self.open.setText(self.tr("Go to backups"))
        self._shared = shared
        self.open.clicked.connect(self._go)
        self.hide()

    def start(self) -> None:
        """Show it from now on; before it lies on a page it would be a window of its own."""
        self._shared.refresh_on(Area.CUSTODY, self.refresh, self)

    def refresh(self) -> None:
        """Show or hide the line; asked again with every minute of the page."""
        if not self._shared.may(May.MANAGE_SHELTER):
            return
        state = self._shared.ask(backup_state, now=self._shared.now())
        self.setVisible(state.is_due)
        if state.last_at is None:
            self.say(
                self.tr("There is no backup of these records yet. Plug in a stick to make one.")
            )
        else:
            words = self.tr("The last backup was made {0}. One every {1} days is enough.")
            moment = show_moment(state.last_at, self._shared.zone)
            self.say(words.format(moment, REMIND_AFTER_DAYS))

    def _go(self) -> None:
        self._shared.go("settings")
