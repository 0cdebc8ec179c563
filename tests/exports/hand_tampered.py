"""Packs that a clever adversary would make by hand, each in a way that has fooled readers.

Some of them know the words and have a key of their own: they seal and sign what they made.
"""

from __future__ import annotations

import io
import json
import tarfile
from collections.abc import Callable, Mapping
from dataclasses import replace

from hand_sealed import hand_sealed, sealed_by_hand
from hand_signed import hand_signed
from invented_pack import (
    EVENTS,
    MODIFIED,
    archive,
    contents,
    event,
    held,
    leaves,
    resigned,
    resigned_text,
    sealed,
    sealed_archive,
    signer,
)
from tampering import Tampering

from shelter_desk.domain.audit import canonical_json, leaf_hash
from shelter_desk.exports.bundle import DisclosedEvent, sign_pack

UNREADABLE = "list of contents cannot be read"
IMPROPER = "one proper form"
NOT_ALLOWED = "may not stand"
PROOFS, CHECKPOINT = "audit/proofs.json", "audit/checkpoint.txt"
DEVICES = ("data/CON.csv", "data/aux", "COM1.pdf", "data/nul/x.csv", "lpt9.tar.gz", "data/Prn.a.b")


def hand_tampered(files: Mapping[str, bytes]) -> list[Tampering]:
    plain = archive(files)
    return [
        *hand_sealed(plain),
        *_archive(plain, files),
        *_manifest(files),
        *hand_signed(files),
        *_log(files),
    ]


# The archive


