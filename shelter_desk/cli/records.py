"""Commands about the records as a whole: check, backup, restore."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

from shelter_desk.app.clock import now
from shelter_desk.app.shipped import shipped_care_model
from shelter_desk.cli.signing_in import choose_person, read_passphrase, sign_in
from shelter_desk.desk import Desk, audit_log, entry
from shelter_desk.desk.upkeep_check import due_drift
from shelter_desk.domain.errors import DeskError
from shelter_desk.store.backup import BackupDamagedError, restore_files
from shelter_desk.store.checks import Finding
from shelter_desk.store.keys.errors import WrongPassphraseError


def check(options: argparse.Namespace) -> int:
    """Run every check, print one line each, and return 0 when all passed."""
    desk = sign_in(options)
    try:
        findings = _findings(desk)
    finally:
        desk.close()
    passed = all(finding.passed for finding in findings)
    if options.json:
        lines = [
            {"check": one.check, "passed": one.passed, "detail": one.detail} for one in findings
        ]
        sys.stdout.write(json.dumps({"passed": passed, "checks": lines}) + "\n")
    else:
        for one in findings:
            mark = "ok    " if one.passed else "FAILED"
            sys.stdout.write(f"{mark}  {one.check}: {one.detail}\n")
    if not passed:
        sys.stderr.write("A check failed. Nothing was changed.\n")
    return 0 if passed else 1


def _findings(desk: Desk) -> list[Finding]:
    report = desk.ask(audit_log.trail)
    drifted = desk.ask(due_drift)
    return [
        *desk.check_file(),
        Finding(
            "The audit trail is whole",
            report.is_whole,
            report.problem or f"{report.short_form}, {report.checked_signatures} signatures",
        ),
        Finding(
            "Every known witness agrees",
            desk.alarm is None,
            desk.alarm.sentence if desk.alarm else "ok",
        ),
        Finding("What is due follows the rules", not drifted, ", ".join(drifted) or "ok"),
    ]


def backup(options: argparse.Namespace) -> int:
    """Write a verified backup into a new folder."""
    desk = sign_in(options)
    try:
        made = desk.back_up(Path(options.to))
    finally:
        desk.close()
    sys.stdout.write(f"Backup written and checked: {made.events} events, SHA-256 {made.sha256}\n")
    return 0


def restore(options: argparse.Namespace) -> int:
    """Restore a backup into a new folder, and prove that it opens there."""
    target = Path(options.to)
    expected = restore_files(Path(options.backup_dir), target)
    desk = _opened(target, options)
    try:
        findings = [*desk.check_file()]
        events = desk.ask(audit_log.trail).count
    finally:
        desk.close()
    if not all(finding.passed for finding in findings) or events < expected:
        raise BackupDamagedError
    sys.stdout.write(f"Restored and checked: {expected} events\n")
    return 0


def _opened(folder: Path, options: argparse.Namespace) -> Desk:
    person = choose_person(folder, options)
    passphrase = read_passphrase(options)
    try:
        return entry.sign_in(folder, person, passphrase, shipped_care_model(), now)
    except WrongPassphraseError:
        raise DeskError(
            "The files are restored, but this passphrase does not open them. "
            "Try another one with check."
        ) from None
