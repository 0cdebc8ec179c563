"""The desk ends when its person has left: screen lock, sleep, a long silence, a hung window.

The real program runs in a process of its own on real records; a private message bus carries what
logind says, sent by a service that takes logind's name.
"""

import os
import subprocess
import sys
import time
from datetime import timedelta
from pathlib import Path

import pytest

from shelter_desk.app.away_windows import is_leaving
from shelter_desk.app.watchdog import Watchdog
from tests.conftest import NIGHT, PASSPHRASE, Clock

ROOT = Path(__file__).parents[2]
SESSION = "/org/freedesktop/login1/session/_31"
LOGIND = """
import sys
from PySide6.QtCore import QCoreApplication
from PySide6.QtDBus import QDBusConnection, QDBusMessage
app = QCoreApplication([])
bus = QDBusConnection.systemBus()
assert bus.registerService("org.freedesktop.login1")
print("ready", flush=True)
for line in sys.stdin:
    path, interface, name, *values = line.rstrip("\\n").split("|")
    message = QDBusMessage.createSignal(path, interface, name)
    kinds = {"yes": True, "no": False, "gone": ["IdleSinceHint"]}
    message.setArguments([
        {v[:-1]: False} if v.endswith("-") else kinds.get(v, v) for v in values
    ])
    assert bus.send(message)
    print("sent", flush=True)
"""
ASLEEP = "/org/freedesktop/login1|org.freedesktop.login1.Manager|PrepareForSleep|"
LOCKED = f"{SESSION}|org.freedesktop.login1.Session|Lock"
SAVER = "/org/gnome/ScreenSaver|org.gnome.ScreenSaver|ActiveChanged|"
CHANGED = f"{SESSION}|org.freedesktop.DBus.Properties|PropertiesChanged|"


def start(arguments, environment, **more):
    return subprocess.Popen(
        [sys.executable, *arguments],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT), **environment},
        stdout=subprocess.PIPE,
        text=True,
        **more,
    )


@pytest.fixture
def begin(open_desk):
    """Run the program on the records; the process is ended with the test."""
    open_desk.desk.close()
    running = []

    def started(limit, what, environment=None):
        program = ROOT / "tests" / "journeys" / "hung_desk.py"
        arguments = [str(program), str(open_desk.folder), PASSPHRASE, str(limit), what]
        process = start(arguments, environment or {})
        running.append(process)
        assert process.stdout.readline() == "open\n"
        return process

    yield started
    for process in running:
        process.kill()
        process.communicate()


@pytest.fixture(scope="module")
def bus():
    """A message bus of these tests alone; return its address."""
    daemon = subprocess.Popen(
        ["dbus-daemon", "--session", "--nofork", "--print-address"],
        stdout=subprocess.PIPE,
        text=True,
    )
    yield daemon.stdout.readline().strip()
    daemon.kill()
    daemon.communicate()


@pytest.fixture(scope="module")
def around(bus):
    """Both buses of a session, as its programs find them."""
    return {"DBUS_SYSTEM_BUS_ADDRESS": bus, "DBUS_SESSION_BUS_ADDRESS": bus}


@pytest.fixture(scope="module")
def logind(around):
    """The service that says what happens, as long as the bus."""
    service = start(["-c", LOGIND], around, stdin=subprocess.PIPE)
    assert service.stdout.readline() == "ready\n"
    yield service
    service.kill()
    service.communicate()


@pytest.mark.linux
@pytest.mark.parametrize(
    ("harmless", "leaving"),
    [
        (ASLEEP + "no", ASLEEP + "yes"),
        (SAVER + "no", SAVER + "yes"),
        (f"{SESSION}|org.freedesktop.login1.Session|Unlock", LOCKED),
        (
            CHANGED + "org.freedesktop.login1.Session|IdleHint-|gone",
            CHANGED + "org.freedesktop.login1.Session|Active-|gone",
        ),
    ],
)
def test_the_desk_ends_when_its_person_leaves(begin, around, logind, open_desk, harmless, leaving):
    desk = begin(900, "listen", around)
    for line, code in ((harmless, None), (leaving, 0)):
        logind.stdin.write(line + "\n")
        logind.stdin.flush()
        assert logind.stdout.readline() == "sent\n"
        if code is None:
            with pytest.raises(subprocess.TimeoutExpired):
                desk.wait(1)
    assert desk.communicate(timeout=20)[0] == "ended\n"
    assert desk.returncode == 0
    open_desk.again()  # closed properly: nobody else has it open


def test_a_silent_desk_ends_by_itself(begin):
    desk = begin(2, "listen")
    assert desk.communicate(timeout=20)[0] == "ended\n"


def test_a_window_that_hangs_is_ended_and_the_records_are_whole(begin, open_desk):
    desk = begin(1, "hang")
    began = time.monotonic()
    assert desk.communicate(timeout=30)[0] == ""  # it never came to an orderly end
    assert desk.returncode == 1
    assert time.monotonic() - began >= 4
    open_desk.again()


def test_the_wall_clock_decides_after_a_sleep():
    clock = Clock()
    watchdog = Watchdog(900, lambda: None, clock)
    assert not watchdog.is_due()
    clock.at = NIGHT + timedelta(seconds=899)
    assert not watchdog.is_due()
    clock.at = NIGHT + timedelta(seconds=900)
    assert watchdog.is_due()
    watchdog.touched()
    assert not watchdog.is_due()


def test_a_wall_clock_set_back_does_not_keep_the_desk_open():
    clock = Clock()
    watchdog = Watchdog(0.2, lambda: None, clock)
    clock.at = NIGHT - timedelta(days=1)
    time.sleep(0.3)
    assert watchdog.is_due()


def test_after_a_sleep_the_window_has_the_grace_to_lock_by_itself():
    clock, ended = Clock(), []
    watchdog = Watchdog(900, lambda: ended.append(time.monotonic()), clock, grace_s=1.5)
    watchdog.start()
    woke = time.monotonic()
    clock.at = NIGHT + timedelta(hours=8)
    time.sleep(1)
    assert not ended
    time.sleep(2)
    assert ended
    assert ended[0] - woke >= 1.5


@pytest.mark.parametrize(
    ("message", "reason", "leaving"),
    [
        (0x02B1, 7, True),  # locked
        (0x02B1, 8, False),  # unlocked
        (0x02B1, 2, True),  # another user at the console
        (0x02B1, 1, False),
        (0x0218, 4, True),  # going to sleep
        (0x0218, 18, False),  # awake again
        (0x0100, 7, False),  # a key
    ],
)
def test_windows_messages_of_leaving_are_told_from_others(message, reason, leaving):
    assert is_leaving(message, reason) is leaving
