"""The lock files say what pyproject.toml asks for, for every system, and every byte is pinned."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from packaging.markers import Marker
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[2]
LOCKS = ("requirements.txt", "requirements-dev.txt")
SYSTEMS = [
    {"python_full_version": f"{version}.0", "sys_platform": system, "platform_system": name}
    for version in ("3.11", "3.12", "3.13", "3.14")
    for system, name in (("linux", "Linux"), ("win32", "Windows"), ("darwin", "Darwin"))
]


def pinned(lock: str, system: dict[str, str]) -> dict[str, str]:
    """Package name -> version, as one lock gives them to one system."""
    text = (ROOT / "packaging" / lock).read_text("utf-8").replace("\\\n", "")
    found: dict[str, str] = {}
    for line in text.splitlines():
        if line and not line.startswith("#"):
            requirement = Requirement(line.split(" --hash=")[0].strip())
            marker = requirement.marker or Marker("python_version >= '3'")
            if marker.evaluate(environment={**system}):
                assert requirement.name not in found, f"{requirement.name} twice for {system}"
                found[requirement.name] = str(requirement.specifier).removeprefix("==")
    assert len(found) > 20
    return found


def asked_for() -> dict[str, list[Requirement]]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    run = [Requirement(line) for line in project["project"]["dependencies"]]
    dev = [Requirement(line) for line in project["dependency-groups"]["dev"]]
    return {"requirements.txt": run, "requirements-dev.txt": run + dev}


@pytest.mark.parametrize("lock", LOCKS)
def test_every_dependency_is_pinned_as_asked_on_every_system(lock: str) -> None:
    for system in SYSTEMS:
        versions = pinned(lock, system)
        for wanted in asked_for()[lock]:
            version = versions[canonicalize_name(wanted.name)]
            assert wanted.specifier.contains(version), f"{wanted} but {version} on {system}"


def test_the_tests_run_with_the_very_versions_of_the_program() -> None:
    for system in SYSTEMS:
        run, dev = (pinned(lock, system) for lock in LOCKS)
        assert run.items() <= dev.items()


@pytest.mark.parametrize("lock", LOCKS)
def test_every_line_is_a_pin_or_a_hash(lock: str) -> None:
    text = (ROOT / "packaging" / lock).read_text("utf-8")
    pin = re.compile(r"[a-z0-9-]+==[0-9][0-9a-z.]*( ; [^\\]+)? \\")
    digest = re.compile(r" {4}--hash=sha256:[0-9a-f]{64}( \\)?")
    lines = [line for line in text.splitlines() if not line.startswith("#")]
    assert len(lines) > 500
    assert not [line for line in lines if not pin.fullmatch(line) and not digest.fullmatch(line)]


def test_the_page_of_licences_is_true() -> None:
    """Fails when a lock changed and `packaging/licences.py` was not run."""
    script = ROOT / "packaging" / "licences.py"
    done = subprocess.run([sys.executable, script, "--check"], check=False)
    assert done.returncode == 0
