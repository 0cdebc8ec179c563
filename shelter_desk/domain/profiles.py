"""Jurisdiction profiles: reading them, and laying their clocks over the checklist items."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from shelter_desk.domain.content import (
    ANCHORS,
    ChecklistItem,
    Clock,
    Due,
    Elsewhere,
    Profile,
    Question,
    Requirement,
    Setting,
)
from shelter_desk.domain.content_registers import known, same_version
from shelter_desk.domain.content_table import Problems, Table, load
from shelter_desk.domain.ratio import RATIO_SETTINGS, problem_of

FOLDER = "profiles/"
DEFAULT = "default"


def read_profile(
    files: Mapping[str, str], file: str, version: str, problems: Problems
) -> tuple[Profile, Table]:
    """Read one profile; the table comes back with it, to name problems found later."""
    table = load(files, file, problems)
    same_version(table, version)
    profile = Profile(
        id=table.text("id"),
        name=table.text("name"),
        country=table.text("country"),
        state=table.text("state", may_be_empty=True),
        extends=table.text("extends", may_be_empty=True),
        note=table.note(),
        clocks=tuple(_clock(row) for row in table.tables("clocks", required=False)),
        settings=tuple(_setting(row) for row in table.tables("settings", required=False)),
        requirements=tuple(
            _requirement(row) for row in table.tables("requirements", required=False)
        ),
        state_must_set=tuple(
            _question(row) for row in table.tables("state_must_set", required=False)
        ),
    )
    table.done()
    if profile.id and file != f"{FOLDER}{profile.id}.toml":
        table.problem(f"id {profile.id!r} does not match the file name")
    return profile, table


def _clock(row: Table) -> Clock:
    clock = Clock(
        row.text("id"),
        row.text("name"),
        row.span("value"),
        row.choice("starts", ANCHORS),
        row.flag("apply"),
        row.texts("items"),
        row.texts("basis"),
        row.flag("verified"),
        row.text("source"),
        row.note(),
        tuple(_elsewhere(one) for one in row.tables("seen_elsewhere", "where", required=False)),
    )
    row.done()
    return clock


def _elsewhere(row: Table) -> Elsewhere:
    where = row.text("where")
    # A clock's value is a duration and may be unknown; a setting's is a number.
    raw = row.anything("value")
    if isinstance(raw, str) and raw:
        row.span("value")
    elif not isinstance(raw, (int, str)) or isinstance(raw, bool):
        row.problem("'value' must be a duration or a whole number")
    made = Elsewhere(where, str(raw), row.flag("verified"), row.note())
    row.done()
    return made


def _setting(row: Table) -> Setting:
    setting = Setting(
        row.text("id"),
        row.text("name"),
        row.number("value"),
        row.text("unit"),
        row.texts("basis"),
        row.flag("verified"),
        row.text("source"),
        row.note(),
        tuple(_elsewhere(one) for one in row.tables("seen_elsewhere", "where", required=False)),
    )
    row.done()
    return setting


def _requirement(row: Table) -> Requirement:
    requirement = Requirement(
        row.text("id"),
        row.text("name"),
        row.texts("must"),
        row.texts("items"),
        row.texts("basis"),
        row.flag("verified"),
        row.text("source"),
        row.note(),
    )
    row.done()
    return requirement


def _question(row: Table) -> Question:
    question = Question(row.text("id"), row.text("question"))
    row.done()
    return question


def chain(profiles: Mapping[str, Profile], profile_id: str) -> tuple[Profile, ...]:
    """Return a profile and all it extends, the one at the bottom first.

    Raises:
        KeyError: when there is no such profile.
    """
    found: list[Profile] = []
    name = profile_id
    while name:
        profile = profiles[name]
        if profile in found:
            break
        found.append(profile)
        name = profile.extends
    return tuple(reversed(found))


def clocks_in_force(profiles: Iterable[Profile]) -> Iterator[tuple[str, Clock]]:
    """Yield (item id, clock) in the order of laying them on; a later clock wins.

    A clock that is not applied changes nothing: the one of the profile below stays in force.
    """
    for profile in profiles:
        for clock in profile.clocks:
            if clock.applies:
                yield from ((item_id, clock) for item_id in clock.items)


def under_clock(item: ChecklistItem, clock: Clock) -> ChecklistItem:
    """Return the item with the clock of a jurisdiction instead of its own.

    A clock that starts at "previous" sets how often a periodic item repeats (and its first time,
    where that counts from the previous time too). Any other clock sets anchor and length. Where
    the length changes, further times and slower steps of the item no longer hold and are left out.
    """
    if clock.starts != "previous":
        due = Due(clock.starts, clock.value)
        return item if due == item.due else replace(item, due=due, schedule=())
    if item.interval is None or clock.value == item.interval:
        return item
    due = Due("previous", clock.value) if item.due.after == "previous" else item.due
    return replace(item, due=due, interval=clock.value, steps=())


def check_profiles(
    read: Mapping[str, tuple[Profile, Table]],
    items: Mapping[str, ChecklistItem],
    basis: Mapping[str, object],
) -> None:
    """Check profiles against each other, the items and the standards."""
    profiles = {name: profile for name, (profile, _) in read.items()}
    for profile, table in read.values():
        if profile.extends and profile.extends not in profiles:
            table.problem(f"extends {profile.extends!r}, which is not known")
        elif profile.extends and chain(profiles, profile.id)[0].extends:
            table.problem("the profiles extend each other in a circle")
        else:
            _check_loosening(profile, profiles, table)
        rows: tuple[Clock | Setting | Requirement, ...] = (
            *profile.clocks,
            *profile.settings,
            *profile.requirements,
        )
        for row in rows:
            entry = table.named(row.id)
            known(entry, "basis", row.basis, basis)
            if not isinstance(row, Setting):
                known(entry, "item", row.items, items)
        for clock in profile.clocks:
            _check_clock(clock, items, table.named(clock.id))
        _check_ratio(profile, table)


def _check_clock(clock: Clock, items: Mapping[str, ChecklistItem], table: Table) -> None:
    if clock.value.length.total_seconds() < 0 and clock.starts in ("admission", "previous"):
        table.problem(f"a clock cannot run before {clock.starts!r}")
    for item in (items[item_id] for item_id in clock.items if item_id in items):
        periodic = item.interval is not None
        if clock.starts == "previous" and not periodic:
            table.problem(f"item {item.id!r} is not periodic: it has no previous time")
        elif clock.starts == "event" and not item.starts_on:
            table.problem(f"item {item.id!r} would wait for an event, but no event starts it")
        elif clock.starts == "previous" and clock.value.length.total_seconds() <= 0:
            table.problem("a repeating clock must be longer than nothing")


def _check_ratio(profile: Profile, table: Table) -> None:
    """Check how many staff a jurisdiction asks for; the profile at the bottom says all of it."""
    named = {one.id for one in profile.settings}
    for missing in [] if profile.extends else [one for one in RATIO_SETTINGS if one not in named]:
        table.problem(f"the setting {missing!r} is missing")
    for setting in profile.settings:
        problem = problem_of(setting)
        if problem:
            table.named(setting.id).problem(problem)


def _check_loosening(profile: Profile, profiles: Mapping[str, Profile], table: Table) -> None:
    """Report a longer clock that nobody has verified: it may not replace a shorter one."""
    below = {c.id: c for p in chain(profiles, profile.id)[:-1] for c in p.clocks if c.applies}
    for clock in profile.clocks:
        base = below.get(clock.id)
        if base is None or not clock.applies or clock.verified:
            continue
        if clock.value.length > base.value.length:
            table.named(clock.id).problem("an unverified clock may not loosen the profile below")
