"""What staff may ask about a summary before it leaves; nothing here releases anything."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from shelter_desk.desk.details import DETAILS, Detail
from shelter_desk.desk.summaries import ledger
from shelter_desk.desk.summary_asking import summary_asked
from shelter_desk.disclosure import (
    Advice,
    ReleaseRequest,
    SafeRelease,
    advise_in_worker,
    ranges_in_worker,
    reason_in_worker,
)
from shelter_desk.domain.errors import InvalidError
from shelter_desk.domain.periods import Period
from shelter_desk.exports.asked_of import Records
from shelter_desk.exports.summary_release import SummaryQuestion


@dataclass(frozen=True, slots=True)
class AdviceQuestion:
    """The true counts of every alternative, by "period/detail", and what is out."""

    alternatives: Mapping[str, ReleaseRequest] = field(repr=False)
    known: tuple[Mapping[str, Any], ...] = field(repr=False)


def ask_for_advice(
    records: Records, *, period: str, audience: str, insider: bool = False
) -> AdviceQuestion:
    """Take from the records what the alternatives of a summary need.

    The same period in every detail, and the year in place of a quarter, once it is over.

    Raises:
        InvalidError: when the period is not one, or is not over yet.
    """
    now, span = records.now(), Period.parse(period)
    found = {}
    for detail in (Detail(ages, insider=insider).word for ages in DETAILS):
        asked = records.ask(
            summary_asked, period=period, audience=audience, now=now, detail=detail
        )
        found[f"{period}/{detail}"] = asked.request
    if span.quarter:
        year, finest = str(span.year), Detail(insider=insider).word
        try:
            asked = records.ask(
                summary_asked, period=year, audience=audience, now=now, detail=finest
            )
        except InvalidError:
            return AdviceQuestion(found, records.ask(ledger).known)
        found[f"{year}/{finest}"] = asked.request
    return AdviceQuestion(found, records.ask(ledger).known)


def work_out_advice(
    question: AdviceQuestion,
    *,
    tell: Callable[[Advice], None] | None = None,
    stop: threading.Event | None = None,
) -> tuple[Advice, ...]:
    """Rank the alternatives in a worker process; `tell` hears each as it is found.

    Raises:
        StoppedError: `stop` was set.
    """
    return advise_in_worker(question.alternatives, earlier=question.known, tell=tell, stop=stop)


def with_shown(question: SummaryQuestion, figure: str) -> SummaryQuestion:
    """Return the question in which this figure is shown, and others are withheld instead."""
    kept = question.request.keep_shown | {figure}
    return replace(question, request=replace(question.request, keep_shown=kept), before=None)


def why(question: SummaryQuestion, release: SafeRelease, figure: str) -> str:
    """Say why a figure is withheld; it may name a small one, so it is for the screen only."""
    known = question.ledger.known
    return reason_in_worker(question.request, known, release.certificate, figure)


def ranges(release: SafeRelease) -> dict[str, tuple[int, int | None]]:
    """Return withheld figure -> the range any reader can work out from what is shown."""
    return ranges_in_worker(release.certificate)