def _archive(plain: bytes, files: Mapping[str, bytes]) -> list[Tampering]:
    end = 512 * (1 + -(-len(files["manifest.json"]) // 512))

    def entry(name: bytes, kind: bytes = b"0", size: bytes = b"0" * 11 + b"\0") -> bytes:
        block = bytearray(512)
        block[: len(name)] = name
        block[100:148] = b"0000600\0" + b"0000000\0" * 2 + size + b"%011o\0" % MODIFIED
        block[148:157] = b"        " + kind
        block[257:265] = b"ustar\00000"
        block[148:156] = b"%06o\0 " % sum(block)
        return bytes(block)

    def with_entry(header: bytes) -> bytes:
        return sealed_archive(plain[:end] + header + plain[end:])

    def of_kind(kind: tarfile.TarInfo, **more: object) -> bytes:
        return kind.tobuf(format=tarfile.GNU_FORMAT)

    long_name = tarfile.TarInfo("data/" + "x" * 120 + ".csv")
    second = io.BytesIO()
    with tarfile.open(fileobj=second, mode="w") as tar:
        tar.addfile(tarfile.TarInfo("data/more.csv"))
    used = plain.rstrip(b"\0")
    used += bytes(-len(used) % 512)
    twin = entry(b"data/" + "ä.csv".encode()) + entry(b"data/" + "a\u0308.csv".encode())
    names = {
        **{name: name.encode() for name in DEVICES},
        "dot at the end": b"data/x.",
        "space at the end": b"data/x.csv ",
        "space in front": b" data/x.csv",
        "stream of a file": b"data/x.csv:more",
        "drive": b"C:/x.csv",
        "share": b"//server/x.csv",
        "two slashes": b"data//x.csv",
        "this folder": b"./data/x.csv",
        "nothing but dots": b"data/../x.csv",
        "zero in the middle": b"data/x\0.csv",
        "written backwards": "data/\u202evsc.csv".encode(),
        "a word that looks the same": "d\u0430ta/x.csv".encode(),
    }
    say = {
        **{f"name: {name}": (with_entry(entry(raw)), NOT_ALLOWED) for name, raw in names.items()},
        "twins but for how a letter is put together": (with_entry(twin), NOT_ALLOWED),
        "two lists of contents": (with_entry(entry(b"manifest.json")), "twice"),
        "two lists but for case": (with_entry(entry(b"MANIFEST.json")), "twice"),
        "a file in the place of a folder": (with_entry(entry(b"data")), "cannot both be unpacked"),
        "a folder in the place of a file": (
            with_entry(entry(b"MANIFEST.JSON/x.csv")),
            "cannot both be unpacked",
        ),
        "long name of GNU": (with_entry(of_kind(long_name)), NOT_ALLOWED),
        "sparse file of GNU": (with_entry(entry(b"data/x.csv", b"S")), "plain file"),
        "old kind of file": (with_entry(entry(b"data/x.csv", b"\0")), "plain file"),
        "header for all that follow": (with_entry(entry(b"pax_header", b"g")), "plain file"),
        "size in another base": (
            with_entry(entry(b"data/x.csv", size=b"\x80" + bytes(10) + b"\x05")),
            "proper size",
        ),
        "size below nothing": (
            with_entry(entry(b"data/x.csv", size=b"-0000000001\0")),
            "proper size",
        ),
        "size of eight gigabytes": (
            with_entry(entry(b"data/x.csv", size=b"7" * 11 + b"\0")),
            "larger than an audit pack may be",
        ),
        "another archive after the end": (
            sealed_archive(used + bytes(1024) + second.getvalue()),
            "after the last file",
        ),
    }
    return [Tampering(name, pack, "archive", says) for name, (pack, says) in say.items()]


# The list of contents, signed by whoever wrote it


def _manifest(files: Mapping[str, bytes]) -> list[Tampering]:
    text = files["manifest.json"]

    def put(old: bytes, new: bytes) -> bytes:
        assert text.count(old) == 1, old
        return text.replace(old, new)

    def edited(edit: Callable[[dict[str, object]], object]) -> bytes:
        return resigned(files, edit)["manifest.json"]

    def audit(**values: object) -> bytes:
        return edited(lambda m: m["audit"].update(values))  # type: ignore[attr-defined]

    def prev(day: str) -> bytes:
        return put(b'"prev":{"date":"2026-08-01"', b'"prev":{"date":"%s"' % day.encode())

    deep = b"[" * 5_000 + b"]" * 5_000
    key = json.loads(text)["signer_pub"]
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
    loose = key[:-2] + letters[letters.index(key[-2]) | 1] + "="
    listed = {"path": "data/nul.csv", "sha256": "0" * 64, "size": 1}
    more = edited(lambda m: m["files"].insert(1, listed))  # type: ignore[attr-defined]
    texts = {
        "mark of byte order": (b"\xef\xbb\xbf" + text, UNREADABLE),
        "in UTF-16": (text.decode().encode("utf-16"), UNREADABLE),
        "half of a letter": (put(b'"Licensing visit"', b'"\\ud800"'), UNREADABLE),
        "no number": (put(b'"k":5', b'"k":NaN'), UNREADABLE),
        "nested without end": (put(b'"k":5', b'"k":' + deep), UNREADABLE),
        "nested too deep": (put(b'"k":5', b'"k":' + b"[" * 60 + b"]" * 60), UNREADABLE),
        "fraction": (put(b'"k":5', b'"k":5.5'), IMPROPER),
        "number with a power": (put(b'"k":5', b'"k":5e0'), IMPROPER),
        "number that no browser holds": (put(b'"k":5', b'"k":9007199254740993'), IMPROPER),
        "number of a thousand digits": (put(b'"k":5', b'"k":' + b"9" * 5_000), IMPROPER),
        "letters spelt as codes": (put(b"Licensing visit", b"Licensin\\u0067 visit"), IMPROPER),
        "key twice, spelt in two ways": (
            put(b'"period":"2026-Q1"', b'"period":"2026-Q2","p\\u0065riod":"2026-Q1"'),
            IMPROPER,
        ),
        "line after the end": (text + b"\n", IMPROPER),
        "day without hyphens": (prev("20260801"), "date"),
        "day of a week": (prev("2026-W31-6"), "date"),
        "day that is none": (prev("2026-02-30"), "date"),
        "moment with one digit": (put(b"2026-11-23T02", b"2026-11-23T2"), "created"),
        "year one": (put(b'"2026-11-23T', b'"0001-11-23T'), "created"),
        "other digits": (
            put(b'"2026-11-23T', '"\uff12\uff10\uff12\uff16-11-23T'.encode()),
            "created",
        ),
        "key with loose bits": (put(key.encode(), loose.encode()), "signer_pub"),
        "no word of an earlier seal": (audit(), ""),
        "more drawn than there were": (put(b'"wanted":3', b'"wanted":13'), "wanted"),
        "device in the list": (more, "files"),
    }
    gone = json.loads(text)
    del gone["audit"]["prev"]
    texts["no word of an earlier seal"] = (canonical_json(gone).encode(), "does not know")
    return [
        Tampering(f"list: {name}", sealed(resigned_text(files, changed)), "manifest", says)
        for name, (changed, says) in texts.items()
    ]


# The log, by a dishonest maker


def _log(files: Mapping[str, bytes]) -> list[Tampering]:
    proofs, note = files[PROOFS], files[CHECKPOINT]
    told = json.loads(proofs)
    first = told["inclusion"][0]["path"][0].encode()
    spaced = first[:2] + b" " + first[2:]

    def put(old: bytes, new: bytes) -> dict[str, bytes]:
        assert old in proofs, old
        return {PROOFS: proofs.replace(old, new, 1)}

    def dumped(value: object) -> dict[str, bytes]:
        return {PROOFS: canonical_json(value).encode() + b"\n"}

    last = note.rstrip(b"\n")
    letters = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
    at = len(last) - 2 if last.endswith(b"=") and not last.endswith(b"==") else len(last) - 3
    loose = last[:at] + bytes([letters[letters.index(last[at]) | 1]]) + last[at + 1 :] + b"\n"
    unreadable = "proofs cannot be read"
    of_other = "proofs do not belong"
    size, seq = b'"size":%d' % EVENTS, b'"seq":1}'
    own = event(1).text
    deep = "[" * 5_000 + "]" * 5_000
    shown = files["audit/events.jsonl"].split(b"\n", 1)
    changes = {
        ("proofs", "step in capitals"): (put(first, first.upper()), unreadable),
        ("proofs", "step with a space"): (put(first, spaced), unreadable),
        ("proofs", "path that is no list"): (dumped(_path(told, "")), unreadable),
        ("proofs", "path that is a group"): (dumped(_path(told, {})), unreadable),
        ("proofs", "no list of proofs"): (dumped({**told, "inclusion": {}}), unreadable),
        ("proofs", "growth that is false"): (dumped({**told, "consistency": False}), unreadable),
        ("proofs", "growth without a size"): (dumped(_growth(told)), unreadable),
        ("proofs", "no size"): (dumped({k: told[k] for k in told if k != "size"}), unreadable),
        ("proofs", "size as text"): (dumped({**told, "size": "300"}), unreadable),
        ("proofs", "root of another"): (dumped({**told, "root": "0" * 64}), of_other),
        ("proofs", "number that is true"): (put(seq, b'"seq":true}'), unreadable),
        ("proofs", "number with a point"): (put(size, size + b".0"), unreadable),
        ("proofs", "no number beside them"): (put(b"{", b'{"a":NaN,'), unreadable),
        ("proofs", "nested without end"): (
            put(b"{", b'{"a":' + deep.encode() + b","),
            unreadable,
        ),
        ("checkpoint", "signature with loose bits"): ({CHECKPOINT: loose}, "cannot be read"),
        ("checkpoint", "size of a thousand digits"): (
            {CHECKPOINT: note.replace(b"\n300\n", b"\n" + b"9" * 1_000 + b"\n", 1)},
            "cannot be read",
        ),
        ("checkpoint", "log without a name"): (
            {CHECKPOINT: note.replace(b"desk.example/log\n", b"\n", 1)},
            "cannot be read",
        ),
        ("checkpoint", "root of a few bytes"): (
            {CHECKPOINT: b"\n".join([*note.split(b"\n")[:2], b"AAAA", *note.split(b"\n")[3:]])},
            "cannot be read",
        ),
        ("log-size", "bytes after the last entry"): (
            {"audit/leaves.bin": files["audit/leaves.bin"] + b"more!"},
            "should have 300 entries, but 300",
        ),
        ("events", "line nested without end"): (
            {"audit/events.jsonl": b'{"a":' + deep.encode() + b"}\n" + shown[1]},
            "Line 1 of the events",
        ),
        ("events", "mark of byte order"): (
            {"audit/events.jsonl": b"\xef\xbb\xbf" + shown[0] + b"\n" + shown[1]},
            "Line 1 of the events",
        ),
    }
    events = {
        "whose number is true": own.replace('"seq":1,', '"seq":true,', 1),
        "with a fraction": own[:-1] + ',"z":1.5}',
        "with half of a letter": own[:-1] + ',"z":"\\ud800"}',
        "with no number": own[:-1] + ',"z":NaN}',
        "with a large number": own[:-1] + ',"z":1000000000000000000000}',
    }
    return [
        Tampering(f"log: {name}", sealed(resigned({**files, **changed})), check, says)
        for (check, name), (changed, says) in changes.items()
    ] + [
        Tampering(f"event {name}", sealed(_with_event(text)), "events", "Line 1 of the events")
        for name, text in events.items()
    ]


def whole_by_hand(files: Mapping[str, bytes]) -> dict[str, bytes]:
    """Return packs that are odd and right: they must open, or the others would prove nothing."""
    sorted_by_letters = event(1).text[:-1] + ',"\ufb01":1,"\U0001f600":1}'
    return {
        "sealed by hand": sealed_by_hand(archive(files)),
        "keys beyond the usual letters": sealed(_with_event(sorted_by_letters)),
    }


def _with_event(text: str) -> dict[str, bytes]:
    """Return a pack whose first event has this text, with its leaf, its proof and its seal."""
    odd = DisclosedEvent(1, event(1).salt, text)
    whole = contents()
    changed = (leaf_hash(odd.salt, text), *leaves()[1:])
    shown = (odd, *whole.audit.events[1:])
    audit = replace(whole.audit, leaves=changed, events=shown, earlier=None)
    return held(sign_pack(replace(whole, audit=audit), signer()))


def _path(told: dict[str, object], path: object) -> dict[str, object]:
    changed = json.loads(json.dumps(told))
    changed["inclusion"][0]["path"] = path
    return changed


def _growth(told: dict[str, object]) -> dict[str, object]:
    changed = json.loads(json.dumps(told))
    del changed["consistency"]["size"]
    return changed
