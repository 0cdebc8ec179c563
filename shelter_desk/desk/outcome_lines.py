"""On which line of a measure each resident stands, from the raw rows of the period.

The catalogue of the measures, with what each of them means, is `outcome_measures`.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from sqlalchemy import bindparam, select

from shelter_desk.desk.base import Read
from shelter_desk.desk.counted import Span
from shelter_desk.desk.notices import WITHDRAWN
from shelter_desk.desk.report_licensing import first_answer
from shelter_desk.desk.report_rows import StayRow, nights_in
from shelter_desk.store import schema
from shelter_desk.store.schema_merging import person_stay
from shelter_desk.store.schema_missing import incident, incident_person, missing_episode, notice
from shelter_desk.store.sql import Statement

HOUR_MS = 60 * 60 * 1000
DAY_MS = 24 * HOUR_MS
ENROLLED, REVIEW, COUNSELING = "education_reentry.03", "case_management.07", "mental_health.05"
AT_WORK, HOME_ENDED, OWN_VIEW = (
    "job_training.10",
    "family_reunification.13",
    ("discharge_aftercare.13"),
)
CONTACTS = (("discharge_aftercare.09", 90), ("discharge_aftercare.10", 180))
"""Being in touch so many days after a stay: the item, and the days."""
FAMILY_SESSION, BEGAN_WORK = "family_reconciliation.07", "work-started"
TIMES_MISSING = ("times-missing", ("1", "2-3", "4-up"))
"""Table, and its lines: who was missing from care."""
WITH_INCIDENT = ("incident-rate", ("under-2", "2-5", "over-5"))
"""Table, and its lines: who had a part in an incident."""
HOME = ("left-how", ("reunified", "kin"))
"""Table, and its lines: who went home to parents or kin."""
NOT_ASKED = "not-asked"
BY_THEMSELVES = frozenset(("self", "asked-to-be-fetched"))
"""Ways of coming back, of the list of returns, that were the resident's own doing."""
_answer, _stay = schema.item_answer, person_stay
_standing = (_answer.c.undone_at.is_(None), _answer.c.closed_at.is_not(None))
_IN_PERIOD = Statement(
    select(_stay.c.resident_id, _answer.c.outcome, _answer.c.due_at, _answer.c.done_at)
    .join(_stay, _stay.c.id == _answer.c.stay_id)
    .where(_answer.c.done_at >= bindparam("since"), _answer.c.done_at < bindparam("until"))
    .where(_answer.c.item_id == bindparam("item_id"), *_standing)
)
_OF_STAY = Statement(
    select(_answer.c.outcome, _answer.c.done_at)
    .where(_answer.c.stay_id == bindparam("stay_id"), _answer.c.item_id == bindparam("item_id"))
    .where(_answer.c.done_at < bindparam("until"), *_standing)
    .order_by(_answer.c.done_at, _answer.c.id)
)
_of_period = (
    missing_episode.c.discovered_at >= bindparam("since"),
    missing_episode.c.discovered_at < bindparam("until"),
    missing_episode.c.withdrawn_at.is_(None),
)
_ABSENT = Statement(
    select(
        _stay.c.resident_id,
        missing_episode.c.discovered_at,
        missing_episode.c.returned_at,
        missing_episode.c.return_way,
    )
    .join(_stay, _stay.c.id == missing_episode.c.stay_id)
    .where(*_of_period)
)
_OWED = Statement(
    select(_stay.c.resident_id, notice.c.due_at, notice.c.told_at, notice.c.reason)
    .join(missing_episode, missing_episode.c.id == notice.c.episode_id)
    .join(_stay, _stay.c.id == missing_episode.c.stay_id)
    .where(*_of_period)
)
_WORKED = Statement(
    select(_stay.c.resident_id)
    .join(schema.stay_event, schema.stay_event.c.stay_id == _stay.c.id)
    .where(schema.stay_event.c.code == BEGAN_WORK, schema.stay_event.c.withdrawn_at.is_(None))
    .where(schema.stay_event.c.occurred_at < bindparam("until"))
    .distinct()
)
_PARTS = Statement(
    select(_stay.c.resident_id, incident.c.id, incident.c.types)
    .join(incident_person, incident_person.c.stay_id == _stay.c.id)
    .join(incident, incident.c.id == incident_person.c.incident_id)
    .where(incident.c.found_at >= bindparam("since"), incident.c.found_at < bindparam("until"))
    .where(incident.c.withdrawn_at.is_(None), incident_person.c.withdrawn_at.is_(None))
    .distinct()
)

