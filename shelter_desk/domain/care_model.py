"""The care model: which services the shelter offers, and what each of them asks for, as data.

Source: the TOML files of ``resources/content``. ``read_care_model`` reads and checks all of them
at once; a problem in any file is named, together with every other problem.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from shelter_desk.domain import profiles
from shelter_desk.domain.content import (
    Basis,
    ChecklistItem,
    Clock,
    Due,
    ListRule,
    Phase,
    Profile,
    RecordClass,
    Role,
    Service,
    Setting,
    Step,
    Trigger,
    Value,
    ValueList,
)
from shelter_desk.domain.content_check import (
    check_counts,
    check_rules,
    check_services,
    check_strangers,
)
from shelter_desk.domain.content_reader import read_lists, read_profiles, read_services
from shelter_desk.domain.content_registers import (
    Manifest,
    Registers,
    read_manifest,
    read_registers,
)
from shelter_desk.domain.content_services import Starts, join_starts, read_starts
from shelter_desk.domain.content_table import Problems
from shelter_desk.domain.errors import NotFoundError
from shelter_desk.domain.overlay import Change, lay_over
from shelter_desk.domain.profiles import check_profiles
from shelter_desk.domain.value_lists import check_lists

__all__ = [
    "Basis",
    "CareModel",
    "ChecklistItem",
    "Clock",
    "Due",
    "ListRule",
    "Phase",
    "Profile",
    "RecordClass",
    "Role",
    "Service",
    "Setting",
    "Step",
    "Trigger",
    "Value",
    "ValueList",
    "read_care_model",
]


@dataclass(frozen=True, slots=True)
class CareModel:
    """All services and everything they refer to, under the clocks of one jurisdiction profile.

    `services` are in the order of the manifest. `shipped` are the services before any profile and
    before `changes`, which are the shelter's own; `edition` counts how often those were saved.
    """

    version: str
    status: str
    services: Mapping[str, Service]
    items: Mapping[str, ChecklistItem]
    phases: Mapping[str, Phase]
    roles: Mapping[str, Role]
    record_classes: Mapping[str, RecordClass]
    basis: Mapping[str, Basis]
    lists: Mapping[str, ValueList]
    triggers: Mapping[str, Trigger]
    house_items: frozenset[str]
    profiles: Mapping[str, Profile]
    profile_id: str
    short_note_limit: int
    short_note_prompt: str
    shipped: Mapping[str, Service] = field(repr=False)
    changes: tuple[Change, ...] = ()
    edition: int = 0

    @property
    def edition_name(self) -> str:
        """Return what an answer says it was given under: "1.0.0", or "1.0.0+3" with changes."""
        return f"{self.version}+{self.edition}" if self.edition else self.version

    @property
    def starts(self) -> Mapping[str, frozenset[str]]:
        """Return item id -> the event codes that start it, for the items that have any."""
        return {item.id: item.starts_on for item in self.items.values() if item.starts_on}

    def under(self, profile_id: str) -> CareModel:
        """Return the care model under the clocks of a profile and of those it extends.

        The shelter's own changes lie over them.

        Raises:
            NotFoundError: when there is no such profile.
        """
        services = lay_over(self.services_under(profile_id), self.changes)
        items = {item.id: item for service in services.values() for item in service.items}
        return replace(self, services=services, items=items, profile_id=profile_id)

    def changed(self, edition: int, changes: tuple[Change, ...]) -> CareModel:
        """Return the care model with these changes of the shelter instead of any other."""
        return replace(self, edition=edition, changes=changes).under(self.profile_id)

    def services_under(self, profile_id: str) -> dict[str, Service]:
        """Return the services under the clocks of a profile, without changes of the shelter.

        Raises:
            NotFoundError: when there is no such profile.
        """
        if profile_id not in self.profiles:
            raise NotFoundError(f"There is no profile {profile_id!r}.")
        clocks: dict[str, list[Clock]] = {}
        for item_id, clock in profiles.clocks_in_force(profiles.chain(self.profiles, profile_id)):
            clocks.setdefault(item_id, []).append(clock)
        return {
            service.id: replace(
                service,
                items=tuple(_under(item, clocks.get(item.id, ())) for item in service.items),
            )
            for service in self.shipped.values()
        }

    def values(self, list_id: str) -> tuple[Value, ...]:
        """Return the choices of a pick list, in order.

        Raises:
            NotFoundError: when there is no such list.
        """
        return self._list(list_id).values

    def label(self, list_id: str, code: str) -> str:
        """Return the words for a code, or the code itself where the list no longer has it."""
        for value in self.values(list_id):
            if value.code == code:
                return value.label
        return code

    def reasons_for(self, outcome: str) -> tuple[Value, ...]:
        """Return the reasons that fit an outcome of an item; none for "done"."""
        reasons = self.values("item-not-done-reasons")
        return tuple(value for value in reasons if value.extra["for_outcome"] == outcome)

    def outcome_needs(self, outcome: str) -> frozenset[str]:
        """Return what an outcome has to come with: "person", "done_at", "reason", "until" ...

        Raises:
            NotFoundError: when there is no such outcome.
        """
        return self._needs("item-outcomes", outcome)

    def status_needs(self, status: str) -> frozenset[str]:
        """Return what a service status has to come with, for example "reason".

        Raises:
            NotFoundError: when there is no such status.
        """
        return self._needs("service-status", status)

    def settings(self) -> Mapping[str, Setting]:
        """Return the settings in force, by id: those of the profile over those it extends."""
        in_force = profiles.chain(self.profiles, self.profile_id)
        return {setting.id: setting for profile in in_force for setting in profile.settings}

    def clocks(self) -> Mapping[str, Clock]:
        """Return the clocks in force, by id: an applied one of the profile over those below."""
        in_force = profiles.chain(self.profiles, self.profile_id)
        return {c.id: c for profile in in_force for c in profile.clocks if c.applies}

    def requirement(self, requirement_id: str) -> tuple[str, ...]:
        """Return what a requirement of the profile says must be; empty where it says nothing."""
        in_force = profiles.chain(self.profiles, self.profile_id)
        found = {one.id: one.must for profile in in_force for one in profile.requirements}
        return found.get(requirement_id, ())

    def _list(self, list_id: str) -> ValueList:
        if list_id not in self.lists:
            raise NotFoundError(f"There is no list {list_id!r}.")
        return self.lists[list_id]

    def _needs(self, list_id: str, code: str) -> frozenset[str]:
        for value in self.values(list_id):
            if value.code == code:
                needs = value.extra["needs"]
                return frozenset(needs if isinstance(needs, tuple) else ())
        raise NotFoundError(f"{list_id!r} has no code {code!r}.")


def _under(item: ChecklistItem, clocks: Sequence[Clock]) -> ChecklistItem:
    for clock in clocks:
        item = profiles.under_clock(item, clock)
    return item


def read_care_model(files: Mapping[str, str]) -> CareModel:
    """Read and check the whole care model, and apply the default profile.

    Args:
        files: path inside the content folder, with forward slashes -> text. Only ``.toml`` files
            are read; others (README.md) may be present.

    Raises:
        ContentError: naming every problem of every file: file, entry, and what is wrong.
    """
    problems = Problems()
    manifest = read_manifest(files, problems)
    registers = read_registers(files, manifest.version, problems)
    lists = read_lists(files, manifest.version, problems)
    starts = read_starts(files, manifest.version, problems)
    separate = read_services(files, manifest, registers, lists, problems)
    services = join_starts(separate, starts, problems)
    items = {item.id: item for service in services for item in service.items}
    found = read_profiles(files, manifest.version, problems)
    check_lists(lists, problems)
    check_rules(lists, services, problems)
    check_counts(services, manifest, problems)
    check_services(services, problems)
    check_profiles(found, items, registers.basis)
    check_strangers(files, problems)
    problems.stop()
    model = _model(manifest, registers, lists, starts, services)
    by_id = {name: profile for name, (profile, _) in found.items()}
    return replace(model, profiles=by_id).under(profiles.DEFAULT)


def _model(
    manifest: Manifest,
    registers: Registers,
    lists: Mapping[str, ValueList],
    starts: Starts,
    services: Sequence[Service],
) -> CareModel:
    by_id = {service.id: service for service in services}
    return CareModel(
        version=manifest.version,
        status=manifest.status,
        services=by_id,
        items={item.id: item for service in services for item in service.items},
        phases=registers.phases,
        roles=registers.roles,
        record_classes=registers.record_classes,
        basis=registers.basis,
        lists=lists,
        triggers=starts.triggers,
        house_items=starts.house,
        profiles={},
        profile_id="",
        short_note_limit=registers.short_note_limit,
        short_note_prompt=registers.short_note_prompt,
        shipped=by_id,
    )
