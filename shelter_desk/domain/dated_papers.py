"""Papers of the house and its staff that run out: which kinds there are, and how each stands."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from shelter_desk.domain.content_table import Problems, Table, load

OF_STAFF, OF_HOUSE = "staff", "house"
HOUSE = ""
"""The holder of the papers of the house itself."""
MISSING, EXPIRED, EXPIRING, CURRENT = "missing", "expired", "expiring", "current"
STATES = (MISSING, EXPIRED, EXPIRING, CURRENT)
"""How a paper stands, the worst first."""
SOON = timedelta(days=60)
"""How long before its last day a paper is named: a check may take weeks."""
_PAPERS, _AREAS = "dated_papers.toml", "finding_areas.toml"
_MOST_MONTHS = 240


@dataclass(frozen=True, slots=True)
class PaperKind:
    """One kind of paper. `of` is "staff" or "house"; `months` how long it usually holds, or 0.

    A needed one is needed of everybody, or of whoever holds one of `roles` where there are any.
    """

    id: str
    title: str
    of: str
    needed: bool
    roles: tuple[str, ...]
    months: int
    counts_hours: bool
    is_licence: bool

    def needed_of(self, holder: str, roles: Iterable[str]) -> bool:
        """Say whether a holder (HOUSE, or somebody of staff with `roles`) must have one."""
        if not self.needed or (holder == HOUSE) != (self.of == OF_HOUSE):
            return False
        return not self.roles or not set(self.roles).isdisjoint(roles)


@dataclass(frozen=True, slots=True)
class PaperSeen:
    """One paper that was seen and written down. `expires_on` is its last day, or None."""

    paper_id: str
    kind: str
    holder: str
    issued_on: date
    expires_on: date | None
    hours: int
    seen_by: str


@dataclass(frozen=True, slots=True)
class PaperStanding:
    """How one kind of paper stands for one holder; `seen` is None where it is missing.

    `is_needed`: this holder must have it; others may have one on file all the same.
    """

    kind: PaperKind
    holder: str
    state: str
    seen: PaperSeen | None
    is_needed: bool


def standing(expires_on: date | None, day: date) -> str:
    """Return how a paper stands that was written down: it holds on its last day itself."""
    if expires_on is None or expires_on > day + SOON:
        return CURRENT
    return EXPIRED if expires_on < day else EXPIRING


def usual_end(kind: PaperKind, issued_on: date) -> date | None:
    """Return the day until which such a paper usually holds; None where it has no last day."""
    if not kind.months:
        return None
    years, month = divmod(issued_on.month - 1 + kind.months, 12)
    last = monthrange(issued_on.year + years, month + 1)[1]
    return date(issued_on.year + years, month + 1, min(issued_on.day, last))


def papers_standing(
    kinds: Mapping[str, PaperKind],
    holders: Mapping[str, tuple[str, ...]],
    seen: Iterable[PaperSeen],
    day: date,
) -> tuple[PaperStanding, ...]:
    """Return how every paper stands on a day, the worst first, then in the order of the kinds.

    `holders` is holder -> roles; of each kind the paper issued last counts, and of two of one day
    the later of `seen`. Papers issued after the day are not there yet.
    """
    newest: dict[tuple[str, str], PaperSeen] = {}
    for one in seen:
        key = one.kind, one.holder
        is_there = one.kind in kinds and one.holder in holders and one.issued_on <= day
        if is_there and (key not in newest or one.issued_on >= newest[key].issued_on):
            newest[key] = one
    found = list(_each(kinds, holders, newest, day))
    return tuple(sorted(found, key=lambda one: STATES.index(one.state)))


def _each(
    kinds: Mapping[str, PaperKind],
    holders: Mapping[str, tuple[str, ...]],
    newest: Mapping[tuple[str, str], PaperSeen],
    day: date,
) -> Iterator[PaperStanding]:
    for kind in kinds.values():
        for holder, roles in holders.items():
            one, is_needed = newest.get((kind.id, holder)), kind.needed_of(holder, roles)
            if one is not None:
                state = standing(one.expires_on, day)
                yield PaperStanding(kind, holder, state, one, is_needed)
            elif is_needed:
                yield PaperStanding(kind, holder, MISSING, None, is_needed)


@dataclass(frozen=True, slots=True)
class PaperRow:
    """One kind of paper: how it stands for each holder, "" where it is not needed of them."""

    title: str
    states: tuple[str, ...]


def paper_rows(
    found: Iterable[PaperStanding], holders: Iterable[str], kinds: Mapping[str, PaperKind]
) -> tuple[PaperRow, ...]:
    """Return a grid: papers down, holders across; a kind that nobody has or needs has no row."""
    states = {(one.kind.id, one.holder): one.state for one in found}
    across = tuple(holders)
    rows = (
        PaperRow(kind.title, tuple(states.get((kind.id, one), "") for one in across))
        for kind in kinds.values()
    )
    return tuple(row for row in rows if any(row.states))


def read_paper_kinds(text: str) -> Mapping[str, PaperKind]:
    """Return id -> kind, in the order of the file.

    Raises:
        ContentError: naming everything that is wrong.
    """
    problems = Problems()
    root = load({_PAPERS: text}, _PAPERS, problems)
    kinds = [_kind(row) for row in root.tables("papers")]
    root.done()
    problems.stop()
    return {kind.id: kind for kind in kinds}


def _kind(row: Table) -> PaperKind:
    kind = PaperKind(
        id=row.text("id"),
        title=row.text("title"),
        of=row.choice("of", (OF_STAFF, OF_HOUSE)),
        needed=row.flag("needed"),
        roles=row.texts("roles", required=False),
        months=row.number("months"),
        counts_hours=row.flag("counts_hours", required=False),
        is_licence=row.flag("is_licence", required=False),
    )
    if not 0 <= kind.months <= _MOST_MONTHS:
        row.problem(f"'months' must lie between 0 and {_MOST_MONTHS}")
    row.done()
    return kind


def read_finding_areas(text: str) -> Mapping[str, str]:
    """Return id -> title of what a finding can be about, in the order of the file.

    Raises:
        ContentError: naming everything that is wrong.
    """
    problems = Problems()
    root = load({_AREAS: text}, _AREAS, problems)
    areas = {}
    for row in root.tables("areas"):
        areas[row.text("id")] = row.text("title")
        row.done()
    root.done()
    problems.stop()
    return areas
