"""The commands about summaries: make one, check one."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

from shelter_desk.cli.signing_in import sign_in
from shelter_desk.cli.writing import tell_release, write_all
from shelter_desk.desk import Desk
from shelter_desk.desk.details import Detail
from shelter_desk.disclosure import COARSER, Refused, check_result
from shelter_desk.exports.summary_plan import ask_for_year, prepare_year
from shelter_desk.exports.summary_release import ask_for_summary, prepare_summary
from shelter_desk.reports.summary_check import verify_summary as verified


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
    """Make the de-identified summary of a period, or another report: all its files, or none."""
    if options.report is not None:
        # heavy: the reports that a plain summary does without
        from shelter_desk.cli.reports import report  # noqa: PLC0415 - start-up time

        return report(options)
    if options.audience is None:
        sys.stderr.write("Say who will read it with --audience, or which --report it is.\n")
        return 2
    if options.plan and options.restated:
        sys.stderr.write("One period is restated at a time. Leave --plan or --restated out.\n")
        return 2
    desk = sign_in(options)
    try:
        if options.plan:
            return _year_together(desk, options)
        question = ask_for_summary(
            desk,
            period=options.period,
            audience=options.audience,
            recipient=options.recipient or "",
            detail=_detail(options),
            restated=options.restated,
        )
        made = prepare_summary(question)
        files = {} if isinstance(made, Refused) else made.hand_out(desk.do)
    finally:
        desk.close()
    if isinstance(made, Refused):
        is_search = made.rung in ("search", "certificate")
        told = f"{made.reason} {made.next_rung or (COARSER if is_search else '')}".rstrip()
        if question.before is not None:
            told += " With --restated the period is counted anew, as it was corrected."
        sys.stderr.write(told + "\n")
        return 1
    write_all(Path(options.out), files)
    tell_release(options, made.release, files)
    return 0


def _detail(options: argparse.Namespace) -> str:
    return Detail(three_way=options.three_way, insider=options.insider).word


def _year_together(desk: Desk, options: argparse.Namespace) -> int:
    """Decide a year and its quarters together; one folder of files for each period."""
    questions = ask_for_year(
        desk,
        year=options.period,
        audience=options.audience,
        recipient=options.recipient or "",
        detail=_detail(options),
    )
    year = prepare_year(questions)
    files = year.hand_out(desk.do)
    for period, of_one in files.items():
        write_all(Path(options.out) / period, of_one)
    refused = {p: one.reason for p, one in year.parts.items() if isinstance(one, Refused)}
    for period, reason in refused.items():
        sys.stderr.write(f"{period}: {reason}\n")
    shown = {p: one.release.shown for p, one in year.summaries.items()}
    if options.json:
        told = {"ok": bool(files), "periods": sorted(files), "shown": shown, "refused": refused}
        sys.stdout.write(json.dumps(told) + "\n")
    else:
        sys.stdout.write("".join(f"{p}: {n} figures shown\n" for p, n in shown.items()))
    return 0 if files else 1
