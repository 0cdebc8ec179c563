"""What opening the records needs: the file under the key that fits, the person, their keys."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import bindparam, func, select

from shelter_desk.domain.errors import DeskError
from shelter_desk.domain.ids import StaffId
from shelter_desk.domain.staff import StaffMember
from shelter_desk.domain.trouble import DamagedStoreError, WrongVaultError
from shelter_desk.store import schema
from shelter_desk.store.backup import sweep_copies
from shelter_desk.store.database import Reader, Store
from shelter_desk.store.keys.errors import WrongPassphraseError
from shelter_desk.store.keys.identity import Opened
from shelter_desk.store.opening import STORE_NAME
from shelter_desk.store.sql import Statement

_VAULT = Statement(select(schema.shelter.c.vault_id, schema.shelter.c.name))
_PERSON = Statement(
    select(
        schema.staff.c.id, schema.staff.c.name, schema.staff.c.roles, schema.staff.c.ended_at
    ).where(schema.staff.c.public_id == bindparam("public_id"))
)
NEWEST_KEY = Statement(
    select(schema.staff_key.c.id, schema.staff_key.c.signing_public)
    .join(schema.staff, schema.staff.c.id == schema.staff_key.c.staff_id)
    .where(schema.staff.c.public_id == bindparam("public_id"))
    .order_by(schema.staff_key.c.id.desc())
    .limit(1)
)
KIT_KEY = Statement(
    select(schema.staff_key.c.id, schema.staff_key.c.sealing_public)
    .where(schema.staff_key.c.staff_id.is_(None))
    .order_by(schema.staff_key.c.id.desc())
    .limit(1)
)
KIT_WITH_KEY = Statement(
    select(schema.staff_key.c.id)
    .where(
        schema.staff_key.c.staff_id.is_(None),
        schema.staff_key.c.sealing_public == bindparam("public"),
    )
    .order_by(schema.staff_key.c.id.desc())
    .limit(1)
)
NEXT_KEY = Statement(select(func.coalesce(func.max(schema.staff_key.c.id), 0) + 1))


def open_store(folder: Path, opened: Opened) -> Store:
    """Open with the newest key that fits: between the two steps of a re-keying there are two.

    A copy that a backup left here when it was cut off is removed: it may hold residents' keys.
    """
    sweep_copies(folder)
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


def staff_member(reader: Reader, public_id: str) -> StaffMember:
    """Return a person who works here.

    Raises:
        WrongPassphraseError: when there is no such person, or not any more.
    """
    row = reader.row(_PERSON, public_id=public_id)
    if row is None or row[3] is not None:
        raise WrongPassphraseError
    return StaffMember(StaffId(row[0]), public_id, row[1], tuple(row[2].split()))
