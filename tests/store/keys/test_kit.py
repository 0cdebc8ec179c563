"""The recovery code: what was printed opens, what was mistyped never does."""

from __future__ import annotations

import random
import secrets

import pyrage
import pytest
from hypothesis import given
from hypothesis import strategies as st

from shelter_desk.domain.audit import CROCKFORD
from shelter_desk.domain.bech32 import BECH32M, age_recipient, check_digits, polymod
from shelter_desk.store.keys import kit
from shelter_desk.store.keys.errors import KitNotReadError
from shelter_desk.store.keys.kit import RecoveryKit, new_kit, read_kit

KIT = new_kit(lambda count: bytes(range(1, count + 1)))  # one kit: workers must agree on names
RAW = KIT.code.replace("-", "")


def _accepted(text: str) -> bool:
    try:
        read_kit(text)
    except KitNotReadError:
        return False
    return True


@given(st.binary(min_size=16, max_size=16))
def test_every_code_reads_back(seed: bytes) -> None:
    made = RecoveryKit(seed)
    assert read_kit(made.code) == made
    assert len(made.code) == 39
    assert made.code.count("-") == 7


def test_a_known_seed_has_a_known_code_and_key() -> None:
    known = RecoveryKit(bytes(range(16)))
    assert known.code == "000G-40R4-0M30-E209-185G-R38E-1WY9-9904"
    assert known.public_key.hex() == (
        "f98239ff5a1cf4cb61eeb44ed647882a256808aa51929e103e1023ea1f36b533"
    )


@pytest.mark.parametrize(
    "typed",
    [
        KIT.code.lower(),
        KIT.code.replace("-", " "),
        RAW,
        RAW.replace("0", "O").replace("1", "l"),
        RAW.lower().replace("0", "o").replace("1", "i"),
        f"  {KIT.code}\n",
        KIT.code.replace("-", " \N{EN DASH} "),
    ],
)
def test_the_ways_people_type_it_are_read(typed: str) -> None:
    assert read_kit(typed) == KIT


def test_every_single_wrong_character_is_found_and_its_group_named() -> None:
    tried = 0
    for place in range(32):
        for digit in CROCKFORD.replace(RAW[place], ""):
            with pytest.raises(KitNotReadError) as caught:
                read_kit(RAW[:place] + digit + RAW[place + 1 :])
            assert f"group {place // 4 + 1} " in str(caught.value)
            tried += 1
    assert tried == 32 * 31


def test_every_swap_of_neighbours_is_found() -> None:
    tried = 0
    for place in range(31):
        if RAW[place] != RAW[place + 1]:
            swapped = RAW[:place] + RAW[place + 1] + RAW[place] + RAW[place + 2 :]
            assert not _accepted(swapped)
            tried += 1
    assert tried > 15


def test_every_missing_or_doubled_character_is_found() -> None:
    for place in range(32):
        assert not _accepted(RAW[:place] + RAW[place + 1 :])
        assert not _accepted(RAW[:place] + RAW[place] + RAW[place:])


def _random_errors(count: int) -> int:
    """Return how many of `count` codes with 2 to 4 wrong characters were accepted."""
    dice = random.Random(20261123)
    accepted = 0
    for _ in range(count):
        typed = list(RAW)
        for place in dice.sample(range(32), dice.choice((2, 3, 4))):
            typed[place] = dice.choice(CROCKFORD.replace(typed[place], ""))
        accepted += _checksum_holds("".join(typed))
    return accepted


def _checksum_holds(text: str) -> bool:
    # The same arithmetic as read_kit without its search for the wrong group (4 ms each).
    digits = [CROCKFORD.index(character) for character in text]
    return polymod([*kit._PREFIX, *digits]) == BECH32M


def test_none_of_100_000_codes_with_two_to_four_errors_is_accepted() -> None:
    assert _random_errors(100_000) == 0


@pytest.mark.slow  # a million checksums
def test_none_of_a_million_codes_with_two_to_four_errors_is_accepted() -> None:
    assert _random_errors(1_000_000) == 0


def test_random_errors_are_refused_through_the_door_people_use() -> None:
    dice = random.Random(7)
    for _ in range(300):
        typed = list(RAW)
        for place in dice.sample(range(32), dice.choice((2, 3, 4))):
            typed[place] = dice.choice(CROCKFORD.replace(typed[place], ""))
        assert not _accepted("".join(typed))


def test_the_sentence_says_what_to_look_at() -> None:
    with pytest.raises(KitNotReadError, match="has 32 characters; this one has 31"):
        read_kit(RAW[:31])
    with pytest.raises(KitNotReadError, match=r'"U" is not used .* group 2'):
        read_kit(RAW[:4] + "U" + RAW[5:])
    with pytest.raises(KitNotReadError, match="has 32 characters; this one has 0"):
        read_kit("")


def test_padding_is_not_a_second_spelling_of_the_same_kit() -> None:
    digits = [CROCKFORD.index(character) for character in RAW[:26]]
    digits[25] |= 1
    digits += check_digits(kit._PREFIX, digits, BECH32M)
    assert not _accepted("".join(CROCKFORD[digit] for digit in digits))


def test_stock_age_opens_with_the_kit_what_was_sealed_to_it() -> None:
    identity = pyrage.x25519.Identity.from_str(KIT.age_identity)
    assert str(identity.to_public()) == KIT.age_recipient == age_recipient(KIT.public_key)
    recipient = pyrage.x25519.Recipient.from_str(KIT.age_recipient)
    sealed = pyrage.encrypt(b"Sky arrived at dusk", [recipient])
    assert pyrage.decrypt(sealed, [identity]) == b"Sky arrived at dusk"


def test_a_kit_does_not_show_itself() -> None:
    assert KIT.seed.hex() not in repr(KIT)
    assert str(KIT.seed) not in repr(KIT)
    with pytest.raises(ValueError, match="16 bytes"):
        RecoveryKit(secrets.token_bytes(15))
