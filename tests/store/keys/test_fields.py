"""Compartments, residents' pairs, sealed fields: they open in their place, for their people."""

from __future__ import annotations

import pickle
import secrets
import time
from dataclasses import replace
from itertools import combinations, product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shelter_desk.store.keys.compartments import (
    Compartment,
    CompartmentKey,
    CompartmentKeys,
    former_generation,
    key_of_two,
    new_compartment_keys,
    next_generation,
    open_compartment,
    open_share,
    seal_compartment,
    seal_share,
)
from shelter_desk.store.keys.errors import SealBrokenError
from shelter_desk.store.keys.fields import (
    Whose,
    blind_mark,
    mark_key,
    open_field,
    open_pair,
    seal_field,
    seal_pair,
    sealed_in,
)
from shelter_desk.store.keys.identity import KIT_ID, NewStaff, PublicKeys
from shelter_desk.store.keys.kdf import KdfSettings
from shelter_desk.store.keys.kit import new_kit
from shelter_desk.store.keys.pairs import Pair, box, new_pair
from shelter_desk.store.keys.slots import add_staff, create_vault, unlock, unlock_with_kit

KIT = new_kit()
SLOTS, ASH = create_vault(NewStaff("stf-ash", "Ash"), "opal heron teapot", KIT, KdfSettings())
SLOTS, SKY_PUBLIC = add_staff(SLOTS, ASH, NewStaff("stf-sky", "Sky"), "cedar violin salt")
SKY = unlock(SLOTS, "stf-sky", "cedar violin salt")
VAULT = SLOTS.vault_id
KEYS = new_compartment_keys()
HEALTH, IDENTITY = Compartment.HEALTH, Compartment.IDENTITY
PAIR = new_pair()
WHOSE = Whose(VAULT, "res-sky", HEALTH, 1)
PLACE = "item_answer:ans-1:note"
WAYS = [PAIR, PAIR.public]
every_way = pytest.mark.parametrize("to", WAYS, ids=["by a reader", "by anybody"])
OTHERS = [
    (replace(WHOSE, vault_id=b"x" * 16), PLACE),
    (replace(WHOSE, owner_public_id="res-ash"), PLACE),
    (replace(WHOSE, compartment=IDENTITY), PLACE),
    (replace(WHOSE, generation=2), PLACE),
    (WHOSE, "item_answer:ans-2:note"),
    (WHOSE, "item_answer:ans-1:reason"),
    (WHOSE, "service_entry:ans-1:note"),
]


def same(one: CompartmentKey, other: CompartmentKey) -> bool:
    return (one.generation, one.pair.secret) == (other.generation, other.pair.secret)


@pytest.mark.parametrize("compartment", list(Compartment))
def test_a_compartment_opens_for_the_person_it_was_sealed_to(compartment: Compartment) -> None:
    sealed = seal_compartment(KEYS[compartment], compartment, VAULT, ASH.public_keys)
    assert same(open_compartment(sealed, compartment, 1, ASH), KEYS[compartment])
    assert KEYS[compartment].pair.secret not in sealed


def test_a_compartment_opens_for_nobody_else_and_in_no_other_name() -> None:
    sealed = seal_compartment(KEYS[HEALTH], HEALTH, VAULT, SKY_PUBLIC)
    assert same(open_compartment(sealed, HEALTH, 1, SKY), KEYS[HEALTH])
    for name, generation, person in ((HEALTH, 1, ASH), (IDENTITY, 1, SKY), (HEALTH, 2, SKY)):
        with pytest.raises(SealBrokenError):
            open_compartment(sealed, name, generation, person)
    for place in range(0, len(sealed), 7):
        changed = sealed[:place] + bytes([sealed[place] ^ 1]) + sealed[place + 1 :]
        with pytest.raises(SealBrokenError):
            open_compartment(changed, HEALTH, 1, SKY)


def test_the_kit_opens_compartments_too() -> None:
    sealed = seal_compartment(KEYS[IDENTITY], IDENTITY, VAULT, PublicKeys(KIT_ID, KIT.public_key))
    opened = unlock_with_kit(SLOTS, KIT)
    assert same(open_compartment(sealed, IDENTITY, 1, opened), KEYS[IDENTITY])


