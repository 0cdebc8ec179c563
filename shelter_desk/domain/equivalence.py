"""Which records agree in all that tells when somebody came or left, so that one is like several.

A *fact* is what follows from the days of a stay and from the checklist, which is public: that
something was due in the period, once or again, that the first month lies in it, that the stay has
ended. Records are put into classes of at least so many residents, and of each is shown what its
whole class has in common; who fits no class is left out. Whoever knows the day on which one of
them came is left with the whole class.

Classes are runs of an order of the records, chosen so that most can be shown. A fact asks for two
weeks more than it tells: then how late something was, in bands up to that, tells nothing further.

Source: equivalence classes of k-anonymity, made by local suppression (disclosure study, part 1).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cache, reduce
from operator import and_

from shelter_desk.domain.record_lines import FIRST_MONTH, RecordShown

ENDED, OPEN = "ended", "open"
WHOLE_MONTH, CAME_BEFORE = "whole month", "came a month before the end"
MOST_TIMES = 4
"""How often something came is told up to so many times."""

_TWO_WEEKS = 15
_SHOWN_AT_ALL = 40
"""What a record is worth beside its facts: what does not follow from days is shown as well."""

_Class = tuple[int, ...]


@cache
def due_fact(item_id: str) -> str:
    """Return the fact that something was due by the end of the period."""
    return f"due {item_id}"


@cache
def times_fact(item_id: str, times: int) -> str:
    """Return the fact that something was due at least so often in the period."""
    return f"due {item_id} {times}"


def facts_of(record: RecordShown) -> Iterator[str]:
    """Yield what the days of a stay make true of it, or leave open: what nobody asked for."""
    yield from _left_open(record)
    yield ENDED if record.has_ended else OPEN
    yield from record.quarters
    if record.last_day > FIRST_MONTH.days + 1:
        yield CAME_BEFORE
        if record.first_month:
            yield WHOLE_MONTH
    due: dict[str, list[int]] = {}
    for line in record.items:
        if line.due_day is not None:
            due.setdefault(line.item_id, []).append(line.due_day)
    for item_id in record.dated:
        days = due.get(item_id, ())
        if any(day < record.last_day for day in days):
            yield due_fact(item_id)
        last = record.last_day - _TWO_WEEKS
        times = sum(record.first_day <= day <= last for day in days)
        for one in range(1, min(times, MOST_TIMES) + 1):
            yield times_fact(item_id, one)


def _left_open(record: RecordShown) -> Iterator[str]:
    """Yield what could be true as well: nobody asked for it, so there is no line to tell."""
    for item_id in record.dated.keys() & record.unasked:
        yield due_fact(item_id)
        for one in range(1, MOST_TIMES + 1):
            yield times_fact(item_id, one)


def classes_of(
    records: Sequence[RecordShown], people: Sequence[int], least: int
) -> tuple[frozenset[str] | None, ...]:
    """Return of each record what its class has in common, None where it is in none.

    Args:
        records: the records, in any order.
        people: whose each of them is; one person may have two.
        least: the fewest people of a class, at least 2.
    """
    # Some hundred facts of each record are bits of one number: as sets of words they would take as
    # much memory as the rest of the program, and leave it in pieces that nobody can give back.
    every = {fact for record in records for fact in facts_of(record)}
    bit = {fact: 1 << at for at, fact in enumerate(sorted(every))}
    masks = [_bits(bit, set(facts_of(record))) for record in records]
    # Worth showing is what has a line. That something was due tells the state of a document; one
    # item of eight stands for one, and its state is what a reviewer asks for first.
    lines = [_bits(bit, (times_fact(item_id, 1) for item_id in one.dated)) for one in records]
    due = [_bits(bit, (due_fact(item_id) for item_id in one.dated)) for one in records]
    left_open = [_bits(bit, _left_open(record)) for record in records]

    def worth(run: _Class, common: int) -> int:
        told = [common & ~left_open[at] for at in run]
        states = sum((one & due[at]).bit_count() for at, one in zip(run, told, strict=True)) // 2
        rows = sum((one & lines[at]).bit_count() for at, one in zip(run, told, strict=True))
        return rows + states + _SHOWN_AT_ALL * len(run)

    orders: tuple[Callable[[int], tuple[int, ...]], ...] = (
        lambda at: (records[at].last_day, masks[at]),
        lambda at: (records[at].has_ended, records[at].last_day, masks[at]),
        lambda at: (masks[at].bit_count(), masks[at]),
    )
    best: tuple[int, tuple[_Class, ...]] = (0, ())
    for order in orders:
        found = _runs(sorted(range(len(records)), key=order), masks, worth, (people, least))
        best = max(best, found, key=lambda one: one[0])
    shared: list[frozenset[str] | None] = [None] * len(records)
    for one in best[1]:
        common = reduce(and_, (masks[at] for at in one))
        told = frozenset(fact for fact, its_bit in bit.items() if common & its_bit)
        for at in one:
            shared[at] = told
    return tuple(shared)


def _runs(
    order: Sequence[int],
    masks: Sequence[int],
    worth: Callable[[_Class, int], int],
    enough: tuple[Sequence[int], int],
) -> tuple[int, tuple[_Class, ...]]:
    """Return what the best classes are worth that are runs of an order, and these.

    `masks` are the facts of each record as bits; `worth` says what a class is worth with what it
    has in common; `enough` is whose each record is, and the fewest people of a class.
    No class needs twice as many people: the two halves of such a one have no less in common.
    """
    best: list[tuple[int, tuple[_Class, ...]]] = [(0, ())]
    for end in range(1, len(order) + 1):
        found = best[end - 1]
        for run in _ending_at(order[:end], *enough):
            common = masks[run[0]]
            for at in run:
                common &= masks[at]
            before = best[end - len(run)]
            total = before[0] + worth(run, common)
            if total > found[0]:
                found = total, (*before[1], run)
        best.append(found)
    return best[-1]


def _bits(bit: Mapping[str, int], facts: Iterable[str]) -> int:
    return sum(bit.get(fact, 0) for fact in facts)


def _ending_at(order: Sequence[int], people: Sequence[int], least: int) -> Iterable[_Class]:
    """Yield the runs with enough people that end with the last of an order."""
    seen: Counter[int] = Counter()
    for size, at in enumerate(reversed(order), 1):
        seen[people[at]] += 1
        if len(seen) >= 2 * least:
            return
        if len(seen) >= least:
            yield tuple(order[-size:])
