"""What somebody could do to a pack, and which check must say so in which words."""

from __future__ import annotations

import io
import json
import tarfile
from collections.abc import Callable, Mapping
from functools import cache

from hand_tampered import hand_tampered
from invented_pack import (
    EVENTS,
    MODIFIED,
    OTHER_KEY,
    archive,
    held,
    leaves,
    resigned,
    resigned_text,
    sealed,
    sealed_archive,
    signed,
    signer,
)
from tampered_key_packs import tampered_key_packs
from tampered_samples import tampered_samples
from tampering import Tampering

from shelter_desk.domain.audit import short_form
from shelter_desk.domain.merkle import checkpoint_text, key_hash, merkle_root, signed_note
from shelter_desk.exports.bundle import chain_head
from shelter_desk.exports.manifest import fingerprint

WRONG = "One of the words is wrong."
DAMAGED = "The file is damaged."
CHUNK = 65_536 + 16


@cache
def tamperings() -> list[Tampering]:
    files = held(signed())
    return [
        *_container(sealed(files)),
        *_archive(files),
        *_manifest(files),
        *_log(files),
        *tampered_samples(files),
        *_series(files),
        *tampered_key_packs(files),
        *hand_tampered(files),
    ]


def _container(good: bytes) -> list[Tampering]:
    start = good.index(b"\n--- ") + 49  # first byte of the payload's nonce
    salt, factor = good.index(b"scrypt ") + 7, good.index(b" 8\n")
    body = factor + 3
    chunks = start + 16

    def at(place: int) -> bytes:
        # The lowest bit of a base64 letter's value may be unused at the end of a group; of a
        # letter in its middle it never is.
        return good[:place] + bytes([good[place] ^ 1]) + good[place + 1 :]

    def letter(place: int) -> bytes:
        other = b"A" if good[place : place + 1] != b"A" else b"B"
        return good[:place] + other + good[place + 1 :]

    swapped = good[:chunks] + good[chunks + CHUNK : chunks + 2 * CHUNK]
    swapped += good[chunks : chunks + CHUNK] + good[chunks + 2 * CHUNK :]
    extra_stanza = good[:body] + good[body:].replace(b"\n---", b"\n-> x\nAAAA\n---", 1)
    say = {
        "version line": (letter(3), DAMAGED),
        "salt": (letter(salt + 4), WRONG),
        "wrapped key": (letter(body + 4), WRONG),
        "work factor lower": (good.replace(b" 8\n", b" 7\n", 1), WRONG),
        "work factor with a zero": (good.replace(b" 8\n", b" 08\n", 1), DAMAGED),
        "work factor huge": (good.replace(b" 8\n", b" 21\n", 1), "far more work"),
        "header seal": (letter(start - 20), DAMAGED),
        "second way to open": (extra_stanza, DAMAGED),
        "header with other line ends": (
            good[:start].replace(b"\n", b"\r\n") + good[start:],
            DAMAGED,
        ),
        "header cut": (good[: body + 10], DAMAGED),
        "only the header": (good[:start], DAMAGED),
        "nonce": (at(start + 3), DAMAGED),
        "first chunk": (at(chunks + 7), DAMAGED),
        "second chunk": (at(chunks + CHUNK + 7), DAMAGED),
        "last byte": (at(len(good) - 1), DAMAGED),
        "cut by one byte": (good[:-1], DAMAGED),
        "cut after a chunk": (good[: chunks + CHUNK], DAMAGED),
        "cut after the nonce": (good[:chunks], DAMAGED),
        "a byte added": (good + b"\0", DAMAGED),
        "chunks swapped": (swapped, DAMAGED),
        "chunk twice": (
            good[: chunks + CHUNK] + good[chunks : chunks + CHUNK] + good[chunks + CHUNK :],
            DAMAGED,
        ),
        "empty file": (b"", DAMAGED),
        "another kind of file": (b"PK\x03\x04" + bytes(5_000), DAMAGED),
    }
    cases = [Tampering(name, pack, "container", says) for name, (pack, says) in say.items()]
    wrong = ("kiwi crayon latch ozone trance puppy", "kiwi crayon latch ozone trance")
    return cases + [
        Tampering(f"words: {words}", good, "container", WRONG, words) for words in wrong
    ]


