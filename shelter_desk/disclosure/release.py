"""`protect`: the only way from true counts to tables that may leave."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from shelter_desk.disclosure.any_group import UnsureError
from shelter_desk.disclosure.certificate import Unproved
from shelter_desk.disclosure.comparing import compared, naming_others
from shelter_desk.disclosure.events import apart, known_least
from shelter_desk.disclosure.families import FamilyError
from shelter_desk.disclosure.keeping import proof_of
from shelter_desk.disclosure.layout import POPULATION_ID, lay_out
from shelter_desk.disclosure.ledger import (
    Certificates,
    LedgerError,
    adds_up_with_earlier,
    changed_since,
    lines_out,
    settled,
    was_told_once,
)
from shelter_desk.disclosure.model import Problem, ProblemError
from shelter_desk.disclosure.overlap import together
from shelter_desk.disclosure.proving import Proved, prove
from shelter_desk.disclosure.published import event_figures, publish
from shelter_desk.disclosure.request import (
    SERVED,
    ReleaseRequest,
    TableRequest,
    population_of,
)
from shelter_desk.disclosure.safe import (
    _SEAL,
    COARSER,
    Dropped,
    Refused,
    SafeRelease,
    safe_table,
)
from shelter_desk.disclosure.solution import NoSolution
from shelter_desk.disclosure.told import few_again, is_told_otherwise

# No release about fewer than this many times k residents.
LEAST_GROUPS = 2
# Below this many residents a two-way table is mostly blank whatever the method.
TWO_WAY_FROM = 35
FEW_AGAIN = (
    "A report that is public counts stays of these days. Beside the number of residents it would "
    "tell of the few who came more than once."
)
NO_PROOF = "No proof of safety was found for every withheld figure."

Values = dict[str, int | None]
Early = Callable[[SafeRelease], None]


def protect(
    request: ReleaseRequest,
    *,
    earlier: Certificates = (),
    two_way_from: int = TWO_WAY_FROM,
    early: Early | None = None,
) -> SafeRelease | Refused:
    """Withhold as few figures as possible so that no small group can be worked out.

    All tables are protected together. Nothing is returned without a certificate that the
    stand-alone checker accepts.

    Args:
        request: the tables with their true counts.
        earlier: what is out, as `SafeRelease.known` gives it: certificate and true counts.
        two_way_from: fewest residents behind a two-way table; fewer are rarely worth a table.
        early: is given a first safe release, whole and certified, while fewer blanks are sought.
    """
    try:
        return _protect(request, earlier, two_way_from, early)
    except LedgerError as error:
        return Refused(str(error), "ledger")
    except FamilyError as error:
        return Refused(error.reason, "family", error.next_rung)
    except ProblemError as error:
        return Refused(str(error), "table")
    except UnsureError as error:
        return Refused(unsure(error), "certificate", COARSER)
    except RuntimeError as error:
        # The checker refused the certificate, or the optimiser failed: fail closed.
        return Refused(f"The proof of safety did not hold. {error}", "certificate")


def unsure(error: UnsureError) -> str:
    """Say that the search for isolated groups ended in doubt, which counts as having found one."""
    return f"It is not sure that no few residents can be told apart: {error}."


def _protect(
    request: ReleaseRequest, earlier: Certificates, two_way_from: int, early: Early | None
) -> SafeRelease | Refused:
    least = LEAST_GROUPS * request.settings.k
    if request.settings.level != "interval":
        return Refused("A release is protected at the interval level.", "table")
    counts_residents = any(table.counted == "residents" for table in request.tables)
    if counts_residents and request.population < least:
        return Refused(f"Fewer than {least} residents: no table of them is safe.", "population")
    if few_again(request, earlier):
        return Refused(FEW_AGAIN, "ledger")
    request = naming_others(request, earlier)
    kept, dropped = kept_tables(request, earlier, two_way_from)
    while True:
        found = _try(request, kept, earlier, _telling(request, kept, dropped, early))
        if isinstance(found, Proved):
            return safe_release(request, kept, dropped, found)
        bounding = _bounding(kept, request.settings.k)
        if bounding:
            kept = tuple(replace(t, totals_only=True) if t in bounding else t for t in kept)
            continue
        spare = least_missed(request, kept)
        if spare is None or len(kept) == 1:
            return found
        kept = tuple(table for table in kept if table is not spare)
        reason = "no safe version together with the other tables"
        dropped = (*dropped, Dropped(spare.id, spare.title, reason))


def _telling(
    request: ReleaseRequest,
    kept: tuple[TableRequest, ...],
    dropped: tuple[Dropped, ...],
    early: Early | None,
) -> Callable[[Proved], None] | None:
    if early is None:
        return None
    return lambda found: early(safe_release(request, kept, dropped, found))


def _try(
    request: ReleaseRequest,
    kept: tuple[TableRequest, ...],
    earlier: Certificates,
    early: Callable[[Proved], None] | None,
) -> Proved | Refused:
    people = tuple(table for table in kept if table.counted == "residents")
    layout = lay_out(request, people)
    problem = _with_settled(request, kept, layout.problem, earlier)
    problem = replace(problem, least=known_least(kept, request.settings.k))
    layout = replace(layout, problem=problem)
    joint: Problem | NoSolution = problem
    if people and request.is_compared:
        joint = compared(request, people, layout, earlier)
    elif people:
        joint = together(problem, request, earlier)
    if isinstance(joint, NoSolution):
        return Refused(joint.reason, "search")
    found = prove(joint, lambda solution: publish(request, kept, layout, solution), early)
    if isinstance(found, NoSolution):
        return Refused(found.reason, "search")
    if isinstance(found, Unproved):
        return Refused(NO_PROOF, "certificate")
    return found


def _with_settled(
    request: ReleaseRequest,
    kept: tuple[TableRequest, ...],
    problem: Problem,
    earlier: Certificates,
) -> Problem:
    if request.is_compared:
        return problem  # by what the figures count, see `compared`
    values = {f.id: sum(problem.counts[a] for a in f.atoms) for f in problem.figures if f.offered}
    events: dict[str, int] = {}
    for table in kept:
        if table.counted != "residents":
            found = event_figures(table, 0, request.settings.k)
            events |= {f.id: f.value for f in found if f.value is not None}
    fixed = settled(request, values | events, earlier)
    here = {name: status for name, status in fixed.items() if name in values}
    return replace(problem, fixed={**here, **problem.fixed})


def _bounding(kept: tuple[TableRequest, ...], k: int) -> tuple[TableRequest, ...]:
    """Name the tables of events whose lines tell something of the tables of residents."""
    residents = tuple(table for table in kept if table.counted == "residents")
    events = [table for table in kept if table.behind and not table.totals_only]
    return tuple(table for table in events if known_least((*residents, table), k))


def least_missed(request: ReleaseRequest, kept: tuple[TableRequest, ...]) -> TableRequest | None:
    """Name the table to leave out next: the last two-way one, then the last of a part."""
    people = [table for table in kept if table.counted == "residents"]
    for table in reversed(people):
        if table.two_way:
            return table
    partitions = [table for table in people if table.kind == "partition"]
    parts = [table for table in partitions if population_of(request, table) != SERVED]
    return parts[-1] if parts else None


def kept_tables(
    request: ReleaseRequest, earlier: Certificates, two_way_from: int
) -> tuple[tuple[TableRequest, ...], tuple[Dropped, ...]]:
    """Leave out tables with too few residents behind them, and what adds up with earlier ones."""
    kept, dropped = [], []
    for table in request.tables:
        reason = _few_behind(request, table, two_way_from) or _known(request, table, earlier)
        if reason:
            dropped.append(Dropped(table.id, table.title, reason))
        else:
            kept.append(table)
    out = lines_out(request.period, earlier)
    return apart(kept, request.settings.k, out), tuple(dropped)


def _few_behind(request: ReleaseRequest, table: TableRequest, two_way_from: int) -> str:
    """Say why a table is left out for what it counts, or ""."""
    least, counts_residents = LEAST_GROUPS * request.settings.k, table.counted == "residents"
    behind = table.total if table.kind == "partition" else request.population
    is_slice = request.is_compared and table.population is None
    is_part = counts_residents and population_of(request, table) != SERVED
    if is_part and not is_slice and 0 < behind < least:
        return f"fewer than {least} residents"
    if counts_residents and table.two_way and behind < two_way_from:
        return f"a two-way table needs at least {two_way_from} residents"
    if table.tells_of_a_group(request.settings.k):
        return "it would say the same of nearly everybody in a group, and so of each of them"
    return ""


def _known(request: ReleaseRequest, table: TableRequest, earlier: Certificates) -> str:
    """Say why a table is left out beside what is out, or ""."""
    if is_told_otherwise(request, table, earlier):
        return "a report of exact counts that is public tells of the same"
    if was_told_once(request, table, earlier):
        return "answers under seal are told once, and a release of the same days has told them"
    if adds_up_with_earlier(request, table, earlier):
        return "it adds up with releases of the same year that are out"
    if changed_since(request, table, earlier):
        return "its counts have changed since a release of the same period"
    return ""


def safe_release(
    request: ReleaseRequest,
    tables: tuple[TableRequest, ...],
    dropped: tuple[Dropped, ...],
    found: Proved,
) -> SafeRelease:
    """Put together what may leave, from what was proved; for this package alone."""
    solution, certificate = found.solution, found.certificate
    values: Values = {f["id"]: f["value"] for f in certificate["figures"]}
    safe = tuple(safe_table(table, values) for table in tables)
    figures = [v for name, v in values.items() if name != POPULATION_ID]
    return SafeRelease(
        title=request.title,
        period=request.period,
        audience=request.audience,
        population_shown=request.population,
        tables=safe,
        certificate=certificate,
        proof=proof_of(request, tables, dropped, found),
        shown=sum(value is not None for value in figures),
        withheld=sum(value is None for value in figures),
        fewest_proved=solution.proved,
        best_proved=solution.lower_bound >= solution.weight,
        dropped=dropped,
        seal=_SEAL,
    )
