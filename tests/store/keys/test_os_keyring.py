"""The system's keyring: a real one works, and every other situation is said and survived.

Each situation runs in a process of its own, on a message bus of its own with a home folder of its
own. Needs `dbus-run-session` and `gnome-keyring-daemon` (packages dbus and gnome-keyring).
"""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

PROGRAM = """
import json, sys, time, threading
from datetime import UTC, datetime
from shelter_desk.store.witness import Witness
from shelter_desk.store.keys.os_keyring import KeyringUnavailable, find_keyring
begun = time.perf_counter()
found = find_keyring(*json.loads(sys.argv[1]))
told = {"seconds": time.perf_counter() - begun}
if isinstance(found, KeyringUnavailable):
    told["unavailable"] = found.sentence
else:
    vault, key = bytes(16), b"k" * 32
    first = Witness(7, b"h" * 32, datetime(2026, 3, 8, tzinfo=UTC), "keyring")
    second = Witness(8, b"i" * 32, datetime(2026, 3, 9, tzinfo=UTC), "keyring")
    told["before"] = found.get(vault, key) is None
    found.set(vault, key, first)
    told["kept"] = found.get(vault, key) == first
    found.set(vault, key, second)
    told["replaced"] = found.get(vault, key) == second
    told["other vault"] = found.get(b"v" * 16, key) is None
    told["other key"] = found.get(vault, b"x" * 32) is None
    told["problem"] = found.problem
    told["backend"] = type(found._backend).__module__
print(json.dumps(told))
"""


def _home(tmp_path: Path) -> dict[str, str]:
    """Return an environment of an own, empty home."""
    folders = {"HOME": "home", "XDG_DATA_HOME": "data", "XDG_CONFIG_HOME": "config"}
    folders |= {"XDG_CACHE_HOME": "cache", "XDG_RUNTIME_DIR": "run"}
    for name in folders.values():
        (tmp_path / name).mkdir(mode=0o700)
    (tmp_path / "home" / ".cache").mkdir()
    kept = {name: os.environ[name] for name in ("PATH", "LANG") if name in os.environ}
    return kept | {name: str(tmp_path / folder) for name, folder in folders.items()}


def _tool(name: str) -> str:
    found = shutil.which(name)
    if found is None:
        pytest.fail(f"{name} is missing: install the packages dbus and gnome-keyring")
    return found


def _ask(env: dict[str, str], before: tuple[str, ...] = (), arguments: tuple = ()) -> dict:
    done = subprocess.run(
        [*before, sys.executable, "-c", PROGRAM, json.dumps(arguments)],
        env=env,
        capture_output=True,
        text=True,
        cwd=Path(__file__).parents[3],
        timeout=60,
        check=False,
        stdin=subprocess.DEVNULL,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.splitlines()[-1])


def _in_session(setup: str) -> tuple[str, ...]:
    """Return the start of a command line: own message bus, `setup` in a shell, then the rest."""
    _tool("gnome-keyring-daemon")
    return (_tool("dbus-run-session"), "--", "sh", "-c", f'{setup}\nexec "$@"', "sh")


UNLOCK = "printf 'only a test' | gnome-keyring-daemon --unlock --components=secrets >/dev/null"


def _assert_works(told: dict) -> None:
    for question in ("before", "kept", "replaced", "other vault", "other key"):
        assert told[question] is True, told
    assert told["problem"] == ""
    assert told["backend"] == "keyring.backends.SecretService"


