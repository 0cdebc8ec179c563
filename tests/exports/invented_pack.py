"""An invented pack: three tables, a report, a log of 300 events of which five are shown."""

from __future__ import annotations

import hashlib
import io
import json
import random
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from shelter_desk.domain import sampling
from shelter_desk.domain.audit import AuditEvent, canonical_json, leaf_hash
from shelter_desk.domain.merkle import merkle_root
from shelter_desk.exports.age import AgeWriter
from shelter_desk.exports.bundle import (
    AuditPart,
    DisclosedEvent,
    PackContents,
    SignedPack,
    Signer,
    sign_pack,
)
from shelter_desk.exports.manifest import (
    Deidentification,
    EarlierSeal,
    PackFacts,
    ReleaseTerms,
)
from shelter_desk.exports.opener import opener_sha256, readme_in_pack
from shelter_desk.exports.pack_series import FormerPack, Series
from shelter_desk.exports.sample_check import SAMPLE, SAMPLE_LIST
from shelter_desk.exports.sample_seal import SampleSeal
from shelter_desk.exports.tar import write_tar

WORDS = "kiwi crayon latch ozone trance poppy"
LOW_WORK = 8
"""A work factor that keeps hundreds of tests fast; packs are always written with 17."""
MODIFIED = 1_790_000_000 // 86_400 * 86_400
EVENTS = 300
SHOWN = (1, 2, 17, 256, 300)
EARLIER = 200
_DICE = random.Random(26)
_KEY = Ed25519PrivateKey.from_private_bytes(_DICE.randbytes(32))
OTHER_KEY = Ed25519PrivateKey.from_private_bytes(_DICE.randbytes(32))
_SALTS = [_DICE.randbytes(16) for _ in range(EVENTS)]
SEED, POPULATION, DRAWN, FIXED_AT, DRAWN_AT = "3 1 6 2 5 4", 12, 3, 17, 256
_PLACES = sampling.in_order(
    sampling.Place(f"R{number:04}", _DICE.randbytes(32).hex(), _DICE.randbytes(16))
    for number in range(POPULATION)
)
_LIST_ROOT = sampling.root_of(place.leaf for place in _PLACES)
SAMPLE_EVENTS = {
    FIXED_AT: (sampling.FIX, sampling.fixed_reason(_LIST_ROOT, POPULATION)),
    DRAWN_AT: (sampling.DRAW, sampling.drawn_reason(_LIST_ROOT, SEED, DRAWN)),
}
PDF = b"%PDF-1.4\n" + _DICE.randbytes(150_000)


def signer(key: Ed25519PrivateKey = _KEY, name: str = "desk.example/river") -> Signer:
    return Signer(name, key.public_key().public_bytes_raw(), key.sign)


def event(seq: int) -> DisclosedEvent:
    moment = 1_790_000_000_000 + seq
    told = AuditEvent(seq, moment, "st-ash", "se-1", "answer-item", "re-sky", ("outcome",))
    if seq in SAMPLE_EVENTS:
        action, reason = SAMPLE_EVENTS[seq]
        told = AuditEvent(seq, moment, "st-ash", "se-1", action, "sd-1", (), reason)
    return DisclosedEvent(seq, _SALTS[seq - 1], told.text())


def sample_seal(**changes: object) -> SampleSeal:
    seal = SampleSeal(
        sampling.METHOD, POPULATION, _LIST_ROOT.hex(), DRAWN, SEED, FIXED_AT, DRAWN_AT
    )
    return replace(seal, **changes)


def sample_files(seed: str = SEED) -> dict[str, bytes]:
    """The list with the places that a seed draws opened, and a paper for each of them."""
    chosen = sampling.drawn(_LIST_ROOT, seed, POPULATION, DRAWN)
    opened = {at: _PLACES[at - 1] for at in chosen}
    return {
        SAMPLE_LIST: sampling.list_text([place.leaf for place in _PLACES], opened),
        **{f"{SAMPLE}{place.label}.pdf": PDF[:2000] for place in opened.values()},
    }


