"""Figures that are public already, outside any release: a newspaper, a speech, a proposal.

That is the commonest real leak: two numbers that are each harmless, one of them in a report. What
is entered here is taken as known by every later release.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, ClassVar

from sqlalchemy import func, select

from shelter_desk.desk.base import Area, Command, Read, Write, asks, moment
from shelter_desk.desk.counts import request_of
from shelter_desk.desk.frozen import facts_for
from shelter_desk.desk.rows import find
from shelter_desk.disclosure import Definition, ReleaseRequest, TableRequest, definitions
from shelter_desk.disclosure.told import told_entry
from shelter_desk.domain.audit import canonical_json
from shelter_desk.domain.errors import InvalidError, Problem
from shelter_desk.domain.periods import Period
from shelter_desk.domain.staff import May
from shelter_desk.store.database import Reader
from shelter_desk.store.schema_releases import told_figure
from shelter_desk.store.sql import Statement

LONGEST = 200
EVERYBODY = "release/total/total"
_told = told_figure
_MARK = Statement(select(func.count(), func.count(_told.c.withdrawn_at)))
_TOLD = Statement(
    select(
        _told.c.public_id,
        _told.c.period,
        _told.c.figure,
        _told.c.counts,
        _told.c.value,
        _told.c.told_to,
        _told.c.told_on,
        _told.c.entered_at,
    )
    .where(_told.c.withdrawn_at.is_(None))
    .order_by(_told.c.id.desc())
)


@dataclass(frozen=True, slots=True)
class ToldLine:
    """One figure that is public: of which period, what, how many, to whom and when."""

    told_id: str
    period: str
    words: str
    value: int
    told_to: str
    told_on: date
    entered_at: datetime


@dataclass(frozen=True, slots=True)
class Tellable:
    """Something a number can be about: the figure's id, and words for it."""

    figure: str
    words: str


@asks(May.SUMMARISE)
def tellable(read: Read, *, period: str, now: datetime) -> tuple[Tellable, ...]:
    """Return what a number of a period can be about, in the order of the summary.

    Raises:
        InvalidError: when the period is not one, or is not over yet.
    """
    request = _request(read, period, now)
    lines = [Tellable(EVERYBODY, "Everybody who was here")]
    for table in request.tables:
        lines += [Tellable(name, words) for name, words in _words(table)]
    return tuple(lines)


@asks(May.SUMMARISE)
def told_figures(read: Read) -> tuple[ToldLine, ...]:
    """Return the figures that are public outside of releases, newest first."""
    return tuple(
        ToldLine(
            public_id, period, _spoken(figure), value, told_to,
            date.fromisoformat(told_on), moment(entered),
        )
        for public_id, period, figure, _, value, told_to, told_on, entered
        in read.reader.rows(_TOLD)
    )  # fmt: skip


def told_mark(reader: Reader) -> str:
    """Return a word that changes with every figure written down or taken back."""
    return "-".join(str(number) for number in reader.row(_MARK) or ())


def told_entries(read: Read) -> Iterable[Mapping[str, Any]]:
    """Return them as entries of the ledger, for `disclosure.protect`."""
    for public_id, period, figure, counts, *_ in read.reader.rows(_TOLD):
        request = _request(read, period, Period.parse(period).instants(read.house.zone)[1])
        if request.people is not None:
            where = Definition.of(json.loads(counts))
            words = {"told": f"a figure that is public already ({_spoken(figure)})"}
            entry = told_entry(public_id, period, {"told": where}, request.people)
            yield {**entry, "words": words}


@dataclass(frozen=True)
class TellFigure(Command):
    """Write down that a figure is public already. `figure` is one of `tellable`."""

    action: ClassVar[str] = "figure.told"
    needs: ClassVar[May] = May.SUMMARISE
    touches: ClassVar[Area] = Area.CUSTODY

    period: str
    figure: str
    value: int
    told_to: str
    told_on: date

    def apply(self, write: Write) -> str:
        """Insert it, with what it counts in raw values.

        Raises:
            InvalidError: when the period or the figure is not known, or nobody is named.
        """
        read = Read(
            write.writer, write.who.staff, write.house, write.sealer, write.who.vault_id,
            write.also,
        )  # fmt: skip
        request = _request(read, self.period, write.now)
        known = {EVERYBODY: request.everybody}
        for table in request.tables:
            known |= definitions(table)
        where = known.get(self.figure)
        if where is None:
            raise InvalidError((Problem("figure", "Choose what the number is about."),))
        if not 0 < len(self.told_to.strip()) <= LONGEST:
            raise InvalidError((Problem("told_to", "Say where, in 1 to 200 characters."),))
        if self.value < 0 or self.told_on > write.today:
            name = "value" if self.value < 0 else "told_on"
            raise InvalidError((Problem(name, "That cannot be."),))
        public_id = write.new_public_id()
        write.add(
            _told,
            public_id=public_id,
            period=Period.parse(self.period).id,
            figure=self.figure,
            counts=canonical_json(where.as_json()),
            value=self.value,
            told_to=self.told_to.strip(),
            told_on=self.told_on.isoformat(),
            staff_id=write.who.staff.id,
            entered_at=write.now_ms,
        )
        write.reason = self.period
        return public_id


@dataclass(frozen=True)
class WithdrawTold(Command):
    """Take back an entry that was wrong: the number was never public."""

    action: ClassVar[str] = "figure.withdraw"
    needs: ClassVar[May] = May.SUMMARISE
    touches: ClassVar[Area] = Area.CUSTODY

    told_id: str

    def apply(self, write: Write) -> str:
        """End it; it stays in the trail."""
        row = find(write.writer, _told, self.told_id)
        if row["withdrawn_at"] is not None:
            raise InvalidError((Problem("told_id", "This was taken back before."),))
        write.change(_told, row, withdrawn_at=write.now_ms)
        return self.told_id


def _request(read: Read, period: str, now: datetime) -> ReleaseRequest:
    facts = facts_for(read, period, now)
    return request_of(facts.facts, read.care_model, audience="named")


def _words(table: TableRequest) -> Iterable[tuple[str, str]]:
    known = definitions(table)
    for row in table.rows:
        for column in table.columns:
            name = f"{table.id}/{row.code}/{column.code}"
            if name in known:
                line = row.label if len(table.columns) == 1 else f"{row.label}, {column.label}"
                yield name, f"{table.title}: {line}"


def _spoken(figure: str) -> str:
    table, row, _ = figure.split("/")
    return "everybody" if figure == EVERYBODY else f"{table}: {row}"
