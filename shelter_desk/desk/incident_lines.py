"""What the questions about incidents return: frozen values for lists, pages and papers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from shelter_desk.desk.missing_record import NoticeLine
from shelter_desk.domain.incidents import Report


@dataclass(frozen=True, slots=True)
class IncidentLine:
    """One incident of the list. `types` are codes."""

    incident_id: str
    types: tuple[str, ...]
    occurred_at: datetime
    found_at: datetime
    place: str
    filed_at: datetime | None
    closed_at: datetime | None
    is_withdrawn: bool
    reported_by: str

    @property
    def is_open(self) -> bool:
        """Tell whether it may still be written in."""
        return self.closed_at is None and not self.is_withdrawn


@dataclass(frozen=True, slots=True)
class PersonLine:
    """One person's part. Exactly one of `stay_id`, `staff_name` and `role` says who."""

    person_id: str
    part: str
    stay_id: str | None
    called: str
    case_code: str
    staff_name: str
    role: str
    note: str


@dataclass(frozen=True, slots=True)
class StepLine:
    """One step that should follow, by a day."""

    step_id: str
    text: str
    due_on: date
    done_at: datetime | None
    done_by: str


@dataclass(frozen=True, slots=True)
class Incident:
    """One whole incident. `still_open` are the elements of the report without an answer."""

    line: IncidentLine
    report: Report
    note: str
    people: tuple[PersonLine, ...]
    notices: tuple[NoticeLine, ...]
    steps: tuple[StepLine, ...]
    still_open: tuple[str, ...]
    episode_id: str | None

    @property
    def residents(self) -> tuple[PersonLine, ...]:
        """Return the residents who had a part."""
        return tuple(person for person in self.people if person.stay_id is not None)
