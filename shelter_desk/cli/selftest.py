"""The installed program checks itself: resources, windows, reports, known answers."""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from shelter_desk import __version__
from shelter_desk.app.clock import now, today
from shelter_desk.app.shipped import shipped_care_model
from shelter_desk.app.start import application
from shelter_desk.cli.display import draw_in_memory_without_display
from shelter_desk.desk import audit_log, entry
from shelter_desk.desk.resident_papers import shipped_papers
from shelter_desk.disclosure import checker
from shelter_desk.domain.audit import leaf_hash
from shelter_desk.domain.merkle import merkle_root
from shelter_desk.exports.opener import opener_bytes
from shelter_desk.reports.recovery_kit import recovery_kit_pdf
from shelter_desk.store.keys.kdf import KdfSettings, derive_kek
from shelter_desk.store.keys.kit import new_kit
from shelter_desk.store.keys.word_list import read_words
from shelter_desk.ui import pages

EMPTY_TREE = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"


def selftest(_options: argparse.Namespace) -> int:
    """Run every self-check, one line each; return 0 when all passed."""
    draw_in_memory_without_display()
    failed = 0
    for name, run in _CHECKS.items():
        try:
            said = run()
        except Exception as error:  # noqa: BLE001 - a self-test reports whatever is wrong
            failed += 1
            sys.stdout.write(f"FAILED  {name}: {type(error).__name__}\n")
        else:
            sys.stdout.write(f"ok      {name}: {said}\n")
    sys.stdout.write(
        f"Shelter Desk {__version__}: {len(_CHECKS) - failed} passed, {failed} failed\n"
    )
    return 1 if failed else 0


def _content() -> str:
    model = shipped_care_model()
    _must(len(model.services) == 26 and len(model.items) == 318)
    return f"{len(model.services)} services, {len(model.items)} items"


def _pages() -> str:
    application()
    found = pages.discover()
    _must(len(found) >= 5)
    return ", ".join(page.name for page in found)


def _words() -> str:
    words = read_words()
    _must(len(words) == 7776)
    return f"{len(words)} words"


def _resident_papers() -> str:
    languages = shipped_papers().languages
    return ", ".join(one.name for one in languages.values())


def _known_answers() -> str:
    _must(merkle_root(()).hex() == EMPTY_TREE)
    _must(len(leaf_hash(bytes(16), "{}")) == 32)
    _must(derive_kek("a", bytes(16), KdfSettings()) == derive_kek("a", bytes(16), KdfSettings()))
    _must(bool(checker.check({})))
    return "hashes, key derivation, certificate checker"


def _paper() -> str:
    size = len(recovery_kit_pdf("Harbor House", new_kit().code, today()))
    return f"recovery kit of {size} bytes"


def _opener() -> str:
    return f"{len(opener_bytes())} bytes"


def _store() -> str:
    with tempfile.TemporaryDirectory() as place:
        founding = entry.Founding(
            "Selftest House",
            "America/New_York",
            "Ada",
            "invented words for a self test",
            new_kit(),
        )
        desk = entry.found(Path(place) / "records", founding, shipped_care_model(), now)
        try:
            report = desk.ask(audit_log.trail)
            _must(report.is_whole and all(one.passed for one in desk.check_file()))
        finally:
            desk.close()
    return f"{report.count} events, all checks pass"


def _must(is_so: bool) -> None:  # noqa: FBT001 - reads as a sentence
    if not is_so:
        raise ValueError("a known answer came out differently")


_CHECKS: dict[str, Callable[[], str]] = {
    "care model": _content,
    "pages": _pages,
    "word list": _words,
    "papers for young people": _resident_papers,
    "known answers": _known_answers,
    "paper": _paper,
    "opener": _opener,
    "encrypted store": _store,
}