def leaves() -> tuple[bytes, ...]:
    events = (event(seq) for seq in range(1, EVENTS + 1))
    return tuple(leaf_hash(e.salt, e.text) for e in events)


def contents(**changes: object) -> PackContents:
    all_leaves = leaves()
    facts = PackFacts(
        export_id="K7Q29XVD",
        created_at=datetime(2026, 11, 23, 2, 40, 0, tzinfo=UTC),
        app_version="0.1.0",
        purpose="Licensing visit",
        legal_basis="licensing-statute",
        recipient="State licensing, visit 3",
        period="2026-Q1",
        counts={"timeliness": 3, "census": 2},
        deidentification=Deidentification("licensor", 5),
        opener_sha256=opener_sha256(),
        release=ReleaseTerms("Invented Code 42.1", ("st-ash", "st-river"), date(2027, 2, 21)),
        samples=(sample_seal(),),
        series=Series(3, FormerPack("M8A60YYH", date(2026, 8, 1), "5a" * 32)),
    )
    earlier = EarlierSeal(EARLIER, merkle_root(all_leaves[:EARLIER]).hex(), date(2026, 8, 1))
    audit = AuditPart("desk.example/log", all_leaves, tuple(event(seq) for seq in SHOWN), earlier)
    census = b'quarter,admissions,note\r\n2026-Q1,12,*\r\n2026-Q2,11,"a, ""b"""\r\n'
    timeliness = "item,due,done\r\nSafety plan,1,1\r\nDental,30,28\r\nÁrea,3,\r\n"
    files = {
        "data/census.csv": census,
        "data/timeliness.csv": timeliness.encode(),
        "data/report.pdf": PDF,
        **sample_files(),
    }
    return replace(PackContents(files, facts, audit, readme_in_pack()), **changes)


def contents_without_sample() -> PackContents:
    whole = contents()
    files = {path: data for path, data in whole.files.items() if not path.startswith(SAMPLE)}
    return replace(whole, files=files, facts=replace(whole.facts, samples=()))


def signed(**changes: object) -> SignedPack:
    return sign_pack(contents(**changes), signer())


def held(pack: SignedPack) -> dict[str, bytes]:
    """Return every file of a pack as bytes, what is streamed too."""
    return {
        path: content if isinstance(content, bytes) else b"".join(content.pieces())
        for path, content in pack.files.items()
    }


def sealed(files: Mapping[str, bytes], words: str = WORDS) -> bytes:
    """Seal any files as they are, with little work."""
    return sealed_archive(archive(files), words)


def archive(files: Mapping[str, bytes]) -> bytes:
    target = io.BytesIO()
    write_tar(files, target, modified=MODIFIED)
    return target.getvalue()


def sealed_archive(data: bytes, words: str = WORDS) -> bytes:
    target = io.BytesIO()
    with AgeWriter(target, words, work_factor=LOW_WORK) as writer:
        writer.write(data)
    return target.getvalue()


def resigned(
    files: Mapping[str, bytes],
    edit: Callable[[dict[str, object]], object] = lambda manifest: None,
    key: Ed25519PrivateKey = _KEY,
) -> dict[str, bytes]:
    """Sign the files anew after `edit` of the manifest: what its maker alone could do."""
    manifest = json.loads(files["manifest.json"])
    listed = sorted(set(files) - {"manifest.json", "manifest.sig"})
    manifest["files"] = [
        {"path": p, "size": len(files[p]), "sha256": hashlib.sha256(files[p]).hexdigest()}
        for p in listed
    ]
    edit(manifest)
    return resigned_text(files, canonical_json(manifest).encode(), key)


def resigned_text(
    files: Mapping[str, bytes], text: bytes, key: Ed25519PrivateKey = _KEY
) -> dict[str, bytes]:
    return {**files, "manifest.json": text, "manifest.sig": key.sign(text)}
