"""What is behind the door: the records, the rules of care, and the main window.

Importing this module loads nearly everything; only `door.behind` does, so that the way in shows
before.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from shelter_desk.app.shipped import shipped_care_model
from shelter_desk.app.window import main_window
from shelter_desk.desk import Desk, entry
from shelter_desk.desk.agreements import AcceptAgreement, has_accepted, shipped_agreement
from shelter_desk.desk.base import moment
from shelter_desk.desk.key_copies import key_files_for
from shelter_desk.desk.restoring import WithKit, WithPassphrase, refuse_new
from shelter_desk.desk.way_back import by_passphrase
from shelter_desk.domain.agreement import Agreement
from shelter_desk.exports.files import as_drive_errors
from shelter_desk.exports.restore import Here, newest, records_parts, restore_backup
from shelter_desk.paths import data_folder
from shelter_desk.reports.recovery_kit import recovery_kit_pdf
from shelter_desk.store.keys.kdf import choose_settings, timed_derivation
from shelter_desk.store.keys.kit import read_kit
from shelter_desk.ui.door_values import BackupSeen, BroughtBack, Kit, NewShelter, Restoring
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

    def found(self, folder: Path, shelter: NewShelter, kit: Kit) -> Desk:
        """Make the records, and open the desk for the director."""
        founding = entry.Founding(
            shelter.name,
            shelter.zone,
            shelter.director,
            shelter.passphrase,
            read_kit(kit.code),
            has_accepted=False,
            kdf=choose_settings(lambda kdf: timed_derivation(kdf, time.perf_counter)),
        )
        return entry.found(folder, founding, self._care_model, self._now)

    def agreement_for(self, desk: Desk) -> Agreement | None:
        """Return what the person who signed in has still to accept, or None.

        Under an alarm nothing can be written; it is asked for at the next sign-in.
        """
        agreement = shipped_agreement()
        if desk.alarm or desk.ask(has_accepted, edition=agreement.edition):
            return None
        return agreement

    def accept(self, desk: Desk, agreement: Agreement) -> None:
        """Write down that they accept it."""
        desk.do(AcceptAgreement(agreement.edition))

    def check_kit(self, folder: Path, typed: str) -> None:
        """Pass when this is the code of a kit that opens these records."""
        entry.check_kit(folder, read_kit(typed))

    def reset(self, folder: Path, typed: str, person_id: str, passphrase: str) -> None:
        """Set a new passphrase with the kit whose code was typed."""
        kit = read_kit(typed)
        entry.reset_with_kit(folder, kit, person_id, passphrase, self._care_model, self._now)

    def kit_pdf(self, kit: Kit) -> bytes:
        """Return the kit as pages to print, made in memory."""
        return recovery_kit_pdf(kit.shelter, kit.code, kit.made_on)

    def check_places(self, wanted: Restoring) -> None:
        """Pass when there is a backup, and the new folder can be made."""
        with as_drive_errors(wanted.backup):
            records_parts(wanted.backup)
        refuse_new(wanted.target)

    def see_backup(self, wanted: Restoring) -> BackupSeen:
        """Return the newest backup there that the kit opens."""
        key = read_kit(wanted.kit).private_key
        with as_drive_errors(wanted.backup):
            facts = newest(wanted.backup, key).facts
        return BackupSeen(moment(facts.made_at_ms), facts.events)

    def restore(self, old: Path, wanted: Restoring, told: Callable[[int], None]) -> BroughtBack:
        """Bring a backup back; `old` is the folder that was in use."""
        remembered = (old, data_folder())
        here = Here(self._care_model, self._now, remembered, _in_percent(told))
        way = _way_back(old, wanted)
        back = restore_backup(wanted.backup, wanted.target, way, here)
        return BroughtBack(back.made_at, back.events, back.newest_known, back.who)

    def window(
        self, desk: object, jobs: Jobs, folder: Path, *, asks_keyring: bool, hint: str
    ) -> tuple[Desk, MainWindow]:
        """Return the desk that was opened, and the main window on it."""
        if not isinstance(desk, Desk):
            raise TypeError("the door opens desks")
        return desk, main_window(desk, jobs, folder, asks_keyring=asks_keyring, hint=hint)


def _way_back(old: Path, wanted: Restoring) -> WithKit | WithPassphrase:
    if wanted.kit:
        return WithKit(read_kit(wanted.kit), wanted.passphrase, wanted.name)
    return by_passphrase((old, *key_files_for(wanted.backup, None)), wanted.passphrase)


def _in_percent(told: Callable[[int], None]) -> Callable[[int, int], None]:
    """Return what tells each percentage once."""
    shown = -1

    def tell(done: int, total: int) -> None:
        nonlocal shown
        percent = done * 100 // max(total, 1)
        if percent != shown:
            shown = percent
            told(percent)

    return tell
