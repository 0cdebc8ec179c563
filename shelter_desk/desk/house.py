"""What holds for the whole shelter, as stored: its zone and its jurisdiction profile."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import time
from functools import cached_property
from zoneinfo import ZoneInfo

from sqlalchemy import select

from shelter_desk.desk.listed import ListedItem, listed_items
from shelter_desk.domain.care_model import CareModel, ChecklistItem
from shelter_desk.domain.overlay import from_text
from shelter_desk.domain.record_classes import Access, access_of, appointment_class
from shelter_desk.domain.shifts import Shifts
from shelter_desk.store import schema, schema_model
from shelter_desk.store.database import Reader
from shelter_desk.store.sql import Statement

USUAL_SHIFTS = "07:00,15:00,23:00"
_shelter = schema.shelter
_edition = schema_model.model_edition
_EDITIONS = Statement(
    select(_edition.c.number, _edition.c.shipped, _edition.c.changes, _edition.c.words).order_by(
        _edition.c.number
    )
)
_HOUSE = Statement(select(_shelter.c.zone, _shelter.c.profile, _shelter.c.shift_starts))


@dataclass(frozen=True, slots=True)
class Editions:
    """The words that items had: number of an edition, or version as shipped -> item -> words."""

    by_name: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    def words(self, model_version: str, item_id: str) -> str | None:
        """Return the words of an item under a version such as "1.0.0+3", where they are known."""
        shipped, _, number = model_version.partition("+")
        own = self.by_name.get(number, {}).get(item_id)
        return own or self.by_name.get(shipped, {}).get(item_id)


@dataclass(frozen=True, eq=False)
class House:
    """What holds for the whole shelter while the desk is open."""

    zone: ZoneInfo
    care_model: CareModel
    shift_starts: str = USUAL_SHIFTS
    editions: Editions = Editions()

    def words_at(self, model_version: str, item_id: str) -> str | None:
        """Return the words an item had in an older edition; None: as they are now, or unknown."""
        if model_version == self.care_model.edition_name:
            return None
        return self.editions.words(model_version, item_id)

    @cached_property
    def shifts(self) -> Shifts:
        """Return the shift calendar."""
        starts = [time.fromisoformat(text) for text in self.shift_starts.split(",")]
        return Shifts(starts=tuple(starts), zone=self.zone)

    @cached_property
    def _accesses(self) -> dict[tuple[tuple[str, ...], frozenset[str]], Access]:
        return {}

    def access(self, roles: tuple[str, ...], also: frozenset[str] = frozenset()) -> Access:
        """Return what somebody with these roles may open, and `also` these record classes."""
        key = (roles, also)
        if key not in self._accesses:
            self._accesses[key] = access_of(self.care_model, roles, also)
        return self._accesses[key]

    @cached_property
    def starts(self) -> Mapping[str, frozenset[str]]:
        """Return item id -> codes of the events that start it."""
        return self.care_model.starts

    @cached_property
    def items(self) -> tuple[ChecklistItem, ...]:
        """Return the items of the house itself, asked once for all who are in it."""
        return tuple([item for item in self._all_items if item.is_house])

    @cached_property
    def items_for_stays(self) -> tuple[ChecklistItem, ...]:
        """Return the items that are asked for each stay."""
        return tuple([item for item in self._all_items if not item.is_house])

    @property
    def _all_items(self) -> Iterator[ChecklistItem]:
        return (item for service in self.care_model.services.values() for item in service.items)

    @cached_property
    def _labels(self) -> dict[tuple[str, str], str]:
        return {}

    def label(self, list_id: str, code: str) -> str:
        """Return the words for a code of a pick list, as `CareModel.label`, which looks longer."""
        key = (list_id, code)
        if key not in self._labels:
            self._labels[key] = self.care_model.label(list_id, code)
        return self._labels[key]

    @cached_property
    def appointment_classes(self) -> Mapping[str, str]:
        """Return kind of appointment -> the record class that it tells something of."""
        kinds = self.care_model.values("appointment-kinds")
        return {one.code: appointment_class(self.care_model, one.code) for one in kinds}

    @cached_property
    def outcomes(self) -> Mapping[str, str]:
        """Return code -> label of what can become of an item."""
        return {value.code: value.label for value in self.care_model.values("item-outcomes")}

    @cached_property
    def statuses(self) -> Mapping[str, str]:
        """Return code -> label of how a service stands."""
        return {value.code: value.label for value in self.care_model.values("service-status")}

    @cached_property
    def reasons(self) -> Mapping[str, str]:
        """Return code -> label of why an item was not done."""
        reasons = self.care_model.values("item-not-done-reasons")
        return {value.code: value.label for value in reasons}

    @cached_property
    def listed(self) -> Mapping[str, ListedItem]:
        """Return item id -> the item as lists show it."""
        return listed_items(self.care_model)

    @cached_property
    def listed_for_stays(self) -> Mapping[str, tuple[ListedItem, ...]]:
        """Return service id -> its items as lists show them, without those of the house."""
        return {
            service.id: tuple(self.listed[item.id] for item in service.items if not item.is_house)
            for service in self.care_model.services.values()
        }


def house_of(reader: Reader, care_model: CareModel) -> House:
    """Return the house with the care model under the shelter's own profile."""
    zone, profile, shift_starts = reader.row(_HOUSE) or ("UTC", "default", USUAL_SHIFTS)
    if care_model.profile_id != profile:
        care_model = care_model.under(profile)
    rows = reader.rows(_EDITIONS)
    number, changes = (rows[-1][0], from_text(rows[-1][2])) if rows else (0, ())
    if number and (care_model.edition, care_model.changes) != (number, changes):
        care_model = care_model.changed(number, changes)
    words = {str(number or shipped): json.loads(kept) for number, shipped, _, kept in rows}
    return House(ZoneInfo(zone), care_model, shift_starts, Editions(words))
