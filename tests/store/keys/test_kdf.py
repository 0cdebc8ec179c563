"""Key derivation: known answers, the choice of settings, and the bounds."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shelter_desk.store.keys.kdf import (
    KdfSettings,
    choose_settings,
    derive_kek,
    read_settings,
    timed_derivation,
)

MIB = 1024
FLOOR = KdfSettings()


def test_the_floor_is_64_mib_and_three_passes() -> None:
    assert (FLOOR.memory_kib, FLOOR.iterations, FLOOR.lanes) == (64 * MIB, 3, 4)


def test_a_known_passphrase_has_a_known_key() -> None:
    # Computed with argon2-cffi 25.1 (the reference C code) and HKDF from hmac, not with our code.
    key = derive_kek("opal heron teapot", b"sixteen byte slt", FLOOR)
    assert key.hex() == "8b95e560088e11650312a5e8f46b28c15c90f854e9f1cf246ad66e5a3df7c033"


def test_every_part_of_the_input_matters_and_spelling_of_spaces_does_not() -> None:
    salt = b"sixteen byte slt"
    key = derive_kek("opal heron", salt, FLOOR)
    assert derive_kek(" opal \t heron ", salt, FLOOR) == key
    assert derive_kek("\N{FULLWIDTH LATIN SMALL LETTER O}pal heron", salt, FLOOR) == key
    assert derive_kek("Opal heron", salt, FLOOR) != key
    assert derive_kek("opal heron", bytes(16), FLOOR) != key
    assert derive_kek("opal heron", salt, KdfSettings(64 * MIB, 3, 3)) != key
    assert derive_kek("opal heron", salt, FLOOR, b"d" * 32) != key


@given(st.integers(-5, 2**42), st.integers(-5, 40), st.integers(-5, 40))
def test_settings_exist_only_within_the_bounds(memory: int, iterations: int, lanes: int) -> None:
    within = 64 * MIB <= memory <= 1024 * MIB and 2 <= iterations <= 10 and 1 <= lanes <= 8
    if within:
        assert read_settings(KdfSettings(memory, iterations, lanes).as_json()) == KdfSettings(
            memory, iterations, lanes
        )
    else:
        with pytest.raises(ValueError, match="bounds"):
            KdfSettings(memory, iterations, lanes)


def test_incomplete_or_extra_settings_are_refused() -> None:
    for value in ({}, {"memory_kib": 65536}, {**FLOOR.as_json(), "type": 1}):
        with pytest.raises(ValueError, match="incomplete"):
            read_settings(value)


@pytest.mark.parametrize(
    ("seconds_per_64_mib", "mib"),
    [(5.0, 64), (0.51, 64), (0.5, 128), (0.26, 128), (0.25, 256), (0.125, 512), (0.01, 512)],
)
def test_the_strongest_settings_within_a_second_are_chosen(
    seconds_per_64_mib: float, mib: int
) -> None:
    def measure(settings: KdfSettings) -> float:
        return seconds_per_64_mib * settings.memory_kib / (64 * MIB)

    assert choose_settings(measure) == KdfSettings(mib * MIB)


def test_settings_chosen_on_this_computer_hold_what_they_promise() -> None:
    seconds = timed_derivation(FLOOR, time.perf_counter)
    assert 0.01 < seconds < 10


def test_memory_that_is_not_there_is_an_error_and_no_crash() -> None:
    # In a process of its own with 400 MB of address space, where 512 MiB cannot be had.
    program = (
        "import resource, time; resource.setrlimit(resource.RLIMIT_AS, (400 << 20, 400 << 20))\n"
        "from shelter_desk.store.keys import kdf, slots, errors\n"
        "big = kdf.KdfSettings(512 * 1024)\n"
        "assert kdf.timed_derivation(big, time.perf_counter) == float('inf')\n"
        "assert kdf.choose_settings(lambda s: kdf.timed_derivation(s, lambda: 0.0)"
        ").memory_kib <= 256 * 1024\n"
        "try: slots._kek('x', bytes(16), big, b'')\n"
        "except errors.MemoryShortError: print('short')\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program],
        cwd=Path(__file__).parents[3],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert (done.stdout, done.returncode) == ("short\n", 0), done.stderr
