"""The one way a report leaves: looked at, searched, written down, handed out.

One of exact counts::

    question = ask_for_report(desk, report_id="voca", period="2026-Q1")
    question.report                                    # what is looked at before
    files = hand_over(desk, question, ToWhom("State agency", "aggregate-reporting"))

One of safe tables goes the way of every summary, `summary_release`::

    prepared = prepare_summary(ask_for_protected(desk, report_id="outcomes", period="2026-Q1"))
    files = prepared.hand_out(desk.do)
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from zoneinfo import ZoneInfo

from shelter_desk.desk.identifying import identifiers, model_words
from shelter_desk.desk.protected_reports import OUTCOMES
from shelter_desk.desk.report_releases import HandOver, ToWhom, seen_digest
from shelter_desk.desk.reporting import exact_report, handed_over_report, told_last
from shelter_desk.desk.reporting import handed_over as every_handing
from shelter_desk.desk.shelter import settings as shelter_settings
from shelter_desk.domain.errors import InvalidError, NotFoundError, Problem
from shelter_desk.domain.identifiers import Identifiers, words_of
from shelter_desk.domain.periods import Period
from shelter_desk.domain.report_kinds import report_named
from shelter_desk.domain.report_values import Report, changes
from shelter_desk.exports.asked_of import Records
from shelter_desk.exports.outcomes_release import ask_for_outcomes
from shelter_desk.exports.scanner import common_words, refuse_identities, to_look_at
from shelter_desk.exports.summary_release import SummaryQuestion, ask_for_summary
from shelter_desk.exports.typed_words import refuse_typed
from shelter_desk.reports.exact_report import Handing, exact_files

__all__ = [
    "HandedOut",
    "ReportQuestion",
    "ToWhom",
    "ask_for_protected",
    "ask_for_report",
    "files_again",
    "hand_over",
]


@dataclass(frozen=True, slots=True)
class ReportQuestion:
    """All that is taken from the records: the counts, and who is who."""

    report: Report
    known: Identifiers = field(repr=False)
    common: frozenset[str] = field(repr=False)
    shelter_label: str


@dataclass(frozen=True, slots=True)
class HandedOut:
    """The files of what stands in the records as handed over, name -> bytes.

    `look_at` is a sentence about words in them that a person must judge, or "".
    """

    files: Mapping[str, bytes] = field(repr=False)
    look_at: str


def ask_for_report(records: Records, *, report_id: str, period: str) -> ReportQuestion:
    """Count a report.

    Raises:
        InvalidError: there is no such report, or not of such a period.
        NotPermittedError: when the person signed in may make no reports.
    """
    report = records.ask(exact_report, report_id=report_id, period=period)
    return _question(records, report)


def hand_over(records: Records, question: ReportQuestion, to: ToWhom) -> HandedOut:
    """Hand a report over: its files are searched first, then it is written down, then they leave.

    Raises:
        IdentityFoundError: a name or the like stands in a file; nothing was handed over.
        InvalidError: what was typed tells of somebody in the records; or see `HandOver`.
        StaleError: see `HandOver`.
        NotPermittedError: when the person signed in is no director.
    """
    refuse_typed(records, {"recipient": to.recipient, "reason": to.reason})
    report = question.report
    before = records.ask(
        told_last, report_id=report.kind_id, period=report.period, recipient=to.recipient
    )
    handing = Handing(
        shelter_label=question.shelter_label,
        recipient=to.recipient.strip(),
        basis=_basis(report.kind_id, to.basis),
        handed_at=_here(records, records.now()),
        number=1 if before is None else before.number + 1,
        reason=to.reason.strip(),
        changed=() if before is None else changes(report, before.report),
    )
    made = _searched(question, handing)
    period = Period.parse(report.period).id
    records.do(HandOver(report.kind_id, period, to, seen_digest(report)))
    return made


def files_again(records: Records, release_id: str) -> HandedOut:
    """Return the files of a report as it was handed over, once more.

    Raises:
        NotFoundError: when it was none of exact counts.
    """
    every = records.ask(every_handing)
    one = next((line for line in every if line.release_id == release_id), None)
    if one is None:
        raise NotFoundError
    report = records.ask(handed_over_report, release_id=release_id)
    former = [
        line.release_id
        for line in every
        if (line.report_id, line.period, line.recipient, line.number)
        == (one.report_id, one.period, one.recipient, one.number - 1)
    ]
    told = records.ask(handed_over_report, release_id=former[0]) if former else None
    handing = Handing(
        shelter_label=records.ask(shelter_settings).name,
        recipient=one.recipient,
        basis=_basis(one.report_id, one.basis),
        handed_at=_here(records, one.made_at),
        number=one.number,
        reason=one.reason,
        changed=changes(report, told) if told else (),
    )
    return _searched(_question(records, report), handing)


def ask_for_protected(
    records: Records, *, report_id: str, period: str, recipient: str = ""
) -> SummaryQuestion:
    """Take from the records what a protected report needs; then `prepare_summary` goes on.

    Raises:
        InvalidError: there is no such report, the period is not one, or is not over yet; or it is
            for one by name and nobody is named, or somebody who is in the records.
        NotPermittedError: when the person signed in may make no reports.
    """
    kind = report_named(report_id)
    if kind.is_exact:
        raise InvalidError((Problem("report", "This report is one of exact counts."),))
    if kind.is_named and not recipient.strip():
        raise InvalidError((Problem("recipient", "Say who it is for."),))
    question = ask_for_summary(
        records, period=period, audience=kind.audience, recipient=recipient.strip()
    )
    if kind.tables != OUTCOMES:
        return question
    return ask_for_outcomes(records, question)


def _question(records: Records, report: Report) -> ReportQuestion:
    label = records.ask(shelter_settings).name
    # Headings and lines come from the program and the care model, never from somebody's record.
    printed = {word for text in _labels(report) for word in words_of(text)}
    common = common_words(records.ask(model_words), label) | printed
    return ReportQuestion(report, records.ask(identifiers), frozenset(common), label)


def _labels(report: Report) -> list[str]:
    found = [report.title, *report.rules]
    for table in report.tables:
        found += [table.title, table.first, table.note]
        found += [words for _, words in table.columns] + [row.label for row in table.rows]
    return found


def _searched(question: ReportQuestion, handing: Handing) -> HandedOut:
    files = exact_files(question.report, handing)
    found = refuse_identities(files, question.known, question.common)
    return HandedOut(files, to_look_at(found))


def _basis(report_id: str, code: str) -> str:
    found = {basis.code: basis.words for basis in report_named(report_id).bases}
    return found.get(code, code)


def _here(records: Records, moment: datetime) -> datetime:
    return moment.astimezone(ZoneInfo(records.ask(shelter_settings).zone))
