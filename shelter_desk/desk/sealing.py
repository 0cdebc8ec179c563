"""Fields sealed for the readers of their record class, by anybody.

Each record class is a compartment with a key pair, and each resident has a pair of their own in
each of them (`store.keys.compartments`, `store.keys.fields`). Whoever writes seals with the public
half of the resident's pair; whoever reads the class holds what opens the private half, and then
seals and opens quickly. Destroying a resident's pairs therefore destroys every sealed field of
theirs, in every copy of the store that does not carry the pairs itself; backups keep them apart
for that reason.

What is said of an incident as a whole is about several residents or nobody. It is sealed with
pairs of the incident's own, in two classes: whoever reads investigations opens it.

Words about the house are about nobody as far as the desk knows. They are sealed with pairs of the
day they were written on: see `house_words`.

What a person may read without reading the class (what goes with an absence that is still open, an
appointment they go along to) is lent to them as a second copy: see `lending`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Protocol

from sqlalchemy import Column, Table, bindparam, or_, select

from shelter_desk.desk.holding import Holding, KeyNotHeldError, Seat
from shelter_desk.store import schema
from shelter_desk.store.database import Reader
from shelter_desk.store.keys.compartments import (
    Compartment,
    CompartmentKeys,
)
from shelter_desk.store.keys.errors import SealBrokenError
from shelter_desk.store.keys.fields import (
    Whose,
    open_field,
    open_pair,
    seal_field,
    seal_pair,
    sealed_in,
)
from shelter_desk.store.keys.pairs import Pair, new_pair
from shelter_desk.store.schema_keys import (
    house_day,
    house_day_key,
    incident_key,
    lent_copy,
    resident_key,
)
from shelter_desk.store.schema_missing import incident
from shelter_desk.store.sql import Statement

__all__ = ["GENERAL", "IDENTITY", "LOCATION", "Compartment", "KeyNotHeldError", "Sealer", "Seat"]

GENERAL, IDENTITY, LOCATION = Compartment.GENERAL, Compartment.IDENTITY, Compartment.LOCATION
INVESTIGATION = Compartment.INVESTIGATION


@dataclass(frozen=True, slots=True)
class OfIncident:
    """The row of an incident, as the one whose pairs seal what is said of it as a whole."""

    id: int


@dataclass(frozen=True, slots=True)
class OfHouseDay:
    """The row of a day of the house, as the one whose pairs seal what is said of the house."""

    id: int


Owner = int | OfIncident | OfHouseDay
"""Whose pairs seal something: the row of a resident, an incident, or a day of the house."""


def _pairs(keys: Table, owner_id: Column[int], owner: Table) -> tuple[Statement, Statement]:
    """Return the statements for the newest pair of an owner in a compartment, and for one."""
    found = (
        select(keys.c.generation, keys.c.public, keys.c.sealed, owner.c.public_id)
        .join(owner, owner.c.id == owner_id)
        .where(owner_id == bindparam("owner_id"), keys.c.compartment == bindparam("compartment"))
    )
    return (
        Statement(found.order_by(keys.c.generation.desc()).limit(1)),
        Statement(found.where(keys.c.generation == bindparam("generation"))),
    )


_NEWEST_PAIR, _ONE_PAIR = _pairs(resident_key, resident_key.c.resident_id, schema.resident)
_NEWEST_OF_INCIDENT, _ONE_OF_INCIDENT = _pairs(incident_key, incident_key.c.incident_id, incident)
_NEWEST_OF_DAY, _ONE_OF_DAY = _pairs(house_day_key, house_day_key.c.house_day_id, house_day)
_NEWEST: Mapping[type, Statement] = {
    int: _NEWEST_PAIR,
    OfIncident: _NEWEST_OF_INCIDENT,
    OfHouseDay: _NEWEST_OF_DAY,
}
_ONE: Mapping[type, Statement] = {
    int: _ONE_PAIR,
    OfIncident: _ONE_OF_INCIDENT,
    OfHouseDay: _ONE_OF_DAY,
}
_LENT = Statement(
    select(lent_copy.c.staff_id, lent_copy.c.sealed).where(
        lent_copy.c.place == bindparam("place"),
        or_(lent_copy.c.staff_id == bindparam("staff_id"), lent_copy.c.staff_id.is_(None)),
    )
)


def resident_place(public_id: str, field: str) -> str:
    """Return the place a resident's field is sealed for: it opens nowhere else."""
    return f"resident:{public_id}:{field}"


def lent_place(place: str, staff_id: int | None) -> str:
    """Return the place that a lent copy of a field is sealed for."""
    return f"{place}:lent:{'all' if staff_id is None else staff_id}"


class KeepPair(Protocol):
    """Keeps an owner's new pair: called with the columns of `resident_key`, but the event."""

    def __call__(
        self, owner: Owner, *, compartment: str, generation: int, public: bytes, sealed: bytes
    ) -> None:
        """Insert the row."""


@dataclass(frozen=True, slots=True)
class OwnPair:
    """What seals for an owner in one compartment; `to` is the public half where it is closed."""

    whose: Whose
    to: Pair | bytes


