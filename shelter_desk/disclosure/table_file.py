"""Reads a table of head-counts from plain JSON, and names the place of whatever is wrong in it."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from shelter_desk.disclosure.model import LEVELS, Figure, Fixed, Problem, ProblemError, Settings

KEYS = {"k", "floor", "level", "time_limit_s", "atoms", "figures", "groups", "fixed"}
KEYS |= {"sensitive", "zeros_sensitive", "structural_zeros"}
NEEDED = ("k", "atoms", "figures")
# Beyond this the solver's arithmetic could not tell two neighbouring whole numbers apart.
MOST = 10_000_000
DEFAULT_LIMIT_S = 5.0


class BadTableError(ProblemError):
    """The table as written cannot be read; the message begins with the place."""

    def __init__(self, place: str, message: str) -> None:
        super().__init__(f"{place}: {message}")
        self.place = place


def parse_table(untrusted: bytes) -> Problem:
    """Read a table from the bytes of a JSON file.

    Raises:
        BadTableError: it is no table, and where.
    """
    try:
        table = json.loads(
            untrusted.decode("utf-8"), object_pairs_hook=_once, parse_constant=_no_number
        )
    except BadTableError:
        raise
    except ValueError as error:  # no UTF-8, no JSON, or a number of thousands of digits
        raise BadTableError("file", f"this is not JSON in UTF-8 ({error})") from error
    except RecursionError as error:
        raise BadTableError("file", "it is nested too deeply") from error
    return read_table(table)


def read_table(untrusted: object) -> Problem:
    """Read a table from a JSON value; the format is described at `door.protect_json`.

    Raises:
        BadTableError: it is no table, and where.
    """
    table = _mapping("table", untrusted)
    for key in NEEDED:
        if key not in table:
            raise BadTableError(key, "this is missing")
    for key in table:
        if key not in KEYS:
            raise BadTableError(key, "this is not known here")
    atoms = _atoms(table["atoms"])
    figures = _figures(table["figures"], atoms)
    names = {figure.id: figure for figure in figures}
    problem = Problem(
        atoms=tuple(atoms),
        counts=tuple(table["atoms"].values()),
        figures=figures,
        settings=_settings(table),
        structural_zeros=_impossible(table, atoms),
        fixed=_fixed(table, names),
        sensitive=_sensitive(table, names),
        zeros_sensitive=_true_or_false(table, "zeros_sensitive"),
        groups=_groups(table, atoms),
    )
    _no_withheld_zero(problem)
    _no_contradiction(problem)
    return problem


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in pairs:
        if key in found:
            raise BadTableError(key, "this name stands twice in one object")
        found[key] = value
    return found


def _no_number(text: str) -> float:
    raise BadTableError("file", f"{text} is not a number")


def _mapping(place: str, value: object) -> Mapping[str, Any]:
    if not isinstance(value, dict):
        raise BadTableError(place, "this must be an object")
    return value


def _list(place: str, value: object) -> Sequence[Any]:
    if not isinstance(value, list):
        raise BadTableError(place, "this must be a list")
    return value


def _whole(place: str, value: object, least: int, most: int = MOST) -> int:
    if type(value) is not int or not least <= value <= most:
        raise BadTableError(place, f"this must be a whole number from {least} to {most}")
    return value


def _known(place: str, value: object, known: Mapping[str, Any], what: str) -> str:
    if not isinstance(value, str) or value not in known:
        raise BadTableError(place, f"there is no {what} {value!r}")
    return value


def _words(place: str, name: str) -> None:
    try:
        name.encode()
    except UnicodeEncodeError as error:
        raise BadTableError(place, "this is half a character and no name") from error


def _each_once(place: str, values: Sequence[Any]) -> None:
    for position, value in enumerate(values):
        if value in values[:position]:
            raise BadTableError(f"{place}[{position}]", f"{value!r} stands here twice")


def _atoms(untrusted: object) -> dict[str, int]:
    """Return atom id -> position."""
    atoms = _mapping("atoms", untrusted)
    for name, count in atoms.items():
        _words(f"atoms.{name!r}", name)
        _whole(f"atoms.{name}", count, 0)
    if sum(atoms.values()) > MOST:
        raise BadTableError("atoms", f"more than {MOST} together are too many")
    return {name: position for position, name in enumerate(atoms)}


def _figures(untrusted: object, atoms: Mapping[str, int]) -> tuple[Figure, ...]:
    figures: dict[str, Figure] = {}
    for number, value in enumerate(_list("figures", untrusted)):
        place = f"figures[{number}]"
        figure = _mapping(place, value)
        for key in figure:
            if key not in ("id", "atoms", "weight"):
                raise BadTableError(f"{place}.{key}", "this is not known here")
        name = figure.get("id")
        if not isinstance(name, str) or not name:
            raise BadTableError(f"{place}.id", "this must be a name")
        _words(f"{place}.id", name)
        if name in figures:
            raise BadTableError(f"{place}.id", f"there are two figures {name!r}")
        inside = _members(f"{place}.atoms", figure.get("atoms"), atoms)
        weight = _whole(f"{place}.weight", figure.get("weight", 1), 0)
        figures[name] = Figure(name, inside, weight)
    return tuple(figures.values())


def _members(place: str, untrusted: object, atoms: Mapping[str, int]) -> tuple[int, ...]:
    names = _list(place, untrusted)
    found = [_known(f"{place}[{n}]", name, atoms, "atom") for n, name in enumerate(names)]
    _each_once(place, found)
    return tuple(atoms[name] for name in found)


def _settings(table: Mapping[str, Any]) -> Settings:
    level = table.get("level", LEVELS[0])
    if level not in LEVELS:
        raise BadTableError("level", f"this must be {' or '.join(LEVELS)}")
    limit = table.get("time_limit_s", DEFAULT_LIMIT_S)
    if isinstance(limit, bool) or not isinstance(limit, int | float) or not limit < math.inf:
        raise BadTableError("time_limit_s", "this must be a number of seconds")
    if not 0 <= limit <= MOST:
        raise BadTableError("time_limit_s", f"this must be from 0 to {MOST}")
    return Settings(
        k=_whole("k", table["k"], 2),
        floor=_whole("floor", table.get("floor", 1), 0, 1),
        level=level,
        time_limit_s=float(limit),
    )


def _optional(table: Mapping[str, Any], key: str, of: Callable[[str, object], Any]) -> Any:  # noqa: ANN401 - list or mapping
    return of(key, table[key]) if table.get(key) is not None else None


def _true_or_false(table: Mapping[str, Any], key: str) -> bool:
    value = table.get(key, False)
    if not isinstance(value, bool):
        raise BadTableError(key, "this must be true or false")
    return value


def _impossible(table: Mapping[str, Any], atoms: Mapping[str, int]) -> frozenset[int]:
    listed = _optional(table, "structural_zeros", _list) or ()
    for number, name in enumerate(listed):
        place = f"structural_zeros[{number}]"
        if table["atoms"][_known(place, name, atoms, "atom")]:
            raise BadTableError(place, f"{name!r} is said to be impossible and is not empty")
    return frozenset(atoms[name] for name in listed)


def _fixed(table: Mapping[str, Any], figures: Mapping[str, Figure]) -> dict[str, Fixed]:
    fixed = _optional(table, "fixed", _mapping) or {}
    for name, status in fixed.items():
        _known(f"fixed.{name}", name, figures, "figure")
        if not isinstance(status, str) or status not in tuple(Fixed):
            raise BadTableError(f"fixed.{name}", f"this must be {' or '.join(Fixed)}")
    return {name: Fixed(status) for name, status in fixed.items()}


def _sensitive(table: Mapping[str, Any], figures: Mapping[str, Figure]) -> frozenset[str] | None:
    listed = _optional(table, "sensitive", _list)
    if listed is None:
        return None
    for number, name in enumerate(listed):
        _known(f"sensitive[{number}]", name, figures, "figure")
    return frozenset(listed)


def _groups(table: Mapping[str, Any], atoms: Mapping[str, int]) -> tuple[tuple[int, ...], ...]:
    listed = _optional(table, "groups", _list) or ()
    return tuple(_members(f"groups[{n}]", group, atoms) for n, group in enumerate(listed))


def _no_withheld_zero(problem: Problem) -> None:
    if not problem.floor:
        return
    shown = "blanks are known not to be zero (floor 1)"
    for number, figure in enumerate(problem.figures):
        if sum(problem.counts[atom] for atom in figure.atoms):
            continue
        if problem.fixed.get(figure.id) is Fixed.WITHHELD:
            raise BadTableError(f"fixed.{figure.id}", f"a zero was withheld although {shown}")
        if figure.id in (problem.sensitive or ()):
            place = f"sensitive, figures[{number}] ({figure.id})"
            raise BadTableError(place, f"a zero cannot be withheld where {shown}")


def _no_contradiction(problem: Problem) -> None:
    """Two names for the same residents are one figure, out or not."""
    settled: dict[frozenset[int], str] = {}
    for figure in problem.figures:
        if figure.id not in problem.fixed:
            continue
        atoms = frozenset(figure.atoms) - problem.structural_zeros
        other = settled.setdefault(atoms, figure.id)
        if problem.fixed[other] is not problem.fixed[figure.id]:
            message = f"it counts the same as {other!r}, which is fixed otherwise"
            raise BadTableError(f"fixed.{figure.id}", message)
