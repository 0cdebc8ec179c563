"""The chain: every change, gap, move and foreign signature is found at its entry."""

from __future__ import annotations

import dataclasses
import hashlib
import hmac
import json
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shelter_desk.domain.audit import (
    EMPTY_HEAD,
    AuditEvent,
    ChainRow,
    Signatures,
    canonical_json,
    crockford,
    detail_digest,
    leaf_hash,
    message_to_sign,
    next_head,
    read_event,
    short_form,
    verify_chain,
)
from shelter_desk.domain.errors import ChainBrokenError

VAULT = bytes(range(16))


def _sign(actor: str, message: bytes) -> bytes:
    """Stand in for a signature: a keyed hash that only this test can make."""
    return hmac.digest(f"key of {actor}".encode(), message, "sha256")


def _check(actor: str, message: bytes, signature: bytes) -> bool:
    return hmac.compare_digest(_sign(actor, message), signature)


def _event(seq: int) -> AuditEvent:
    return AuditEvent(
        seq=seq,
        utc_ms=1_760_000_000_000 + seq,
        actor=("stf-ash", "stf-sky")[seq % 2],
        session="ses-1",
        action="stay.view",
        object=f"stay-{seq}",
        fields=("called", "placement"),
        reason="handover",
    )


def _chain(count: int) -> list[ChainRow]:
    rows, head = [], EMPTY_HEAD
    for seq in range(1, count + 1):
        event, salt = _event(seq), hashlib.sha256(bytes([seq])).digest()[:16]
        leaf = leaf_hash(salt, event.text())
        head = next_head(head, leaf)
        signature = _sign(event.actor, message_to_sign(VAULT, seq, head))
        rows.append(ChainRow(seq, event.actor, leaf, head, signature, salt, event.text()))
    return rows


ROWS = _chain(20)
SIGNATURES = Signatures(VAULT, _check)


def test_a_whole_chain_is_whole() -> None:
    report = verify_chain(iter(ROWS), signatures=SIGNATURES)
    assert (report.count, report.checked, report.withheld, report.signatures) == (20, 20, 0, 20)
    assert report.head == ROWS[-1].head


def test_an_empty_chain_has_the_empty_head() -> None:
    report = verify_chain([])
    assert (report.count, report.head) == (0, EMPTY_HEAD)


def test_the_arithmetic_is_the_written_one() -> None:
    salt, text = b"s" * 16, '{"seq":1}'
    leaf = hashlib.sha256(b"\x00" + salt + text.encode()).digest()
    assert leaf_hash(salt, text) == leaf
    assert next_head(bytes(32), leaf) == hashlib.sha256(b"\x01" + bytes(32) + leaf).digest()
    assert message_to_sign(VAULT, 258, leaf) == VAULT + b"\0\0\0\0\0\0\x01\x02" + leaf
    with pytest.raises(ValueError, match="16 bytes"):
        leaf_hash(b"short", text)


def test_the_walk_can_start_behind_a_trusted_entry() -> None:
    report = verify_chain(ROWS[12:], after=12, head=ROWS[11].head, signatures=SIGNATURES)
    assert (report.count, report.checked, report.head) == (20, 8, ROWS[-1].head)
    with pytest.raises(ChainBrokenError, match="Entry 13 "):
        verify_chain(ROWS[12:], after=12, head=ROWS[10].head)


def test_an_erased_text_leaves_the_chain_whole() -> None:
    rows = list(ROWS)
    rows[4] = dataclasses.replace(rows[4], event_text=None, salt=None)
    report = verify_chain(rows, signatures=SIGNATURES)
    assert (report.withheld, report.head) == (1, ROWS[-1].head)


def test_a_sample_of_signatures_can_be_checked() -> None:
    report = verify_chain(ROWS, signatures=Signatures(VAULT, _check, every=5))
    assert report.signatures == 4


def _flip(data: bytes) -> bytes:
    return bytes([data[0] ^ 1]) + data[1:]


CHANGES = {
    "text": lambda row: {"event_text": row.event_text.replace("handover", "handovet")},
    "spelling": lambda row: {"event_text": row.event_text.replace(":", ": ")},
    "nonsense": lambda row: {"event_text": "{"},
    "not an event": lambda row: {"event_text": '{"seq":1}'},
    "a list": lambda row: {"event_text": "[]"},
    "salt": lambda row: {"salt": _flip(row.salt)},
    "short salt": lambda row: {"salt": row.salt[:15]},
    "leaf": lambda row: {"leaf": _flip(row.leaf)},
    "head": lambda row: {"head": _flip(row.head)},
    "signature": lambda row: {"signature": _flip(row.signature)},
    "actor": lambda row: {"actor": "stf-river"},
}


@pytest.mark.parametrize("what", CHANGES)
@pytest.mark.parametrize("seq", [1, 2, 10, 20])
def test_a_change_is_found_at_its_entry(what: str, seq: int) -> None:
    rows = list(ROWS)
    rows[seq - 1] = dataclasses.replace(rows[seq - 1], **CHANGES[what](rows[seq - 1]))
    with pytest.raises(ChainBrokenError, match=f"Entry {seq} of the audit trail"):
        verify_chain(rows, signatures=SIGNATURES)


@pytest.mark.parametrize(
    "text", ["[]", "null", "7", "{}", '{"seq":3}', "{", '{"seq":3,"actor":1}']
)
def test_a_text_that_was_sealed_and_is_no_event_is_found(text: str) -> None:
    rows = list(ROWS[:2])
    leaf = leaf_hash(bytes(16), text)
    head = next_head(rows[-1].head, leaf)
    rows.append(ChainRow(3, "stf-sky", leaf, head, b"", bytes(16), text))
    with pytest.raises(ChainBrokenError, match="Entry 3 of the audit trail"):
        verify_chain(rows)


