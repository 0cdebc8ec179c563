"""The ways to a desk: set up new records, sign in, open with the recovery kit.

Headless, so that windows and the command line come in through the same door.
"""

from __future__ import annotations

import secrets
import shutil
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import ClassVar
from zoneinfo import ZoneInfo

from sqlalchemy import bindparam, func, select

from shelter_desk.desk import Desk
from shelter_desk.desk.audit_log import head_at, size_of, walk
from shelter_desk.desk.base import (
    Area,
    Command,
    Entropy,
    House,
    SignedIn,
    Write,
)
from shelter_desk.desk.house import house_of
from shelter_desk.desk.sealing import Sealer
from shelter_desk.desk.shelter import check_shelter
from shelter_desk.desk.staff import RenewKeys, SignIn, register_keys
from shelter_desk.desk.upkeep import refresh_stay
from shelter_desk.domain.care_model import CareModel
from shelter_desk.domain.errors import DeskError, InvalidError, Problem
from shelter_desk.domain.ids import StaffId
from shelter_desk.domain.staff import May, StaffMember
from shelter_desk.domain.trouble import DamagedStoreError, StoreExistsError, WrongVaultError
from shelter_desk.store import schema
from shelter_desk.store.database import Reader, Store
from shelter_desk.store.keys import slot_file, slots, tries
from shelter_desk.store.keys.errors import WrongPassphraseError
from shelter_desk.store.keys.fields import (
    Compartment,
    CompartmentKeys,
    new_compartment_keys,
    open_compartment,
)
from shelter_desk.store.keys.identity import KIT_ID, NewStaff, Opened, PublicKeys, Unlocked
from shelter_desk.store.keys.kdf import KdfSettings
from shelter_desk.store.keys.kit import RecoveryKit
from shelter_desk.store.opening import STORE_NAME, refuse_early
from shelter_desk.store.place import refuse_read_only, refuse_unfit
from shelter_desk.store.sql import Statement
from shelter_desk.store.witness import HeadLog, compare, known_witnesses

Now = Callable[[], datetime]
_LATEST_CHECKED = 10_000

_VAULT = Statement(select(schema.shelter.c.vault_id, schema.shelter.c.name))
_PERSON = Statement(
    select(
        schema.staff.c.id, schema.staff.c.name, schema.staff.c.roles, schema.staff.c.ended_at
    ).where(schema.staff.c.public_id == bindparam("public_id"))
)
_NEWEST_KEY = Statement(
    select(schema.staff_key.c.id, schema.staff_key.c.signing_public)
    .join(schema.staff, schema.staff.c.id == schema.staff_key.c.staff_id)
    .where(schema.staff.c.public_id == bindparam("public_id"))
    .order_by(schema.staff_key.c.id.desc())
    .limit(1)
)
_KIT_KEY = Statement(
    select(schema.staff_key.c.id, schema.staff_key.c.sealing_public)
    .where(schema.staff_key.c.staff_id.is_(None))
    .order_by(schema.staff_key.c.id.desc())
    .limit(1)
)
_NEXT_KEY = Statement(select(func.coalesce(func.max(schema.staff_key.c.id), 0) + 1))
_SEALS = Statement(
    select(schema.compartment_seal.c.compartment, schema.compartment_seal.c.sealed).where(
        schema.compartment_seal.c.key_id == bindparam("key_id")
    )
)


@dataclass(frozen=True)
class Founding:
    """What first set-up was told."""

    shelter_name: str
    zone: str
    director: str
    passphrase: str = field(repr=False)
    kit: RecoveryKit = field(repr=False)
    beds: tuple[str, ...] = ()
    kdf: KdfSettings = field(default_factory=KdfSettings)


@dataclass(frozen=True)
class FoundShelter(Command):
    """The first event of every store: the shelter, its first director, the keys of both."""

    action: ClassVar[str] = "shelter.found"
    needs: ClassVar[May] = May.MANAGE_SHELTER
    touches: ClassVar[Area] = Area.SHELTER

    founding: Founding
    public_keys: PublicKeys
    compartments: CompartmentKeys = field(repr=False)

    def apply(self, write: Write) -> str:
        """Insert the first rows."""
        write.add(
            schema.shelter,
            id=1,
            vault_id=write.who.vault_id.hex(),
            name=self.founding.shelter_name.strip(),
            zone=self.founding.zone,
            model_version=write.care_model.version,
        )
        who = write.who.staff
        write.add(
            schema.staff,
            id=who.id,
            public_id=who.public_id,
            name=who.name,
            roles=" ".join(who.roles),
            began_at=write.now_ms,
        )
        register_keys(write, who.id, self.public_keys, self.compartments)
        kit = PublicKeys(KIT_ID, self.founding.kit.public_key)
        register_keys(write, None, kit, self.compartments)
        for name in self.founding.beds:
            write.add(schema.bed, name=name)
        for name, kind in (("The public", "public"), ("Our funder", "named")):
            write.add(schema.audience, name=name, kind=kind)
        refresh_stay(write, None)
        return "shelter"