class Sealer(Holding):
    """Seals and opens fields. Holds the compartment keys of the person signed in, and no others.

    Opened pairs are kept while the desk is open: a busy page opens the same few.
    """

    def __init__(self, seat: Seat, keys: CompartmentKeys, entropy: Callable[[int], bytes]) -> None:
        super().__init__(seat, keys)
        self._entropy = entropy
        self._newest: dict[tuple[Owner, Compartment], OwnPair] = {}
        self._opened: dict[tuple[Owner, Compartment, int], tuple[Pair, Whose]] = {}

    # Sealing

    def new_pairs(
        self,
        reader: Reader,
        owner: Owner,
        public_id: str,
        keep: KeepPair,
        compartments: Iterable[Compartment] = Compartment,
    ) -> None:
        """Make the pairs of somebody new in all compartments. It takes no key of any."""
        for name in compartments:
            self._new_pair(reader, owner, (public_id, name), keep)

    def pair_of(
        self, reader: Reader, owner: Owner, compartment: Compartment, keep: KeepPair
    ) -> OwnPair:
        """Return what seals for an owner: a pair that nobody who left can have known.

        Raises:
            KeyNotHeldError: when the owner's keys were destroyed.
        """
        found = self._newest.get((owner, compartment))
        if found is not None:
            return found
        statement, key = _of(owner, _NEWEST)
        row = reader.row(statement, owner_id=key, compartment=compartment.value)
        if row is None:
            raise KeyNotHeldError
        generation, public, sealed, public_id = row
        if generation < self._current(reader)[compartment][0]:
            return self._new_pair(reader, owner, (public_id, compartment), keep)
        whose = Whose(self._seat.opened.vault_id, public_id, compartment, generation)
        to = self._pair(reader, owner, whose, sealed) if self.may_open(compartment) else public
        made = self._newest[owner, compartment] = OwnPair(whose, to)
        return made

    def seal(self, pair: OwnPair, place: str, text: str) -> bytes:
        """Return `text` sealed for one place ("table:public id:column")."""
        return seal_field(pair.to, pair.whose, place, text, self._entropy)

    def _new_pair(
        self, reader: Reader, owner: Owner, of: tuple[str, Compartment], keep: KeepPair
    ) -> OwnPair:
        public_id, name = of
        generation, public = self._current(reader)[name]
        whose = Whose(self._seat.opened.vault_id, public_id, name, generation)
        pair = new_pair(self._entropy)
        key = self._key(reader, name, generation) if self.may_open(name) else None
        keep(
            owner,
            compartment=name.value,
            generation=generation,
            public=pair.public,
            sealed=seal_pair(pair, whose, key or public, self._entropy),
        )
        if key is not None:
            self._opened[owner, name, generation] = (pair, whose)
        made = OwnPair(whose, pair.public if key is None else pair)
        self._newest[owner, name] = made
        return made

    # Opening

    def open(self, reader: Reader, owner: Owner, place: str, sealed: bytes | None) -> str:
        """Return the text sealed for this place; an empty string when nothing was written.

        Raises:
            KeyNotHeldError: when its compartment is not open to the person signed in, and no copy
                was lent to them.
        """
        if sealed is None:
            return ""
        compartment, generation = sealed_in(sealed)
        found = self._opened.get((owner, compartment, generation))
        if found is None:
            if not self.may_open(compartment):
                return self._lent(reader, owner, place)
            statement, key = _of(owner, _ONE)
            row = reader.row(
                statement, owner_id=key, compartment=compartment.value, generation=generation
            )
            if row is None:
                raise KeyNotHeldError
            whose = Whose(self._seat.opened.vault_id, row[3], compartment, generation)
            found = (self._pair(reader, owner, whose, row[2]), whose)
        return open_field(*found, place, sealed)

    def try_open(
        self, reader: Reader, owner: Owner, place: str, sealed: bytes | None
    ) -> str | None:
        """Return what `open` does, or None where it is closed or was lawfully destroyed."""
        try:
            return self.open(reader, owner, place, sealed)
        except KeyNotHeldError:
            return None

    def _lent(self, reader: Reader, owner: Owner, place: str) -> str:
        for staff_id, sealed in reader.rows(_LENT, place=place, staff_id=self._seat.staff_id):
            where = lent_place(place, staff_id)
            text = self.open(reader, owner, where, sealed)
            if staff_id is None:
                return text
            try:
                return self._seat.opened.open_seal(bytes.fromhex(text), where.encode()).decode()
            except SealBrokenError:
                continue  # it was lent to keys they have no longer
        raise KeyNotHeldError

    def _pair(self, reader: Reader, owner: Owner, whose: Whose, sealed: bytes) -> Pair:
        key = self._key(reader, whose.compartment, whose.generation)
        pair = open_pair(sealed, whose, key)
        self._opened[owner, whose.compartment, whose.generation] = (pair, whose)
        return pair

    def forget_opened(self) -> None:
        """Drop what was opened, after a rollback or a new key: what was never stored is none."""
        super().forget_opened()
        self._opened.clear()
        self._newest.clear()


def _of(owner: Owner, statements: Mapping[type, Statement]) -> tuple[Statement, int]:
    """Return the statement for the pairs of an owner, and the key of the owner's row."""
    return statements[type(owner)], owner if isinstance(owner, int) else owner.id
