"""Fields sealed under each resident's own keys.

A resident has one key for each compartment (general, identity, clinical). Those keys are wrapped
by the store's compartment keys, which are sealed to the people who may hold them. Destroying a
resident's keys therefore destroys every sealed field of theirs, in every copy of the store that
does not carry the keys itself; backups keep them apart for that reason.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from sqlalchemy import bindparam, select

from shelter_desk.domain.errors import DeskError
from shelter_desk.store import schema
from shelter_desk.store.database import Reader
from shelter_desk.store.keys.fields import (
    Compartment,
    CompartmentKeys,
    blind_mark,
    new_resident_keys,
    open_field,
    seal_field,
    unwrap_resident_key,
    wrap_resident_key,
)
from shelter_desk.store.sql import Statement

GENERAL, IDENTITY, CLINICAL = Compartment.GENERAL, Compartment.IDENTITY, Compartment.CLINICAL

_WRAPPED = Statement(
    select(schema.resident_key.c.sealed, schema.resident.c.public_id)
    .join(schema.resident, schema.resident.c.id == schema.resident_key.c.resident_id)
    .where(
        schema.resident_key.c.resident_id == bindparam("resident_id"),
        schema.resident_key.c.compartment == bindparam("compartment"),
    )
)


def resident_place(public_id: str, field: str) -> str:
    """Return the place a resident's field is sealed for: it opens nowhere else."""
    return f"resident:{public_id}:{field}"


class KeyNotHeldError(DeskError):
    """This part of the record is closed to you, or it was lawfully destroyed."""


class Sealer:
    """Seals and opens fields. Holds the compartment keys of the person signed in, and no others.

    Opened resident keys are kept while the desk is open: a busy page opens the same few.
    """

    def __init__(self, compartments: CompartmentKeys, entropy: Callable[[int], bytes]) -> None:
        self._compartments = compartments
        self._entropy = entropy
        self._opened: dict[tuple[int, str], bytes] = {}

    def new_keys(self, resident_id: int, public_id: str) -> dict[str, bytes]:
        """Make a resident's keys; return compartment -> wrapped key, to be stored."""
        made = new_resident_keys(public_id, self._entropy)
        wrapped = {}
        for name in self._compartments.keys:
            self._opened[resident_id, name] = made[name]
            wrapped[name.value] = wrap_resident_key(
                made[name],
                self._compartments[name],
                resident_public_id=public_id,
                compartment=name,
                random=self._entropy,
            )
        return wrapped

    def seal(
        self,
        reader: Reader,
        resident_id: int,
        place: str,
        text: str,
        compartment: Compartment = GENERAL,
    ) -> bytes:
        """Return `text` sealed for one place ("table:public id:column")."""
        key = self._key(reader, resident_id, compartment)
        return seal_field(key, place, text, self._entropy)

    def open(
        self,
        reader: Reader,
        resident_id: int,
        place: str,
        sealed: bytes | None,
        compartment: Compartment = GENERAL,
    ) -> str:
        """Return the text sealed for this place; an empty string when nothing was written.

        Raises:
            KeyNotHeldError: when the compartment is not open to the person signed in.
        """
        if sealed is None:
            return ""
        return open_field(self._key(reader, resident_id, compartment), place, sealed)

    def mark(self, compartment: Compartment, text: str) -> bytes:
        """Return what stands for a text in an index that only this compartment can ask.

        Raises:
            KeyNotHeldError: when the person signed in does not hold it.
        """
        if compartment not in self._compartments:
            raise KeyNotHeldError
        return blind_mark(self._compartments[compartment], text)

    def may_open(self, compartment: Compartment) -> bool:
        """Say whether the person signed in holds this compartment."""
        return compartment in self._compartments

    def borrow(self, keys: CompartmentKeys) -> None:
        """Hold these as well until the desk is closed; who may look is decided elsewhere."""
        self._compartments = CompartmentKeys({**keys.keys, **self._compartments.keys})

    def share(self, compartments: Iterable[Compartment]) -> CompartmentKeys:
        """Return compartment keys to be sealed to a colleague.

        Raises:
            KeyNotHeldError: when the person signed in does not hold one of them.
        """
        wanted = tuple(compartments)
        if not all(name in self._compartments for name in wanted):
            raise KeyNotHeldError
        return self._compartments.only(wanted)

    def forget_opened(self) -> None:
        """Drop opened keys after a rollback: a resident that was never stored has none."""
        self._opened.clear()

    def _key(self, reader: Reader, resident_id: int, compartment: Compartment) -> bytes:
        opened = self._opened.get((resident_id, compartment))
        if opened is not None:
            return opened
        row = reader.row(_WRAPPED, resident_id=resident_id, compartment=compartment.value)
        if row is None or compartment not in self._compartments:
            raise KeyNotHeldError
        key = unwrap_resident_key(
            row[0],
            self._compartments[compartment],
            resident_public_id=row[1],
            compartment=compartment,
        )
        self._opened[resident_id, compartment] = key
        return key
