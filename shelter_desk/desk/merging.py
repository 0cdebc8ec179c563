"""Two records of one young person: joined by a row that says so, separated by ending it.

Two workers write down the same arrival, and the house has somebody twice. Joining moves nothing:
each row stays where it was written, and whatever counts people or stays counts them once. A stay
that lies within one of the other record was written down twice; where it still lasts, it ends with
the join, and begins anew when the records are separated. Meanwhile the plan that goes on counts
what stands in either.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from sqlalchemy import bindparam, func, select

from shelter_desk.desk.base import Area, Command, Write
from shelter_desk.desk.leaving import reopen
from shelter_desk.desk.legal_holds import hold_for_both
from shelter_desk.desk.merge_rules import (
    FOR_EVER,
    Span,
    into_of,
    spans_of_person,
)
from shelter_desk.desk.rows import RowValues, find, get
from shelter_desk.desk.set_back import now_or
from shelter_desk.desk.upkeep import refresh_stay
from shelter_desk.domain.errors import InvalidError, Problem
from shelter_desk.domain.staff import May
from shelter_desk.store import schema
from shelter_desk.store.schema_merging import doubled_stay, record_merge
from shelter_desk.store.schema_missing import missing_episode
from shelter_desk.store.schema_removal import removal
from shelter_desk.store.sql import Statement

_TOUCHES = Area.RESIDENTS | Area.DUE | Area.CARE | Area.SERVICE_LOG
_stay, _resident = schema.stay, schema.resident
_STANDS_FOR = Statement(
    select(func.count()).where(
        record_merge.c.into_id == bindparam("resident_id"), record_merge.c.ended_at.is_(None)
    )
)
# Destroyed or in the bin: joined with it, half of a person could be destroyed.
_TAKEN_AWAY = Statement(
    select(removal.c.destroyed_at).where(
        removal.c.resident_id == bindparam("resident_id"), removal.c.back_at.is_(None)
    )
)
_OPEN_ABSENCE = Statement(
    select(missing_episode.c.id)
    .where(missing_episode.c.stay_id == bindparam("stay_id"))
    .where(missing_episode.c.closed_at.is_(None), missing_episode.c.withdrawn_at.is_(None))
    .limit(1)
)
_DOUBLED = Statement(
    select(doubled_stay.c.stay_id, doubled_stay.c.of_stay_id, doubled_stay.c.was_open)
    .where(doubled_stay.c.merge_id == bindparam("merge_id"))
    .order_by(doubled_stay.c.id)
)


@dataclass(frozen=True)
class JoinRecords(Command):
    """Say that two records are one young person's. `into_id` is the one that goes on."""

    action: ClassVar[str] = "record.join"
    needs: ClassVar[May] = May.INTAKE
    touches: ClassVar[Area] = _TOUCHES

    resident_id: str
    into_id: str

    def apply(self, write: Write) -> str:
        """Join them, once nobody would be in two places.

        Raises:
            InvalidError: with what to do first.
        """
        closed = find(write.writer, _resident, self.resident_id)
        kept = find(write.writer, _resident, self.into_id)
        write.about(kept["id"])
        _refuse(_record_problem(write, closed, kept))
        ours, theirs = (spans_of_person(write.writer, one["id"]) for one in (closed, kept))
        pairs = list(_doubled(ours, theirs))
        _refuse(_still_here(ours, pairs))
        for stay, _ in pairs:
            _refuse(_absence(write, stay))
        public_id = write.new_public_id()
        merge_id = write.add(
            record_merge,
            public_id=public_id,
            resident_id=closed["id"],
            into_id=kept["id"],
            merged_at=write.now_ms,
            staff_id=write.who.staff.id,
        )
        for stay, of in pairs:
            _double(write, merge_id, stay, of)
        write.undo = SeparateRecords(public_id)
        return public_id


