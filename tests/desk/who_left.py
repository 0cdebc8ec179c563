"""Somebody who left, years later, as the page of kept records has them."""

import shutil
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from shelter_desk.desk import entry, residents
from shelter_desk.desk.accounts import Colleague
from shelter_desk.desk.kept_records import kept_records
from tests.conftest import Clock, Founded, OpenDesk, join, shipped_model
from tests.desk.a_walk_of_classes import WORDS

ADA = "a" * 20
"""The second director, who signs."""


def staffed_records(folder: Path, founded: Founded, roles: Iterable[str]) -> Path:
    """Make records with a colleague of each of these roles, the director being Ada."""
    shutil.copytree(founded.folder, folder)
    with closing(entry.enter(folder, founded.keys, shipped_model(), Clock())) as desk:
        for number, role in enumerate(roles):
            person = (ADA, "Ada") if role == "director" else (f"{number:020}", role)
            join(desk, Colleague(*person, (role,), WORDS))
    return folder


@contextmanager
def at_a_copy(folder: Path, staffed: Path, founded: Founded, clock: Clock) -> Iterator[OpenDesk]:
    """Yield the first director's desk at a copy of staffed records; close it after."""
    shutil.copytree(staffed, folder)
    desk = entry.enter(folder, founded.keys, shipped_model(), clock)
    opened = OpenDesk(desk, folder, clock, founded.kit, shipped_model())
    opened.director = desk.staff.public_id
    yield opened
    opened.desk.close()


def gone(opened, stay_id, years=6):
    """Let them leave, and let the years of the schedule go by."""
    opened.desk.do(residents.RecordExit(stay_id, opened.clock(), "kin", "422"))
    opened.clock.forward(days=366 * years)


def records(opened):
    return opened.desk.ask(kept_records, now=opened.clock())
