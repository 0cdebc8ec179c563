"""How many staff are on duty for those in the house, beside what the jurisdiction asks for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import bindparam, func, select

from shelter_desk.desk.base import Read, asks, milliseconds, moment
from shelter_desk.desk.house import House
from shelter_desk.domain.profiles import chain
from shelter_desk.domain.ratio import Ratio, ratio_at
from shelter_desk.domain.staff import May
from shelter_desk.store import schema
from shelter_desk.store.database import Reader
from shelter_desk.store.schema_missing import missing_episode
from shelter_desk.store.schema_shift import handoff
from shelter_desk.store.sql import Statement

_stay = schema.stay
_IN_HOUSE = Statement(select(_stay.c.resident_id).where(_stay.c.ended_at.is_(None)))
_MISSING = Statement(
    select(func.count())
    .select_from(missing_episode)
    .join(_stay, _stay.c.id == missing_episode.c.stay_id)
    .where(
        missing_episode.c.closed_at.is_(None),
        missing_episode.c.withdrawn_at.is_(None),
        missing_episode.c.returned_at.is_(None),
        _stay.c.ended_at.is_(None),
    )
)
# The newest that was signed: on a clock that was set back, an earlier one bears a later moment.
_ON_DUTY = Statement(
    select(handoff.c.on_duty, handoff.c.until)
    .where(handoff.c.withdrawn_at.is_(None), handoff.c.id > bindparam("after"))
    .order_by(handoff.c.id.desc())
    .limit(1)
)


EARLY = timedelta(hours=2)
"""A shift may be handed over this long before the next one begins."""


@dataclass(frozen=True, slots=True)
class Staffing:
    """Residents in the house and staff on duty. `on_duty` None: nobody counted in this shift."""

    ratio: Ratio
    residents: int
    on_duty: int | None
    counted_at: datetime | None

    @property
    def needed(self) -> int:
        """Return how many staff the rule asks for."""
        return self.ratio.needed(self.residents)

    @property
    def lacking(self) -> int:
        """Return how many staff are too few; 0 when nobody has counted."""
        return 0 if self.on_duty is None else max(self.needed - self.on_duty, 0)


@asks(May.READ_RECORDS)
def staffing(read: Read, *, now: datetime) -> Staffing:
    """Return who should be here by the records, with the staff that this shift's handoff counted.

    A count of an earlier shift says nothing about who is on duty now.
    """
    since = milliseconds(read.house.shifts.start_of(now) - EARLY)
    newest = read.reader.row(_ON_DUTY, after=0)
    counted = None if newest is None or newest[1] < since else newest
    return Staffing(
        ratio=ratio_of(read.house, now),
        residents=expected_here(read.reader),
        on_duty=None if counted is None else int(counted[0]),
        counted_at=None if counted is None else moment(counted[1]),
    )


def expected_here(reader: Reader) -> int:
    """Return how many residents should be in the house: those who stay and are not missing."""
    return len(reader.rows(_IN_HOUSE)) - int(reader.value(_MISSING))


def ratio_of(house: House, at: datetime) -> Ratio:
    """Return the rule of the house at a moment."""
    model = house.care_model
    return ratio_at(chain(model.profiles, model.profile_id), at.astimezone(house.zone))
