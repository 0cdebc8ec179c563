"""A desk with a few invented residents, a folder for backups, and ways to open them."""

from __future__ import annotations

import io
import json
import tarfile
from dataclasses import dataclass
from pathlib import Path

from shelter_desk.desk import Desk
from shelter_desk.desk.intake import Admit
from shelter_desk.desk.restoring import Restored, WithKit
from shelter_desk.exports.age import decrypt
from shelter_desk.exports.backup import BackupMade, make_backup
from shelter_desk.exports.restore import Here, restore_backup
from shelter_desk.exports.stick import PackDrive
from tests.conftest import OpenDesk

NEW_PASSPHRASE = "another four invented words"
MOST = 1 << 30


@dataclass
class Place:
    """The desk, and a folder that stands for a stick."""

    opened: OpenDesk
    stick: Path

    @property
    def desk(self) -> Desk:
        return self.opened.desk

    def admit(self, name: str, age: int | None = None) -> str:
        at = self.opened.clock()
        return self.desk.do(Admit(called=name, arrived_at=at, age_guess=age)).subject

    def back_up(self) -> BackupMade:
        return make_backup(self.desk, PackDrive(self.stick))

    def restore(self, target: Path, backup: Path | None = None, *known: Path) -> Restored:
        way = WithKit(self.opened.kit, NEW_PASSPHRASE)
        model, clock = self.opened.care_model, self.opened.clock
        return restore_backup(backup or self.stick, target, way, Here(model, clock, known))

    def plain(self, path: Path) -> bytes:
        """Return what is inside one sealed file, opened with the recovery kit."""
        return decrypt(io.BytesIO(path.read_bytes()), self.opened.kit.private_key, most=MOST)

    def inside(self, path: Path) -> dict[str, bytes]:
        """Return the files of a records part."""
        with tarfile.open(fileobj=io.BytesIO(self.plain(path))) as archive:
            names = archive.getnames()
            return {name: archive.extractfile(name).read() for name in names}

    def keys_file(self) -> Path:
        (found,) = self.stick.glob("K-*.age")
        return found

    def keys(self) -> dict:
        return json.loads(self.plain(self.keys_file()))
