"""The quick walk to a pattern that hits every cut: what it finds holds, and it finds the least."""

from __future__ import annotations

import itertools
import random

import numpy as np
import pytest

from shelter_desk.disclosure.covering import Covering

SIZE = 9


def drawn(seed: int) -> tuple[list[list[int]], np.ndarray, np.ndarray]:
    """Return sets, weights, and figures that are withheld in any case."""
    draw = random.Random(f"covering {seed}")
    sets = [sorted(draw.sample(range(SIZE), draw.choice((2, 3, 4)))) for _ in range(12)]
    weights = np.array([float(draw.choice((1, 1, 1, 3))) for _ in range(SIZE)])
    fixed = np.array([draw.random() < 0.1 for _ in range(SIZE)])
    return sets, weights, fixed


def least(sets: list[list[int]], weights: np.ndarray, fixed: np.ndarray) -> float:
    """Try every pattern."""
    found = np.inf
    for pattern in itertools.product((False, True), repeat=SIZE):
        inside = np.array(pattern) | fixed
        if all(inside[one].any() for one in sets):
            found = min(found, float(weights[inside].sum()))
    return found


def holding(sets: list[list[int]], weights: np.ndarray, fixed: np.ndarray) -> Covering:
    covering = Covering(weights, fixed)
    for one in sets:
        covering.add(np.array(one, dtype=np.int64))
    return covering


def test_what_is_found_hits_every_set_and_is_light_enough() -> None:
    everything = np.ones(SIZE, dtype=np.bool_)
    for seed in range(60):
        sets, weights, fixed = drawn(seed)
        best = least(sets, weights, fixed)
        found = holding(sets, weights, fixed).find(everything, best)
        assert found is not None, f"seed {seed}"
        assert all(found[one].any() for one in sets)
        assert found[fixed].all()
        assert weights[found].sum() == best


def test_nothing_is_found_where_there_is_nothing() -> None:
    everything = np.ones(SIZE, dtype=np.bool_)
    for seed in range(20):
        sets, weights, fixed = drawn(seed)
        covering = holding(sets, weights, fixed)
        assert covering.find(everything, least(sets, weights, fixed) - 1) is None


@pytest.mark.parametrize("start", [np.zeros(SIZE, dtype=np.bool_), np.ones(SIZE, dtype=np.bool_)])
def test_the_same_start_leads_to_the_same_pattern(start: np.ndarray) -> None:
    sets, weights, fixed = drawn(7)
    most = least(sets, weights, fixed) + 1
    one, other = (holding(sets, weights, fixed).find(start | fixed, most) for _ in range(2))
    assert one is not None
    assert other is not None
    assert (one == other).all()
