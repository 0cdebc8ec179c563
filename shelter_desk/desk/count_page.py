"""What every table of a summary is laid out with, and the tables that cross ages with phases."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from shelter_desk.desk.age_rows import UNKNOWN
from shelter_desk.desk.period_facts import PeriodFacts, Person
from shelter_desk.disclosure import Label, Over, TableRequest
from shelter_desk.disclosure.definitions import NO, YES, at
from shelter_desk.domain.care_model import CareModel

CAME, BEFORE = "ongoing-came", "ongoing-before"
SLICES = (CAME, BEFORE)
"""Tables that cross a third thing, by id: those who came in the period, those here before."""
_COLUMNS = (
    Label("yes", "In the ongoing phase", (YES,)),
    Label("no", "Not in it", (NO,)),
)


@dataclass(frozen=True, slots=True)
class CountPage:
    """What every table of a summary needs: the facts, the words, and the rows of ages."""

    facts: PeriodFacts
    model: CareModel
    ages: tuple[Label, ...]

    def row_of(self, one: Person) -> str:
        """Return the code of the row of ages a resident is in."""
        age = UNKNOWN if one.age is None else str(one.age)
        return next(label.code for label in self.ages if age in label.raw)

    def over(self, rows: str, columns: str = "", *, only: str = "", is_so: str = YES) -> Over:
        """Say what a table counts: everybody in the period, or those with `only` (or without)."""
        period = self.facts.period.id
        base = (("in", (YES,)), *(((only, (is_so,)),) if only else ()))
        return Over(
            tuple((at(name, period), codes) for name, codes in base),
            at(rows, period),
            at(columns, period) if columns else "",
        )


def ongoing(page: CountPage) -> TableRequest:
    """Cross ages with whether somebody was in the ongoing phase."""
    return TableRequest(
        "ongoing", "Ongoing phase, by age", "residents", page.ages, _COLUMNS,
        _crossed(page, page.facts.served.values()), population="served",
        over=page.over("age", "phase-ongoing"),
    )  # fmt: skip


def ongoing_slices(page: CountPage) -> Iterable[TableRequest]:
    """Cross the same with whether somebody came in the period: one table for each answer."""
    people = page.facts.served.values()
    for name, title, came in (
        (CAME, "Ongoing phase, by age: came in the period", True),
        (BEFORE, "Ongoing phase, by age: were here before", False),
    ):
        yield TableRequest(
            name, title, "residents", page.ages, _COLUMNS,
            _crossed(page, [one for one in people if one.came is came]),
            over=page.over("age", "phase-ongoing", only="came", is_so=YES if came else NO),
        )  # fmt: skip


def _crossed(page: CountPage, people: Iterable[Person]) -> tuple[tuple[int, ...], ...]:
    held = [(page.row_of(one), "ongoing" in one.phases) for one in people]
    return tuple(
        tuple(held.count((label.code, wanted)) for wanted in (True, False)) for label in page.ages
    )
