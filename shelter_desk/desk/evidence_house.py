"""Evidence that rests on no resident: who works here, handoffs, checks of the house, its rules.

No name of anybody is in these values; whoever lays them out gives each person a random label.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import and_, bindparam, case, func, or_, select

from shelter_desk.desk.agreements import shipped_agreement
from shelter_desk.desk.base import Read, asks, moment
from shelter_desk.desk.counting import Bounds
from shelter_desk.desk.counts import dealt_with_in_time
from shelter_desk.desk.dated_papers import papers_seen, shipped_paper_kinds
from shelter_desk.desk.evidence import bounds_of
from shelter_desk.desk.findings import FindingLine, finding_areas, findings_in
from shelter_desk.desk.staffing import EARLY, ratio_of
from shelter_desk.domain.audit import read_event
from shelter_desk.domain.dated_papers import (
    HOUSE,
    PaperKind,
    PaperSeen,
    PaperStanding,
    papers_standing,
)
from shelter_desk.domain.pack_rules import RULES_VERSION
from shelter_desk.domain.periods import Period
from shelter_desk.domain.staff import May
from shelter_desk.store import schema
from shelter_desk.store.database import Reader
from shelter_desk.store.schema_accounts import agreement as _agreement
from shelter_desk.store.schema_model import model_edition
from shelter_desk.store.schema_shift import handoff, handoff_signature
from shelter_desk.store.sql import Statement

_staff, _event, _answer = schema.staff, schema.audit_event, schema.item_answer
_STAFF = Statement(
    select(_staff.c.id, _staff.c.public_id, _staff.c.roles, _staff.c.began_at, _staff.c.ended_at)
    .where(_staff.c.began_at < bindparam("until"))
    .where(or_(_staff.c.ended_at.is_(None), _staff.c.ended_at >= bindparam("since")))
    .order_by(_staff.c.public_id)
)
_SIGN_INS = Statement(
    select(_event.c.actor, func.count())
    .where(_event.c.at >= bindparam("since"), _event.c.at < bindparam("until"))
    .where(_event.c.action == "staff.sign-in")
    .group_by(_event.c.actor)
)
_ACCEPTED = Statement(
    select(_agreement.c.staff_id, _agreement.c.edition, _agreement.c.accepted_at).where(
        _agreement.c.accepted_at < bindparam("until")
    )
)
_HANDOFFS = Statement(
    select(
        handoff.c.until,
        handoff.c.expected,
        handoff.c.counted,
        handoff.c.on_duty,
        func.count(func.distinct(handoff_signature.c.side)),
    )
    .join(handoff_signature, handoff_signature.c.handoff_id == handoff.c.id, isouter=True)
    .where(handoff.c.until >= bindparam("since"), handoff.c.until < bindparam("until"))
    .where(handoff.c.withdrawn_at.is_(None))
    .group_by(handoff.c.id)
)
_HOUSE = Statement(
    select(_answer.c.item_id, func.count(), func.sum(dealt_with_in_time))
    .where(
        and_(
            _answer.c.stay_id.is_(None),
            _answer.c.done_at >= bindparam("since"),
            _answer.c.done_at < bindparam("until"),
            _answer.c.undone_at.is_(None),
            _answer.c.closed_at.is_not(None),
        )
    )
    .group_by(_answer.c.item_id)
)
_SETTINGS = Statement(
    select(_event.c.text).where(
        _event.c.at >= bindparam("since"), _event.c.action == "shelter.change"
    )
)
_SAVED = Statement(
    select(
        func.max(model_edition.c.made_at),
        func.max(case((model_edition.c.number > 0, model_edition.c.made_at))),
    ).where(model_edition.c.made_at < bindparam("until"))
)
_RULING = frozenset(("profile", "shift_starts", "zone"))
"""Settings that say which ratio holds at a moment. Only their newest values are kept."""
_BOTH_SIDES = 2
NEWEST, EARLIER, NONE = "newest", "an earlier one", "none"


@dataclass(frozen=True, slots=True)
class PersonShown:
    """One member of staff, without a name.

    `papers` stand as on the last day; `hours` is (title of a training, hours in the period).
    """

    roles: tuple[str, ...]
    whole_period: bool
    agreement: str
    sign_ins: int
    papers: tuple[PaperStanding, ...]
    hours: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class HandoffShown:
    """The handoffs at which one shift began; `shift` is a wall-clock time of the house.

    `ratio` is how many residents one member of staff may look after then, by the rule as it is
    set today; `met` are the handoffs with staff enough for the heads that were counted.
    """

    shift: str
    count: int
    signed: int
    as_expected: int
    fewest_on_duty: int
    ratio: int
    met: int


@dataclass(frozen=True, slots=True)
class PolicyShown:
    """A text or set of rules in force; `since` is a quarter or "", `changes` a number or "".

    `reviewed` is the quarter in which the shelter last approved a change of it, or "".
    """

    title: str
    version: str
    since: str
    changes: str
    reviewed: str = ""


@dataclass(frozen=True, slots=True)
class HouseShown:
    """All of it, for a period. `checks` are (item, done, in time); `areas` of `findings`.

    `is_rule_kept`: no setting that the ratio rests on was changed since the period began.
    """

    people: tuple[PersonShown, ...]
    handoffs: tuple[HandoffShown, ...]
    checks: tuple[tuple[str, int, int], ...]
    policies: tuple[PolicyShown, ...]
    papers: tuple[PaperStanding, ...]
    findings: tuple[FindingLine, ...]
    areas: Mapping[str, str]
    role_names: Mapping[str, str]
    ends_on: date
    is_rule_kept: bool


@asks(May.EXPORT)
def about_the_house(read: Read, *, period: Period, now: datetime) -> HouseShown:
    """Return what rests on no resident, for a period.

    Raises:
        InvalidError: while the period is not over.
    """
    bounds = bounds_of(read, period, now)
    files = _Files(shipped_paper_kinds(), papers_seen(read), period)
    return HouseShown(
        people=tuple(one for _, one in _people(read, bounds, files)),
        handoffs=tuple(_handoffs(read, bounds)),
        checks=tuple(_checks(read, bounds)),
        policies=tuple(_policies(read, bounds)),
        papers=files.of(HOUSE, ()),
        findings=findings_in(read, period.starts_on, period.ends_on),
        areas=finding_areas(),
        role_names={one.id: one.name for one in read.care_model.roles.values()},
        ends_on=period.ends_on,
        is_rule_kept=_is_rule_kept(read, bounds),
    )


def _is_rule_kept(read: Read, bounds: Bounds) -> bool:
    texts = (row[0] for row in read.reader.rows(_SETTINGS, since=bounds["since"]))
    return all(_RULING.isdisjoint(read_event(text).fields) for text in texts)


@dataclass(frozen=True, slots=True)
class _Files:
    """The papers of everybody, as they stand on the last day of a period."""

    kinds: Mapping[str, PaperKind]
    seen: tuple[PaperSeen, ...]
    period: Period

    def of(self, holder: str, roles: tuple[str, ...]) -> tuple[PaperStanding, ...]:
        return papers_standing(self.kinds, {holder: roles}, self.seen, self.period.ends_on)

    def hours_of(self, holder: str) -> tuple[tuple[str, int], ...]:
        sums: dict[str, int] = {}
        for one in self.seen:
            kind = self.kinds.get(one.kind)
            is_training = kind is not None and kind.counts_hours and one.hours > 0
            if is_training and one.holder == holder and self.period.contains(one.issued_on):
                sums[one.kind] = sums.get(one.kind, 0) + one.hours
        return tuple((self.kinds[kind].title, hours) for kind, hours in sums.items())


@asks(May.EXPORT)
def people_drawn(
    read: Read, *, staff: Collection[str], period: Period, now: datetime
) -> tuple[PersonShown, ...]:
    """Return members of staff without their names, by public id, in the order given.

    Raises:
        InvalidError: while the period is not over.
    """
    bounds = bounds_of(read, period, now)
    files = _Files(shipped_paper_kinds(), papers_seen(read), period)
    found = dict(_people(read, bounds, files))
    return tuple(found[one] for one in staff)


def staff_in(reader: Reader, bounds: Bounds) -> tuple[tuple[int, str], ...]:
    """Return (key, public id) of everybody who worked here in the period."""
    return tuple((row[0], row[1]) for row in reader.rows(_STAFF, **bounds))


def _people(read: Read, bounds: Bounds, files: _Files) -> Iterator[tuple[str, PersonShown]]:
    edition = shipped_agreement().edition
    sign_ins: dict[str, int] = dict(read.reader.rows(_SIGN_INS, **bounds))
    accepted: dict[int, set[str]] = {}
    for staff_id, one, _ in read.reader.rows(_ACCEPTED, until=bounds["until"]):
        accepted.setdefault(staff_id, set()).add(one)
    for staff_id, public_id, roles, began_at, ended_at in read.reader.rows(_STAFF, **bounds):
        has = accepted.get(staff_id, set())
        yield (
            public_id,
            PersonShown(
                roles=tuple(read.care_model.roles[one].name for one in roles.split()),
                whole_period=began_at <= bounds["since"]
                and (ended_at is None or ended_at >= bounds["until"]),
                agreement=NEWEST if edition in has else EARLIER if has else NONE,
                sign_ins=sign_ins.get(public_id, 0),
                papers=files.of(public_id, tuple(roles.split())),
                hours=files.hours_of(public_id),
            ),
        )


def _handoffs(read: Read, bounds: Bounds) -> Iterator[HandoffShown]:
    by_shift: dict[tuple[str, int], list[tuple[bool, bool, int, bool]]] = {}
    for until, expected, counted, on_duty, sides in read.reader.rows(_HANDOFFS, **bounds):
        begins = read.house.shifts.start_of(moment(until) + EARLY)
        ratio = ratio_of(read.house, begins)
        is_met = on_duty >= ratio.needed(counted)
        one = (sides == _BOTH_SIDES, counted == expected, on_duty, is_met)
        shift = f"{begins.astimezone(read.house.zone):%H:%M}"
        by_shift.setdefault((shift, ratio.residents), []).append(one)
    for (shift, residents), found in sorted(by_shift.items()):
        signed, same, on_duty, met = zip(*found, strict=True)
        yield HandoffShown(
            shift, len(found), sum(signed), sum(same), min(on_duty), residents, sum(met)
        )


def _checks(read: Read, bounds: Bounds) -> Iterator[tuple[str, int, int]]:
    done = {item: (count, timely) for item, count, timely in read.reader.rows(_HOUSE, **bounds)}
    for item in read.care_model.items.values():
        if item.id in read.care_model.house_items:
            yield item.text, *done.get(item.id, (0, 0))


def _policies(read: Read, bounds: Bounds) -> Iterator[PolicyShown]:
    edition, zone = shipped_agreement().edition, read.house.zone
    accepted = [
        at for _, one, at in read.reader.rows(_ACCEPTED, until=bounds["until"]) if one == edition
    ]
    first = moment(min(accepted)).astimezone(zone).date() if accepted else None
    since = Period.quarter_of(first).id if first else ""
    model = read.care_model
    yield PolicyShown("Confidentiality agreement of staff", edition, since, "")
    in_force, saved = (
        "" if at is None else Period.quarter_of(moment(at).astimezone(zone).date()).id
        for at in read.reader.row(_SAVED, until=bounds["until"]) or (None, None)
    )
    yield PolicyShown("Care model", model.version, in_force, str(model.edition), saved)
    yield PolicyShown("Clocks of the jurisdiction", model.profile_id, "", "")
    yield PolicyShown("Redaction rules of audit packs", RULES_VERSION, "", "")