def test_an_event_of_another_place_or_person_is_found() -> None:
    for event in (_event(2), dataclasses.replace(_event(1), actor="stf-river")):
        leaf = leaf_hash(bytes(16), event.text())
        head = next_head(EMPTY_HEAD, leaf)
        row = ChainRow(1, "stf-sky", leaf, head, b"", bytes(16), event.text())
        with pytest.raises(ChainBrokenError, match=r"Entry 1 .* wrong place"):
            verify_chain([row])


def _with_details() -> list[ChainRow]:
    """Six entries; the even ones have details that stand apart."""
    rows, head = [], EMPTY_HEAD
    for seq in range(1, 7):
        detail = None if seq % 2 else (bytes([seq]) * 16, b"values of %d" % seq)
        digest = detail_digest(*detail).hex() if detail else ""
        event = dataclasses.replace(_event(seq), detail=digest)
        leaf = leaf_hash(bytes(16), event.text())
        head = next_head(head, leaf)
        rows.append(ChainRow(seq, event.actor, leaf, head, b"", bytes(16), event.text(), detail))
    return rows


def test_details_are_checked_where_they_come_along_and_only_there() -> None:
    rows = _with_details()
    assert verify_chain(rows, details=True).count == 6
    bare = [dataclasses.replace(row, detail=None) for row in rows]
    assert verify_chain(bare).count == 6
    salt, body = rows[1].detail
    assert detail_digest(salt, body) == hashlib.sha256(b"\x02" + salt + body).digest()
    with pytest.raises(ValueError, match="16 bytes"):
        detail_digest(b"short", body)


@pytest.mark.parametrize(
    ("seq", "detail", "what"),
    [
        (2, None, "lost its details"),
        (2, (bytes([2]) * 16, b"values of 3"), "were changed"),
        (2, (bytes([3]) * 16, b"values of 2"), "were changed"),
        (2, (bytes([4]) * 16, b"values of 4"), "were changed"),  # another entry's
        (3, (bytes([4]) * 16, b"values of 4"), "not sealed with it"),
    ],
)
def test_details_that_were_touched_are_found_at_their_entry(seq, detail, what) -> None:
    rows = _with_details()
    rows[seq - 1] = dataclasses.replace(rows[seq - 1], detail=detail)
    with pytest.raises(ChainBrokenError, match=f"Entry {seq} .* {what}"):
        verify_chain(rows, details=True)


@pytest.mark.slow  # a million entries
def test_a_million_entries_are_verified_in_ten_seconds() -> None:
    rows, head = [], EMPTY_HEAD
    for seq in range(1, 1_000_001):
        text = _event(seq).text()
        leaf = leaf_hash(bytes(16), text)
        head = next_head(head, leaf)
        rows.append(ChainRow(seq, _event(seq).actor, leaf, head, b"", bytes(16), text))
    begun = time.process_time()
    report = verify_chain(rows)
    assert time.process_time() - begun < 10
    assert (report.count, report.head) == (1_000_000, head)


@given(st.integers(0, 18))
def test_a_missing_entry_is_found(index: int) -> None:
    with pytest.raises(ChainBrokenError, match=f"Entry {index + 1} of the audit trail is missing"):
        verify_chain(ROWS[:index] + ROWS[index + 1 :])


@given(st.integers(0, 18))
def test_exchanged_entries_are_found(index: int) -> None:
    rows = list(ROWS)
    rows[index], rows[index + 1] = (
        dataclasses.replace(rows[index + 1], seq=index + 1),
        dataclasses.replace(rows[index], seq=index + 2),
    )
    with pytest.raises(ChainBrokenError, match=f"Entry {index + 1} "):
        verify_chain(rows)


def test_a_signature_of_another_store_is_found() -> None:
    with pytest.raises(ChainBrokenError, match=r"Entry 1 .* signature"):
        verify_chain(ROWS, signatures=Signatures(bytes(16), _check))


def test_an_event_reads_back_and_has_one_spelling() -> None:
    event = _event(7)
    assert read_event(event.text()) == event
    assert list(json.loads(event.text())) == sorted(json.loads(event.text()))
    for text in (event.text() + " ", event.text().replace('"seq":7', '"seq":7.0'), "{}", "null"):
        with pytest.raises(ValueError, match=r"."):
            read_event(text)


@given(
    st.recursive(
        st.booleans() | st.integers() | st.text(st.characters(codec="utf-8")),
        lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
        max_leaves=10,
    )
)
def test_canonical_json_reads_back_and_is_stable(value) -> None:
    text = canonical_json(value)
    assert json.loads(text) == value
    assert canonical_json(json.loads(text)) == text


def test_canonical_json_has_no_infinity() -> None:
    with pytest.raises(ValueError, match=r"."):
        canonical_json(float("inf"))


def test_the_form_for_paper() -> None:
    assert short_form(12481, bytes(range(32))) == "12,481 · 000G 40R4 0M30 E209"
    assert crockford(bytes([0xFF] * 5)) == "ZZZZZZZZ"
    with pytest.raises(ValueError, match="whole digits"):
        crockford(b"abc")


@given(st.binary(min_size=10, max_size=10), st.binary(min_size=10, max_size=10))
def test_two_short_forms_are_equal_only_when_eighty_bits_are(one: bytes, two: bytes) -> None:
    assert (short_form(1, one) == short_form(1, two)) == (one == two)
