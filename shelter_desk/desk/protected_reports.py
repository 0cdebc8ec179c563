"""How stays went and ended: true counts for the safe-table engine only.

The outcomes are released together with the tables of the summary, because they divide the same
residents in other ways: whoever has both could subtract one from the other. Each says in raw
values what it counts, so that every later release is set against it.

Source: indicators of the specification of the domain, 5.1, as far as the records hold them. Means
and medians are in none of these: no published figure may say more than its own proof covers.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from sqlalchemy import bindparam, func, select

from shelter_desk.desk.base import Read, asks
from shelter_desk.desk.counted import Span, span_of
from shelter_desk.desk.fact_links import links_of
from shelter_desk.desk.frozen import FactsHeld, first_counted, first_told, released_before
from shelter_desk.desk.outcome_lines import ENROLLED, NOT_ASKED, Groups
from shelter_desk.desk.outcome_measures import MEASURES, Measure
from shelter_desk.desk.outcome_table import Outcome
from shelter_desk.desk.own_ratings import rating_tables
from shelter_desk.desk.public_reports import ADMISSION, AFTER, SERVICES
from shelter_desk.desk.report_census import STAY_BANDS, band_of_stay, days_of
from shelter_desk.desk.report_licensing import SCREENINGS, first_answer
from shelter_desk.desk.report_rows import StayRow, stays_in
from shelter_desk.desk.sensitive_lines import NOT_RECORDED, marked
from shelter_desk.desk.summary_asking import Asked, restated_title
from shelter_desk.disclosure import ReleaseRequest
from shelter_desk.disclosure.definitions import YES, People, Raw, at
from shelter_desk.domain.periods import Period
from shelter_desk.domain.staff import May
from shelter_desk.store import schema
from shelter_desk.store.schema_merging import counts_once, is_of_person, person_stay
from shelter_desk.store.schema_missing import missing_episode
from shelter_desk.store.sql import Statement

OUTCOMES = "outcomes"
"""The detail under which they stand in the ledger: another summary than that of the period."""
_DONE = (("in-time", "In time"), ("late", "Late"), ("open", "Not done"))
_DONE_MEANS = (
    "All who came in the period, by the first answer written down to this item after they came, "
    "done or not, and whether it was within the time the item has."
)
_REACHED_MEANS = (
    "All who left in the period, by when somebody first got through to them. Who was not due yet "
    "stands with those who were not reached."
)
_TIMES_MEANS = (
    "All who were there, by how many times missing were found in the period. Times that were "
    "taken back are left out."
)
_AGAIN_MEANS = (
    "All who came in the period: whether a stay of theirs had begun before. Coming back is "
    "nobody's failure."
)
_REACHED = (("in-time", "In time"), ("late", "Late"), ("open", "Not yet"))
AFTERCARE = ("discharge_aftercare.07", "discharge_aftercare.08")
"""Being in touch after a stay, as far as it falls due soon enough to be counted with it."""
_TIMES = (("0", "Never"), ("1", "Once"), ("2-3", "2 or 3 times"), ("4-up", "4 times and more"))
_stay, _written = person_stay, schema.stay
_answer = schema.item_answer
_MISSING = Statement(
    select(_stay.c.resident_id, func.count())
    .select_from(missing_episode)
    .join(_stay, _stay.c.id == missing_episode.c.stay_id)
    .where(
        missing_episode.c.discovered_at >= bindparam("since"),
        missing_episode.c.discovered_at < bindparam("until"),
        missing_episode.c.withdrawn_at.is_(None),
    )
    .group_by(_stay.c.resident_id)
)
_EARLIER = Statement(
    select(_written.c.id)
    .where(
        is_of_person(_written.c.resident_id, bindparam("resident_id")),
        _written.c.began_at < bindparam("began_at"),
        counts_once(_written.c.id),
    )
    .limit(1)
)

_IN_TOUCH = Statement(
    select(_answer.c.due_at, _answer.c.done_at)
    .where(
        _answer.c.stay_id == bindparam("stay_id"),
        _answer.c.item_id == bindparam("item_id"),
        _answer.c.outcome == "done",
        _answer.c.undone_at.is_(None),
        _answer.c.closed_at.is_not(None),
    )
    .order_by(_answer.c.done_at)
)


@asks(May.SUMMARISE)
def with_outcomes(read: Read, *, request: ReleaseRequest, facts: FactsHeld) -> Asked:
    """Return a summary of these facts with the tables of outcomes, over the residents it counts.

    On which line somebody stands is as the first release of the same facts had it: told anew after
    a correction, the lines that are blank now and were not then would tell of the few who were
    corrected. What is out for the same readers is given out again as it was.

    Of a record that was destroyed nothing is known any more: they stand on the lines of those of
    whom nothing is written down.
    """
    people = request.people or People({})
    span = span_of(read, Period.parse(request.period))
    number = {link: str(resident_id) for resident_id, link in links_of(read).items()}
    of = {key: number.get(key, key) for key in people.raw}
    before = first_counted(read, facts.facts_id, OUTCOMES)
    kept = {of[key]: one for key, one in before.items() if key in of}
    made = tuple(
        one.as_released(kept, request.period)
        for one in _outcomes(read, span, {of[key]: one for key, one in people.raw.items()})
    )
    raw = {
        key: {
            **values,
            **{
                at(one.id, request.period): one.lines[of[key]]
                for one in made
                if of[key] in one.lines
            },
        }
        for key, values in people.raw.items()
    }
    title = "Residents, care and outcomes"
    outcomes = replace(
        request,
        title=restated_title(title) if facts.restates else title,
        tables=(
            *request.tables,
            *marked(
                (one.table(request.period, _ABOUT.get(one.id, one.id)) for one in made),
                read.care_model,
            ),
            *rating_tables(read, span.period, first_told(read, facts.facts_id, OUTCOMES)),
        ),
        people=replace(people, raw=raw),
    )
    out = None
    if facts.facts_id:
        out = released_before(read, facts, audience=request.audience, detail=OUTCOMES)
    return Asked(outcomes, facts, out)


def _outcomes(read: Read, span: Span, raw: Mapping[str, Raw]) -> Iterator[Outcome]:
    """Yield the tables. Who came, left, or was there is as the summary has it.

    Residents stand under the number of their row here.
    """
    stays = stays_in(read, span)
    left, came, here = (
        [key for key, values in raw.items() if values.get(at(name, span.period.id)) == YES]
        for name in ("left", "came", "in")
    )
    last = {str(s.resident_id): s for s in stays if span.holds(s.ended_at)}
    of_left = {key: last.get(key) for key in left}
    yield from _of_leaving(read, of_left)
    yield from _in_touch(read, of_left)
    arrived = {str(s.resident_id): s for s in stays if span.holds(s.began_at)}
    again = {key: _came_before(read, arrived.get(key)) for key in came}
    rows = (("first", "First stay"), ("again", "Was here before"))
    yield Outcome(
        "came-again", "Residents admitted, first stay or a further one", "came", rows, again,
        means=_AGAIN_MEANS,
    )  # fmt: skip
    counts = {str(who): count for who, count in read.reader.rows(_MISSING, **span.bounds)}
    times = {key: _times(counts.get(key, 0)) for key in here}
    yield Outcome(
        "times-missing", "Residents served, by times missing from care", "", _TIMES, times,
        means=_TIMES_MEANS,
    )  # fmt: skip
    for item_id in _SCREENED:
        item = read.care_model.items.get(item_id)
        if item is not None:
            lines = {key: _when(read, arrived.get(key), item_id) for key in came}
            yield Outcome(
                _done_table(item_id), f"Residents admitted: {item.text}", "came", _DONE, lines,
                means=_DONE_MEANS,
            )  # fmt: skip
    groups = Groups(span, tuple(here), {key: arrived.get(key) for key in came}, of_left, stays)
    for one in MEASURES.values():
        made = _measured(read, groups, one) if one.is_asked(read, span) else None
        # What nobody was asked says nothing yet, and may still be told when somebody was.
        if made is not None and not (made.once and set(made.lines.values()) <= {NOT_ASKED}):
            yield made


def _measured(read: Read, groups: Groups, one: Measure) -> Outcome:
    lines = one.lines(read, groups)
    return Outcome(one.id, one.title, one.only, one.rows, lines, one.within, one.means, one.once)


def _in_touch(read: Read, left: Mapping[str, StayRow | None]) -> Iterator[Outcome]:
    """Yield whether they were reached after the stay."""
    for item_id in AFTERCARE:
        item = read.care_model.items.get(item_id)
        if item is None:
            continue
        lines = {}
        for key, stay in left.items():
            row = stay and read.reader.row(_IN_TOUCH, stay_id=stay.id, item_id=item_id)
            lines[key] = _in_time(row[0], row[1]) if row else "open"
        title = f"Residents who left: {item.text}"
        yield Outcome(_done_table(item_id), title, "left", _REACHED, lines, means=_REACHED_MEANS)


def _in_time(due: int | None, at: int) -> str:
    return "late" if due is not None and at > due else "in-time"


def _done_table(item_id: str) -> str:
    return f"done-{item_id.replace('.', '-')}"


CONTACT_PLAN, WORK_PAPERS = "family_reconciliation.03", "job_training.02"
_SCREENED = (*(one for one in SCREENINGS if one != ENROLLED), CONTACT_PLAN, WORK_PAPERS)
ARRIVAL_TABLES = tuple(_done_table(one) for one in _SCREENED)
ITEM_TABLES: Mapping[str, str] = {
    **{_done_table(one): one for one in (*_SCREENED, *AFTERCARE)},
    **{one.id: one.item_id for one in MEASURES.values() if one.item_id},
}
"""Table of when something was done after a stay began or ended -> the item of the checklist."""


_ABOUT = {
    **{_done_table(one): ADMISSION for one in _SCREENED},
    **{_done_table(one): AFTER for one in AFTERCARE},
    **{one.id: one.about for one in MEASURES.values() if one.about},
}
TABLE_ABOUT: Mapping[str, str] = {**_ABOUT, "services": SERVICES, "times": SERVICES}
"""Table of safe counts -> what it tells of in a way of its own; else its own name."""


def _of_leaving(read: Read, left: Mapping[str, StayRow | None]) -> Iterator[Outcome]:
    places = read.care_model.lists["exit-destinations"]
    group_of = {value.code: str(value.extra["group"]) for value in places.values}
    types = {value.code: value.label for value in read.care_model.values("discharge-types")}
    groups = {group.code: group.label for group in places.parts["groups"]}
    lengths = {code: words for code, words, _ in STAY_BANDS}
    planned = {"planned": "The move was planned", "unplanned": "It was not"}

    def of(stay: StayRow) -> tuple[str, str, str, str]:
        return (
            band_of_stay(days_of(stay)),
            stay.exit_type or "",
            group_of.get(stay.exit_destination or "", ""),
            "unplanned" if stay.planned_exit_at is None else "planned",
        )

    found = {key: ("", "", "", "") if stay is None else of(stay) for key, stay in left.items()}
    for at_, (name, words, rows) in enumerate((
        ("left-length", "by length of stay", lengths),
        ("left-how", "by how the stay ended", types),
        ("left-where", "by where they went", groups),
        ("left-planned", "planned or not", planned),
    )):  # fmt: skip
        lines = {k: v[at_] if v[at_] in rows else NOT_RECORDED for k, v in found.items()}
        every = (*rows.items(), (NOT_RECORDED, "Not recorded"))
        yield Outcome(name, f"Residents who left, {words}", "left", every, lines)


def _times(count: int) -> str:
    return str(count) if count < 2 else "2-3" if count < 4 else "4-up"


def _came_before(read: Read, stay: StayRow | None) -> str:
    if stay is None:
        return "first"
    found = read.reader.value(_EARLIER, resident_id=stay.resident_id, began_at=stay.began_at)
    return "first" if found is None else "again"


def _when(read: Read, stay: StayRow | None, item_id: str) -> str:
    found = None if stay is None else first_answer(read, stay.id, item_id)
    if found is None:
        return "open"
    return _in_time(found[1], found[2])
