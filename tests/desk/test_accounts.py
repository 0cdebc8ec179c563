"""Accounts: each person signs in with keys of their own, and one director always remains."""

from contextlib import suppress

import pytest

from shelter_desk.desk import accounts, audit_log, entry, residents
from shelter_desk.desk.accounts import Colleague
from shelter_desk.desk.key_giving import compartments_for
from shelter_desk.desk.sealing import Compartment
from shelter_desk.desk.staff import (
    AddStaff,
    ChangeRoles,
    EndStaff,
    HasLeftError,
    OwnAccountError,
    staff_list,
)
from shelter_desk.domain.errors import DeskError, InvalidError, NotPermittedError
from shelter_desk.domain.staff import ROLE_IDS
from shelter_desk.domain.trouble import DamagedStoreError, DiskError
from shelter_desk.store.keys import slot_file
from shelter_desk.store.keys.errors import WrongPassphraseError
from shelter_desk.store.keys.identity import KIT_ID, PublicKeys
from shelter_desk.store.keys.rekey import begin_rekey
from tests.conftest import PASSPHRASE

ADA, WORDS, OTHER = "aaaaaaaaaaaaaaaaaaaa", "four invented words here", "other invented words now"


def add_ada(opened, *roles):
    new = Colleague(ADA, "Ada", roles or ("legal-advocate",), WORDS)
    accounts.add_colleague(opened.desk, PASSPHRASE, new)


def sign_in(opened, person, words):
    opened.desk.close()
    opened.desk = entry.sign_in(opened.folder, person, words, opened.care_model, opened.clock)
    return opened.desk


def held(desk):
    return {name.value for name in desk._sealer.held()}


def test_a_colleague_signs_in_and_the_trail_says_it_was_them(open_desk):
    add_ada(open_desk)
    director = open_desk.desk.staff.public_id
    desk = sign_in(open_desk, ADA, WORDS)
    assert desk.staff.name == "Ada"
    assert desk.staff.roles == ("legal-advocate",)
    desk = sign_in(open_desk, director, PASSPHRASE)
    lines = [(one.action, one.object) for one in desk.ask(audit_log.events)[:3]]
    assert lines == [
        ("staff.sign-in", director),
        ("staff.sign-in", ADA),
        ("staff.add", ADA),
    ]


def test_a_wrong_own_passphrase_changes_nothing(open_desk):
    new = Colleague(ADA, "Ada", ("nurse",), WORDS)
    with pytest.raises(WrongPassphraseError):
        accounts.add_colleague(open_desk.desk, "not the words", new)
    assert [one.name for one in open_desk.desk.ask(staff_list)] == ["Dana"]
    assert [name for _, name in entry.people(open_desk.folder)] == ["Dana"]


def test_two_colleagues_never_share_a_name(open_desk):
    add_ada(open_desk)
    with pytest.raises(InvalidError):
        accounts.add_colleague(
            open_desk.desk, PASSPHRASE, Colleague("b" * 20, " ada", ("nurse",), WORDS)
        )


@pytest.mark.parametrize("role", [role for role in ROLE_IDS if role != "director"])
def test_only_a_director_manages_accounts(open_desk, role):
    add_ada(open_desk, role)
    director = open_desk.desk.staff.public_id
    desk = sign_in(open_desk, ADA, WORDS)
    before = (open_desk.folder / "slots.json").read_bytes()
    for act in (
        lambda: accounts.add_colleague(desk, WORDS, Colleague("b" * 20, "Ash", (role,), WORDS)),
        lambda: accounts.set_passphrase(desk, WORDS, director, OTHER),
        lambda: accounts.end_access(desk, WORDS, director),
        lambda: desk.do(ChangeRoles(ADA, ("director",))),
        lambda: desk.do(EndStaff(director)),
    ):
        with pytest.raises(NotPermittedError):
            act()
    assert (open_desk.folder / "slots.json").read_bytes() == before


