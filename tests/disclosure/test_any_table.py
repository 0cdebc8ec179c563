"""Tables drawn at random, with all that may stand in one: brute force over every world, and no
input that ends in anything but a result or the place of what is wrong."""

from __future__ import annotations

import itertools
import json
import random
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest

from shelter_desk.disclosure import (
    BadTableError,
    Settings,
    check_result,
    parse_table,
    protect_json,
)
from shelter_desk.disclosure.door import protect_problem, refused
from shelter_desk.disclosure.families import problem_of
from tests.benchmarks.disclosure import FAMILIES, invented

Table = dict[str, Any]
NAMES = ("a", "b c", "ü", "名", "e\u0301", "é", "\u202e")
JUNK: tuple[object, ...] = (
    None, True, -1, 0, 1.5, 1e308, 10**30, "", "a", [], {}, [[]], {"a": 1}, "published",
    "withheld", "\ud800", float("nan"), float("inf"),
)  # fmt: skip


def drawn(draw: random.Random) -> Table:
    """Return a table of up to four classes, small enough for every world."""
    names = draw.sample(NAMES, draw.randint(1, 4))
    atoms = {name: draw.choice((0, 1, 1, 2, 3, 5)) for name in names}
    figures: list[Table] = [
        {"id": f"f{n}", "atoms": draw.sample(names, draw.randint(1, len(names)))}
        for n in range(draw.randint(1, 7))
    ]
    for figure in figures:
        figure["weight"] = draw.choice((0, 1, 1, 3, 10**7))
    ids = [figure["id"] for figure in figures]
    table: Table = {"k": draw.choice((2, 3, 5)), "atoms": atoms, "figures": figures}
    more: Table = {
        "floor": draw.choice((0, 1)),
        "level": draw.choice(("interval", "exact")),
        "time_limit_s": draw.choice((0, 1e-9, 5)),
        "zeros_sensitive": draw.random() < 0.5,
        "structural_zeros": [n for n in names if not atoms[n] and draw.random() < 0.6],
        "fixed": {draw.choice(ids): draw.choice(("published", "withheld"))},
        "groups": [draw.sample(names, draw.randint(1, len(names)))],
        "sensitive": draw.sample(ids, 1),
    }
    return table | {key: value for key, value in more.items() if draw.random() < 0.4}


def spoiled(table: Table, draw: random.Random) -> object:
    """Put something else at one place, or take it out."""
    places: list[tuple[Any, Any]] = []

    def walk(value: Any) -> None:
        keys = list(value) if isinstance(value, dict) else range(len(value))
        for key in keys:
            places.append((value, key))
            if isinstance(value[key], dict | list):
                walk(value[key])

    walk(table)
    holder, key = draw.choice(places)
    if draw.random() < 0.3:
        del holder[key]
    else:
        holder[key] = draw.choice(JUNK)
    return table


class Worlds:
    """Every possible head-count behind what a result shows."""

    def __init__(self, table: Table, result: Table) -> None:
        self._place = {name: n for n, name in enumerate(table["atoms"])}
        # As far up as anything can be asked of one figure.
        most = sum(table["atoms"].values()) + table["k"]
        most = min(most, int(100_000 ** (1 / len(self._place))))
        none = set(table.get("structural_zeros", ()))
        ranges = [range(1 if name in none else most + 1) for name in table["atoms"]]
        worlds = np.array(list(itertools.product(*ranges)))
        fits = np.ones(len(worlds), dtype=np.bool_)
        blank_least = 0 if table.get("zeros_sensitive") else table.get("floor", 1)
        for figure in table["figures"]:
            values = worlds[:, [self._place[atom] for atom in figure["atoms"]]].sum(axis=1)
            shown = result["published"].get(figure["id"])
            fits &= values >= blank_least if shown is None else values == shown
        self.left = worlds[fits]

    def values(self, atoms: list[str]) -> npt.NDArray[np.int64]:
        return self.left[:, [self._place[atom] for atom in atoms]].sum(axis=1)