Lines = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Groups:
    """Whom measures divide, by the keys of the summary.

    `came` and `left` hold the stay that began or ended in the period; `every` are all stays.
    """

    span: Span
    here: tuple[str, ...]
    came: Mapping[str, StayRow | None]
    left: Mapping[str, StayRow | None]
    every: tuple[StayRow, ...] = field(repr=False)


class _Done(NamedTuple):
    outcome: str
    due_at: int | None
    done_at: int


def _in_period(read: Read, groups: Groups, item_id: str) -> Mapping[str, list[_Done]]:
    found: dict[str, list[_Done]] = defaultdict(list)
    for who, *done in read.reader.rows(_IN_PERIOD, item_id=item_id, **groups.span.bounds):
        found[str(who)].append(_Done(*done))
    return found


def _of_stay(read: Read, groups: Groups, stay: StayRow, item_id: str) -> list[tuple[str, int]]:
    rows = read.reader.rows(_OF_STAY, stay_id=stay.id, item_id=item_id, until=groups.span.until)
    return [(outcome, done_at) for outcome, done_at in rows]


# At exit


def own_view(read: Read, groups: Groups) -> Lines:
    """Say who was asked for their own view of the program before the end of the period."""
    found = {}
    for key, stay in groups.left.items():
        said = [o for o, _ in _of_stay(read, groups, stay, OWN_VIEW)] if stay else []
        found[key] = next((one for one in ("done", "declined") if one in said), NOT_ASKED)
    return found


def home(read: Read, groups: Groups) -> Lines:
    """Say of those who went to parents or kin after how many days that ended."""
    found = {}
    for key, stay in groups.left.items():
        if stay is None or stay.exit_type not in HOME[1] or stay.ended_at is None:
            continue
        ended = [at for outcome, at in _of_stay(read, groups, stay, HOME_ENDED) if
                 outcome == "done"]  # fmt: skip
        days = (ended[0] - stay.ended_at) // DAY_MS if ended else None
        found[key] = _band(days, ((30, "30"), (90, "90"), (180, "180")), "later", "home")
    return found


def _band(
    number: int | None, most: tuple[tuple[int, str], ...], above: str, none: str
) -> str:  # fmt: skip
    if number is None:
        return none
    return next((code for limit, code in most if number <= limit), above)


def contact(read: Read, groups: Groups) -> Lines:
    """Say who was reached 90 and 180 days after they left.

    One table of both: who is due at 180 days is due at 90, so two tables would tell by their
    difference how many left in between, and the engine would not know it.
    """
    found = {}
    for key, stay in groups.left.items():
        ended = stay.ended_at if stay else None
        due = [] if stay is None or ended is None else [
            item_id for item_id, days in CONTACTS if ended + days * DAY_MS < groups.span.until
        ]  # fmt: skip
        reached = [
            item_id for item_id in due
            if any(outcome == "done" for outcome, _ in _of_stay(read, groups, stay, item_id))
        ] if stay else []  # fmt: skip
        found[key] = _reached(len(due), len(reached))
    return found


def _reached(due: int, reached: int) -> str:
    if due == len(CONTACTS):
        return ("neither", "one", "both")[reached]
    return "not-due" if not due else "first" if reached else "missed"


# While they are here


