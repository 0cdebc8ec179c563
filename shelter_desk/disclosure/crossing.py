"""From a family of crossed dimensions to tables of a release: slices, margins and hierarchies.

A release shows tables of rows and columns. A third dimension becomes one table for each of its
codes, each of its unions, and everybody; unions along rows or columns become tables of their own
beside those of single codes. What all of them count is said in raw values, so that a reader's sums
from one table to another are known to the release (see `layout`).
"""

from __future__ import annotations

from collections.abc import Mapping

from shelter_desk.disclosure.definitions import Definition, People
from shelter_desk.disclosure.families import EVERY, Dimension, Family
from shelter_desk.disclosure.request import Label, Over, TableRequest

ALL = (Label("all", "All"),)
Where = Mapping[str, tuple[str, ...]]


def crossed_tables(
    family: Family, people: People, everybody: Where, words: Mapping[str, str]
) -> tuple[TableRequest, ...]:
    """Lay a family out as tables of a release.

    Args:
        family: which dimensions are crossed; three at most, and no ring.
        people: residents in raw values, by the names of the dimensions.
        everybody: what "everybody" means in raw values: dimension -> codes.
        words: dimension or code -> words on the page; itself where it has none.
    """
    maker = _Maker(family, people, everybody, words)
    for table in family.tables:
        maker.add(table)
    return tuple(maker.tables.values())


class _Maker:
    def __init__(
        self, family: Family, people: People, everybody: Where, words: Mapping[str, str]
    ) -> None:
        self._known = {dimension.name: dimension for dimension in family.dimensions}
        self._people, self._everybody, self._words = people, everybody, words
        self.tables: dict[str, TableRequest] = {}

    def add(self, table: tuple[str, ...]) -> None:
        """Add every slice of a table, at every level of its rows and columns."""
        rows = self._known[table[0]]
        columns = self._known[table[1]] if len(table) > 1 else None
        for name, codes in self._slices(table):
            base = {**self._everybody, table[2]: codes} if codes else dict(self._everybody)
            for level, row_labels in self._levels(rows):
                for column_level, column_labels in self._levels(columns):
                    part = "-".join(p for p in (level, column_level, name) if p)
                    made = self._table(table, part, base, (row_labels, column_labels))
                    self.tables.setdefault(made.id, made)

    def _slices(self, table: tuple[str, ...]) -> list[tuple[str, tuple[str, ...]]]:
        """Name what a third dimension splits a table into; "" and no codes for everybody."""
        if len(table) < 3:
            return [("", ())]
        nodes = self._known[table[2]].nodes()
        split = [(name, tuple(sorted(codes))) for name, codes in nodes.items() if name != EVERY]
        return [*split, ("", ())]

    def _levels(self, dimension: Dimension | None) -> list[tuple[str, tuple[Label, ...]]]:
        """Return the labels of single codes, and of unions with the codes that are in none."""
        if dimension is None:
            return [("", ALL)]
        single = tuple(self._label(code, (code,)) for code in dimension.codes)
        if not dimension.unions:
            return [("", single)]
        joined = {code for codes in dimension.unions.values() for code in codes}
        unions = tuple(self._label(n, tuple(codes)) for n, codes in dimension.unions.items())
        alone = tuple(label for label in single if label.code not in joined)
        return [("", single), (f"{dimension.name} together", (*unions, *alone))]

    def _label(self, code: str, raw: tuple[str, ...]) -> Label:
        return Label(code, self._words.get(code, code), raw)

    def _table(
        self,
        table: tuple[str, ...],
        part: str,
        base: Mapping[str, tuple[str, ...]],
        labels: tuple[tuple[Label, ...], tuple[Label, ...]],
    ) -> TableRequest:
        rows, columns = labels
        crossed = len(table) > 1

        def count(row: Label, column: Label) -> int:
            where = {**base, table[0]: row.raw}
            where |= {table[1]: column.raw} if crossed else {}
            return self._people.count(Definition.of(where))

        spoken = " × ".join(self._words.get(name, name) for name in table[:2])
        title = f"{spoken}, {self._words.get(part, part)}" if part else spoken
        name = "-".join(table[:2]) if not part else f"{'-'.join(table)}: {part}"
        return TableRequest(
            id=name,
            title=title,
            counted="residents",
            rows=rows,
            columns=columns,
            cells=tuple(tuple(count(row, column) for column in columns) for row in rows),
            population=None if base != dict(self._everybody) else "served",
            over=Over(tuple(sorted(base.items())), table[0], table[1] if crossed else ""),
        )
