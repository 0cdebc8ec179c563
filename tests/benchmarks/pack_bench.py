"""Prints what an audit pack of a long trail costs, beside `age` encrypting the same bytes.

    python tests/benchmarks/pack_bench.py             20,000 events: a quarter of a year
    python tests/benchmarks/pack_bench.py --large     1,000,000 events: many years
    python tests/benchmarks/pack_bench.py --events N
    python tests/benchmarks/pack_bench.py --store DIR 2025-Q4 FILE
    python tests/benchmarks/pack_bench.py --store DIR 2025 FILE --rows

The last two make a pack of a whole store with `shelter-desk pack`, the passphrase in FILE;
`--rows` is with lines of single records. Give them a copy: that a pack was made stands in the
records. Of the others the trail is invented leaves. Each step runs in a process of its own, so
that the peak of its memory is its own:

    sign    the Merkle tree, the proofs, the hashes and the signed list of contents
    seal    our container over the archive's bytes, into a file on this disk, and synced
    age -p  Debian's age with a passphrase over the same bytes; its own work factor is 18, ours 17
    age -r  Debian's age with a public key over the same bytes: no passphrase to work on at all
    whole   sign, seal, write to a folder as to a stick, read back, compare, check the verdict
"""

from __future__ import annotations

import hashlib
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "tests" / "exports")]

from invented_pack import WORDS, contents, signer  # noqa: E402 - after the path
from typed_age import age  # noqa: E402 - after the path

from shelter_desk.domain.merkle import Hashes  # noqa: E402 - after the path
from shelter_desk.exports.age import AgeWriter  # noqa: E402 - after the path
from shelter_desk.exports.bundle import (  # noqa: E402 - after the path
    AuditPart,
    PackContents,
    SignedPack,
    sign_pack,
)
from shelter_desk.exports.opener import opener_bytes, stick_readme  # noqa: E402 - after the path
from shelter_desk.exports.stick import PackDrive  # noqa: E402 - after the path
from shelter_desk.exports.tar import write_tar  # noqa: E402 - after the path
from shelter_desk.exports.verify import verify  # noqa: E402 - after the path

SMALL, LARGE = 20_000, 1_000_000
STEPS = ("sign", "seal", "age -p", "age -r", "whole")
_PLAIN = "pack.tar"
_PIECE = 1 << 20
_ROWS = ("--rows", "--ground", "licensing-statute", "--authority", "invented for tests only")
_QUICK = 100_000  # events: up to here each step is run three times


def _invented(events: int) -> PackContents:
    whole = contents()
    leaves = bytearray()
    for number in range(events):
        leaves += hashlib.sha256(b"leaf %d" % number).digest()
    return PackContents(
        whole.files,
        whole.facts,
        AuditPart(whole.audit.origin, Hashes(bytes(leaves))),
        whole.readme,
    )


def _signed(events: int) -> SignedPack:
    return sign_pack(_invented(events), signer())


def _work(step: str, place: Path, events: int) -> Callable[[], object]:
    """Return the timed part of a step; what comes before it is not counted."""
    if step == "sign":
        prepared = _invented(events)
        return lambda: sign_pack(prepared, signer())
    if step == "seal":
        return lambda: _seal(place)
    if step == "age -p":
        return lambda: age("-p", "-o", "p.age", _PLAIN, words=WORDS, folder=place)
    if step == "age -r":
        key = (place / "key").read_text("utf-8")
        recipient = key.split("public key: ")[1].split("\n")[0]
        command = ["age", "-r", recipient, "-o", "r.age", _PLAIN]
        return lambda: subprocess.run(command, cwd=place, check=True)
    return lambda: _whole(place, events)


def _seal(place: Path) -> None:
    with (place / _PLAIN).open("rb") as source, (place / "ours.age").open("wb") as target:
        with AgeWriter(target, WORDS) as writer:
            while piece := source.read(_PIECE):
                writer.write(piece)
        os.fsync(target.fileno())


def _whole(place: Path, events: int) -> None:
    pack = _signed(events)
    written = PackDrive(place / "stick").write_pack(
        lambda target: pack.write(target, WORDS), WORDS, opener_bytes(), stick_readme(), pack.size
    )
    if not verify(written.path, WORDS).checks[0].passed:
        raise AssertionError


def _step(step: str, place: Path, events: int) -> None:
    if step == "write":
        with (place / _PLAIN).open("wb") as target:
            write_tar(_signed(events).files, target, modified=0)
        return
    work = _work(step, place, events)
    began = time.perf_counter()
    work()
    took = time.perf_counter() - began
    own, child = (
        resource.getrusage(who).ru_maxrss
        for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    )
    sys.stdout.write(f"\n{took} {child if step.startswith('age') else own}\n")


def main(events: int) -> None:
    """Make the archive once, then time each step and print it beside age."""
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        (place / "stick").mkdir()
        # A child begins with the peak of its parent: whatever is large is made in a child.
        subprocess.run([sys.executable, __file__, "write", str(place), str(events)], check=True)
        subprocess.run(["age-keygen", "-o", place / "key"], check=True, capture_output=True)
        size = (place / _PLAIN).stat().st_size
        sys.stdout.write(f"{events:,} events, archive of {size / 1e6:.1f} MB\n")
        found = {step: _best(step, place, events) for step in STEPS}
        for step, (took, peak) in found.items():
            beside = took / found["age -p"][0]
            line = f"{step:<8}{took:8.3f} s {beside:7.2f}x age -p   peak {peak / 1024:.0f} MiB\n"
            sys.stdout.write(line)


def of_store(store: str, period: str, passphrase: str, *rows: str) -> None:
    """Print what a pack of a written store costs: seconds, and peak memory of the process."""
    with tempfile.TemporaryDirectory() as folder:
        out, words = Path(folder, "stick"), Path(folder, "words")
        out.mkdir()
        began = time.perf_counter()
        subprocess.run(
            [sys.executable, "-m", "shelter_desk", "pack", store, "--profile", "licensor",
             "--period", period, "--out", out, "--words-out", words,
             "--passphrase-file", passphrase, *(_ROWS if rows else ())],
            cwd=ROOT, check=True,
        )  # fmt: skip
        took = time.perf_counter() - began
        size = next(out.glob("*.age")).stat().st_size
        peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
        sys.stdout.write(f"pack of {size / 1e6:.1f} MB: {took:.1f} s, peak {peak:.0f} MiB\n")


def _best(step: str, place: Path, events: int) -> tuple[float, int]:
    """Return the shortest run in seconds, and its peak of memory in KiB."""
    found = []
    for _ in range(3 if events <= _QUICK else 1):
        for name in ("p.age", "r.age"):
            (place / name).unlink(missing_ok=True)
        done = subprocess.run(
            [sys.executable, __file__, step, str(place), str(events)],
            capture_output=True,
            text=True,
            check=True,
        )
        took, peak = done.stdout.split("\n")[-2].split()
        found.append((float(took), int(peak)))
    return min(found)


if __name__ == "__main__":
    if sys.argv[1:2] and sys.argv[1] in ("write", *STEPS):
        _step(sys.argv[1], Path(sys.argv[2]), int(sys.argv[3]))
    elif sys.argv[1:2] == ["--store"]:
        of_store(*sys.argv[2:6])
    elif sys.argv[1:2] == ["--events"]:
        main(int(sys.argv[2]))
    else:
        main(LARGE if "--large" in sys.argv else SMALL)