@dataclass(frozen=True)
class SeparateRecords(Command):
    """They are two young people after all: both records are again what they were.

    What was kept by law stays so, in both.
    """

    action: ClassVar[str] = "record.separate"
    needs: ClassVar[May] = May.INTAKE
    touches: ClassVar[Area] = _TOUCHES

    merge_id: str

    def apply(self, write: Write) -> str:
        """End the join, and open the stay again that it ended."""
        row = find(write.writer, record_merge, self.merge_id)
        write.about(row["into_id"])
        if row["ended_at"] is not None:
            _refuse("They were separated before.")
        _refuse(_away_problem(write, row["into_id"]))
        hold_for_both(write, row["resident_id"], row["into_id"])
        ended_at = now_or(write, row["merged_at"])
        write.change(record_merge, row, ended_at=ended_at, ended_by=write.who.staff.id)
        for stay_id, of_stay_id, was_open in write.writer.rows(_DOUBLED, merge_id=row["id"]):
            if was_open:
                reopen(write, get(write.writer, _stay, stay_id))
            for one in (stay_id, of_stay_id):
                refresh_stay(write, one)
        records = (get(write.writer, _resident, row[name]) for name in ("resident_id", "into_id"))
        write.undo = JoinRecords(*(str(one["public_id"]) for one in records))
        return self.merge_id


# Shared by commands


def _record_problem(write: Write, closed: RowValues, kept: RowValues) -> str:
    if closed["id"] == kept["id"]:
        return "This is the same record. Choose the other one."
    if any(write.writer.row(_TAKEN_AWAY, resident_id=one["id"]) for one in (closed, kept)):
        return "One of them was taken away. If it can be put back, do that first; then join them."
    if any(into_of(write.writer, one["id"]) is not None for one in (closed, kept)):
        return "One of them is joined with another record already. Choose that one."
    if write.writer.value(_STANDS_FOR, resident_id=closed["id"]):
        return "Other records are joined with this one. Keep this one, and close the other."
    return ""


def _away_problem(write: Write, resident_id: int) -> str:
    away = write.writer.row(_TAKEN_AWAY, resident_id=resident_id)
    if away is None:
        return ""
    if away[0] is not None:
        return "They were destroyed as one person."
    return "They were taken away together. Put them back first; then separate them."


def _doubled(ours: list[Span], theirs: list[Span]) -> Iterator[tuple[Span, Span]]:
    """Yield (a stay, the one of the other record that it lies within).

    Raises:
        InvalidError: two stays meet and neither is the other's second writing.
    """
    for stay in ours:
        met = [other for other in theirs if other.meets(stay)]
        if not met:
            continue
        if len(met) == 1 and stay.lies_in(met[0]):
            yield stay, met[0]
        elif len(met) == 1 and met[0].lies_in(stay):
            _refuse("The record that would be closed has the longer stay. Keep that one instead.")
        else:
            _refuse(
                "Both records say they were here at the same time, from and until different "
                "moments. Correct the arrival or the exit of one of them, then join them."
            )


def _still_here(ours: list[Span], pairs: list[tuple[Span, Span]]) -> str:
    twice = {stay.id for stay, _ in pairs}
    if any(stay.until == FOR_EVER and stay.id not in twice for stay in ours):
        return "They are here in the record that would be closed. Keep that one instead."
    return ""


def _absence(write: Write, stay: Span) -> str:
    if write.writer.value(_OPEN_ABSENCE, stay_id=stay.id) is None:
        return ""
    return (
        "They are missing from care in the record that would be closed. Close the absence first, "
        "or keep that record instead."
    )


def _double(write: Write, merge_id: int, stay: Span, of: Span) -> None:
    """Write down that a stay was a second writing; one that lasts ends here."""
    is_open = stay.until == FOR_EVER
    write.add(
        doubled_stay,
        merge_id=merge_id,
        stay_id=stay.id,
        of_stay_id=of.id,
        was_open=int(is_open),
    )
    if is_open:
        row = get(write.writer, _stay, stay.id)
        write.change(_stay, row, ended_at=now_or(write, row["began_at"]))
    refresh_stay(write, stay.id)


def _refuse(words: str) -> None:
    if words:
        raise InvalidError((Problem("resident_id", words),))
