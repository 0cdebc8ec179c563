"""Classes that add up only together: found by solving, and the same as by trying every set."""

from __future__ import annotations

import itertools
import random

import numpy as np
import pytest

from shelter_desk.disclosure import Definition, Refused, SafeRelease, protect
from shelter_desk.disclosure.families import FamilyError
from shelter_desk.disclosure.model import BoolVector
from shelter_desk.disclosure.taken_together import MOST_FREE, Together
from shelter_desk.disclosure.told import told_entry
from tests.disclosure.raw_people import figures, in_quarter_and_year, one_way, request

ATOMS = 12


def drawn(seed: int) -> tuple[BoolVector, BoolVector]:
    """Return some sums, and atoms dealt out to classes; some are in none."""
    draw = random.Random(f"together {seed}")
    dealt = [draw.randrange(-1, 6) for _ in range(ATOMS)]
    classes = np.array([[place == n for place in dealt] for n in range(6)])
    lines = [
        np.any(classes[draw.sample(range(6), draw.choice((1, 2, 3)))], axis=0)
        for _ in range(draw.randint(1, 4))
    ]
    lines += [np.array([draw.random() < 0.5 for _ in range(ATOMS)]) for _ in range(2)]
    return np.array(lines), classes


def adds_up(sums: BoolVector, wanted: BoolVector) -> bool:
    both = np.vstack([sums, wanted]).astype(float)
    return bool(np.linalg.matrix_rank(both) == np.linalg.matrix_rank(both[:-1]))


@pytest.mark.parametrize("seed", range(40))
def test_every_set_that_adds_up_is_found_and_no_other(seed: int) -> None:
    sums, classes = drawn(seed)
    sizes = range(1, len(classes) + 1)
    every = itertools.chain(*(itertools.combinations(range(len(classes)), s) for s in sizes))
    wanted = {one for one in every if adds_up(sums, classes[list(one)].any(axis=0))}
    together = Together(sums, classes)
    assert set(together.sets(range(len(classes)))) == wanted
    assert {n for n, is_so in enumerate(together.alone()) if is_so} == {
        one[0] for one in wanted if len(one) == 1
    }


def test_too_many_classes_that_are_free_are_refused() -> None:
    alone = np.eye(MOST_FREE + 1, dtype=np.bool_)
    together = Together(alone, alone)
    assert len(together.sets(range(3))) == 7
    with pytest.raises(FamilyError):
        together.sets(range(MOST_FREE + 1))


@pytest.mark.parametrize(("came", "is_shown"), [(1, False), (4, True)])
def test_seven_ages_are_taken_together_beside_what_is_known_of_a_quarter(
    came: int, *, is_shown: bool
) -> None:
    """All of the quarter less those of 13 and over are 11 or 12: of the year there is one more."""
    before = {"11": 3, "12": 3} | {str(age): 4 for age in range(13, 18)}
    later = {"11": came} | {str(age): 5 for age in range(13, 18)}
    quarter, year = in_quarter_and_year(before, later)
    known = {
        "all": {"in@2026-Q1": ("yes",)},
        "older": {"in@2026-Q1": ("yes",), "age@2026-Q1": tuple(map(str, range(13, 18)))},
    }
    out = told_entry("t", "2026-Q1", {n: Definition.of(w) for n, w in known.items()}, quarter)
    base = {"in@2026": ("yes",)}
    table = one_way(year, "age@2026", [(age,) for age in before], base)
    made = protect(request(year, [table], base, k=3), earlier=[out])
    assert isinstance(made, SafeRelease)
    shown = figures(made)
    assert (None not in (shown["t/11/all"], shown["t/12/all"])) is is_shown


@pytest.mark.parametrize(("many", "is_refused"), [(MOST_FREE, False), (MOST_FREE + 1, True)])
def test_a_release_beside_too_many_lines_is_refused_with_what_to_ask_for(
    many: int, *, is_refused: bool
) -> None:
    """Of so many ages one was there in the quarter, and two in the year: all that is known."""
    ages = [str(age) for age in range(many)]
    quarter, year = in_quarter_and_year(
        dict.fromkeys(ages, 1) | {"old": 9}, dict.fromkeys(ages, 1) | {"old": 9}
    )
    out = []
    for period, who in (("2026-Q1", quarter), ("2026", year)):
        known = {
            age: Definition.of({f"in@{period}": ("yes",), f"age@{period}": (age,)}) for age in ages
        }
        out.append(told_entry(f"told-{period}", period, known, who))
    base = {"in@2026": ("yes",)}
    table = one_way(year, "age@2026", [ages, ("old",)], base)
    made = protect(request(year, [table], base, k=3), earlier=out)
    assert isinstance(made, Refused) is is_refused
    if isinstance(made, Refused):
        assert made.rung == "family"
        assert made.next_rung == "Ask for the same bands as before, or for fewer."
