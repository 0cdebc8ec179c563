"""What is behind the door: the records, the rules of care, and the main window.

Importing this module loads nearly everything; only `door.behind` does, so that the way in shows
before.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from shelter_desk.app.shipped import shipped_care_model
from shelter_desk.app.window import main_window
from shelter_desk.desk import Desk, entry
from shelter_desk.reports.recovery_kit import recovery_kit_pdf
from shelter_desk.store.keys.kdf import KdfSettings
from shelter_desk.store.keys.kit import RecoveryKit
from shelter_desk.ui.door import Kit, NewShelter
from shelter_desk.ui.jobs import Jobs
from shelter_desk.ui.main_window import MainWindow

Now = Callable[[], datetime]


class Behind:
    """Opens desks under the shipped care model, which is read and checked whole.

    `now` tells the moment, in UTC.
    """

    def __init__(self, now: Now) -> None:
        self._care_model, self._now = shipped_care_model(), now

    def sign_in(self, folder: Path, person_id: str, passphrase: str) -> Desk:
        """Open the desk of one person."""
        return entry.sign_in(folder, person_id, passphrase, self._care_model, self._now)

    def found(
        self, folder: Path, shelter: NewShelter, kit: RecoveryKit, settings: KdfSettings
    ) -> Desk:
        """Make the records, and open the desk for the director."""
        founding = entry.Founding(
            shelter.name, shelter.zone, shelter.director, shelter.passphrase, kit, kdf=settings
        )
        return entry.found(folder, founding, self._care_model, self._now)

    def check_kit(self, folder: Path, kit: RecoveryKit) -> None:
        """Pass when the kit opens these records."""
        entry.check_kit(folder, kit)

    def reset(self, folder: Path, kit: RecoveryKit, person_id: str, passphrase: str) -> None:
        """Set a new passphrase with the kit."""
        entry.reset_with_kit(folder, kit, person_id, passphrase, self._care_model, self._now)

    def kit_pdf(self, kit: Kit) -> bytes:
        """Return the kit as pages to print, made in memory."""
        return recovery_kit_pdf(kit.shelter, kit.code, kit.made_on)

    def window(self, desk: object, jobs: Jobs, folder: Path) -> tuple[Desk, MainWindow]:
        """Return the desk that was opened, and the main window on it."""
        if not isinstance(desk, Desk):
            raise TypeError("the door opens desks")
        return desk, main_window(desk, jobs, folder)
