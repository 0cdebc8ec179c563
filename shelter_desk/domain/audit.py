"""The audit trail as arithmetic: events, salted leaves, the chain of heads, and its checking.

Nothing here signs or stores: a signature is made and checked by callables that are passed in.
Every event is linked to the one before it, so that a changed, missing or moved entry is found at
the entry where it happened. An event's text may be erased or withheld: its leaf stays, and the
chain still adds up.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, NoReturn

from shelter_desk.domain.errors import ChainBrokenError

CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's base32 digits: no I, L, O or U, so that paper can be read aloud."""

EMPTY_HEAD = bytes(32)
"""The head before the first event."""

SALT_BYTES = 16

SignatureCheck = Callable[[str, bytes, bytes], bool]
"""(actor's public id, message, signature) -> whether that person signed that message."""


# No look for circles: these are values of rows, and every entry waits for it.
_CANONICAL = json.JSONEncoder(
    ensure_ascii=False,
    sort_keys=True,
    separators=(",", ":"),
    allow_nan=False,
    check_circular=False,
    default=bytes.hex,
)
_quoted = json.encoder.encode_basestring


def canonical_json(value: Any) -> str:  # noqa: ANN401 - any JSON value of str, int, bool, list, dict
    """Return the one spelling of a JSON value: sorted keys, no spaces, no escapes of letters.

    Bytes are spelled as hexadecimal digits.
    """
    return _CANONICAL.encode(value)


@dataclass(frozen=True, slots=True)
class AuditEvent:
    """Who did what to which record when. Carries no personal data.

    `utc_ms` is milliseconds since 1970 in UTC; `actor` and `object` are opaque public ids;
    `fields` are names of fields, never their values; `reason` is a code, or ""; `detail` is the
    `detail_digest` (hexadecimal) of the values, which stand apart, or "" where there are none.
    """

    seq: int
    utc_ms: int
    actor: str
    session: str
    action: str
    object: str = ""
    fields: tuple[str, ...] = ()
    reason: str = ""
    detail: str = ""

    def text(self) -> str:
        """Return the canonical JSON that is hashed and stored.

        Spelled out, because every entry waits for it: `canonical_json` takes four times as long.
        """
        return (
            f'{{"action":{_quoted(self.action)},"actor":{_quoted(self.actor)},'
            f'"detail":{_quoted(self.detail)},"fields":[{_listed(self.fields)}],'
            f'"object":{_quoted(self.object)},"reason":{_quoted(self.reason)},'
            f'"seq":{int(self.seq)},"session":{_quoted(self.session)},"utc_ms":{int(self.utc_ms)}}}'
        )


@lru_cache(maxsize=256)
def _listed(fields: tuple[str, ...]) -> str:
    # The same kinds of entries name the same fields.
    return ",".join([_quoted(name) for name in fields])


def read_event(text: str) -> AuditEvent:
    """Return the event that `text` spells.

    Raises:
        ValueError: when the text is not the canonical spelling of an event.
    """
    value = json.loads(text, parse_float=_no_fractions)
    try:
        event = AuditEvent(**{**value, "fields": tuple(value["fields"])})
    except (KeyError, TypeError) as error:
        message = "not an audit event"
        raise ValueError(message) from error
    if event.text() != text:
        message = "not the canonical spelling of an audit event"
        raise ValueError(message)
    return event


def _no_fractions(text: str) -> float:
    message = f"{text}: an audit event holds whole numbers only"
    raise ValueError(message)


def leaf_hash(salt: bytes, event_text: str) -> bytes:
    """Return SHA-256(0x00, salt, event): the leaf of RFC 6962 over salt and event together.

    The salt (16 random bytes) is what lets a short text be withheld: without it, anybody could
    try all likely texts against the leaf.
    """
    if len(salt) != SALT_BYTES:
        message = "a salt has 16 bytes"
        raise ValueError(message)
    return hashlib.sha256(b"\x00" + salt + event_text.encode()).digest()


def detail_digest(salt: bytes, body: bytes) -> bytes:
    """Return SHA-256(0x02, salt, body): what binds an event's details to its text.

    The salt (16 random bytes) stands with the details and goes with them when they are lawfully
    destroyed: from the digest alone nobody can then try out what they may have been.
    """
    if len(salt) != SALT_BYTES:
        message = "a salt has 16 bytes"
        raise ValueError(message)
    return hashlib.sha256(b"\x02" + salt + body).digest()


def next_head(head: bytes, leaf: bytes) -> bytes:
    """Return the head after one more leaf: SHA-256(0x01, head before, leaf)."""
    return hashlib.sha256(b"\x01" + head + leaf).digest()


