"""The check of a sample in a pack: fixed before the dice fell, drawn by them, all of it here."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from itertools import pairwise

from shelter_desk.domain.audit import CROCKFORD, SALT_BYTES, leaf_hash
from shelter_desk.domain.sampling import (
    DRAW,
    FIX,
    INCIDENTS,
    RECORDS,
    STAFF,
    drawn,
    drawn_reason,
    fixed_reason,
    method_of,
    root_of,
)
from shelter_desk.exports.log_checks import CheckFailedError, disclosed_events
from shelter_desk.exports.sample_seal import SampleSeal
from shelter_desk.exports.strict_json import canonical_object, hex_bytes

_LABEL = re.compile(rf"[{CROCKFORD}]{{5}}")
SAMPLE = "data/15_sample_records/"
FOLDERS = {
    method_of(RECORDS): SAMPLE,
    method_of(INCIDENTS): "data/15_sample_incidents/",
    method_of(STAFF): "data/15_sample_staff/",
}
"""Method of a sample, which names its list -> the folder of its papers."""
_DRAWN = {
    method_of(RECORDS): "records",
    method_of(INCIDENTS): "incidents",
    method_of(STAFF): "staff files",
}
SAMPLE_LIST = f"{SAMPLE}list.jsonl"
SAMPLE_LISTS = tuple(f"{folder}list.jsonl" for folder in FOLDERS.values())


def check_samples(
    samples: tuple[SampleSeal, ...],
    kept: Mapping[str, bytes],
    paths: Collection[str],
    events: bytes,
) -> str:
    """Check every sample, and that there are papers of no other; return it as a sentence.

    Raises:
        CheckFailedError: a list, a draw, the papers or the events do not belong together.
    """
    stated = {sample.method for sample in samples}
    if not stated <= set(FOLDERS):
        raise CheckFailedError("The sample was drawn in a way that this program does not know.")
    for method, folder in FOLDERS.items():
        if method not in stated and any(path.startswith(folder) for path in paths):
            raise CheckFailedError("There are sample records here, but no sample was drawn.")
    found = [check_sample(sample, kept, paths, events) for sample in samples]
    if len(found) > 1:
        count = sum(sample.wanted for sample in samples)
        return (
            f"{len(found):,} samples were drawn by dice, {count:,} papers in all; each list was "
            "fixed before."
        )
    return found[0] if found else "No sample is in this pack."


def check_sample(
    sample: SampleSeal, kept: Mapping[str, bytes], paths: Collection[str], events: bytes
) -> str:
    """Check one sample; `kept` is path -> bytes of what is evidence. Raises as `check_samples`."""
    folder = FOLDERS[sample.method]
    listed = f"{folder}list.jsonl"
    labels = _opened(sample, kept.get(listed))
    here = {path for path in paths if path.startswith(folder)}
    if here != {listed, *(f"{folder}{label}.pdf" for label in labels)}:
        raise CheckFailedError("The sample records are not those that the dice drew.")
    _check_events(sample, events)
    return (
        f"The dice drew {sample.wanted:,} of {sample.population:,} {_DRAWN[sample.method]}; "
        f"the list was fixed before, in event {sample.fixed_event:,} of the audit log."
    )


def _opened(sample: SampleSeal, listed: bytes | None) -> list[str]:
    """Return the labels of the places drawn, once the list is the one that was fixed."""
    lines = _lines(listed)
    leaves = [line[0] for line in lines]
    root = bytes.fromhex(sample.root)
    in_order = all(one < other for one, other in pairwise(leaves))
    if len(leaves) != sample.population or not in_order or root_of(leaves) != root:
        raise CheckFailedError("The list of the sample is not the one that was fixed.")
    places = tuple(at for at, (_, label) in enumerate(lines, start=1) if label is not None)
    if places != drawn(root, sample.seed, sample.population, sample.wanted, sample.method):
        raise CheckFailedError("The dice draw other records of the list than these.")
    return [label for _, label in lines if label is not None]


def _lines(listed: bytes | None) -> list[tuple[bytes, str | None]]:
    """Return (leaf, label of an opened place or None) of each line."""
    try:
        return [_line(line) for line in _whole_lines((listed or b"").decode())]
    except (KeyError, TypeError, ValueError):
        raise CheckFailedError("The list of the sample cannot be read.") from None


def _whole_lines(text: str) -> list[str]:
    *lines, after = text.split("\n")
    if after:
        raise ValueError
    return lines


def _line(line: str) -> tuple[bytes, str | None]:
    value = canonical_object(line)
    leaf = _bytes(value["leaf"], 32)
    if set(value) == {"leaf"}:
        return leaf, None
    salt, text = _bytes(value["salt"], SALT_BYTES), value["text"]
    opened = canonical_object(text)
    label = opened["label"]
    if set(value) != {"leaf", "salt", "text"} or set(opened) != {"key", "label"}:
        raise ValueError
    if not _LABEL.fullmatch(label) or leaf_hash(salt, text) != leaf:
        raise ValueError
    return leaf, label


def _bytes(text: object, length: int) -> bytes:
    data = hex_bytes(text)
    if len(data) != length:
        raise ValueError
    return data


def _check_events(sample: SampleSeal, events: bytes) -> None:
    """Pass when the trail shows the list fixed, and the same list drawn later."""
    root = bytes.fromhex(sample.root)
    shown = {event.seq: canonical_object(event.text) for event in disclosed_events(events)}
    fixed, dice = shown.get(sample.fixed_event), shown.get(sample.drawn_event)
    if fixed is None or dice is None or sample.fixed_event >= sample.drawn_event:
        raise CheckFailedError("The audit log does not show that the list was fixed first.")
    said = [(event.get("action"), event.get("reason")) for event in (fixed, dice)]
    expected = [
        (FIX, fixed_reason(root, sample.population, sample.method)),
        (DRAW, drawn_reason(root, sample.seed, sample.wanted, sample.method)),
    ]
    if said != expected or fixed.get("object") != dice.get("object"):
        raise CheckFailedError("The audit log tells of another sample than this one.")
