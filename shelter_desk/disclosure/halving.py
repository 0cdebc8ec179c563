"""Cuts that follow from two or more others by halving: they say what only whole patterns obey.

One of a and b, one of b and c, one of a and c must be withheld: the three together count each of
them twice and ask for three, so one and a half are not enough, and two must be withheld. Rows are
added up and halved; a half in front of a figure or on the right-hand side is rounded up. Without
this the master's linear program stays up to three figures below the truth.

Sources: Caprara and Fischetti, Mathematical Programming 74 (1996); the search by elimination in
arithmetic of odd and even: Koster, Zymolka and Kutschka, Algorithmica 55 (2009).
"""

from __future__ import annotations

import numpy as np

from shelter_desk.disclosure.cuts import Cut
from shelter_desk.disclosure.model import BoolVector, FloatVector

NEAR = 1e-9
# What is looked at in one go: the tightest rows, the most undecided figures, the best findings.
MOST_ROWS, MOST_COLUMNS, MOST_FOUND = 400, 200, 60
# What one look may add, and how much alike two of it may be (1: the same direction).
MOST_ADDED, MOST_ALIKE = 10, 0.9
# By less than this nothing is worth a row.
LEAST_MISSED = 0.05
MOST_WORTH = 1 - 2 * LEAST_MISSED

Matrix = FloatVector


class Halving:
    """Rows with whole coefficients over figures that are withheld (1) or shown (0)."""

    def __init__(self, figures: int) -> None:
        """Begin without rows."""
        self._rows = np.zeros((0, figures))
        self._least = np.zeros(0)
        self._new: list[Cut] = []
        # Of the last look: how many rows were taken off others.
        self.steps = 0

    def add(self, cut: Cut) -> None:
        """Add a cut whose coefficients and least are whole."""
        self._new.append(cut)

    def at(self, shares: FloatVector) -> list[Cut]:
        """Return cuts that these shares of figures (0 to 1) miss, and know them from now on."""
        rows, least = self._known()
        slack = np.maximum(_times(rows, shares) - least, 0.0)
        tight = np.flatnonzero(slack < MOST_WORTH)
        tight = np.sort(tight[np.argsort(slack[tight], kind="stable")[:MOST_ROWS]])
        # A figure counted oddly often costs what rounding up costs, or else one "at most 1" more.
        turned = shares > 0.5
        cost = np.where(turned, 1.0 - shares, shares)
        columns = np.argsort(-cost, kind="stable")[:MOST_COLUMNS]
        columns = columns[cost[columns] > NEAR]
        is_odd = rows[np.ix_(tight, columns)] % 2 == 1
        counts = (least[tight] - rows[np.ix_(tight, turned)].sum(axis=1)) % 2 == 1
        found, self.steps = _eliminated(is_odd, counts, slack[tight], cost[columns])
        if not len(found):
            return []
        sets = [tight[one] for one in found]
        totals = np.array([rows[one].sum(axis=0) for one in sets])
        wanted = np.array([least[one].sum() for one in sets])
        cuts = _chosen(*_halved(totals, wanted, turned), shares)
        self._new += cuts
        return cuts

    def _known(self) -> tuple[Matrix, FloatVector]:
        if self._new:
            more = np.zeros((len(self._new), self._rows.shape[1]))
            for row, cut in zip(more, self._new, strict=True):
                row[cut.figures] = cut.coefficients
            self._rows = np.concatenate([self._rows, more])
            self._least = np.concatenate([self._least, [cut.least for cut in self._new]])
            self._new = []
        return self._rows, self._least


def _times(rows: Matrix, shares: FloatVector) -> FloatVector:
    """Multiply without the threads that numpy's own product starts for as little."""
    found: FloatVector = np.einsum("ij,j->i", rows, shares)
    return found


def _eliminated(
    is_odd: BoolVector, counts: BoolVector, slack: FloatVector, cost: FloatVector
) -> tuple[BoolVector, int]:
    """Add rows to each other until few figures are counted oddly often.

    Args:
        is_odd: per row and figure, whether it is counted oddly often there.
        counts: per row, whether there is a half on its right-hand side to be rounded up.
        slack: per row, by how much it is met; added up with the rows.
        cost: per figure, what it costs to count it oddly often; the dearest first.

    Returns:
        Which rows to add up, one set a line, those that are missed most first; and the steps.
    """
    size, width = is_odd.shape
    table = np.concatenate([is_odd, counts[:, np.newaxis], np.eye(size, dtype=np.bool_)], axis=1)
    slack, used = slack.copy(), np.zeros(size, dtype=np.bool_)
    found: list[tuple[FloatVector, BoolVector]] = []
    steps, rows = 0, np.arange(size)
    for column in range(-1, width):
        if column >= 0:
            rows = np.flatnonzero(table[:, column] & (slack < MOST_WORTH))
            free = rows[~used[rows]]
            if not len(free):
                continue
            # The tightest, and of these the one with the fewest others.
            free = free[slack[free] < slack[free].min() + NEAR]
            pivot = free[table[free, :width].sum(axis=1).argmin()]
            used[pivot] = True
            rows = rows[rows != pivot]
            table[rows] ^= table[pivot]
            slack[rows] += slack[pivot]
            steps += len(rows)
        looked = rows[table[rows, width] & (slack[rows] < MOST_WORTH)]
        worth = slack[looked] + _times(table[looked, :width].astype(np.float64), cost)
        hits = worth < MOST_WORTH
        found.append((worth[hits], table[looked[hits], width + 1 :]))
    worth = np.concatenate([one for one, _ in found])
    sets = np.concatenate([one for _, one in found])
    return sets[np.argsort(worth, kind="stable")[:MOST_FOUND]], steps


def _halved(totals: Matrix, least: FloatVector, turned: BoolVector) -> tuple[Matrix, FloatVector]:
    """Halve sums of rows and round up; of what is mostly withheld one "at most 1" is taken off."""
    more = (totals % 2 == 1) & turned
    halves = np.ceil((totals - more) / 2)
    needed = np.ceil((least - more.sum(axis=1)) / 2)
    return np.minimum(halves, np.maximum(needed, 0.0)[:, np.newaxis]), needed


def _chosen(halves: Matrix, needed: FloatVector, shares: FloatVector) -> list[Cut]:
    """Choose those that are missed by most, no two of them nearly alike."""
    lengths = np.sqrt((halves * halves).sum(axis=1))
    missed = needed - _times(halves, shares)
    chosen: list[FloatVector] = []
    cuts: list[Cut] = []
    for number in np.argsort(-missed / np.maximum(lengths, 1.0), kind="stable").tolist():
        if len(cuts) == MOST_ADDED or needed[number] < 1 or missed[number] < LEAST_MISSED:
            continue
        way = halves[number] / lengths[number]
        if any(way @ other > MOST_ALIKE for other in chosen):
            continue
        chosen.append(way)
        figures = np.flatnonzero(halves[number])
        cuts.append(Cut(figures, halves[number][figures], float(needed[number])))
    return cuts
