"""Backup and restore on the command line."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from shelter_desk.app.clock import now
from shelter_desk.app.shipped import shipped_care_model
from shelter_desk.cli.signing_in import read_passphrase, read_secret, sign_in
from shelter_desk.cli.writing import make_folder
from shelter_desk.desk.key_copies import key_files_for
from shelter_desk.desk.restoring import Restored, WithKit, WithPassphrase
from shelter_desk.desk.way_back import by_passphrase
from shelter_desk.domain.errors import DeskError
from shelter_desk.exports.backup import make_backup
from shelter_desk.exports.restore import Here, restore_backup
from shelter_desk.exports.stick import PackDrive
from shelter_desk.paths import data_folder
from shelter_desk.store.keys.kit import read_kit
from shelter_desk.store.keys.policy import strength


def backup(options: argparse.Namespace) -> int:
    """Write a sealed backup into a folder, beside those that are there, and read it back."""
    folder, records = Path(options.to).resolve(), Path(options.store_dir).resolve()
    if records in (folder, *folder.parents):
        raise DeskError("In the folder of the records a backup is lost with them. Name another.")
    desk = sign_in(options)
    try:
        make_folder(folder)
        made = make_backup(desk, PackDrive(folder))
    finally:
        desk.close()
    sys.stdout.write(
        f"Backup written and read back: {made.events} events, {made.written.path}, "
        f"SHA-256 {made.written.sha256}\n"
    )
    if made.former:
        sys.stdout.write(
            "Beside it lie keys of backups from before these records were brought back "
            f"({', '.join(made.former)}). They still open what is destroyed from now on: delete "
            "them, with the backups of that time, as soon as nobody needs those.\n"
        )
    return 0


def restore(options: argparse.Namespace) -> int:
    """Bring a backup back into a new folder."""
    if not Path(options.backup).exists():  # said before a passphrase is asked for
        raise DeskError(f"There is no backup {options.backup}.")
    way = _with_kit(options) if options.kit_file else _with_passphrase(options)
    remembered = tuple(Path(place) for place in (options.keys, data_folder()) if place)
    here = Here(shipped_care_model(), now, remembered)
    told = restore_backup(Path(options.backup), Path(options.to), way, here)
    sys.stdout.write(_sentence(told))
    return 0


def _sentence(told: Restored) -> str:
    lines = [
        "Restored and checked.",
        f"This backup ends at event {told.events} of {told.made_at:%d %B %Y, %H:%M} UTC.",
    ]
    if told.newest_known > told.events:
        lines.append(
            f"The newest event known on this computer is {told.newest_known}: what was written "
            f"in the {told.newest_known - told.events} events after the backup is not in it."
        )
    lines.append(f"{told.who} can sign in. Give colleagues their passphrases anew.")
    return "\n".join(lines) + "\n"


def _with_kit(options: argparse.Namespace) -> WithKit:
    kit = read_kit(read_secret(options.kit_file, "Recovery kit: "))
    passphrase = read_secret(options.new_passphrase_file, "New passphrase: ")
    found = strength(passphrase)
    if not found.is_enough:
        raise DeskError(" ".join(found.advice))
    return WithKit(kit, passphrase, options.staff or "")


def _with_passphrase(options: argparse.Namespace) -> WithPassphrase:
    """Try the passphrase on the key files that are still on this computer."""
    passphrase = read_passphrase(options)
    folders = key_files_for(Path(options.backup), options.keys)
    return by_passphrase(folders, passphrase, options.staff)
