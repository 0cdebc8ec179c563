"""Making an audit pack, or a full export, from the command line."""

from __future__ import annotations

import argparse
import sys

from shelter_desk.cli.sealed_out import sealed_out
from shelter_desk.desk import Desk
from shelter_desk.desk.agreeing import Second
from shelter_desk.exports.everything import ExportOrder, FullExport, export_everything
from shelter_desk.exports.pack_contents import make_pack
from shelter_desk.exports.pack_order import PackMade, PackOrder
from shelter_desk.exports.stick import PackDrive


def run(options: argparse.Namespace) -> int:
    """Write an audit pack and check it; the words that open it go to a file elsewhere."""
    order = PackOrder(options.profile, options.period)

    def make(desk: Desk, drive: PackDrive, words: str, second: Second | None) -> PackMade:
        return make_pack(desk, order, drive, words, second)

    made = sealed_out(options, make)
    sys.stdout.write(f"Pack:        {made.written.path}\n")
    sys.stdout.write(f"Fingerprint: {made.fingerprint}\n")
    sys.stdout.write(f"Log:         {made.log_short_form}\n")
    if made.summary_note:
        sys.stdout.write(f"{made.summary_note}\n")
    return 0


def export(options: argparse.Namespace) -> int:
    """Write everything, sealed; the words that open it go to a file elsewhere."""
    order = ExportOrder(options.recipient, options.reason)

    def make(desk: Desk, drive: PackDrive, words: str, second: Second | None) -> FullExport:
        return export_everything(desk, order, drive, words, second)

    made = sealed_out(options, make)
    sys.stdout.write(f"Export:      {made.written.path}\n")
    sys.stdout.write(f"SHA-256:     {made.written.sha256}\n")
    sys.stdout.write(f"Contents:    {made.files:,} files, {made.rows:,} rows\n")
    return 0
