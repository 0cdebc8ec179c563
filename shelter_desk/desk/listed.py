"""What the lines of a question share: one value for an item, and one for whom a line is about.

A busy board has hundreds of lines about ten people and a few dozen items. Lines refer to these
values instead of copying their words, and work out the rest when they are asked for it: a page
paints a few of them only. Lines are named tuples for the same reason: a frozen dataclass takes
five times as long to build (measured with `tests/benchmarks`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any, NamedTuple, TypeVar, cast

from sqlalchemy import exists

from shelter_desk.domain.care_model import CareModel, ChecklistItem
from shelter_desk.domain.due import describe_due
from shelter_desk.store import schema

T = TypeVar("T")
_stay, _here = schema.stay, schema.stay.alias("here")
IS_HERE = exists().where(_here.c.resident_id == _stay.c.resident_id, _here.c.ended_at.is_(None))
"""Of a statement about a stay: its resident is in the house, in this stay or in a later one."""


def line_maker(kind: type[T]) -> Callable[[tuple[Any, ...]], T]:
    """Return what makes a named tuple of this kind from all its values, in their order.

    Calling the class itself takes half as long again: it is a function written in Python.
    """
    return cast("Callable[[tuple[Any, ...]], T]", partial(tuple.__new__, kind))


THE_HOUSE = "The house"


@dataclass(frozen=True, slots=True)
class ListedItem:
    """An item with the short names that lists show beside it. `rank`: its place in the model."""

    item_id: str
    item: ChecklistItem
    service: str
    role_short: str
    due_words: str
    rank: int


class Subject(NamedTuple):
    """Whom a line is about. `stay_id` None: the house. `began_ms`: milliseconds since 1970 UTC.

    `has_left`: they are in the house no longer, in another stay neither.
    """

    stay_id: str | None
    called: str
    case_code: str
    began_ms: int
    has_left: bool


THE_HOUSE_ITSELF = Subject(None, THE_HOUSE, "", 0, has_left=False)


def listed_items(care_model: CareModel) -> Mapping[str, ListedItem]:
    """Return item id -> the item as lists show it, in the order of the care model."""
    return {
        item.id: ListedItem(
            item.id,
            item,
            care_model.services[item.service_id].short_name,
            care_model.roles[item.role].short_name,
            describe_due(item),
            rank,
        )
        for rank, item in enumerate(care_model.items.values())
    }
