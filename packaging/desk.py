#!/usr/bin/env python3
"""Set Shelter Desk up on a fresh computer, then run it or test it.

    python3 packaging/desk.py run      opens an invented shelter; where there is no display, it
                                       draws the tour and says where the pictures are
    python3 packaging/desk.py test     every check there is
    python3 packaging/desk.py setup    sets up and stops (for a computer that goes offline next)

It needs Python 3.11 or newer and nothing else. Everything goes into `.venv` inside this folder:
the packages of the lock file, each checked against its hash. The only things outside are a few
system libraries on Linux; they are installed when that needs no password, else named with the
exact command. The internet is needed for this set-up only: Shelter Desk itself never uses it.
"""

from __future__ import annotations

import argparse
import ctypes
import hashlib
import json
import os
import platform
import shutil
import subprocess
import sys
import sysconfig
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

# macOS brings 3.9: a newer one is often installed beside it.
if sys.version_info < (3, 11):  # noqa: UP036 - this script meets whatever Python is there
    NAMES = ("python3.14", "python3.13", "python3.12", "python3.11")
    NEWER = next((found for found in map(shutil.which, NAMES) if found), None)
    if NEWER:
        sys.exit(subprocess.call([NEWER, *sys.argv]))
    sys.exit(
        "Shelter Desk needs Python 3.11 or newer; this is Python {}.{}.\n"
        "Install a newer one and give the same command again.".format(*sys.version_info[:2])
    )

import tomllib  # below: not there before Python 3.11

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
LOCKS = {"run": "requirements.txt", "test": "requirements-dev.txt"}
INSTALL_WORDS = {  # the command of each family of Linux distributions, before the package names
    "apt-get": "apt-get install -y --no-install-recommends",
    "dnf": "dnf install -y",
    "pacman": "pacman -S --needed --noconfirm",
    "zypper": "zypper --non-interactive install",
}
WRONG_HASH = """\
A package arrived that is not the one this version was made with. Nothing of it was used.
Try another network; if it happens again, ask the person who gave you Shelter Desk."""
DISK_FULL = "The disk is full. The set-up needs about 1 GB."
NO_NETWORK = """\
The packages could not be fetched. The set-up needs the internet, this once only: check the
connection (behind a proxy, set HTTPS_PROXY) and give the same command again."""
PIP_TROUBLE = {  # what pip says -> what the person can do; the first that fits
    "DO NOT MATCH THE HASHES": WRONG_HASH,
    "No space left on device": DISK_FULL,
    "Retrying (": NO_NETWORK,
    "NewConnectionError": NO_NETWORK,
    "getaddrinfo failed": NO_NETWORK,
    "CERTIFICATE_VERIFY_FAILED": NO_NETWORK,
}


class SetupError(Exception):
    """Something the person at the keyboard can put right; the message says what."""


# The computer


def unsupported(tag: str, *, machine: str, macos: str, glibc: str) -> str | None:
    """Say why no packages exist for this computer, or None when they do.

    Args:
        tag: `sysconfig.get_platform()`, such as "linux-x86_64" or "win-amd64".
        machine: `platform.machine()`; on a Mac the tag does not name the processor.
        macos: version of macOS, "" elsewhere.
        glibc: version of the C library on Linux, "" elsewhere or for another C library.

    Source: the files published for each locked package, looked through on 2026-11-23.
    """
    if tag in ("win32", "win-arm64"):
        return "Install the 64-bit Python for Intel/AMD (it runs on ARM computers too)."
    if tag.startswith("macosx"):
        if machine != "arm64":
            return "Macs with an Intel processor are not supported; Apple silicon is."
        return None if _at_least(macos, 14) else "Shelter Desk needs macOS 14 or newer."
    if tag.startswith("linux"):
        least = {"x86_64": (2, 34), "aarch64": (2, 39)}.get(machine)
        if least is None:
            return f"Linux on {machine} is not supported; x86_64 and aarch64 are."
        if not _at_least(glibc, *least):
            return "Shelter Desk needs a Linux with glibc {}.{} or newer.".format(*least)
    return None


def _at_least(version: str, *least: int) -> bool:
    """Compare a dotted version with the least one; an unknown version is too low."""
    parts = tuple(int(part) for part in version.split(".") if part.isdigit())
    return bool(parts) and parts >= least


