"""Dresses the application: fonts, style, palette. `app` and the tests call `install` once."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QSize
from PySide6.QtGui import QFontDatabase
from PySide6.QtWidgets import QApplication, QWidget

from shelter_desk.settings import DeviceSettings
from shelter_desk.ui.binding import keep_constants_alive
from shelter_desk.ui.collecting import Collector
from shelter_desk.ui.icons import Icons
from shelter_desk.ui.in_sight import keep_in_sight
from shelter_desk.ui.scale import rescale
from shelter_desk.ui.theme import Theme

# The frame is known only when the window is on screen; title bars are at most this high.
_TITLE_BAR = 40


def install(
    app: QApplication, resources: Path, settings: DeviceSettings, *, styled: bool = True
) -> Theme:
    """Load fonts, set style and palette on the application, and return its theme.

    Afterwards `Theme.apply(settings)` changes text size and colours in every open window. With
    `styled` False the edges of stock controls are those of the application's style, until
    `wear_style` is called.
    """
    keep_constants_alive()
    Collector(app)
    keep_in_sight(app)
    for font in sorted((resources / "fonts").iterdir()):
        if font.suffix == ".ttf":
            QFontDatabase.addApplicationFont(str(font))
    look = Theme(app, Icons(resources / "icons"))
    Theme.worn = look
    if styled:
        wear_style(app)
    look.apply(settings)
    look.changed.connect(rescale)
    return look


def wear_style(app: QApplication) -> None:
    """Draw stock controls our way, from now on and in every open window."""
    # heavy: a style in Python takes a hundred enumerations of Qt, which no first window needs
    from shelter_desk.ui.style import DeskStyle  # noqa: PLC0415 - start-up time

    app.setStyle(DeskStyle())


def show_fitting(window: QWidget) -> None:
    """Show a window; where it does not fit with its frame, it fills the screen."""
    if is_too_large(window.size(), window.screen().availableSize()):
        window.showMaximized()
    else:
        window.show()


def is_too_large(window: QSize, room: QSize) -> bool:
    """Tell whether a window of this size and its frame are larger than the room on a screen."""
    return window.width() > room.width() or window.height() + _TITLE_BAR > room.height()
