"""The command that writes a store of invented people."""

from __future__ import annotations

import argparse
import sys
from datetime import UTC, datetime
from pathlib import Path

from shelter_desk.app.shipped import shipped_care_model
from shelter_desk.cli.signing_in import read_passphrase
from shelter_desk.sample import write_sample

# A fixed end, so that the same seed always writes the same people on the same days.
UNTIL = datetime(2026, 6, 30, 21, 0, tzinfo=UTC)


def sample(options: argparse.Namespace) -> int:
    """Write the store and say what is in it."""
    report = write_sample(
        Path(options.store_dir),
        residents=options.residents,
        entries=options.entries,
        seed=options.seed,
        passphrase=read_passphrase(options),
        care_model=shipped_care_model(),
        until=UNTIL,
    )
    sys.stdout.write(
        f"Wrote {report.stays} invented stays, {report.entries} entries, {report.events} events\n"
    )
    return 0
