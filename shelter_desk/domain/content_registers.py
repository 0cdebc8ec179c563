"""Reading the registers of the care model: manifest, phases, roles, record classes, standards."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from shelter_desk.domain.content import ANCHORS, Basis, Phase, RecordClass, Role
from shelter_desk.domain.content_table import Problems, Table, load

MANIFEST = "manifest.toml"
_SCHEMA = 1
_VERSION = re.compile(r"\d+\.\d+\.\d+")


@dataclass(frozen=True, slots=True)
class Manifest:
    """What the content says about itself. `services` and `items` are the counts it must have."""

    version: str
    status: str
    services: int
    items: int
    order: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Registers:
    """What items refer to, by id."""

    phases: Mapping[str, Phase]
    roles: Mapping[str, Role]
    record_classes: Mapping[str, RecordClass]
    basis: Mapping[str, Basis]
    short_note_limit: int
    short_note_prompt: str


def read_manifest(files: Mapping[str, str], problems: Problems) -> Manifest:
    """Read ``manifest.toml``."""
    table = load(files, MANIFEST, problems)
    version = table.text("content_version")
    if version and not _VERSION.fullmatch(version):
        table.problem("content_version must look like 1.0.0")
    if table.number("schema_version") not in (0, _SCHEMA):
        table.problem(f"schema_version must be {_SCHEMA}: this content is for another program")
    manifest = Manifest(
        version,
        table.text("status"),
        table.number("services"),
        table.number("items"),
        table.texts("service_order"),
    )
    table.done()
    return manifest


def same_version(table: Table, version: str) -> None:
    """Report a file whose version is not the version of the manifest."""
    own = table.text("version")
    if own and version and own != version:
        table.problem(f"version {own!r} differs from the manifest's {version!r}")


def read_registers(files: Mapping[str, str], version: str, problems: Problems) -> Registers:
    """Read the phases, roles, record classes and standards, and check what they say together."""
    basis = _read_basis(files, version, problems)
    roles = _read_roles(files, version, problems)
    table = load(files, "record_classes.toml", problems)
    same_version(table, version)
    limit, prompt = table.number("short_note_limit"), table.text("short_note_prompt")
    views = table.texts("shift_views")
    classes = {
        row.text("id"): _record_class(row, views, roles, basis)
        for row in table.tables("record_classes")
    }
    table.done()
    _reads_match(roles, classes, problems)
    return Registers(_read_phases(files, version, problems), roles, classes, basis, limit, prompt)


def known(row: Table, kind: str, names: Iterable[str], register: Mapping[str, object]) -> None:
    """Report every name that is not in its register."""
    for name in names:
        if name and name not in register:
            row.problem(f"{kind} {name!r} is not known")


def _read_basis(files: Mapping[str, str], version: str, problems: Problems) -> dict[str, Basis]:
    table = load(files, "basis.toml", problems)
    same_version(table, version)
    basis = {}
    for row in table.tables("basis", "key"):
        key = row.text("key")
        basis[key] = Basis(
            key,
            row.text("title"),
            row.text("says"),
            row.text("applies_when"),
            row.flag("verified"),
            row.text("source"),
            row.note(),
        )
        row.done()
    table.done()
    return basis


def _read_roles(files: Mapping[str, str], version: str, problems: Problems) -> dict[str, Role]:
    table = load(files, "roles.toml", problems)
    same_version(table, version)
    roles = {}
    for row in table.tables("roles"):
        role = Role(
            row.text("id"),
            row.text("name"),
            row.text("short_name"),
            row.text("letters"),
            row.text("does"),
            row.texts("reads"),
        )
        roles[role.id] = role
        row.done()
    table.done()
    problems.twice(table.file, "letters", (role.letters for role in roles.values()))
    return roles


def _record_class(
    row: Table,
    views: tuple[str, ...],
    roles: Mapping[str, Role],
    basis: Mapping[str, Basis],
) -> RecordClass:
    made = RecordClass(
        row.text("id"),
        row.text("name"),
        row.text("holds"),
        row.texts("readers"),
        row.choice("shift_view", views),
        row.flag("doer_may_enter"),
        row.flag("short_note_only"),
        row.text("rule"),
        row.texts("basis"),
    )
    row.done()
    known(row, "reader", made.readers, roles)
    known(row, "basis", made.basis, basis)
    return made


def _reads_match(
    roles: Mapping[str, Role], classes: Mapping[str, RecordClass], problems: Problems
) -> None:
    """Hold the two statements of who reads what together: a role's and a record class's."""
    for role in roles.values():
        for name in role.reads:
            if name not in classes:
                problems.add("roles.toml", role.id, f"record class {name!r} is not known")
            elif role.id not in classes[name].readers:
                problems.add("roles.toml", role.id, f"reads {name!r}, but is not its reader")
        for record_class in classes.values():
            if role.id in record_class.readers and record_class.id not in role.reads:
                problems.add("roles.toml", role.id, f"does not read {record_class.id!r}")


def _read_phases(files: Mapping[str, str], version: str, problems: Problems) -> dict[str, Phase]:
    table = load(files, "phases.toml", problems)
    same_version(table, version)
    table.texts("rules")
    phases = {}
    for row in table.tables("phases"):
        phase = Phase(
            row.text("id"),
            row.text("name"),
            row.text("resident_name"),
            row.number("order"),
            row.choice("counts_from", ANCHORS),
            row.span("span_from"),
            row.span_or_none("span_to"),
            row.text("span_text"),
            row.texts("enter_when"),
            row.text("leave_when"),
        )
        phases[phase.id] = phase
        row.done()
    table.done()
    return phases
