"""The commands about summaries: make one, check one."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Mapping
from pathlib import Path

from shelter_desk.app import now
from shelter_desk.cli.signing_in import sign_in
from shelter_desk.desk.counts import snapshot_text, summary_request
from shelter_desk.desk.shelter import settings as shelter_settings
from shelter_desk.desk.summaries import RecordSummary, earlier_certificates
from shelter_desk.disclosure import Refused, protect
from shelter_desk.reports.summary_check import verify_summary as verified
from shelter_desk.reports.summary_files import summary_files
from shelter_desk.store.failures import told_by_system
from shelter_desk.store.safe_file import replace_bytes


def verify_summary(options: argparse.Namespace) -> int:
    """Check a summary by its files alone; one line for each check."""
    folder = Path(options.out)
    if not folder.is_dir():
        sys.stderr.write("There is no such folder.\n")
        return 1
    files = {path.name: path.read_bytes() for path in sorted(folder.iterdir()) if path.is_file()}
    verdict = verified(files)
    for check in verdict.checks:
        mark = "ok    " if check.passed else "FAILED"
        sys.stdout.write(f"{mark}  {check.title}: {check.detail}\n")
    if not verdict.ok:
        sys.stderr.write("This summary was changed, or is not whole.\n")
    return 0 if verdict.ok else 1


def summary(options: argparse.Namespace) -> int:
    """Make the de-identified summary of a period: four files, or none."""
    desk = sign_in(options)
    try:
        request = desk.ask(
            summary_request, period=options.period, audience=options.audience, now=now()
        )
        earlier = desk.ask(earlier_certificates)
        release = protect(request, earlier=earlier)
        if isinstance(release, Refused):
            sys.stderr.write(f"{release.reason}\n")
            return 1
        label = desk.ask(shelter_settings).name
        files = summary_files(release, now(), label)
        desk.do(RecordSummary(release, request.settings.k, snapshot_text(request)))
    finally:
        desk.close()
    write_all(Path(options.out), files)
    facts = {"shown": release.shown, "withheld": release.withheld, "fewest": release.fewest_proved}
    if options.json:
        sys.stdout.write(json.dumps({"ok": True, "files": sorted(files), **facts}) + "\n")
    else:
        every = release.shown + release.withheld
        sys.stdout.write(f"{release.shown} of {every} figures shown. Files: {options.out}\n")
    return 0


def write_all(folder: Path, files: Mapping[str, bytes]) -> None:
    """Write all files into a folder, each whole or not at all.

    Raises:
        DeskError: when the folder cannot be written.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, data in files.items():
            replace_bytes(folder / name, data)
    except OSError as error:
        raise told_by_system(error) from error
