"""The night itself: set-up, unlock, Today, an arrival, ticks, a service, the trail, a lock."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import cast

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from shelter_desk.app.clock import now
from shelter_desk.app.demo import DEMO_PASSPHRASE
from shelter_desk.app.door import RealDoor
from shelter_desk.app.shipped import shipped_care_model
from shelter_desk.app.start import application
from shelter_desk.app.window import main_window
from shelter_desk.desk import Desk, entry, residents
from shelter_desk.sample import write_demo
from shelter_desk.settings import DeviceSettings
from shelter_desk.ui.entry import EntryWindow
from shelter_desk.ui.jobs import InlineJobs
from shelter_desk.ui.main_window import MainWindow
from shelter_desk.ui.pages import discover
from shelter_desk.ui.pages.audit_pack import AuditPackPage
from shelter_desk.ui.pages.resident import ResidentPage
from shelter_desk.ui.pages.summary import SummaryPage
from shelter_desk.ui.printing import RealPaper
from shelter_desk.ui.shots import grab, settle
from shelter_desk.ui.theme import theme
from shelter_desk.ui.widgets import Sheet

KEY = Qt.Key
CONTROL = Qt.KeyboardModifier.ControlModifier
_ARRIVAL = "Marlow Fern"
_QUARTERS = 4


@dataclass
class Tour:
    """Where pictures go, what was done, and how long each step took."""

    out: Path
    device: DeviceSettings
    steps: list[dict[str, str | float]] = field(default_factory=list)
    pictures: int = 0
    covered: dict[str, list[str]] = field(default_factory=dict)  # picture -> sheets over it

    @contextmanager
    def step(self, name: str) -> Iterator[None]:
        """Time one step."""
        started = time.perf_counter()
        yield
        self.steps.append({"step": name, "seconds": round(time.perf_counter() - started, 3)})

    def picture(self, window: QWidget, name: str) -> None:
        """Keep a picture, numbered in the order of the night."""
        self.pictures += 1
        scheme = self.device.colour_scheme
        file = f"{self.pictures:02d}_{name}_{scheme}.png"
        grab(window, self.out / file)
        sheets = [one.accessibleName() for one in window.findChildren(Sheet) if one.isVisible()]
        if sheets:
            self.covered[file] = sheets

    def write(self, extra: dict[str, object]) -> None:
        """Write `tour.json`."""
        facts = {"pictures": self.pictures, "covered": self.covered, "steps": self.steps, **extra}
        (self.out / "tour.json").write_text(json.dumps(facts, indent=2) + "\n", "utf-8")


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
    _show(window)
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
        _show(window)
        tour.picture(window, "first_run")
        window.close()


def _unlock(tour: Tour, door: RealDoor) -> Desk:
    window = EntryWindow(door, InlineJobs(), RealPaper())
    opened: list[Desk] = []
    window.opened.connect(opened.append)
    window.start()
    _show(window)
    tour.picture(window, "unlock")
    with tour.step("unlock"):
        _press(window, KEY.Key_Return)
        _write(window, DEMO_PASSPHRASE)
        _press(window, KEY.Key_Return)
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
        _write(window, _ARRIVAL)
        tour.picture(window, "arrival")
        _press(window, KEY.Key_Return, CONTROL)
    tour.picture(window, "resident")
    _paper_for_them(tour, window)
    with tour.step("tick an item on Today"):
        window.go("today")
        settle()
        _press(window, KEY.Key_Space)
    tour.picture(window, "ticked")
    with tour.step("log a service"):
        window.go("log_service", _stay_of_arrival(desk))
        settle()
        _press(window, KEY.Key_1)
        tour.picture(window, "log_service")
        _press(window, KEY.Key_Return)
    _someone_missing(tour, window)
    with tour.step("find with Ctrl K"):
        window.search()
        settle()
        _write(window, _ARRIVAL[:4].lower())
        tour.picture(window, "palette")
        _press(window, KEY.Key_Escape)  # the first clears what was typed
        _press(window, KEY.Key_Escape)
    _summary(tour, window)
    _pack(tour, window)
    _everything(tour, window)
    _covered(tour, window)


def _paper_for_them(tour: Tour, window: MainWindow) -> None:
    with tour.step("a paper for the young person"):
        cast("ResidentPage", window.view("resident")).head.wanted.emit("papers")
        settle()
        tour.picture(window, "paper_choice")
        _press(window, KEY.Key_Return)
        tour.picture(window, "paper")
        _press(window, KEY.Key_Escape)


def _covered(tour: Tour, window: MainWindow) -> None:
    with tour.step("hide and come back"):
        window.hide_now()
        tour.picture(window, "hidden")
        window.cover.hide()
    with tour.step("lock"):
        window.lock_now()
        tour.picture(window, "locked")
        _write(window, DEMO_PASSPHRASE)
        _press(window, KEY.Key_Return)
        window.cover.hide()


def _summary(tour: Tour, window: MainWindow) -> None:
    with tour.step("a summary of last year, worked out and looked at"):
        window.go("summary")
        settle()
        page = cast("SummaryPage", window.view("summary"))
        page.period.setFocus()
        for _ in range(_QUARTERS):  # the quarters stand above the years
            _press(window, KEY.Key_Down)
        page.audience.buttons()[1].setFocus()
        _press(window, KEY.Key_Space)
        page.prepare.setFocus()
        _press(window, KEY.Key_Space)
    tour.picture(window, "summary")


def _pack(tour: Tour, window: MainWindow) -> None:
    with tour.step("an audit pack, laid out and looked at"):
        window.go("audit_pack")
        settle()
        page = cast("AuditPackPage", window.view("audit_pack"))
        page.profile.setFocus()
        _press(window, KEY.Key_Down)  # from the funder to the licensor
        page.choices.draw.setFocus()
        _press(window, KEY.Key_Space)
        tour.picture(window, "sample")
        _press(window, KEY.Key_Escape)
        page.make.setFocus()
        _press(window, KEY.Key_Space)
        tour.picture(window, "pack_preview")
        _press(window, KEY.Key_Escape)
    tour.picture(window, "pack_left")


def _everything(tour: Tour, window: MainWindow) -> None:
    with tour.step("everything could leave: looked at, and left"):
        window.go("settings", "moving")
        settle()
        tour.picture(window, "moving")
        _press(window, KEY.Key_Space)
        tour.picture(window, "everything_leaves")
        _press(window, KEY.Key_Escape)


def _someone_missing(tour: Tour, window: MainWindow) -> None:
    with tour.step("someone is missing: two keys start the clocks"):
        _press(window, KEY.Key_F8)
        tour.picture(window, "who")
        _press(window, KEY.Key_1)
    tour.picture(window, "missing")
    window.go("today")
    settle()
    tour.picture(window, "today_missing")
    with tour.step("they were here all the time"):
        _press(window, KEY.Key_Z, CONTROL)


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


def _show(window: QWidget) -> None:
    window.resize(1366, 768)
    window.show()
    window.activateWindow()
    settle()


def _press(
    window: QWidget,
    key: Qt.Key,
    modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier,
) -> None:
    QTest.keyClick(_where(window), key, modifier)
    settle()


def _write(window: QWidget, text: str) -> None:
    QTest.keyClicks(_where(window), text)
    settle()


def _where(window: QWidget) -> QWidget:
    return QApplication.focusWidget() or window.focusWidget() or window