@pytest.mark.parametrize("role", ROLE_IDS)
def test_each_role_holds_the_compartments_of_its_classes_only(open_desk, role):
    add_ada(open_desk, role)
    assert held(sign_in(open_desk, ADA, WORDS)) == set(open_desk.care_model.roles[role].reads)


@pytest.mark.parametrize(
    ("role", "name"), [("legal-advocate", None), ("nurse", None), ("case-manager", "Sky Invented")]
)
def test_the_record_opens_for_each_and_the_legal_name_for_its_readers(open_desk, role, name):
    desk, now = open_desk.desk, open_desk.clock()
    stay_id = desk.do(residents.Admit("Sky", now, legal_name="Sky Invented")).subject
    add_ada(open_desk, role)
    record = sign_in(open_desk, ADA, WORDS).ask(residents.record, stay_id=stay_id, now=now)
    assert (record.called, record.legal_name) == ("Sky", name)


def test_other_roles_open_and_close_compartments_at_the_next_sign_in(open_desk):
    add_ada(open_desk, "legal-advocate")
    director = open_desk.desk.staff.public_id
    open_desk.desk.do(ChangeRoles(ADA, ("nurse", "case-manager")))
    desk = sign_in(open_desk, ADA, WORDS)
    assert desk.staff.roles == ("nurse", "case-manager")
    assert held(desk) == set(Compartment) - {"privileged", "investigation"}
    sign_in(open_desk, director, PASSPHRASE).do(ChangeRoles(ADA, ("education-liaison",)))
    assert held(sign_in(open_desk, ADA, WORDS)) == {"general", "education"}


def test_no_director_ends_or_demotes_themselves(open_desk):
    add_ada(open_desk, "director")
    own = open_desk.desk.staff.public_id
    for act in (
        lambda: open_desk.desk.do(ChangeRoles(own, ("nurse",))),
        lambda: accounts.end_access(open_desk.desk, PASSPHRASE, own),
        lambda: accounts.set_passphrase(open_desk.desk, PASSPHRASE, own, OTHER),
    ):
        with pytest.raises(OwnAccountError):
            act()
    assert sign_in(open_desk, own, PASSPHRASE).staff.roles[0] == "director"


def test_a_director_gives_up_other_roles_and_takes_none(open_desk):
    own = open_desk.desk.staff.public_id
    assert set(open_desk.desk.staff.roles) == set(ROLE_IDS)
    open_desk.desk.do(ChangeRoles(own, ("director", "case-manager")))
    desk = sign_in(open_desk, own, PASSPHRASE)
    assert desk.staff.roles == ("director", "case-manager")
    for roles in (("director", "nurse"), ("case-manager",), ROLE_IDS):
        with pytest.raises(OwnAccountError):
            desk.do(ChangeRoles(own, roles))


def test_a_forgotten_passphrase_is_replaced_by_the_director(open_desk):
    add_ada(open_desk)
    accounts.set_passphrase(open_desk.desk, PASSPHRASE, ADA, OTHER)
    open_desk.desk.close()
    with pytest.raises(WrongPassphraseError):
        entry.sign_in(open_desk.folder, ADA, WORDS, open_desk.care_model, open_desk.clock)
    assert sign_in(open_desk, ADA, OTHER).staff.name == "Ada"


def test_somebody_recorded_without_keys_gets_a_way_in(open_desk):
    open_desk.desk.do(AddStaff(ADA, "Ada", ("nurse",)))
    accounts.set_passphrase(open_desk.desk, PASSPHRASE, ADA, WORDS)
    assert sign_in(open_desk, ADA, WORDS).staff.roles == ("nurse",)


def test_everybody_changes_their_own_passphrase(open_desk):
    add_ada(open_desk)
    director = open_desk.desk.staff.public_id
    accounts.change_passphrase(sign_in(open_desk, ADA, WORDS), WORDS, OTHER)
    open_desk.desk.close()
    with pytest.raises(WrongPassphraseError):
        entry.sign_in(open_desk.folder, ADA, WORDS, open_desk.care_model, open_desk.clock)
    assert sign_in(open_desk, ADA, OTHER).ask(staff_list)[0].name == "Ada"
    actions = [
        one.action for one in sign_in(open_desk, director, PASSPHRASE).ask(audit_log.events)
    ]
    assert "staff.change-passphrase" in actions


