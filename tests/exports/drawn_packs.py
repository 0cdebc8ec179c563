"""Packs changed at random: in the sealed bytes, the archive, a file, or a value of it."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from functools import cache
from random import Random
from typing import Any

from invented_pack import archive, held, resigned, resigned_text, sealed, sealed_archive, signed

from shelter_desk.domain.audit import canonical_json

MANIFEST, EVENTS, PROOFS = "manifest.json", "audit/events.jsonl", "audit/proofs.json"
BYTES = b'\0\n\r "{}[],:0123456789-+.eEaZ/\\\x7f\x80\xc3\xa9\xef\xbb\xbf\xff'
ODD: tuple[Any, ...] = (
    None, True, False, 0, 1, -1, 2**53, 2**64, 0.5, -0.0, 1e300, "", "0", "a", "é", "e\u0301",
    "\0", "\ud7ff", "\U0001f33b", "İ", "<b>", "../x", "CON.csv", "2026-02-29", [], {}, [[]],
    "0" * 64, "F" * 64, "AUX", "2026-Q5", "data/census.csv",
)  # fmt: skip


def drawn_pack(seed: int) -> bytes:
    """Return the changed pack of this number: the same each time."""
    draw = Random(seed)
    return draw.choice((_in_the_seal, _in_the_archive, _in_a_file, _in_a_value, _in_a_value))(draw)


@cache
def _good() -> Mapping[str, bytes]:
    return held(signed())


def _in_the_seal(draw: Random) -> bytes:
    return _bitten(draw, sealed(_good()))


def _in_the_archive(draw: Random) -> bytes:
    plain = archive(_good())
    if draw.random() < 0.5:  # a byte of a header: most of an archive is contents
        starts = [at for at in range(0, len(plain), 512) if plain[at + 257 : at + 262] == b"ustar"]
        at = draw.choice(starts) + draw.randrange(512)
        return sealed_archive(plain[:at] + bytes([draw.choice(BYTES)]) + plain[at + 1 :])
    return sealed_archive(_bitten(draw, plain))


def _in_a_file(draw: Random) -> bytes:
    files = _good()
    path = draw.choice(sorted(files))
    bitten = _bitten(draw, files[path])
    if path == MANIFEST and draw.random() < 0.7:
        return sealed(resigned_text(files, bitten))
    changed = {**files, path: bitten}
    is_listed_anew = path not in (MANIFEST, "manifest.sig") and draw.random() < 0.7
    return sealed(resigned(changed) if is_listed_anew else changed)


def _in_a_value(draw: Random) -> bytes:
    files = _good()
    path = draw.choice((MANIFEST, MANIFEST, EVENTS, PROOFS))
    spell: Callable[[Any], str] = draw.choice((canonical_json, canonical_json, json.dumps))
    lines = [json.loads(line) for line in files[path].splitlines()]
    at = draw.randrange(len(lines))
    lines[at] = _other(draw, lines[at])
    end = "" if path == MANIFEST else "\n"
    try:
        text = "".join(spell(line) + end for line in lines).encode()
    except (UnicodeEncodeError, ValueError, TypeError):  # one that cannot be spelt at all
        text = b"{}"
    if path == MANIFEST:
        return sealed(resigned_text(files, text))
    return sealed(resigned({**files, path: text}))


def _bitten(draw: Random, data: bytes) -> bytes:
    """Return the bytes with some of them others, gone, doubled or new."""
    at = draw.randrange(len(data))
    upto = at + draw.choice((1, 1, 1, 2, 16, 512))
    new = draw.choice((
        bytes([data[at] ^ 1 << draw.randrange(8)]) + data[at + 1 : upto],
        bytes([draw.choice(BYTES)]) + data[at + 1 : upto],
        b"",
        data[at:upto] * 2,
        data[at:upto] + bytes([draw.choice(BYTES)]),
    ))  # fmt: skip
    return data[:at] + new + data[upto:]


def _other(draw: Random, value: Any) -> Any:
    """Return the value with something in it changed."""
    if isinstance(value, dict) and value and draw.random() < 0.9:
        return _other_in_fields(draw, value)
    if isinstance(value, list) and value and draw.random() < 0.9:
        at = draw.randrange(len(value))
        kept = draw.choice((value[at + 1 :], value[at:], value[at + 1 :]))
        return [*value[:at], _other(draw, value[at]), *kept]
    if isinstance(value, str) and value and draw.random() < 0.5:
        at = draw.randrange(len(value))
        return value[:at] + draw.choice(("", "0", " ", "A", "é", "\0", value)) + value[at + 1 :]
    if type(value) is int and draw.random() < 0.5:
        return value + draw.choice((-1, 1, 2**32, 2**53))
    return draw.choice(ODD)


def _other_in_fields(draw: Random, value: dict[str, Any]) -> dict[str, Any]:
    key = draw.choice(sorted(value))
    if draw.random() < 0.1:
        return {name: one for name, one in value.items() if name != key}
    if draw.random() < 0.1:
        return {**value, draw.choice(("zz", "__proto__", "constructor", "10", "é")): value[key]}
    return {**value, key: _other(draw, value[key])}
