"""Builds everything once: door, desk, windows. The only module that reads the clock."""

from __future__ import annotations

import secrets
import shutil
import sys
import tempfile
import time
from collections.abc import Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from zoneinfo import available_timezones

from PySide6.QtCore import QObject, QProcess, Qt
from PySide6.QtWidgets import QApplication, QWidget

from shelter_desk.desk import Desk, entry, residents
from shelter_desk.desk.shelter import settings as shelter_settings
from shelter_desk.domain.care_model import CareModel, read_care_model
from shelter_desk.domain.errors import DeskError
from shelter_desk.domain.words import generate
from shelter_desk.paths import content_files, data_folder, resources
from shelter_desk.reports.recovery_kit import recovery_kit_pdf
from shelter_desk.sample import write_demo
from shelter_desk.settings import DeviceSettings
from shelter_desk.store.keys import kit as kits
from shelter_desk.store.keys.kdf import choose_settings, timed_derivation
from shelter_desk.store.keys.policy import strength
from shelter_desk.store.keys.slot_file import exists as slots_exist
from shelter_desk.store.keys.word_list import read_words
from shelter_desk.store.opening import STORE_NAME, refuse_early
from shelter_desk.store.process import harden
from shelter_desk.ui import look, pages
from shelter_desk.ui.door import Door, DoorPerson, Kit, NewShelter, Strength
from shelter_desk.ui.entry import EntryWindow
from shelter_desk.ui.jobs import Jobs, ThreadedJobs
from shelter_desk.ui.main_window import House, MainWindow
from shelter_desk.ui.messages import LastResort
from shelter_desk.ui.palette import Hit
from shelter_desk.ui.printing import RealPaper
from shelter_desk.ui.shared import Shared

PASSPHRASE_WORDS = 4
# Written here on purpose: the invented shelter is thrown away when its window closes.
DEMO_PASSPHRASE = "demo words open this shelter"  # noqa: S105 - guards nothing
_COMMON_ZONES = (
    "America/New_York",
    "America/Chicago",
    "America/Denver",
    "America/Phoenix",
    "America/Los_Angeles",
    "America/Anchorage",
    "Pacific/Honolulu",
)


def now() -> datetime:
    """Return the moment, in UTC."""
    return datetime.now(UTC)


def today() -> date:
    """Return the day on this computer's calendar."""
    return now().astimezone().date()


def shipped_care_model() -> CareModel:
    """Return the care model that came with the program, read and checked whole."""
    return read_care_model(content_files())


def new_words(count: int) -> str:
    """Return freshly drawn words of the passphrase list, separated by spaces."""
    return generate(read_words(), count, secrets.randbelow)


