"""Work that is counted instead of timed, so that a busy machine finds what an idle one finds.

A limit in seconds of a clock ends the same search at another place each time. What is counted here
is the same each time: questions to the optimiser, its steps, and those of the quick walk. They are
added up in seconds of the processor they were measured on, so that a limit still means something
to whoever sets it; on another processor the same work takes longer or shorter.

Source: measured on tables of 119, 245 and 646 figures (200 residents), where what is counted came
to 0.8 to 1.2 of the processor time of the search.
"""

from __future__ import annotations

import math

# A question with all that is done around it, and one step of the simplex method.
QUESTION_S = 0.000_7
STEP_S = 0.000_04
# One step of the quick walk among covers.
WALK_S = 0.000_06
# Taking one row off another, in a look for cuts that follow by halving.
HALVE_S = 0.000_002
# Branches a search for whole numbers may try for each second it has left.
BRANCHES_PER_S = 1_000


class Effort:
    """How much of the work it may do a search has done.

    Args:
        limit_s: seconds of work; what ends without it goes on.
    """

    def __init__(self, limit_s: float = math.inf) -> None:
        self._limit = limit_s
        self.spent_s = 0.0

    @property
    def left_s(self) -> float:
        """What is left of the limit; below 0 where more was needed."""
        return self._limit - self.spent_s

    @property
    def branches_left(self) -> int:
        """How many branches the next search for whole numbers may try; 1 at least."""
        return 1 + int(BRANCHES_PER_S * max(0.0, min(self.left_s, 1e5)))

    def asked(self, steps: int) -> None:
        """One question to the optimiser was answered in so many steps."""
        self.spent_s += QUESTION_S + STEP_S * max(steps, 0)

    def walked(self, steps: int) -> None:
        """The quick walk took so many steps."""
        self.spent_s += WALK_S * steps

    def halved(self, steps: int) -> None:
        """A look for cuts that follow by halving took so many steps."""
        self.spent_s += HALVE_S * steps
