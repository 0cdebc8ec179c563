"""The night itself: set-up, unlock, Today, an arrival, ticks, a service, the trail, a lock."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import cast

from PySide6.QtCore import Qt

from shelter_desk.app.clock import now
from shelter_desk.app.demo import DEMO_PASSPHRASE
from shelter_desk.app.door import RealDoor
from shelter_desk.app.shipped import shipped_care_model
from shelter_desk.app.start import application
from shelter_desk.app.window import main_window
from shelter_desk.desk import Desk, entry, residents
from shelter_desk.sample import write_demo
from shelter_desk.settings import DeviceSettings
from shelter_desk.tour.hands import KEY, Tour, press, show, write
from shelter_desk.tour.leaving import what_leaves
from shelter_desk.ui.entry import EntryWindow
from shelter_desk.ui.jobs import InlineJobs
from shelter_desk.ui.main_window import MainWindow
from shelter_desk.ui.pages import discover
from shelter_desk.ui.pages.resident import ResidentPage
from shelter_desk.ui.printing import RealPaper
from shelter_desk.ui.shots import settle
from shelter_desk.ui.theme import theme

CONTROL = Qt.KeyboardModifier.ControlModifier
_ARRIVAL = "Marlow Fern"


def take_tour(
    out: Path,
    place: Path,
    device: DeviceSettings,
    finish: Callable[[Desk, Tour], dict[str, object]],
) -> Tour:
    """Drive the windows through the night and return what was done.

    `place` is an empty folder for the throw-away records; `finish` makes what leaves the building
    and returns facts for `tour.json`.
    """
    out.mkdir(parents=True, exist_ok=True)
    application(device)
    theme().apply(device)
    tour = Tour(out, device)
    care_model = shipped_care_model()
    folder = place / "records"
    _set_up_page(tour, RealDoor(place / "new"))
    with tour.step("write the invented shelter"):
        write_demo(folder, DEMO_PASSPHRASE, care_model, now())
    desk = _unlock(tour, RealDoor(folder))
    window = main_window(desk, InlineJobs(), folder)
    show(window)
    try:
        _night(tour, window, desk)
        _every_page(tour, window, device)
        facts = finish(desk, tour)
    finally:
        window.close()
        desk.settle()
        desk.close()
    tour.write({"staff": len(entry.people(folder)), **facts})
    return tour


def _set_up_page(tour: Tour, door: RealDoor) -> None:
    with tour.step("first set-up"):
        window = EntryWindow(door, InlineJobs(), RealPaper())
        window.start()
        show(window)
        tour.picture(window, "first_run")
        window.close()


def _unlock(tour: Tour, door: RealDoor) -> Desk:
    window = EntryWindow(door, InlineJobs(), RealPaper())
    opened: list[Desk] = []
    window.opened.connect(opened.append)
    window.start()
    show(window)
    tour.picture(window, "unlock")
    with tour.step("unlock"):
        press(window, KEY.Key_Return)
        write(window, DEMO_PASSPHRASE)
        press(window, KEY.Key_Return)
    if not opened:  # the list of people may keep the keyboard; the door itself is the same
        opened.append(door.unlock(door.staff()[0].id, DEMO_PASSPHRASE))
    window.close()
    return opened[0]


def _night(tour: Tour, window: MainWindow, desk: Desk) -> None:
    with tour.step("open Today"):
        window.go("today")
        settle()
    tour.picture(window, "today")
    with tour.step("new arrival"):
        window.go("arrival")
        settle()
        write(window, _ARRIVAL)
        tour.picture(window, "arrival")
        press(window, KEY.Key_Return, CONTROL)
    tour.picture(window, "resident")
    _paper_for_them(tour, window)
    with tour.step("tick an item on Today"):
        window.go("today")
        settle()
        press(window, KEY.Key_Space)
    tour.picture(window, "ticked")
    with tour.step("log a service"):
        window.go("log_service", _stay_of_arrival(desk))
        settle()
        press(window, KEY.Key_1)
        tour.picture(window, "log_service")
        press(window, KEY.Key_Return)
    _someone_missing(tour, window)
    with tour.step("find with Ctrl K"):
        window.search()
        settle()
        write(window, _ARRIVAL[:4].lower())
        tour.picture(window, "palette")
        press(window, KEY.Key_Escape)  # the first clears what was typed
        press(window, KEY.Key_Escape)
    what_leaves(tour, window)
    _covered(tour, window)


def _paper_for_them(tour: Tour, window: MainWindow) -> None:
    with tour.step("a paper for the young person"):
        cast("ResidentPage", window.view("resident")).head.wanted.emit("papers")
        settle()
        tour.picture(window, "paper_choice")
        press(window, KEY.Key_Return)
        tour.picture(window, "paper")
        press(window, KEY.Key_Escape)


def _covered(tour: Tour, window: MainWindow) -> None:
    with tour.step("hide and come back"):
        window.hide_now()
        tour.picture(window, "hidden")
        window.cover.hide()
    with tour.step("lock"):
        window.lock_now()
        tour.picture(window, "locked")
        write(window, DEMO_PASSPHRASE)
        press(window, KEY.Key_Return)
        window.cover.hide()


def _someone_missing(tour: Tour, window: MainWindow) -> None:
    with tour.step("someone is missing: two keys start the clocks"):
        press(window, KEY.Key_F8)
        tour.picture(window, "who")
        press(window, KEY.Key_1)
    tour.picture(window, "missing")
    window.go("today")
    settle()
    tour.picture(window, "today_missing")
    with tour.step("they were here all the time"):
        press(window, KEY.Key_Z, CONTROL)


def _stay_of_arrival(desk: Desk) -> str:
    (found,) = desk.ask(residents.search, text=_ARRIVAL)
    return found.stay_id


def _every_page(tour: Tour, window: MainWindow, device: DeviceSettings) -> None:
    """Keep a picture of every page in the other colours too."""
    for scheme in ("light", "dark"):
        tour.device = DeviceSettings(device.text_scale_percent, scheme)
        theme().apply(tour.device)
        with tour.step(f"every page, {scheme}"):
            for name in _names():
                window.go(name)
                settle()
                tour.picture(window, f"page_{name}")
    tour.device = device
    theme().apply(device)


def _names() -> list[str]:
    """Return every page that opens without somebody it is about."""
    return [page.name for page in discover() if page.name != "resident"]
