"""What may be asked for: the tables of one release, with their true counts."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import chain

from shelter_desk.disclosure.definitions import YES, Definition, People
from shelter_desk.disclosure.model import ProblemError, Settings

COUNTED = ("residents", "nights", "entries", "items")
KINDS = ("partition", "yes-no")
AUDIENCES = ("public", "named")
SERVED = "served"
TOTAL = "total"
RELEASE = "release"
# What stands before the name of a part of the residents that no table names.
SLICE = "in "

Grid = tuple[tuple[int, ...], ...]


@dataclass(frozen=True, slots=True)
class Label:
    """One row or column: a code without "/" for figure ids, and the words on the page.

    `raw` are the raw values it stands for, where the table says along which dimension. A line of a
    sensitive table can be one that harms nobody ("never").
    """

    code: str
    label: str
    raw: tuple[str, ...] = ()
    is_harmless: bool = False


@dataclass(frozen=True, slots=True)
class Over:
    """What the figures of a table count, in raw values.

    Args:
        base: what every figure counts: dimension -> raw values.
        rows: dimension of the rows; of a yes-no table, what stands before the code of a row,
            which has a dimension of its own.
        columns: dimension of the columns of a two-way table.
        suffix: what stands behind the code of a row of a yes-no table ("@2026-Q1").
    """

    base: tuple[tuple[str, tuple[str, ...]], ...]
    rows: str = ""
    columns: str = ""
    suffix: str = ""


@dataclass(frozen=True, slots=True)
class TableRequest:
    """One table with its true counts, from which `protect` makes a safe one.

    Args:
        id: name of the table in figure ids (`id/row/column`); no "/". A two-way table of everybody
            with the columns "yes" and "no" that carries the code of a yes-no row as its id splits
            the residents by that row: its column totals are that row and the rest.
        title: heading on the page.
        counted: "residents", "nights", "entries" or "items".
        rows: row labels. columns: column labels; a one-way table has a single column.
        cells: one tuple per row, one whole number per column.
        contributors: distinct residents behind each cell; needed unless residents are counted.
        largest: largest contribution of one resident to each cell; needed likewise.
        kind: "partition" (every resident in exactly one cell) or "yes-no" (each row splits the
            whole population for itself; one column).
        population: which residents a partition counts: "served" is everybody in the release, any
            other name a part of them ("admitted"). None: everybody if the total says so, else a
            part of its own. Tables of one part should name it alike.
        all_contributors: distinct residents behind the total, or None if unknown.
        all_largest: largest contribution of one resident to the total, or None if unknown.
        behind: id of the table of residents with the same codes in which everybody behind a row
            of this table of events is counted in that row, or "". A shown count of events says
            that at least k residents are behind it, so it bounds that table from below.
        most_each: the most one resident can contribute (nights: the days of the period), or None.
        totals_only: show no more than the totals.
        column_contributors: distinct residents behind each column total, or None if unknown.
        column_largest: largest contribution of one resident to each column total, or None.
        along: which events are counted, and what the rows stand for, such as ("answers",
            "phase"); of tables of the same events along different rows only one shows its rows.
        sensitive: "rows" or "columns" where it is about something that harms when it is known of
            everybody in a group (how a stay ended, health, legal status), else "".
        about: what it tells of that a report of exact counts can tell of otherwise, or "". Where
            such a report is public for some of the same days, the table is left out.
        over: what its figures count in raw values, or None where only this period's own counts
            are known.
        means: what is counted and of whom, in a sentence or two for readers, or "".
        once: on which line a resident stands is kept nowhere when the table is out, as it could
            outlive them. So no later release could be set against its lines, and none of the same
            days counts them again. Its total, which they divide, is shown or the table is left
            out: whatever is told later, they can be filled in to the same total as before.
    """

    id: str
    title: str
    counted: str
    rows: tuple[Label, ...]
    columns: tuple[Label, ...]
    cells: Grid
    contributors: Grid | None = None
    largest: Grid | None = None
    kind: str = "partition"
    population: str | None = None
    all_contributors: int | None = None
    all_largest: int | None = None
    behind: str = ""
    most_each: int | None = None
    totals_only: bool = False
    column_contributors: tuple[int, ...] | None = None
    column_largest: tuple[int, ...] | None = None
    along: tuple[str, str] = ("", "")
    sensitive: str = ""
    about: str = ""
    over: Over | None = None
    means: str = ""
    once: bool = False

    def __post_init__(self) -> None:
        _check_labels(self)
        for grid in (self.cells, self.contributors, self.largest):
            if grid is not None:
                _check_grid(self, grid)
        if self.counted not in COUNTED or self.kind not in KINDS:
            raise ProblemError(f"{self.title}: what is counted, and how, is not known")
        if self.kind == "yes-no" and (self.two_way or self.counted != "residents"):
            raise ProblemError(f"{self.title}: a yes-no table has one column and counts residents")
        if self.counted != "residents" and (self.contributors is None or self.largest is None):
            raise ProblemError(f"{self.title}: how many residents are behind a count is missing")
        if self.once and (self.two_way or self.kind != "partition" or self.counted != "residents"):
            raise ProblemError(f"{self.title}: what is told once divides residents in one way")
        _check_most(self)

    @property
    def two_way(self) -> bool:
        """Whether the table has more than one column, and so margins."""
        return len(self.columns) > 1

    @property
    def total(self) -> int:
        """Sum of all cells."""
        return sum(map(sum, self.cells))

    def tells_of_a_group(self, k: int) -> bool:
        """Tell whether all residents of a shown group, or all but one, stand on one harmful line.

        Everybody can then say it of each of them, however many they are. Of a yes-no table only
        the row itself is withheld: see `layout`. Any other table is left out whole, because no
        part of it would be safe to show: zeros are always shown, and beside the zeros of a line
        its one blank is everybody; a blank zero would have to be read as somebody. Were only the
        crossing left out and its margins shown, who knows this rule could look in them for the
        one group and the one line that are large enough.
        """
        if not self.sensitive or self.kind == "yes-no":
            return False
        lines = [list(column) for column in zip(*self.cells, strict=True)]
        along = self.rows
        if self.sensitive == "columns":
            lines, along = [list(row) for row in self.cells], self.columns
        lines.append([sum(group) for group in zip(*lines, strict=True)])
        harms = [not label.is_harmless for label in along]
        return any(
            sum(line) >= k and count >= sum(line) - 1
            for line in lines
            for count, is_harmful in zip(line, harms, strict=True)
            if is_harmful
        )


@dataclass(frozen=True, slots=True)
class ReleaseRequest:
    """Everything that leaves together: the tables of one period for one audience.

    Args:
        title: heading. period: "2026-Q1" or "2026". audience: "public" or "named".
        population: residents in scope. tables: what to show. settings: how strictly.
        people: residents in raw values; then every table of residents says what it is `over`, and
            the release is compared with all others by what they count. None: by their names.
        everybody: what "in scope" means in raw values.
        impossible: classes in which nobody can be.
        keep_shown: ids of figures that shall be shown; others are withheld instead.
        beside: (period, audience, seal) of the releases that are out and named in the certificate.
    """

    title: str
    period: str
    audience: str
    population: int
    tables: tuple[TableRequest, ...]
    settings: Settings
    people: People | None = None
    everybody: Definition | None = None
    impossible: tuple[Definition, ...] = ()
    keep_shown: frozenset[str] = frozenset()
    beside: tuple[tuple[str, str, str], ...] = ()

    def __post_init__(self) -> None:
        ids = [table.id for table in self.tables]
        if len(set(ids)) != len(ids) or RELEASE in ids:
            raise ProblemError("every table needs a name of its own")
        if self.audience not in AUDIENCES:
            raise ProblemError("the audience is public or named")
        if type(self.population) is not int or self.population < 0:
            raise ProblemError("the number of residents is a whole number from 0")

    @property
    def is_compared(self) -> bool:
        """Whether it can be set against all that is out by what its figures count.

        Else tables are compared by their names, and only with those of the same names.
        """
        explained = (t.over is not None for t in self.tables if t.counted == "residents")
        return self.people is not None and self.everybody is not None and all(explained)


def definitions(table: TableRequest) -> dict[str, Definition]:
    """Return figure id -> what it counts, totals included; empty for a table of events."""
    over = table.over
    if over is None or table.counted != "residents":
        return {}
    base, found = dict(over.base), {}
    if table.kind == "yes-no":
        for row in table.rows:
            asked = f"{over.rows}{row.code}{over.suffix}"
            name = f"{table.id}/{row.code}/{table.columns[0].code}"
            found[name] = Definition.of({**base, asked: row.raw or (YES,)})
        return found
    rows = [(row.code, {over.rows: row.raw}) for row in table.rows]
    columns: list[tuple[str, dict[str, tuple[str, ...]]]] = [(table.columns[0].code, {})]
    if table.two_way:
        columns = [(c.code, {over.columns: c.raw}) for c in table.columns] + [(TOTAL, {})]
    found = {
        f"{table.id}/{r}/{c}": Definition.of(base | a | b) for r, a in rows for c, b in columns
    }
    if table.two_way:
        found |= {f"{table.id}/{TOTAL}/{c}": Definition.of(base | b) for c, b in columns}
    return found | {f"{table.id}/{TOTAL}/{TOTAL}": Definition.of(base)}


def told_once(tables: Iterable[TableRequest]) -> frozenset[str]:
    """Return the dimensions of which nothing is kept beside a release; see `TableRequest.once`."""
    return frozenset(t.over.rows for t in tables if t.once and t.over is not None)


def population_of(request: ReleaseRequest, table: TableRequest) -> str:
    """Name the residents a table counts; see `TableRequest.population`."""
    if table.population is not None:
        return table.population
    if table.total == request.population:
        return SERVED
    # Tables of one slice are about the same residents, whatever they are called.
    is_told = request.is_compared and table.over is not None
    return f"{SLICE}{table.over.base if is_told and table.over else table.id}"


def _check_labels(table: TableRequest) -> None:
    if not table.rows or not table.columns:
        raise ProblemError(f"{table.title}: a table has at least one row and one column")
    for labels in (table.rows, table.columns):
        codes = [label.code for label in labels]
        if len(set(codes)) != len(codes):
            raise ProblemError(f"{table.title}: two lines have the same code")
        if TOTAL in codes or "" in codes or "/" in "".join(codes):
            raise ProblemError(f"{table.title}: a code is empty, contains / or is {TOTAL}")
    if "/" in table.id or not table.id:
        raise ProblemError(f"{table.title}: the name of the table is empty or contains /")


def _check_most(table: TableRequest) -> None:
    if table.most_each is None:
        return
    if type(table.most_each) is not int or table.most_each < 1:
        raise ProblemError(f"{table.title}: one resident contributes at least 1")
    if any(n > table.most_each for row in table.largest or () for n in row):
        raise ProblemError(f"{table.title}: one resident contributes more than can be")


def _check_grid(table: TableRequest, grid: Grid) -> None:
    if len(grid) != len(table.rows) or set(map(len, grid)) - {len(table.columns)}:
        raise ProblemError(f"{table.title}: rows and columns do not fit the numbers")
    flat = list(chain.from_iterable(grid))
    if set(map(type, flat)) - {int} or min(flat, default=0) < 0:
        raise ProblemError(f"{table.title}: counts are whole numbers from 0")
