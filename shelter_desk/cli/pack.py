"""The commands about audit packs: make one, check one."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

from shelter_desk.exports.former_log import former_of
from shelter_desk.exports.verify import verify as verified


def verify(options: argparse.Namespace) -> int:
    """Run every check of an audit pack, without a store; one line for each."""
    pack, words_file = Path(options.pack), Path(options.words_file)
    for path in (pack, words_file):
        if not path.is_file():
            here = "is a folder. Name the file in it" if path.is_dir() else "is not there"
            sys.stderr.write(f"The file {path.name} {here}.\n")
            return 1
    after = former_of(options.after) if options.after else None
    words = words_file.read_bytes().decode("utf-8", "replace")  # what is no text opens nothing
    verdict = verified(pack, words, signer=options.signer, after=after)
    if options.json:
        lines = [
            {"id": one.id, "title": one.title, "passed": one.passed, "detail": one.detail}
            for one in verdict.checks
        ]
        sys.stdout.write(json.dumps({"ok": verdict.ok, "checks": lines}) + "\n")
    else:
        marks = {True: "ok    ", False: "FAILED", None: "-     "}
        for one in verdict.checks:
            sys.stdout.write(f"{marks[one.passed]}  {one.title}: {one.detail}\n")
    if not verdict.ok:
        sys.stderr.write(f"{verdict.reason}\n")
    return 0 if verdict.ok else 1


def pack(options: argparse.Namespace) -> int:
    """Write an audit pack and check it, or look at what it would hold."""
    if options.preview:
        # heavy: Qt and the store, which checking a pack does without
        from shelter_desk.cli.pack_preview import preview  # noqa: PLC0415 - start-up time

        return preview(options)
    if not (options.out and options.words_out) or options.show:
        options.wrong_usage("a pack takes --out and --words-out; --show takes --preview")
    # heavy: Qt and the store, which checking a pack does without
    from shelter_desk.cli.packing import run  # noqa: PLC0415 - start-up time

    return run(options)
