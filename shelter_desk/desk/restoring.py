"""The way back: records out of a backup get new keys, their lists, and a first new event."""

from __future__ import annotations

import secrets
import shutil
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import ClassVar

from sqlalchemy import select

from shelter_desk.desk import Desk
from shelter_desk.desk.audit_log import trail_end
from shelter_desk.desk.base import Area, Command, SignedIn, Write, moment
from shelter_desk.desk.finding_anew import IS_ON_LISTS, make_findable
from shelter_desk.desk.founding import Now, signed_in
from shelter_desk.desk.house import house_of
from shelter_desk.desk.key_giving import compartments_of
from shelter_desk.desk.opening import (
    KIT_KEY,
    NEWEST_KEY,
    NEXT_KEY,
    open_store,
    staff_member,
)
from shelter_desk.desk.persons import index_known
from shelter_desk.desk.sealing import KeyNotHeldError, Sealer, Seat, resident_place
from shelter_desk.desk.staff import RenewKeys
from shelter_desk.domain.care_model import CareModel
from shelter_desk.domain.errors import ChainBrokenError, DeskError
from shelter_desk.domain.staff import DIRECTOR, May
from shelter_desk.domain.trouble import StoreExistsError
from shelter_desk.store import schema
from shelter_desk.store.backup import (
    BackupDamagedError,
    BackupFacts,
    KeyPart,
    check_restored,
    put_keys_back,
    read_facts,
    read_key_part,
)
from shelter_desk.store.database import Reader, Store
from shelter_desk.store.failures import in_words
from shelter_desk.store.keys import slot_file, slots
from shelter_desk.store.keys.identity import (
    KIT_ID,
    KitUnlocked,
    NewStaff,
    Opened,
    Unlocked,
    new_staff_keys,
)
from shelter_desk.store.keys.kdf import KdfSettings
from shelter_desk.store.keys.kit import RecoveryKit
from shelter_desk.store.keys.slot_format import SlotFile
from shelter_desk.store.opening import STORE_NAME
from shelter_desk.store.place import refuse_read_only, refuse_unfit
from shelter_desk.store.safe_file import sync_file, sync_folder
from shelter_desk.store.sql import Statement
from shelter_desk.store.witness import HeadLog, known_witnesses

__all__ = [
    "BackupDamagedError",
    "BackupFacts",
    "Brought",
    "NoSuchDirectorError",
    "NobodyToOpenError",
    "Restored",
    "WithKit",
    "WithPassphrase",
    "bring_back",
    "read_facts",
    "read_key_part",
    "refuse_new",
]

_PEOPLE = Statement(
    select(
        schema.resident.c.id,
        schema.resident.c.public_id,
        schema.resident.c.called_sealed,
        schema.resident.c.born_on_sealed,
    ).where(IS_ON_LISTS)
)
_ACTIVE = Statement(
    select(schema.staff.c.public_id, schema.staff.c.name, schema.staff.c.roles)
    .where(schema.staff.c.ended_at.is_(None))
    .order_by(schema.staff.c.id)
)


class NobodyToOpenError(DeskError):
    """This backup cannot be opened with that. It takes its recovery kit or a director."""


class NoSuchDirectorError(NobodyToOpenError):
    """No director of that name was in these records when the backup was made.

    Spell the name as it was, or leave it empty for the first director.
    """


@dataclass(frozen=True)
class WithKit:
    """Whoever holds the recovery kit sets a new passphrase. `name` chooses among directors."""

    kit: RecoveryKit = field(repr=False)
    new_passphrase: str = field(repr=False)
    name: str = ""


@dataclass(frozen=True)
class WithPassphrase:
    """A director whose key file is still on this computer goes on with the same passphrase."""

    unlocked: Unlocked
    passphrase: str = field(repr=False)
    settings: KdfSettings


