"""What became of residents, released together with the summary that it divides anew."""

from __future__ import annotations

from dataclasses import replace

from shelter_desk.desk.protected_reports import OUTCOMES, with_outcomes
from shelter_desk.disclosure import Refused
from shelter_desk.domain.periods import Period
from shelter_desk.exports.asked_of import Records
from shelter_desk.exports.summary_release import (
    MadeSummary,
    SummaryQuestion,
    ask_for_summary,
    prepare_summary,
)


def ask_for_outcomes(records: Records, question: SummaryQuestion) -> SummaryQuestion:
    """Return the question of a summary with the outcomes of the very residents it counts."""
    asked = records.ask(with_outcomes, request=question.request, facts=question.facts)
    return replace(
        question,
        request=asked.request,
        wanted=replace(question.wanted, detail=OUTCOMES),
        before=asked.before,
    )


def make_outcomes(
    records: Records, *, period: Period, audience: str, pack: str
) -> MadeSummary | Refused:
    """Release the outcomes of a period with a pack, from the question to the files.

    Raises:
        InvalidError: while the period is not over.
    """
    question = ask_for_summary(records, period=period.id, audience=audience)
    question = ask_for_outcomes(records, question)
    question = replace(question, wanted=replace(question.wanted, pack=pack))
    prepared = prepare_summary(question)
    if isinstance(prepared, Refused):
        return prepared
    return MadeSummary(prepared.release, prepared.hand_out(records.do))