def message_to_sign(vault_id: bytes, seq: int, head: bytes) -> bytes:
    """Return what the acting person signs: vault id, seq as 8 bytes (big endian), head."""
    return vault_id + seq.to_bytes(8, "big") + head


@dataclass(frozen=True, slots=True)
class ChainRow:
    """One stored entry. `salt` and `event_text` are None where lawfully erased or withheld.

    `detail` is salt and body of what stands apart, or None where there is nothing (left).
    """

    seq: int
    actor: str
    leaf: bytes
    head: bytes
    signature: bytes
    salt: bytes | None
    event_text: str | None
    detail: tuple[bytes, bytes] | None = None


@dataclass(frozen=True, slots=True)
class ChainReport:
    """What a check found: entries up to `count`, the newest `head`, how many had no text.

    `count` is the seq of the last entry (entries before the start of the check included);
    `signatures` is how many were checked.
    """

    count: int
    head: bytes
    checked: int
    withheld: int
    signatures: int


@dataclass(frozen=True, slots=True)
class Signatures:
    """How to check signatures while walking the chain; `every` = 10 checks each tenth entry."""

    vault_id: bytes
    check: SignatureCheck
    every: int = 1


def verify_chain(
    rows: Iterable[ChainRow],
    *,
    after: int = 0,
    head: bytes = EMPTY_HEAD,
    signatures: Signatures | None = None,
    details: bool = False,
) -> ChainReport:
    """Walk the entries in order and return what was found.

    `after` and `head` start the walk behind an entry that is trusted already (seq and head of
    it). Rows are read one at a time, so a generator over a million rows is fine. `details` says
    that the rows come with what stands apart: in the store they do, in an audit pack they do not.

    Raises:
        ChainBrokenError: at the first entry that does not fit, with its number in the sentence.
    """
    seq, withheld, signed = after, 0, 0
    for row in rows:
        if row.seq != seq + 1:
            _broken(seq + 1, "is missing")
        seq = row.seq
        withheld += _check_text(row, details=details)
        head = next_head(head, row.leaf)
        if head != row.head:
            _broken(seq, "does not follow from the entry before it")
        if signatures is not None and seq % signatures.every == 0:
            _check_signature(row, signatures)
            signed += 1
    return ChainReport(seq, head, seq - after, withheld, signed)


def _check_text(row: ChainRow, *, details: bool) -> int:
    """Return 1 when the text is withheld, 0 when it was checked against its leaf."""
    if row.event_text is None or row.salt is None:
        return 1
    try:
        whole = leaf_hash(row.salt, row.event_text) == row.leaf
        # The leaf pins every letter of the text: reading it fully again would triple the cost.
        event = json.loads(row.event_text) if whole else {}
        in_place = not whole or (event["seq"], event["actor"]) == (row.seq, row.actor)
        sealed = event["detail"] if whole else ""
    except (ValueError, KeyError, TypeError):
        _broken(row.seq, "cannot be read")
    if not whole:
        _broken(row.seq, "was changed after it was sealed")
    if not in_place:
        _broken(row.seq, "stands in the wrong place")
    if details:
        _check_detail(row, sealed)
    return 0


def _check_detail(row: ChainRow, sealed: str) -> None:
    if row.detail is None:
        if sealed:
            _broken(row.seq, "has lost its details")
    elif not sealed:
        _broken(row.seq, "has details that were not sealed with it")
    elif detail_digest(*row.detail).hex() != sealed:
        _broken(row.seq, "has details that were changed after they were sealed")


def _check_signature(row: ChainRow, signatures: Signatures) -> None:
    message = message_to_sign(signatures.vault_id, row.seq, row.head)
    if not signatures.check(row.actor, message, row.signature):
        _broken(row.seq, "does not carry the signature of the person it names")


def _broken(seq: int, what: str) -> NoReturn:
    message = f"Entry {seq:,} of the audit trail {what}."
    raise ChainBrokenError(message, seq)


def crockford(data: bytes) -> str:
    """Return Crockford base32 of `data`; its length in bits must be a multiple of 5."""
    digits, rest = divmod(len(data) * 8, 5)
    if rest:
        message = "the length does not fill whole digits"
        raise ValueError(message)
    number = int.from_bytes(data, "big")
    return "".join(CROCKFORD[(number >> (5 * i)) & 31] for i in reversed(range(digits)))


def short_form(size: int, digest: bytes) -> str:
    """Return the form for paper: size and 80 bits, such as "12,481 · K7Q2 9XVD 3MTA 0W5E".

    Eighty bits: fifty would be within reach of an insider who searches for a second trail with
    the same short form.
    """
    text = crockford(digest[:10])
    return f"{size:,} · " + " ".join(text[i : i + 4] for i in range(0, 16, 4))
