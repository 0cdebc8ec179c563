"""Who has looked at a young person's file: days, people, and kinds of acts; no word of the file.

A young person has a right to know who opened their record. The list says that somebody wrote, not
what: a line may stand in several files at once, and nobody else's life belongs on this paper.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

LOOKED_PAPER = "looked"
"""The id of the paper that holds the list."""

LOOKED, WROTE, CHANGED, TO_OTHERS, TO_YOU = "looked", "wrote", "changed", "to_others", "to_you"
KINDS = (LOOKED, WROTE, CHANGED, TO_OTHERS, TO_YOU)
"""Kinds of acts, in the order they are told."""

_KIND_OF = {
    "resident.view": LOOKED,
    "seat.look": LOOKED,
    "report.explain": LOOKED,
    "paper.disclose": TO_OTHERS,
    "paper.resident": TO_YOU,
}
_CHANGES = ("correct", "change", "move", "undo", "withdraw", "reopen", "restore", "revoke")
_ALSO_CHANGES = frozenset(
    {
        "appointment.open",
        "missing.discovery",
        "notice.open-again",
        "record.join",
        "record.separate",
        "removal.take",
        "removal.put-back",
        "stay.bed",
    }
)


def kind_of(action: str) -> str:
    """Return the kind of an event of the audit trail that concerns a file."""
    if action in _KIND_OF:
        return _KIND_OF[action]
    said = action.partition(".")[2].split("-")
    changed = any(word.startswith(_CHANGES) for word in said)
    return CHANGED if changed or action in _ALSO_CHANGES else WROTE


@dataclass(frozen=True, slots=True)
class Act:
    """One event about a file: on which day of the house's calendar, who, and what action."""

    seq: int
    day: date
    who: str
    action: str


@dataclass(frozen=True, slots=True)
class FileLook:
    """What one person did with a file on one day; `acts` are (kind, how often), as in `KINDS`."""

    day: date
    who: str
    acts: tuple[tuple[str, int], ...]


def file_looks(acts: Iterable[Act]) -> tuple[FileLook, ...]:
    """Return the acts by day and person, the newest day first, people in the order they came."""
    found: dict[tuple[date, str], Counter[str]] = {}
    for act in sorted(acts, key=lambda one: (-one.day.toordinal(), one.seq)):
        found.setdefault((act.day, act.who), Counter())[kind_of(act.action)] += 1
    return tuple(
        FileLook(day, who, tuple((kind, count[kind]) for kind in KINDS if count[kind]))
        for (day, who), count in found.items()
    )