def found(
    folder: Path,
    founding: Founding,
    care_model: CareModel,
    now: Now,
    entropy: Entropy = secrets.token_bytes,
) -> Desk:
    """Make new records in an empty or missing folder, and return the director's desk.

    Everything is made in a folder beside it that gets the right name at the very end, so that a
    power cut half way leaves nothing that looks like records.

    Raises:
        StoreExistsError: when the folder holds anything.
        InvalidError: when an answer needs another look.
    """
    _check(founding)
    refuse_unfit(folder)
    if folder.exists() and any(folder.iterdir()):
        raise StoreExistsError
    folder.parent.mkdir(parents=True, exist_ok=True)
    refuse_read_only(folder.parent)
    making = folder.with_name(f".{folder.name}.{secrets.token_hex(4)}")
    making.mkdir(mode=0o700)
    try:
        _found_in(making, founding, care_model, now, entropy)
        if folder.exists():
            folder.rmdir()
        making.replace(folder)
    except BaseException:
        shutil.rmtree(making, ignore_errors=True)
        raise
    public_id = slot_file.read_slots(folder).slots.staff[0].staff_public_id
    return sign_in(folder, public_id, founding.passphrase, care_model, now)


def _check(founding: Founding) -> None:
    problems = check_shelter(founding.shelter_name, founding.zone)
    if not founding.director.strip():
        problems.append(Problem("director", "Enter the name colleagues use."))
    if problems:
        raise InvalidError(tuple(problems))


def _found_in(
    folder: Path, founding: Founding, care_model: CareModel, now: Now, entropy: Entropy
) -> None:
    staff = StaffMember(StaffId(1), entropy(10).hex(), founding.director.strip(), ("director",))
    person = NewStaff(staff.public_id, staff.name)
    file, unlocked = slots.create_vault(person, founding.passphrase, founding.kit, founding.kdf)
    slot_file.write_slots(folder, file)
    store = Store.create(folder / STORE_NAME, unlocked.dek)
    log = HeadLog(folder, unlocked.witness_key)
    try:
        store.after_commit(lambda size, head: log.append(size, head, now()))
        compartments = new_compartment_keys()
        house = House(ZoneInfo(founding.zone), care_model)
        who = _signed_in(staff, unlocked, 1, entropy)
        desk = Desk(store, who, Sealer(compartments, entropy), house, now)
        desk.do(FoundShelter(founding, unlocked.public_keys, compartments))
        desk.settle()
    finally:
        log.close()
        store.close()


def sign_in(
    folder: Path,
    staff_public_id: str,
    passphrase: str,
    care_model: CareModel,
    now: Now,
) -> Desk:
    """Open the records and return the desk of one person.

    Raises:
        WrongPassphraseError: when name and passphrase do not fit together.
        TroubleError: when the records cannot be opened; the kind says why.
    """
    refuse_early(folder)
    read = slot_file.read_slots(folder)
    try:
        unlocked = slots.unlock(read.slots, staff_public_id, passphrase)
    except WrongPassphraseError:
        tries.note_failure(folder, read.slots, staff_public_id, now())
        raise
    failed = len(tries.open_tries(tries.read_tries(folder), unlocked).tries)
    if read.problem:
        slot_file.write_slots(folder, read.slots)
    desk = _open(folder, unlocked, care_model, now)
    if desk.alarm is None:
        desk.do(SignIn(failed))
        tries.clear_tries(folder)
    return desk


def reset_with_kit(
    folder: Path,
    kit: RecoveryKit,
    staff_public_id: str,
    new_passphrase: str,
    care_model: CareModel,
    now: Now,
) -> None:
    """Set a new passphrase with the recovery kit; the trail shows that the kit was used.

    The person gets new keys. They are in the store before the slot file changes, so that a power
    cut in between leaves the kit, and everybody else, as able to open as before.

    Raises:
        KitDoesNotFitError: when it is the kit of other records, or an older one.
    """
    refuse_early(folder)
    read = slot_file.read_slots(folder)
    with_kit = slots.unlock_with_kit(read.slots, kit)
    file, unlocked = slots.reset_passphrase(read.slots, with_kit, staff_public_id, new_passphrase)
    store = _open_store(folder, unlocked)
    log = HeadLog(folder, unlocked.witness_key)
    try:
        store.after_commit(lambda size, head: log.append(size, head, now()))
        with store.reading() as reader:
            staff = _staff_member(reader, staff_public_id)
            kit_key = reader.value(_KIT_KEY)
            compartments = _compartments(reader, int(kit_key), with_kit)
            house = house_of(reader, care_model)
            key_id = int(reader.value(_NEXT_KEY))
        who = _signed_in(staff, unlocked, key_id, secrets.token_bytes)
        desk = Desk(store, who, Sealer(compartments, secrets.token_bytes), house, now)
        desk.do(RenewKeys(staff_public_id, unlocked.public_keys, compartments, with_kit=True))
        slot_file.write_slots(folder, file)
        tries.forgive(folder)
        desk.settle()
    finally:
        log.close()
        store.close()


