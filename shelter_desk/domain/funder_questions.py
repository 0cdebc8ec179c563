"""What funders ask about each person, beside what care itself needs: from lists, never in words.

Nobody has to answer. Not asked, prefers not to say and does not know are answers of the lists
where a funder has them; everywhere else no answer stands for not asked.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

VOCA, RHY = "voca", "rhy"
ENTRY, EXIT = "entry", "exit"


@dataclass(frozen=True, slots=True)
class FunderQuestion:
    """One question. `list_id` names its value list; `part` answers only for "client" or "worker".

    `is_many`: several answers fit. `none_fits`: an answer without any value is one, too.
    `asked_by` are the programs that ask it, `stage` is when.
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
)  # fmt: skip
QUESTIONS: Mapping[str, FunderQuestion] = {one.id: one for one in _EVERY}
