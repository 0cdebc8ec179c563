"""The command that makes any table of head-counts safe; no records are opened for it."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

from shelter_desk.disclosure import ProblemError, parse_table, protect_problem_in_worker
from shelter_desk.store.failures import told_by_system
from shelter_desk.store.safe_file import replace_bytes


def protect(options: argparse.Namespace) -> int:
    """Protect TABLE.json: 0 safe, 1 refused, 2 the table cannot be read (the place is named)."""
    try:
        untrusted = Path(options.table).read_bytes()
    except OSError as error:
        sys.stderr.write(f"{options.table}: {error.strerror}\n")
        return 2
    try:
        problem = parse_table(untrusted)
    except ProblemError as error:
        sys.stderr.write(f"{options.table}: {error}\n")
        return 2
    result = protect_problem_in_worker(problem)
    text = json.dumps(result, ensure_ascii=False, indent=1) + "\n"
    try:
        replace_bytes(Path(options.out), text.encode())
    except OSError as error:
        raise told_by_system(error) from error
    if result["status"] != "safe":
        sys.stderr.write(f"{result['reason']}\n")
        return 1
    every = len(result["published"]) + len(result["withheld"])
    sys.stdout.write(f"{len(result['published'])} of {every} figures shown.\n")
    return 0