@dataclass(frozen=True)
class RestoreRecords(Command):
    """Begin restored records: the first event after the backup's last says where they came from.

    `newest_known` is the newest entry of the trail that this computer remembers, 0 for none. Lists
    and search are made again from the sealed fields.
    """

    action: ClassVar[str] = "records.restore"
    needs: ClassVar[May] = May.MANAGE_SHELTER
    touches: ClassVar[Area] = ~Area(0)

    events: int
    newest_known: int
    guessed_birthdays: dict[str, str] = field(repr=False)
    renew: RenewKeys | None = None

    def apply(self, write: Write) -> str:
        """Make the index again, and register the new keys of whoever used the recovery kit."""
        if self.renew is not None:
            self.renew.apply(write)
        for resident_id, public_id, called, born in write.writer.rows(_PEOPLE):
            self._index(write, resident_id, public_id, (called, born))
        make_findable(write)
        known = f":newest-known:{self.newest_known}" if self.newest_known else ""
        way = "recovery-kit" if self.renew else "passphrase"
        write.reason = f"backup-ends-at:{self.events}{known}:{way}"
        return write.who.vault_id.hex()

    def _index(
        self, write: Write, resident_id: int, public_id: str, sealed: tuple[bytes, bytes | None]
    ) -> None:
        place = resident_place(public_id, "called")
        try:
            called = write.sealer.open(write.writer, resident_id, place, sealed[0])
            place = resident_place(public_id, "born_on")
            told = write.sealer.open(write.writer, resident_id, place, sealed[1])
        except KeyNotHeldError:
            return  # their keys were destroyed: no list may show them again
        born = told or self.guessed_birthdays.get(public_id, "")
        day = date.fromisoformat(born) if born else None
        index_known(write, resident_id, called, day, is_guess=bool(born and not told))


@dataclass(frozen=True, slots=True)
class Brought:
    """What came out of a backup besides the store file."""

    facts: BackupFacts
    keys: KeyPart


@dataclass(frozen=True, slots=True)
class Restored:
    """Records that came back. `newest_known` is 0 when nothing here remembers the trail."""

    events: int
    made_at: datetime
    newest_known: int
    who: str


def bring_back(
    target: Path,
    unpack: Callable[[Path], Brought],
    way: WithKit | WithPassphrase,
    care_model: CareModel,
    now: Now,
    remembered_in: tuple[Path, ...] = (),
) -> Restored:
    """Make the new folder `target` of what `unpack` writes into the empty folder it is given.

    Everything is made in a folder beside the target, which gets its name when all of it passed
    every check. `remembered_in` are folders whose `head.log` may remember how far the trail went.

    Raises:
        StoreExistsError: when the target is there already.
        BackupDamagedError: when the records are not what was backed up.
        NobodyToOpenError: when the person was no director when it was made.
    """
    refuse_new(target)
    with in_words():
        target.parent.mkdir(parents=True, exist_ok=True)
        refuse_read_only(target.parent)
        making = target.with_name(f".{target.name}.{secrets.token_hex(4)}")
        making.mkdir(mode=0o700)
        try:
            brought = unpack(making)
            sync_file(making / STORE_NAME)
            restored = _settled(making, brought, way, care_model, now, remembered_in)
            sync_folder(making)
            making.replace(target)
            sync_folder(target.parent)
        except BaseException:
            shutil.rmtree(making, ignore_errors=True)
            raise
    return restored


def refuse_new(target: Path) -> None:
    """Pass when new records may be made in this folder.

    Raises:
        StoreExistsError: when it is there already.
        PlaceRefusedError: when records may not live there.
    """
    refuse_unfit(target)
    if target.exists():
        raise StoreExistsError


def _settled(
    folder: Path,
    brought: Brought,
    way: WithKit | WithPassphrase,
    care_model: CareModel,
    now: Now,
    remembered_in: tuple[Path, ...] = (),
) -> Restored:
    vault_id = bytes.fromhex(brought.facts.vault_id)
    opened = _opened(way, vault_id, bytes.fromhex(brought.facts.store_key))
    store = open_store(folder, opened)
    log = HeadLog(folder, opened.witness_key)
    try:
        _check(store, brought, vault_id)
        newest = _newest_known(opened, remembered_in)
        comes = _comes_back(store, way, opened)
        with store.reading() as reader:
            house = house_of(reader, care_model)
        store.after_commit(lambda size, head: log.append(size, head, now()))
        desk = Desk(store, comes.who, comes.sealer, house, now)
        guesses = dict(brought.keys.guessed_birthdays)
        desk.do(RestoreRecords(brought.facts.events, newest, guesses, comes.renew))
        desk.settle()
        slot_file.write_slots(folder, comes.slots)
    finally:
        log.close()
        store.close()
    made_at = moment(brought.facts.made_at_ms)
    return Restored(brought.facts.events, made_at, newest, comes.who.staff.name)


