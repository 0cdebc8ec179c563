"""The facts of a stay that due dates are reckoned from, and what comes out of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple


class Occurred(NamedTuple):
    """An event or a court date of a stay. `code` is one of item_triggers.toml; `key` is unique.

    `known_at` is when it was written down that it is at this time; None where that is not kept.
    """

    code: str
    at: datetime
    key: str
    known_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class StayFacts:
    """What due dates reckon with. All moments are aware, in UTC.

    `service_opened_at` is the last time the item's service was opened for the resident.
    `planned_exit_at` counts as the exit until `ended_at` is known; `exit_known_at` is when it was
    planned so.
    """

    began_at: datetime
    ended_at: datetime | None
    service_opened_at: datetime
    phase_started_at: Mapping[str, datetime] = field(default_factory=dict)
    court_dates: tuple[Occurred, ...] = ()
    events: tuple[Occurred, ...] = ()
    planned_exit_at: datetime | None = None
    exit_known_at: datetime | None = None


class Answer(NamedTuple):
    """What staff recorded for one occurrence; `outcome` is a code of item_outcomes.toml.

    A tuple with names, as all here that is made by the hundred: half the price of a frozen class.
    """

    occurrence: str
    outcome: str
    done_at: datetime
    until: datetime | None = None


class Occurrence(NamedTuple):
    """Something waiting to be done by `due_at`; a deferral has already moved `due_at`."""

    key: str
    due_at: datetime
    deferred_until: datetime | None = None
    blocked: bool = False
