"""Shared by every test: no display, a fixed moment, real encrypted files."""

import atexit
import ctypes
import gc
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import cache
from itertools import zip_longest
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    # So it is in the background of a shell, and programs under test would not hear Ctrl+C either.
    signal.signal(signal.SIGINT, signal.default_int_handler)
# What this computer keeps for a person is no business of the tests, nor theirs of it.
os.environ["XDG_DATA_HOME"] = tempfile.mkdtemp(prefix="shelter-desk-tests-")

import pytest

from shelter_desk.desk import Desk, accounts, entry
from shelter_desk.desk.accounts import Colleague
from shelter_desk.desk.founding import found_records
from shelter_desk.desk.second_person import unlocked_colleague
from shelter_desk.desk.staff import NotePassphraseChange
from shelter_desk.domain.care_model import CareModel, read_care_model
from shelter_desk.paths import content_files
from shelter_desk.store.keys.identity import Unlocked
from shelter_desk.store.keys.kdf import KdfSettings
from shelter_desk.store.keys.kit import RecoveryKit, new_kit

ROOT = Path(__file__).parents[1]
NIGHT = datetime(2026, 3, 10, 6, 5, tzinfo=UTC)  # 2:05 in the morning in New York
PASSPHRASE = "invented words for tests only"
BEDS = ("1A", "1B", "2A", "2B")
# The least work the key file may ask for: each of hundreds of passphrases costs a third less.
KDF = KdfSettings(iterations=2)


def _keep_freed_memory():
    """Let what was freed stay with this process, where the system's C library can be told so.

    Each of a thousand passphrases takes 64 MiB; to get them page by page from the system and to
    give them back costs a quarter of the work. Programs that tests start are as users have them.
    """
    tell = getattr(ctypes.CDLL(None), "mallopt", None) if sys.platform == "linux" else None
    if tell is not None:
        for trim_threshold_or_mmap_threshold in (-1, -3):
            tell(trim_threshold_or_mmap_threshold, 1 << 30)


_keep_freed_memory()


def pytest_addoption(parser):
    """Let the order be another: what needs a test before it in its file fails that way.

    Neighbours run on different processors as it happens, and so in any run that may be missing.
    """
    words = {
        "--backwards": "run the tests from the last one to the first",
        "--apart": "run no two of a file in turn, so that each finds what its file shares as new",
    }
    for option, told in words.items():
        parser.addoption(option, action="store_true", help=told)


def pytest_configure(config):
    """Name the mark of tests that mount a real small drive."""
    config.addinivalue_line(
        "markers", "mounts: mounts a drive; left out where that is not allowed"
    )
    config.addinivalue_line(
        "markers", "fuse: mounts a real FAT32 or NTFS; left out where that is not possible"
    )


def pytest_collection_modifyitems(config, items):
    """Leave out, and count as left out, what this computer or this person does not allow."""
    left_out = []
    if sys.platform != "linux":
        left_out += [item for item in items if item.get_closest_marker("linux")]
    mounting = [item for item in items if item.get_closest_marker("mounts")]
    if mounting and not _may_mount():
        left_out += mounting
    if left_out:
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if item not in left_out]
    if config.getoption("backwards"):
        items.reverse()
    if config.getoption("apart"):
        items[:] = _apart(items)


def _apart(items):
    """Return the tests by turns: the first of each file, then the second of each, and so on."""
    files = {}
    for item in items:
        files.setdefault(item.path, []).append(item)
    return [item for turn in zip_longest(*files.values()) for item in turn if item is not None]


def pytest_collection_finish(session):
    """Let the collector leave alone what stays to the end: every module, and every test's node.

    From here on it works by order only: by itself it does so on whatever thread happens to run,
    and takes windows apart there.
    """
    gc.collect()
    gc.freeze()
    gc.disable()


def pytest_runtest_logfinish():
    """Collect the oldest generation that is due; where windows are, they do it by themselves."""
    if "PySide6.QtWidgets" in sys.modules:
        return
    for generation in (2, 1, 0):
        if gc.get_count()[generation] > gc.get_threshold()[generation]:
            gc.collect(generation)
            return


def _may_mount():
    try:
        tried = subprocess.run(["unshare", "-m", "true"], capture_output=True, check=False)
    except FileNotFoundError:
        return False
    return tried.returncode == 0


