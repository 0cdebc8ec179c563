"""Somebody as two workers wrote them down, in a house of its own."""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from shelter_desk.desk import residents, service_log
from shelter_desk.desk.merging import JoinRecords
from shelter_desk.desk.plan import stay_plan
from shelter_desk.domain.care_model import CareModel
from tests.conftest import OpenDesk, newly_founded


@contextmanager
def closing_house(folder: Path, care_model: CareModel) -> Iterator[OpenDesk]:
    """Yield new records with four beds; close them after."""
    opened = newly_founded(folder, care_model)
    with closing(opened.desk):
        yield opened


@contextmanager
def written_twice(house: OpenDesk) -> Iterator[tuple["Written", "Written"]]:
    """Yield Sky, who came at five past two, and Skye, whom a second worker wrote down after that.

    Ten minutes lie between them, and half an hour has gone by. Afterwards everybody leaves.
    """
    house.clock.forward(days=4)
    sky = Written(house, "Sky", house.clock(), age_guess=15)
    skye = Written(house, "Skye", house.clock.forward(minutes=10), age_guess=15)
    house.clock.forward(minutes=30)
    yield sky, skye
    for line in house.desk.ask(residents.roster, now=house.clock.forward(minutes=1)):
        house.desk.do(residents.RecordExit(line.stay_id, house.clock(), "left-early", "99"))


class Written:
    """Somebody as one worker wrote them down."""

    def __init__(self, house, called, at, **more):
        self.house, self.desk, self.called = house, house.desk, called
        self.stay = self.desk.do(residents.Admit(called, at, **more)).subject
        self.id = self.known.resident_id

    @property
    def known(self):
        return self.desk.ask(residents.record, stay_id=self.stay, now=self.house.clock())

    def serve(self, service):
        at = self.house.clock.forward(minutes=5)
        given_ = service_log.LogService(self.stay, service, at, 30)
        return self.desk.do(given_).subject

    @property
    def lines(self):
        """Return the lines of the plan: open occurrences, and items where none is open."""
        plan = self.desk.ask(stay_plan, stay_id=self.stay, now=self.house.clock())
        return [line for service in plan.services for line in service.items]

    def open_lines(self, item_id=None):
        return [one for one in self.lines if one.occurrence and item_id in (None, one.item_id)]

    def join(self, other):
        return self.desk.do(JoinRecords(self.id, other.id))
