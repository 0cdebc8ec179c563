"""The lines of a stay's plan: frozen values, cheap to build by the hundred."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from shelter_desk.desk.base import moment, moment_or_none
from shelter_desk.desk.listed import ListedItem
from shelter_desk.domain.care_model import Service
from shelter_desk.domain.record_classes import View

_LATE_AFTER_MS = 60 * 60 * 1000


class AnswerLine(NamedTuple):
    """One answer to an item; `done_ms`, `entered_ms`, `until_ms`: milliseconds since 1970 UTC."""

    answer_id: str
    outcome: str
    outcome_label: str
    reason_label: str
    who: str
    role: str
    done_ms: int
    entered_ms: int
    until_ms: int | None
    note: str
    signed: int
    needs_signatures: int

    @property
    def done_at(self) -> datetime:
        """Return when it was done."""
        return moment(self.done_ms)

    @property
    def entered_at(self) -> datetime:
        """Return when it was written down."""
        return moment(self.entered_ms)

    @property
    def until(self) -> datetime | None:
        """Return the moment it was deferred to, or None."""
        return moment_or_none(self.until_ms)

    @property
    def is_late_entry(self) -> bool:
        """Say whether it was written down over an hour after it was done."""
        return self.entered_ms - self.done_ms > _LATE_AFTER_MS


class ItemLine(NamedTuple):
    """One open occurrence of an item, or the item itself where none is open.

    `state` is "open", "deferred", "blocked", "signature", "closed" or "not-open". `last` None:
    there is no answer, or it is closed to the person asking.
    """

    listed: ListedItem
    occurrence: str | None
    due_ms: int | None
    state: str
    last: AnswerLine | None
    view: View = View.OPEN

    @property
    def may_answer(self) -> bool:
        """Say whether the person asking may answer it; else it is a card that says what to do."""
        return self.view in (View.OPEN, View.ENTER)

    @property
    def item_id(self) -> str:
        """Return the item."""
        return self.listed.item_id

    @property
    def service_id(self) -> str:
        """Return the service it belongs to."""
        return self.listed.item.service_id

    @property
    def text(self) -> str:
        """Return what is to be done."""
        return self.listed.item.text

    @property
    def help(self) -> str:
        """Return one sentence on how, or ""."""
        return self.listed.item.help

    @property
    def role(self) -> str:
        """Return the role that does it."""
        return self.listed.item.role

    @property
    def role_short(self) -> str:
        """Return the short name of the role."""
        return self.listed.role_short

    @property
    def safety_critical(self) -> bool:
        """Say whether somebody's safety hangs on it."""
        return self.listed.item.safety_critical

    @property
    def record_class(self) -> str:
        """Return who may read what is written about it."""
        return self.listed.item.record_class

    @property
    def consent(self) -> tuple[str, ...]:
        """Return the consents it needs."""
        return self.listed.item.consent

    @property
    def needs_signatures(self) -> int:
        """Return how many people must sign."""
        return self.listed.item.signatures

    @property
    def outcome_only(self) -> bool:
        """Say whether only the outcome is kept, and no note."""
        return self.listed.item.outcome_only

    @property
    def due_words(self) -> str:
        """Return the due rule in plain words."""
        return self.listed.due_words

    @property
    def due_at(self) -> datetime | None:
        """Return when it is due, or None where none is open."""
        return moment_or_none(self.due_ms)


ON_HOLD = "on-hold"


class ServiceLine(NamedTuple):
    """One service of a stay. `status` None: nobody has asked yet.

    `done`, `total`: of its items, how many were dealt with; 0 of 0 while it is on hold, when
    nothing of it is owed and nothing is done.
    `is_closed`: where it stands is closed to the person asking; they see a few of its items.
    """

    service: Service
    status: str | None
    status_label: str
    reason: str
    since_ms: int | None
    done: int
    total: int
    overdue: int
    items: tuple[ItemLine, ...]
    is_closed: bool = False

    @property
    def since(self) -> datetime | None:
        """Return since when it stands so, or None."""
        return moment_or_none(self.since_ms)

    @property
    def service_id(self) -> str:
        """Return the service."""
        return self.service.id

    @property
    def name(self) -> str:
        """Return the name of the service."""
        return self.service.name

    @property
    def is_on_hold(self) -> bool:
        """Tell whether it waits to be taken up again."""
        return self.status == ON_HOLD

    @property
    def short_name(self) -> str:
        """Return the name where there is little room."""
        return self.service.short_name

    @property
    def phases(self) -> tuple[str, ...]:
        """Return the phases it shows under."""
        return self.service.phases

    @property
    def origin(self) -> str:
        """Return where the service comes from."""
        return self.service.origin

    @property
    def confidence(self) -> str:
        """Return how sure the source is."""
        return self.service.confidence


@dataclass(frozen=True, slots=True)
class PhaseLine:
    """One phase as a view: how much of its services' items is dealt with."""

    phase_id: str
    name: str
    resident_name: str
    is_open: bool
    started_at: datetime | None
    done: int
    total: int
    span_text: str


@dataclass(frozen=True, slots=True)
class StayPlan:
    """All services of a stay in the order of the care model, and its phases."""

    stay_id: str
    phases: tuple[PhaseLine, ...]
    services: tuple[ServiceLine, ...]
