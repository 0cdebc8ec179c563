"""What sums tell is worked out exactly: floating point alone would say more than is true."""

from __future__ import annotations

import itertools
import random
from fractions import Fraction

import numpy as np

from shelter_desk.disclosure.adding import NEAR, Sums, sums_of

FAR = 54


def test_what_floating_point_takes_for_told_is_not_told() -> None:
    """Of one change that leaves all sums as they are, nearly all happens far from the first atom.

    Sums over three atoms each make every change grow from atom to atom, by a half on the mean:
    beside the last, the first moves by less than floating point tells from nothing.
    """
    inside = np.zeros((FAR - 1, FAR), dtype=np.bool_)
    for n in range(FAR - 3):
        inside[n, [n, n + 2, n + 3]] = True
    inside[FAR - 3, 1] = inside[FAR - 2, 2] = True
    change = [1, 0, 0]
    for n in range(FAR - 3):
        change.append(-change[n] - change[n + 2])
    assert not any(sum(change[a] for a in np.flatnonzero(row).tolist()) for row in inside)
    first = np.eye(FAR)[0]
    basis = sums_of(inside)
    assert np.abs(first - basis @ (basis.T @ first)).max() < NEAR
    assert not Sums(inside).tell([0])
    assert Sums(inside).tell([1])
    assert Sums(np.vstack([inside, first > 0])).tell([0])


def _rank(rows: list[list[int]]) -> int:
    left, rank = [[Fraction(v) for v in row] for row in rows], 0
    for column in range(len(rows[0])):
        pivot = next((row for row in left if row[column]), None)
        if pivot is None:
            continue
        rank, left = rank + 1, [row for row in left if row is not pivot]
        left = [
            [a - b * row[column] / pivot[column] for a, b in zip(row, pivot, strict=True)]
            for row in left
        ]
    return rank


def test_what_is_told_is_what_adding_and_subtracting_gives() -> None:
    told = 0
    for seed in range(25):
        draw = random.Random(f"adding {seed}")
        rows = [[draw.randrange(2) for _ in range(5)] for _ in range(draw.randint(1, 4))]
        sums, rank = Sums(np.array(rows, dtype=np.bool_)), _rank(rows)
        for bits in itertools.product((0, 1), repeat=5):
            if any(bits):
                is_told = _rank([*rows, list(bits)]) == rank
                assert sums.tell(list(np.flatnonzero(bits))) == is_told, (seed, bits)
                told += is_told
    assert told > 50
