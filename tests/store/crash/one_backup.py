"""A desk that makes one backup, or restores one, as a program of its own that can be killed.

    python one_backup.py backup  RECORDS STICK ACKNOWLEDGE
    python one_backup.py restore STICK TARGET ACKNOWLEDGE

When it is done, 8 bytes are written to ACKNOWLEDGE: from then on the outcome may not be lost.
"""

from __future__ import annotations

import os
import sys
from datetime import UTC, datetime
from pathlib import Path

from shelter_desk.desk import entry
from shelter_desk.desk.intake import Admit
from shelter_desk.desk.restoring import WithKit
from shelter_desk.domain.care_model import read_care_model
from shelter_desk.exports.backup import make_backup
from shelter_desk.exports.restore import Here, restore_backup
from shelter_desk.exports.stick import PackDrive
from shelter_desk.paths import content_files
from shelter_desk.store.keys.kit import RecoveryKit

KIT = RecoveryKit(bytes(range(16)))
PASSPHRASE = "invented words for tests only"
AT = datetime(2026, 3, 10, 6, 5, tzinfo=UTC)
DONE = (1).to_bytes(8, "big")


def now() -> datetime:
    """Return a moment that stands still."""
    return AT


def found(folder: Path) -> None:
    """Make records with one resident."""
    founding = entry.Founding("Harbor House", "America/New_York", "Dana", PASSPHRASE, KIT)
    desk = entry.found(folder, founding, read_care_model(content_files()), now)
    desk.do(Admit(called="Sky", arrived_at=AT))
    desk.close()


def back_up(records: Path, stick: Path) -> None:
    """Sign in and make a backup."""
    person = entry.people(records)[0][0]
    desk = entry.sign_in(records, person, PASSPHRASE, read_care_model(content_files()), now)
    try:
        make_backup(desk, PackDrive(stick))
    finally:
        desk.close()


def restore(stick: Path, target: Path) -> None:
    """Bring the newest backup back with the recovery kit."""
    restore_backup(
        stick, target, WithKit(KIT, PASSPHRASE), Here(read_care_model(content_files()), now)
    )


if __name__ == "__main__":
    one, other = Path(sys.argv[2]), Path(sys.argv[3])
    {"backup": back_up, "restore": restore}[sys.argv[1]](one, other)
    told = os.open(sys.argv[4], os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    os.write(told, DONE)