if sys.platform == "linux":

    def test_a_real_keyring_keeps_the_witness(tmp_path: Path) -> None:
        _assert_works(_ask(_home(tmp_path), _in_session(UNLOCK)))

    @pytest.mark.parametrize(
        "setting",
        [
            {"PYTHON_KEYRING_BACKEND": "keyring.backends.null.Keyring"},
            {"PYTHON_KEYRING_BACKEND": "keyring.backends.fail.Keyring"},
            {"KEYRING_PROPERTY_PREFERRED_COLLECTION": "/nowhere", "KEYRING_PROPERTY_SCHEME": "x"},
        ],
    )
    def test_the_environment_does_not_choose_the_keyring(tmp_path: Path, setting: dict) -> None:
        _assert_works(_ask(_home(tmp_path) | setting, _in_session(UNLOCK)))

    def test_a_configuration_file_does_not_choose_the_keyring(tmp_path: Path) -> None:
        env = _home(tmp_path)
        folder = tmp_path / "config" / "python_keyring"
        folder.mkdir()
        (tmp_path / "home" / "evil.py").write_text("raise SystemExit('ran code from a folder')")
        text = f"[backend]\ndefault-keyring=evil.Keyring\nkeyring-path={tmp_path / 'home'}\n"
        (folder / "keyringrc.cfg").write_text(text)
        _assert_works(_ask(env, _in_session(UNLOCK)))

    def test_no_message_bus_is_said_at_once(tmp_path: Path) -> None:
        told = _ask(_home(tmp_path))
        assert told["unavailable"].startswith("This computer has no keyring")
        assert told["seconds"] < 3

    def test_no_plain_text_file_is_written_instead(tmp_path: Path) -> None:
        env = _home(tmp_path)
        env["PYTHON_KEYRING_BACKEND"] = "keyrings.alt.file.PlaintextKeyring"
        assert "unavailable" in _ask(env)
        assert [p for p in tmp_path.rglob("*") if p.is_file()] == []

    def test_a_bus_without_a_keyring_is_said(tmp_path: Path) -> None:
        (tmp_path / "services").mkdir()
        config = tmp_path / "bus.conf"
        config.write_text(
            "<busconfig><type>session</type><listen>unix:tmpdir=/tmp</listen>"
            f"<servicedir>{tmp_path / 'services'}</servicedir><policy context='default'>"
            "<allow send_destination='*' eavesdrop='true'/><allow eavesdrop='true'/>"
            "<allow own='*'/></policy></busconfig>"
        )
        before = (_tool("dbus-run-session"), f"--config-file={config}", "--")
        told = _ask(_home(tmp_path), before)
        assert told["unavailable"] == "No keyring is running on this desktop."

    def test_a_keyring_that_was_never_set_up_asks_nobody(tmp_path: Path) -> None:
        start = "gnome-keyring-daemon --start --components=secrets >/dev/null"
        told = _ask(_home(tmp_path), _in_session(start))
        assert told["unavailable"] == "This desktop's keyring has not been set up."

    def test_a_locked_keyring_asks_nobody(tmp_path: Path) -> None:
        env = _home(tmp_path)
        _assert_works(_ask(env, _in_session(UNLOCK)))
        start = "gnome-keyring-daemon --start --components=secrets >/dev/null"
        told = _ask(env, _in_session(start))
        assert told["unavailable"].startswith("The keyring is locked.")

    def test_a_keyring_that_never_answers_is_given_up(tmp_path: Path) -> None:
        env = _home(tmp_path)
        path = tmp_path / "silent"
        with socket.socket(socket.AF_UNIX) as silent:
            silent.bind(str(path))
            silent.listen()
            begun = time.perf_counter()
            told = _ask(
                env | {"DBUS_SESSION_BUS_ADDRESS": f"unix:path={path}"}, (), (sys.platform, 0.5)
            )
        assert told["unavailable"] == "The keyring did not answer within 0.5 seconds."
        assert told["seconds"] < 2
        assert time.perf_counter() - begun < 20  # the program ends though the call still hangs


@pytest.mark.parametrize("platform", ["win32", "darwin", "sunos5", "linux"])
def test_a_foreign_platform_has_no_keyring_and_no_crash(platform: str, tmp_path: Path) -> None:
    if platform == sys.platform:
        env = _home(tmp_path)  # this platform, with nothing running
        env["DBUS_SESSION_BUS_ADDRESS"] = "unix:path=/nowhere"
    else:
        env = _home(tmp_path)
    told = _ask(env, (), (platform,))
    assert told["unavailable"].endswith(".")
