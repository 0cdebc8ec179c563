"""Fields sealed under each resident's own keys.

A resident has one key for each compartment (general, identity, clinical). Those keys are wrapped
by the store's compartment keys, which are sealed to the people who may hold them. Destroying a
resident's keys therefore destroys every sealed field of theirs, in every copy of the store.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from sqlalchemy import bindparam, select

from shelter_desk.domain.errors import DeskError
from shelter_desk.store import schema
from shelter_desk.store.database import Reader
from shelter_desk.store.keys.compartments import (
    ResidentKey,
    new_resident_key,
    open_field,
    open_resident_key,
    seal_field,
    wrap_resident_key,
)
from shelter_desk.store.sql import Statement

GENERAL, IDENTITY, CLINICAL = "general", "identity", "clinical"
COMPARTMENTS = (GENERAL, IDENTITY, CLINICAL)

_WRAPPED = Statement(
    select(schema.resident_key.c.sealed, schema.resident.c.public_id)
    .join(schema.resident, schema.resident.c.id == schema.resident_key.c.resident_id)
    .where(
        schema.resident_key.c.resident_id == bindparam("resident_id"),
        schema.resident_key.c.compartment == bindparam("compartment"),
    )
)


class KeyNotHeldError(DeskError):
    """This part of the record is closed to you, or it was lawfully destroyed."""


class Sealer:
    """Seals and opens fields. Holds the compartment keys of the person signed in, and no others.

    Opened resident keys are kept while the desk is open: a busy page opens the same few.
    """

    def __init__(
        self, compartments: Mapping[str, bytes], entropy: Callable[[int], bytes]
    ) -> None:
        self._compartments = dict(compartments)
        self._entropy = entropy
        self._opened: dict[tuple[int, str], ResidentKey] = {}

    def new_keys(self, resident_id: int, public_id: str) -> dict[str, bytes]:
        """Make a resident's keys; return compartment -> wrapped key, to be stored."""
        wrapped = {}
        for name, key in self._compartments.items():
            resident_key = new_resident_key(self._entropy)
            self._opened[resident_id, name] = resident_key
            wrapped[name] = wrap_resident_key(key, resident_key, public_id, name, self._entropy)
        return wrapped

    def seal(
        self, reader: Reader, resident_id: int, place: str, text: str, compartment: str = GENERAL
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
        compartment: str = GENERAL,
    ) -> str:
        """Return the text sealed for this place; an empty string when nothing was written.

        Raises:
            KeyNotHeldError: when the compartment is not open to the person signed in.
        """
        if sealed is None:
            return ""
        return open_field(self._key(reader, resident_id, compartment), place, sealed)

    def may_open(self, compartment: str) -> bool:
        """Say whether the person signed in holds this compartment."""
        return compartment in self._compartments

    def forget(self, resident_id: int) -> None:
        """Drop what was opened for a resident whose admission was rolled back."""
        for name in COMPARTMENTS:
            self._opened.pop((resident_id, name), None)

    def _key(self, reader: Reader, resident_id: int, compartment: str) -> ResidentKey:
        opened = self._opened.get((resident_id, compartment))
        if opened is not None:
            return opened
        row = reader.row(_WRAPPED, resident_id=resident_id, compartment=compartment)
        if row is None or compartment not in self._compartments:
            raise KeyNotHeldError
        wrapped, public_id = row
        key = open_resident_key(self._compartments[compartment], wrapped, public_id, compartment)
        self._opened[resident_id, compartment] = key
        return key
