"""What residents say of the house, on slips without a name: written down, counted, nobody's.

No slip is shown again once it is written down: only how many there are. In the outcomes they are
counted like events, of which one resident gives at most one in each quarter.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import ClassVar

from sqlalchemy import bindparam, func, or_, select

from shelter_desk.desk.base import Area, Command, Read, Write, asks
from shelter_desk.desk.rows import find
from shelter_desk.disclosure import Label, TableRequest
from shelter_desk.domain.audit import canonical_json
from shelter_desk.domain.errors import InvalidError, Problem
from shelter_desk.domain.own_ratings import LEAST, LINES, MOST, line_of, read_rating_questions
from shelter_desk.domain.periods import Period
from shelter_desk.domain.staff import May
from shelter_desk.paths import resources
from shelter_desk.store import schema
from shelter_desk.store.schema_reports import own_rating
from shelter_desk.store.sql import Statement

OWN = "rating-"
"""How the names of their tables begin."""
_standing = (own_rating.c.period == bindparam("period"), own_rating.c.withdrawn_at.is_(None))
_event = schema.audit_event
_written_with = (
    select(func.min(_event.c.id))
    .where(_event.c.object == own_rating.c.public_id)
    .scalar_subquery()
)
_SLIPS = Statement(
    select(own_rating.c.answers)
    .where(own_rating.c.period == bindparam("period"), _written_with <= bindparam("until"))
    .where(or_(own_rating.c.withdrawn_at.is_(None), own_rating.c.event_id > bindparam("until")))
)
_NOW = 2**62
"""An event that comes after all there are."""
_HOW_MANY = Statement(select(func.count()).select_from(own_rating).where(*_standing))
_MEANS = (
    "Slips without a name, from 0 (not at all) to 10 (completely), at most one from each resident "
    "in each quarter. Who gave none is not in it."
)


def rating_questions() -> Mapping[str, str]:
    """Return id -> words of what residents are asked, as shipped.

    Raises:
        ContentError: when the list is damaged.
    """
    return read_rating_questions((resources() / "house" / "own_ratings.toml").read_text("utf-8"))


@asks(May.WRITE_CARE)
def slips_of(read: Read, *, period: str) -> int:
    """Return how many slips of a quarter are written down."""
    return int(read.reader.value(_HOW_MANY, period=period))


def rating_tables(
    read: Read, period: Period, told_with: int | None = None
) -> Iterator[TableRequest]:
    """Yield a table for each question over the slips of a period; none without slips.

    `told_with` is the event with which they were first told, or None. Slips stand as they stood
    then: one of later would leave its table out of the next pack, which tells that it is there.
    """
    until = _NOW if told_with is None else told_with
    slips = [
        [json.loads(text) for (text,) in read.reader.rows(_SLIPS, period=quarter.id, until=until)]
        for quarter in period.quarters
    ]
    if not any(slips):
        return
    quarters = sum(bool(of_quarter) for of_quarter in slips)
    for question, words in rating_questions().items():
        counts = [Counter(line_of(slip.get(question)) for slip in one) for one in slips]
        rows = tuple(Label(code, text) for code, text in LINES)
        yield TableRequest(
            f"{OWN}{question}", f"Residents’ own words: “{words}”", "entries",
            rows, (Label("all", "All"),),
            tuple((sum(one[row.code] for one in counts),) for row in rows),
            # Whoever gave one in a quarter gave no other: so many are behind it at least.
            contributors=tuple((max(one[row.code] for one in counts),) for row in rows),
            largest=tuple((sum(bool(one[row.code]) for one in counts),) for row in rows),
            all_contributors=max(map(len, slips)),
            all_largest=quarters,
            means=_MEANS,
        )  # fmt: skip


@dataclass(frozen=True)
class WriteSlip(Command):
    """Write one slip down: question -> number from 0 to 10; what was left empty is not in it."""

    action: ClassVar[str] = "rating.slip"
    needs: ClassVar[May] = May.WRITE_CARE
    touches: ClassVar[Area] = Area.CUSTODY

    period: str
    answers: Mapping[str, int] = field(repr=False)

    def apply(self, write: Write) -> str:
        """Insert it.

        Raises:
            InvalidError: nothing was answered, or a number or the quarter cannot be.
        """
        period = Period.parse(self.period)
        if not period.quarter or period.starts_on > write.today:
            raise InvalidError((Problem("period", "Choose a quarter that has begun."),))
        if not self.answers:
            first = next(iter(rating_questions()))
            raise InvalidError((Problem(first, "Enter one number at least."),))
        for name, number in self.answers.items():
            if name not in rating_questions() or not LEAST <= number <= MOST:
                raise InvalidError((Problem(name, "Enter a number from 0 to 10."),))
        public_id = write.new_public_id()
        write.add(
            own_rating,
            public_id=public_id,
            period=period.id,
            answers=canonical_json(dict(self.answers)),
            staff_id=write.who.staff.id,
        )
        write.reason = period.id
        write.undo = TakeSlipBack(public_id)
        return public_id


@dataclass(frozen=True)
class TakeSlipBack(Command):
    """A slip was written down wrongly, or twice."""

    action: ClassVar[str] = "rating.withdraw"
    needs: ClassVar[May] = May.WRITE_CARE
    touches: ClassVar[Area] = Area.CUSTODY

    slip_id: str

    def apply(self, write: Write) -> str:
        """End it; it stays in the trail."""
        row = find(write.writer, own_rating, self.slip_id)
        if row["withdrawn_at"] is not None:
            raise InvalidError((Problem("slip_id", "This was taken back before."),))
        write.change(own_rating, row, withdrawn_at=write.now_ms)
        return self.slip_id
