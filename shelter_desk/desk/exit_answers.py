"""What was answered when a stay ended, line by line: the answers are sealed and stay so.

Source: indicators of the specification of the domain, 5.1 (safe exit, lasting adult, diploma or
GED), from the answers to R19 and R13 of the runaway and homeless youth program.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from shelter_desk.desk.base import Read
from shelter_desk.desk.outcome_lines import NOT_ASKED, Groups, Lines
from shelter_desk.desk.report_rows import Answers, Codes, answers_of_stay

UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class ExitAnswers:
    """A question with one answer to each stay.

    Args:
        table: name of its table. question: its id among those of funders.
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
_OF_STAFF = "The answer of a worker of this program."
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
)  # fmt: skip
