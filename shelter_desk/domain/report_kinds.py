"""The catalogue of reports that staff owe or want: the one place to touch for another one.

A report is of one of two products, and never something between them. A *protected* one is made of
safe tables and may be passed on. An *exact* one holds the counts as they are, because a funder or
a licensor must be told them; it is for that one recipient, who is named, on a basis that is
written down, and a director hands it over. Neither holds a line about one person.

Source: specification of the domain, 3.5 (rules 1, 9 and 10) and 4; decision 21 of the design.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from shelter_desk.domain.errors import InvalidError, Problem

PROTECTED, EXACT = "protected", "exact"
PUBLIC, NAMED = "public", "named"


@dataclass(frozen=True, slots=True)
class Basis:
    """Why exact figures may be given to somebody: a code for the trail, and the words of it."""

    code: str
    words: str


AGGREGATE = Basis(
    "aggregate-reporting",
    "Totals that a funder requires, 34 USC 12291(b)(2)(D)",
)
AWARD = Basis("award-condition", "A condition of the award or contract, on file here")
LICENSE = Basis("licensing-rule", "A rule of the license or of the state, on file here")
GRANT_PROGRAM = Basis("rhy-program", "Statistics for the runaway and homeless youth program")

AGREED = "agreed"
PUBLICATION_REASONS: Mapping[str, str] = {
    "published": "They have published it",
    "law": "A law or a court makes it public",
    AGREED: "They ask, and we agree",
}
"""Why a report that stayed with its recipient becomes public; only the last is ours to say."""


@dataclass(frozen=True, slots=True)
class ReportKind:
    """One report.

    `product` is `PROTECTED` or `EXACT`; `audience` is that of the safe tables ("" where exact).
    `is_named`: it is for one recipient by name, and a director hands it over. `bases`: what an
    exact report can rest on, the usual one first. `tables`: which safe tables (a name of
    `desk.protected_reports`). `quarters_only`: the recipient knows no other period. `whom`: what
    the recipient is.
    """

    id: str
    title: str
    about: str
    product: str
    audience: str = ""
    is_named: bool = False
    bases: tuple[Basis, ...] = ()
    tables: str = ""
    quarters_only: bool = False
    whom: str = "Funder"

    @property
    def label(self) -> str:
        """Return what stands on every page and line of an exact report."""
        return f"{self.whom} submission - not for publication"

    @property
    def is_exact(self) -> bool:
        """Tell whether it holds the counts as they are."""
        return self.product == EXACT


_EVERY = (
    ReportKind(
        "summary",
        "Board and public summary",
        "Residents and care in counts that anybody may read.",
        PROTECTED,
        PUBLIC,
        tables="summary",
    ),
    ReportKind(
        "funder-summary",
        "Summary for one funder",
        "The same counts with smaller groups, for one recipient by name.",
        PROTECTED,
        NAMED,
        is_named=True,
        tables="summary",
    ),
    ReportKind(
        "outcomes",
        "Outcomes",
        "How stays went and ended, in counts that anybody may read.",
        PROTECTED,
        PUBLIC,
        tables="outcomes",
    ),
    ReportKind(
        "voca",
        "VOCA quarterly numbers",
        "Individuals and services as the victim assistance form asks for them.",
        EXACT,
        is_named=True,
        bases=(AGGREGATE, AWARD),
        quarters_only=True,
    ),
    ReportKind(
        "rhy",
        "Runaway and homeless youth lists",
        "Counts by the value lists of the RHY program, at entry, during a stay and at exit.",
        EXACT,
        is_named=True,
        bases=(GRANT_PROGRAM, AWARD),
    ),
    ReportKind(
        "licensing",
        "Licensing census and timeliness",
        "Who came and left month by month, and what was reported and done in time.",
        EXACT,
        is_named=True,
        bases=(LICENSE, AWARD),
        whom="Licensor",
    ),
)
REPORTS: Mapping[str, ReportKind] = {kind.id: kind for kind in _EVERY}


def report_named(report_id: str) -> ReportKind:
    """Return the report of an id.

    Raises:
        InvalidError: when there is none.
    """
    if report_id not in REPORTS:
        raise InvalidError((Problem("report", f"Choose one of {', '.join(REPORTS)}."),))
    return REPORTS[report_id]