def _archive(files: Mapping[str, bytes]) -> list[Tampering]:
    plain = archive(files)
    end = 512 * (1 + -(-len(files["manifest.json"]) // 512))  # where manifest.sig's header starts

    def entry(name: str, kind: bytes = tarfile.REGTYPE, link: str = "") -> bytes:
        info = tarfile.TarInfo(name)
        info.type, info.linkname, info.mode, info.mtime = kind, link, 0o600, MODIFIED
        return info.tobuf(format=tarfile.USTAR_FORMAT)

    def with_entry(header: bytes) -> bytes:
        return sealed_archive(plain[:end] + header + plain[end:])

    long_name = io.BytesIO()
    with tarfile.open(fileobj=long_name, mode="w", format=tarfile.PAX_FORMAT) as pax:
        info = tarfile.TarInfo("data/á.csv")
        pax.addfile(info, io.BytesIO())
    used = len(plain.rstrip(b"\0"))
    hidden = bytearray(plain)
    hidden[512 + len(files["manifest.json"])] = 1
    behind = bytearray(plain)
    behind[-1] = 1
    checksum = bytearray(plain)
    checksum[148:154] = b"000001"
    owner = bytearray(entry("data/x.csv"))
    owner[265:268] = b"sky"
    say = {
        "link": (with_entry(entry("data/x.csv", tarfile.SYMTYPE, "/etc/passwd")), "plain file"),
        "hard link": (with_entry(entry("data/x", tarfile.LNKTYPE, "README.txt")), "plain file"),
        "folder": (with_entry(entry("data/x", tarfile.DIRTYPE)), "may not stand|plain file"),
        "device": (with_entry(entry("data/x", tarfile.CHRTYPE)), "plain file"),
        "way out": (with_entry(entry("data/../../x.csv")), "may not stand"),
        "absolute": (with_entry(entry("/tmp/x.csv")), "may not stand"),
        "hidden name": (with_entry(entry("data/.x.csv")), "may not stand"),
        "backslash": (with_entry(entry("data\\x.csv")), "may not stand"),
        "twice": (with_entry(entry("README.txt")), "twice"),
        "twice but for case": (with_entry(entry("readme.TXT")), "twice"),
        "owner name": (with_entry(bytes(owner)), "plain file"),
        "second name field": (
            with_entry(entry("d" * 60 + "/" + "x" * 60 + ".csv")),
            "plain file|may not stand",
        ),
        "other header kind": (with_entry(long_name.getvalue()[:1024]), "may not stand|plain"),
        "checksum": (sealed_archive(bytes(checksum)), "plain file"),
        "bytes between files": (sealed_archive(bytes(hidden)), "between the files"),
        "bytes after the end": (sealed_archive(bytes(behind)), "after the last file"),
        "padding cut": (sealed_archive(plain[:-512]), "size"),
        "padding added": (sealed_archive(plain + bytes(512)), "size"),
        "cut in a file": (sealed_archive(plain[: used - 2_000]), "middle of a file"),
        "nothing inside": (sealed_archive(bytes(1024)), "empty"),
        "signature too long": (sealed({**files, "manifest.sig": bytes(65)}), "larger"),
        "list too long": (sealed({**files, "manifest.json": bytes(1 << 21)}), "larger"),
    }
    return [Tampering(name, pack, "archive", says) for name, (pack, says) in say.items()]


def _manifest(files: Mapping[str, bytes]) -> list[Tampering]:
    text = files["manifest.json"]

    def drop(path: str) -> dict[str, bytes]:
        return {p: content for p, content in files.items() if p != path}

    def set_field(key: str, value: object) -> Callable[[dict[str, object]], object]:
        return lambda manifest: manifest.update({key: value})

    def entry(path: str) -> Callable[[dict[str, object]], object]:
        new = {"path": path, "sha256": "0" * 64, "size": 1}
        return lambda m: m["files"].insert(0, new)  # type: ignore[attr-defined]

    csv = files["data/census.csv"]
    spaced = json.dumps(json.loads(text), sort_keys=True, ensure_ascii=False).encode()
    doubled = text[:-1] + b',"signer_pub":"x"}'
    floating = text.replace(b'"k":5', b'"k":5.0')
    cases = {
        "manifest": {
            "no manifest": (drop("manifest.json"), "no list"),
            "not json": (resigned_text(files, text[:-1]), "cannot be read"),
            "spaces": (resigned_text(files, spaced), "one proper form"),
            "key twice": (resigned_text(files, doubled), "one proper form"),
            "number as float": (resigned_text(files, floating), "one proper form"),
            "unknown field": (resigned(files, set_field("zz", 1)), "does not know"),
            "other format": (resigned(files, set_field("format", "x/2")), "kind"),
            "field gone": (resigned(files, lambda m: m.pop("purpose")), "purpose"),
            "bad period": (resigned(files, set_field("period", "<b>")), "period"),
            "bad moment": (
                resigned(files, set_field("created", "2026-02-31T00:00:00Z")),
                "created",
            ),
            "bad id": (resigned(files, set_field("export_id", "K7Q29XVO")), "export_id"),
            "negative count": (resigned(files, set_field("counts", {"a": -1})), "a is missing"),
            "way out in list": (resigned(files, entry("../x")), "files"),
            "list out of order": (resigned(files, lambda m: m["files"].reverse()), "order"),
            "other fingerprint": (
                resigned(files, set_field("signer_fpr", "0000 0000 0000 0000")),
                "fingerprint",
            ),
        },
        "signature": {
            "period edited": (
                {**files, "manifest.json": text.replace(b"2026-Q1", b"2026-Q2", 1)},
                "list was changed",
            ),
            "signature flipped": (
                {
                    **files,
                    "manifest.sig": bytes([files["manifest.sig"][0] ^ 1])
                    + files["manifest.sig"][1:],
                },
                "list was changed",
            ),
            "no signature": (drop("manifest.sig"), "list was changed"),
            "signed by another": (
                {**files, "manifest.sig": OTHER_KEY.sign(text)},
                "list was changed",
            ),
        },
        "files": {
            "table changed": ({**files, "data/census.csv": csv.replace(b"12", b"13")}, "census"),
            "table longer": ({**files, "data/census.csv": csv + b"x\r\n"}, "census"),
            "report changed": (
                {**files, "data/report.pdf": files["data/report.pdf"][:-1] + b"x"},
                "report",
            ),
            "read-me changed": ({**files, "README.txt": b"Call this number."}, "README"),
        },
        "complete": {
            "table gone": (drop("data/census.csv"), "data/census.csv is missing"),
            "file added": ({**files, "data/more.csv": b"a\r\n"}, "data/more.csv was added"),
            "read-me never there": (resigned(drop("README.txt")), "README.txt is missing"),
        },
    }
    return [
        Tampering(name, sealed(changed), check, says)
        for check, some in cases.items()
        for name, (changed, says) in some.items()
    ]


def _log(files: Mapping[str, bytes]) -> list[Tampering]:
    """Changes by a dishonest maker: everything is signed properly, but the log does not agree."""
    data, proofs = files["audit/leaves.bin"], files["audit/proofs.json"]
    shown = files["audit/events.jsonl"].splitlines(keepends=True)
    changed = b"\0" * 32 + data[32:]
    changed_leaves = [changed[i : i + 32] for i in range(0, len(changed), 32)]

    def log(path: str, content: bytes) -> dict[str, bytes]:
        return {**files, f"audit/{path}": content}

    def set_audit(**values: object) -> Callable[[dict[str, object]], object]:
        return lambda m: m["audit"].update(values)  # type: ignore[attr-defined]

    def note(size: int, root: bytes, **by: object) -> bytes:
        who = signer(**by)
        text = checkpoint_text("desk.example/log", size, root)
        seal = who.sign(text.encode())
        return signed_note(text, who.name, key_hash(who.name, who.public_key), seal).encode()

    root = merkle_root(leaves())
    head = chain_head(changed_leaves).hex()
    cases = {
        "log-size": {
            "last entry cut": resigned(log("leaves.bin", data[:-32])),
            "entry added": resigned(log("leaves.bin", data + bytes(32))),
            "half an entry": resigned(log("leaves.bin", data[:-16])),
        },
        "log-head": {
            "entry changed": resigned(log("leaves.bin", changed)),
            "entries swapped": resigned(log("leaves.bin", data[32:64] + data[:32] + data[64:])),
            "other head": resigned(files, set_audit(head="0" * 64)),
        },
        "log-root": {
            "entry and head changed": resigned(log("leaves.bin", changed), set_audit(head=head)),
            "other root": resigned(files, set_audit(root="0" * 64)),
        },
        "checkpoint": {
            "of another log": resigned(log("checkpoint.txt", note(299, root))),
            "of another root": resigned(log("checkpoint.txt", note(300, bytes(32)))),
            "by another": resigned(log("checkpoint.txt", note(300, root, key=OTHER_KEY))),
            "not a note": resigned(log("checkpoint.txt", b"300\n")),
            "text edited": resigned(
                log("checkpoint.txt", files["audit/checkpoint.txt"].replace(b"desk", b"dusk", 1))
            ),
        },
        "earlier": {
            "past changed": resigned(
                files, set_audit(prev={"date": "2026-08-01", "root": "0" * 64, "size": 200})
            ),
            "past longer": resigned(
                files, set_audit(prev={"date": "2026-08-01", "root": root.hex(), "size": 301})
            ),
        },
        "events": {
            "text edited": resigned(
                log("events.jsonl", b"".join(shown).replace(b"re-sky", b"re-ash", 1))
            ),
            "salt edited": resigned(
                log("events.jsonl", b"".join(shown).replace(b'"salt":"', b'"salt":"00', 1))
            ),
            "moved": resigned(
                log("events.jsonl", b"".join(shown).replace(b'"seq":17', b'"seq":18'))
            ),
            "order changed": resigned(log("events.jsonl", b"".join(reversed(shown)))),
            "shown twice": resigned(log("events.jsonl", shown[0] + b"".join(shown))),
            "line cut": resigned(log("events.jsonl", b"".join(shown)[:-5])),
        },
        "proofs": {
            "step changed": resigned(
                log("proofs.json", proofs.replace(b'"path":["', b'"path":["00', 1))
            ),
            "wrong steps": resigned(log("proofs.json", _other_steps(proofs))),
            "proof gone": resigned(log("proofs.json", _one_less(proofs))),
            "not json": resigned(log("proofs.json", b"{")),
        },
    }
    return [
        Tampering(name, sealed(changed), check, "")
        for check, some in cases.items()
        for name, changed in some.items()
    ]


def _other_steps(proofs: bytes) -> bytes:
    value = json.loads(proofs)
    value["inclusion"][2]["path"][3] = "0" * 64
    return json.dumps(value, sort_keys=True, separators=(",", ":")).encode() + b"\n"


def _one_less(proofs: bytes) -> bytes:
    value = json.loads(proofs)
    value["inclusion"].pop()
    return json.dumps(value, sort_keys=True, separators=(",", ":")).encode() + b"\n"


def other_fingerprint() -> str:
    return fingerprint(OTHER_KEY.public_key().public_bytes_raw())


def _series(files: Mapping[str, bytes]) -> list[Tampering]:
    """A pack that is whole and signed, in the place of another."""
    good = sealed(files)
    newer, other = merkle_root([*leaves(), bytes(32)]), merkle_root(leaves()[:199])
    older = "This pack is older than the one you had"
    after = {
        "an old pack put back": (short_form(EVENTS + 1, newer), older),
        "an old pack of a long log": (short_form(1_000_000, newer), older),
        "another log of the same length": (short_form(EVENTS, newer), "does not go on"),
        "another past": (short_form(200, other), "does not go on"),
    }
    said = [
        Tampering(name, good, "series", says, after=line) for name, (line, says) in after.items()
    ]

    def numbered(name: str, **changes: object) -> Tampering:
        changed = resigned(files, lambda manifest: manifest["series"].update(changes))
        return Tampering(name, sealed(changed), "manifest", "number|former|does not know|date")

    return [
        *said,
        numbered("first pack with one before it", number=1),
        numbered("later pack with none before it", former=None),
        numbered("no number", number="3"),
        numbered("number of nothing", number=0),
        numbered("former pack without a day", former={"export_id": "M8A60YYH"}),
        numbered("something beside the number", of=9),
    ]
