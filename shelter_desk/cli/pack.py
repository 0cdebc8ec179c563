"""The commands about audit packs: make one, check one."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

from shelter_desk.domain.age_typed import LONGEST_FILE, text_of
from shelter_desk.exports.age import Key
from shelter_desk.exports.age_keys import Identities
from shelter_desk.exports.former_log import former_of
from shelter_desk.exports.verify import verify as verified


def verify(options: argparse.Namespace) -> int:
    """Run every check of an audit pack, without a store; one line for each."""
    pack, opens = Path(options.pack), Path(options.words_file or options.identity)
    for path in (pack, opens):
        if not path.is_file():
            here = "is a folder. Name the file in it" if path.is_dir() else "is not there"
            sys.stderr.write(f"The file {path.name} {here}.\n")
            return 1
    after = former_of(options.after) if options.after else None
    verdict = verified(
        pack,
        _key_in(opens, is_identity=bool(options.identity)),
        signer=options.signer,
        after=after,
    )
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


def _key_in(file: Path, *, is_identity: bool) -> Key:
    """Return what opens a pack: the words in a file, or the secret keys."""
    with file.open("rb") as source:
        data = source.read(LONGEST_FILE)
    if is_identity:
        return Identities.in_text(text_of(data))
    return data.decode("utf-8", "replace")  # what is no text opens nothing


def pack(options: argparse.Namespace) -> int:
    """Write an audit pack and check it, or look at what it would hold."""
    if options.preview:
        # heavy: Qt and the store, which checking a pack does without
        from shelter_desk.cli.pack_preview import preview  # noqa: PLC0415 - start-up time

        return preview(options)
    if not options.out or bool(options.words_out) == bool(options.recipient_key) or options.show:
        options.wrong_usage(
            "a pack takes --out, and --words-out or --recipient-key; --show takes --preview"
        )
    if options.words_sheet and not options.words_out:
        options.wrong_usage("--words-sheet takes --words-out: a pack sealed to a key has no words")
    # heavy: Qt and the store, which checking a pack does without
    from shelter_desk.cli.packing import run  # noqa: PLC0415 - start-up time

    return run(options)
