"""The parts of the care model as values: services, checklist items, roles, lists, clocks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta

from shelter_desk.domain.durations import Span

ANCHORS = ("admission", "event", "court-date", "discharge", "phase-start", "previous")
REPEATS = ("once", "each-event", "each-shift", "period")
CONSENTS = ("assent", "guardian", "minor-may-consent", "written-release")
NEEDS = ("needed", "ask", "not-needed")
ORIGINS = ("macy-johns-2011", "twigg-2017", "shelter-desk")
CONFIDENCES = ("recalled", "verified", "addition")
# What counts as an answer; lists/item_outcomes.toml says the same and is checked against it.
CLOSING_OUTCOMES = frozenset({"done", "declined", "not-applicable"})
OPEN_OUTCOMES = frozenset({"deferred", "blocked"})


@dataclass(frozen=True, slots=True)
class Due:
    """The clock of an item: at most `span` after the anchor `after`; negative means before it."""

    after: str
    span: Span

    @property
    def within(self) -> timedelta:
        """Return the plain length, days counted as 24 hours; negative means before the anchor."""
        return self.span.length


@dataclass(frozen=True, slots=True)
class Step:
    """A stretch of a series: `every` so long, until `until` after it began (None: for good)."""

    every: Span
    until: Span | None


@dataclass(frozen=True, slots=True)
class ChecklistItem:
    """One thing a service asks for. `text` is what a worker sees; `help` is one sentence or "".

    `repeat` is one of `REPEATS`; `interval` is set for "period" only. `schedule` lists every time
    after one anchor when an item has several (empty: only `due`); `steps` lists how a series
    slows down. `starts_on` are the event codes that open the item, `ends_on` those that end its
    series: such a series runs only between the two. `phases` are its service's.
    """

    id: str
    service_id: str
    number: int
    text: str
    help: str
    role: str
    due: Due
    repeat: str
    interval: Span | None
    safety_critical: bool
    consent: tuple[str, ...]
    record_class: str
    basis: tuple[str, ...]
    signatures: int
    outcome_only: bool
    phases: tuple[str, ...] = ()
    is_house: bool = False
    starts_on: frozenset[str] = frozenset()
    ends_on: frozenset[str] = frozenset()
    schedule: tuple[Span, ...] = ()
    steps: tuple[Step, ...] = ()

    @property
    def every(self) -> timedelta | None:
        """Return the plain length of the interval of a periodic item, else None."""
        return self.interval.length if self.interval else None


@dataclass(frozen=True, slots=True)
class Service:
    """One strand of care. `number` counts from 1 in the order of the manifest."""

    id: str
    number: int
    name: str
    short_name: str
    phases: tuple[str, ...]
    purpose: str
    origin: str
    confidence: str
    default_need: str
    voca: tuple[str, ...]
    rhy: tuple[str, ...]
    items: tuple[ChecklistItem, ...]


@dataclass(frozen=True, slots=True)
class Phase:
    """A view on the care model, never a gate. Spans count from `counts_from`; None is open."""

    id: str
    name: str
    resident_name: str
    order: int
    counts_from: str
    span_from: Span
    span_to: Span | None
    span_text: str
    enter_when: tuple[str, ...]
    leave_when: str


@dataclass(frozen=True, slots=True)
class Role:
    """What a staff member does, and the record classes the role opens by default."""

    id: str
    name: str
    short_name: str
    letters: str
    does: str
    reads: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RecordClass:
    """How sensitive a record is: who opens it, what a shift sees of it."""

    id: str
    name: str
    holds: str
    readers: tuple[str, ...]
    shift_view: str
    doer_may_enter: bool
    short_note_only: bool
    rule: str
    basis: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Basis:
    """A standard that items rest on. `verified`: the statement was read in a published page."""

    key: str
    title: str
    says: str
    applies_when: str
    verified: bool
    source: str
    note: str


@dataclass(frozen=True, slots=True)
class Trigger:
    """An event staff can record, the items it starts, and the series it ends.

    `ahead`: it may be written down before it happens, such as a court date.
    """

    code: str
    label: str
    means: str
    starts: tuple[str, ...]
    ends: tuple[str, ...] = ()
    ahead: bool = False


@dataclass(frozen=True, slots=True)
class Value:
    """One choice of a pick list. `missing` marks "not asked", "unknown" and their like."""

    code: str
    label: str
    missing: bool = False
    extra: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ListRule:
    """How codes may be used together: "choose-one", "only-if" or "ask-codebook"."""

    kind: str
    codes: tuple[str, ...]
    services: tuple[str, ...]
    text: str


@dataclass(frozen=True, slots=True)
class LineMapping:
    """How answers of one list become one line of the list `to_list`; "" where nothing is said."""

    to_list: str
    one_selected: str
    several_selected: str
    no_answer: str
    hispanic_with_another: str
    hispanic_choices: tuple[str, ...]
    verified: bool
    note: str


@dataclass(frozen=True, slots=True)
class ValueList:
    """A pick list with stable codes. `owner` "funder" keeps the funder's exact wording.

    `parts` holds further rows by the name of their table, for example "groups" or "questions".
    """

    id: str
    title: str
    values: tuple[Value, ...]
    element: str
    owner: str
    edition: str
    verified: bool
    source: str
    note: str
    multi_select: bool
    default: str = ""
    parts: Mapping[str, tuple[Value, ...]] = field(default_factory=dict)
    rules: tuple[ListRule, ...] = ()
    mapping: LineMapping | None = None

    def value(self, code: str) -> Value:
        """Return the value with `code`.

        Raises:
            KeyError: when the list has no such code.
        """
        for value in self.values:
            if value.code == code:
                return value
        raise KeyError(f"{self.id} has no code {code!r}")


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """What another place prescribes for the same clock or setting."""

    where: str
    value: str
    verified: bool
    note: str


@dataclass(frozen=True, slots=True)
class Clock:
    """A time limit of a jurisdiction. `applies`: it overrides the clock of its items."""

    id: str
    name: str
    value: Span
    starts: str
    applies: bool
    items: tuple[str, ...]
    basis: tuple[str, ...]
    verified: bool
    source: str
    note: str
    seen_elsewhere: tuple[Elsewhere, ...]


@dataclass(frozen=True, slots=True)
class Setting:
    """A number of a jurisdiction that is not a clock, in `unit`."""

    id: str
    name: str
    value: int
    unit: str
    basis: tuple[str, ...]
    verified: bool
    source: str
    note: str
    seen_elsewhere: tuple[Elsewhere, ...]


@dataclass(frozen=True, slots=True)
class Requirement:
    """Something a jurisdiction asks for that has no clock."""

    id: str
    name: str
    must: tuple[str, ...]
    items: tuple[str, ...]
    basis: tuple[str, ...]
    verified: bool
    source: str
    note: str


@dataclass(frozen=True, slots=True)
class Question:
    """A question that a state's own profile has to answer."""

    id: str
    question: str


@dataclass(frozen=True, slots=True)
class Profile:
    """Clocks and settings of a jurisdiction; `extends` names the profile below it, or ""."""

    id: str
    name: str
    country: str
    state: str
    extends: str
    note: str
    clocks: tuple[Clock, ...]
    settings: tuple[Setting, ...]
    requirements: tuple[Requirement, ...]
    state_must_set: tuple[Question, ...]
