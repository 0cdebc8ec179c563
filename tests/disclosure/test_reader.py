"""One warm model of what a reader knows: every answer is that of a model made anew."""

from __future__ import annotations

import random

import numpy as np
import pytest
from scipy.optimize import linprog

from shelter_desk.disclosure.highs import rows_of
from shelter_desk.disclosure.reader import Corner, Reader

# Cells of a 2 x 3 table, its margins and its total.
ROWS = [[n] for n in range(6)]
ROWS += [[0, 1, 2], [3, 4, 5], [0, 3], [1, 4], [2, 5], [0, 1, 2, 3, 4, 5]]
MATRIX = np.array([[float(atom in row) for atom in range(6)] for row in ROWS])
CAP = 6.0


def drawn(seed: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return bounds of the rows and which are blank."""
    draw = random.Random(f"reader {seed}")
    values = MATRIX @ np.array([draw.choice((0, 1, 2, 4, 9)) for _ in range(6)])
    blank = np.array([value > 0 and draw.random() < 0.6 for value in values])
    blank[-1] = False
    return np.where(blank, 1.0, values), np.where(blank, np.inf, values), blank


def anew(row: int, low: np.ndarray, high: np.ndarray, sign: int) -> float:
    """Answer by another program, from nothing."""
    finite = np.isfinite(high)
    above, below = np.vstack([-MATRIX, MATRIX[finite]]), np.concatenate([-low, high[finite]])
    found = linprog(-sign * MATRIX[row], A_ub=above, b_ub=below, bounds=(0, None))
    assert found.status == 0
    return float(MATRIX[row] @ found.x)


def made() -> Reader:
    nothing = np.zeros(len(ROWS))
    return Reader(rows_of(ROWS, []), (nothing, nothing), np.full(6, np.inf))


def holds(corner: Corner, low: np.ndarray, high: np.ndarray) -> bool:
    """Tell whether residents of the corner give rows within their bounds."""
    sums = MATRIX @ corner.point
    return bool((sums >= low - 1e-6).all() and (sums <= high + 1e-6).all())


def test_a_warm_model_answers_as_one_made_anew_pattern_after_pattern() -> None:
    reader, asked = made(), 0
    for seed in range(40):
        low, high, blank = drawn(seed)
        reader.settle(low, high, may_rise=blank)
        for row in map(int, np.flatnonzero(blank)):
            reader.let_rise(row, CAP)
            up, down = reader.highest(row), reader.lowest(row)
            assert up is not None
            assert down is not None
            most = min(CAP, anew(row, low, high, 1) - low[row])
            assert up.value == pytest.approx(most, abs=1e-6), f"seed {seed}, row {row}"
            assert -down.value == pytest.approx(anew(row, low, high, -1), abs=1e-6)
            assert holds(up, low, high)
            assert holds(down, low, high)
            asked += 1
    assert asked > 120


def test_multipliers_give_the_answer_from_the_bounds_alone() -> None:
    reader = made()
    for seed in range(40):
        low, high, blank = drawn(seed)
        reader.settle(low, high, may_rise=blank)
        for row in map(int, np.flatnonzero(blank)):
            down = reader.lowest(row)
            assert down is not None
            used = np.where(down.multipliers > 0, high, low)
            bears = np.abs(down.multipliers) > 1e-9
            assert down.multipliers[bears] @ used[bears] == pytest.approx(down.value, abs=1e-6)


def test_a_row_that_is_shown_does_not_rise() -> None:
    reader = made()
    low, high, blank = drawn(3)
    reader.settle(low, high, may_rise=blank)
    for row in map(int, np.flatnonzero(~blank)):
        reader.let_rise(row, CAP)
        found = reader.highest(row)
        assert found is not None
        assert found.value == pytest.approx(0.0, abs=1e-9)


def test_a_table_nobody_could_have_filled_has_no_corner() -> None:
    reader = made()
    low = np.zeros(len(ROWS))
    low[-1], low[0] = 3.0, 5.0  # a cell of five in a table of three
    reader.settle(low, np.where(np.arange(len(ROWS)) < 11, low, 3.0), may_rise=low < 0)
    assert reader.lowest(0) is None


def test_rows_asked_together_rise_as_far_as_they_can_in_all() -> None:
    reader, together = made(), 0
    for seed in range(40):
        low, high, blank = drawn(seed)
        reader.settle(low, high, may_rise=blank)
        rows = np.flatnonzero(blank)
        for row in map(int, rows):
            reader.let_rise(row, CAP)
        found = reader.highest(*map(int, rows)) if len(rows) else None
        if found is None:
            continue
        assert found.value == pytest.approx(most_in_all(rows, low, high), abs=1e-6), f"seed {seed}"
        assert holds(found, low, high)
        together += len(rows) > 2
    assert together > 20


def most_in_all(rows: np.ndarray, low: np.ndarray, high: np.ndarray) -> float:
    """Add up rises of at most the cap, by another program: residents first, then the rises."""
    finite, nothing = np.isfinite(high), np.zeros((len(ROWS), len(rows)))
    above, below = np.hstack([MATRIX, nothing]), np.hstack([MATRIX[finite], nothing[finite]])
    rises = np.hstack([-MATRIX[rows], np.eye(len(rows))])
    found = linprog(
        np.concatenate([np.zeros(6), -np.ones(len(rows))]),
        A_ub=np.vstack([-above, below, rises]),
        b_ub=np.concatenate([-low, high[finite], -low[rows]]),
        bounds=[(0, None)] * 6 + [(0, CAP)] * len(rows),
    )
    assert found.status == 0
    return -float(found.fun)


def test_two_bounds_of_one_atom_both_hold() -> None:
    """The margin that another table shares can be a single class here: its bound stands twice."""
    rows = rows_of([[0], [0], [0, 1], [1]], [])
    low, high = np.array([1.0, 2.0, 9.0, 4.0]), np.array([np.inf, np.inf, 9.0, np.inf])
    reader = Reader(rows, (low, high), np.full(2, np.inf))
    for row in (0, 1):
        reader.let_rise(row, 20.0)
        most, least = reader.highest(row), reader.lowest(row)
        assert most is not None
        assert least is not None
        assert most.point[0] == pytest.approx(5.0)
        assert least.point[0] == pytest.approx(2.0)
        assert least.multipliers[:2] == pytest.approx([0.0, -1.0])


def test_a_cell_in_which_nobody_can_be_stays_empty_when_it_is_blank() -> None:
    rows, high = rows_of([[0], [0, 1]], []), np.array([np.inf, 9.0])
    reader = Reader(rows, (np.array([0.0, 9.0]), high), np.array([0.0, np.inf]))
    reader.settle(np.array([0.0, 8.0]), high, may_rise=high > 9)
    corner = reader.lowest(1)
    assert corner is not None
    assert corner.point == pytest.approx([0.0, 8.0])


def test_some_rows_and_some_atoms_keep_their_sums() -> None:
    rows = rows_of(ROWS, [((0, 1), (3, 4))])
    world = np.array([3, 1, 4, 2, 7, 5])
    chosen = np.array([8, 0, 12, 6])
    assert (rows.only(chosen).sums(world) == rows.sums(world)[chosen]).all()
    some = np.array([True, False, True, False, True, False])
    assert (rows.over(some).sums(world[some]) == rows.sums(np.where(some, world, 0))).all()
    assert rows.over(~some).count == rows.count
