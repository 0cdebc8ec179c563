"""The main window on an open desk."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from pathlib import Path

from shelter_desk.app.finders import Finders
from shelter_desk.app.keyring import KeyringWatch
from shelter_desk.desk import Area, Desk, entry
from shelter_desk.desk.shelter import settings as shelter_settings
from shelter_desk.store.reserve import WARN_BYTES, Reserve
from shelter_desk.ui import pages
from shelter_desk.ui.jobs import Jobs
from shelter_desk.ui.main_window import House, MainWindow
from shelter_desk.ui.room import Room
from shelter_desk.ui.shared import Shared


def main_window(
    desk: Desk, jobs: Jobs, folder: Path, *, asks_keyring: bool = False, hint: str = ""
) -> MainWindow:
    """Return the main window on an open desk; `hint` is what its cover says.

    Records that are thrown away soon are nothing for the system's keyring to remember.
    """
    shared = Shared(desk, jobs, desk.house.zone)
    finders = Finders(shared)
    role = desk.house.care_model.roles[desk.staff.roles[0]].name
    house = House(
        name="",
        role=role,
        check=_PassphraseCheck(folder, desk),
        find=finders.records,
        actions=finders.actions,
        looked=finders.looked,
        room=partial(_room, Reserve(folder)),
        hint=hint,
    )
    window = MainWindow(shared, pages.discover(), _as_set(house, shared))
    shared.setParent(window)
    shared.refresh_on(Area.SHELTER, partial(_follow, window, house, shared), window)
    if asks_keyring:
        watch = KeyringWatch(desk, jobs, shared)
        window.closing.connect(window.hide)  # a keyring that hangs keeps nothing on screen
        window.closing.connect(watch.last)
        window.locked.connect(watch.keep)
        watch.start()
    return window


def _as_set(house: House, shared: Shared) -> House:
    found = shared.ask(shelter_settings)
    soft, hard = found.idle_minutes * 60, max(15, 3 * found.idle_minutes) * 60
    return replace(house, name=found.name, soft_lock_s=soft, hard_lock_s=hard)


def _follow(window: MainWindow, house: House, shared: Shared) -> None:
    window.follow(_as_set(house, shared))


def _room(reserve: Reserve) -> Room:
    return Room(reserve.free(), WARN_BYTES)


class _PassphraseCheck:
    """Says whether a passphrase belongs to the person signed in, without opening anything."""

    def __init__(self, folder: Path, desk: Desk) -> None:
        self._folder, self._public_id, self._now = folder, desk.staff.public_id, desk.now

    def __call__(self, passphrase: str) -> bool:
        return entry.fits(self._folder, self._public_id, passphrase, self._now())
