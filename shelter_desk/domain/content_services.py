"""Reading the services and their checklist items, and the events that start items."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from shelter_desk.domain.content import (
    ANCHORS,
    CONFIDENCES,
    CONSENTS,
    NEEDS,
    ORIGINS,
    ChecklistItem,
    Due,
    Service,
    Step,
    Trigger,
)
from shelter_desk.domain.content_registers import Registers, known, same_version
from shelter_desk.domain.content_table import Problems, Table, load
from shelter_desk.domain.durations import Span, parse_span

TRIGGERS = "lists/item_triggers.toml"
SCOPE = "lists/item_scope.toml"
FOLDER = "care_model/"
_MAY_RUN_BEFORE = frozenset({"event", "court-date", "discharge"})
_SHORT_NAME = 22  # characters that fit the service tiles


@dataclass(frozen=True, slots=True)
class Schedule:
    """Several times after one anchor, for an item that asks for several contacts."""

    after: str
    due: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Starts:
    """What starts items: events, and the further times and slower steps of single items."""

    triggers: Mapping[str, Trigger]
    schedules: Mapping[str, Schedule]
    steps: Mapping[str, tuple[Step, ...]]
    house: frozenset[str]


def read_service(
    table: Table, number: int, registers: Registers, feeds: Mapping[str, frozenset[str]]
) -> Service:
    """Read one service file; `feeds` holds the codes allowed under "voca" and under "rhy"."""
    service_id = table.text("id")
    phases = table.texts("phases")
    if not phases and table.has("phases"):
        table.problem("'phases' is empty")
    service = Service(
        service_id,
        number,
        table.text("name"),
        table.text("short_name"),
        phases,
        table.text("purpose"),
        table.choice("origin", ORIGINS),
        table.choice("confidence", CONFIDENCES),
        table.choice("default_need", NEEDS),
        table.texts("voca"),
        table.texts("rhy"),
        tuple(
            _read_item(row, service_id, place, phases, registers)
            for place, row in enumerate(table.tables("items"), 1)
        ),
    )
    table.done()
    known(table, "phase", service.phases, registers.phases)
    known(table, "VOCA code", service.voca, dict.fromkeys(feeds["voca"]))
    known(table, "RHY code", service.rhy, dict.fromkeys(feeds["rhy"]))
    _check_service(table, service)
    return service


def _check_service(table: Table, service: Service) -> None:
    if len(service.short_name) > _SHORT_NAME:
        table.problem(f"short_name is longer than {_SHORT_NAME} characters")
    if service.origin in ORIGINS and service.confidence in CONFIDENCES:
        fits = CONFIDENCES[ORIGINS.index(service.origin)]
        if service.confidence != fits:
            table.problem(f"origin {service.origin!r} is {fits!r}, not {service.confidence!r}")
    if not service.items and table.has("items"):
        table.problem("the service has no items")


def _read_item(
    row: Table, service_id: str, number: int, phases: tuple[str, ...], registers: Registers
) -> ChecklistItem:
    due = _read_due(row)
    repeat, interval = _read_repeat(row, due)
    item = ChecklistItem(
        id=row.text("id"),
        service_id=service_id,
        number=number,
        text=row.text("text"),
        help=row.text("help", required=False),
        role=row.text("role"),
        due=due,
        repeat=repeat,
        interval=interval,
        safety_critical=row.flag("safety_critical"),
        consent=row.texts("consent"),
        record_class=row.text("record_class"),
        basis=row.texts("basis"),
        signatures=row.number("signatures"),
        outcome_only=row.flag("outcome_only"),
        phases=phases,
    )
    row.done()
    _check_item(row, item, registers)
    return item


def _read_due(row: Table) -> Due:
    table = row.table("due")
    if table is None:
        return Due("", Span())
    due = Due(table.choice("after", ANCHORS), table.span("within"))
    table.done()
    if due.span.length.total_seconds() < 0 and due.after not in _MAY_RUN_BEFORE:
        row.problem(f"a clock cannot run before {due.after!r}")
    return due


def _read_repeat(row: Table, due: Due) -> tuple[str, Span | None]:
    """Return the kind of repeat, and the interval of a periodic one."""
    text = row.text("repeat")
    if text in ("once", "each-event", "each-shift", ""):
        repeat, interval = text, None
    else:
        try:
            repeat, interval = "period", parse_span(text)
        except ValueError as error:
            row.problem(f"repeat: {error}")
            return "", None
        if interval.length.total_seconds() <= 0:
            row.problem(f"repeat {text!r} must be longer than nothing")
    if due.after == "previous" and repeat == "period" and interval != due.span:
        row.problem("a clock that runs from the previous time must equal repeat")
    if due.after == "previous" and repeat in ("once", "each-event"):
        row.problem(f"repeat {repeat!r} has no previous time to count from")
    return repeat, interval


def _check_item(row: Table, item: ChecklistItem, registers: Registers) -> None:
    if item.id and item.id != f"{item.service_id}.{item.number:02d}":
        row.problem(f"the id should be {item.service_id}.{item.number:02d}")
    if not item.basis and row.has("basis"):
        row.problem("'basis' is empty")
    if item.signatures not in (0, 1, 2):
        row.problem("signatures must be 0, 1 or 2")
    known(row, "role", (item.role,), registers.roles)
    known(row, "record class", (item.record_class,), registers.record_classes)
    known(row, "basis", item.basis, registers.basis)
    known(row, "consent", item.consent, dict.fromkeys(CONSENTS))
    record_class = registers.record_classes.get(item.record_class)
    if record_class and record_class.short_note_only and not item.outcome_only:
        row.problem(f"outcome_only must be true for record class {item.record_class!r}")


def read_starts(files: Mapping[str, str], version: str, problems: Problems) -> Starts:
    """Read which events start which items, contact schedules, steps and the house's items."""
    table = load(files, TRIGGERS, problems)
    same_version(table, version)
    table.choice("id", ("item-triggers",))
    triggers = {row.text("code"): _read_trigger(row) for row in table.tables("events", "code")}
    schedules = {}
    for row in table.tables("schedules", "item"):
        schedules[row.text("item")] = Schedule(row.choice("after", ANCHORS), row.spans("due"))
        row.done()
    steps = _read_steps(table)
    table.done()
    return Starts(triggers, schedules, steps, _read_house(files, version, problems))


