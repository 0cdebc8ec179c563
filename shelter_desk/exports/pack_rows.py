"""The files of a pack with lines of single records, each under a label of this pack only."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

from shelter_desk.domain.evidence import EvidenceTable
from shelter_desk.domain.pack_rules import PackFile, PackRules
from shelter_desk.domain.reader_lines import RecordForReader
from shelter_desk.domain.record_lines import (
    MISSING,
    NOT_DUE,
    PRESENT,
    PRESENT_LATE,
    WAITING,
    IncidentShown,
)

Row = tuple[str, ...]
_TOLD = ("custodian", "police", "ncmec", "licensing")


@dataclass(frozen=True, slots=True)
class Labelled:
    """One record under its label."""

    label: str
    record: RecordForReader


def row_tables(
    names: Iterable[str], records: tuple[Labelled, ...], rules: PackRules
) -> tuple[EvidenceTable, ...]:
    """Return the tables of single records that are named, with their columns and no other."""
    return tuple(_table(rules.files[name], tuple(_ROWS[name](records, rules))) for name in names)


def _table(file: PackFile, rows: tuple[Row, ...]) -> EvidenceTable:
    return EvidenceTable(file.id, file.title, tuple(file.columns), rows, file.about)


def _completeness(records: tuple[Labelled, ...], rules: PackRules) -> Iterator[Row]:
    for one in records:
        for group in rules.documents:
            yield one.label, group.title, *one.record.state_of(group.items)


def _shares(records: tuple[Labelled, ...], rules: PackRules) -> Iterator[Row]:
    for group in rules.documents:
        found = Counter(one.record.state_of(group.items)[0] for one in records)
        there = found[PRESENT] + found[PRESENT_LATE]
        expected = there + found[WAITING] + found[MISSING]
        yield (
            group.title,
            *(f"{found[state]:,}" for state in _STATES),
            f"{len(records) - sum(found[state] for state in _STATES):,}",
            f"{100 * there // expected}" if expected else "",
        )


def _timeliness(records: tuple[Labelled, ...], _rules: PackRules) -> Iterator[Row]:
    for one in records:
        rows = (
            (
                one.label,
                shown.line.text,
                shown.due,
                shown.done,
                shown.late,
                shown.line.role,
                shown.line.status,
            )
            for shown in one.record.lines()
        )
        yield from one.record.told_once(rows)


def _signatures(records: tuple[Labelled, ...], _rules: PackRules) -> Iterator[Row]:
    for one in records:
        rows = (
            (
                one.label,
                shown.line.text,
                str(shown.line.signatures),
                ", ".join(shown.line.signer_roles),
                shown.signed,
                str(shown.line.missing_signatures),
            )
            for shown in one.record.lines()
            if shown.line.done_day is not None and shown.line.signatures
        )
        yield from one.record.told_once(rows)


def _incidents(records: tuple[Labelled, ...], _rules: PackRules) -> Iterator[Row]:
    for one in records:
        for shown in one.record.incidents:
            yield one.label, *incident_cells(shown, *one.record.when(shown))


def incident_cells(shown: IncidentShown, quarter: str, day: str) -> Row:
    """Return an incident as it stands in a line, in the order of the columns."""
    told: Mapping[str, bool] = dict(shown.told)
    return (
        ", ".join(shown.types),
        quarter,
        day,
        shown.shift,
        *(_yes(told[who]) if who in told else "not owed" for who in _TOLD),
        _yes(shown.was_treated),
        "not owed" if shown.debrief is None else _yes(shown.debrief),
        _yes(shown.is_filed),
        _yes(shown.is_closed),
    )


def _yes(true: bool) -> str:  # noqa: FBT001 - what it turns into words
    return "yes" if true else "no"


_STATES = (PRESENT, PRESENT_LATE, WAITING, MISSING, NOT_DUE)
_ROWS: Mapping[str, Callable[[tuple[Labelled, ...], PackRules], Iterator[Row]]] = {
    "03_completeness_by_record": _completeness,
    "03_completeness_shares": _shares,
    "04_timeliness_by_record": _timeliness,
    "05_incidents_by_record": _incidents,
    "08_signatures_by_record": _signatures,
}