def has_display(system: str, environ: dict[str, str]) -> bool:
    """Tell whether a window could be seen here, from what the system says (no window is tried)."""
    if environ.get("CI") or environ.get("QT_QPA_PLATFORM") in ("offscreen", "minimal"):
        return False
    if system == "Linux":
        return bool(environ.get("DISPLAY") or environ.get("WAYLAND_DISPLAY"))
    return not environ.get("SSH_CONNECTION")


# System packages (Linux)


@dataclass(frozen=True)
class SystemPackage:
    """One row of system_packages.toml: what is needed, why, and its name in each family."""

    set: str
    why: str
    names: dict[str, str]
    library: str = ""
    command: str = ""
    file: str = ""
    module: str = ""
    only_snap: tuple[str, ...] = ()

    @property
    def sign(self) -> str:
        """What is looked for: a library, a command, a file or a module of Python's."""
        return self.library or self.command or self.file or f"Python's {self.module}"

    def is_here(self) -> bool:
        """Try the thing itself: a package list would not know of libraries installed by hand."""
        if self.library:
            try:
                ctypes.CDLL(self.library)
            except OSError:
                return False
            return True
        if self.module:  # asked of a fresh process: this one may remember that it was missing
            asked = [sys.executable, "-c", f"import {self.module}"]
            return subprocess.run(asked, capture_output=True, check=False).returncode == 0
        if self.command:  # one of several names will do
            return any(shutil.which(command) for command in self.command.split("|"))
        return Path(self.file).exists()


def system_packages(table: Path, sets: tuple[str, ...]) -> list[SystemPackage]:
    """Read the rows of the wanted sets, in the table's order."""
    rows = tomllib.loads(table.read_text("utf-8"))["package"]
    found = ("library", "command", "file", "module")
    python = "python{}.{}".format(*sys.version_info[:2])
    return [
        SystemPackage(
            set=row["set"],
            why=row["why"],
            names={
                manager: row[manager.removesuffix("-get")].replace("{python}", python)
                for manager in INSTALL_WORDS
            },
            only_snap=tuple(row.get("only_snap", ())),
            **{key: row[key] for key in found if key in row},
        )
        for row in rows
        if row["set"] in sets
    ]


def install_command(manager: str | None, missing: list[SystemPackage]) -> str:
    """Return the one line that installs what is missing (run as root), or the bare list."""
    if manager is None:
        return "\n".join(f"  {row.sign}: {row.why}" for row in missing)
    names = dict.fromkeys(row.names[manager] for row in missing)
    return " ".join([INSTALL_WORDS[manager], *names])


def provide_system_packages(sets: tuple[str, ...]) -> None:
    """Install what Linux lacks when that needs no password; else name the command.

    Raises:
        SetupError: something is missing and may not, or could not, be installed.
    """
    if platform.system() != "Linux":
        return
    manager = next((name for name in INSTALL_WORDS if shutil.which(name)), None)
    absent = [
        row
        for row in system_packages(HERE / "system_packages.toml", sets)
        if not row.is_here() and (manager is None or row.names[manager])
    ]
    snaps = [row for row in absent if distribution() in row.only_snap]
    if snaps:
        names = ", ".join(row.sign for row in snaps)
        say(f"Packed as snaps only, which the tests cannot drive: {names}. Theirs are left out.")
    missing = [row for row in absent if row not in snaps]
    if not missing:
        return
    command = install_command(manager, missing)
    say(f"Missing on this computer: {', '.join(row.sign for row in missing)}")
    _install(manager, command)
    still = [row for row in missing if not row.is_here()]
    if still:
        raise SetupError(f"Still missing after the installation:\n{install_command(None, still)}")


def distribution() -> str:
    """Return which Linux this is, such as "debian"; "" where it does not say."""
    try:
        return platform.freedesktop_os_release().get("ID", "")
    except OSError:
        return ""