def test_who_left_is_off_the_list_and_cannot_come_in_with_an_old_key_file(open_desk):
    add_ada(open_desk)
    before = {name: (open_desk.folder / name).read_bytes() for name in ("slots.json", "slots.bak")}
    accounts.end_access(open_desk.desk, PASSPHRASE, ADA)
    assert [name for _, name in entry.people(open_desk.folder)] == ["Dana"]
    with pytest.raises(HasLeftError):
        accounts.set_passphrase(open_desk.desk, PASSPHRASE, ADA, OTHER)
    assert not [
        one for one in open_desk.desk.ask(staff_list) if one.is_active and one.name == "Ada"
    ]
    open_desk.desk.close()
    for name, content in before.items():
        (open_desk.folder / name).write_bytes(content)
    with pytest.raises(DamagedStoreError):  # the records have another key by now
        entry.sign_in(open_desk.folder, ADA, WORDS, open_desk.care_model, open_desk.clock)


def test_an_end_cut_off_half_way_is_finished_by_doing_it_again(open_desk):
    add_ada(open_desk)
    open_desk.desk.do(EndStaff(ADA))  # and the power failed before the key file changed
    assert slot_file.read_slots(open_desk.folder).slots.slot_of(ADA) is not None
    accounts.end_access(open_desk.desk, PASSPHRASE, ADA)
    assert slot_file.read_slots(open_desk.folder).slots.slot_of(ADA) is None


def test_several_roles_hold_what_each_of_them_holds(care_model):
    both = compartments_for(("nurse", "education-liaison"), care_model)
    assert both == {"general", "health", "substance-use", "education"}


# A new key for the whole store when somebody leaves


def copied(opened):
    """Return every file of the records, as somebody might carry them away."""
    opened.desk.settle()
    return {path.name: path.read_bytes() for path in opened.folder.iterdir() if path.is_file()}


def lay_down(folder, files):
    folder.mkdir()
    for name, content in files.items():
        (folder / name).write_bytes(content)
    return folder


def test_who_left_opens_no_later_copy_with_a_key_file_they_kept(open_desk, tmp_path):
    add_ada(open_desk)
    kept = copied(open_desk)
    accounts.end_access(open_desk.desk, PASSPHRASE, ADA)
    open_desk.desk.do(residents.Admit("Sky", open_desk.clock()))
    later = copied(open_desk)
    open_desk.desk.close()
    before = lay_down(tmp_path / "before", kept)
    entry.sign_in(before, ADA, WORDS, open_desk.care_model, open_desk.clock).close()
    mixed = lay_down(tmp_path / "mixed", {**later, **{n: kept[n] for n in KEY_FILES}})
    with pytest.raises(DamagedStoreError):
        entry.sign_in(mixed, ADA, WORDS, open_desk.care_model, open_desk.clock)


KEY_FILES = ("slots.json", "slots.bak")


def test_everybody_else_and_the_kit_open_the_renewed_records(open_desk):
    add_ada(open_desk)
    ash, director = "b" * 20, open_desk.desk.staff.public_id
    accounts.add_colleague(open_desk.desk, PASSPHRASE, Colleague(ash, "Ash", ("nurse",), OTHER))
    stay_id = open_desk.desk.do(residents.Admit("Sky", open_desk.clock())).subject
    accounts.end_access(open_desk.desk, PASSPHRASE, ADA)
    assert open_desk.desk.ask(audit_log.trail).is_whole
    open_desk.desk.do(residents.NoteOpened(stay_id, "record"))  # and it goes on at once
    now = open_desk.clock()
    desk = sign_in(open_desk, ash, OTHER)
    assert desk.ask(residents.record, stay_id=stay_id, now=now).called == "Sky"
    assert desk.alarm is None
    desk.close()
    entry.reset_with_kit(
        open_desk.folder, open_desk.kit, director, "words of another day now",
        open_desk.care_model, open_desk.clock,
    )  # fmt: skip
    desk = sign_in(open_desk, director, "words of another day now")
    assert desk.alarm is None
    assert desk.check_file()
    assert slot_file.read_slots(open_desk.folder).slots.epochs == (2,)


