"""A shelter's own changes of the care model, laid over the shipped one.

A change names what it changes by id, what the shelter wants, and what stood there when it was
made. So an upgrade of the shipped model is merged by laying the same changes over the new one:
nothing is lost on either side, and where both changed the same thing the shelter's wins and is
shown to the director as a conflict.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import timedelta
from typing import Any

from shelter_desk.domain.content import NEEDS, ChecklistItem, Due, Service
from shelter_desk.domain.durations import Span, parse_span

HIDE, TEXT, ROLE, DUE, INTERVAL = "hide", "text", "role", "due", "interval"
ORDER, ITEM, SERVICE = "order", "item", "service"
OF_ITEM = (HIDE, TEXT, ROLE, DUE, INTERVAL)
KINDS = (*OF_ITEM, ORDER, ITEM, SERVICE)
OWN = "own_"
"""What a service that a shelter added begins with; its own items have an "h" before the number."""
ADDED = "addition"


@dataclass(frozen=True, slots=True)
class Change:
    """One change. `target` is an item, or a service for "order" and "service".

    `value` is what the shelter wants and `was` what the shipped model said then: words for "text",
    a role, a length such as "PT2H" or "P7D" for clocks, ids joined by spaces for "order", and JSON
    for what is added.
    """

    kind: str
    target: str
    value: str = ""
    was: str = ""
    reason: str = ""

    @property
    def key(self) -> tuple[str, str]:
        """Return what there is one change of at most."""
        return self.kind, self.target


@dataclass(frozen=True, slots=True)
class Conflict:
    """A change over something that the shipped model has changed too ("now"), or has no more."""

    change: Change
    now: str | None


def written(span: Span) -> str:
    """Return a length as the care model writes it; `parse_span` reads it back."""
    seconds = abs(int(span.clock.total_seconds()))
    sign = "-" if span.days < 0 or span.clock < timedelta(0) else ""
    clock = f"T{seconds}S" if seconds or not span.days else ""
    if seconds and seconds % 3600 == 0:
        clock = f"T{seconds // 3600}H"
    elif seconds and seconds % 60 == 0:
        clock = f"T{seconds // 60}M"
    days = f"{abs(span.days)}D" if span.days else ""
    return f"{sign}P{days}{clock}"


def with_change(changes: Sequence[Change], change: Change) -> tuple[Change, ...]:
    """Return the changes with one more; an earlier one of the same thing is replaced.

    A change back to what is shipped is no change.
    """
    others = tuple(one for one in changes if one.key != change.key)
    back = change.kind not in (HIDE, ITEM, SERVICE) and change.value == change.was
    return others if back else (*others, change)


def without(changes: Sequence[Change], key: tuple[str, str]) -> tuple[Change, ...]:
    """Return the changes but for one: the shipped model counts there again."""
    return tuple(one for one in changes if one.key != key)


def lay_over(shipped: Mapping[str, Service], changes: Sequence[Change]) -> dict[str, Service]:
    """Return the services with the changes. What fits nothing (any more) changes nothing."""
    services = dict(shipped)
    for change in changes:
        if change.kind == SERVICE and change.target not in services:
            services[change.target] = _new_service(change, len(services) + 1)
    for change in changes:
        service = services.get(_service_of(change.target))
        if change.kind == ITEM and service is not None:
            item = _new_item(change, service)
            services[service.id] = replace(service, items=(*service.items, item))
    by_item: dict[str, list[Change]] = {}
    orders = {}
    for change in changes:
        if change.kind in OF_ITEM:
            by_item.setdefault(change.target, []).append(change)
        elif change.kind == ORDER:
            orders[change.target] = change.value.split()
    return {
        key: replace(service, items=_items(service, by_item, orders.get(key, ())))
        for key, service in services.items()
    }


def conflicts(shipped: Mapping[str, Service], changes: Iterable[Change]) -> tuple[Conflict, ...]:
    """Return the changes whose ground has moved under them since they were made."""
    found = []
    changes = tuple(changes)
    own = {one.target for one in changes if one.kind in (ITEM, SERVICE)}
    for change in changes:
        if change.kind in (ITEM, SERVICE):
            if change.kind == ITEM and _service_of(change.target) not in own | shipped.keys():
                found.append(Conflict(change, None))
        elif change.target not in own:
            now = shipped_value(shipped, change.kind, change.target)
            if now != change.was and (now is None or now != change.value):
                found.append(Conflict(change, now))
    return tuple(found)


def shipped_value(shipped: Mapping[str, Service], kind: str, target: str) -> str | None:
    """Return what the shipped model says where a change would change it; None: no such thing."""
    if kind == ORDER:
        service = shipped.get(target)
        return None if service is None else " ".join(item.id for item in service.items)
    service = shipped.get(_service_of(target))
    item = next((one for one in service.items if one.id == target), None) if service else None
    return None if item is None else value_of(item, kind)


def value_of(item: ChecklistItem, kind: str) -> str | None:
    """Return the part of an item that a kind of change is about, as a change writes it."""
    if kind == ROLE:
        return item.role
    if kind == DUE:
        return written(item.due.span)
    if kind == INTERVAL:
        return written(item.interval) if item.interval else None
    return item.text


def words_of(services: Mapping[str, Service], changes: Iterable[Change]) -> dict[str, str]:
    """Return item id -> its words, for the items whose words are the shelter's own."""
    own = {change.target for change in changes if change.kind in (TEXT, ITEM)}
    return {
        item.id: item.text
        for service in services.values()
        for item in service.items
        if item.id in own
    }


