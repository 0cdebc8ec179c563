"""What a figure counts, in raw values, so that releases with other bands or periods compare.

A resident is a set of raw values by dimension: `{"in@2026-Q1": "yes", "age@2026-Q1": "14"}`. What
stands behind the @ is the snapshot the value was taken from, a period; a dimension without one
holds at all times. A figure is defined by the raw values it counts, never by the band it was
printed in: when bands change, the old figure still says which ages were in it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

IN = "in"
YES, NO, AWAY = "yes", "no", ""
AT = "@"

Raw = Mapping[str, str]


def at(attribute: str, snapshot: str) -> str:
    """Name a dimension: an attribute as it was in a snapshot."""
    return f"{attribute}{AT}{snapshot}" if snapshot else attribute


def attribute_of(dimension: str) -> str:
    """Return what a dimension tells: the part before the @."""
    return dimension.partition(AT)[0]


def snapshot_of(dimension: str) -> str:
    """Return the snapshot a dimension was taken from, or "" where it holds at all times."""
    return dimension.partition(AT)[2]


@dataclass(frozen=True, slots=True)
class Definition:
    """Residents whose value is among the codes, in every dimension named; sorted by dimension."""

    where: tuple[tuple[str, frozenset[str]], ...]

    @classmethod
    def of(cls, where: Mapping[str, Iterable[str]]) -> Definition:
        """Make a definition: dimension -> codes that are counted."""
        return cls(tuple(sorted((name, frozenset(codes)) for name, codes in where.items())))

    @property
    def attributes(self) -> frozenset[str]:
        """What it tells residents apart by; presence goes without saying."""
        return frozenset(attribute_of(name) for name, _ in self.where) - {IN}

    def renamed(self, names: Mapping[str, str]) -> Definition:
        """Return the same definition over dimensions with other names."""
        return Definition.of({names.get(name, name): codes for name, codes in self.where})

    def as_json(self) -> dict[str, list[str]]:
        """Return dimension -> codes, sorted, for the ledger."""
        return {name: sorted(codes) for name, codes in self.where}


@dataclass(frozen=True, slots=True)
class People:
    """Residents in raw values, without names.

    Args:
        raw: key of a resident -> dimension -> value. A missing value is "no" for whoever was
            there in the snapshot, and nothing for whoever was not.
        bound: attributes that follow from presence (who is not there later has left): of those
            who were not there in every snapshot only what occurs counts as possible.
    """

    raw: Mapping[str, Raw]
    bound: frozenset[str] = field(default_factory=frozenset)

    def value(self, key: str, dimension: str) -> str:
        """Return the value of a resident, "" for one who was not there."""
        raw = self.raw.get(key)
        if raw is None:
            return AWAY
        found = raw.get(dimension)
        if found is not None:
            return found
        snapshot = snapshot_of(dimension)
        is_there = not snapshot or raw.get(at(IN, snapshot)) == YES
        return NO if is_there and attribute_of(dimension) != IN else AWAY

    def count(self, definition: Definition) -> int:
        """Count the residents of a definition."""
        return sum(
            all(self.value(key, name) in codes for name, codes in definition.where)
            for key in self.raw
        )

    def without(self, dimensions: Iterable[str]) -> People:
        """Return the same residents, told apart by everything but these dimensions."""
        left_out = frozenset(dimensions)
        kept = {
            key: {name: value for name, value in values.items() if name not in left_out}
            for key, values in self.raw.items()
        }
        return People(kept, self.bound)

    def as_json(self) -> dict[str, Any]:
        """Return it for the ledger."""
        raw = {key: dict(sorted(values.items())) for key, values in sorted(self.raw.items())}
        return {"raw": raw, "bound": sorted(self.bound)}

    @classmethod
    def from_json(cls, held: Mapping[str, Any]) -> People:
        """Read what `as_json` wrote."""
        return cls(held["raw"], frozenset(held["bound"]))
