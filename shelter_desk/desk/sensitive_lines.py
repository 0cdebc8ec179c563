"""Which lines of a table say something that harms when it is known of everybody in a group.

That all girls of an age ran away, that everybody was treated for substance use: no count is small
there, and still each of them has lost something. Age, presence and phase are not of this kind.

Source: disclosure design, 2.2 (group disclosure); record classes of the care model.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from shelter_desk.desk.outcome_measures import MEASURES
from shelter_desk.disclosure import TableRequest
from shelter_desk.domain.care_model import CareModel
from shelter_desk.domain.record_classes import class_of

NOT_RECORDED = "not-recorded"
HARMLESS: Mapping[str, frozenset[str]] = {
    "left-how": frozenset((NOT_RECORDED, "completed", "other")),
    "left-where": frozenset((NOT_RECORDED, "permanent")),
    "times-missing": frozenset(("0",)),
    **{one.id: one.harmless for one in MEASURES.values() if one.harmless is not None},
}
"""Table -> its lines that harm nobody when they are known of a whole group; the others do."""
CLASSES = frozenset(("health", "mental-health", "substance-use", "privileged"))
"""Services of these record classes say something of whoever was given them."""
SERVICES = "services"


def marked(tables: Iterable[TableRequest], model: CareModel) -> tuple[TableRequest, ...]:
    """Return the tables, those with sensitive lines marked as such."""
    return tuple(_marked(table, model) for table in tables)


def _marked(table: TableRequest, model: CareModel) -> TableRequest:
    if table.id in HARMLESS:
        harmless = HARMLESS[table.id]
    elif table.id == SERVICES:
        harmless = frozenset(
            one.id for one in model.services.values() if class_of(one) not in CLASSES
        )
    else:
        return table
    rows = tuple(replace(row, is_harmless=row.code in harmless) for row in table.rows)
    return replace(table, rows=rows, sensitive="rows")
