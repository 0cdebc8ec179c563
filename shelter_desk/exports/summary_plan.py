"""The summaries of a year decided together: its four quarters and the year, written down at once.

Each is a release of its own. Once they stand in the ledger each can be given out whenever it is
wanted, the same bytes every time::

    prepared = prepare_year(ask_for_year(desk, year="2025", audience="public"))
    files = prepared.hand_out(desk.do)            # period -> name -> bytes
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

from shelter_desk.desk.approving import Approval
from shelter_desk.desk.summaries import RecordPlan, RecordSummary
from shelter_desk.disclosure import Refused, protect_planned_in_worker
from shelter_desk.domain.periods import Period
from shelter_desk.exports.asked_of import Records
from shelter_desk.exports.summary_fit import fitted
from shelter_desk.exports.summary_release import (
    PreparedSummary,
    SummaryQuestion,
    ask_for_summary,
    laid_out,
)


@dataclass(frozen=True, slots=True)
class PreparedYear:
    """The summaries of a year, by period; a period without one has a reason instead."""

    parts: Mapping[str, PreparedSummary | Refused] = field(repr=False)

    @property
    def summaries(self) -> dict[str, PreparedSummary]:
        """Return those that can be released."""
        return {p: one for p, one in self.parts.items() if isinstance(one, PreparedSummary)}

    @property
    def certificates(self) -> tuple[str, ...]:
        """Return what a director approves: SHA-256 of every certificate."""
        return tuple(c for one in self.summaries.values() for c in one.certificates)

    def hand_out(
        self,
        record: Callable[[RecordPlan], object | None],
        approval: Approval | None = None,
    ) -> dict[str, Mapping[str, bytes]]:
        """Write all of them into the ledger in one act, and only then return their files.

        Returns:
            Period -> name -> bytes; empty where `record` returned None, because it was refused.
        """
        taken: list[RecordSummary] = []
        made = self.summaries
        files = {p: one.hand_out(_collecting(taken), approval) for p, one in made.items()}
        together = self.certificates
        records = tuple(replace(one, terms=replace(one.terms, together=together)) for one in taken)
        if not records or record(RecordPlan(records)) is None:
            return {}
        return files


def ask_for_year(
    records: Records, *, year: str, audience: str, detail: str = "bands", recipient: str = ""
) -> tuple[SummaryQuestion, ...]:
    """Take from the records what the summaries of a year and its quarters need.

    Raises:
        InvalidError: when the year is not one, or is not over yet.
    """
    span = Period.parse(year)
    periods = [*span.quarters, span] if not span.quarter else [span]
    return tuple(
        ask_for_summary(
            records, period=one.id, audience=audience, detail=detail, recipient=recipient
        )
        for one in periods
    )


def prepare_year(
    questions: tuple[SummaryQuestion, ...], *, stop: threading.Event | None = None
) -> PreparedYear:
    """Protect the whole family in a worker process, and put each summary on paper.

    What is out already stays as it is, and the rest is solved beside it.

    Raises:
        StoppedError: `stop` was set.
        IdentityFoundError: a name, a birth date or the like stands in a file.
    """
    wanted = [question for question in questions if question.before is None]
    if not wanted:
        return PreparedYear({})
    found = protect_planned_in_worker(
        tuple(question.request for question in wanted),
        earlier=questions[0].ledger.known,
        stop=stop,
    )
    return PreparedYear(
        {
            question.request.period: (
                answer if isinstance(answer, Refused) else laid_out(question, answer)
            )
            for question, given in zip(wanted, found, strict=True)
            for answer in [fitted(question.request, given)]
        }
    )


def _collecting(taken: list[RecordSummary]) -> Callable[[object], object]:
    def take(command: object) -> object:
        if isinstance(command, RecordSummary):
            taken.append(command)
        return command

    return take
