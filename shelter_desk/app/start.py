"""Starts the program on the records of this computer."""

from __future__ import annotations

import sys
from functools import partial
from pathlib import Path

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QApplication

from shelter_desk.app.door import RealDoor
from shelter_desk.app.program import AFTER_PAINT_MS, Program
from shelter_desk.paths import data_folder, records_folder_file, resources, settings_file
from shelter_desk.settings import (
    DeviceSettings,
    read_device_settings,
    read_records_folder,
    write_device_settings,
)
from shelter_desk.store.process import harden
from shelter_desk.ui import look
from shelter_desk.ui.jobs import ThreadedJobs
from shelter_desk.ui.messages import LastResort
from shelter_desk.ui.theme import theme

# As words, not by `setStyle`: that hands a style back, and with it a hundred enumerations of Qt.
_FUSION = ("-style", "fusion")


def application(device: DeviceSettings | None = None, *, styled: bool = True) -> QApplication:
    """Return the dressed application, made once in a process; `device` as this computer has it.

    With `styled` False it is for the caller to `look.wear_style` when the first window is there.
    """
    existing = QApplication.instance()
    app = (
        existing if isinstance(existing, QApplication) else QApplication([*sys.argv[:1], *_FUSION])
    )
    app.setApplicationName("Shelter Desk")
    app.setQuitOnLastWindowClosed(False)
    app.setAttribute(Qt.ApplicationAttribute.AA_DontShowIconsInMenus, on=False)
    look.install(app, resources(), device or DeviceSettings(), styled=styled)
    return app


def keep_device_settings(file: Path) -> None:
    """Write text size and colours down whenever they change."""
    theme().changed.connect(partial(_write_down, file))


def _write_down(file: Path) -> None:
    write_device_settings(file, theme().settings)


def way_in(named: Path | None, memory: Path) -> RealDoor:
    """Return the door to the folder that was named, else chosen here before, else the usual."""
    return RealDoor(named or read_records_folder(memory) or data_folder(), memory=memory)


def run(folder: Path | None = None) -> int:
    """Show the desk until it is closed; return the exit status."""
    harden()
    app = application(read_device_settings(settings_file()), styled=False)
    keep_device_settings(settings_file())
    program = Program(way_in(folder, records_folder_file()), ThreadedJobs())
    program.show = look.show_fitting
    last_resort = LastResort(program.host)
    last_resort.install()
    program.start()
    QTimer.singleShot(AFTER_PAINT_MS, app, partial(look.wear_style, app))
    return app.exec()
