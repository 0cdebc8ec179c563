"""The work of the page beside the records: it touches none, and may be stopped."""

from __future__ import annotations

from shelter_desk.disclosure import Advice, Refused
from shelter_desk.exports.summary_plan import PreparedYear, prepare_year
from shelter_desk.exports.summary_questions import AdviceQuestion, work_out_advice
from shelter_desk.exports.summary_release import (
    PreparedSummary,
    SummaryQuestion,
    prepare_summary,
)
from shelter_desk.ui.jobs import Aside


def work_out(question: SummaryQuestion, aside: Aside) -> PreparedSummary | Refused:
    """Return a safe release with its files, or why there is none."""
    return prepare_summary(question, early=aside.tell, stop=aside.stop)


def work_out_year(questions: tuple[SummaryQuestion, ...], aside: Aside) -> PreparedYear:
    """Return the releases of a year and its quarters, decided together."""
    return prepare_year(questions, stop=aside.stop)


def compare(question: AdviceQuestion, aside: Aside) -> tuple[Advice, ...]:
    """Return what other versions would show, best first."""
    return work_out_advice(question, tell=aside.tell, stop=aside.stop)


def nothing(_early: object) -> None:
    """No early word is given."""
