"""What is asked about each person beside what care itself needs: from lists, never in words.

By funders, and by the house for its own outcomes: school in the stay, and what was found after it.
Nobody has to answer. Not asked, prefers not to say and does not know are answers of the lists
where a funder has them; everywhere else no answer stands for not asked.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

VOCA, RHY, HOUSE = "voca", "rhy", "house"
ENTRY, EXIT, STAY, AFTER = "entry", "exit", "stay", "after"


@dataclass(frozen=True, slots=True)
class FunderQuestion:
    """One question. `list_id` names its value list; `part` answers only for "client" or "worker".

    `is_many`: several answers fit. `none_fits`: an answer without any value is one, too.
    `asked_by` are the programs that ask it, `stage` is when: an exit, and what comes after it, are
    asked of a stay that ended.
    """

    id: str
    title: str
    list_id: str
    asked_by: tuple[str, ...]
    stage: str = ENTRY
    is_many: bool = False
    none_fits: bool = False
    part: str = ""


_EVERY = (
    FunderQuestion(
        "race", "Race and ethnicity, as they say it", "race-ethnicity-rhy",
        (VOCA, RHY), is_many=True,
    ),
    FunderQuestion("gender", "Gender, as they say it", "gender-rhy", (VOCA, RHY), is_many=True),
    FunderQuestion(
        "gender-line", "The one line they choose, where they gave several genders",
        "gender-voca", (VOCA,),
    ),
    FunderQuestion(
        "crimes", "What they seek help for", "victimization-types", (VOCA,), is_many=True,
        none_fits=True,
    ),
    FunderQuestion(
        "classifications", "What else applies, as they say it", "special-classifications",
        (VOCA,), is_many=True, none_fits=True,
    ),
    FunderQuestion("last-grade", "Last grade completed", "last-grade", (RHY,)),
    FunderQuestion("school", "School at entry", "school-status", (RHY,)),
    FunderQuestion("school-exit", "School at exit", "school-status", (RHY,), EXIT),
    FunderQuestion("completion", "Project completion", "project-completion", (RHY,), EXIT),
    FunderQuestion(
        "safe-client", "The place they go to is safe, as they see it", "safe-exit", (RHY,), EXIT,
        part="client",
    ),
    FunderQuestion(
        "safe-worker", "The place they go to is safe, as the worker sees it", "safe-exit", (RHY,),
        EXIT, part="worker",
    ),
    FunderQuestion(
        "lasting-adult", "A lasting adult outside of the project", "safe-exit", (RHY,), EXIT,
        part="worker",
    ),
    FunderQuestion("first-day", "First school day attended", "first-school-day", (HOUSE,), STAY),
    FunderQuestion("attendance", "School days attended", "school-attendance", (HOUSE,), STAY),
    FunderQuestion(
        "credits", "School credits earned in 90 days", "school-credits", (HOUSE,), STAY
    ),
    FunderQuestion("grade-passed", "A grade passed in the stay", "found-later", (HOUSE,), STAY),
    FunderQuestion("safe-later", "Safe where they live now", "found-later", (HOUSE,), AFTER),
    FunderQuestion("busy-later", "In school or at work now", "found-later", (HOUSE,), AFTER),
    FunderQuestion(
        "exploiter-later", "Somebody who exploited them has been in touch", "found-later",
        (HOUSE,), AFTER,
    ),
    FunderQuestion("help-later", "They want help from us", "found-later", (HOUSE,), AFTER),
)  # fmt: skip
QUESTIONS: Mapping[str, FunderQuestion] = {one.id: one for one in _EVERY}
