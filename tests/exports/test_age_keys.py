"""A container sealed to keys is age: other programs open ours, ours opens theirs."""

from __future__ import annotations

import io
import random
import subprocess

import pyrage
import pytest
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from hypothesis import given, settings
from hypothesis import strategies as st

from shelter_desk.domain.bech32 import age_identity, age_recipient
from shelter_desk.exports.age import CHUNK, AgeWriter, decrypt
from shelter_desk.exports.problems import DamagedPackError, NotForThisKeyError

DATA = random.Random(2).randbytes(3 * CHUNK + 1)
MOST = 1 << 30
FIRST, SECOND, STRANGER = (X25519PrivateKey.from_private_bytes(bytes([n]) * 32) for n in (1, 2, 3))


def public(key: X25519PrivateKey) -> bytes:
    return key.public_key().public_bytes_raw()


def sealed(plain: bytes, *keys: X25519PrivateKey) -> bytes:
    target = io.BytesIO()
    with AgeWriter(target, [public(key) for key in keys]) as writer:
        writer.write(plain)
    return target.getvalue()


def spelt(key: X25519PrivateKey) -> str:
    return age_identity(key.private_bytes_raw())


@pytest.mark.parametrize("size", [0, 1, CHUNK, CHUNK + 1, len(DATA)])
@pytest.mark.parametrize("key", [FIRST, SECOND], ids=["first", "second"])
def test_each_recipient_opens_it_with_our_reader_and_with_pyrage(size, key):
    file = sealed(DATA[:size], FIRST, SECOND)
    assert decrypt(io.BytesIO(file), key, most=MOST) == DATA[:size]
    identity = pyrage.x25519.Identity.from_str(spelt(key))
    assert pyrage.decrypt(file, [identity]) == DATA[:size]


def test_we_open_what_pyrage_seals_to_several_keys():
    to = [pyrage.x25519.Recipient.from_str(age_recipient(public(k))) for k in (FIRST, SECOND)]
    theirs = pyrage.encrypt(DATA, to)
    for key in (FIRST, SECOND):
        assert decrypt(io.BytesIO(theirs), key, most=MOST) == DATA


def test_debian_age_opens_ours_and_we_open_theirs(tmp_path):
    (tmp_path / "ours.age").write_bytes(sealed(DATA, FIRST, SECOND))
    (tmp_path / "key.txt").write_text(spelt(SECOND) + "\n")
    opened = subprocess.run(
        ["age", "-d", "-i", "key.txt", "ours.age"], cwd=tmp_path, capture_output=True, check=True
    )
    assert opened.stdout == DATA
    made = subprocess.run(
        ["age", "-r", age_recipient(public(FIRST))], input=DATA, capture_output=True, check=True
    )
    assert decrypt(io.BytesIO(made.stdout), FIRST, most=MOST) == DATA


def test_a_strangers_key_opens_nothing_and_is_told_apart_from_damage():
    file = sealed(DATA, FIRST)
    with pytest.raises(NotForThisKeyError):
        decrypt(io.BytesIO(file), STRANGER, most=MOST)
    with pytest.raises(DamagedPackError):
        decrypt(io.BytesIO(file[:-1]), FIRST, most=MOST)


@given(place=st.integers(0, 10**9), bit=st.integers(0, 7))
@settings(max_examples=300, deadline=None)
def test_no_flipped_bit_passes(place, bit):
    place %= len(_GOOD)
    bad = _GOOD[:place] + bytes([_GOOD[place] ^ (1 << bit)]) + _GOOD[place + 1 :]
    with pytest.raises((DamagedPackError, NotForThisKeyError)):
        decrypt(io.BytesIO(bad), FIRST, most=MOST)


_GOOD = sealed(DATA[:100], FIRST, SECOND)


@given(cut=st.integers(0, len(_GOOD) - 1))
@settings(max_examples=200, deadline=None)
def test_no_cut_passes(cut):
    with pytest.raises((DamagedPackError, NotForThisKeyError)):
        decrypt(io.BytesIO(_GOOD[:cut]), FIRST, most=MOST)


def test_a_header_without_an_end_is_refused_without_reading_on_for_ever():
    endless = b"age-encryption.org/v1\n" + b"-> grease x\nAAAA\n" * 5_000
    with pytest.raises(DamagedPackError):
        decrypt(io.BytesIO(endless), FIRST, most=MOST)
    with pytest.raises(DamagedPackError):
        decrypt(io.BytesIO(b"age-encryption.org/v1\n-> X25519 AAAA\n\n--- x\n"), FIRST, most=MOST)


def test_a_share_of_low_order_is_refused():
    share = b"A" * 43  # the zero point: every key would share the same secret with it
    header = b"age-encryption.org/v1\n-> X25519 " + share + b"\n" + b"A" * 43 + b"\n"
    with pytest.raises(DamagedPackError):
        decrypt(io.BytesIO(header + b"--- " + b"A" * 43 + b"\n"), FIRST, most=MOST)