def given_away(table: Table, result: Table) -> list[str]:
    """Return small figures and groups that a reader of the result knows too much of."""
    k, worlds, found = table["k"], Worlds(table, result), []
    none = set(table.get("structural_zeros", ()))
    zeros, named = table.get("zeros_sensitive", False), table.get("sensitive")
    is_weak = table.get("level") == "exact" or named is not None
    least = 0 if zeros else table.get("floor", 1)

    def look(name: str, atoms: list[str], *, also_zero: bool) -> None:
        value, seen = sum(table["atoms"][atom] for atom in atoms), worlds.values(atoms)
        if value == 0 and not also_zero:
            return
        if is_weak or value >= k:
            found.extend([name] if seen.min() == seen.max() else [])
        elif seen.max() < k or (least == 0 and seen.min() > 0):
            found.append(name)

    for figure in table["figures"]:
        atoms = [atom for atom in figure["atoms"] if atom not in none]
        value = sum(table["atoms"][atom] for atom in atoms)
        is_small = value < k and (value > 0 or zeros) and bool(atoms)
        if figure["id"] in named if named is not None else is_small:
            found.extend([figure["id"]] if figure["id"] in result["published"] else [])
            look(figure["id"], atoms, also_zero=True)
    for group in table.get("groups", ()):
        look("a group", group, also_zero=False)
    return found


def test_whatever_stands_in_a_table_its_result_is_safe_and_holds() -> None:
    safe = 0
    for seed in range(90):
        table = drawn(random.Random(f"any table {seed}"))
        try:
            result = protect_json(table)
        except BadTableError:
            continue
        if result["status"] != "safe":
            assert result["reason"], seed
            continue
        safe += 1
        assert check_result(json.dumps(result).encode()) == [], seed
        assert given_away(table, result) == [], seed
        values = {f["id"]: sum(table["atoms"][a] for a in f["atoms"]) for f in table["figures"]}
        assert {**result["published"], **dict.fromkeys(result["withheld"])}.keys() == values.keys()
        assert all(values[name] == value for name, value in result["published"].items())
        for name, status in table.get("fixed", {}).items():
            assert (name in result["published"]) == (status == "published"), seed
    assert safe > 40


def test_whatever_is_no_table_is_refused_at_its_place() -> None:
    told = []
    for seed in range(150):
        draw = random.Random(f"spoiled {seed}")
        untrusted = json.dumps(spoiled(drawn(draw), draw)).encode()
        try:
            problem = parse_table(untrusted)
        except BadTableError as error:
            told.append((error.place, str(error)))
            continue
        result = protect_json(json.loads(untrusted))
        assert result.keys() == refused("").keys(), seed
        assert len(result["published"]) + len(result["withheld"]) in (0, len(problem.figures))
    assert len(told) > 60
    assert all(place and words.startswith(f"{place}: ") for place, words in told)


@pytest.mark.parametrize("worth", [7, 3])
def test_the_brute_force_itself_sees_what_is_given_away(worth: int) -> None:
    atoms = {"a": 2, "b": 5}
    figures = [{"id": name, "atoms": [name]} for name in atoms]
    figures.append({"id": "all", "atoms": ["a", "b"]})
    table = {"k": 3, "atoms": atoms, "figures": figures}
    shown = {"all": 7, "b": 5} if worth == 7 else {"all": 7}
    result = {"published": shown, "withheld": []}
    assert given_away(table, result) == (["a"] if worth == 7 else [])


def test_what_was_withheld_before_and_is_not_named_must_only_not_be_worked_out() -> None:
    """Asked for by name, `f` alone needs a world with k; what is out needs to stay open."""
    table: Table = {
        "k": 3, "floor": 0, "atoms": {"a": 1, "b": 1, "c": 3}, "sensitive": ["f"],
        "figures": [
            {"id": "f", "atoms": ["b", "c"]}, {"id": "all", "atoms": ["a", "b", "c"]},
            {"id": "two", "atoms": ["a", "b"]}, {"id": "out", "atoms": ["a"]},
        ],
        "fixed": {"out": "withheld"}, "groups": [["a", "b", "c"]],
    }  # fmt: skip
    result = protect_json(table)
    assert (result["withheld"], result["published"]) == (["f", "all", "out"], {"two": 2})
    assert (result["fewest_proved"], result["lower_bound"]) == (True, 3)
    assert check_result(json.dumps(result).encode()) == []
    assert given_away(table, result) == []


def test_a_zero_that_is_blank_for_no_need_is_shown_where_that_costs_less() -> None:
    """Of 20 people by three dimensions 63 blanks are enough; a blank zero would have cost one."""
    problem = problem_of(FAMILIES["age x referred x left to"], invented(20), Settings(5, 0))
    result = protect_problem(problem)
    assert result["status"] == "safe"
    assert (len(result["withheld"]), result["lower_bound"]) == (63, 63)
    assert result["fewest_proved"]
    assert check_result(json.dumps(result).encode()) == []