class RealDoor(Door):
    """The way in to the records in one folder."""

    def __init__(self, folder: Path, care_model: CareModel) -> None:
        self.folder = folder
        self._care_model = care_model
        self._shelter_name = ""

    @property
    def shelter_name(self) -> str:
        """Return "": the name is inside the encrypted records, and nowhere else."""
        return self._shelter_name

    @property
    def note(self) -> str:
        """Return the quiet line under the box."""
        return "Everything is encrypted on this computer. Nothing is sent anywhere."

    def look(self) -> bool:
        """Look at the folder; True when records are there, False when it is empty and new."""
        if not (self.folder / STORE_NAME).exists() and not slots_exist(self.folder):
            return False
        refuse_early(self.folder)
        entry.people(self.folder)
        return True

    def use_folder(self, folder: Path) -> None:
        """Use another folder from now on."""
        self.folder = folder

    def staff(self) -> tuple[DoorPerson, ...]:
        """Return who may sign in."""
        return tuple(DoorPerson(public_id, name) for public_id, name in entry.people(self.folder))

    def wait_s(self) -> int:
        """Return how many seconds to wait before the next try."""
        return entry.wait_seconds(self.folder, now())

    def unlock(self, person_id: str, passphrase: str) -> Desk:
        """Open the desk."""
        return entry.sign_in(self.folder, person_id, passphrase, self._care_model, now)

    def zones(self) -> tuple[str, ...]:
        """Return the time zones to choose from: the common ones first, then all."""
        return (*_COMMON_ZONES, *sorted(available_timezones() - set(_COMMON_ZONES)))

    def generate_passphrase(self) -> str:
        """Return four random words (51.7 bits)."""
        return new_words(PASSPHRASE_WORDS)

    def strength(self, passphrase: str, names: tuple[str, ...]) -> Strength:
        """Judge a self-chosen passphrase."""
        found = strength(passphrase, names)
        return Strength(found.is_enough, tuple(found.advice))

    def new_kit(self, shelter: str) -> Kit:
        """Return a new recovery kit, not yet used for anything."""
        return Kit(kits.new_kit().code, shelter, today())

    def same_kit(self, kit: Kit, typed: str) -> None:
        """Pass when what was typed is the code of the kit."""
        if kits.read_kit(typed).code != kit.code:
            raise DeskError("This is the code of another kit. Type the one shown before.")

    def kit_pdf(self, kit: Kit) -> bytes:
        """Return the kit as pages to print, made in memory."""
        return recovery_kit_pdf(kit.shelter, kit.code, kit.made_on)

    def create(self, shelter: NewShelter, kit: Kit) -> Desk:
        """Make the records, and open the desk for the director."""
        settings = choose_settings(lambda kdf: timed_derivation(kdf, time.perf_counter))
        founding = entry.Founding(
            shelter.name,
            shelter.zone,
            shelter.director,
            shelter.passphrase,
            kits.read_kit(kit.code),
            kdf=settings,
        )
        return entry.found(self.folder, founding, self._care_model, now)

    def open_with_kit(self, typed: str) -> tuple[DoorPerson, ...]:
        """Check the code of a recovery kit and return whose passphrase it can set anew."""
        entry.check_kit(self.folder, kits.read_kit(typed))
        return self.staff()

    def reset(self, typed: str, person_id: str, passphrase: str) -> None:
        """Set a new passphrase for someone, with the recovery kit."""
        entry.reset_with_kit(
            self.folder, kits.read_kit(typed), person_id, passphrase, self._care_model, now
        )


class Program(QObject):
    """Shows the window before the desk, then the desk, and goes back and forth between them."""

    def __init__(self, door: RealDoor, jobs: Jobs, device: DeviceSettings) -> None:
        super().__init__()
        self.door, self.jobs, self.device = door, jobs, device
        self.entry: EntryWindow | None = None
        self.window: MainWindow | None = None
        self.desk: Desk | None = None
        self.keeps_process = False

    def host(self) -> QWidget | None:
        """Return the window that is on screen."""
        return self.window or self.entry

    def start(self, said: str = "") -> None:
        """Show the way in."""
        self.entry = EntryWindow(self.door, self.jobs, RealPaper())
        self.entry.opened.connect(self.open)
        self.entry.quit_wanted.connect(self.finish)
        self.entry.start(said)
        self.entry.show()

    def open(self, desk: object) -> None:
        """Show the desk of the person who signed in."""
        if not isinstance(desk, Desk):
            raise TypeError("the door opens desks")
        self.desk = desk
        self.window = main_window(desk, self.jobs, self.door.folder)
        self.window.hard_lock_wanted.connect(self.lock)
        self.window.closing.connect(self.finish)
        self.window.show()
        if self.entry is not None:
            self.entry.deleteLater()
            self.entry = None

    def lock(self) -> None:
        """End the desk: drafts are kept, the store is closed, and the process goes.

        What Python has read stays in its memory until the process ends, so a fresh one shows the
        way in. The throw-away demonstration has nobody to protect and stays in this one.
        """
        if self.window is not None:
            self.window.closing.disconnect(self.finish)
            self.window.close()
            self.window.deleteLater()
            self.window = None
        self._end_desk()
        if self.keeps_process:
            self.start()
            return
        arguments = ["-m", "shelter_desk", "--store", str(self.door.folder)]
        QProcess.startDetached(sys.executable, arguments)
        self.finish()

    def finish(self) -> None:
        """Close the records and end the program."""
        self._end_desk()
        application = QApplication.instance()
        if application is not None:
            application.quit()

    def _end_desk(self) -> None:
        self.jobs.finish()
        if self.desk is not None:
            self.desk.settle()
            self.desk.close()
            self.desk = None


