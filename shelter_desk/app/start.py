"""Starts the program: on the records of this computer, or on an invented shelter."""

from __future__ import annotations

import shutil
import sys
import tempfile
from functools import partial
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from shelter_desk.app.clock import now
from shelter_desk.app.door import RealDoor
from shelter_desk.app.program import Program
from shelter_desk.app.shipped import shipped_care_model
from shelter_desk.desk import entry
from shelter_desk.paths import data_folder, resources, settings_file
from shelter_desk.sample import write_demo
from shelter_desk.settings import (
    DeviceSettings,
    read_device_settings,
    write_device_settings,
)
from shelter_desk.store.process import harden
from shelter_desk.ui import look
from shelter_desk.ui.jobs import ThreadedJobs
from shelter_desk.ui.messages import LastResort
from shelter_desk.ui.theme import theme

# Written here on purpose: the invented shelter is thrown away when its window closes.
DEMO_PASSPHRASE = "demo words open this shelter"  # noqa: S105 - guards nothing


def application(device: DeviceSettings | None = None) -> QApplication:
    """Return the dressed application, made once in a process; `device` as this computer has it."""
    existing = QApplication.instance()
    app = existing if isinstance(existing, QApplication) else QApplication(sys.argv[:1])
    app.setApplicationName("Shelter Desk")
    app.setQuitOnLastWindowClosed(False)
    app.setAttribute(Qt.ApplicationAttribute.AA_DontShowIconsInMenus, on=False)
    look.install(app, resources(), device or DeviceSettings())
    return app


def keep_device_settings(file: Path) -> None:
    """Write text size and colours down whenever they change."""
    theme().changed.connect(partial(_write_down, file))


def _write_down(file: Path) -> None:
    write_device_settings(file, theme().settings)


def run(folder: Path | None = None) -> int:
    """Show the desk until it is closed; return the exit status."""
    harden()
    app = application(read_device_settings(settings_file()))
    keep_device_settings(settings_file())
    door = RealDoor(folder or data_folder(), shipped_care_model())
    program = Program(door, ThreadedJobs())
    last_resort = LastResort(program.host)
    last_resort.install()
    program.start()
    return app.exec()


def run_demo() -> int:
    """Show the desk on an invented shelter in a throw-away store."""
    harden()
    app = application(read_device_settings(settings_file()))
    care_model = shipped_care_model()
    place = Path(tempfile.mkdtemp(prefix="shelter-desk-demo-"))
    try:
        folder = place / "records"
        write_demo(folder, DEMO_PASSPHRASE, care_model, now())
        door = RealDoor(folder, care_model)
        program = Program(door, ThreadedJobs())
        program.keeps_process = True
        last_resort = LastResort(program.host)
        last_resort.install()
        program.open(door.unlock(entry.people(folder)[0][0], DEMO_PASSPHRASE))
        return app.exec()
    finally:
        shutil.rmtree(place, ignore_errors=True)
