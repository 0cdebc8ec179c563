"""Who holds the key of which record class: given with a role, taken with it, new when one leaves.

Readers of a class hold its key, and so do directors, who give keys to colleagues, and the recovery
kit. Everybody else holds a share that opens nothing by itself; two shares open a class in an
emergency (`openings`). Taking a key away is making a new one for those who stay: see
`store.keys.compartments`.
"""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import bindparam, func, select

from shelter_desk.desk.base import Write
from shelter_desk.desk.sealing import Compartment
from shelter_desk.domain.care_model import CareModel
from shelter_desk.domain.staff import May, may_of
from shelter_desk.store import schema
from shelter_desk.store.database import Reader
from shelter_desk.store.keys.compartments import (
    CompartmentKey,
    CompartmentKeys,
    key_of_two,
    next_generation,
    open_compartment,
    open_share,
    seal_compartment,
    seal_share,
)
from shelter_desk.store.keys.errors import SealBrokenError
from shelter_desk.store.keys.identity import KIT_ID, Opened, PublicKeys
from shelter_desk.store.schema_keys import compartment_key, compartment_seal
from shelter_desk.store.sql import Statement, insert_into

KEY, SHARE = "key", "share"
_staff, _key, _seal = schema.staff, schema.staff_key, compartment_seal
_ADD_SEAL = insert_into(
    _seal, ("event_id", "key_id", "compartment", "generation", "kind", "sealed")
)
_newer = compartment_key.alias("newer")
_CURRENT = (
    select(func.max(_newer.c.generation))
    .where(_newer.c.compartment == _seal.c.compartment)
    .correlate(_seal)
    .scalar_subquery()
)
_SEALS = Statement(
    select(_seal.c.compartment, _seal.c.generation, _seal.c.sealed).where(
        _seal.c.key_id == bindparam("key_id"),
        _seal.c.kind == bindparam("kind"),
        _seal.c.generation == _CURRENT,
    )
)
_PUBLIC = Statement(
    select(compartment_key.c.generation, compartment_key.c.public)
    .where(compartment_key.c.compartment == bindparam("compartment"))
    .order_by(compartment_key.c.generation.desc())
    .limit(1)
)
_NEWEST_OF_EACH = select(func.max(_key.c.id)).group_by(_key.c.staff_id).scalar_subquery()
_HOLDERS = Statement(
    select(_key.c.id, _staff.c.public_id, _key.c.sealing_public, _staff.c.roles)
    .join(_staff, _staff.c.id == _key.c.staff_id, isouter=True)
    .where(_key.c.id.in_(_NEWEST_OF_EACH), _staff.c.ended_at.is_(None))
)


def compartments_for(roles: Iterable[str], care_model: CareModel) -> frozenset[Compartment]:
    """Return the compartments that somebody with these roles opens: the classes they read."""
    held = frozenset(roles)
    return frozenset(
        name for name in Compartment if held & set(care_model.record_classes[name].readers)
    )


def keys_given_to(roles: Iterable[str], care_model: CareModel) -> frozenset[Compartment]:
    """Return the compartments whose key is sealed to somebody: a director can recover them all."""
    held = tuple(roles)
    if May.MANAGE_STAFF in may_of(held):
        return frozenset(Compartment)
    return compartments_for(held, care_model)


def compartments_of(reader: Reader, key_id: int, opened: Opened) -> CompartmentKeys:
    """Return the newest keys that were sealed to one registered key, opened by its holder."""
    return CompartmentKeys(
        {
            Compartment(name): open_compartment(sealed, Compartment(name), generation, opened)
            for name, generation, sealed in reader.rows(_SEALS, key_id=key_id, kind=KEY)
        }
    )


def key_between(
    reader: Reader, compartment: Compartment, people: Iterable[tuple[int, Opened]]
) -> CompartmentKey:
    """Return the newest key of a compartment that two people can open together.

    `people` are (row of the staff key, what their passphrase opened). One of them may hold it.

    Raises:
        SealBrokenError: when they are one person, or their shares are not of this compartment.
    """
    held = tuple(people)
    for key_id, opened in held:
        own = compartments_of(reader, key_id, opened)
        if compartment in own:
            return own[compartment]
    generation, public = reader.row(_PUBLIC, compartment=compartment.value) or (0, b"")
    shares = [
        open_share(sealed, compartment, generation, opened, key_id)
        for key_id, opened in held
        for name, at, sealed in reader.rows(_SEALS, key_id=key_id, kind=SHARE)
        if (name, at) == (compartment.value, generation)
    ]
    if len(shares) != 2:
        raise SealBrokenError
    found = key_of_two(shares[0], shares[1], generation)
    if found.pair.public != public:
        raise SealBrokenError
    return found


def give_keys(
    write: Write,
    recipient: tuple[int, PublicKeys],
    keys: CompartmentKeys,
    held: frozenset[Compartment],
) -> None:
    """Seal compartment keys to a registered key: those of `held` whole, a share of the others."""
    key_id, public = recipient
    for name, key in keys.keys.items():
        vault_id, is_held = write.who.vault_id, name in held
        sealed = (
            seal_compartment(key, name, vault_id, public)
            if is_held
            else seal_share(key, name, vault_id, public, key_id)
        )
        write.writer.run(
            _ADD_SEAL,
            event_id=write.event_id,
            key_id=key_id,
            compartment=name.value,
            generation=key.generation,
            kind=KEY if is_held else SHARE,
            sealed=sealed,
        )


def begin_compartments(write: Write, keys: CompartmentKeys) -> None:
    """Register the first generation of every compartment."""
    for name, key in keys.keys.items():
        _register(write, name, key, None)


def renew_compartments(write: Write, keys: CompartmentKeys, names: Iterable[Compartment]) -> None:
    """Make the next generation of some compartments, for everybody who works here and the kit.

    Each resident's next field in them is sealed with a pair that nobody held before.
    """
    former = keys.only(names)
    fresh: dict[Compartment, CompartmentKey] = {}
    for name, key in former.keys.items():
        fresh[name], sealed = next_generation(key, name, write.who.vault_id, write.who.entropy)
        _register(write, name, fresh[name], sealed)
    for key_id, public_id, sealing, roles in write.writer.rows(_HOLDERS):
        is_kit = public_id is None
        recipient = (key_id, PublicKeys(KIT_ID if is_kit else public_id, sealing))
        held = frozenset(Compartment) if is_kit else keys_given_to(roles.split(), write.care_model)
        give_keys(write, recipient, CompartmentKeys(fresh), held)


def _register(write: Write, name: Compartment, key: CompartmentKey, former: bytes | None) -> None:
    write.add(
        compartment_key,
        compartment=name.value,
        generation=key.generation,
        public=key.pair.public,
        former=former,
    )
