"""The command that checks the records as a whole."""

from __future__ import annotations

import argparse
import json
import sys

from shelter_desk.cli.signing_in import sign_in
from shelter_desk.desk import Desk, audit_log
from shelter_desk.desk.upkeep_check import due_drift
from shelter_desk.store.checks import Finding


def check(options: argparse.Namespace) -> int:
    """Run every check, print one line each, and return 0 when all passed."""
    desk = sign_in(options)
    try:
        remembered = desk.keyring.look() if desk.keyring is not None else None
        if remembered is not None:
            desk.compare_with(remembered)
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
            " ".join(desk.alarm.sentences) if desk.alarm else "ok",
        ),
        Finding("The keyring of this computer", passed=True, detail=desk.keyring_sentence),
        Finding("What is due follows the rules", not drifted, ", ".join(drifted) or "ok"),
    ]
