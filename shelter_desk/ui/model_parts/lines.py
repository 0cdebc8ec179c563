"""The items of one service as the editor of the care model lists them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from shelter_desk.domain.care_model import CareModel, Service
from shelter_desk.domain.content import ChecklistItem
from shelter_desk.domain.due import describe_due
from shelter_desk.domain.overlay import HIDE, ITEM, OF_ITEM, Change


@dataclass(frozen=True, slots=True)
class EditedItem:
    """One item as it would be, with the changes that make it so. Hidden ones are listed too."""

    item: ChecklistItem
    kinds: tuple[str, ...]

    @property
    def is_hidden(self) -> bool:
        """Say whether the shelter hides it."""
        return HIDE in self.kinds

    @property
    def due(self) -> str:
        """Return when it is due, in words."""
        return describe_due(self.item)


def services_of(model: CareModel, changes: Sequence[Change]) -> tuple[Service, ...]:
    """Return the services as they would be, hidden items included."""
    shown = tuple(change for change in changes if change.kind != HIDE)
    return tuple(model.changed(model.edition, shown).services.values())


def edited_items(service: Service, changes: Sequence[Change]) -> tuple[EditedItem, ...]:
    """Return the items of a service that `services_of` returned."""
    kinds: dict[str, list[str]] = {}
    for change in changes:
        if change.kind in (*OF_ITEM, ITEM):
            kinds.setdefault(change.target, []).append(change.kind)
    return tuple(EditedItem(item, tuple(kinds.get(item.id, ()))) for item in service.items)
