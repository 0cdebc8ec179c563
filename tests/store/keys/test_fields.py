"""Compartments, residents' keys, sealed fields: they open in their place, for their people."""

from __future__ import annotations

import secrets
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shelter_desk.store.keys.errors import SealBrokenError
from shelter_desk.store.keys.fields import (
    Compartment,
    CompartmentKeys,
    new_compartment_keys,
    new_resident_keys,
    open_bytes,
    open_compartment,
    open_field,
    seal_bytes,
    seal_compartment,
    seal_field,
    unwrap_resident_key,
    wrap_resident_key,
)
from shelter_desk.store.keys.identity import KIT_ID, NewStaff, PublicKeys
from shelter_desk.store.keys.kdf import KdfSettings
from shelter_desk.store.keys.kit import new_kit
from shelter_desk.store.keys.slots import add_staff, create_vault, unlock, unlock_with_kit

KIT = new_kit()
SLOTS, ASH = create_vault(NewStaff("stf-ash", "Ash"), "opal heron teapot", KIT, KdfSettings())
KEYS = new_compartment_keys()
KEY = secrets.token_bytes(32)


@pytest.mark.parametrize("compartment", list(Compartment))
def test_a_compartment_opens_for_the_person_it_was_sealed_to(compartment: Compartment) -> None:
    sealed = seal_compartment(KEYS[compartment], compartment, SLOTS.vault_id, ASH.public_keys)
    assert open_compartment(sealed, compartment, ASH) == KEYS[compartment]
    assert KEYS[compartment] not in sealed


def test_a_compartment_opens_for_nobody_else_and_in_no_other_name() -> None:
    slots, public = add_staff(SLOTS, ASH, NewStaff("stf-sky", "Sky"), "cedar violin salt")
    sky = unlock(slots, "stf-sky", "cedar violin salt")
    sealed = seal_compartment(
        KEYS[Compartment.CLINICAL], Compartment.CLINICAL, SLOTS.vault_id, public
    )
    assert open_compartment(sealed, Compartment.CLINICAL, sky) == KEYS[Compartment.CLINICAL]
    with pytest.raises(SealBrokenError):
        open_compartment(sealed, Compartment.CLINICAL, ASH)
    with pytest.raises(SealBrokenError):
        open_compartment(sealed, Compartment.IDENTITY, sky)
    for place in range(0, len(sealed), 7):
        changed = sealed[:place] + bytes([sealed[place] ^ 1]) + sealed[place + 1 :]
        with pytest.raises(SealBrokenError):
            open_compartment(changed, Compartment.CLINICAL, sky)


def test_the_kit_opens_compartments_too() -> None:
    recipient = PublicKeys(KIT_ID, KIT.public_key)
    sealed = seal_compartment(
        KEYS[Compartment.IDENTITY], Compartment.IDENTITY, SLOTS.vault_id, recipient
    )
    opened = unlock_with_kit(SLOTS, KIT)
    assert open_compartment(sealed, Compartment.IDENTITY, opened) == KEYS[Compartment.IDENTITY]


def test_a_person_without_a_compartment_has_no_key_of_it() -> None:
    mine = CompartmentKeys({Compartment.GENERAL: KEYS[Compartment.GENERAL]})
    assert Compartment.GENERAL in mine
    assert Compartment.CLINICAL not in mine
    assert KEYS[Compartment.GENERAL].hex() not in repr(mine)
    assert len(set(KEYS.keys.values())) == len(Compartment)


def test_a_residents_key_opens_only_for_that_resident_and_compartment() -> None:
    sky = new_resident_keys("res-sky")
    wrapped = wrap_resident_key(
        sky[Compartment.CLINICAL],
        KEYS[Compartment.CLINICAL],
        resident_public_id="res-sky",
        compartment=Compartment.CLINICAL,
    )
    again = unwrap_resident_key(
        wrapped,
        KEYS[Compartment.CLINICAL],
        resident_public_id="res-sky",
        compartment=Compartment.CLINICAL,
    )
    assert again == sky[Compartment.CLINICAL]
    for key, resident, compartment in (
        (KEYS[Compartment.CLINICAL], "res-ash", Compartment.CLINICAL),
        (KEYS[Compartment.CLINICAL], "res-sky", Compartment.IDENTITY),
        (KEYS[Compartment.IDENTITY], "res-sky", Compartment.CLINICAL),
    ):
        with pytest.raises(SealBrokenError):
            unwrap_resident_key(wrapped, key, resident_public_id=resident, compartment=compartment)


@given(st.text(), st.text(alphabet=st.characters(codec="utf-8")))
def test_a_field_opens_as_it_was_written(aad: str, text: str) -> None:
    try:
        (aad + text).encode()
    except UnicodeEncodeError:
        return
    sealed = seal_field(KEY, aad, text)
    assert open_field(KEY, aad, sealed) == text
    assert len(sealed) == len(text.encode()) + 29


def test_the_same_text_never_looks_the_same() -> None:
    assert len({seal_field(KEY, "stay:a:called", "Sky") for _ in range(1000)}) == 1000


def test_a_changed_moved_or_foreign_field_does_not_open() -> None:
    sealed = seal_field(KEY, "resident:res-sky:legal_name", "Sky Example")
    for place in range(len(sealed)):
        for bit in range(8):
            changed = sealed[:place] + bytes([sealed[place] ^ 1 << bit]) + sealed[place + 1 :]
            with pytest.raises(SealBrokenError):
                open_field(KEY, "resident:res-sky:legal_name", changed)
    for length in range(len(sealed)):
        with pytest.raises(SealBrokenError):
            open_field(KEY, "resident:res-sky:legal_name", sealed[:length])
    with pytest.raises(SealBrokenError):
        open_field(KEY, "resident:res-ash:legal_name", sealed)
    with pytest.raises(SealBrokenError):
        open_field(secrets.token_bytes(32), "resident:res-sky:legal_name", sealed)


def test_a_chunk_of_an_attachment_opens_in_its_place() -> None:
    chunk = secrets.token_bytes(1 << 20)
    sealed = seal_bytes(KEY, "attachment:att-1:0", chunk)
    assert open_bytes(KEY, "attachment:att-1:0", sealed) == chunk
    with pytest.raises(SealBrokenError):
        open_bytes(KEY, "attachment:att-1:1", sealed)


def test_a_field_costs_microseconds() -> None:
    text, count = "x" * 200, 5000
    begun = time.process_time()
    sealed = [seal_field(KEY, "note:n-1:body", text) for _ in range(count)]
    sealed_us = (time.process_time() - begun) / count * 1e6
    begun = time.process_time()
    for one in sealed:
        open_field(KEY, "note:n-1:body", one)
    opened_us = (time.process_time() - begun) / count * 1e6
    # 2 µs each on a quiet PC; the bound leaves room for a busy one.
    assert sealed_us < 40
    assert opened_us < 40
