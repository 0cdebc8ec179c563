"""The records that the dice drew, redacted, and the list they were drawn from."""

from __future__ import annotations

from collections.abc import Mapping

from shelter_desk.desk import Desk
from shelter_desk.desk.record_lines import records_shown
from shelter_desk.desk.sampling import Sample, drawn_sample
from shelter_desk.domain.errors import InvalidError, Problem
from shelter_desk.domain.pack_rules import Basis, PackProfile, PackRules
from shelter_desk.domain.periods import Period
from shelter_desk.domain.sampling import METHOD, list_text
from shelter_desk.exports.sample_check import SAMPLE, SAMPLE_LIST
from shelter_desk.exports.sample_seal import SampleSeal
from shelter_desk.reports.sample_record import SampleRecord, sample_record_pdf


def fitting_sample(desk: Desk, draw_id: str, profile: PackProfile, period: Period) -> Sample:
    """Return the sample that a pack asks for.

    Raises:
        InvalidError: it was not drawn, or for another reader or period, or is larger than allowed.
    """
    sample = desk.ask(drawn_sample, draw_id=draw_id)
    if (sample.line.profile, sample.line.period) != (profile.id, period.id):
        words = "This sample was drawn for another reader or another period."
        raise InvalidError((Problem("draw_id", words),))
    if sample.line.wanted > profile.most_sample:
        words = f"A sample for this reader holds at most {profile.most_sample} records."
        raise InvalidError((Problem("draw_id", words),))
    return sample


def sample_files(
    desk: Desk, sample: Sample, profile: PackProfile, rules: PackRules, basis: Basis
) -> Mapping[str, bytes]:
    """Return path -> bytes: a PDF for each record drawn, and the list."""
    period, model = Period.parse(sample.line.period), desk.house.care_model
    stays = tuple(stay_id for _, stay_id in sample.chosen.values())
    shown = desk.ask(
        records_shown, stays=stays, period=period, now=desk.now(), closed=profile.closed
    )
    may_open = desk.house.access(desk.staff.roles).may_open
    closed = tuple(
        one.name
        for one in model.record_classes.values()
        if one.id in profile.closed or not may_open(one.id)
    )
    files = {
        SAMPLE_LIST: list_text(
            sample.leaves, {at: place for at, (place, _) in sample.chosen.items()}
        )
    }
    for (at, (place, _)), record in zip(sample.chosen.items(), shown, strict=True):
        found = SampleRecord(place.label, at, record, period.label, basis.title, closed)
        files[f"{SAMPLE}{place.label}.pdf"] = sample_record_pdf(found, rules)
    return files


def sample_seal(sample: Sample) -> SampleSeal:
    """Return what the manifest states of a sample."""
    line = sample.line
    return SampleSeal(
        method=METHOD,
        population=line.population,
        root=line.root.hex(),
        wanted=line.wanted,
        seed=line.seed,
        fixed_event=line.fixed_event,
        drawn_event=line.drawn_event,
    )
