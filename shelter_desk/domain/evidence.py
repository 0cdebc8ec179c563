"""Process evidence: what a reviewer may see of how care is run, as tables of words and counts.

Rows speak of items, services, roles and dates of the house; never of one resident, unless the
profile they were made for has a legal basis for it. What may be in a row is decided by who fills
these values; here they are only kept whole.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime

WHY = "Why withheld"
"""The column that says why a * stands in a line, where a table has one."""
HOW, AS_BEFORE = "How", "as the line before"
"""The column that says how a line was counted, and what stands there for the same once more."""
_NAME = re.compile(r"[a-z0-9]+(?:[-_][a-z0-9]+)*")


@dataclass(frozen=True, slots=True)
class EvidenceTable:
    """One table: `id` is also its file name, `note` stands under it and may be empty.

    Every row has as many cells as there are columns.
    """

    id: str
    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    note: str = ""

    def __post_init__(self) -> None:
        """Refuse what would print in the wrong place."""
        if not _NAME.fullmatch(self.id):
            raise ValueError(f"{self.id!r} cannot be a file name")
        if not self.columns:
            raise ValueError(f"table {self.id} has no columns")
        ragged = [at for at, row in enumerate(self.rows) if len(row) != len(self.columns)]
        if ragged:
            raise ValueError(f"table {self.id}: rows {ragged} do not fit the columns")


@dataclass(frozen=True, slots=True)
class EvidenceReport:
    """The tables of one audit pack, and what they cover.

    `period_label` is in words. `checkpoint_short_form` is the audit log's size and root as
    printed, such as "12,481 · K7Q2 9XVD 3MTA 0W5E", or "" where the log is sealed only after the
    report was looked at. `made_at` carries its zone. Its foot speaks of `recipient` and `purpose`.
    """

    shelter_label: str
    period_label: str
    profile_title: str
    tables: tuple[EvidenceTable, ...]
    checkpoint_short_form: str
    made_at: datetime
    program_version: str
    recipient: str
    purpose: str

    def __post_init__(self) -> None:
        """Refuse two tables of one name, and a moment that could be anywhere."""
        ids = [table.id for table in self.tables]
        if len(set(ids)) != len(ids):
            raise ValueError("two tables of a report have the same id")
        if self.made_at.tzinfo is None:
            raise ValueError("the moment of a report needs its time zone")