def _install(manager: str | None, command: str) -> None:
    """Run the installation if it is apt's and needs no password, else ask the person to."""
    prefix = _as_root()
    if manager != "apt-get" or prefix is None:
        before = "sudo " if manager else "\n"
        raise SetupError(
            f"Please install them, then give the same command again:\n\n  {before}{command}\n"
        )
    say(f"Installing them: {command}")
    quiet = ["-qq", "-o", "DPkg::Lock::Timeout=300", "-o", "Dpkg::Use-Pty=0"]
    words = command.split()
    for step in (["apt-get", *quiet, "update"], [words[0], *quiet, *words[1:]]):
        done = subprocess.run(
            [*prefix, "env", "DEBIAN_FRONTEND=noninteractive", *step],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            check=False,
        )
        if done.returncode:
            last = "\n".join(done.stdout.splitlines()[-8:])
            raise SetupError(f"{last}\n\nThat did not work. By hand it is:\n\n  sudo {command}\n")


def _as_root() -> list[str] | None:
    """Return what to put before a command that needs root, or None when a password is needed."""
    if os.geteuid() == 0:
        return []
    sudo = shutil.which("sudo")
    if (
        sudo
        and subprocess.run([sudo, "-n", "true"], capture_output=True, check=False).returncode == 0
    ):
        return [sudo, "-n"]
    return None


# The virtual environment


