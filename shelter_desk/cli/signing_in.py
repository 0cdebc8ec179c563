"""Passphrases and signing in on the command line."""

from __future__ import annotations

import argparse
import getpass
import sys
import warnings
from pathlib import Path

from shelter_desk.app.clock import now
from shelter_desk.app.shipped import shipped_care_model
from shelter_desk.desk import Desk, entry
from shelter_desk.desk.agreements import has_accepted, shipped_agreement
from shelter_desk.domain.errors import DeskError
from shelter_desk.store.opening import refuse_early


def read_passphrase(options: argparse.Namespace) -> str:
    """Return the passphrase from the file named, standard input ("-"), or the terminal.

    Raises:
        DeskError: when there is none to read.
    """
    return read_secret(options.passphrase_file, "Passphrase: ")


def read_secret(source: str | None, prompt: str) -> str:
    """Return one line from a file, standard input ("-"), or the terminal.

    Raises:
        DeskError: when there is none to read.
    """
    what = prompt.rstrip(": ")
    try:
        found = _read(source, prompt)
    except FileNotFoundError as error:
        raise DeskError(f"{what}: there is no file {source}.") from error
    except (EOFError, getpass.GetPassWarning) as error:
        raise DeskError(f"{what}: there is no terminal to ask at. Give it in a file.") from error
    except (OSError, UnicodeDecodeError) as error:
        raise DeskError(f"{what}: {source} is no file of words that can be read.") from error
    if not found:
        raise DeskError(f"{what}: nothing is there.")
    return found


def _read(source: str | None, prompt: str) -> str:
    if source is None:
        with warnings.catch_warnings():
            warnings.simplefilter("error", getpass.GetPassWarning)  # it would show what is typed
            return getpass.getpass(prompt)
    if source == "-":
        return sys.stdin.readline().rstrip("\r\n")
    return Path(source).read_text("utf-8").rstrip("\r\n")


def sign_in(options: argparse.Namespace) -> Desk:
    """Return the desk of the person named with `--staff`, or of the only one who can sign in.

    Raises:
        WrongPassphraseError: when name and passphrase do not fit together.
        DeskError: when several can sign in and it was not said who does.
    """
    folder = Path(options.store_dir)
    refuse_early(folder)
    person = choose_person(folder, options)
    desk = entry.sign_in(folder, person, read_passphrase(options), shipped_care_model(), now)
    if not (desk.alarm or desk.ask(has_accepted, edition=shipped_agreement().edition)):
        desk.close()
        raise DeskError(
            "Sign in once in the window first, and read the confidentiality agreement there."
        )
    return desk


def choose_person(folder: Path, options: argparse.Namespace) -> str:
    """Return the public id of who signs in; asked for on the terminal when several can.

    Nobody else's passphrase is tried: a failed try would stand in the trail under their name.

    Raises:
        DeskError: when it was not said who.
    """
    people = entry.people(folder)
    wanted = options.staff
    if wanted is None and len(people) == 1:
        return people[0][0]
    if wanted is None:
        wanted = _ask_who([name for _, name in people], options)
    found = [public_id for public_id, name in people if wanted in (public_id, name)]
    if len(found) > 1:
        ids = ", ".join(found)
        raise DeskError(f"Several people have this name. Give one of these to --staff: {ids}.")
    if not found:
        raise DeskError("Nobody of this name can sign in. Names are spelled as on the way in.")
    return found[0]


def _ask_who(names: list[str], options: argparse.Namespace) -> str:
    source = options.passphrase_file
    if source == "-" or not sys.stdin.isatty():
        raise DeskError(f"Several people can sign in. Say who with --staff: {', '.join(names)}.")
    sys.stderr.write(f"Who signs in? {', '.join(names)}\n")
    return input().strip()
