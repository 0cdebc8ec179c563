"""Every file of a pack that is not lines of single records: one maker for each, by its name.

A maker lays out what the desk's questions answered; the columns of its file are checked against
the data dictionary before anything leaves: no column leaves that is not written down there.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace

from shelter_desk.desk.care_counts import HIDDEN, care_tables
from shelter_desk.desk.evidence_house import HouseShown
from shelter_desk.disclosure import SafeRelease
from shelter_desk.domain.content import Service
from shelter_desk.domain.evidence import EvidenceTable
from shelter_desk.domain.pack_lines import GrantLine
from shelter_desk.domain.pack_rules import COUNTS, PackFile, PackProfile, PackRules
from shelter_desk.exports.pack_definitions import definitions
from shelter_desk.exports.pack_figures import (
    NO_SUMMARY,
    NO_VERSION,
    figure,
    ratio,
    tables_of,
    total,
    why_withheld,
)
from shelter_desk.exports.pack_house import (
    findings_rows,
    house_papers_rows,
    policy_rows,
    staffing_rows,
)
from shelter_desk.exports.pack_matters import matter_rows
from shelter_desk.exports.pack_outcomes import (
    INCIDENTS_FOR_NIGHTS,
    arrival_rows,
    line_rows,
    outcome_rows,
    people_rows,
)

Row = tuple[str, ...]
_ON_ARRIVAL = "03_documents_on_arrival"
_CARE: Mapping[str, str] = {
    "04_timeliness": "completeness",
    "04_late_entries": "late-entries",
    "05_incidents": "incidents",
    "06_services_by_funder": "funder-lines",
    "08_answers_by_role": "answers",
    "08_signatures": "signatures",
    "12_records_opened": "access",
    "16_corrections": "corrections",
}


@dataclass(frozen=True, slots=True)
class Answers:
    """What was asked of the desk for one pack. A release is None where nothing may leave.

    `staff_work` is id -> table of `evidence.about_staff_work`; `beds` are in use today; `nights`
    are the nights of the period; `lists` is id of a list -> (title, edition);
    `connections` are the lines of RHY service connections.
    """

    profile: PackProfile
    rules: PackRules
    care: SafeRelease | None
    summary: SafeRelease | None
    outcomes: SafeRelease | None
    services: Mapping[str, Service]
    house: HouseShown
    staff_work: Mapping[str, EvidenceTable]
    beds: int
    nights: int
    lists: Mapping[str, tuple[str, str]]
    model_version: str
    connections: tuple[GrantLine, ...]


def pack_tables(answers: Answers) -> tuple[EvidenceTable, ...]:
    """Return the table of each file of the profile that is one, in the order of their names."""
    return tuple(
        _fitting(answers.rules.files[name], _MAKERS[name](answers, answers.rules.files[name]))
        for name in sorted(answers.profile.files)
        if name in _MAKERS
    )


def needs_care_counts(profile: PackProfile, rules: PackRules) -> bool:
    """Say whether a profile holds counts that rest on residents, beside a summary."""
    return any(rules.files[name].holds == COUNTS for name in profile.files)


def _fitting(file: PackFile, table: EvidenceTable) -> EvidenceTable:
    """Return the table, once its columns are the ones that may leave."""
    if table.columns != tuple(file.columns):
        raise ValueError(f"{file.id}: the columns are not those of the data dictionary")
    return table


def _filled(file: PackFile, rows: Iterator[Row], note: str = "") -> EvidenceTable:
    return EvidenceTable(file.id, file.title, tuple(file.columns), tuple(rows), note or file.about)


def _care_table(answers: Answers, file: PackFile) -> EvidenceTable:
    table = care_tables(answers.care)[_CARE[file.id]]
    return replace(table, id=file.id, title=file.title, note=f"{file.about} {table.note}")


def _incidents(answers: Answers, file: PackFile) -> EvidenceTable:
    """Lay out incidents by type, with how many that is for the nights of care."""
    counts, nights = _care_table(answers, file), total(tables_of(answers.summary).get("nights"))
    out = NO_VERSION if answers.care is None else _without_summary(answers)
    each = ((*row, _for_nights(row[1], nights)) for row in counts.rows)
    rows = tuple((*row, _why(row, out, nights)) for row in each)
    return replace(counts, columns=tuple(file.columns), rows=rows)


def _for_nights(parts: str, nights: int | None) -> str:
    if parts == HIDDEN:
        return HIDDEN
    return ratio(100 * int(parts.replace(",", "")), nights)


def _matters(answers: Answers, file: PackFile) -> EvidenceTable:
    return _filled(file, matter_rows(answers.care, file.id, answers.rules))


def _definitions(answers: Answers, file: PackFile) -> EvidenceTable:
    return _filled(
        file,
        definitions(answers.rules, answers.profile, answers.lists, answers.model_version),
    )


def _census(answers: Answers, file: PackFile) -> EvidenceTable:
    safe = tables_of(answers.summary)
    served, nights = total(safe.get("served")), total(safe.get("nights"))
    most = answers.beds * answers.nights

    def rows() -> Iterator[Row]:
        yield "Residents served", figure(served), "each resident once"
        yield "Residents admitted", figure(total(safe.get("admitted"))), "each resident once"
        yield "Residents who left", figure(total(safe.get("left"))), "each resident once"
        yield "Nights of care", figure(nights), "nights within the period"
        yield "Nights for each resident", ratio(nights, served), "nights of care by residents"
        yield (
            "Occupancy, percent",
            ratio(None if nights is None else 100 * nights, most or None),
            f"nights of care of {most:,} bed nights; beds as in use today",
        )

    out, whole = _without_summary(answers), served and most
    return _filled(file, ((*row, _why(row, out, whole)) for row in rows()))


def _without_summary(answers: Answers) -> str:
    return NO_SUMMARY if answers.summary is None else ""


def _why(row: Row, out: str, whole: int | None) -> str:
    """Return why a * stands in a row; `out` where what it comes from stayed out, or ""."""
    why = why_withheld(row, whole)
    return why and (out or why)


def _outcomes(answers: Answers, file: PackFile) -> EvidenceTable:
    is_asked = _ON_ARRIVAL in answers.profile.files
    rows = outcome_rows(answers.summary, answers.care, answers.outcomes, is_asked=is_asked)
    if not needs_care_counts(answers.profile, answers.rules):  # none was tried, and given up
        rows = (row for row in rows if row[0] != INCIDENTS_FOR_NIGHTS)
    return _filled(file, rows)


def _arrivals(answers: Answers, file: PackFile) -> EvidenceTable:
    return _filled(file, arrival_rows(answers.outcomes))


def _people(answers: Answers, file: PackFile) -> EvidenceTable:
    return _filled(file, people_rows(answers.summary, answers.services))


def _lines(answers: Answers, file: PackFile) -> EvidenceTable:
    lines = (*answers.connections, *answers.rules.lines)
    return _filled(file, line_rows(answers.summary, lines, answers.services))


def _handoffs(answers: Answers, file: PackFile) -> EvidenceTable:
    rule = "held all the time" if answers.house.is_rule_kept else "set anew since"
    return _filled(
        file,
        (
            (one.shift, *(f"{n:,}" for n in (one.count, one.signed, one.as_expected)),
             f"{one.fewest_on_duty:,}", f"1:{one.ratio:,}", rule, f"{100 * one.met // one.count}")
            for one in answers.house.handoffs
        ),
    )  # fmt: skip


def _checks(answers: Answers, file: PackFile) -> EvidenceTable:
    return _filled(
        file,
        (
            (text, f"{done:,}", f"{timely:,}", f"{done - timely:,}")
            for text, done, timely in answers.house.checks
        ),
    )


def _access(answers: Answers, file: PackFile) -> EvidenceTable:
    acts = ((act, "", times) for act, times in answers.staff_work["staff-acts"].rows)
    left = (tuple(row) for row in answers.staff_work["disclosures"].rows)
    return _filled(file, iter((*acts, *left)))


def _seals(answers: Answers, file: PackFile) -> EvidenceTable:
    return _filled(file, iter(answers.staff_work["seals"].rows))


def _house(
    rows: Callable[[HouseShown], Iterator[Row]],
) -> Callable[[Answers, PackFile], EvidenceTable]:
    return lambda answers, file: _filled(file, rows(answers.house))


_MAKERS: Mapping[str, Callable[[Answers, PackFile], EvidenceTable]] = {
    "02_definitions": _definitions,
    "03_file_completeness": _matters,
    _ON_ARRIVAL: _arrivals,
    "05_debriefs": _matters,
    "06_people_by_service": _people,
    "06_residents_by_line": _lines,
    "10_medication_audit": _matters,
    "11_grievances_drills": _matters,
    **dict.fromkeys(_CARE, _care_table),
    "05_incidents": _incidents,
    "07_census": _census,
    "09_staffing": _house(staffing_rows),
    "09_house_papers": _house(house_papers_rows),
    "09_handoffs": _handoffs,
    "11_house_checks": _checks,
    "16_findings": _house(findings_rows),
    "12_access_and_disclosure": _access,
    "12_seals": _seals,
    "13_outcomes": _outcomes,
    "14_policy_index": _house(policy_rows),
}
