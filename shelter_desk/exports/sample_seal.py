"""What the manifest of a pack states of a sample."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class SampleSeal:
    """A sample: drawn by `seed` from a list of `population` places with this root (hex).

    `fixed_event` and `drawn_event` are the numbers of the disclosed events that show it.
    """

    method: str
    population: int
    root: str
    wanted: int
    seed: str
    fixed_event: int
    drawn_event: int
