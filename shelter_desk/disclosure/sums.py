"""Sums from one table to another that readers know from what the figures count.

Where figures differ in the codes of one dimension only, are apart there, and together count what
another figure counts, they add up to it: the slices of a third dimension, the bands of a union.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from shelter_desk.disclosure.definitions import Definition
from shelter_desk.disclosure.model import Figure, Link
from shelter_desk.disclosure.request import TableRequest, definitions

Codes = frozenset[str]
Rest = tuple[tuple[str, Codes], ...]


def sums_between(tables: Sequence[TableRequest], figures: Sequence[Figure]) -> list[Link]:
    """Return that the parts of a figure add up to it, where they stand on other atoms.

    Args:
        tables: of a release; each says what it counts.
        figures: as laid out, by the ids of the tables.
    """
    atoms = {figure.id: figure.atoms for figure in figures}
    known: dict[Definition, tuple[int, ...]] = {}
    for table in tables:
        for name, where in definitions(table).items():
            known.setdefault(where, atoms[name])
    covering = _covering(tables)
    found: dict[tuple[tuple[int, ...], tuple[int, ...]], None] = {}
    for whole, place in known.items():
        for parts in _partitions(whole, known, covering):
            together = tuple(atom for part in parts for atom in known[part])
            if set(together) != set(place) and len(set(together)) == len(together):
                found[place, together] = None
    return [Link(left, right) for left, right in found]


def _covering(tables: Sequence[TableRequest]) -> dict[str, Codes]:
    """Dimension -> every code its rows, columns or slices name: everybody is in one of them."""
    found: dict[str, Codes] = {}
    for table in tables:
        if table.over is None or table.kind == "yes-no":
            continue
        for name, labels in ((table.over.rows, table.rows), (table.over.columns, table.columns)):
            if name:
                codes = frozenset(code for label in labels for code in label.raw)
                found[name] = found.get(name, frozenset()) | codes
    for table in tables:
        for name, base in table.over.base if table.over is not None else ():
            found[name] = found.get(name, frozenset()) | frozenset(base)
    return found


def _partitions(
    whole: Definition, known: dict[Definition, tuple[int, ...]], covering: dict[str, Codes]
) -> Iterator[list[Definition]]:
    """Yield, for each dimension, the finest figures that add up to a figure along it."""
    held = dict(whole.where)
    for name, codes in covering.items():
        wanted = held.get(name, codes)
        rest = {n: c for n, c in held.items() if n != name}
        parts = sorted(
            (one for one in known if _is_part(one, name, rest, wanted) and one != whole),
            key=lambda one: (len(dict(one.where)[name]), sorted(dict(one.where)[name])),
        )
        chosen: list[Definition] = []
        covered: Codes = frozenset()
        for one in parts:
            own = dict(one.where)[name]
            if not own & covered:
                chosen.append(one)
                covered |= own
        if covered == wanted and len(chosen) > 1:
            yield chosen


def _is_part(one: Definition, name: str, rest: dict[str, Codes], wanted: Codes) -> bool:
    held = dict(one.where)
    return (
        name in held
        and held[name] <= wanted
        and {n: c for n, c in held.items() if n != name} == rest
    )
