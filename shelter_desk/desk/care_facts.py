"""The counts about care that a period was first released with, kept for every later pack.

A period that is out says the same ever after. Counted anew after a correction, what a pack shows
would differ from what another one showed, or be withheld to hide it: either way a reader of both
knows that something was corrected, and of a few records often of whom. So the counts are kept
beside the first release, resident by resident: packs with other profiles lay them out otherwise.

A resident stands under a number that is drawn for these counts alone and written down nowhere
else: it leads to nobody, before a record is destroyed and after.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field

from sqlalchemy import bindparam, select

from shelter_desk.desk.base import Read, Write
from shelter_desk.desk.counting import Counts
from shelter_desk.desk.rows import key_of
from shelter_desk.disclosure import ReleaseRequest
from shelter_desk.domain.audit import canonical_json
from shelter_desk.domain.periods import Period
from shelter_desk.store import schema
from shelter_desk.store.schema_releases import care_facts
from shelter_desk.store.sql import Statement, insert_into

Cells = Mapping[tuple[str, str], Mapping[int, int]]

_release = schema.summary_release
_KEPT = Statement(
    select(care_facts.c.public_id, care_facts.c.content)
    .where(care_facts.c.period == bindparam("period"))
    # A pack that was left took its release back: its counts are not those of the period.
    .where(
        select(_release.c.id)
        .where(_release.c.care_facts_id == care_facts.c.id, _release.c.withdrawn_at.is_(None))
        .exists()
    )
    .order_by(care_facts.c.id)
    .limit(1)
)
_ADD = insert_into(care_facts, ("public_id", "event_id", "period", "taken_at", "content"))


@dataclass(frozen=True, slots=True)
class CareFacts:
    """Counts of a period: name of a table -> (row, column) -> resident -> count.

    `facts_id` is "" where they are not kept yet.
    """

    period: Period
    cells: Mapping[str, Cells] = field(repr=False)
    facts_id: str = ""

    def text(self) -> str:
        """Return the canonical text to keep: residents under numbers drawn for it."""
        grouped = (cell for cells in self.cells.values() for cell in cells.values())
        everybody = sorted({one for cell in grouped for one in cell})
        secrets.SystemRandom().shuffle(everybody)
        number = {one: str(at) for at, one in enumerate(everybody)}
        tables = {
            name: [
                [row, column, {number[one]: count for one, count in sorted(cell.items())}]
                for (row, column), cell in sorted(cells.items())
            ]
            for name, cells in self.cells.items()
        }
        return canonical_json({"period": self.period.id, "tables": tables})

    def fill(self, counts: Mapping[str, Counts]) -> None:
        """Put these counts in the place of those that the records come to now.

        A table that is not among them stays as it is: a later edition of the program has it.
        """
        for name, cells in self.cells.items():
            if name in counts:
                counts[name].cells = {at: dict(cell) for at, cell in cells.items()}


@dataclass(frozen=True, slots=True)
class CareAsked:
    """The tables of a period, and the counts they are made from."""

    request: ReleaseRequest = field(repr=False)
    facts: CareFacts = field(repr=False)


def kept_care(read: Read, period: Period) -> CareFacts | None:
    """Return the counts that what is out of a period was made from, if any is."""
    row = read.reader.row(_KEPT, period=period.id)
    if row is None:
        return None
    public_id, content = row
    tables = json.loads(content)["tables"]
    cells = {
        name: {
            (row, column): {int(one): count for one, count in cell.items()}
            for row, column, cell in found
        }
        for name, found in tables.items()
    }
    return CareFacts(period, cells, public_id)


def keep_care(write: Write, facts: CareFacts) -> int:
    """Keep the counts of a release, unless they are kept; return their key.

    They stand once, in their own row: the trail does not repeat them.
    """
    if facts.facts_id:
        return key_of(write.writer, care_facts, facts.facts_id)
    return write.writer.run(
        _ADD,
        public_id=write.new_public_id(),
        event_id=write.event_id,
        period=facts.period.id,
        taken_at=write.now_ms,
        content=facts.text(),
    )
