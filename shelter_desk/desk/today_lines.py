"""The lines of Today's board: frozen values, cheap to build by the hundred."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from shelter_desk.desk.base import moment
from shelter_desk.desk.listed import ListedItem, Subject
from shelter_desk.domain.record_classes import View


class TodayLine(NamedTuple):
    """One open item. `state` as in the plan; `due_ms` in milliseconds since 1970 UTC."""

    subject: Subject
    listed: ListedItem
    occurrence: str
    due_ms: int
    state: str
    bucket: str
    view: View = View.OPEN

    @property
    def may_answer(self) -> bool:
        """Say whether the person asking may answer it; else it is a card that says what to do."""
        return self.view in (View.OPEN, View.ENTER)

    @property
    def stay_id(self) -> str | None:
        """Return the stay, or None for the house."""
        return self.subject.stay_id

    @property
    def called(self) -> str:
        """Return the name the resident likes to be called."""
        return self.subject.called

    @property
    def case_code(self) -> str:
        """Return the resident's case code; "" for the house."""
        return self.subject.case_code

    @property
    def has_left(self) -> bool:
        """Say whether it is late work of somebody who is in the house no longer."""
        return self.subject.has_left

    @property
    def item_id(self) -> str:
        """Return the item."""
        return self.listed.item_id

    @property
    def service_id(self) -> str:
        """Return the service the item belongs to."""
        return self.listed.item.service_id

    @property
    def service(self) -> str:
        """Return the short name of the service."""
        return self.listed.service

    @property
    def text(self) -> str:
        """Return what is to be done."""
        return self.listed.item.text

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
    def needs_signatures(self) -> int:
        """Return how many people must sign."""
        return self.listed.item.signatures

    @property
    def due_at(self) -> datetime:
        """Return when it is due."""
        return moment(self.due_ms)


@dataclass(frozen=True, slots=True)
class ArrivalGroup:
    """A stretch of an arrival's first days; `lines` are the open items in working order."""

    group_id: str
    title: str
    lines: tuple[TodayLine, ...]
    done: int
    total: int


@dataclass(frozen=True, slots=True)
class ArrivalCard:
    """Somebody who came within the last 72 hours, with what is due by then, in order."""

    stay_id: str
    called: str
    case_code: str
    arrived_at: datetime
    groups: tuple[ArrivalGroup, ...]


class DoneLine(NamedTuple):
    """One item answered today. `listed` None: the care model no longer has the item."""

    answer_id: str
    subject: Subject
    item_id: str
    listed: ListedItem | None
    who: str
    done_ms: int
    outcome: str

    @property
    def stay_id(self) -> str | None:
        """Return the stay, or None for the house."""
        return self.subject.stay_id

    @property
    def called(self) -> str:
        """Return the name the resident likes to be called."""
        return self.subject.called

    @property
    def text(self) -> str:
        """Return what was to be done."""
        return self.listed.item.text if self.listed else self.item_id

    @property
    def service_id(self) -> str:
        """Return the service the item belongs to."""
        return self.listed.item.service_id if self.listed else ""

    @property
    def done_at(self) -> datetime:
        """Return when it was done."""
        return moment(self.done_ms)


@dataclass(frozen=True, slots=True)
class TodayBoard:
    """The board. `lines` hold what is not in a card: overdue, due today, due within a week."""

    in_house: int
    beds: int
    overdue: int
    due_today: int
    arrivals: tuple[ArrivalCard, ...]
    lines: tuple[TodayLine, ...]
    done: tuple[DoneLine, ...]
