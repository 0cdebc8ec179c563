"""Passphrases and signing in on the command line."""

from __future__ import annotations

import argparse
import getpass
import sys
from pathlib import Path

from shelter_desk.app.clock import now
from shelter_desk.app.shipped import shipped_care_model
from shelter_desk.desk import Desk, entry
from shelter_desk.domain.errors import DeskError
from shelter_desk.store.keys.errors import WrongPassphraseError
from shelter_desk.store.opening import refuse_early


def read_passphrase(options: argparse.Namespace) -> str:
    """Return the passphrase from the file named, standard input ("-"), or the terminal.

    Raises:
        DeskError: when there is none to read.
    """
    source = options.passphrase_file
    try:
        if source is None:
            return getpass.getpass("Passphrase: ")
        if source == "-":
            return sys.stdin.readline().rstrip("\r\n")
        return Path(source).read_text("utf-8").rstrip("\r\n")
    except (OSError, EOFError, UnicodeDecodeError) as error:
        raise DeskError(f"The passphrase could not be read: {type(error).__name__}.") from error


def sign_in(options: argparse.Namespace) -> Desk:
    """Return the desk of the person whose passphrase was given.

    Without `--staff` everybody who can sign in is tried, directors first as they stand in the
    key file; one passphrase fits one person.

    Raises:
        WrongPassphraseError: when it fits nobody.
    """
    folder = Path(options.store_dir)
    refuse_early(folder)
    wanted = options.staff
    people = [
        public_id for public_id, name in entry.people(folder) if wanted in (None, name, public_id)
    ]
    passphrase = read_passphrase(options)
    care_model = shipped_care_model()
    for public_id in people:
        if entry.fits(folder, public_id, passphrase, now()):
            return entry.sign_in(folder, public_id, passphrase, care_model, now)
    raise WrongPassphraseError