def as_text(changes: Iterable[Change]) -> str:
    """Return the changes as they are kept."""
    return json.dumps([asdict(change) for change in changes], separators=(",", ":"))


def from_text(kept: str) -> tuple[Change, ...]:
    """Return the changes that were kept."""
    return tuple(Change(**one) for one in json.loads(kept))


def _service_of(item_id: str) -> str:
    return item_id.rpartition(".")[0]


def _items(
    service: Service, by_item: Mapping[str, list[Change]], order: Sequence[str]
) -> tuple[ChecklistItem, ...]:
    kept = []
    for item in service.items:
        changes = by_item.get(item.id, ())
        if not any(change.kind == HIDE for change in changes):
            kept.append(_changed(item, changes))
    return tuple(_in_order(kept, order))


def _in_order(items: list[ChecklistItem], order: Sequence[str]) -> list[ChecklistItem]:
    """Return the items in the wanted order; one it does not know stays behind its neighbour."""
    wanted = {item_id: place for place, item_id in enumerate(order)}
    places: list[tuple[int, int]] = []
    last = -1
    for at, item in enumerate(items):
        last = wanted.get(item.id, last)
        places.append((last, at))
    return [items[at] for _, at in sorted(places)]


def _changed(item: ChecklistItem, changes: Iterable[Change]) -> ChecklistItem:
    for change in changes:
        if change.kind == TEXT:
            item = replace(item, text=change.value)
        elif change.kind == ROLE:
            item = replace(item, role=change.value)
        elif change.kind == DUE and item.due.after != "previous":
            due = Due(item.due.after, parse_span(change.value))
            item = item if due == item.due else replace(item, due=due, schedule=())
        elif change.kind == INTERVAL and item.interval is not None:
            every = parse_span(change.value)
            due = Due("previous", every) if item.due.after == "previous" else item.due
            item = replace(item, interval=every, due=due, steps=())
    return item


def _new_item(change: Change, service: Service) -> ChecklistItem:
    told: dict[str, Any] = json.loads(change.value)
    every = parse_span(told["every"]) if told.get("every") else None
    return ChecklistItem(
        id=change.target,
        service_id=service.id,
        number=len(service.items) + 1,
        text=told["text"],
        help=told.get("help", ""),
        role=told["role"],
        due=Due("admission", parse_span(told["within"])),
        repeat="period" if every else "once",
        interval=every,
        safety_critical=bool(told.get("safety_critical")),
        consent=(),
        record_class=told["record_class"],
        basis=(),
        signatures=0,
        outcome_only=bool(told.get("outcome_only")),
        phases=service.phases,
    )


def _new_service(change: Change, number: int) -> Service:
    told: dict[str, Any] = json.loads(change.value)
    return Service(
        id=change.target,
        number=number,
        name=told["name"],
        short_name=told["short_name"],
        phases=tuple(told["phases"]),
        purpose=told.get("purpose", ""),
        origin="shelter",
        confidence=ADDED,
        default_need=told.get("default_need", NEEDS[1]),
        voca=(),
        rhy=(),
        items=(),
    )