def test_a_person_without_a_compartment_has_no_key_of_it() -> None:
    mine = KEYS.only((Compartment.GENERAL,))
    assert Compartment.GENERAL in mine
    assert HEALTH not in mine
    shown = repr(CompartmentKeys(KEYS.keys)) + repr(KEYS[HEALTH]) + repr(KEYS[HEALTH].pair)
    assert KEYS[HEALTH].pair.secret.hex() not in shown
    assert repr(KEYS[HEALTH].pair.secret) not in shown
    assert len({key.pair.secret for key in KEYS.keys.values()}) == len(Compartment) == 10
    with pytest.raises(TypeError):
        pickle.dumps(KEYS[HEALTH].pair)


def test_the_newest_generation_opens_the_former_ones_and_none_the_next() -> None:
    keys, seals = [KEYS[HEALTH]], []
    for _ in range(5):
        fresh, former = next_generation(keys[-1], HEALTH, VAULT)
        keys.append(fresh)
        seals.append(former)
    key = keys[-1]
    for expected, sealed in zip(reversed(keys[:-1]), reversed(seals), strict=True):
        key = former_generation(key, HEALTH, VAULT, sealed)
        assert same(key, expected)
    for key, sealed in product(keys[:-1], seals):
        at_its_place = keys.index(key) == seals.index(sealed) + 1
        if not at_its_place:
            with pytest.raises(SealBrokenError):
                former_generation(key, HEALTH, VAULT, sealed)
    with pytest.raises(SealBrokenError):
        former_generation(keys[1], IDENTITY, VAULT, seals[0])


def test_two_shares_of_any_two_people_give_the_key_and_one_gives_nothing() -> None:
    key, numbers = KEYS[HEALTH], (1, 2, 3, 17, 4_000)
    shares = [
        open_share(seal_share(key, HEALTH, VAULT, SKY_PUBLIC, at), HEALTH, 1, SKY, at)
        for at in numbers
    ]
    for one, other in combinations(shares, 2):
        assert same(key_of_two(one, other, 1), key)
        assert same(key_of_two(other, one, 1), key)
    for share in shares:
        with pytest.raises(SealBrokenError):
            key_of_two(share, share, 1)
        assert share.value.to_bytes(66, "big")[-32:] != key.pair.secret
        assert str(share.value) not in repr(share)


def test_shares_of_different_keys_give_nothing() -> None:
    other, _ = next_generation(KEYS[HEALTH], HEALTH, VAULT)
    one = open_share(seal_share(KEYS[HEALTH], HEALTH, VAULT, SKY_PUBLIC, 1), HEALTH, 1, SKY, 1)
    for key in (other, KEYS[IDENTITY]):
        sealed = seal_share(key, HEALTH, VAULT, SKY_PUBLIC, 2)
        with pytest.raises(SealBrokenError):
            key_of_two(one, open_share(sealed, HEALTH, key.generation, SKY, 2), 1)


def test_a_share_opens_for_its_person_in_its_place_only() -> None:
    sealed = seal_share(KEYS[HEALTH], HEALTH, VAULT, SKY_PUBLIC, 7)
    for name, generation, person, at in (
        (HEALTH, 1, ASH, 7),
        (IDENTITY, 1, SKY, 7),
        (HEALTH, 2, SKY, 7),
        (HEALTH, 1, SKY, 8),
    ):
        with pytest.raises(SealBrokenError):
            open_share(sealed, name, generation, person, at)
    with pytest.raises(ValueError, match="1 or later"):
        seal_share(KEYS[HEALTH], HEALTH, VAULT, SKY_PUBLIC, 0)


@pytest.mark.parametrize("to", [KEYS[HEALTH], KEYS[HEALTH].pair.public], ids=["reader", "anybody"])
def test_a_residents_pair_opens_only_for_that_resident_and_compartment(
    to: CompartmentKey | bytes,
) -> None:
    sealed = seal_pair(PAIR, WHOSE, to)
    assert open_pair(sealed, WHOSE, KEYS[HEALTH]).secret == PAIR.secret
    for whose, place in OTHERS:
        if place == PLACE and whose != WHOSE:
            with pytest.raises(SealBrokenError):
                open_pair(sealed, whose, KEYS[HEALTH])
    with pytest.raises(SealBrokenError):
        open_pair(sealed, WHOSE, KEYS[IDENTITY])


