"""What an auditor would find: the open points of the time they look at, weeks before they come.

Nothing is kept: each look goes through the records anew, so a point that was settled is gone. Only
what the person looking may open is looked at.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import bindparam, func, or_, select

from shelter_desk.desk.agreements import shipped_agreement
from shelter_desk.desk.base import Read, asks, milliseconds, moment
from shelter_desk.desk.dated_papers import papers_on
from shelter_desk.desk.findings import FindingLine, open_findings
from shelter_desk.desk.notices import due_notices
from shelter_desk.desk.upkeep import Upkeep
from shelter_desk.desk.visit_ready import LATE as LATE_POINT
from shelter_desk.desk.visit_ready import LEFT
from shelter_desk.desk.visits import (
    Owner,
    VisitLine,
    owners_of,
    visit_of,
    visits_with_my_points,
)
from shelter_desk.domain.dated_papers import EXPIRED
from shelter_desk.domain.record_classes import INVESTIGATION, View
from shelter_desk.domain.staff import May
from shelter_desk.store import schema
from shelter_desk.store.schema_accounts import agreement as _agreement
from shelter_desk.store.schema_merging import counts_once
from shelter_desk.store.schema_missing import incident as _incident
from shelter_desk.store.sql import Statement

if TYPE_CHECKING:
    from shelter_desk.domain.content import ChecklistItem

DOCUMENT, UNSIGNED, CONSENT = "document", "unsigned", "consent"
OVERDUE, COMING = "overdue", "coming"
LATE, INCIDENT, NOTICE, STAFF = "late", "incident", "notice", "staff"
FINDING, PAPER = "finding", "paper"
KINDS = (
    FINDING,
    DOCUMENT,
    PAPER,
    OVERDUE,
    UNSIGNED,
    CONSENT,
    INCIDENT,
    NOTICE,
    LATE,
    STAFF,
    COMING,
)
"""The kinds of points, in the order in which they weigh."""
CONSENT_ITEMS = frozenset(
    {
        "crisis_shelter.09",
        "crisis_legal.04",
        "emergency_substance.11",
        "medication.01",
        "medication.02",
        "substance_use.08",
        "legal_advocacy.09",
        "case_management.10",
    }
)
"""Items about consents and releases, and about whether they still hold."""
_LATE_AFTER = timedelta(days=1)
_Who = tuple[str | None, str]  # public id of a stay, and what they are called
_HOUSE: _Who = (None, "")

_due, _stay, _answer, _resident = (
    schema.due_item,
    schema.stay,
    schema.item_answer,
    schema.resident,
)
_index, _staff, _key = schema.resident_index, schema.staff, schema.staff_key
_CALLED = func.coalesce(_index.c.called, _resident.c.case_code)
_WHO = (
    select(_stay.c.id, _stay.c.public_id, _CALLED)
    .join(_resident, _resident.c.id == _stay.c.resident_id)
    .join(_index, _index.c.resident_id == _resident.c.id, isouter=True)
    .where(_stay.c.began_at < bindparam("until"))
    .where(or_(_stay.c.ended_at.is_(None), _stay.c.ended_at >= bindparam("since")))
)
_STAYS = Statement(_WHO)
_LEFT = Statement(_WHO.where(_stay.c.ended_at.is_not(None), counts_once(_stay.c.id)))
_OPEN = Statement(
    select(_due.c.stay_id, _due.c.item_id, _due.c.occurrence, _due.c.due_at, _due.c.state)
    .where(_due.c.due_at < bindparam("visit"))
    .order_by(_due.c.due_at)
)
_LATE_ENTRIES = Statement(
    select(_answer.c.stay_id, _answer.c.item_id, _answer.c.entered_at)
    .where(_answer.c.done_at >= bindparam("since"), _answer.c.done_at < bindparam("until"))
    .where(_answer.c.entered_at - _answer.c.done_at > bindparam("late"))
    .where(_answer.c.undone_at.is_(None))
)
_INCIDENTS = Statement(
    select(_incident.c.public_id, _incident.c.occurred_at)
    .where(_incident.c.found_at >= bindparam("since"), _incident.c.found_at < bindparam("until"))
    .where(_incident.c.closed_at.is_(None), _incident.c.withdrawn_at.is_(None))
    .order_by(_incident.c.found_at)
)
_NOT_AGREED = Statement(
    select(_staff.c.public_id, _staff.c.name)
    .where(_staff.c.ended_at.is_(None))
    .where(select(_key.c.id).where(_key.c.staff_id == _staff.c.id).exists())
    .where(
        ~select(_agreement.c.id)
        .where(_agreement.c.staff_id == _staff.c.id, _agreement.c.edition == bindparam("edition"))
        .exists()
    )
    .order_by(_staff.c.name)
)


@dataclass(frozen=True, slots=True)
class Point:
    """One point an auditor would raise. `about` is an everyday name, or "" for the house.

    `count` is how many entries it stands for; `since` is when it was due or happened, or None.
    """

    point: str
    kind: str
    stay_id: str | None
    about: str
    text: str
    since: datetime | None
    count: int
    owner: Owner | None


@asks(May.EXPORT)
def pre_check(
    read: Read, *, visit_id: str, now: datetime, documents: Collection[str] = ()
) -> tuple[Point, ...]:
    """Return the open points of a visit, by weight, then the longest due first.

    `documents` are the ids of the items that stand for a document of the standard file.
    """
    return _points(read, visit_of(read, visit_id), now, documents)


@asks(May.READ_RECORDS)
def my_points(read: Read, *, now: datetime) -> tuple[tuple[VisitLine, tuple[Point, ...]], ...]:
    """Return the planned visits with the points that the person asking has still to settle."""
    found = []
    for visit_id in visits_with_my_points(read):
        visit = visit_of(read, visit_id)
        mine = tuple(
            one
            for one in _points(read, visit, now)
            if one.owner is not None
            and one.owner.staff_id == read.staff.public_id
            and one.kind != FINDING
        )
        if mine:
            found.append((visit, mine))
    return (*_my_findings(read, now), *found)


def _my_findings(read: Read, now: datetime) -> Iterator[tuple[VisitLine, tuple[Point, ...]]]:
    """Yield the visits that found what the person asking has still to correct."""
    mine: dict[str, list[FindingLine]] = {}
    for one in open_findings(read):
        if one.owner_id == read.staff.public_id:
            mine.setdefault(one.visit_id, []).append(one)
    look = _Look(read, now, {}, {}, ())
    for visit_id, lines in mine.items():
        yield visit_of(read, visit_id), tuple(look.finding(one) for one in lines)


def _points(
    read: Read, visit: VisitLine, now: datetime, documents: Collection[str] = ()
) -> tuple[Point, ...]:
    span = {
        "since": _start_of(read, visit.since_on),
        "until": _start_of(read, visit.until_on + timedelta(days=1)),
    }
    owners = owners_of(read, visit.visit_id)
    called: dict[int | None, _Who] = {
        row[0]: (row[1], row[2]) for row in read.reader.rows(_STAYS, **span)
    }
    called[None] = _HOUSE
    look = _Look(read, now, owners, called, documents)
    until = _start_of(read, visit.visit_on + timedelta(days=1))
    found = [
        *look.open_items(until),
        *look.left_undone(span),
        *look.late_entries(span),
        *look.incidents(span),
        *look.notices(),
        *look.staff(),
        *look.papers(visit),
        *look.findings(),
    ]
    return tuple(sorted(found, key=lambda one: (KINDS.index(one.kind), one.since or now)))


class _Look:
    """One look through the records."""

    def __init__(
        self,
        read: Read,
        now: datetime,
        owners: dict[str, Owner],
        called: dict[int | None, _Who],
        documents: Collection[str],
    ) -> None:
        self._read, self._now, self._owners, self._called = read, now, owners, called
        self._documents = documents

    def open_items(self, until: int) -> Iterator[Point]:
        """Yield what is overdue, unsigned, or due before the visit."""
        for stay, item_id, occurrence, due_at, state in self._read.reader.rows(_OPEN, visit=until):
            item = self._read.care_model.items.get(item_id)
            is_seen = self._read.access.view(item_id) in (View.OPEN, View.ENTER)
            if item is None or not is_seen or stay not in self._called:
                continue
            due, (stay_id, _) = moment(due_at), self._called[stay]
            key = ":".join((stay_id or "house", item_id, occurrence))
            yield self._point(
                f"item:{key}", self._kind(item, state, due), self._called[stay], item.text, due
            )

    def _kind(self, item: ChecklistItem, state: str, due: datetime) -> str:
        if state == "signature":
            return UNSIGNED
        if due > self._now:
            return COMING
        if item.id in CONSENT_ITEMS:
            return CONSENT
        return DOCUMENT if item.id in self._documents else OVERDUE

    def left_undone(self, span: dict[str, int]) -> Iterator[Point]:
        """Yield who left with documents never done: nobody can do them now, but they are asked.

        Without `documents`, whoever was given such a point is told of it all the same.
        """
        items = [
            item
            for item in self._read.house.items_for_stays
            if item.id in self._documents and self._read.access.view(item.id) is View.OPEN
        ]
        upkeep = Upkeep(self._read.reader, self._read.house)
        for stay, stay_id, called in self._read.reader.rows(_LEFT, **span):
            key = f"{LEFT}{stay_id}"
            if self._ready_at(key) is not None:
                continue
            if key in self._owners if not items else upkeep.left_open(stay, items):
                text = "Documents not done before they left: be ready to say why."
                yield self._point(key, DOCUMENT, (stay_id, called), text)

    def late_entries(self, span: dict[str, int]) -> Iterator[Point]:
        """Yield one point for each resident with answers written down over a day late."""
        late = int(_LATE_AFTER / timedelta(milliseconds=1))
        counts: dict[int | None, int] = {}
        for stay, item_id, entered_at in self._read.reader.rows(_LATE_ENTRIES, late=late, **span):
            if stay not in self._called or self._read.access.view(item_id) is not View.OPEN:
                continue
            # What was written down since the answer was ready asks for another one.
            if entered_at > (self._ready_at(self._late_key(stay)) or 0):
                counts[stay] = counts.get(stay, 0) + 1
        for stay, count in counts.items():
            text = "Written down over a day after it was done: be ready to say why."
            yield self._point(self._late_key(stay), LATE, self._called[stay], text, count=count)

    def _late_key(self, stay: int | None) -> str:
        return f"{LATE_POINT}{self._called[stay][0] or 'house'}"

    def _ready_at(self, key: str) -> int | None:
        owner = self._owners.get(key)
        return owner.ready_at if owner else None

    def incidents(self, span: dict[str, int]) -> Iterator[Point]:
        """Yield the incidents of the time that are still open."""
        if not self._read.access.may_open(INVESTIGATION):
            return
        for public_id, occurred_at in self._read.reader.rows(_INCIDENTS, **span):
            at = moment(occurred_at)
            key = f"incident:{public_id}"
            yield self._point(key, INCIDENT, _HOUSE, "Incident not closed", at)

    def notices(self) -> Iterator[Point]:
        """Yield the notices whose time has passed."""
        for owed in due_notices.answer(self._read):
            if owed.due_at < self._now:
                key, text = f"notice:{owed.notice_id}", f"Not told yet: {owed.recipient_name}"
                yield self._point(key, NOTICE, (owed.stay_id, owed.called), text, owed.due_at)

    def staff(self) -> Iterator[Point]:
        """Yield who signs in without having accepted the confidentiality agreement."""
        edition = shipped_agreement().edition
        for public_id, name in self._read.reader.rows(_NOT_AGREED, edition=edition):
            text = "Has not accepted the confidentiality agreement in its present words."
            yield self._point(f"staff:{public_id}", STAFF, (None, name), text)

    def papers(self, visit: VisitLine) -> Iterator[Point]:
        """Yield the papers of house and staff that ran out or will before; then who lacks some."""
        zone = self._read.house.zone
        missing: dict[_Who, list[str]] = {}
        for line in papers_on(self._read, self._now.astimezone(zone).date()):
            title, seen, who = line.paper.kind.title, line.paper.seen, (line.staff_id, line.name)
            if seen is None:
                missing.setdefault(who, []).append(title)
            elif seen.expires_on is not None and seen.expires_on < visit.visit_on:
                has_ended = line.paper.state == EXPIRED
                kind = PAPER if has_ended else COMING
                text = f"{title}: ran out" if has_ended else f"{title}: runs out before the visit"
                at = datetime.combine(seen.expires_on, time(), zone)
                yield self._point(f"paper:{line.key}", kind, (None, line.name), text, at)
        for (staff_id, name), titles in missing.items():
            text = f"Not on file: {', '.join(titles)}"
            yield self._point(f"paper:{staff_id or 'house'}", PAPER, (None, name), text)

    def findings(self) -> Iterator[Point]:
        """Yield what earlier visits found and nobody has corrected."""
        yield from map(self.finding, open_findings(self._read))

    def finding(self, line: FindingLine) -> Point:
        """Return an open finding as a point: its owner is who corrects it."""
        owner = Owner(line.owner_id, line.owner, line.due_on)
        due = datetime.combine(line.due_on, time(), self._read.house.zone)
        key = f"finding:{line.finding_id}"
        return Point(key, FINDING, None, "", line.finding, due, 1, owner)

    def _point(
        self,
        key: str,
        kind: str,
        who: _Who,
        text: str,
        since: datetime | None = None,
        *,
        count: int = 1,
    ) -> Point:
        stay_id, called = who
        return Point(key, kind, stay_id, called, text, since, count, self._owners.get(key))


def _start_of(read: Read, day: date) -> int:
    return milliseconds(datetime.combine(day, time(), read.house.zone))
