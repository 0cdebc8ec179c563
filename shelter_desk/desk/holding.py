"""Which compartments the person at the desk holds, and what only their holders can do.

A person holds the keys of the classes their roles read, for as long as they are signed in, and
besides those of classes that two people opened for a time. Older generations of a key come out of
the newest when something old is opened.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from sqlalchemy import bindparam, select

from shelter_desk.domain.errors import DeskError
from shelter_desk.store.database import Reader
from shelter_desk.store.keys.compartments import (
    Compartment,
    CompartmentKey,
    CompartmentKeys,
    former_generation,
    open_compartment,
)
from shelter_desk.store.keys.errors import SealBrokenError
from shelter_desk.store.keys.fields import blind_mark, mark_key
from shelter_desk.store.keys.identity import Opened
from shelter_desk.store.keys.sealing import unwrap, wrap
from shelter_desk.store.schema_keys import compartment_key, compartment_seal
from shelter_desk.store.sql import Statement

_CURRENT = Statement(
    select(
        compartment_key.c.compartment, compartment_key.c.generation, compartment_key.c.public
    ).order_by(compartment_key.c.generation)
)
_OWN_SEAL = Statement(
    select(compartment_seal.c.sealed).where(
        compartment_seal.c.key_id == bindparam("key_id"),
        compartment_seal.c.compartment == bindparam("compartment"),
        compartment_seal.c.generation == bindparam("generation"),
        compartment_seal.c.kind == "key",
    )
)
_FORMER = Statement(
    select(compartment_key.c.former).where(
        compartment_key.c.compartment == bindparam("compartment"),
        compartment_key.c.generation == bindparam("generation"),
    )
)

_MOST_ASKED = 256  # marks of words just typed


class KeyNotHeldError(DeskError):
    """This part of the record is closed to you, or it was lawfully destroyed."""


@dataclass(frozen=True, slots=True)
class Seat:
    """Who seals and opens: what their passphrase opened, their row, the row of their key."""

    opened: Opened
    staff_id: int
    key_id: int


class Holding:
    """The compartment keys of the person signed in, and no others."""

    def __init__(self, seat: Seat, keys: CompartmentKeys) -> None:
        self._seat = seat
        self._own = dict(keys.keys)
        self._borrowed: dict[Compartment, CompartmentKey] = {}
        self._public: dict[Compartment, tuple[int, bytes]] = {}
        self._known: dict[tuple[Compartment, int], CompartmentKey] = {}
        self._marking: dict[tuple[Compartment, int], bytes] = {}
        self._asked: dict[tuple[Compartment, str], tuple[bytes, ...]] = {}

    def may_open(self, compartment: Compartment) -> bool:
        """Say whether the person signed in holds this compartment."""
        return compartment in self._own or compartment in self._borrowed

    def held(self) -> tuple[Compartment, ...]:
        """Return the compartments that the person signed in holds."""
        return tuple(name for name in Compartment if self.may_open(name))

    def borrow(self, keys: CompartmentKeys) -> None:
        """Hold these as well, for as long as their classes are open: see `open_for_a_time`."""
        self._borrowed.update(
            {name: key for name, key in keys.keys.items() if name not in self._own}
        )

    @property
    def has_borrowed(self) -> bool:
        """Say whether a compartment is held for a time only."""
        return bool(self._borrowed)

    def open_for_a_time(self, classes: frozenset[str]) -> frozenset[str]:
        """Return which of these classes can be opened; forget what was borrowed for others."""
        over = [name for name in self._borrowed if name.value not in classes]
        for name in over:
            del self._borrowed[name]
        if over:
            self.forget_opened()
        return frozenset(name for name in classes if self.may_open(Compartment(name)))

    def share(self, reader: Reader, compartments: Iterable[Compartment]) -> CompartmentKeys:
        """Return compartment keys to be sealed to a colleague.

        Raises:
            KeyNotHeldError: when the person signed in does not hold one of them by role.
        """
        wanted = tuple(compartments)
        if not all(name in self._own for name in wanted):
            raise KeyNotHeldError
        current = self._current(reader)
        return CompartmentKeys(
            {name: self._key(reader, name, current[name][0]) for name in wanted}
        )

    def forget_opened(self) -> None:
        """Drop what was opened, after a rollback or a new key: what was never stored is none."""
        for kept in (self._public, self._known, self._marking, self._asked):
            kept.clear()

    def _key(self, reader: Reader, compartment: Compartment, generation: int) -> CompartmentKey:
        """Return one generation of a key, the older ones out of the newer."""
        found = self._known.get((compartment, generation))
        if found is not None:
            return found
        key = self._start(reader, compartment, generation)
        while key.generation > generation:
            sealed = reader.value(
                _FORMER, compartment=compartment.value, generation=key.generation
            )
            key = former_generation(key, compartment, self._seat.opened.vault_id, sealed)
            self._known[compartment, key.generation] = key
        return key

    def _start(self, reader: Reader, compartment: Compartment, generation: int) -> CompartmentKey:
        """Return the key held, or the newer one that was sealed to them meanwhile."""
        held = self._own.get(compartment) or self._borrowed.get(compartment)
        if held is None:
            raise KeyNotHeldError
        if held.generation >= generation:
            return held
        newest = self._current(reader)[compartment][0]
        sealed = reader.value(
            _OWN_SEAL,
            key_id=self._seat.key_id,
            compartment=compartment.value,
            generation=newest,
        )
        if sealed is None:
            raise KeyNotHeldError
        key = open_compartment(sealed, compartment, newest, self._seat.opened)
        self._known[compartment, newest] = key
        return key

    def _current(self, reader: Reader) -> dict[Compartment, tuple[int, bytes]]:
        if not self._public:
            for name, generation, public in reader.rows(_CURRENT):
                self._public[Compartment(name)] = (generation, public)
        return self._public

    # Finding

    def mark(self, reader: Reader, compartment: Compartment, text: str) -> bytes:
        """Return what stands for a text in an index that only this compartment can ask.

        Raises:
            KeyNotHeldError: when the person signed in does not hold it.
        """
        generation = self._current(reader)[compartment][0]
        return blind_mark(self._mark_key(reader, compartment, generation), text)

    def marks(self, reader: Reader, compartment: Compartment, text: str) -> tuple[bytes, ...]:
        """Return what stands for a text, the way it was marked before each change of the key.

        Raises:
            KeyNotHeldError: when the person signed in does not hold the compartment.
        """
        found = self._asked.get((compartment, text))
        if found is None:
            generations = range(self._current(reader)[compartment][0], 0, -1)
            found = tuple(
                blind_mark(self._mark_key(reader, compartment, generation), text)
                for generation in generations
            )
            if len(self._asked) >= _MOST_ASKED:
                self._asked.clear()
            # Whoever types the next word asks for the former ones again, letter by letter.
            self._asked[compartment, text] = found
        return found

    def own_mark(self, text: str) -> bytes:
        """Return what stands for a text that only the person signed in can look for."""
        return blind_mark(self._own_finding_key, text)

    # Typing in progress

    def seal_own(self, place: str, text: str) -> bytes:
        """Return a text sealed for the person signed in alone, for one place."""
        return wrap(self._own_draft_key, text.encode(), self._own_place(place))

    def open_own(self, place: str, sealed: bytes) -> str | None:
        """Return what they sealed for this place; None where it was sealed to former keys."""
        try:
            return unwrap(self._own_draft_key, sealed, self._own_place(place)).decode()
        except SealBrokenError:
            return None

    def _own_place(self, place: str) -> bytes:
        opened = self._seat.opened
        return opened.vault_id + f"{opened.recipient_id}/{place}".encode()

    @cached_property
    def _own_draft_key(self) -> bytes:
        return self._seat.opened.own_draft_key

    @cached_property
    def _own_finding_key(self) -> bytes:
        return self._seat.opened.own_finding_key

    def _mark_key(self, reader: Reader, compartment: Compartment, generation: int) -> bytes:
        found = self._marking.get((compartment, generation))
        if found is None:
            found = mark_key(self._key(reader, compartment, generation))
            self._marking[compartment, generation] = found
        return found