def test_the_public_half_of_a_compartment_opens_nothing() -> None:
    public = KEYS[HEALTH].pair.public
    for sealed in (seal_pair(PAIR, WHOSE, KEYS[HEALTH]), seal_pair(PAIR, WHOSE, public)):
        with pytest.raises(SealBrokenError):
            open_pair(sealed, WHOSE, CompartmentKey(1, Pair(public)))


@every_way
@given(place=st.text(), text=st.text(alphabet=st.characters(codec="utf-8")))
def test_a_field_opens_as_it_was_written(to: Pair | bytes, place: str, text: str) -> None:
    try:
        (place + text).encode()
    except UnicodeEncodeError:
        return
    sealed = seal_field(to, WHOSE, place, text)
    assert open_field(PAIR, WHOSE, place, sealed) == text
    assert sealed_in(sealed) == (HEALTH, 1)
    assert len(sealed) == len(text.encode()) + (32 if isinstance(to, Pair) else 52)


@every_way
def test_the_same_text_never_looks_the_same(to: Pair | bytes) -> None:
    assert len({seal_field(to, WHOSE, PLACE, "Sky") for _ in range(200)}) == 200


@every_way
def test_a_changed_moved_or_foreign_field_does_not_open(to: Pair | bytes) -> None:
    sealed = seal_field(to, WHOSE, PLACE, "Sky Example")
    for place in range(len(sealed)):
        for bit in range(8):
            changed = sealed[:place] + bytes([sealed[place] ^ 1 << bit]) + sealed[place + 1 :]
            with pytest.raises(SealBrokenError):
                open_field(PAIR, WHOSE, PLACE, changed)
    for length in range(len(sealed)):
        with pytest.raises(SealBrokenError):
            open_field(PAIR, WHOSE, PLACE, sealed[:length])
    for whose, place in OTHERS:
        with pytest.raises(SealBrokenError):
            open_field(PAIR, whose, place, sealed)
        head = seal_field(to, whose, place, "")[:3]  # nor when its head is written to fit
        with pytest.raises(SealBrokenError):
            open_field(PAIR, whose, place, head + sealed[3:])
    with pytest.raises(SealBrokenError):
        open_field(new_pair(), WHOSE, PLACE, sealed)


@pytest.mark.parametrize("size", [0, 31, 33, 64])
def test_a_private_half_of_another_size_is_refused(size: int) -> None:
    with pytest.raises(ValueError, match="32 bytes"):
        Pair(b"x" * size)


def test_what_is_boxed_with_a_public_half_opens_with_the_private_one_only() -> None:
    sealed = box(PAIR.public, b"place", b"words")
    assert PAIR.open(b"place", sealed) == b"words"
    for pair, context in ((PAIR, b"other"), (new_pair(), b"place"), (Pair(PAIR.public), b"place")):
        with pytest.raises(SealBrokenError):
            pair.open(context, sealed)


def test_a_mark_is_made_again_with_the_same_key_only() -> None:
    key, other = mark_key(KEYS[IDENTITY]), mark_key(KEYS[HEALTH])
    assert blind_mark(key, "begins:sky") == blind_mark(key, "begins:sky")
    assert len({blind_mark(one, text) for one in (key, other) for text in ("a", "b")}) == 4


def test_a_field_costs_microseconds() -> None:
    text, count = "x" * 200, 5000
    begun = time.process_time()
    sealed = [seal_field(PAIR, WHOSE, PLACE, text) for _ in range(count)]
    sealed_us = (time.process_time() - begun) / count * 1e6
    begun = time.process_time()
    for one in sealed:
        open_field(PAIR, WHOSE, PLACE, one)
    opened_us = (time.process_time() - begun) / count * 1e6
    # 4 µs each on a quiet PC; the bound leaves room for a busy one.
    assert sealed_us < 40
    assert opened_us < 40


def test_a_field_for_others_costs_less_than_a_millisecond() -> None:
    begun = time.process_time()
    for _ in range(200):
        seal_field(PAIR.public, WHOSE, PLACE, secrets.token_hex(70))
    assert (time.process_time() - begun) / 200 < 0.005
