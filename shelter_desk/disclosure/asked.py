"""Figures with what they count, on their way into one problem."""

from __future__ import annotations

from dataclasses import dataclass

from shelter_desk.disclosure.definitions import Definition, People
from shelter_desk.disclosure.model import Fixed


@dataclass(frozen=True, slots=True)
class Asked:
    """A figure with what it counts.

    Args:
        id: name in the problem. where: what it counts. less: what is taken away from that, for a
            difference. weight, offered, label: as in `Figure`.
        fixed: what a release has settled. least: what a blank is known to be at least.
        k: smallest group it was judged by, or None for that of the settings.
        also: it is protected like a small one, whatever its value.
        told: it is known from elsewhere, however small; it needs no protection any more.
    """

    id: str
    where: Definition
    less: Definition | None = None
    weight: int = 0
    offered: bool = True
    label: str = ""
    fixed: Fixed | None = None
    least: int = 0
    k: int | None = None
    also: bool = False
    told: bool = False


@dataclass(frozen=True, slots=True)
class Part:
    """Figures over the residents as they were when the figures were counted."""

    tag: str
    people: People
    figures: tuple[Asked, ...]
