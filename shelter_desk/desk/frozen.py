"""The facts a period was first counted from, and the very files of what was released.

A period that is out says the same ever after: its summaries are counted from the facts that were
kept then, and the same summary once more is the same bytes. Corrections since then are told in a
restated summary, which is a release of its own and must pass as one.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, ClassVar

from sqlalchemy import bindparam, func, select

from shelter_desk.desk.base import Area, Command, Read, Write, asks, moment
from shelter_desk.desk.counts import frozen_facts
from shelter_desk.desk.fact_links import listed_links
from shelter_desk.desk.left_exports import note_use
from shelter_desk.desk.period_facts import PeriodFacts
from shelter_desk.desk.rows import find, key_of
from shelter_desk.disclosure.definitions import People, Raw
from shelter_desk.domain.periods import Period
from shelter_desk.domain.staff import May
from shelter_desk.store import schema
from shelter_desk.store.schema_releases import release_facts, release_paper
from shelter_desk.store.sql import Statement, insert_into

_facts, _paper, _release = release_facts, release_paper, schema.summary_release
_NEWEST_FACTS = Statement(
    select(_facts.c.public_id, _facts.c.number, _facts.c.content)
    .where(_facts.c.period == bindparam("period"))
    # A pack that was left took its release back: its facts are not those of the period.
    .where(
        select(_release.c.id)
        .where(_release.c.facts_id == _facts.c.id, _release.c.withdrawn_at.is_(None))
        .exists()
    )
    .order_by(_facts.c.number.desc())
    .limit(1)
)
_FIRST_NUMBER = Statement(
    select(func.min(_facts.c.number))
    .join(_release, _release.c.facts_id == _facts.c.id)
    .where(_facts.c.period == bindparam("period"), _release.c.withdrawn_at.is_(None))
)
_LAST_NUMBER = Statement(
    select(func.coalesce(func.max(_facts.c.number), 0)).where(
        _facts.c.period == bindparam("period")
    )
)
_SAME = Statement(
    select(_release.c.id, _release.c.public_id, _release.c.made_at, _release.c.certificate,
           _release.c.proof, _release.c.recipient)
    .join(_facts, _facts.c.id == _release.c.facts_id)
    .where(_release.c.period == bindparam("period"))
    .where(_release.c.audience == bindparam("audience"))
    .where(_release.c.detail == bindparam("detail"))
    .where(_release.c.withdrawn_at.is_(None))
    .where(_facts.c.public_id == bindparam("facts_id"))
    .order_by(_release.c.id.desc())
)  # fmt: skip
_SAME_FACTS = Statement(
    select(_release.c.proof, _release.c.event_id)
    .join(_facts, _facts.c.id == _release.c.facts_id)
    .where(_facts.c.public_id == bindparam("facts_id"))
    .where(_release.c.detail == bindparam("detail"), _release.c.withdrawn_at.is_(None))
    .order_by(_release.c.id)
    .limit(1)
)
_PAPERS = Statement(
    select(_paper.c.name, _paper.c.content).where(_paper.c.release_id == bindparam("release_id"))
)
_ADD_FACTS = insert_into(
    _facts, ("public_id", "event_id", "period", "number", "taken_at", "content")
)
_ADD_PAPER = insert_into(_paper, ("public_id", "event_id", "release_id", "name", "content"))


@dataclass(frozen=True, slots=True)
class FactsHeld:
    """Facts of a period; where they are not kept yet, `facts_id` is "" and `number` the next.

    `restates`: the period was told before, from other facts.
    """

    facts: PeriodFacts = field(repr=False)
    facts_id: str
    number: int
    restates: bool = False


@dataclass(frozen=True, slots=True)
class ReleasedBefore:
    """A release as it went out: its certificate, what stays in the store, and its files.

    `held_by` are all who have it: recipient by name ("" for the public) -> their release.
    """

    release_id: str
    made_at: datetime
    certificate: Mapping[str, Any] = field(repr=False)
    proof: Mapping[str, Any] = field(repr=False)
    files: Mapping[str, bytes] = field(repr=False)
    held_by: Mapping[str, str]


def facts_for(read: Read, period: str, now: datetime, *, restated: bool = False) -> FactsHeld:
    """Return the facts that releases of a period are counted from.

    Those kept with its first release; with `restated`, or where nothing is out, the records as
    they stand now. Where nothing was corrected since there is nothing to restate.
    In a year, whoever was taken away since is counted as its quarters told.

    Raises:
        InvalidError: when the period is not one, or is not over yet.
    """
    named = Period.parse(period).id
    row = read.reader.row(_NEWEST_FACTS, period=named)
    if row is None or restated:
        next_number = read.reader.value(_LAST_NUMBER, period=named) + 1
        taken = frozen_facts(read, period, now)
        told = tuple(_told_of_parts(read, taken.period))
        facts = taken.with_told(told, frozenset(listed_links(read).values()))
        if row is None or facts.text() != row[2]:
            return FactsHeld(facts, "", next_number, row is not None)
    public_id, number, content = row
    restates = number > read.reader.value(_FIRST_NUMBER, period=named)
    return FactsHeld(PeriodFacts.parse(json.loads(content)), public_id, number, restates)


def _told_of_parts(read: Read, period: Period) -> Iterable[PeriodFacts]:
    for part in period.quarters if not period.quarter else ():
        row = read.reader.row(_NEWEST_FACTS, period=part.id)
        if row is not None:
            yield PeriodFacts.parse(json.loads(row[2]))


def released_before(
    read: Read, facts: FactsHeld, *, audience: str, detail: str
) -> ReleasedBefore | None:
    """Return the release of the same facts for the same readers in the same detail, if any."""
    rows = read.reader.rows(
        _SAME, period=facts.facts.period.id, audience=audience, detail=detail,
        facts_id=facts.facts_id,
    )  # fmt: skip
    if not rows:
        return None
    release_id, public_id, made_at, certificate, proof, _ = rows[0]
    files = {name: bytes(data) for name, data in read.reader.rows(_PAPERS, release_id=release_id)}
    if not files:
        return None
    held_by = {row[5] or "": row[1] for row in reversed(rows)}
    said = json.loads(certificate), json.loads(proof)
    return ReleasedBefore(public_id, moment(made_at), *said, files, held_by)


def first_counted(read: Read, facts_id: str, detail: str) -> Mapping[str, Raw]:
    """Return link -> raw values, as the first release of these facts in this detail had them.

    Empty where none is out.
    """
    proof = read.reader.value(_SAME_FACTS, facts_id=facts_id, detail=detail)
    return {} if proof is None else People.from_json(json.loads(proof)["people"]).raw


def first_told(read: Read, facts_id: str, detail: str) -> int | None:
    """Return the event with which these facts were first released in this detail, or None."""
    row = read.reader.row(_SAME_FACTS, facts_id=facts_id, detail=detail)
    return None if row is None else int(row[1])


def keep_facts(write: Write, facts: FactsHeld) -> int:
    """Keep the facts of a release, unless they are kept; return their key.

    They stand once, in their own row: the trail does not repeat them.
    """
    if facts.facts_id:
        return key_of(write.writer, _facts, facts.facts_id)
    return write.writer.run(
        _ADD_FACTS,
        public_id=write.new_public_id(),
        event_id=write.event_id,
        period=facts.facts.period.id,
        number=facts.number,
        taken_at=write.now_ms,
        content=facts.facts.text(),
    )


def keep_papers(write: Write, release_id: int, files: Mapping[str, bytes]) -> None:
    """Keep the very files of a release."""
    for name, data in files.items():
        write.writer.run(
            _ADD_PAPER,
            public_id=write.new_public_id(),
            event_id=write.event_id,
            release_id=release_id,
            name=name,
            content=data,
        )


@dataclass(frozen=True)
class GiveOutAgain(Command):
    """Give out a release once more, as it was; in the pack with the id `pack`, or by itself."""

    action: ClassVar[str] = "summary.again"
    needs: ClassVar[May] = May.SUMMARISE
    touches: ClassVar[Area] = Area.CUSTODY

    release_id: str
    pack: str = ""

    def apply(self, write: Write) -> str:
        """Write down that it left once more.

        Raises:
            StaleError: it was taken back meanwhile.
        """
        row = find(write.writer, _release, self.release_id)
        note_use(write, row["id"], self.pack)
        write.reason = f"{row['period']}:{row['audience']}"
        return self.release_id


@asks(May.SUMMARISE)
def papers_of(read: Read, *, release_id: str) -> Mapping[str, bytes]:
    """Return the files of a release, name -> bytes; none of a release that was not on paper."""
    row = find(read.reader, _release, release_id)
    papers = read.reader.rows(_PAPERS, release_id=row["id"])
    return {name: bytes(data) for name, data in papers}