def _read_trigger(row: Table) -> Trigger:
    trigger = Trigger(
        row.text("code"),
        row.text("label"),
        row.text("means"),
        row.texts("starts"),
        row.texts("ends", required=False),
        row.flag("ahead", required=False),
    )
    row.done()
    if not trigger.starts and row.has("starts"):
        row.problem("the event starts no item")
    return trigger


def _read_steps(table: Table) -> dict[str, tuple[Step, ...]]:
    """Return the steps of each item, in order; only the last one may go on for good."""
    steps: dict[str, tuple[Step, ...]] = {}
    for row in table.tables("steps", ""):
        item, number = row.text("item"), row.number("step")
        row.entry = f"{item} step {number}"
        before = steps.get(item, ())
        step = Step(row.span("every"), row.span_or_none("until"))
        row.done()
        if number != len(before) + 1:
            row.problem(f"the step should be number {len(before) + 1}")
        if step.every.length.total_seconds() <= 0:
            row.problem("'every' must be longer than nothing")
        if before and not _rises(before[-1], step):
            row.problem("the step must end later than the one before it")
        steps[item] = (*before, step)
    return steps


def _rises(before: Step, step: Step) -> bool:
    if before.until is None:
        return False
    return step.until is None or step.until.length > before.until.length


def _read_house(files: Mapping[str, str], version: str, problems: Problems) -> frozenset[str]:
    table = load(files, SCOPE, problems)
    same_version(table, version)
    table.choice("id", ("item-scope",))
    table.flag("verified")
    table.text("source")
    house = table.texts("house")
    table.done()
    return frozenset(house)


def join_starts(
    services: Sequence[Service], starts: Starts, problems: Problems
) -> tuple[Service, ...]:
    """Give every item its events, further times, steps and scope; report what does not meet."""
    _check_starts({i.id: i for service in services for i in service.items}, starts, problems)
    begun, ended = _codes(starts.triggers)
    joined = {
        item.id: _joined(item, starts, begun, ended)
        for service in services
        for item in service.items
    }
    return tuple(
        replace(service, items=tuple(joined[item.id] for item in service.items))
        for service in services
    )


def _codes(triggers: Mapping[str, Trigger]) -> tuple[dict[str, set[str]], dict[str, set[str]]]:
    """Return item id -> the events that start it, and item id -> those that end it."""
    begun: dict[str, set[str]] = {}
    ended: dict[str, set[str]] = {}
    for code, trigger in triggers.items():
        for item_id in trigger.starts:
            begun.setdefault(item_id, set()).add(code)
        for item_id in trigger.ends:
            ended.setdefault(item_id, set()).add(code)
    return begun, ended


def _joined(
    item: ChecklistItem,
    starts: Starts,
    begun: Mapping[str, set[str]],
    ended: Mapping[str, set[str]],
) -> ChecklistItem:
    schedule = starts.schedules.get(item.id)
    return replace(
        item,
        starts_on=frozenset(begun.get(item.id, ())),
        ends_on=frozenset(ended.get(item.id, ())),
        schedule=schedule.due if schedule else (),
        steps=starts.steps.get(item.id, ()),
        is_house=item.id in starts.house,
    )


def _check_starts(items: Mapping[str, ChecklistItem], starts: Starts, problems: Problems) -> None:
    named = [
        (code, item_id) for code, t in starts.triggers.items() for item_id in (*t.starts, *t.ends)
    ]
    named += [(item_id, item_id) for item_id in (*starts.schedules, *starts.steps)]
    for entry, item_id in named:
        if item_id not in items:
            problems.add(TRIGGERS, entry, f"item {item_id!r} is not known")
    _check_ends(items, starts, problems)
    for item_id, schedule in starts.schedules.items():
        if item_id in items and items[item_id].due.after != schedule.after:
            problems.add(TRIGGERS, item_id, f"the item does not count from {schedule.after!r}")
    for item_id in sorted(starts.house - items.keys()):
        problems.add(SCOPE, item_id, "the item is not known")


def _check_ends(items: Mapping[str, ChecklistItem], starts: Starts, problems: Problems) -> None:
    for code, trigger in starts.triggers.items():
        for item_id in trigger.ends:
            if item_id in items and items[item_id].interval is None:
                problems.add(TRIGGERS, code, f"item {item_id!r} is no series that could end")
