"""What the dice drew, redacted, and the list it was drawn from."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from shelter_desk.desk import Desk
from shelter_desk.desk.evidence_house import people_drawn
from shelter_desk.desk.incidents_shown import incidents_drawn
from shelter_desk.desk.sampling import Sample, drawn_sample
from shelter_desk.domain.errors import InvalidError, Problem
from shelter_desk.domain.pack_rules import Basis, PackProfile, PackRules
from shelter_desk.domain.periods import Period
from shelter_desk.domain.reader_lines import RecordForReader
from shelter_desk.domain.sampling import INCIDENTS, RECORDS, list_text
from shelter_desk.exports.pack_house import PAPER_STATES
from shelter_desk.exports.sample_check import FOLDERS, SAMPLE
from shelter_desk.exports.sample_seal import SampleSeal
from shelter_desk.reports.sample_lists import (
    DrawnFrom,
    StaffFile,
    sample_incident_pdf,
    sample_staff_pdf,
)
from shelter_desk.reports.sample_record import SampleRecord, sample_record_pdf


def fitting_samples(
    desk: Desk, draw_ids: tuple[str, ...], profile: PackProfile, period: Period
) -> tuple[Sample, ...]:
    """Return the samples that a pack asks for, by their lists.

    Raises:
        InvalidError: one does not fit, see `fitting_sample`, or two are of the same list.
    """
    found = [fitting_sample(desk, one, profile, period) for one in draw_ids]
    by_method = {sample.line.method: sample for sample in found}
    if len(by_method) != len(found):
        raise InvalidError((Problem("draw_ids", "A pack holds one sample of each list."),))
    return tuple(by_method[method] for method in sorted(by_method))


def fitting_sample(desk: Desk, draw_id: str, profile: PackProfile, period: Period) -> Sample:
    """Return the sample that a pack asks for.

    Raises:
        InvalidError: it was not drawn, or for another reader or period, or while that period still
            ran, or is larger than allowed, or of a list that this reader does not draw from.
    """
    sample = desk.ask(drawn_sample, draw_id=draw_id)
    if (sample.line.profile, sample.line.period) != (profile.id, period.id):
        words = "This sample was drawn for another reader or another period."
        raise InvalidError((Problem("draw_id", words),))
    if sample.line.until_at is not None:
        words = (
            "This list was fixed before its period was over. It is looked at on the screen and "
            "leaves in no pack."
        )
        raise InvalidError((Problem("draw_id", words),))
    if sample.line.wanted > profile.most_sample:
        words = f"A sample for this reader holds at most {profile.most_sample} records."
        raise InvalidError((Problem("draw_id", words),))
    if sample.line.of_list not in profile.lists:
        words = "This reader does not draw from that list."
        raise InvalidError((Problem("draw_id", words),))
    return sample


def sample_files(
    desk: Desk,
    sample: Sample,
    profile: PackProfile,
    rules: PackRules,
    basis: Basis,
    records: Mapping[str, RecordForReader],
) -> Mapping[str, bytes]:
    """Return path -> bytes: a PDF for each row drawn, and the list.

    `records` are those of the period that may be shown, by public id.
    """
    folder = FOLDERS[sample.line.method]
    opened = {at: place for at, (place, _) in sample.chosen.items()}
    listed = {f"{folder}list.jsonl": list_text(sample.leaves, opened)}
    if sample.line.of_list == RECORDS:
        return {**listed, **_records(desk, sample, profile, rules, basis, records)}
    papers = _incidents if sample.line.of_list == INCIDENTS else _staff
    return listed | {
        f"{folder}{found.label}.pdf": data for found, data in papers(desk, sample, basis)
    }


def _incidents(desk: Desk, sample: Sample, basis: Basis) -> Iterator[tuple[DrawnFrom, bytes]]:
    period, rows = Period.parse(sample.line.period), _rows(sample)
    shown = desk.ask(incidents_drawn, incidents=rows, period=period, now=desk.now())
    who = {one.code: one.label for one in desk.house.care_model.values("notice-recipients")}
    for found, one in zip(_drawn_from(sample, basis), shown, strict=True):
        told = tuple((who.get(code, code), in_time) for code, in_time in one.shown.told)
        yield found, sample_incident_pdf(found, replace(one, shown=replace(one.shown, told=told)))


def _staff(desk: Desk, sample: Sample, basis: Basis) -> Iterator[tuple[DrawnFrom, bytes]]:
    period, rows = Period.parse(sample.line.period), _rows(sample)
    shown = desk.ask(people_drawn, staff=rows, period=period, now=desk.now())
    for found, one in zip(_drawn_from(sample, basis), shown, strict=True):
        file = StaffFile(
            one.roles,
            one.whole_period,
            one.agreement,
            tuple((paper.kind.title, PAPER_STATES[paper.state]) for paper in one.papers),
            tuple((title, f"{hours:,}") for title, hours in one.hours),
        )
        yield found, sample_staff_pdf(found, file)


def _rows(sample: Sample) -> tuple[str, ...]:
    return tuple(public_id for _, public_id in sample.chosen.values())


def _drawn_from(sample: Sample, basis: Basis) -> Iterator[DrawnFrom]:
    label = Period.parse(sample.line.period).label
    for at, (place, _) in sample.chosen.items():
        yield DrawnFrom(place.label, at, label, basis.title)


def _records(
    desk: Desk,
    sample: Sample,
    profile: PackProfile,
    rules: PackRules,
    basis: Basis,
    records: Mapping[str, RecordForReader],
) -> Mapping[str, bytes]:
    model, label = desk.house.care_model, Period.parse(sample.line.period).label
    may_open = desk.house.access(desk.staff.roles).may_open
    closed = tuple(
        one.name
        for one in model.record_classes.values()
        if one.id in profile.closed or not may_open(one.id)
    )
    files = {}
    for at, (place, public_id) in sample.chosen.items():
        record = records.get(public_id)
        found = SampleRecord(place.label, at, record, label, basis.title, closed)
        files[f"{SAMPLE}{place.label}.pdf"] = sample_record_pdf(found, rules)
    return files


def sample_seal(sample: Sample) -> SampleSeal:
    """Return what the manifest states of a sample."""
    line = sample.line
    return SampleSeal(
        method=line.method,
        population=line.population,
        root=line.root.hex(),
        wanted=line.wanted,
        seed=line.seed,
        fixed_event=line.fixed_event,
        drawn_event=line.drawn_event,
    )