def _opened(way: WithKit | WithPassphrase, vault_id: bytes, dek: bytes) -> Opened:
    keys = ((slots.FIRST_EPOCH, dek),)
    if isinstance(way, WithKit):
        return KitUnlocked(vault_id, KIT_ID, keys, way.kit.private_key)
    own = way.unlocked
    return Unlocked(vault_id, own.staff_public_id, keys, own.private_keys())


def _check(store: Store, brought: Brought, vault_id: bytes) -> None:
    try:
        check_restored(store, brought.facts, lambda one: trail_end(vault_id, one))
    except ChainBrokenError:
        raise BackupDamagedError from None
    put_keys_back(store, brought.facts, brought.keys)


def _newest_known(opened: Opened, folders: tuple[Path, ...]) -> int:
    known = [w for folder in folders for w in known_witnesses(folder, opened.witness_key).known]
    return max((witness.size for witness in known), default=0)


@dataclass(frozen=True)
class _ComesBack:
    """Who sits down at the restored records, with what, and the key file that lets them in."""

    who: SignedIn
    sealer: Sealer
    slots: SlotFile
    renew: RenewKeys | None


def _comes_back(store: Store, way: WithKit | WithPassphrase, opened: Opened) -> _ComesBack:
    with store.reading() as reader:
        kit_id, kit_key = reader.row(KIT_KEY) or (0, b"")
        if isinstance(way, WithKit):
            return _by_kit(reader, way, opened, (int(kit_id), bytes(kit_key)))
        return _by_passphrase(reader, way, opened, bytes(kit_key))


def _by_kit(reader: Reader, way: WithKit, opened: Opened, kit: tuple[int, bytes]) -> _ComesBack:
    if kit[1] != way.kit.public_key:
        raise NobodyToOpenError
    staff = staff_member(reader, _director(reader, way.name))
    own = Unlocked(opened.vault_id, staff.public_id, opened.epoch_keys, new_staff_keys())
    compartments = compartments_of(reader, kit[0], opened)
    person, key_id = NewStaff(staff.public_id, staff.name), int(reader.value(NEXT_KEY))
    return _ComesBack(
        signed_in(staff, own, key_id, secrets.token_bytes),
        Sealer(Seat(own, staff.id, key_id), compartments, secrets.token_bytes),
        slots.vault_anew(own, person, way.new_passphrase, kit[1], KdfSettings()),
        RenewKeys(staff.public_id, own.public_keys, compartments, with_kit=True),
    )


def _by_passphrase(
    reader: Reader, way: WithPassphrase, opened: Opened, kit_key: bytes
) -> _ComesBack:
    own = Unlocked(
        opened.vault_id, opened.recipient_id, opened.epoch_keys, way.unlocked.private_keys()
    )
    staff = staff_member(reader, own.staff_public_id)
    key_id, public = reader.row(NEWEST_KEY, public_id=staff.public_id) or (0, b"")
    if DIRECTOR not in staff.roles or public != own.public_keys.signing:
        raise NobodyToOpenError
    person = NewStaff(staff.public_id, staff.name)
    return _ComesBack(
        signed_in(staff, own, int(key_id), secrets.token_bytes),
        Sealer(
            Seat(own, staff.id, int(key_id)),
            compartments_of(reader, int(key_id), own),
            secrets.token_bytes,
        ),
        slots.vault_anew(own, person, way.passphrase, kit_key, way.settings),
        None,
    )


def _director(reader: Reader, name: str) -> str:
    """Return the public id of the director of that name; without a name, of the first."""
    for public_id, called, roles in reader.rows(_ACTIVE):
        if DIRECTOR in roles.split() and name in ("", called, public_id):
            return str(public_id)
    raise NoSuchDirectorError
