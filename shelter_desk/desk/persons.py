"""What is known about a person: checked answers, and the derived row that lists read."""

from __future__ import annotations

from datetime import date

from sqlalchemy import bindparam

from shelter_desk.desk.base import (
    Write,
)
from shelter_desk.desk.findable import index_called
from shelter_desk.domain.errors import Problem
from shelter_desk.domain.people import (
    NAME_LIMIT,
    OLDEST,
    YOUNGEST,
    folded,
    guessed_birthday,
)
from shelter_desk.store import schema
from shelter_desk.store.sql import Statement, insert_into

_index = schema.resident_index
_ADD_INDEX = insert_into(_index, ("resident_id", "called", "folded", "born_on", "born_is_guess"))
_DROP_INDEX = Statement(_index.delete().where(_index.c.resident_id == bindparam("resident_id")))


def check_person(
    called: str, age_guess: int | None, born_on: date | None, today: date
) -> list[Problem]:
    """Return what is wrong with the answers about a person, each beside its field."""
    problems = []
    if not called.strip():
        problems.append(Problem("called", "Enter the name they like to be called."))
    elif len(called.strip()) > NAME_LIMIT:
        problems.append(Problem("called", f"Use at most {NAME_LIMIT} characters."))
    if age_guess is not None and not YOUNGEST <= age_guess <= OLDEST:
        problems.append(Problem("age_guess", "Enter an age in years, or leave it empty."))
    earliest = date(today.year - OLDEST, 1, 1)
    if born_on is not None and not earliest <= born_on <= today:
        problems.append(Problem("born_on", "Check the year of birth."))
    return problems


def index_person(
    write: Write,
    resident_id: int,
    called: str,
    born_on: date | None,
    age_guess: int | None,
    *,
    keep_guess: bool = False,
) -> None:
    """Write the derived row that lists, search and counts read."""
    is_guess = born_on is None and age_guess is not None
    born = (
        guessed_birthday(age_guess, write.today) if is_guess and age_guess is not None else born_on
    )
    index_known(write, resident_id, called, born, is_guess=is_guess or keep_guess)


def index_known(
    write: Write, resident_id: int, called: str, born_on: date | None, *, is_guess: bool
) -> None:
    """Write the derived row from what is known already."""
    write.writer.change(_DROP_INDEX, resident_id=resident_id)
    write.writer.run(
        _ADD_INDEX,
        resident_id=resident_id,
        called=called.strip(),
        folded=folded(called),
        born_on=born_on.isoformat() if born_on else None,
        born_is_guess=int(is_guess),
    )
    index_called(write, resident_id, called)
