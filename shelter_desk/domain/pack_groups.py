"""Which checklist items stand for one document, or for a matter that auditors ask for by name.

A group takes every answer to its items; or those of some outcomes; or, of items that an event
starts, those that were given so many days after it. Every answer stands in one group at most.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from shelter_desk.domain.care_model import CareModel
from shelter_desk.domain.content import CLOSING_OUTCOMES
from shelter_desk.domain.content_table import Table

NO_END = 10_000
"""Days: where a group takes whatever took longer."""


@dataclass(frozen=True, slots=True)
class ItemGroup:
    """Checklist items that stand for one document, shown in the file named.

    `outcomes` are those of the answers it takes; none for all of them. `days` are the fewest and
    the most days from the event to the answer, both included; None where they do not matter.
    """

    id: str
    title: str
    file: str
    items: tuple[str, ...]
    outcomes: tuple[str, ...] = ()
    days: tuple[int, int] | None = None

    @property
    def parts(self) -> Iterator[str]:
        """Yield each kind of answer it takes, so that none stands in two groups."""
        for item in self.items:
            if self.days is not None:
                yield f"{item} after {self.days[0]} days"
            else:
                yield from (f"{item} {one}" for one in self.outcomes or sorted(CLOSING_OUTCOMES))

    def takes(self, item_id: str, outcome: str, days: int | None = None) -> bool:
        """Say whether it takes an answer to an item."""
        if item_id not in self.items or (self.outcomes and outcome not in self.outcomes):
            return False
        if self.days is None or days is None:
            return self.days is None
        return self.days[0] <= days <= self.days[1]


def read_groups(whole: Table, counted: Collection[str], model: CareModel) -> tuple[ItemGroup, ...]:
    """Read every group; `counted` are the files that may show one. Problems stay in the table."""
    found = []
    shipped = {item.id for service in model.shipped.values() for item in service.items}
    for row in whole.tables("groups"):
        group = ItemGroup(
            row.text("id"),
            row.text("title"),
            row.choice("file", counted),
            row.texts("items"),
            row.texts("outcomes", required=False),
            _days(row),
        )
        for item in group.items:
            if item not in shipped:
                row.problem(f"item {item!r} is not in the care model")
            elif item in model.house_items:
                row.problem(f"item {item!r} is of the house, not of a resident")
        for one in group.outcomes:
            if one not in CLOSING_OUTCOMES:
                row.problem(f"outcome {one!r} closes no item")
        row.done()
        found.append(group)
    whole.done()
    return tuple(found)


def _days(row: Table) -> tuple[int, int] | None:
    if not (row.has("days_from") or row.has("days_to")):
        return None
    first = row.number("days_from", required=False)
    last = row.number("days_to", required=False) if row.has("days_to") else NO_END
    if not 0 <= first <= last:
        row.problem("'days_from' is after 'days_to'")
    return first, last
