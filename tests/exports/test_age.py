"""The container is age: other programs open ours, ours opens theirs, and damage never passes."""

from __future__ import annotations

import io
import os
import random
import subprocess
import sys
from pathlib import Path

import pyrage
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from invented_pack import LOW_WORK, WORDS
from typed_age import age

from shelter_desk.exports.age import (
    CHUNK,
    AgeWriter,
    check_opening,
    decrypt,
    decrypt_to_file,
    encrypt,
    plain_chunks,
    sealed_size,
)
from shelter_desk.exports.problems import DamagedPackError, TooCostlyError, WrongWordsError
from shelter_desk.exports.words import normalise_words

ROOT = Path(__file__).parents[2]
SIZES = (0, 1, 65_535, 65_536, 65_537, 131_072, 3_000_000)
MOST = 1 << 30
DATA = random.Random(1).randbytes(max(SIZES))


def sealed(plain: bytes, words: str = WORDS, work: int = LOW_WORK) -> bytes:
    target = io.BytesIO()
    with AgeWriter(target, words, work_factor=work) as writer:
        writer.write(plain)
    return target.getvalue()


@pytest.mark.parametrize("size", SIZES)
def test_pyrage_opens_what_we_write(size):
    assert pyrage.passphrase.decrypt(sealed(DATA[:size]), WORDS) == DATA[:size]


@pytest.mark.parametrize("size", SIZES)
def test_we_open_what_we_write(size):
    assert decrypt(io.BytesIO(sealed(DATA[:size])), WORDS, most=MOST) == DATA[:size]


@pytest.mark.slow  # pyrage measures the PC first and then spends seconds of scrypt on each file
@pytest.mark.parametrize("size", SIZES)
def test_we_open_what_pyrage_writes(size):
    theirs = pyrage.passphrase.encrypt(DATA[:size], WORDS)
    assert decrypt(io.BytesIO(theirs), WORDS, most=MOST) == DATA[:size]


@pytest.mark.parametrize("size", SIZES)
def test_debian_age_opens_what_we_write(size, tmp_path):
    (tmp_path / "pack.age").write_bytes(sealed(DATA[:size]))
    assert age("-d", "-o", "plain", "pack.age", words=WORDS, folder=tmp_path) == 0
    plain = tmp_path / "plain"
    # This age makes no file at all for an empty content.
    assert (plain.read_bytes() if plain.exists() else b"") == DATA[:size]


@pytest.mark.parametrize("size", [0, 65_536, 65_537])
def test_we_open_what_debian_age_writes(size, tmp_path):
    (tmp_path / "plain").write_bytes(DATA[:size])
    assert age("-p", "-o", "pack.age", "plain", words=WORDS, folder=tmp_path) == 0
    with (tmp_path / "pack.age").open("rb") as source:
        assert decrypt(source, WORDS, most=MOST) == DATA[:size]


def test_the_work_factor_of_a_pack_is_17():
    target = io.BytesIO()
    encrypt([b"a", b"b"], target, WORDS)
    assert target.getvalue().split(b"\n")[1].endswith(b" 17")
    assert len(target.getvalue()) == sealed_size(2)
    assert decrypt(io.BytesIO(target.getvalue()), WORDS, most=MOST) == b"ab"


@given(pieces=st.lists(st.integers(0, 2 * CHUNK + 3), max_size=4))
@settings(max_examples=40, deadline=None)
def test_the_size_of_the_pieces_written_does_not_matter(pieces):
    target, start = io.BytesIO(), 0
    with AgeWriter(target, WORDS, work_factor=1) as writer:
        for size in pieces:
            writer.write(DATA[start : start + size])
            start += size
    assert decrypt(io.BytesIO(target.getvalue()), WORDS, most=MOST) == DATA[:start]
    assert len(target.getvalue()) + 1 == sealed_size(start)  # "1" is a digit shorter than "17"


@given(place=st.integers(0, 10**9), bit=st.integers(0, 7), seed=st.integers(0, 3))
@settings(max_examples=300, deadline=None)
def test_no_flipped_bit_passes(place, bit, seed):
    good = _GOOD[seed]
    place %= len(good)
    bad = good[:place] + bytes([good[place] ^ (1 << bit)]) + good[place + 1 :]
    with pytest.raises((DamagedPackError, WrongWordsError)):
        decrypt(io.BytesIO(bad), WORDS, most=MOST)


