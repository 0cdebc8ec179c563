"""The set-up script: what it asks of a computer, and how it fills its environment."""

from __future__ import annotations

import ast
import base64
import hashlib
import importlib.util
import json
import os
import platform
import subprocess
import sys
import zipfile
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).parents[2]
SCRIPT = ROOT / "packaging" / "desk.py"
TABLE = ROOT / "packaging" / "system_packages.toml"


def load() -> ModuleType:
    spec = importlib.util.spec_from_file_location("desk_script", SCRIPT)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["desk_script"] = module  # dataclasses look their module up there
    spec.loader.exec_module(module)
    return module


desk = load()


# What the computer must be


@pytest.mark.parametrize(
    ("tag", "machine", "macos", "glibc"),
    [
        ("linux-x86_64", "x86_64", "", "2.36"),  # Debian 12
        ("linux-x86_64", "x86_64", "", "2.35"),  # Ubuntu 22.04
        ("linux-aarch64", "aarch64", "", "2.39"),  # Ubuntu 24.04
        ("win-amd64", "AMD64", "", ""),
        ("macosx-11.0-universal2", "arm64", "14.6.1", ""),
    ],
)
def test_a_computer_with_packages_is_taken(tag: str, machine: str, macos: str, glibc: str) -> None:
    assert desk.unsupported(tag, machine=machine, macos=macos, glibc=glibc) is None


@pytest.mark.parametrize(
    ("tag", "machine", "macos", "glibc", "said"),
    [
        ("linux-x86_64", "x86_64", "", "2.31", "glibc 2.34"),
        ("linux-x86_64", "x86_64", "", "", "glibc 2.34"),  # Alpine: another C library
        ("linux-aarch64", "aarch64", "", "2.36", "glibc 2.39"),
        ("linux-armv7l", "armv7l", "", "2.36", "armv7l"),
        ("win32", "x86", "", "", "64-bit"),
        ("win-arm64", "ARM64", "", "", "64-bit"),
        ("macosx-11.0-universal2", "arm64", "13.7", "", "macOS 14"),
        ("macosx-11.0-universal2", "x86_64", "14.1", "", "Intel"),
    ],
)
def test_a_computer_without_packages_is_told_why(
    tag: str, machine: str, macos: str, glibc: str, said: str
) -> None:
    assert said in desk.unsupported(tag, machine=machine, macos=macos, glibc=glibc)


def test_an_old_python_can_read_the_script_and_be_told() -> None:
    """The version check is worth nothing where the file itself is a syntax error."""
    ast.parse(SCRIPT.read_text("utf-8"), feature_version=(3, 7))


