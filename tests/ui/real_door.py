"""The real door to invented records that three people work with, and a paper that keeps pages."""

import shutil
from dataclasses import dataclass, field
from pathlib import Path

from shelter_desk.app.door import RealDoor
from shelter_desk.desk.accounts import Colleague
from shelter_desk.exports.backup import make_backup
from shelter_desk.exports.stick import PackDrive
from tests.conftest import BEDS, Clock, newly_founded, shipped_model, staffed_with

WORDS = "four invented words here"
STAFF = (
    Colleague("l" * 20, "Lee K.", ("residential-staff",), WORDS),
    Colleague("p" * 20, "Priya N.", ("nurse",), WORDS),
)


def house_door(place, now=None):
    """Return the real door to a copy of the records, in a new folder under `place`."""
    folder = place / "records"
    shutil.copytree(staffed_with(BEDS, STAFF).folder, folder)
    return RealDoor(folder, now or Clock())


def new_door(place):
    """Return the real door to a folder that is not there yet."""
    return RealDoor(place / "records", Clock())


def kit_code():
    """Return the code of the recovery kit of the records."""
    return staffed_with(BEDS, STAFF).kit.code


@dataclass
class KeptPaper:
    """Stands for the printer and the dialog for files: it keeps the pages that it was given."""

    printed: list[bytes] = field(default_factory=list)
    saved: list[bytes] = field(default_factory=list)
    full: bool = False

    def print_pdf(self, host, pdf):
        self.printed.append(pdf)
        return True

    def save_pdf(self, host, pdf, name):
        if self.full:
            raise OSError
        self.saved.append(pdf)
        return Path(name)


def backup_of_house(place):
    """Make records and a backup of them; return the folder of the backup and the kit's code."""
    stick = place / "stick"
    stick.mkdir()
    made = newly_founded(place / "before", shipped_model())
    try:
        make_backup(made.desk, PackDrive(stick))
    finally:
        made.desk.close()
    return stick, made.kit.code


def signed_in_desk(place, name):
    """Return the open desk of one of the three, on records of its own, and its clock."""
    clock = Clock()
    door = house_door(place, clock)
    person = next(one for one in door.staff() if one.name == name)
    return door.unlock(person.id, WORDS), clock