class Finders:
    """What the palette finds: residents, and things to do."""

    def __init__(self, shared: Shared) -> None:
        self._shared = shared

    def people(self, typed: str) -> Sequence[Hit]:
        """Return residents whose name or code begins with what was typed."""
        return [
            Hit(
                "Residents",
                line.called,
                _Go(self._shared, "resident", line.stay_id),
                below=line.case_code,
                avatar=line.called,
            )
            for line in self._shared.ask(residents.search, text=typed)
        ]

    def actions(self, typed: str) -> Sequence[Hit]:
        """Return the things to do that fit what was typed."""
        wanted = (
            ("New arrival", "arrival", "door-open"),
            ("Log a service", "log_service", "clipboard-check"),
        )
        return [
            Hit("Actions", text, _Go(self._shared, page, ""), icon=icon)
            for text, page, icon in wanted
            if typed.casefold() in text.casefold()
        ]


class _Go:
    """Opens a page; a method object, so that nothing holds a page that is gone."""

    def __init__(self, shared: Shared, page: str, subject: str) -> None:
        self._shared, self._page, self._subject = shared, page, subject

    def __call__(self) -> None:
        self._shared.go(self._page, self._subject)


def main_window(desk: Desk, jobs: Jobs, folder: Path) -> MainWindow:
    """Return the main window on an open desk."""
    settings = desk.ask(shelter_settings)
    shared = Shared(desk, jobs, desk.house.zone)
    finders = Finders(shared)
    role = desk.house.care_model.roles[desk.staff.roles[0]].name
    house = House(
        name=settings.name,
        role=role,
        check=_PassphraseCheck(folder, desk.staff.public_id),
        find=finders.people,
        actions=finders.actions,
        soft_lock_s=settings.idle_minutes * 60,
        hard_lock_s=max(15, 3 * settings.idle_minutes) * 60,
    )
    window = MainWindow(shared, pages.discover(), house)
    shared.setParent(window)
    return window


class _PassphraseCheck:
    """Says whether a passphrase belongs to the person signed in, without opening anything."""

    def __init__(self, folder: Path, public_id: str) -> None:
        self._folder, self._public_id = folder, public_id

    def __call__(self, passphrase: str) -> bool:
        return entry.fits(self._folder, self._public_id, passphrase, now())


def application(device: DeviceSettings | None = None) -> QApplication:
    """Return the dressed application, made once in a process."""
    existing = QApplication.instance()
    app = existing if isinstance(existing, QApplication) else QApplication(sys.argv[:1])
    app.setApplicationName("Shelter Desk")
    app.setQuitOnLastWindowClosed(False)
    app.setAttribute(Qt.ApplicationAttribute.AA_DontShowIconsInMenus, on=False)
    look.install(app, resources(), device or DeviceSettings())
    return app


def run(folder: Path | None = None) -> int:
    """Show the desk until it is closed; return the exit status."""
    harden()
    app = application()
    door = RealDoor(folder or data_folder(), shipped_care_model())
    program = Program(door, ThreadedJobs(), DeviceSettings())
    last_resort = LastResort(program.host)
    last_resort.install()
    program.start()
    return app.exec()


def run_demo() -> int:
    """Show the desk on an invented shelter in a throw-away store."""
    harden()
    app = application()
    care_model = shipped_care_model()
    place = Path(tempfile.mkdtemp(prefix="shelter-desk-demo-"))
    try:
        folder = place / "records"
        write_demo(folder, DEMO_PASSPHRASE, care_model, now())
        door = RealDoor(folder, care_model)
        program = Program(door, ThreadedJobs(), DeviceSettings())
        program.keeps_process = True
        last_resort = LastResort(program.host)
        last_resort.install()
        program.open(door.unlock(entry.people(folder)[0][0], DEMO_PASSPHRASE))
        return app.exec()
    finally:
        shutil.rmtree(place, ignore_errors=True)