_GOOD = [sealed(DATA[:size], work=1) for size in (0, 10, CHUNK, CHUNK + 1)]


@given(cut=st.integers(0, 10**9), seed=st.integers(0, 3))
@settings(max_examples=200, deadline=None)
def test_no_cut_passes(cut, seed):
    good = _GOOD[seed]
    with pytest.raises((DamagedPackError, WrongWordsError)):
        decrypt(io.BytesIO(good[: cut % len(good)]), WORDS, most=MOST)


def test_a_file_that_asks_for_too_much_work_is_refused_at_once():
    for factor in (21, 30, 64, 99):
        with pytest.raises(TooCostlyError):
            decrypt(io.BytesIO(sealed(b"x").replace(b" 8\n", b" %d\n" % factor)), WORDS, most=1)


def test_wrong_words_and_damage_are_told_apart():
    good = sealed(DATA[:100])
    with pytest.raises(WrongWordsError, match=r"^One of the words is wrong\.$"):
        decrypt(io.BytesIO(good), WORDS + "x", most=MOST)
    with pytest.raises(DamagedPackError, match=r"^The file is damaged\.$"):
        decrypt(io.BytesIO(good[:-1]), WORDS, most=MOST)


def test_a_writer_that_breaks_off_leaves_nothing_that_opens():
    target = io.BytesIO()

    def pieces():
        yield DATA[: 3 * CHUNK]
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        encrypt(pieces(), target, WORDS)
    with pytest.raises(DamagedPackError):
        decrypt(io.BytesIO(target.getvalue()), WORDS, most=MOST)


def test_no_plaintext_stays_on_the_disk_when_the_pack_is_damaged(tmp_path):
    bad = bytearray(sealed(DATA))
    bad[-1] ^= 1
    with pytest.raises(DamagedPackError):
        decrypt_to_file(io.BytesIO(bad), WORDS, tmp_path / "plain")
    assert list(tmp_path.iterdir()) == []
    decrypt_to_file(io.BytesIO(sealed(DATA)), WORDS, tmp_path / "plain")
    assert (tmp_path / "plain").read_bytes() == DATA
    assert (tmp_path / "plain").stat().st_mode & 0o077 == 0 or os.name == "nt"


def test_more_than_allowed_is_refused():
    with pytest.raises(DamagedPackError, match="larger"):
        decrypt(io.BytesIO(sealed(DATA[:1000])), WORDS, most=999)


def test_the_header_and_the_first_chunk_are_enough_for_a_last_look():
    good = sealed(DATA)
    check_opening(io.BytesIO(good[: 3 * CHUNK]), WORDS)
    with pytest.raises(WrongWordsError):
        check_opening(io.BytesIO(good), "kiwi")


def test_a_source_that_gives_back_less_than_asked_is_read_to_its_end():
    class Drip(io.BytesIO):
        def read(self, size=-1):
            return super().read(min(size, 999) if size >= 0 else 999)

    assert b"".join(plain_chunks(Drip(sealed(DATA[:200_000])), WORDS)) == DATA[:200_000]


@pytest.mark.parametrize(
    "typed",
    [
        "Kiwi Crayon",
        "  kiwi\tcrayon\n",
        "KIWI-CRAYON",
        "kiwi – crayon",
        "kiwi, crayon.",
        "kiwi_crayon",
    ],
)
def test_however_the_words_are_typed_they_are_the_same(typed):
    assert normalise_words(typed) == "kiwi crayon"


def test_memory_stays_small_for_a_large_pack(tmp_path):
    code = """
import sys
from pathlib import Path
from shelter_desk.exports.age import AgeWriter, plain_chunks
with open(sys.argv[1], "wb") as target, AgeWriter(target, "kiwi", work_factor=1) as writer:
    for _ in range(150):
        writer.write(bytes(1 << 20))
with open(sys.argv[1], "rb") as source:
    size = sum(map(len, plain_chunks(source, "kiwi")))
peak = Path("/proc/self/status").read_text().split("VmHWM:")[1].split()[0]
print(size, peak)
"""
    done = subprocess.run(
        [sys.executable, "-c", code, tmp_path / "large.age"],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    size, peak_kib = map(int, done.stdout.split())
    assert size == 150 << 20
    assert peak_kib < 80 * 1024, f"peak {peak_kib:,} KiB"