def test_the_script_needs_the_standard_library_only() -> None:
    tree = ast.parse(SCRIPT.read_text("utf-8"))
    names = {
        alias.name
        for node in ast.walk(tree)
        if isinstance(node, ast.Import)
        for alias in node.names
    }
    names |= {node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    assert len(names) > 10
    assert {name.split(".")[0] for name in names} <= set(sys.stdlib_module_names)


@pytest.mark.parametrize(
    ("system", "variables", "shown"),
    [
        ("Linux", {}, False),
        ("Linux", {"DISPLAY": ":0"}, True),
        ("Linux", {"WAYLAND_DISPLAY": "wayland-0"}, True),
        ("Linux", {"DISPLAY": ":0", "CI": "true"}, False),
        ("Linux", {"DISPLAY": ":0", "QT_QPA_PLATFORM": "offscreen"}, False),
        ("Linux", {"DISPLAY": "localhost:10.0", "SSH_CONNECTION": "a b"}, True),  # X forwarding
        ("Windows", {}, True),
        ("Darwin", {}, True),
        ("Darwin", {"SSH_CONNECTION": "a b"}, False),
    ],
)
def test_where_a_window_can_be_seen(system: str, variables: dict[str, str], shown: bool) -> None:
    assert desk.has_display(system, variables) is shown


# System packages


def test_the_table_names_every_package_in_every_family() -> None:
    rows = desk.system_packages(TABLE, ("python", "qt", "display", "test"))
    assert len(rows) > 12
    for row in rows:
        assert row.why
        assert [bool(s) for s in (row.library, row.command, row.file, row.module)].count(True) == 1
        assert set(row.names) == {"apt-get", "dnf", "pacman", "zypper"}
        # fusefat is packed by Debian and its children only
        assert all(row.names.values()) or (row.command == "fusefat" and row.names["apt-get"])


def test_only_the_browsers_are_left_out_where_they_are_snaps() -> None:
    rows = desk.system_packages(TABLE, ("python", "qt", "display", "test"))
    assert [row.sign for row in rows if row.only_snap] == ["chromium", "firefox-esr|firefox"]
    assert {name for row in rows for name in row.only_snap} == {"ubuntu"}
    assert desk.distribution() == platform.freedesktop_os_release()["ID"]


def test_every_tool_of_the_tests_is_asked_for_by_a_test() -> None:
    """What nothing uses must not be installed on anybody's computer."""
    texts = [path.read_text("utf-8") for path in (ROOT / "tests").rglob("*.py")]
    texts = [text for text in texts if "test_desk_script" not in text[:200]]
    rows = [row for row in desk.system_packages(TABLE, ("test",)) if row.command]
    assert rows
    first = [row.command.split("|")[0] for row in rows]
    unused = [name for name in first if not any(f'"{name}"' in text for text in texts)]
    assert not unused


def test_what_is_here_is_found_and_what_is_not_is_missed() -> None:
    here = desk.SystemPackage(set="qt", why="w", names={}, library="libc.so.6")
    gone = desk.SystemPackage(set="qt", why="w", names={}, library="libnowhere.so.9")
    assert here.is_here()
    assert not gone.is_here()
    assert desk.SystemPackage(set="test", why="w", names={}, command="git").is_here()
    assert not desk.SystemPackage(set="test", why="w", names={}, command="no-such-tool").is_here()
    either = desk.SystemPackage(set="test", why="w", names={}, command="no-such-tool|git")
    assert either.is_here()
    assert desk.SystemPackage(set="test", why="w", names={}, file=str(SCRIPT)).is_here()
    assert not desk.SystemPackage(set="test", why="w", names={}, file="/no/such").is_here()
    assert desk.SystemPackage(set="python", why="w", names={}, module="venv").is_here()
    assert not desk.SystemPackage(set="python", why="w", names={}, module="no_such").is_here()


@pytest.mark.parametrize(
    ("manager", "command"),
    [
        ("apt-get", "apt-get install -y --no-install-recommends libgl1 libegl1"),
        ("dnf", "dnf install -y libglvnd-glx libglvnd-egl"),
        ("pacman", "pacman -S --needed --noconfirm libglvnd"),  # one package, named once
        ("zypper", "zypper --non-interactive install libglvnd"),
    ],
)
def test_the_exact_command_is_named(manager: str, command: str) -> None:
    rows = [row for row in desk.system_packages(TABLE, ("qt",)) if "GL" in row.library]
    assert desk.install_command(manager, rows) == command


def test_the_venv_package_fits_the_running_python() -> None:
    row = desk.system_packages(TABLE, ("python",))[0]
    assert row.names["apt-get"] == f"python3.{sys.version_info.minor}-venv"


def test_an_unknown_linux_is_told_what_is_missing_and_why() -> None:
    rows = desk.system_packages(TABLE, ("qt",))[:1]
    assert desk.install_command(None, rows) == "  libGL.so.1: Qt draws through it"


# The virtual environment


def wheel(folder: Path, name: str) -> str:
    """Make a wheel with one empty module; return its line for a lock file."""
    path = folder / f"{name}-1.0-py3-none-any.whl"
    info = f"{name}-1.0.dist-info"
    files = {
        f"{name}.py": b"",
        f"{info}/METADATA": f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n".encode(),
        f"{info}/WHEEL": b"Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    record = [
        f"{file},sha256={base64.urlsafe_b64encode(hashlib.sha256(data).digest()).rstrip(b'=').decode()},{len(data)}"
        for file, data in files.items()
    ]
    files[f"{info}/RECORD"] = "\n".join([*record, f"{info}/RECORD,,"]).encode()
    with zipfile.ZipFile(path, "w") as archive:
        for file, data in files.items():
            archive.writestr(file, data)
    return f"{name}==1.0 --hash=sha256:{hashlib.sha256(path.read_bytes()).hexdigest()}\n"


@pytest.fixture
def offline(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of wheels as the only source, so that nothing is asked of the network."""
    wheels = tmp_path / "wheels"
    wheels.mkdir()
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(wheels))
    return wheels


def test_an_environment_is_filled_once_and_made_anew_when_it_must_be(
    tmp_path: Path, offline: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    checkout = tmp_path / "check out \N{LATIN SMALL LETTER E WITH ACUTE}"
    (checkout / "shelter_desk").mkdir(parents=True)
    (checkout / "shelter_desk" / "__init__.py").touch()
    locks = {"run": tmp_path / "run.txt", "test": tmp_path / "test.txt"}
    first = wheel(offline, "alpha")
    locks["run"].write_text(first)
    locks["test"].write_text(first + wheel(offline, "beta"))

    place = desk.Environment(checkout, locks)
    assert place.provide("run")
    assert imports_of(place, "alpha", "shelter_desk")
    assert not imports_of(place, "beta")
    (checkout / "shelter_desk" / "__main__.py").write_text("import sys; print(sys.argv[1:])")
    launcher = place.scripts / ("shelter-desk.cmd" if os.name == "nt" else "shelter-desk")
    asked = {"cwd": tmp_path, "env": desk.environment(), "text": True}
    assert subprocess.check_output([launcher, "a b"], **asked) == "['a b']\n"
    assert not desk.Environment(checkout, locks).provide("run"), "filled twice"

    assert place.provide("test")
    assert imports_of(place, "alpha", "beta")
    assert not place.provide("run"), "the tests' packages hold those of the program"
    assert "anew" not in capsys.readouterr().out

    locks["run"].write_text("# changed\n" + first)
    changed = desk.Environment(checkout, locks)
    assert changed.provide("run")
    assert not imports_of(changed, "beta"), "an old environment was kept"
    assert "anew" in capsys.readouterr().out

    assert changed.installed() == ["run"]
    stamp = changed.folder / "shelter-desk.json"
    whole = json.loads(stamp.read_text())
    for broken in ("", "{}", json.dumps({**whole, "made_for": {"checkout": "elsewhere"}})):
        stamp.write_text(broken)
        assert changed.installed() is None
    stamp.unlink()  # as after a set-up that was switched off half-way
    assert changed.installed() is None


def imports_of(place: desk.Environment, *names: str) -> bool:
    command = [place.python, "-c", "import " + ", ".join(names)]
    return (
        subprocess.run(command, cwd=place.folder, check=False, capture_output=True).returncode == 0
    )


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> desk.Environment:
    """A real environment that holds nothing yet."""
    folder = tmp_path_factory.mktemp("empty")
    (folder / "empty.txt").write_text("")
    environment = desk.Environment(folder, {"run": folder / "empty.txt"})
    environment.provide("run")
    return environment


def test_a_package_that_was_swapped_is_refused(
    tmp_path: Path, offline: Path, place: desk.Environment
) -> None:
    line = wheel(offline, "alpha")
    lock = tmp_path / "lock.txt"
    lock.write_text(line[:-2] + ("0" if line[-2] != "0" else "1") + "\n")
    with pytest.raises(desk.SetupError, match="not the one this version was made with"):
        place.fill(lock)
    assert not imports_of(place, "alpha")


def test_no_network_is_said_in_a_sentence(
    tmp_path: Path, place: desk.Environment, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("PIP_NO_INDEX", raising=False)
    monkeypatch.delenv("PIP_FIND_LINKS", raising=False)
    monkeypatch.setenv("PIP_CONFIG_FILE", os.devnull)
    monkeypatch.setenv("PIP_INDEX_URL", "http://127.0.0.1:9/")  # the discard port: nobody listens
    monkeypatch.setenv("PIP_RETRIES", "1")
    lock = tmp_path / "lock.txt"
    lock.write_text("alpha==1.0 --hash=sha256:" + "0" * 64 + "\n")
    with pytest.raises(desk.SetupError, match="needs the internet, this once only"):
        place.fill(lock)


def test_wrong_usage_ends_with_2() -> None:
    done = subprocess.run(
        [sys.executable, SCRIPT, "fly"], capture_output=True, text=True, check=False
    )
    assert done.returncode == 2
    assert "invalid choice" in done.stderr


def test_the_windows_start_from_compiled_code_only() -> None:
    """The set-up lets PySide unpack its Python part: else it is compiled anew at each start."""
    asked = (
        "import sys; import PySide6.QtCore\n"
        "parts = [m for n, m in sys.modules.items() if n.startswith('shibokensupport')]\n"
        "print(len(parts), sum(bool(m.__spec__.cached) for m in parts))"
    )
    ran = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True)
    parts, compiled = map(int, ran.stdout.split())
    assert parts > 5
    assert parts == compiled
