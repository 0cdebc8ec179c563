"""The hands of the tour: pictures, timed steps, and keys pressed where the keyboard is."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from shelter_desk.settings import DeviceSettings
from shelter_desk.ui.shots import grab, settle
from shelter_desk.ui.widgets import Sheet

KEY = Qt.Key


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


def show(window: QWidget) -> None:
    """Show a window as large as the smallest screen there is."""
    window.resize(1366, 768)
    window.show()
    window.activateWindow()
    settle()


def press(
    window: QWidget,
    key: Qt.Key,
    modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier,
) -> None:
    """Press a key where the keyboard is."""
    QTest.keyClick(_where(window), key, modifier)
    settle()


def write(window: QWidget, text: str) -> None:
    """Type where the keyboard is."""
    QTest.keyClicks(_where(window), text)
    settle()


def _where(window: QWidget) -> QWidget:
    return QApplication.focusWidget() or window.focusWidget() or window