class Environment:
    """The `.venv` of a checkout: made, filled from a lock file, and known again by its stamp."""

    def __init__(self, checkout: Path, locks: dict[str, Path]) -> None:
        self.checkout = checkout
        self.folder = checkout / ".venv"
        self._stamp = self.folder / "shelter-desk.json"
        self._locks = {
            kind: hashlib.sha256(lock.read_bytes()).hexdigest() for kind, lock in locks.items()
        }
        self._files = locks
        # A folder that was moved, or another Python, makes the scripts inside point nowhere.
        self._made_for = {"checkout": str(checkout), "python": sys.version}

    @property
    def scripts(self) -> Path:
        """The folder of the environment's programs."""
        return self.folder / ("Scripts" if os.name == "nt" else "bin")

    @property
    def python(self) -> Path:
        """The environment's interpreter."""
        return self.scripts / ("python.exe" if os.name == "nt" else "python")

    def provide(self, kind: str) -> bool:
        """Make sure the packages of one lock are there; return False when they already were.

        Raises:
            SetupError: the environment could not be made or filled.
        """
        installed = self.installed()
        if installed is not None and kind in installed:
            return False
        if installed is None:
            self._remake()
            installed = []
        say(f"Fetching the packages of {self._files[kind].name} into .venv (once; a few minutes)")
        self.fill(self._files[kind])
        self._unpack_support()
        kinds = sorted({*installed, kind, "run"})  # the test lock holds everything of the run lock
        self._write_stamp(kinds)
        return True

    def installed(self) -> list[str] | None:
        """Return which locks are installed here unchanged, or None when it must be made anew."""
        try:
            stamp = json.loads(self._stamp.read_text("utf-8"))
            started = subprocess.run([self.python, "-c", ""], capture_output=True, check=False)
        except (OSError, ValueError):
            return None
        fits = stamp.get("made_for") == self._made_for and started.returncode == 0
        locks = stamp.get("locks", {})
        fits = fits and all(self._locks.get(kind) == lock for kind, lock in locks.items())
        return list(locks) if fits else None

    def _write_stamp(self, kinds: list[str]) -> None:
        locks = {kind: self._locks[kind] for kind in kinds}
        text = json.dumps({"made_for": self._made_for, "locks": locks}, indent=1)
        self._stamp.write_text(text + "\n", "utf-8")

    def _remake(self) -> None:
        if self.folder.exists():
            say("Making .venv anew: it was unfinished, or made for another version")
            try:
                shutil.rmtree(self.folder)
            except OSError as error:
                raise SetupError(
                    f"{self.folder} could not be removed ({error.strerror}). Close Shelter Desk "
                    "and every window that uses that folder, then give the same command again."
                ) from error
        else:
            say(f"Making {self.folder}")
        # From inside an activated environment, a new one is made from the Python behind it.
        base = getattr(sys, "_base_executable", None) or sys.executable
        made = subprocess.run(
            [base, "-m", "venv", self.folder], capture_output=True, text=True, check=False
        )
        if made.returncode:
            words = (made.stderr or made.stdout).strip()
            raise SetupError(f"{words}\nThe virtual environment could not be made.")
        self._put_checkout_on_path()
        self._write_stamp([])

    def _put_checkout_on_path(self) -> None:
        """Let the environment find the checkout by a .pth file: that needs no build tool."""
        asked = subprocess.run(
            [self.python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"],
            capture_output=True,
            text=True,
            check=True,
        )
        packages = Path(asked.stdout.strip())
        # Relative, so that it stays plain ASCII: .pth files have no fixed encoding.
        (packages / "shelter-desk.pth").write_text(
            os.path.relpath(self.checkout, packages) + "\n", "ascii"
        )
        if os.name == "nt":
            launcher = "shelter-desk.cmd", '@"%~dp0python.exe" -m shelter_desk %*\n'
        else:
            launcher = (
                "shelter-desk",
                '#!/bin/sh\nexec "$(dirname "$0")/python" -m shelter_desk "$@"\n',
            )
        (self.scripts / launcher[0]).write_text(launcher[1], "ascii")
        (self.scripts / launcher[0]).chmod(0o755)

    def _unpack_support(self) -> None:
        """Let PySide unpack its Python part, so that it is compiled once and not at each start.

        `SBK_EMBED` is its own switch for that. Where it does not work, PySide starts as before, a
        sixth of a second later on a slow computer.
        """
        subprocess.run(
            [self.python, "-c", "import shiboken6.Shiboken"],
            env={**environment(), "SBK_EMBED": "false"},
            capture_output=True,
            check=False,
        )

    def fill(self, lock: Path) -> None:
        """Install exactly what one lock file names, each file checked against its hash.

        Raises:
            SetupError: a package could not be fetched, or is not the one that was locked.
        """
        command = [
            self.python,
            "-m",
            "pip",
            "install",
            "--require-hashes",
            "--only-binary",
            ":all:",
        ]
        command += [
            "--no-input",
            "--disable-pip-version-check",
            "--progress-bar",
            "off",
            "-r",
            lock,
        ]
        lines = []
        with subprocess.Popen(
            command,
            env=environment(),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
        ) as pip:
            assert pip.stdout is not None  # noqa: S101 - for the type checker: a pipe was asked for
            for line in pip.stdout:
                lines.append(line)
                if line.lstrip().startswith(("Downloading", "Installing collected")):
                    say("  " + line.strip()[:100])
        if pip.returncode:
            raise SetupError(explain_pip("".join(lines)))


def explain_pip(output: str) -> str:
    """Turn pip's last words into what a person can do, keeping them for whoever helps."""
    last = "\n".join(output.splitlines()[-12:])
    unknown = "The packages could not be installed; the lines above are the installer's own."
    advice = next((advice for sign, advice in PIP_TROUBLE.items() if sign in output), unknown)
    return f"{last}\n\n{advice}"


def environment() -> dict[str, str]:
    """Return the variables for programs of the virtual environment: nothing may lead out of it.

    Nor may each program compile everything anew: the tests start hundreds of them.
    """
    left_out = (
        "PYTHONPATH",
        "PYTHONHOME",
        "VIRTUAL_ENV",
        "PIP_USER",
        "PIP_TARGET",
        "PIP_PREFIX",
        "PYTHONDONTWRITEBYTECODE",
    )
    kept = {name: value for name, value in os.environ.items() if name not in left_out}
    return {**kept, "PYTHONUTF8": "1"}


def set_up(kind: str, *, display: bool) -> Environment:
    """Bring this computer to where one action can start; return its environment.

    Raises:
        SetupError: something is missing that the person must see to.
    """
    glibc = platform.libc_ver()[1] if platform.system() == "Linux" else ""
    problem = unsupported(
        sysconfig.get_platform(),
        machine=platform.machine(),
        macos=platform.mac_ver()[0],
        glibc=glibc,
    )
    if problem:
        raise SetupError(problem)
    sets = (
        "python",
        "qt",
        *(["display"] if display else []),
        *(["test"] if kind == "test" else []),
    )
    provide_system_packages(sets)
    place = Environment(ROOT, {kind: HERE / name for kind, name in LOCKS.items()})
    started = time.monotonic()
    if place.provide(kind):
        say(f"Ready: .venv was filled in {time.monotonic() - started:.0f} s")
    else:
        say("Ready: .venv is up to date")
    return place


# The actions


def run(_: list[str]) -> int:
    """Open the invented shelter; without a display, draw the tour and say where it is."""
    display = has_display(platform.system(), dict(os.environ))
    place = set_up("run", display=display)
    if display and _a_window_opens(place):
        say("Opening the invented shelter. Nothing typed there is kept.")
        return subprocess.call([place.python, "-m", "shelter_desk", "--demo"], env=environment())
    say("There is no display here: drawing the tour of the invented shelter instead")
    pictures = ROOT / "tour-pictures"
    if (pictures / "tour.json").is_file():  # an earlier tour of ours: its pictures would mix in
        shutil.rmtree(pictures)
    variables = {**environment(), "QT_QPA_PLATFORM": "offscreen"}
    code = subprocess.call([place.python, "-m", "shelter_desk", "tour", pictures], env=variables)
    if code == 0:
        say(f"The tour is in {pictures} ({len(list(pictures.rglob('*.png')))} pictures)")
    return code


def _a_window_opens(place: Environment) -> bool:
    """Try to reach the display: a DISPLAY that nobody answers would abort the program."""
    script = "from PySide6.QtGui import QGuiApplication; QGuiApplication([])"
    command = [place.python, "-c", script]
    try:
        tried = subprocess.run(
            command, env=environment(), capture_output=True, timeout=60, check=False
        )
    except subprocess.TimeoutExpired:
        return False
    return tried.returncode == 0


def test(more: list[str]) -> int:
    """Run every check: style, types, layers, and the tests, whose own last line comes last."""
    place = set_up("test", display=False)
    # One more than there are processors: some tests wait for a disk or for another program.
    python, workers = str(place.python), str(min((os.cpu_count() or 1) + 1, 4))
    steps = {
        "style": [python, "-m", "ruff", "check", "."],
        "layout": [python, "-m", "ruff", "format", "--check", "."],
        "types": [python, "-m", "mypy"],
        "layers": [str(place.scripts / "lint-imports"), "--no-cache", "--no-logo"],
        # "worksteal" leaves neighbours together, so what a file sets up is set up once, not twice.
        "tests": [python, "-m", "pytest", "-q", "-n", workers, "--dist", "worksteal", *more],
    }
    # The types use one processor only, for half a minute: they are looked at beside the rest.
    with ThreadPoolExecutor() as beside:
        types = beside.submit(_step, "types", steps.pop("types"), whole=True)
        failed = [name for name, command in steps.items() if not _step(name, command)]
    if not types.result():
        failed.append("types")
    if failed:
        say(f"Not passed: {', '.join(failed)}")
    return 1 if failed else 0


def _step(name: str, command: list[str], *, whole: bool = False) -> bool:
    """Do one check and return whether it passed; `whole` prints what it says in one piece."""
    say(f"{name}: {' '.join(Path(word).name if os.sep in word else word for word in command)}")
    started = time.monotonic()
    done = subprocess.run(
        command,
        cwd=ROOT,
        env=environment(),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE if whole else None,
        stderr=subprocess.STDOUT if whole else None,
        text=True,
        errors="replace",
        check=False,
    )
    if name != "tests":  # their own last line comes last
        told = f"\n{done.stdout.strip()}\n" if whole else ""
        print(f"{told}[desk] {name} took {time.monotonic() - started:.0f} s", flush=True)
    return done.returncode == 0


def setup(_: list[str]) -> int:
    """Set up for running, and stop."""
    set_up("run", display=has_display(platform.system(), dict(os.environ)))
    return 0


def say(text: str) -> None:
    """Print one line of progress at once, also where the output is kept in a file."""
    print(f"[desk] {text}", flush=True)


ACTIONS = {"run": run, "test": test, "setup": setup}


def main(arguments: list[str]) -> int:
    """Do one action; return the exit code: 0 done, 1 not done, 2 wrong usage."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter, prog="desk.py"
    )
    parser.add_argument("action", choices=ACTIONS)
    parser.add_argument("more", nargs=argparse.REMAINDER, help="for `test`: more words for pytest")
    chosen = parser.parse_args(arguments)
    try:
        return ACTIONS[chosen.action](chosen.more)
    except SetupError as error:
        print(f"\n{error}", file=sys.stderr, flush=True)
        return 1
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
