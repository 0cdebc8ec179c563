"""What a dishonest maker could do to a sample, properly signed, and what must be said of it."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping

from invented_pack import DRAWN_AT, FIXED_AT, SEED, resigned, sample_files, sealed
from tampering import Tampering

from shelter_desk.domain.sampling import STAFF, drawn, method_of
from shelter_desk.exports.sample_check import SAMPLE, SAMPLE_LIST

Files = Mapping[str, bytes]


def tampered_samples(files: Files) -> list[Tampering]:
    """Return every changed sample; the list, the dice, the papers and the trail in turn."""
    listed = files[SAMPLE_LIST]
    lines = listed.splitlines(keepends=True)
    paper = next(
        path for path in sorted(files) if path.startswith(SAMPLE) and path.endswith("pdf")
    )
    shut = [line for line in lines if b"salt" not in line]

    def with_list(text: bytes) -> Files:
        return resigned({**files, SAMPLE_LIST: text})

    def stating(**values: object) -> Callable[[dict[str, object]], object]:
        return lambda manifest: manifest["samples"][0].update(values)  # type: ignore[attr-defined]

    def without(path: str) -> Files:
        return {name: data for name, data in files.items() if name != path}

    other = _another_seed(files)
    others = {name: data for name, data in files.items() if not name.startswith(SAMPLE)}
    cases: dict[str, tuple[Files, str]] = {
        "place taken out": (with_list(b"".join(lines[1:])), "not the one that was fixed"),
        "place put in": (with_list(listed + lines[0]), "not the one that was fixed"),
        "order changed": (with_list(b"".join(reversed(lines))), "not the one that was fixed"),
        "leaf changed": (with_list(listed.replace(shut[0][:20], shut[0][:18] + b"00", 1)), ""),
        "another root": (resigned(files, stating(root="0" * 64)), "not the one that was fixed"),
        "fewer in the list": (resigned(files, stating(population=11)), "not the one"),
        "label changed": (with_list(listed.replace(b"R00", b"R01", 1)), "cannot be read"),
        "salt changed": (
            with_list(listed.replace(b'"salt":"', b'"salt":"00', 1)),
            "cannot be read",
        ),
        "line cut": (with_list(listed[:-3]), "cannot be read"),
        "no line break at the end": (with_list(listed[:-1]), "cannot be read"),
        "no list": (resigned(without(SAMPLE_LIST)), "not the one that was fixed"),
        "another seed": (resigned(files, stating(seed=other)), "draw other records"),
        "records of another seed": (
            resigned({**others, **sample_files(other)}),
            "draw other records",
        ),
        "another seed and its records": (
            resigned({**others, **sample_files(other)}, stating(seed=other)),
            "tells of another sample",
        ),
        "one more wanted": (resigned(files, stating(wanted=4)), "draw other records"),
        "another method": (resigned(files, stating(method="by hand")), "does not know"),
        "paper taken out": (resigned(without(paper)), "not those that the dice drew"),
        "paper put in": (
            resigned({**files, f"{SAMPLE}ZZZZZ.pdf": b"%PDF"}),
            "not those that the dice drew",
        ),
        "drawn before it was fixed": (
            resigned(files, stating(fixed_event=DRAWN_AT, drawn_event=FIXED_AT)),
            "fixed first",
        ),
        "fixed in another event": (resigned(files, stating(fixed_event=2)), "another sample"),
        "fixed in a hidden event": (resigned(files, stating(fixed_event=18)), "fixed first"),
        "papers of a list that was not drawn from": (
            resigned({**files, "data/15_sample_staff/R0001.pdf": b"%PDF"}),
            "no sample was drawn",
        ),
        "drawn from another list": (
            resigned(files, stating(method=method_of(STAFF))),
            "no sample",
        ),
        "records in the place of staff files": (_moved(files), "tells of another sample"),
        "no sample stated": (
            resigned(files, lambda manifest: manifest.update(samples=[])),
            "no sample was drawn",
        ),
    }
    found = [
        Tampering(f"sample: {name}", sealed(changed), "sample", says)
        for name, (changed, says) in cases.items()
    ]
    first = json.loads(files["manifest.json"])["samples"][0]
    of_staff = {**first, "method": method_of(STAFF)}
    unread = (
        ("sample gone", lambda manifest: manifest.pop("samples")),
        ("sample of nothing", stating(seed="")),
        ("sample with more", stating(more=1)),
        ("sample is a word", lambda manifest: manifest.update(samples="yes")),
        ("samples that are words", lambda manifest: manifest.update(samples=["yes"])),
        ("the same sample twice", lambda manifest: manifest["samples"].append(first)),
        ("samples out of order", lambda manifest: manifest["samples"].insert(0, of_staff)),
    )
    found += [
        Tampering(name, sealed(resigned(files, change)), "manifest", "") for name, change in unread
    ]
    return found


def _moved(files: Files) -> Files:
    """Pass the records that were drawn off as staff files: the places differ by the method."""
    folder = "data/15_sample_staff/"
    moved = {path.replace(SAMPLE, folder): data for path, data in files.items()}
    stated = json.loads(files["manifest.json"])["samples"][0]
    root, method = bytes.fromhex(stated["root"]), method_of(STAFF)
    chosen = {
        seed: drawn(root, seed, stated["population"], stated["wanted"], method)
        for seed in (
            f"{a} {b} {c} {d}"
            for a in range(6)
            for b in range(6)
            for c in range(6)
            for d in range(6)
        )
    }
    wanted = drawn(root, SEED, stated["population"], stated["wanted"])
    seed = next(one for one, places in chosen.items() if places == wanted)

    def edit(manifest: dict[str, object]) -> None:
        manifest["samples"] = [{**stated, "method": method, "seed": seed}]

    return resigned(moved, edit)


def _another_seed(files: Files) -> str:
    """Return a seed that draws other places than the real one does."""
    sample = json.loads(files["manifest.json"])["samples"][0]
    root = bytes.fromhex(sample["root"])

    def places(seed: str) -> tuple[int, ...]:
        return drawn(root, seed, sample["population"], sample["wanted"])

    seeds = (f"1 1 1 1 1 {number}" for number in range(1, 100))
    return next(seed for seed in seeds if places(seed) != places(SEED))
