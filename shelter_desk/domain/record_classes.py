"""Who may open what: one rule for every question, command, report, search hit and audit line.

Every item of the care model has a record class, and every class has readers among the roles.
A service, and something that happened, have no class of their own: theirs follows from the items.
What is closed to somebody is not shown to them, with three exceptions, each needed to do the work:
the role an item is given to sees that it is due and writes its outcome; a shift sees of some
classes what to do, as a card without any answer; and everybody sees what they wrote themselves.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from enum import Enum, auto
from functools import cached_property

from shelter_desk.domain.care_model import CareModel, Service
from shelter_desk.domain.content import ChecklistItem, RecordClass

GENERAL, IDENTITY, LOCATION = "general", "identity", "location"
INVESTIGATION = "investigation"
SHIFT_ROLES = frozenset({"residential-staff", "director"})
"""Who works the shift, and who takes over what a shift leaves undone: they see cards."""
_CARD_VIEWS = ("full", "what-to-do-card")


class View(Enum):
    """How much of a checklist item somebody sees."""

    OPEN = auto()
    """Everything: the item, when it is due, every answer."""
    ENTER = auto()
    """That it is due; they may answer it, and see their own answers only."""
    CARD = auto()
    """What to do while it is open, and no answer at all."""
    HIDDEN = auto()
    """Nothing."""


VIEW_OPEN, VIEW_ENTER, VIEW_CARD, VIEW_HIDDEN = View
"""For long lists: to ask an enumeration for a member takes as long as to look a line up."""


@dataclass(frozen=True, eq=False)
class Access:
    """What somebody with certain roles may open.

    `classes` are the record classes they read; of those in `cards` they see what to do.
    """

    classes: frozenset[str]
    cards: frozenset[str]
    reads_all: bool
    views: Mapping[str, View]
    services: frozenset[str]
    entered: frozenset[tuple[str, str]]
    triggers: frozenset[str]

    @cached_property
    def seen_items(self) -> str:
        """Return the ids of the items they see anything of, as a JSON list: for a statement."""
        return json.dumps([item for item, view in self.views.items() if view is not View.HIDDEN])

    @cached_property
    def open_items(self) -> frozenset[str]:
        """Return the items they see everything of: a quick first look, for long lists."""
        return frozenset(item for item, view in self.views.items() if view is View.OPEN)

    @cached_property
    def sees_every_item(self) -> bool:
        """Say whether nothing is hidden from them: then no long list need be gone through."""
        return self.reads_all and VIEW_HIDDEN not in self.views.values()

    def may_open(self, record_class: str) -> bool:
        """Say whether they read a record class."""
        return record_class in self.classes

    def may_know(self, record_class: str) -> bool:
        """Say whether they may know that there is something of a record class to do."""
        return record_class in self.classes or record_class in self.cards

    def view(self, item_id: str) -> View:
        """Return how much of an item they see; one the model no longer has is closed to most."""
        found = self.views.get(item_id)
        return found or (VIEW_OPEN if self.reads_all else VIEW_HIDDEN)

    def may_answer(self, item_id: str) -> bool:
        """Say whether they may answer an item."""
        return self.view(item_id) in (VIEW_OPEN, VIEW_ENTER)

    def may_open_service(self, service_id: str) -> bool:
        """Say whether they read where a service stands, and its entries."""
        return self.reads_all or service_id in self.services

    def may_set_service(self, service_id: str) -> bool:
        """Say whether they may write where a service stands: readers, and who does its work."""
        return self.may_open_service(service_id) or any(
            service_id == service for service, _ in self.entered
        )

    def may_open_case(self, record_class: str, service_id: str, *, is_open: bool) -> bool:
        """Say whether they may open a part of an absence or incident of this record class.

        Readers of the class always may. While it is open, so may the roles that the care model
        gives a step of it in this class to: whoever calls the police at night must see what was
        worn. When it is closed, that ends.
        """
        return self.may_open(record_class) or (
            is_open and (service_id, record_class) in self.entered
        )

    def may_open_trigger(self, code: str) -> bool:
        """Say whether they read that something happened: it gave them something to do or know."""
        return self.reads_all or code in self.triggers


def access_of(model: CareModel, roles: Collection[str], also: Collection[str] = ()) -> Access:
    """Return what somebody with these roles may open, and what was opened to them besides.

    `also`: record classes that somebody opened to them for a time.
    """
    held = frozenset(roles)
    read = {one.id for one in model.record_classes.values() if may_read(one, held)}
    classes = frozenset(read | set(also))
    cards = frozenset(one.id for one in model.record_classes.values() if has_card(one, held))
    views = {
        item.id: view_of(item, model.record_classes[item.record_class], held, classes)
        for item in (*_hidden(model), *model.items.values())
    }
    return Access(
        classes=classes,
        cards=cards,
        reads_all=classes >= set(model.record_classes),
        views=views,
        services=frozenset(
            service.id for service in model.services.values() if class_of(service) in classes
        ),
        entered=frozenset(
            (item.service_id, item.record_class)
            for item in model.items.values()
            if views[item.id] is View.ENTER
        ),
        triggers=_triggers(model, views),
    )


def _hidden(model: CareModel) -> Iterator[ChecklistItem]:
    """Yield the shipped items that the shelter has hidden: what was answered keeps its readers."""
    for service in model.shipped.values():
        yield from (item for item in service.items if item.id not in model.items)


def may_read(record_class: RecordClass, roles: Collection[str]) -> bool:
    """Say whether one of the roles reads a record class."""
    return bool(set(record_class.readers) & set(roles))


def has_card(record_class: RecordClass, roles: Collection[str]) -> bool:
    """Say whether one of the roles works the shift, and the shift sees cards of this class."""
    return record_class.shift_view in _CARD_VIEWS and bool(SHIFT_ROLES & set(roles))


def view_of(
    item: ChecklistItem,
    record_class: RecordClass,
    roles: Collection[str],
    classes: Collection[str],
) -> View:
    """Return how much of an item somebody with these roles and open classes sees."""
    if record_class.id in classes:
        return View.OPEN
    if record_class.doer_may_enter and item.role in roles:
        return View.ENTER
    return View.CARD if has_card(record_class, roles) else View.HIDDEN


def class_of(service: Service) -> str:
    """Return the record class of a service: that of more than half of its items, or general.

    An entry of the log names the service, and so tells as much as most of its items would.
    """
    counted = Counter(item.record_class for item in service.items)
    if not counted:
        return GENERAL
    record_class, count = counted.most_common(1)[0]
    return record_class if count * 2 > len(service.items) else GENERAL


def appointment_class(model: CareModel, kind: str) -> str:
    """Return the record class of a kind of appointment: the day's plan of the house is general."""
    for value in model.values("appointment-kinds"):
        if value.code == kind:
            return str(value.extra.get("record_class") or GENERAL)
    return GENERAL


def _triggers(model: CareModel, views: Mapping[str, View]) -> frozenset[str]:
    """Return the codes of what happened that somebody may read.

    Whatever opens an item that they see: the open item tells as much. What opens no item at all
    tells nothing that a class protects.
    """
    opens: dict[str, list[View]] = {code: [] for code in model.triggers}
    for item in model.items.values():
        for code in item.starts_on:
            opens.setdefault(code, []).append(views[item.id])
    return frozenset(
        code
        for code, seen in opens.items()
        if not seen or any(view is not View.HIDDEN for view in seen)
    )
