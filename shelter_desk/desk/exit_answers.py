"""What was answered of a stay that ended, line by line: the answers are sealed and stay so.

Source: indicators of the specification of the domain, 5.1. Safe exit, lasting adult and diploma or
GED are answers to the runaway and homeless youth program (R19, R13); attendance, credits, a grade
passed and what aftercare found are asked by the house itself. A stay ends in one year, so each of
its answers is told in the outcomes of that year only, as it stands when they are made.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from shelter_desk.desk.base import Read
from shelter_desk.desk.outcome_lines import NOT_ASKED, Groups, Lines
from shelter_desk.desk.report_rows import Answers, Codes, answers_of_stay
from shelter_desk.domain.funder_questions import QUESTIONS, RHY

UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class ExitAnswers:
    """A question with one answer to each stay.

    Args:
        table: name of its table. question: its id among those of funders and the house.
        about: words for it. whose: answer it is, in a sentence for readers.
        lines: line -> its words, and the answers of the value list that it holds; every other
            answer is not known.
        harmless: lines that harm nobody when they are known of everybody.
    """

    table: str
    question: str
    about: str
    whose: str
    lines: Mapping[str, tuple[str, Codes]]
    harmless: frozenset[str]

    @property
    def is_of_funders(self) -> bool:
        """Whether the lists for runaway and homeless youth tell the answers too."""
        return RHY in QUESTIONS[self.question].asked_by

    @property
    def rows(self) -> tuple[tuple[str, str], ...]:
        """Return code and words of every line."""
        named = ((code, words) for code, (words, _) in self.lines.items())
        return (*named, (UNKNOWN, "Not known, or not said"), (NOT_ASKED, "Not asked"))

    def counting(self) -> Callable[[Read, Groups], Lines]:
        """Return what puts those who left on their lines."""
        line_of = {code: line for line, (_, codes) in self.lines.items() for code in codes}

        def lines(read: Read, groups: Groups) -> Lines:
            found = {}
            for key, stay in groups.left.items():
                said = answers_of_stay(read, stay.id, stay.resident_id) if stay else Answers({})
                codes = said.get(self.question)
                found[key] = line_of.get(codes[0], UNKNOWN) if codes else NOT_ASKED
            return found

        return lines


_YES_NO = {"yes": ("Yes", ("1",)), "no": ("No", ("0",))}
_FOUND = {"yes": ("Yes", ("yes",)), "no": ("No", ("no",))}
_OF_STAFF = "The answer of a worker of this program."
_NEWEST = "The newest answer after the stay, from any contact: it may be some months old."
_OF_HOUSE = "What the house wrote down of the stay."
_YES = frozenset(("yes", NOT_ASKED))
EXIT_ANSWERS = (
    ExitAnswers(
        "safe-for-them", "safe-client", "the place they went to is safe, as they see it",
        "The answer of the resident themselves.", _YES_NO, _YES,
    ),
    ExitAnswers(
        "safe-for-staff", "safe-worker", "the place they went to is safe, as staff see it",
        _OF_STAFF, _YES_NO, _YES,
    ),
    ExitAnswers(
        "lasting-adult", "lasting-adult", "a lasting adult outside of the program",
        _OF_STAFF, _YES_NO, _YES,
    ),
    ExitAnswers(
        "school-at-exit", "school-exit", "school when they left",
        "A diploma or a GED from before the stay counts too.",
        {
            "in-school": ("Attending school", ("1", "2")),
            "finished": ("Finished, by a diploma or a GED", ("3", "4")),
            "out": ("Dropped out, suspended or expelled", ("5", "6", "7")),
        },
        frozenset(("in-school", "finished", NOT_ASKED)),
    ),
    ExitAnswers(
        "first-school-day", "first-day", "first school day attended", _OF_HOUSE,
        {
            "3": ("Within 3 days of the arrival", ("3",)),
            "7": ("After 4 to 7 days", ("7",)),
            "30": ("After 8 to 30 days", ("30",)),
            "31-up": ("After more than 30 days", ("31-up",)),
            "none": ("None in the stay", ("none",)),
        },
        frozenset(("3", "7", "30", NOT_ASKED)),
    ),
    ExitAnswers(
        "attendance", "attendance", "school days attended, of those there were", _OF_HOUSE,
        {
            "90-up": ("90 in 100 or more", ("90-up",)),
            "75-89": ("75 to 89 in 100", ("75-89",)),
            "50-74": ("50 to 74 in 100", ("50-74",)),
            "under-50": ("Fewer than 50 in 100", ("under-50",)),
            "no-school": ("There were no school days", ("no-school",)),
        },
        frozenset(("90-up", "75-89", NOT_ASKED)),
    ),
    ExitAnswers(
        "credits", "credits", "school credits earned in 90 days", _OF_HOUSE,
        {
            "0": ("None", ("0",)),
            "under-1": ("Less than 1", ("under-1",)),
            "1-2": ("1 to 2", ("1-2",)),
            "over-2": ("More than 2", ("over-2",)),
            "no-credits": ("Their school counts none", ("no-credits",)),
        },
        frozenset(("under-1", "1-2", "over-2", "no-credits", NOT_ASKED)),
    ),
    ExitAnswers(
        "grade-passed", "grade-passed", "a grade passed in the stay", _OF_HOUSE, _FOUND, _YES
    ),
    ExitAnswers(
        "safe-later", "safe-later", "safe where they live, found later", _NEWEST, _FOUND, _YES
    ),
    ExitAnswers(
        "busy-later", "busy-later", "in school or at work, found later", _NEWEST, _FOUND, _YES
    ),
    ExitAnswers(
        "exploiter-later", "exploiter-later",
        "somebody who exploited them has been in touch, found later", _NEWEST, _FOUND,
        frozenset(("no", NOT_ASKED)),
    ),
    ExitAnswers(
        "help-later", "help-later", "they want help from the house, found later", _NEWEST,
        _FOUND, frozenset(("yes", "no", NOT_ASKED)),
    ),
)  # fmt: skip
