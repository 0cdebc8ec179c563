"""The files of one pack as bytes: every question put to the desk, every answer laid out.

What rests on residents is protected, and stands in the ledger, before a byte of it exists. Care
counts go before the summary: where both count the same events, the lines of care are shown.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from shelter_desk import __version__
from shelter_desk.desk import Desk, evidence, shelter
from shelter_desk.desk.evidence_house import about_the_house
from shelter_desk.desk.information_releases import NoReleaseError, ReleaseLine, valid_releases
from shelter_desk.desk.one_release import NAMES_NO_AGENCY, signed_for
from shelter_desk.desk.record_lines import records_in_common, records_shown, stays_between
from shelter_desk.desk.sampling import Sample
from shelter_desk.desk.summaries import releases
from shelter_desk.disclosure import Refused, SafeRelease
from shelter_desk.domain.errors import InvalidError, Problem
from shelter_desk.domain.evidence import EvidenceReport, EvidenceTable
from shelter_desk.domain.pack_lines import rhy_lines
from shelter_desk.domain.pack_rules import COUNTS, STAFF, SUMMARY, Basis, PackProfile, PackRules
from shelter_desk.domain.periods import Period
from shelter_desk.domain.reader_lines import RecordForReader
from shelter_desk.domain.sampling import RECORDS
from shelter_desk.exports.bundle import DATA
from shelter_desk.exports.labels import fresh_labels, shuffled
from shelter_desk.exports.outcomes_release import make_outcomes
from shelter_desk.exports.pack_definitions import differencing_text
from shelter_desk.exports.pack_order import PackOrder
from shelter_desk.exports.pack_rows import Labelled, row_tables
from shelter_desk.exports.pack_tables import Answers, needs_care_counts, pack_tables
from shelter_desk.exports.sample_files import fitting_samples, sample_files, sample_seal
from shelter_desk.exports.sample_seal import SampleSeal
from shelter_desk.exports.summary_release import make_summary, release_care_counts
from shelter_desk.reports.process_evidence import evidence_csv, evidence_pdf

_CHECKED, _ARRIVALS = "17_differencing_check", "03_documents_on_arrival"
_DEFINITIONS = "02_definitions"
_LEFT_OUT = (
    "Single records left out: {out:,}. Fewer than {least} residents were here for as long, or the "
    "record was destroyed. What is left can be shown at the house."
)
SIGNED_FOR = {  # a review is what such a pack is usually for
    "placement": "A new place to live",
    "court": "A hearing in court",
    "payment": "Payment for the stay",
}
_PRINTED = (COUNTS, SUMMARY, STAFF)
"""What stands in the report as well; lines of single records are files of their own."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """One pack on its way: what was ordered, under which rules, at which moment."""

    desk: Desk
    rules: PackRules
    profile: PackProfile
    period: Period
    order: PackOrder
    basis: Basis
    made_at: datetime


@dataclass(frozen=True, slots=True)
class Laid:
    """`files`: path -> bytes; `counts`: table -> lines; `note`: a sentence for staff, or ""."""

    files: Mapping[str, bytes]
    counts: Mapping[str, int]
    note: str
    samples: tuple[SampleSeal, ...] = ()


def lay_out(wanted: Wanted, custody_id: str) -> Laid:
    """Return every file under "data/" of the pack with this id."""
    order, profile = wanted.order, wanted.profile
    samples = fitting_samples(wanted.desk, order.draw_ids, profile, wanted.period)
    seals = tuple(sample_seal(sample) for sample in samples)
    records, record_note = _records(wanted, samples)
    earlier = len(wanted.desk.ask(releases))
    care, care_note = _care(wanted, custody_id)
    summary, summary_files, summary_note = _summary(wanted, custody_id)
    outcomes, outcome_files, outcome_note = _outcomes(wanted, custody_id)
    if summary is None and outcomes is None:
        outcome_note = ""  # the note on the summary says it of both
    if summary is None and outcomes is not None:
        # They hold every table of the summary: it was refused alone where they are out already.
        summary, summary_note = outcomes, ""
    answers = _answers(wanted, care, summary, outcomes)
    tables = (*pack_tables(answers), *_rows(wanted, records))
    report = evidence_pdf(_report(wanted, tables))
    out = tuple(one for one in (care, summary, outcomes) if one is not None)
    files = {
        f"{DATA}report.pdf": report,
        **{f"{DATA}{table.id}.csv": evidence_csv(table) for table in tables},
        **{f"{DATA}summary/{name}": data for name, data in summary_files.items()},
        **{f"{DATA}outcomes/{name}": data for name, data in outcome_files.items()},
        **_drawn(wanted, samples, records),
    }
    if _CHECKED in wanted.profile.files:
        is_whole = not (care_note or summary_note or outcome_note)
        text = differencing_text(
            wanted.period,
            wanted.profile.k,
            out,
            earlier,
            complete=is_whole,
            with_records=wanted.order.holds_records,
        )
        files[f"{DATA}{_CHECKED}.txt"] = text
    note = " ".join(one for one in (record_note, care_note, summary_note, outcome_note) if one)
    return Laid(files, {table.id: len(table.rows) for table in tables}, note, seals)


def _records(
    wanted: Wanted, samples: tuple[Sample, ...]
) -> tuple[Mapping[str, RecordForReader], str]:
    """Return public id -> each record that may be shown, and a note where there are others."""
    drawn = any(sample.line.of_list == RECORDS for sample in samples)
    if not (drawn or wanted.order.with_rows) or wanted.order.release_id:
        return {}, ""
    desk, profile, period, now = wanted.desk, wanted.profile, wanted.period, wanted.made_at
    found = desk.ask(
        records_in_common, period=period, now=now, closed=profile.closed, least=profile.k
    )
    out = len(desk.ask(stays_between, period=period, now=now)) - len(found)
    return found, _LEFT_OUT.format(out=out, least=profile.k) if out else ""


def _care(wanted: Wanted, custody_id: str) -> tuple[SafeRelease | None, str]:
    if not needs_care_counts(wanted.profile, wanted.rules):
        return None, ""
    # Only what is shown is asked for: of the same answers one division alone may show its lines.
    release = release_care_counts(
        wanted.desk,
        period=wanted.period,
        groups=wanted.rules.groups,
        files=wanted.profile.files,
        pack=custody_id,
    )
    if isinstance(release, Refused):
        return None, f"No counts about care are in this pack. {release.reason}"
    return release, ""


def _summary(
    wanted: Wanted, custody_id: str
) -> tuple[SafeRelease | None, Mapping[str, bytes], str]:
    if not wanted.profile.audience:
        return None, {}, ""
    audience = wanted.profile.audience
    made = make_summary(wanted.desk, period=wanted.period.id, audience=audience, pack=custody_id)
    if isinstance(made, Refused):
        return None, {}, f"No summary of residents is in this pack. {made.reason}"
    return made.release, made.files, ""


def _outcomes(
    wanted: Wanted, custody_id: str
) -> tuple[SafeRelease | None, Mapping[str, bytes], str]:
    """Release what became of residents beside the summary that is out by then, or nothing.

    To the public nothing of it goes with a pack: whoever is given more later would need it too.
    """
    profile = wanted.profile
    if _ARRIVALS not in profile.files:
        return None, {}, ""
    made = make_outcomes(
        wanted.desk, period=wanted.period, audience=profile.audience, pack=custody_id
    )
    if isinstance(made, Refused):
        return None, {}, f"No outcomes of residents are in this pack. {made.reason}"
    return made.release, made.files, ""


def _answers(
    wanted: Wanted,
    care: SafeRelease | None,
    summary: SafeRelease | None,
    outcomes: SafeRelease | None,
) -> Answers:
    desk, model = wanted.desk, wanted.desk.house.care_model
    period, now = wanted.period, wanted.made_at
    staff_work = desk.ask(evidence.about_staff_work, period=period, now=now)
    return Answers(
        profile=wanted.profile,
        rules=wanted.rules,
        care=care,
        summary=summary,
        outcomes=outcomes,
        services=model.services,
        house=desk.ask(about_the_house, period=period, now=now),
        staff_work={table.id: table for table in staff_work},
        beds=len(desk.ask(shelter.beds)),
        nights=period.days,
        lists={one.id: (one.title, one.edition or model.version) for one in model.lists.values()},
        model_version=model.edition_name,
        connections=tuple(rhy_lines(model)),
    )


def _drawn(
    wanted: Wanted, samples: tuple[Sample, ...], records: Mapping[str, RecordForReader]
) -> dict[str, bytes]:
    files: dict[str, bytes] = {}
    for sample in samples:
        parts = wanted.profile, wanted.rules, wanted.basis, records
        files |= sample_files(wanted.desk, sample, *parts)
    return files


def _rows(wanted: Wanted, records: Mapping[str, RecordForReader]) -> tuple[EvidenceTable, ...]:
    if wanted.order.release_id:
        return _of_one(wanted)
    if not wanted.order.with_rows:
        return ()
    by_id = tuple(records.values())
    chosen = [by_id[at] for at in shuffled(len(by_id))]
    labels = fresh_labels(len(chosen))
    labelled = tuple(Labelled(*pair) for pair in zip(labels, chosen, strict=True))
    return row_tables(wanted.profile.rows, labelled, wanted.rules)


def fitting_release(desk: Desk, release_id: str, profile: PackProfile) -> ReleaseLine:
    """Return the release that a pack rests on.

    Raises:
        NoReleaseError: it is not valid today, or for somebody else.
    """
    today = desk.now().astimezone(desk.house.zone).date()
    for line in desk.ask(valid_releases, today=today):
        if (line.release_id, line.recipient) == (release_id, profile.id):
            return line
    raise NoReleaseError


def as_signed(desk: Desk, order: PackOrder, profile: PackProfile) -> PackOrder:
    """Return an order that rests on a release for its agency and purpose; others as they are.

    Source: 34 USC 12291(b)(2)(B): what was agreed to for one purpose is agreed to for no other.

    Raises:
        NoReleaseError: it is not valid today, or for somebody else.
        InvalidError: another agency or purpose was typed, or the release names no agency.
    """
    if not order.release_id:
        return order
    release = fitting_release(desk, order.release_id, profile)
    if not release.agency:
        raise InvalidError((Problem("release_id", NAMES_NO_AGENCY),))
    if order.recipient not in ("", release.agency):
        raise InvalidError((Problem("recipient", signed_for(release.agency)),))
    words = SIGNED_FOR.get(release.purpose, profile.purpose)
    if order.purpose not in ("", words):
        told = f"They signed for this and nothing else: {words}. Leave the reason out."
        raise InvalidError((Problem("purpose", told),))
    return replace(order, recipient=release.agency, purpose=words)


def _of_one(wanted: Wanted) -> tuple[EvidenceTable, ...]:
    """Return the record of one young person: what their release names, and no more."""
    release = fitting_release(wanted.desk, wanted.order.release_id, wanted.profile)
    shown = wanted.desk.ask(
        records_shown,
        stays=(release.stay_id,),
        period=wanted.period,
        now=wanted.made_at,
        closed=wanted.profile.closed,
    )
    records = (Labelled(fresh_labels(1)[0], RecordForReader(shown[0], None)),)
    named = [name for name in wanted.profile.rows if name in release.parts]
    tables = row_tables(named, records, wanted.rules)
    files = wanted.rules.files
    return tuple(replace(one, note=files[one.id].told(of_one=True)) for one in tables)


def _report(wanted: Wanted, tables: tuple[EvidenceTable, ...]) -> EvidenceReport:
    # Of one young person what is read first is about them, and what its columns mean comes last.
    in_order = sorted(tables, key=lambda table: table.id == _DEFINITIONS)
    return EvidenceReport(
        shelter_label=wanted.desk.ask(shelter.settings).name,
        period_label=wanted.period.label,
        profile_title=wanted.profile.title,
        tables=tuple(
            table
            for table in in_order
            if wanted.profile.is_of_one or wanted.rules.files[table.id].holds in _PRINTED
        ),
        checkpoint_short_form="",
        made_at=wanted.made_at.astimezone(wanted.desk.house.zone),
        program_version=__version__,
        recipient=wanted.order.recipient or wanted.profile.recipient,
        purpose=wanted.order.purpose or wanted.profile.purpose,
    )
