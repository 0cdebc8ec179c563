"""The files of a pack whose lines are groups of checklist items: documents, medicines, complaints.

An auditor who is given a grid of * must learn why, and get what may be given: each line says why
it is withheld, and the last one stands for all of them together as far as that may be shown. How
fine the lines are is told by the beds of the house, see `desk.item_groups`.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator

from shelter_desk.desk.item_groups import FILE_FROM_BEDS, FINE_FROM_BEDS, GROUPS
from shelter_desk.disclosure import SafeRelease, SafeTable
from shelter_desk.domain.pack_rules import PackRules
from shelter_desk.exports.pack_figures import (
    NO_VERSION,
    TOO_FEW_ITEMS,
    figure,
    line_of,
    share,
    tables_of,
)

Row = tuple[str, ...]
_Figures = tuple[int | None, int | None, int | None]
_HIDDEN: _Figures = (None, None, None)
TOGETHER = "All of these"
_BY_SERVICE = "the same answers are in 04_timeliness"
_BY_FILE = f"a house of fewer than {FINE_FROM_BEDS} beds shows the lines of a file together only"
_BY_DOCUMENT = f"a house of fewer than {FILE_FROM_BEDS} beds shows documents only, all together"
_IS_OUT = "the same answers are out along other lines, in a summary of the period"


def matter_rows(release: SafeRelease | None, file_id: str, rules: PackRules) -> Iterator[Row]:
    """Yield a line for each group of a file, and one for all of them together."""
    tables = tables_of(release)
    table = tables.get(GROUPS)
    groups = [group for group in rules.groups if group.file == file_id]
    lines = [_figures(table, group.id) for group in groups]
    why = _why(table, tables.get("completeness"), {*(group.id for group in groups)}, file_id)
    for group, line in zip(groups, lines, strict=True):
        yield _row(group.title, line, why)
    together = _figures(table, file_id)
    if together == _HIDDEN:
        together = _sum(lines)
    yield _row(TOGETHER, together, why)


def _figures(table: SafeTable | None, code: str) -> _Figures:
    """Return answered, in time and late; of a table with answers alone, the first of them."""
    line = line_of(table, code)
    if line is None:
        return _HIDDEN
    return (line[0], *((line[1], line[2]) if len(line) > 1 else (None, None)))


def _sum(lines: list[_Figures]) -> _Figures:
    first, second, third = (
        None if None in column else sum(one or 0 for one in column)
        for column in zip(*lines, strict=True)
    )
    return first, second, third


def _row(title: str, line: _Figures, why: str) -> Row:
    withheld = why if None in line else ""
    return title, *map(figure, line), share(line[1], line[0]), withheld


def _why(
    table: SafeTable | None, services: SafeTable | None, groups: Collection[str], file_id: str
) -> str:
    if table is None:
        return NO_VERSION
    codes = {row.code for row in table.rows}
    if not _has_lines(table):
        by_service = services and _has_lines(services)
        return _BY_SERVICE if by_service else f"{TOO_FEW_ITEMS}; or {_IS_OUT}"
    if codes.isdisjoint(groups):
        return _BY_FILE if file_id in codes else _BY_DOCUMENT
    return TOO_FEW_ITEMS


def _has_lines(table: SafeTable) -> bool:
    return any(one for row in table.cells for one in row)