@dataclass
class Clock:
    """A moment that stands still until a test moves it."""

    at: datetime = NIGHT

    def __call__(self) -> datetime:
        return self.at

    def forward(self, **parts: float) -> datetime:
        self.at += timedelta(**parts)
        return self.at


@dataclass
class OpenDesk:
    """A director's desk on a real encrypted store in a temporary folder."""

    desk: Desk
    folder: Path
    clock: Clock
    kit: RecoveryKit
    care_model: CareModel

    def again(self, passphrase: str = PASSPHRASE) -> Desk:
        """Close the desk and sign in again."""
        self.desk.close()
        person = entry.people(self.folder)[0][0]
        self.desk = entry.sign_in(self.folder, person, passphrase, self.care_model, self.clock)
        return self.desk


@pytest.fixture(scope="session")
def care_model() -> CareModel:
    """The shipped care model, read once."""
    return shipped_model()


@cache
def shipped_model() -> CareModel:
    """Return the shipped care model, for what runs outside of fixtures."""
    return read_care_model(content_files())


@pytest.fixture
def clock() -> Clock:
    return Clock()


@dataclass(frozen=True)
class Founded:
    """Invented records as they are when they were just set up; tests work on copies."""

    folder: Path
    kit: RecoveryKit
    keys: Unlocked


@cache
def founded_with(beds: tuple[str, ...]) -> Founded:
    """Set up invented records with these beds once, through the real door."""
    place = Path(tempfile.mkdtemp(prefix="shelter-desk-founded-"))
    atexit.register(shutil.rmtree, place, ignore_errors=True)
    kit, folder = new_kit(), place / "records"
    founding = entry.Founding(
        "Harbor House", "America/New_York", "Dana", PASSPHRASE, kit, beds=beds, kdf=KDF
    )
    return Founded(folder, kit, found_records(folder, founding, shipped_model(), Clock()))


@cache
def staffed_with(beds: tuple[str, ...], colleagues: tuple[Colleague, ...]) -> Founded:
    """Add colleagues to invented records once: each costs two passphrases."""
    first = founded_with(beds)
    folder = Path(tempfile.mkdtemp(prefix="staffed-", dir=first.folder.parent)) / "records"
    shutil.copytree(first.folder, folder)
    with closing(entry.enter(folder, first.keys, shipped_model(), Clock())) as desk:
        for colleague in colleagues:
            join(desk, colleague)
    return replace(first, folder=folder)


def join(desk: Desk, colleague: Colleague, own: str = PASSPHRASE) -> None:
    """Take a colleague into the staff who has chosen a passphrase, and so can be a second person.

    The choice is written down as theirs; `test_dual_control` goes the whole way, which stretches
    three passphrases more.
    """
    accounts.add_colleague(desk, own, colleague)
    keys = unlocked_colleague(desk.folder, colleague.public_id, colleague.passphrase, desk.now())
    model = desk.house.care_model
    desk.beside(lambda reader: entry.person_of(reader, keys, model)).do(NotePassphraseChange())


def newly_founded(
    folder: Path,
    care_model: CareModel,
    clock: Clock | None = None,
    beds: tuple[str, ...] = BEDS,
    colleagues: tuple[Colleague, ...] = (),
) -> OpenDesk:
    """Come in for the first time, at a copy of the records in a folder that is not there yet.

    With the keys of the set-up, as the first director does: no passphrase is stretched anew.
    """
    first = staffed_with(beds, colleagues) if colleagues else founded_with(beds)
    clock = clock or Clock()
    shutil.copytree(first.folder, folder)
    desk = entry.enter(folder, first.keys, care_model, clock)
    return OpenDesk(desk, folder, clock, first.kit, care_model)


@pytest.fixture(scope="session")
def founded() -> Founded:
    """Records that were set up once."""
    return founded_with(BEDS)


@pytest.fixture
def colleagues() -> tuple[Colleague, ...]:
    """Nobody is on the staff beside the first director; a module says otherwise by its own."""
    return ()


@pytest.fixture
def open_desk(tmp_path, care_model, clock, colleagues):
    """Come in for the first time, at a copy of the records, and close them at the end."""
    opened = newly_founded(tmp_path / "records", care_model, clock, colleagues=colleagues)
    yield opened
    opened.desk.close()
