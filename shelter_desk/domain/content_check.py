"""What the parts of the care model say about each other, checked once all of them are read."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence

from shelter_desk.domain import content_services, profiles, value_lists
from shelter_desk.domain.content import ChecklistItem, Service, ValueList
from shelter_desk.domain.content_registers import MANIFEST, Manifest
from shelter_desk.domain.content_table import Problems
from shelter_desk.domain.value_lists import file_of

_TOP = (MANIFEST, "phases.toml", "roles.toml", "record_classes.toml", "basis.toml")
_FOLDERS = (content_services.FOLDER, value_lists.FOLDER, profiles.FOLDER)


def service_file(number: int, service_id: str) -> str:
    """Return the file a service is kept in."""
    return f"{content_services.FOLDER}{number:02d}_{service_id}.toml"


def in_folder(files: Iterable[str], folder: str) -> list[str]:
    """Return the TOML files that lie directly in one folder, sorted."""
    return sorted(
        file
        for file in files
        if file.startswith(folder) and file.endswith(".toml") and file.count("/") == 1
    )


def check_strangers(files: Iterable[str], problems: Problems) -> None:
    """Report a TOML file that nothing reads: a misplaced file must not be ignored silently."""
    for file in sorted(files):
        is_read = file in _TOP or any(in_folder((file,), folder) for folder in _FOLDERS)
        if file.endswith(".toml") and not is_read:
            problems.add(file, "", "nothing reads a file in this place")


def check_counts(services: Sequence[Service], manifest: Manifest, problems: Problems) -> None:
    """Compare the services and items with what the manifest promises."""
    counted = sum(len(service.items) for service in services)
    if len(services) != manifest.services:
        what = f"{len(services)} services, the manifest says {manifest.services}"
        problems.add(MANIFEST, "services", what)
    if counted != manifest.items:
        problems.add(MANIFEST, "items", f"{counted} items, the manifest says {manifest.items}")
    if len(manifest.order) != manifest.services:
        what = f"names {len(manifest.order)} services, services says {manifest.services}"
        problems.add(MANIFEST, "service_order", what)


def check_services(services: Sequence[Service], problems: Problems) -> None:
    """Report names and texts that two services or two items share, and items nothing can open."""
    folder = content_services.FOLDER.rstrip("/")
    for what in ("id", "name", "short_name"):
        problems.twice(folder, f"service {what}", (getattr(s, what) for s in services))
    items = [item for service in services for item in service.items]
    problems.twice(folder, "item id", (item.id for item in items))
    problems.twice(folder, "item text", (item.text for item in items))
    for service in services:
        for item in service.items:
            _check_item(item, service_file(service.number, service.id), problems)


def _check_item(item: ChecklistItem, file: str, problems: Problems) -> None:
    waits = item.due.after == "event" or item.repeat == "each-event"
    has_anchor = item.due.after in ("court-date", "discharge", "phase-start")
    if waits and not item.starts_on and not item.schedule and not has_anchor:
        problems.add(file, item.id, "waits for an event, but no event starts it")
    if item.schedule and item.schedule[0] != item.due.span:
        problems.add(file, item.id, "the first time of its schedule differs from 'within'")
    if item.schedule and any(
        later.length <= earlier.length
        for earlier, later in zip(item.schedule, item.schedule[1:], strict=False)
    ):
        problems.add(file, item.id, "the times of its schedule do not rise")
    if item.schedule and item.repeat != "each-event":
        problems.add(file, item.id, "only an item that repeats each event can have a schedule")
    if item.steps and (item.interval is None or item.steps[0].every != item.interval):
        problems.add(file, item.id, "the first step differs from 'repeat'")
    if item.steps and item.steps[-1].until is not None:
        problems.add(file, item.id, "the last step must go on for good")


def check_rules(
    lists: Mapping[str, ValueList], services: Sequence[Service], problems: Problems
) -> None:
    """Report a rule of a list that names a code or a service that does not exist or fit."""
    by_id = {service.id: service for service in services}
    codes = {
        value.code
        for list_id in ("voca-services", "rhy-service-connections", "rhy-other-elements")
        if list_id in lists
        for value in lists[list_id].values
    }
    for value_list in lists.values():
        for rule in value_list.rules:
            place = (file_of(value_list.id), f"rule {rule.text!r}")
            for code in sorted(set(rule.codes) - codes):
                problems.add(*place, f"code {code!r} is not known")
            for service_id in rule.services:
                if service_id not in by_id:
                    problems.add(*place, f"service {service_id!r} is not known")
                elif rule.kind != "choose-one" and not _carries(by_id[service_id], rule.codes):
                    problems.add(*place, f"service {service_id!r} does not carry the code")


def _carries(service: Service, codes: Collection[str]) -> bool:
    return set(codes) <= {*service.voca, *service.rhy}