def hours(read: Read, groups: Groups) -> Lines:
    """Say how many hours those were away who were missing from care."""
    away: dict[str, int] = defaultdict(int)
    for who, since, until, _ in read.reader.rows(_ABSENT, **groups.span.bounds):
        end = groups.span.until if until is None else min(until, groups.span.until)
        away[str(who)] += max(0, end - since)
    bands = ((4, "4"), (24, "24"), (72, "72"))
    return {
        key: _band(-(-away[key] // HOUR_MS), bands, "73-up", "4")
        for key in groups.here
        if key in away
    }


def returned(read: Read, groups: Groups) -> Lines:
    """Say whether those came back by themselves who were missing from care."""
    ways: dict[str, set[str]] = defaultdict(set)
    for who, _, until, way in read.reader.rows(_ABSENT, **groups.span.bounds):
        is_back = until is not None and until < groups.span.until
        ways[str(who)].add("away" if not is_back else "self" if way in BY_THEMSELVES else "other")

    def line(key: str) -> str:
        if "away" in ways[key]:
            return "away"
        return "some" if len(ways[key]) > 1 else next(iter(ways[key]))

    return {key: line(key) for key in groups.here if key in ways}


def told(read: Read, groups: Groups) -> Lines:
    """Say whether everybody was told in time about those who were missing from care."""
    states: dict[str, set[str]] = defaultdict(set)
    for who, due, told, reason in read.reader.rows(_OWED, **groups.span.bounds):
        if reason == WITHDRAWN:
            continue
        is_late = told is not None and told > due
        states[str(who)].add(
            "late" if is_late else "open" if told is None and not reason else "ok"
        )
    missing = {str(row[0]) for row in read.reader.rows(_ABSENT, **groups.span.bounds)}
    return {
        key: next((one for one in ("open", "late", "ok") if one in states[key]), "none")
        for key in groups.here
        if key in missing
    }


def reviews(read: Read, groups: Groups) -> Lines:
    """Say whether plan reviews of the period were held in time."""
    held = _in_period(read, groups, REVIEW)

    def line(key: str) -> str:
        done = [one for one in held.get(key, ()) if one.outcome == "done"]
        if not done:
            return "otherwise" if held.get(key) else "none"
        late = any(one.due_at is not None and one.done_at > one.due_at for one in done)
        return "late" if late else "in-time"

    return {key: line(key) for key in groups.here}


def offers(item_id: str) -> Callable[[Read, Groups], Lines]:
    """Return what says whether offers of an item were taken."""

    def lines(read: Read, groups: Groups) -> Lines:
        offered = _in_period(read, groups, item_id)

        def line(key: str) -> str:
            said = {one.outcome for one in offered.get(key, ())} & {"done", "declined"}
            return "some" if len(said) > 1 else next(iter(said), "none")

        return {key: line(key) for key in groups.here}

    return lines


def work(read: Read, groups: Groups) -> Lines:
    """Say whose work had begun, and how often a job was checked.

    One table of both, since whoever has a check has work.
    """
    begun = {str(who) for (who,) in read.reader.rows(_WORKED, until=groups.span.until)}
    done = Counter(
        key
        for key, rows in _in_period(read, groups, AT_WORK).items()
        for one in rows
        if one.outcome == "done"
    )
    checked = {key: ("none", "once", "again")[min(done[key], 2)] for key in groups.here}
    return {
        key: "begun" if one == "none" and key in begun else one for key, one in checked.items()
    }


def incidents(read: Read, groups: Groups) -> Lines:
    """Say how many incidents there were in 100 nights of each."""
    parts = Counter(str(who) for who, *_ in read.reader.rows(_PARTS, **groups.span.bounds))
    return _in_100_nights(read, groups, parts, groups.here)


def incidents_of(*kinds: str) -> Callable[[Read, Groups], Lines]:
    """Return what says how many of some kinds there were, of each who had a part in any."""

    def lines(read: Read, groups: Groups) -> Lines:
        here, parts = set(groups.here), Counter[str]()
        for who, _, types in read.reader.rows(_PARTS, **groups.span.bounds):
            parts[str(who)] += not {*kinds}.isdisjoint(types.split())
        return _in_100_nights(read, groups, parts, [key for key in parts if key in here])

    return lines


def _in_100_nights(
    read: Read, groups: Groups, parts: Mapping[str, int], keys: Iterable[str]
) -> Lines:
    nights: Counter[str] = Counter()
    for stay in groups.every:
        nights[str(stay.resident_id)] += nights_in(read, stay, groups.span)

    def line(key: str) -> str:
        if not parts[key]:
            return "none"
        # So many in 100 nights; whoever left before a night went by was there for one day.
        hundred = 100 * parts[key] / max(1, nights[key])
        return "under-2" if hundred < 2 else "2-5" if hundred <= 5 else "over-5"

    return {key: line(key) for key in keys}


def school(read: Read, groups: Groups) -> Lines:
    """Say how many days it took until school was settled."""
    found = {}
    for key, stay in groups.came.items():
        first = first_answer(read, stay.id, ENROLLED) if stay else None
        days = (first[2] - stay.began_at) // DAY_MS if first and stay else None
        found[key] = _band(days, ((3, "3"), (7, "7"), (30, "30")), "31-up", "open")
    return found
