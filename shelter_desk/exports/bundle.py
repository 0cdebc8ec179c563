"""Puts an audit pack together: files, audit evidence, signed manifest, archive, seal."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from shelter_desk.domain.audit import EMPTY_HEAD, canonical_json, next_head
from shelter_desk.domain.merkle import (
    Hashes,
    MerkleTree,
    checkpoint_text,
    key_hash,
    signed_note,
    stretches,
)
from shelter_desk.exports.age import AgeWriter, Lock, Sink, sealed_size
from shelter_desk.exports.age_keys import KeyLock
from shelter_desk.exports.manifest import (
    MANIFEST,
    SIGNATURE,
    AuditSeal,
    EarlierSeal,
    FileEntry,
    Manifest,
    PackFacts,
    read_manifest,
)
from shelter_desk.exports.problems import PackError
from shelter_desk.exports.tar import Content, Streamed, archive_size, write_tar

EVENTS = "audit/events.jsonl"
LEAVES = "audit/leaves.bin"
CHECKPOINT = "audit/checkpoint.txt"
PROOFS = "audit/proofs.json"
README = "README.txt"
DATA = "data/"
LEAF_BYTES = 32
_DAY = 86_400


@dataclass(frozen=True, slots=True)
class DisclosedEvent:
    """One event whose text is shown: its number (from 1), its 16-byte salt, its canonical text."""

    seq: int
    salt: bytes
    text: str


@dataclass(frozen=True, slots=True)
class AuditPart:
    """The audit log as it goes into a pack.

    `origin` names the log in the checkpoint; `leaves` are all leaves, oldest first, 32 bytes
    each, and are read by stretches; `events` those whose text is disclosed, in order;
    `cosignatures` are further signature lines of the checkpoint (each ends with a line break).
    """

    origin: str
    leaves: Sequence[bytes]
    events: tuple[DisclosedEvent, ...] = ()
    earlier: EarlierSeal | None = None
    cosignatures: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PackContents:
    """What goes into a pack. `files` is path -> bytes, every path under "data/"."""

    files: Mapping[str, bytes]
    facts: PackFacts
    audit: AuditPart
    readme: str


@dataclass(frozen=True, slots=True)
class Signer:
    """Who signs: a name without spaces, the raw 32-byte Ed25519 public key, and how to sign."""

    name: str
    public_key: bytes
    sign: Callable[[bytes], bytes]


@dataclass(frozen=True, slots=True)
class SignedPack:
    """A pack that is signed but not yet sealed; `files` is every file in archive order."""

    manifest: Manifest
    files: Mapping[str, Content]

    @property
    def texts(self) -> Mapping[str, bytes]:
        """Return every file in which a word could stand: all but the leaves, which are digests."""
        return {p: content for p, content in self.files.items() if isinstance(content, bytes)}

    @property
    def size(self) -> int:
        """Return the exact size in bytes of the file sealed under words."""
        return self.size_under("")

    def size_under(self, lock: Lock) -> int:
        """Return the exact size in bytes of the sealed file."""
        plain = archive_size(len(content) for content in self.files.values())
        return sealed_size(plain, to_key=isinstance(lock, KeyLock))

    def write(self, target: Sink, lock: Lock) -> None:
        """Seal the pack under `lock` into `target`; no plaintext touches a disk."""
        created = int(self.manifest.facts.created_at.timestamp())
        with AgeWriter(target, lock) as writer:
            write_tar(self.files, writer, modified=created // _DAY * _DAY)


def seal(contents: PackContents, signer: Signer, words: str, target: Sink) -> Manifest:
    """Sign `contents` and write the sealed pack into `target`; return its manifest."""
    pack = sign_pack(contents, signer)
    pack.write(target, words)
    return pack.manifest


def sign_pack(contents: PackContents, signer: Signer) -> SignedPack:
    """Return the whole pack, signed, ready to be sealed.

    Raises:
        PackError: a file outside "data/", or facts and log that the manifest may not carry.
    """
    for path in contents.files:
        if not path.startswith(DATA):
            raise PackError(f"The file {path!a} does not stand under {DATA}.")
    seal_of_log, evidence = _audit_files(contents.audit, signer)
    files = {**contents.files, **evidence, README: contents.readme.encode()}
    ordered = {path: files[path] for path in sorted(files)}
    manifest = Manifest(contents.facts, _entries(ordered), seal_of_log, signer.public_key)
    text = manifest.to_bytes()
    read_manifest(text)  # what a reader would refuse must not be signed in the first place
    return SignedPack(manifest, {MANIFEST: text, SIGNATURE: signer.sign(text), **ordered})


def chain_head(leaves: Iterable[bytes]) -> bytes:
    """Return the head of the chain over all leaves, oldest first."""
    head = EMPTY_HEAD
    for leaf in leaves:
        head = next_head(head, leaf)
    return head


def _audit_files(audit: AuditPart, signer: Signer) -> tuple[AuditSeal, dict[str, Content]]:
    chain = _Chain()
    tree = MerkleTree(audit.leaves, chain.go_on)
    text = checkpoint_text(audit.origin, tree.size, tree.root)
    note = signed_note(
        text, signer.name, key_hash(signer.name, signer.public_key), signer.sign(text.encode())
    )
    return AuditSeal(tree.size, tree.root.hex(), chain.head.hex(), audit.earlier), {
        EVENTS: b"".join(_event_line(event) for event in audit.events),
        LEAVES: Streamed(
            tree.size * LEAF_BYTES,
            chain.digest.hexdigest(),
            lambda: (_joined(one) for one in stretches(audit.leaves)),
        ),
        CHECKPOINT: (note + "".join(audit.cosignatures)).encode(),
        PROOFS: _proofs(tree, audit),
    }


class _Chain:
    """Chain and digest of the leaves, made with the tree: a long trail is read once for all."""

    def __init__(self) -> None:
        self.head = EMPTY_HEAD
        self.digest = hashlib.sha256()

    def go_on(self, leaves: Sequence[bytes]) -> None:
        for leaf in leaves:
            if len(leaf) != LEAF_BYTES:
                raise PackError("The audit log holds a leaf of the wrong length.")
            self.head = next_head(self.head, leaf)
        self.digest.update(_joined(leaves))


def _joined(leaves: Sequence[bytes]) -> bytes:
    return leaves.joined if isinstance(leaves, Hashes) else b"".join(leaves)


def _event_line(event: DisclosedEvent) -> bytes:
    line = {"seq": event.seq, "salt": event.salt.hex(), "event": event.text}
    return canonical_json(line).encode() + b"\n"


def _proofs(tree: MerkleTree, audit: AuditPart) -> bytes:
    inclusion = [
        {"seq": event.seq, "path": [step.hex() for step in tree.inclusion_proof(event.seq - 1)]}
        for event in audit.events
    ]
    consistency = None
    if audit.earlier is not None and audit.earlier.size > 0:
        path = tree.consistency_proof(audit.earlier.size)
        consistency = {"size": audit.earlier.size, "path": [step.hex() for step in path]}
    proofs = {
        "size": tree.size,
        "root": tree.root.hex(),
        "inclusion": inclusion,
        "consistency": consistency,
    }
    return canonical_json(proofs).encode() + b"\n"


def _entries(files: Mapping[str, Content]) -> tuple[FileEntry, ...]:
    return tuple(
        FileEntry(path, len(content), _digest_of(content)) for path, content in files.items()
    )


def _digest_of(content: Content) -> str:
    return content.sha256 if isinstance(content, Streamed) else hashlib.sha256(content).hexdigest()
