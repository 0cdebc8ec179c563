"""One table of outcomes on its way to the safe-table gate: who stands on which line of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from shelter_desk.disclosure import Label, Over, TableRequest
from shelter_desk.disclosure.definitions import YES, Raw, at

_POPULATIONS = {"": "served", "came": "admitted", "left": "left"}
_ALL = (Label("all", "All"),)


@dataclass(frozen=True, slots=True)
class Outcome:
    """One table on its way: `lines` is a resident's key -> the row they are in.

    `only`: it divides those who "left", or "came"; "" for everybody. `within`: those on lines of
    another table alone. `means` and `once` are those of a `TableRequest`.
    """

    id: str
    title: str
    only: str
    rows: Sequence[tuple[str, str]]
    lines: Mapping[str, str]
    within: tuple[str, tuple[str, ...]] | None = None
    means: str = ""
    once: bool = False

    def as_released(self, kept: Mapping[str, Raw], period: str) -> Outcome:
        """Return it with everybody on the line that a release of these facts had them on."""
        name = at(self.id, period)
        lines = {key: values[name] for key, values in kept.items() if name in values}
        return replace(self, lines=lines) if lines else self

    def table(self, period: str, about: str) -> TableRequest:
        """Return the table, in raw values as well. `about` is that of a `TableRequest`."""
        counts = Counter(self.lines.values())
        only = {at(self.only, period): (YES,)} if self.only else {}
        base: dict[str, tuple[str, ...]] = {at("in", period): (YES,), **only}
        population = _POPULATIONS[self.only]
        if self.within is not None:
            population, lines = self.within
            base[at(population, period)] = lines
        return TableRequest(
            self.id, self.title, "residents",
            tuple(Label(code, words, (code,)) for code, words in self.rows), _ALL,
            tuple((counts[code],) for code, _ in self.rows),
            population=population, over=Over(tuple(base.items()), at(self.id, period)),
            about=about, means=self.means, once=self.once,
        )  # fmt: skip