@pytest.mark.parametrize("way", ["before the records", "after the records"])
def test_a_renewal_that_was_cut_off_is_settled_at_the_next_sign_in(open_desk, way):
    add_ada(open_desk)
    ash, director = "b" * 20, open_desk.desk.staff.public_id
    accounts.add_colleague(open_desk.desk, PASSPHRASE, Colleague(ash, "Ash", ("nurse",), OTHER))
    open_desk.desk.do(EndStaff(ADA))
    file = slot_file.read_slots(open_desk.folder).slots
    own = entry.unlock(open_desk.folder, file, director, PASSPHRASE, open_desk.clock())
    recipients = [slot.public for slot in file.staff if slot.staff_public_id != ADA]
    kit = PublicKeys(KIT_ID, open_desk.kit.public_key)
    both, holder = begin_rekey(file, own, [*recipients, kit])
    slot_file.write_slots(open_desk.folder, both)
    if way == "after the records":
        assert open_desk.desk.rekey(holder)
    open_desk.desk.close()
    with pytest.raises(WrongPassphraseError):
        entry.sign_in(open_desk.folder, ADA, WORDS, open_desk.care_model, open_desk.clock)
    desk = sign_in(open_desk, ash, OTHER)
    assert desk.alarm is None
    assert slot_file.read_slots(open_desk.folder).slots.epochs == (
        (2,) if way == "after the records" else (1,)
    )
    desk = sign_in(open_desk, director, PASSPHRASE)
    if way == "before the records":
        accounts.end_access(desk, PASSPHRASE, ADA)
    assert {name for _, name in entry.people(open_desk.folder)} == {"Dana", "Ash"}
    assert sign_in(open_desk, ash, OTHER).alarm is None


def without_note(folder):
    (folder / "head.log").unlink()


def unwritable_note(folder):
    (folder / "head.log").unlink()
    (folder / "head.log").mkdir()


@pytest.mark.parametrize("trouble", [without_note, unwritable_note])
def test_a_note_of_the_trail_that_cannot_be_renewed_shuts_nobody_out(open_desk, trouble):
    add_ada(open_desk)
    ash, director = "b" * 20, open_desk.desk.staff.public_id
    accounts.add_colleague(open_desk.desk, PASSPHRASE, Colleague(ash, "Ash", ("nurse",), OTHER))
    trouble(open_desk.folder)
    with suppress(DeskError):
        accounts.end_access(open_desk.desk, PASSPHRASE, ADA)
    open_desk.desk.close()
    if (open_desk.folder / "head.log").is_dir():
        (open_desk.folder / "head.log").rmdir()
    for person, words in ((ash, OTHER), (director, PASSPHRASE)):
        assert sign_in(open_desk, person, words).alarm is None
    assert {name for _, name in entry.people(open_desk.folder)} == {"Dana", "Ash"}
    assert slot_file.read_slots(open_desk.folder).slots.epochs == (2,)


def test_a_renewal_that_failed_late_is_done_again_without_signing_in_again(open_desk):
    add_ada(open_desk)
    unwritable_note(open_desk.folder)
    with pytest.raises(DiskError):
        accounts.end_access(open_desk.desk, PASSPHRASE, ADA)
    assert ADA in accounts.with_a_key(open_desk.desk)  # so the page offers to finish it
    (open_desk.folder / "head.log").rmdir()
    accounts.end_access(open_desk.desk, PASSPHRASE, ADA)
    assert slot_file.read_slots(open_desk.folder).slots.epochs == (3,)
    assert {name for _, name in entry.people(open_desk.folder)} == {"Dana"}
    assert open_desk.again().alarm is None
