"""The commands about summaries: make one, check one."""

from __future__ import annotations

import argparse
import json
import shutil
import sys
from collections.abc import Mapping
from pathlib import Path

from shelter_desk.cli.signing_in import sign_in
from shelter_desk.disclosure import Refused, check_result
from shelter_desk.exports.summary_release import make_summary
from shelter_desk.exports.whole_files import write_together
from shelter_desk.reports.summary_check import verify_summary as verified
from shelter_desk.store.failures import told_by_system


def verify_summary(options: argparse.Namespace) -> int:
    """Check a summary by its files alone; one line for each check."""
    folder = Path(options.out)
    if folder.is_file():
        return _verify_result(folder)
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


def _verify_result(path: Path) -> int:
    """Check a RESULT.json that `shelter-desk protect` wrote."""
    wrong = check_result(path.read_bytes())
    for line in wrong:
        sys.stderr.write(f"{line}\n")
    if not wrong:
        sys.stdout.write("ok      The proof holds, recomputed by addition.\n")
    return 1 if wrong else 0


def summary(options: argparse.Namespace) -> int:
    """Make the de-identified summary of a period: four files, or none."""
    desk = sign_in(options)
    try:
        made = make_summary(desk, period=options.period, audience=options.audience)
    finally:
        desk.close()
    if isinstance(made, Refused):
        sys.stderr.write(f"{made.reason}\n")
        return 1
    release, files = made.release, made.files
    write_all(Path(options.out), files)
    facts = {"shown": release.shown, "withheld": release.withheld, "fewest": release.fewest_proved}
    if options.json:
        sys.stdout.write(json.dumps({"ok": True, "files": sorted(files), **facts}) + "\n")
    else:
        every = release.shown + release.withheld
        sys.stdout.write(f"{release.shown} of {every} figures shown. Files: {options.out}\n")
    return 0


def write_all(folder: Path, files: Mapping[str, bytes]) -> None:
    """Write all files into a folder; a new folder appears with all of them or not at all.

    Raises:
        DeskError: when the folder cannot be written.
    """
    folder = folder.resolve()
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        aside = write_together(folder.parent, f".{folder.name}.part", files)
        try:
            if not folder.exists():
                aside.rename(folder)
                return
            for name in files:
                (aside / name).replace(folder / name)
        finally:
            shutil.rmtree(aside, ignore_errors=True)
    except OSError as error:
        raise told_by_system(error) from error
