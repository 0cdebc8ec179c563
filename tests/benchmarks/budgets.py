"""What the questions of a shift may cost, and whether they do: a verdict, which is no timed test.

Speed depends on the machine and on what else it does, so `bench.py` prints these lines and
returns 0; only `--strict` makes a budget that is passed an error.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple

MOST_MS = 50.0  # of the thread that draws the windows
MOST_TIMES = 2.0  # of the same statements, or of a rival that finds the same, in bare SQL
SWITCH_MS = 1000.0  # from one person's key to the other's Today, without the work of the words
BUDGETED = ("palette", "roster", "handoff sheet", "census of a past hour", "due list of a day")


class Figure(NamedTuple):
    """What was measured once: milliseconds, and how many times bare SQL that is."""

    milliseconds: float
    times: float


class Verdict(NamedTuple):
    """The worst of what was measured under one name, beside its budget."""

    name: str
    milliseconds: float
    times: float

    @property
    def is_over(self) -> bool:
        """Tell whether it costs more than it may."""
        return self.milliseconds > MOST_MS or self.times > MOST_TIMES

    @property
    def words(self) -> tuple[str, str]:
        """Return the verdict, and the figures beside what they may be."""
        limits = (
            f"{self.milliseconds:.2f} ms of {MOST_MS:.0f}, {self.times:.2f}x of {MOST_TIMES:.0f}"
        )
        return "over" if self.is_over else "within", limits


def verdicts(measured: Mapping[str, Iterable[Figure]]) -> tuple[Verdict, ...]:
    """Return a verdict for each budget; whatever is measured beside them has none.

    Raises:
        KeyError: when something that has a budget was not measured.
    """
    found = []
    for name in BUDGETED:
        figures = tuple(measured[name])
        slowest = max(figure.milliseconds for figure in figures)
        found.append(Verdict(name, slowest, max(figure.times for figure in figures)))
    return tuple(found)


class Switch(NamedTuple):
    """What it took to hand the computer to the next person, in milliseconds.

    `locked`: from the key to the way in painted; `started`: the fresh process that a switch
    starts; `opened`: from Enter to their Today painted; `words`: of it the passphrase, which is
    slow on purpose.
    """

    locked: float
    started: float
    opened: float
    words: float

    @property
    def milliseconds(self) -> float:
        """Return all of it but the passphrase."""
        return self.locked + self.started + self.opened - self.words

    @property
    def is_over(self) -> bool:
        """Tell whether it costs more than it may."""
        return self.milliseconds > SWITCH_MS

    @property
    def verdict(self) -> tuple[str, str]:
        """Return the verdict, and the figure beside what it may be."""
        limits = f"{self.milliseconds:.0f} ms of {SWITCH_MS:.0f}"
        return "over" if self.is_over else "within", limits
