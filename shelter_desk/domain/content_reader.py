"""Reading the folders of the content: one file for each service, value list and profile."""

from __future__ import annotations

from collections.abc import Mapping

from shelter_desk.domain import content_services, profiles, value_lists
from shelter_desk.domain.content import Profile, Service, ValueList
from shelter_desk.domain.content_check import in_folder, service_file
from shelter_desk.domain.content_registers import MANIFEST, Manifest, Registers
from shelter_desk.domain.content_services import SCOPE, TRIGGERS, read_service
from shelter_desk.domain.content_table import Problems, Table, load
from shelter_desk.domain.profiles import read_profile
from shelter_desk.domain.value_lists import read_list

_FEEDS: Mapping[str, tuple[str, ...]] = {
    "voca": ("voca-services",),
    "rhy": ("rhy-service-connections", "rhy-other-elements"),
}


def read_lists(files: Mapping[str, str], version: str, problems: Problems) -> dict[str, ValueList]:
    """Return the value lists by id."""
    found = {}
    for file in in_folder(files, value_lists.FOLDER):
        if file not in (TRIGGERS, SCOPE):
            value_list = read_list(files, file, version, problems)
            found[value_list.id] = value_list
    found.pop("", None)
    return found


def read_services(
    files: Mapping[str, str],
    manifest: Manifest,
    registers: Registers,
    lists: Mapping[str, ValueList],
    problems: Problems,
) -> list[Service]:
    """Return the services in the order of the manifest."""
    feeds = {
        kind: frozenset(v.code for name in names if name in lists for v in lists[name].values)
        for kind, names in _FEEDS.items()
    }
    services = []
    present = in_folder(files, content_services.FOLDER)
    for number, service_id in enumerate(manifest.order, 1):
        file = service_file(number, service_id)
        if file not in files:
            problems.add(MANIFEST, service_id, f"the file {file} is missing")
            continue
        present.remove(file)
        table = load(files, file, problems)
        service = read_service(table, number, registers, feeds)
        if service.id and service.id != service_id:
            table.problem(f"id {service.id!r} does not match the file name")
        services.append(service)
    for file in present:
        problems.add(file, "", "the manifest's service_order does not name this file")
    return services


def read_profiles(
    files: Mapping[str, str], version: str, problems: Problems
) -> dict[str, tuple[Profile, Table]]:
    """Return the profiles by id, each with a table to report later problems to."""
    found = {}
    for file in in_folder(files, profiles.FOLDER):
        profile, table = read_profile(files, file, version, problems)
        found[profile.id] = (profile, table)
    found.pop("", None)
    if profiles.DEFAULT not in found:
        problems.add(f"{profiles.FOLDER}{profiles.DEFAULT}.toml", "", "the profile is missing")
    return found
