"""What every safe pattern satisfies: a weighted count of some figures withheld, and how much."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from shelter_desk.disclosure.model import BoolVector, FloatVector, IntVector

SLACK = 1e-9


@dataclass(frozen=True, slots=True)
class Cut:
    """Every safe pattern has `coefficients . withheld[figures] >= least`.

    Source: capacity constraints of Fischetti and Salazar, Management Science 47 (2001).

    Args:
        need: the figure that is not protected where the cut is missed; -1 if there are several.
    """

    figures: IntVector
    coefficients: FloatVector
    least: float
    need: int = -1

    def missed_by(self, pattern: BoolVector) -> bool:
        """Tell whether a pattern breaks the cut."""
        return float(self.coefficients[pattern[self.figures]].sum()) < self.least - SLACK


def joined(cuts: Sequence[Cut]) -> tuple[IntVector, FloatVector, IntVector, FloatVector]:
    """Put cuts one behind the other: their figures, coefficients, where each begins, its least."""
    starts = np.cumsum([0, *(len(cut.figures) for cut in cuts[:-1])], dtype=np.int64)
    return (
        np.concatenate([cut.figures for cut in cuts]),
        np.concatenate([cut.coefficients for cut in cuts]),
        starts,
        np.array([cut.least for cut in cuts]),
    )
