"""Reports from the command line: the catalogue, exact ones to one recipient, protected ones."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

from shelter_desk.cli.signing_in import sign_in
from shelter_desk.cli.writing import tell_release, write_all
from shelter_desk.desk import Desk
from shelter_desk.disclosure import Refused
from shelter_desk.domain.report_kinds import REPORTS, ReportKind, report_named
from shelter_desk.exports.report_handing import (
    ToWhom,
    ask_for_protected,
    ask_for_report,
    hand_over,
)
from shelter_desk.exports.summary_release import prepare_summary


def report(options: argparse.Namespace) -> int:
    """Make one report of the catalogue: all its files, or none."""
    if options.report == "list":
        for kind in REPORTS.values():
            codes = ", ".join(basis.code for basis in kind.bases)
            sys.stdout.write(f"{kind.id:16}{kind.title}{f' [{codes}]' if codes else ''}\n")
        return 0
    kind = report_named(options.report)
    if kind.is_named and not (options.recipient or "").strip():
        sys.stderr.write("This report is for one by name: say for whom with --recipient.\n")
        return 2
    desk = sign_in(options)
    try:
        return _exact(desk, kind, options) if kind.is_exact else _protected(desk, kind, options)
    finally:
        desk.close()


def _to(kind: ReportKind, options: argparse.Namespace) -> ToWhom:
    usual = kind.bases[0].code if kind.bases else ""
    basis = options.basis or usual
    return ToWhom(options.recipient or "", basis, options.reason, goes_public=options.goes_public)


def _exact(desk: Desk, kind: ReportKind, options: argparse.Namespace) -> int:
    question = ask_for_report(desk, report_id=kind.id, period=options.period)
    handed = hand_over(desk, question, _to(kind, options))
    write_all(Path(options.out), handed.files)
    figures = len(question.report.figures())
    if options.json:
        facts = {"ok": True, "files": sorted(handed.files), "figures": figures}
        sys.stdout.write(json.dumps(facts) + "\n")
    else:
        sys.stdout.write(
            f"{figures} exact figures for {options.recipient}, not for publication. "
            f"Files: {options.out}\n"
        )
    if handed.look_at:
        sys.stderr.write(f"{handed.look_at}\n")
    return 0


def _protected(desk: Desk, kind: ReportKind, options: argparse.Namespace) -> int:
    question = ask_for_protected(
        desk, report_id=kind.id, period=options.period, recipient=options.recipient or ""
    )
    prepared = prepare_summary(question)
    if isinstance(prepared, Refused):
        sys.stderr.write(f"{prepared.reason}\n")
        return 1
    files = prepared.hand_out(desk.do)
    write_all(Path(options.out), files)
    tell_release(options, prepared.release, files)
    if prepared.to_look_at:
        sys.stderr.write(f"{prepared.to_look_at}\n")
    return 0
