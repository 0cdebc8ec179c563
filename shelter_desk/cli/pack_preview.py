"""What a pack would hold, on the terminal: nothing of it is written, and it is left again.

What stands on a terminal can be sent to a file, so only files of totals, of staff work and of
words are printed. Lines of single records, samples and PDFs are looked at in the window alone.
"""

from __future__ import annotations

import argparse
import hashlib
import sys

from shelter_desk.cli.packing import order_of
from shelter_desk.cli.signing_in import sign_in
from shelter_desk.desk import Desk
from shelter_desk.domain.errors import DeskError
from shelter_desk.domain.pack_rules import ROWS
from shelter_desk.exports.bundle import DATA
from shelter_desk.exports.pack_contents import PreparedPack, leave_pack, prepare_pack
from shelter_desk.exports.profiles import pack_rules

_READABLE = (".csv", ".txt")
_SUMMARY = f"{DATA}summary/"
_MARK = 12


def preview(options: argparse.Namespace) -> int:
    """Lay a pack out, list its files or print one of them, and leave it."""
    desk = sign_in(options)
    try:
        return _look(desk, options)
    finally:
        desk.close()


def _look(desk: Desk, options: argparse.Namespace) -> int:
    if options.show and not _is_of_totals(desk, options.show):
        raise DeskError("Single records and PDFs are looked at in the window, never printed here.")
    prepared = prepare_pack(desk, order_of(options))
    try:
        if options.show:
            sys.stdout.write(_text(prepared, options.show))
        else:
            _list(prepared)
    finally:
        leave_pack(desk, prepared)
    return 0


def _list(prepared: PreparedPack) -> None:
    sys.stdout.write(f"For:       {prepared.recipient}\n")
    sys.stdout.write(f"Ground:    {prepared.basis.title}\n")
    sys.stdout.write(f"Contents:  {prepared.contents}\n")
    for path, data in sorted(prepared.files.items()):
        mark = hashlib.sha256(data).hexdigest()[:_MARK]
        sys.stdout.write(f"{len(data):>12,}  {mark}  {path}\n")
    for note in (prepared.laid.note, prepared.to_look_at):
        sys.stdout.write(f"{note}\n" if note else "")
    sys.stdout.write("Nothing was written, and its figures were taken back.\n")


def _text(prepared: PreparedPack, path: str) -> str:
    data = prepared.files.get(path)
    if data is None:
        raise DeskError("There is no such file in this pack. Leave --show out to list them.")
    return data.decode()


def _is_of_totals(desk: Desk, path: str) -> bool:
    """Say whether a file holds no line of a single record: one of the list of files, or totals."""
    name, dot, ending = path.removeprefix(DATA).rpartition(".")
    if f"{dot}{ending}" not in _READABLE:
        return False
    listed = pack_rules(desk.house.care_model).files.get(name)
    is_plain = listed is not None and listed.holds != ROWS
    return path.startswith(_SUMMARY) or is_plain
