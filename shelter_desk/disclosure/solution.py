"""What the search ends with: a certified pattern, or why there is none."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Solution:
    """A certified pattern.

    Args:
        withheld: per figure of the problem, whether it is blank (never-offered figures are).
        sensitive: ids of the figures that had to be protected.
        worlds: whole residents per atom, each reproducing every shown figure; the first is true.
        witnesses: figure id -> positions of the worlds that protect it.
        weight: total weight withheld. lower_bound: no safe pattern weighs less than this.
        fewest_bound: no safe pattern withholds fewer distinct figures than this.
        count: distinct offered figures withheld.
        behind: withheld figure -> one that a reader gets at if it is shown (both distinct ones of
            the system); not for every one.
    """

    withheld: tuple[bool, ...]
    sensitive: tuple[str, ...]
    worlds: tuple[tuple[int, ...], ...]
    witnesses: dict[str, tuple[int, ...]]
    weight: int
    lower_bound: int
    proved: bool
    fewest_bound: int
    count: int
    cpu_seconds: float
    behind: dict[int, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class NoSolution:
    """Why nothing can be published, in words for staff, and which figure stands in the way."""

    reason: str
    figure: str | None
    cpu_seconds: float
