"""Setting up new records: the shelter, its first director, the keys of both, in one step."""

from __future__ import annotations

import secrets
import shutil
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import ClassVar
from zoneinfo import ZoneInfo

from shelter_desk.desk import Desk
from shelter_desk.desk.agreements import shipped_agreement
from shelter_desk.desk.base import (
    Area,
    Command,
    Entropy,
    SignedIn,
    Write,
)
from shelter_desk.desk.house import House
from shelter_desk.desk.key_giving import begin_compartments
from shelter_desk.desk.model_editor import note_shipped
from shelter_desk.desk.sealing import Sealer, Seat
from shelter_desk.desk.shelter import check_shelter
from shelter_desk.desk.staff import register_keys
from shelter_desk.desk.upkeep import refresh_stay
from shelter_desk.domain.care_model import CareModel
from shelter_desk.domain.errors import DeskError, InvalidError, Problem
from shelter_desk.domain.ids import StaffId
from shelter_desk.domain.staff import EVERY_ROLE, May, StaffMember
from shelter_desk.domain.trouble import StoreExistsError
from shelter_desk.store import schema
from shelter_desk.store.database import Store
from shelter_desk.store.disk_words import told_by_system
from shelter_desk.store.keys import slot_file, slots
from shelter_desk.store.keys.compartments import CompartmentKeys, new_compartment_keys
from shelter_desk.store.keys.identity import KIT_ID, NewStaff, PublicKeys, Unlocked
from shelter_desk.store.keys.kdf import KdfSettings
from shelter_desk.store.keys.kit import RecoveryKit
from shelter_desk.store.opening import STORE_NAME
from shelter_desk.store.place import refuse_read_only, refuse_unfit
from shelter_desk.store.schema_accounts import agreement
from shelter_desk.store.witness import HeadLog

Now = Callable[[], datetime]


@dataclass(frozen=True)
class Founding:
    """What first set-up was told.

    The first person holds every role, since nobody else is there yet to do the work and to read
    what it needs. They give roles up when colleagues take them over. `has_accepted`: they have
    read and accepted the confidentiality agreement; if not, the window asks for it afterwards.
    """

    shelter_name: str
    zone: str
    director: str
    passphrase: str = field(repr=False)
    kit: RecoveryKit = field(repr=False)
    beds: tuple[str, ...] = ()
    roles: tuple[str, ...] = EVERY_ROLE
    has_accepted: bool = True
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
        begin_compartments(write, self.compartments)
        register_keys(write, who.id, self.public_keys, self.compartments, who.roles)
        if self.founding.has_accepted:
            edition = shipped_agreement().edition
            write.add(agreement, staff_id=who.id, edition=edition, accepted_at=write.now_ms)
        kit = PublicKeys(KIT_ID, self.founding.kit.public_key)
        register_keys(write, None, kit, self.compartments)
        for name in self.founding.beds:
            write.add(schema.bed, name=name)
        for name, kind in (("The public", "public"), ("Our funder", "named")):
            write.add(schema.audience, name=name, kind=kind)
        note_shipped(write)
        refresh_stay(write, None)
        return "shelter"


def found_records(
    folder: Path,
    founding: Founding,
    care_model: CareModel,
    now: Now,
    entropy: Entropy = secrets.token_bytes,
) -> Unlocked:
    """Make new records in an empty or missing folder; return the keys of the first director.

    Everything is made in a folder beside it that gets the right name at the very end, so that a
    power cut half way leaves nothing that looks like records.

    Raises:
        StoreExistsError: when the folder holds anything.
        InvalidError: when an answer needs another look.
        DeskError: when there can be no such folder, or the disk refuses it.
    """
    _check(founding)
    refuse_unfit(folder)
    making = _place_beside(folder)
    try:
        unlocked = _found_in(making, founding, care_model, now, entropy)
        if folder.exists():
            folder.rmdir()
        making.replace(folder)
    except BaseException:
        shutil.rmtree(making, ignore_errors=True)
        raise
    return unlocked


def _place_beside(folder: Path) -> Path:
    making = folder.with_name(f".{folder.name}.{secrets.token_hex(4)}")
    try:
        if folder.exists() and any(folder.iterdir()):
            raise StoreExistsError
        folder.parent.mkdir(parents=True, exist_ok=True)
        refuse_read_only(folder.parent)
        making.mkdir(mode=0o700)
    except (FileNotFoundError, FileExistsError, NotADirectoryError) as error:
        raise DeskError(f"There can be no folder {folder}. Choose another place.") from error
    except OSError as error:
        raise told_by_system(error) from error
    return making


def _check(founding: Founding) -> None:
    problems = check_shelter(founding.shelter_name, founding.zone)
    if not founding.director.strip():
        problems.append(Problem("director", "Enter the name colleagues use."))
    if problems:
        raise InvalidError(tuple(problems))


def _found_in(
    folder: Path, founding: Founding, care_model: CareModel, now: Now, entropy: Entropy
) -> Unlocked:
    staff = StaffMember(StaffId(1), entropy(10).hex(), founding.director.strip(), founding.roles)
    person = NewStaff(staff.public_id, staff.name)
    file, unlocked = slots.create_vault(person, founding.passphrase, founding.kit, founding.kdf)
    slot_file.write_slots(folder, file)
    store = Store.create(folder / STORE_NAME, unlocked.dek)
    log = HeadLog(folder, unlocked.witness_key)
    try:
        store.after_commit(lambda size, head: log.append(size, head, now()))
        compartments = new_compartment_keys()
        house = House(ZoneInfo(founding.zone), care_model)
        who = signed_in(staff, unlocked, 1, entropy)
        sealer = Sealer(Seat(unlocked, 1, 1), compartments, entropy)
        desk = Desk(store, who, sealer, house, now)
        desk.do(FoundShelter(founding, unlocked.public_keys, compartments))
        desk.settle()
    finally:
        log.close()
        store.close()
    return unlocked


def signed_in(staff: StaffMember, unlocked: Unlocked, key_id: int, entropy: Entropy) -> SignedIn:
    """Return who sits at the desk, with the means that only they have."""
    return SignedIn(
        staff=staff,
        session=entropy(8).hex(),
        key_id=key_id,
        vault_id=unlocked.vault_id,
        sign=unlocked.sign,
        entropy=entropy,
    )
