"""Starts the program on an invented shelter, in a store that is thrown away."""

from __future__ import annotations

import shutil
import sys
import tempfile
from pathlib import Path

from shelter_desk.app.clock import now
from shelter_desk.app.door import RealDoor
from shelter_desk.app.program import Program
from shelter_desk.app.shipped import shipped_care_model
from shelter_desk.app.start import application
from shelter_desk.paths import settings_file
from shelter_desk.sample import write_demo
from shelter_desk.settings import read_device_settings
from shelter_desk.store.process import harden
from shelter_desk.ui.jobs import ThreadedJobs
from shelter_desk.ui.look import show_fitting
from shelter_desk.ui.messages import LastResort

# Written here on purpose: the invented shelter is thrown away when its window closes.
DEMO_PASSPHRASE = "demo words open this shelter"  # noqa: S105 - guards nothing


def demo_door(folder: Path) -> RealDoor:
    """Return the way in to an invented shelter, which says the passphrase it asks for."""
    return RealDoor(folder, hint=f"An invented shelter. Everybody's passphrase: {DEMO_PASSPHRASE}")


def run_demo() -> int:
    """Show the desk on an invented shelter in a throw-away store."""
    harden()
    app = application(read_device_settings(settings_file()))
    place = Path(tempfile.mkdtemp(prefix="shelter-desk-demo-"))
    try:
        folder = place / "records"
        write_demo(folder, DEMO_PASSPHRASE, shipped_care_model(), now())
        door = demo_door(folder)
        if sys.stdout is not None:  # none without a console; the first page says it too
            sys.stdout.write(f"{door.hint}\n")
            sys.stdout.flush()
        program = Program(door, ThreadedJobs())
        program.keeps_process, program.show = True, show_fitting
        last_resort = LastResort(program.host)
        last_resort.install()
        program.open(door.unlock(door.staff()[0].id, DEMO_PASSPHRASE))
        return app.exec()
    finally:
        shutil.rmtree(place, ignore_errors=True)