def people(folder: Path) -> tuple[tuple[str, str], ...]:
    """Return (public id, name) of who may sign in, without opening anything."""
    read = slot_file.read_slots(folder)
    return tuple((slot.staff_public_id, slot.name) for slot in read.slots.staff)


def fits(folder: Path, staff_public_id: str, passphrase: str, now: datetime) -> bool:
    """Say whether a passphrase is this person's, without opening anything; a miss is counted."""
    read = slot_file.read_slots(folder)
    try:
        slots.unlock(read.slots, staff_public_id, passphrase)
    except WrongPassphraseError:
        tries.note_failure(folder, read.slots, staff_public_id, now)
        return False
    return True


def check_kit(folder: Path, kit: RecoveryKit) -> None:
    """Pass when the recovery kit opens these records.

    Raises:
        KitDoesNotFitError: when it does not.
    """
    refuse_early(folder)
    slots.unlock_with_kit(slot_file.read_slots(folder).slots, kit)


def wait_seconds(folder: Path, now: datetime) -> int:
    """Return how long to wait before the next try, in whole seconds."""
    left = tries.still_to_wait(tries.read_tries(folder), now)
    return max(0, round(left.total_seconds()))


def _open(folder: Path, unlocked: Unlocked, care_model: CareModel, now: Now) -> Desk:
    store = _open_store(folder, unlocked)
    try:
        return _desk_of(folder, store, unlocked, care_model, now)
    except BaseException:
        store.close()
        raise


def _open_store(folder: Path, opened: Opened) -> Store:
    """Open with the newest key that fits: between the two steps of a re-keying there are two."""
    error: DeskError = DamagedStoreError()
    for _, dek in opened.epoch_keys:
        try:
            store = Store(folder / STORE_NAME, dek)
        except DamagedStoreError as damaged:
            error = damaged
            continue
        with store.reading() as reader:
            vault = reader.row(_VAULT)
        if vault is None or vault[0] != opened.vault_id.hex():
            store.close()
            raise WrongVaultError
        return store
    raise error


def _desk_of(
    folder: Path, store: Store, unlocked: Unlocked, care_model: CareModel, now: Now
) -> Desk:
    with store.reading() as reader:
        staff = _staff_member(reader, unlocked.staff_public_id)
        key_id, public = reader.row(_NEWEST_KEY, public_id=staff.public_id) or (0, b"")
        if public != unlocked.public_keys.signing:
            raise WrongVaultError
        compartments = _compartments(reader, key_id, unlocked)
        house = house_of(reader, care_model)
        size = size_of(reader)
        walk(reader, unlocked.vault_id, size, after=max(0, size - _LATEST_CHECKED))
        report = compare(
            size,
            lambda seq: head_at(reader, seq),
            known_witnesses(folder, unlocked.witness_key),
        )
    log = HeadLog(folder, unlocked.witness_key)
    who = _signed_in(staff, unlocked, key_id, secrets.token_bytes)
    desk = Desk(store, who, Sealer(compartments, secrets.token_bytes), house, now)
    store.after_commit(lambda size, head: log.append(size, head, now()))
    store.before_close(log.close)
    if report.is_alarm:
        desk.alarm = report.sentence()
    return desk


def _staff_member(reader: Reader, public_id: str) -> StaffMember:
    row = reader.row(_PERSON, public_id=public_id)
    if row is None or row[3] is not None:
        raise WrongPassphraseError
    return StaffMember(StaffId(row[0]), public_id, row[1], tuple(row[2].split()))


def _compartments(reader: Reader, key_id: int, opened: Opened) -> CompartmentKeys:
    return CompartmentKeys(
        {
            Compartment(name): open_compartment(sealed, Compartment(name), opened)
            for name, sealed in reader.rows(_SEALS, key_id=key_id)
        }
    )


def _signed_in(staff: StaffMember, unlocked: Unlocked, key_id: int, entropy: Entropy) -> SignedIn:
    return SignedIn(
        staff=staff,
        session=entropy(8).hex(),
        key_id=key_id,
        vault_id=unlocked.vault_id,
        sign=unlocked.sign,
        entropy=entropy,
    )
