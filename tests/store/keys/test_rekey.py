"""A new store key in two steps: cut off anywhere, the file opens; the removed person does not."""

from __future__ import annotations

from pathlib import Path

import pytest

from shelter_desk.store.keys.compartments import (
    Compartment,
    new_compartment_keys,
    open_compartment,
    seal_compartment,
)
from shelter_desk.store.keys.errors import SlotsDamagedError, StaffSlotError, WrongPassphraseError
from shelter_desk.store.keys.identity import KIT_ID, NewStaff, PublicKeys
from shelter_desk.store.keys.kdf import KdfSettings
from shelter_desk.store.keys.kit import new_kit
from shelter_desk.store.keys.rekey import begin_rekey, settle
from shelter_desk.store.keys.slot_file import read_slots, write_slots
from shelter_desk.store.keys.slots import (
    add_staff,
    change_passphrase,
    create_vault,
    unlock,
    unlock_with_kit,
)

KIT = new_kit()
ASH_WORDS, SKY_WORDS = "opal heron teapot meadow", "cedar violin salt dusk"
FIRST, ASH = create_vault(NewStaff("stf-ash", "Ash"), ASH_WORDS, KIT, KdfSettings())
SLOTS, SKY_PUBLIC = add_staff(FIRST, ASH, NewStaff("stf-sky", "Sky"), SKY_WORDS)
KIT_PUBLIC = PublicKeys(KIT_ID, KIT.public_key)
BOTH, HOLDER = begin_rekey(SLOTS, ASH, [ASH.public_keys, KIT_PUBLIC])


def test_between_the_steps_the_file_opens_both_epochs_newest_first(tmp_path: Path) -> None:
    write_slots(tmp_path, BOTH)
    read = read_slots(tmp_path).slots
    for opened in (unlock(read, "stf-ash", ASH_WORDS), unlock_with_kit(read, KIT)):
        assert [epoch for epoch, _ in opened.epoch_keys] == [2, 1]
        assert opened.dek == HOLDER.dek != ASH.dek
        assert opened.at(1).dek == ASH.dek
        assert opened.at(2).dek == HOLDER.dek
        with pytest.raises(ValueError, match="epoch"):
            opened.at(3)


def test_a_removed_person_gets_the_old_key_at_most_and_then_nothing() -> None:
    sky = unlock(BOTH, "stf-sky", SKY_WORDS)
    assert sky.epoch_keys == ((1, ASH.dek),)
    settled = settle(BOTH, HOLDER.at(2))
    with pytest.raises(WrongPassphraseError):
        unlock(settled, "stf-sky", SKY_WORDS)
    assert unlock(settled, "stf-ash", ASH_WORDS).epoch_keys == ((2, HOLDER.dek),)
    assert unlock_with_kit(settled, KIT).dek == HOLDER.dek


def test_a_rekeying_that_was_cut_off_can_be_taken_back() -> None:
    settled = settle(BOTH, unlock(BOTH, "stf-ash", ASH_WORDS).at(1))
    assert settled.epochs == (1,)
    assert unlock(settled, "stf-ash", ASH_WORDS).dek == ASH.dek
    assert unlock(settled, "stf-sky", SKY_WORDS).dek == ASH.dek
    assert unlock_with_kit(settled, KIT).dek == ASH.dek


def test_everyone_named_keeps_their_passphrase_over_many_rekeyings() -> None:
    slots, ash = SLOTS, ASH
    for epoch in range(2, 6):
        both, holder = begin_rekey(slots, ash, [ash.public_keys, SKY_PUBLIC, KIT_PUBLIC])
        slots, ash = settle(both, holder.at(epoch)), holder.at(epoch)
        assert slots.epochs == (epoch,)
    assert unlock(slots, "stf-ash", ASH_WORDS).dek == ash.dek
    assert unlock(slots, "stf-sky", SKY_WORDS).dek == ash.dek
    assert unlock_with_kit(slots, KIT).dek == ash.dek


def test_compartments_outlive_a_rekeying() -> None:
    key = new_compartment_keys()[Compartment.HEALTH]
    sealed = seal_compartment(key, Compartment.HEALTH, SLOTS.vault_id, ASH.public_keys)
    again = unlock(settle(BOTH, HOLDER.at(2)), "stf-ash", ASH_WORDS)
    assert open_compartment(sealed, Compartment.HEALTH, 1, again).pair.secret == key.pair.secret


def test_the_new_key_is_sealed_to_nobody_who_is_not_the_one_in_the_database() -> None:
    stranger = new_kit().public_key
    for recipients in (
        [ASH.public_keys],  # without the kit
        [KIT_PUBLIC],  # without the person at hand
        [ASH.public_keys, PublicKeys(KIT_ID, stranger)],
        [ASH.public_keys, KIT_PUBLIC, PublicKeys("stf-sky", stranger, SKY_PUBLIC.signing)],
        [ASH.public_keys, KIT_PUBLIC, PublicKeys("stf-river", stranger, stranger)],
    ):
        with pytest.raises(StaffSlotError):
            begin_rekey(SLOTS, ASH, recipients)


def test_nothing_else_is_changed_while_a_rekeying_is_half_done() -> None:
    with pytest.raises(ValueError, match="settle"):
        begin_rekey(BOTH, HOLDER, [ASH.public_keys, KIT_PUBLIC])
    with pytest.raises(ValueError, match="settle"):
        change_passphrase(BOTH, HOLDER.at(2), "plum lantern gravel otter")
    with pytest.raises(SlotsDamagedError):
        settle(SLOTS, HOLDER)
