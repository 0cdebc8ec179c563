"""How fine a summary is: how ages are told apart, how much is crossed, who may read along.

In the ledger it is one word, so that the same summary asked for again is found: "bands",
"pairs+three-way", "bands+insider".
"""

from __future__ import annotations

from dataclasses import dataclass

from shelter_desk.domain.errors import InvalidError, Problem

# How ages are told apart: every band, two bands together, or children and adults; the last one
# leaves out the table that crosses age and phase.
DETAILS = ("bands", "pairs", "halves", "margins")
MARGINS = DETAILS[-1]
THREE_WAY, INSIDER = "three-way", "insider"
PLAINER = "Ask for two things at once, age and phase."
WITHOUT_INSIDER = "Take larger age groups, or ask without protection against a resident who reads."


@dataclass(frozen=True, slots=True)
class Detail:
    """How fine a summary is.

    Args:
        ages: one of `DETAILS`. three_way: age, phase and whether they came in the period are
            crossed. insider: a resident who reads it, and knows that she is counted herself, can
            not show that the others of her group are few either.
    """

    ages: str = DETAILS[0]
    three_way: bool = False
    insider: bool = False

    @property
    def word(self) -> str:
        """Return it as it stands in the ledger."""
        also = [THREE_WAY] * self.three_way + [INSIDER] * self.insider
        return "+".join((self.ages, *also))

    @classmethod
    def parse(cls, word: str) -> Detail:
        """Read the word.

        Raises:
            InvalidError: it is none, or three things cannot be crossed where nothing is.
        """
        ages, *also = word.split("+")
        made = cls(ages, three_way=THREE_WAY in also, insider=INSIDER in also)
        if ages not in DETAILS or made.word != word:
            raise InvalidError((Problem("detail", "Choose how finely ages are told apart."),))
        if made.three_way and ages == MARGINS:
            raise InvalidError((Problem("detail", f"Nothing is crossed here. {PLAINER}"),))
        return made
