"""Checks of the audit log inside a pack: leaves, chain, tree, checkpoint, events, proofs.

Each check returns what it found as a sentence and raises `CheckFailedError` otherwise.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from shelter_desk.domain.audit import SALT_BYTES, leaf_hash, short_form
from shelter_desk.domain.merkle import (
    Checkpoint,
    Hashes,
    TreeHead,
    key_hash,
    merkle_root,
    read_checkpoint,
    read_note,
    verify_consistency,
    verify_inclusion,
)
from shelter_desk.exports.bundle import (
    CHECKPOINT,
    EVENTS,
    LEAF_BYTES,
    LEAVES,
    PROOFS,
    DisclosedEvent,
    chain_head,
)
from shelter_desk.exports.manifest import EarlierSeal, Manifest
from shelter_desk.exports.problems import PackError
from shelter_desk.exports.strict_json import (
    canonical_object,
    hex_bytes,
    plain_list,
    whole_number,
)

SignatureCheck = Callable[[bytes, bytes, bytes], bool]
"""(raw public key, signature, message) -> whether it holds."""


class CheckFailedError(PackError):
    """A check did not pass."""


@dataclass(frozen=True, slots=True)
class LogEvidence:
    """The audit files of a pack (path -> bytes) and the manifest they must agree with."""

    files: Mapping[str, bytes]
    manifest: Manifest
    holds: SignatureCheck

    def leaves(self) -> Sequence[bytes]:
        """Return the leaves, oldest first; the last is short where the file was cut in it."""
        joined = self.files[LEAVES]
        if len(joined) % LEAF_BYTES == 0:
            return Hashes(joined)
        return [joined[i : i + LEAF_BYTES] for i in range(0, len(joined), LEAF_BYTES)]


def check_size(log: LogEvidence) -> str:
    """The number of leaves is the number stated."""
    stated, length = log.manifest.audit.size, len(log.files[LEAVES])
    if length != stated * LEAF_BYTES:
        raise CheckFailedError(
            f"The audit log should have {stated:,} entries, but "
            f"{length // LEAF_BYTES:,} are here. Entries were cut off or added."
        )
    return f"{stated:,} entries."


def check_head(log: LogEvidence) -> str:
    """The chain over the leaves ends in the stated head."""
    if chain_head(log.leaves()).hex() != log.manifest.audit.head:
        raise CheckFailedError("The chain of the audit log is broken: an entry was changed.")
    return "No entry was changed, taken out or put in."


def check_root(log: LogEvidence) -> str:
    """The tree over the leaves has the stated root."""
    root = merkle_root(log.leaves())
    if root.hex() != log.manifest.audit.root:
        raise CheckFailedError("The seal of the audit log does not fit its entries.")
    return f"Short form for paper: {short_form(log.manifest.audit.size, root)}."


def check_checkpoint(log: LogEvidence) -> str:
    """The checkpoint is signed by the maker of the pack and states the same size and root."""
    checkpoint = _signed_checkpoint(log)
    audit = log.manifest.audit
    if (checkpoint.size, checkpoint.root.hex()) != (audit.size, audit.root):
        raise CheckFailedError("The checkpoint speaks of another audit log than this one.")
    return f"Log of {checkpoint.origin}."


def check_earlier(log: LogEvidence) -> str:
    """The log still begins with the log that was sealed before."""
    earlier = log.manifest.audit.earlier
    if earlier is None:
        return "This pack names no earlier seal."
    leaves = log.leaves()
    if earlier.size > len(leaves) or merkle_root(leaves[: earlier.size]).hex() != earlier.root:
        raise CheckFailedError(
            f"The first {earlier.size:,} entries are not those sealed on "
            f"{earlier.sealed_on.isoformat()}. The past was changed."
        )
    return f"The {earlier.size:,} entries sealed on {earlier.sealed_on.isoformat()} are unchanged."


def check_events(log: LogEvidence) -> str:
    """Every disclosed event hashes into its leaf, in order, at its own number."""
    leaves = log.leaves()
    newest = 0
    count = 0
    for event in list(disclosed_events(log.files[EVENTS])):  # every line is read before any
        if not newest < event.seq <= len(leaves):
            raise CheckFailedError(f"Event {event.seq:,} does not stand in its place.")
        if leaf_hash(event.salt, event.text) != leaves[event.seq - 1]:
            raise CheckFailedError(f"Event {event.seq:,} is not the one in the audit log.")
        newest = event.seq
        count += 1
    return f"{count:,} events are shown; each is the one in the audit log."


def check_proofs(log: LogEvidence) -> str:
    """Every proof for a third person leads to the root."""
    audit = log.manifest.audit
    head = TreeHead(audit.size, bytes.fromhex(audit.root))
    try:
        proofs = canonical_object(log.files[PROOFS].decode().removesuffix("\n"))
        stated = (whole_number(proofs["size"]), hex_bytes(proofs["root"]).hex())
        inclusion = plain_list(proofs["inclusion"])
        paths = [(whole_number(proof["seq"]), _steps(proof)) for proof in inclusion]
        growth = proofs["consistency"]
        extends = None if growth is None else (whole_number(growth["size"]), _steps(growth))
    except (KeyError, TypeError, ValueError):
        raise CheckFailedError("The proofs cannot be read.") from None
    events = list(disclosed_events(log.files[EVENTS]))
    if stated != (audit.size, audit.root) or [e.seq for e in events] != [p[0] for p in paths]:
        raise CheckFailedError("The proofs do not belong to this audit log.")
    for event, (seq, path) in zip(events, paths, strict=True):
        leaf = leaf_hash(event.salt, event.text)
        if not verify_inclusion(leaf, seq - 1, head.size, path, head.root):
            raise CheckFailedError(f"The proof for event {seq:,} does not hold.")
    _check_consistency(audit.earlier, head, extends)
    return f"{len(paths):,} proofs hold."


def disclosed_events(text: bytes) -> Iterator[DisclosedEvent]:
    """Yield the events of events.jsonl.

    Raises:
        CheckFailedError: a line is not one event in its proper form.
    """
    try:
        lines = text.decode().split("\n")
    except UnicodeDecodeError:
        raise CheckFailedError("The events cannot be read.") from None
    if lines.pop():
        raise CheckFailedError("The list of events ends in the middle of a line.")
    for number, line in enumerate(lines, start=1):
        try:
            yield _event(canonical_object(line))
        except (KeyError, TypeError, ValueError):
            raise CheckFailedError(f"Line {number:,} of the events cannot be read.") from None


def _event(value: dict[str, Any]) -> DisclosedEvent:
    seq, salt, text = whole_number(value["seq"]), hex_bytes(value["salt"]), value["event"]
    if len(value) != 3 or len(salt) != SALT_BYTES:
        raise ValueError
    if whole_number(canonical_object(text).get("seq")) != seq:
        raise ValueError
    return DisclosedEvent(seq, salt, text)


def _signed_checkpoint(log: LogEvidence) -> Checkpoint:
    try:
        note = read_note(log.files[CHECKPOINT].decode())
        checkpoint = read_checkpoint(note.text)
    except ValueError:
        raise CheckFailedError("The checkpoint cannot be read.") from None
    key, message = log.manifest.signer_key, note.text.encode()
    if not any(
        line.key_hash == key_hash(line.name, key) and log.holds(key, line.signature, message)
        for line in note.signatures
    ):
        raise CheckFailedError("The checkpoint is not signed by the maker of this pack.")
    return checkpoint


def _steps(proof: Mapping[str, Any]) -> list[bytes]:
    steps = [hex_bytes(step) for step in plain_list(proof["path"])]
    if any(len(step) != LEAF_BYTES for step in steps):
        raise ValueError
    return steps


def _check_consistency(
    earlier: EarlierSeal | None, head: TreeHead, extends: tuple[int, list[bytes]] | None
) -> None:
    if earlier is None or earlier.size == 0:
        if extends is not None:
            raise CheckFailedError("The proofs do not belong to this audit log.")
        return
    old = TreeHead(earlier.size, bytes.fromhex(earlier.root))
    if extends is None or extends[0] != old.size or not verify_consistency(old, head, extends[1]):
        raise CheckFailedError("The proof that the log only grew does not hold.")
