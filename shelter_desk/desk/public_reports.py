"""Reports of exact counts that their recipient makes public: known to all from then on.

Whom a report was about is kept when it is handed over, without a name. Once it is public, at once
or later (`going_public`), every later release is protected against readers who hold it: as if
somebody had written down each of its figures as public already.

Kept are presence, who came, left or is new, and ages: what a release of ours tells residents apart
by as well. Other lines (race, crimes, referral, answers at exit) divide totals that are kept by
something no release of ours counts. Whatever worlds there are of the totals, such lines can be
filled in to them, so they tell a reader no more about a release; and what is sealed stays sealed.
Where a release would count the same thing in another way (services, lengths of stay), its table is
left out: see `about` in `disclosure.told`.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import bindparam, func, or_, select

from shelter_desk.desk.age_rows import UNKNOWN, age_rows
from shelter_desk.desk.base import Read, Write, moment
from shelter_desk.desk.counted import Span, span_of
from shelter_desk.desk.fact_links import keys_for_facts
from shelter_desk.desk.report_rows import StayRow, born_on, counted_entries, stays_in
from shelter_desk.desk.report_voca import first_served
from shelter_desk.disclosure import Definition, People
from shelter_desk.disclosure.definitions import YES, at
from shelter_desk.disclosure.told import told_entry
from shelter_desk.domain.ages import age_on
from shelter_desk.domain.audit import canonical_json
from shelter_desk.domain.periods import Period
from shelter_desk.store.database import Reader
from shelter_desk.store.schema_reports import report_facts, report_publication, report_release
from shelter_desk.store.sql import Statement, insert_into

SERVICES, LENGTHS, PLACES = "services", "left-length", "left-where"
MISSING, ADMISSION, AFTER = "times-missing", "after-admission", "after-leaving"
HAPPENED = "incidents"
"""What a report of exact counts tells in a way of its own; see `TableRequest.about`."""
KeyOf = Callable[[int], str]
"""Row of a resident -> the key their facts stand under."""
_facts = report_facts
_became = (
    select(report_publication.c.id)
    .where(report_publication.c.release_id == report_release.c.id)
    .exists()
)
_public = or_(report_release.c.goes_public == 1, _became)
_OUT = Statement(
    select(_facts.c.public_id, _facts.c.period, _facts.c.content)
    .join(report_release, report_release.c.id == _facts.c.release_id)
    .where(_public)
    .order_by(_facts.c.id)
)
_MARK = Statement(select(func.count()).select_from(report_release).where(_public))
_IS_PUBLIC = Statement(
    select(report_release.c.id).where(report_release.c.id == bindparam("release_id"), _public)
)
_ADD = insert_into(_facts, ("public_id", "event_id", "release_id", "period", "content"))


@dataclass(slots=True)
class _Told:
    """What a report tells: residents in raw values, what its figures count, and of what else.

    `called` is the report in the words for its figures.
    """

    span: Span
    about: tuple[str, ...]
    key_of: KeyOf
    called: str
    raw: dict[str, dict[str, str]] = field(default_factory=dict)
    defined: dict[str, Definition] = field(default_factory=dict)
    words: dict[str, str] = field(default_factory=dict)
    again: int = 0

    def says(self, who: int, **values: str) -> None:
        """Add what is told of a resident who was there."""
        held = self.raw.setdefault(self.key_of(who), {at("in", self.span.period.id): YES})
        held |= {at(name, self.span.period.id): value for name, value in values.items()}

    def figure(self, name: str, words: str, **where: tuple[str, ...]) -> None:
        """Add a figure: how many of those who were there have these values."""
        self.words[name] = f"{self.called}: {words}"
        named = {at(a, self.span.period.id): codes for a, codes in {"in": (YES,), **where}.items()}
        self.defined[name] = Definition.of(named)

    def text(self) -> str:
        """Return it as it is kept."""
        return canonical_json(
            {
                "people": People(self.raw, frozenset(("came", "left"))).as_json(),
                "defined": {name: one.as_json() for name, one in self.defined.items()},
                "about": list(self.about),
                "again": self.again,
                "words": self.words,
            }
        )


def keep_told(write: Write, read: Read, report_id: str, period: Period, release_id: int) -> None:
    """Keep whom a report was about.

    It stands once, in a row of its own: the trail does not repeat it.
    """
    told = _TOLD_BY[report_id](read, span_of(read, period), keys_for_facts(write, read))
    write.writer.run(
        _ADD,
        public_id=write.new_public_id(),
        event_id=write.event_id,
        release_id=release_id,
        period=period.id,
        content=told.text(),
    )


def public_entries(read: Read) -> Iterable[Mapping[str, Any]]:
    """Return such reports as entries of the ledger, for `disclosure.protect`."""
    for row in read.reader.rows(_OUT):
        yield entry_of(*row)


def entry_of(public_id: str, period: str, content: str) -> Mapping[str, Any]:
    """Return a report as an entry of the ledger, from what is kept of it."""
    held = json.loads(content)
    defined = {name: Definition.of(where) for name, where in held["defined"].items()}
    people = People.from_json(held["people"])
    entry = told_entry(public_id, period, defined, people, held["about"], held["again"])
    return {**entry, "words": held.get("words", {})}


def is_public(reader: Reader, release_id: int) -> bool:
    """Tell whether a report that was handed over is public, from the first or since."""
    return reader.value(_IS_PUBLIC, release_id=release_id) is not None


def public_mark(reader: Reader) -> str:
    """Return a word that changes with every report that is made public."""
    return str(reader.value(_MARK))


def _voca(read: Read, span: Span, key_of: KeyOf) -> _Told:
    told = _Told(span, (SERVICES,), key_of, "VOCA quarterly numbers")
    for who, (entry, is_new) in first_served(read, span, counted_entries(read, span)).items():
        new = {"new": YES} if is_new else {}
        told.says(who, age=_age(read, born_on(read, who), entry.given_at), **new)
    told.figure("voca/individuals/total/people", "individuals served")
    told.figure("voca/individuals/new/people", "new individuals", new=(YES,))
    for row in age_rows(read.care_model, "bands"):
        words = f"new individuals, {row.label}"
        told.figure(f"voca/age/{row.code}/people", words, new=(YES,), age=row.raw)
    return told


def _rhy(read: Read, span: Span, key_of: KeyOf) -> _Told:
    told = _Told(span, (SERVICES, PLACES, AFTER), key_of, "Runaway and homeless youth lists")
    _say_stays(read, told, stays_in(read, span))
    told.figure("rhy/people/served/count", "served")
    told.figure("rhy/people/came/count", "came", came=(YES,))
    told.figure("rhy/people/left/count", "left", left=(YES,))
    for row in age_rows(read.care_model, "bands"):
        told.figure(f"rhy/age/{row.code}/people", row.label, age=row.raw)
    return told


def _licensing(read: Read, span: Span, key_of: KeyOf) -> _Told:
    """Return what the census tells: stays, which are residents unless somebody came again."""
    about, stays = (LENGTHS, MISSING, ADMISSION, HAPPENED), stays_in(read, span)
    told = _Told(span, about, key_of, "Licensing census")
    _say_stays(read, told, stays)
    told.again = len(stays) - len(told.raw)
    if told.again:
        return told
    told.figure("licensing/census/all/start", "there at the start", came=("no",))
    told.figure("licensing/census/all/came", "came", came=(YES,))
    told.figure("licensing/census/all/left", "left", left=(YES,))
    for row in age_rows(read.care_model, "bands"):
        words = f"came, {row.label}"
        told.figure(f"licensing/ages/{row.code}/came", words, came=(YES,), age=row.raw)
    return told


_TOLD_BY = {"voca": _voca, "rhy": _rhy, "licensing": _licensing}


def _say_stays(read: Read, told: _Told, stays: Iterable[StayRow]) -> None:
    for stay in stays:
        age = {} if told.key_of(stay.resident_id) in told.raw else {
            "age": _age(read, stay.born_on, max(stay.began_at, told.span.since))
        }  # fmt: skip
        came = {"came": YES} if told.span.holds(stay.began_at) else {}
        left = {"left": YES} if told.span.holds(stay.ended_at) else {}
        told.says(stay.resident_id, **age, **came, **left)


def _age(read: Read, born: str | None, instant: int) -> str:
    """Return full years on the shelter's day of a stored instant."""
    if born is None:
        return UNKNOWN
    day = moment(instant).astimezone(read.house.zone).date()
    return str(age_on(day, born_on=date.fromisoformat(born)))
