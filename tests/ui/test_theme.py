"""Fonts, icons, text size and colours: shipped, licensed, changed while windows are open."""

import re
import sys
from pathlib import Path

import pytest
from PySide6.QtCore import QObject, QSize, Signal
from PySide6.QtGui import QFontDatabase, QFontInfo
from PySide6.QtWidgets import QVBoxLayout, QWidget

from shelter_desk.domain.staff import ROLE_IDS
from shelter_desk.settings import DeviceSettings
from shelter_desk.ui import icons
from shelter_desk.ui.binding import keep_constants_alive
from shelter_desk.ui.icons import Icons, service_icon
from shelter_desk.ui.look import is_too_large, show_fitting
from shelter_desk.ui.scale import fill, fixed, gap
from shelter_desk.ui.theme import Weight, theme
from shelter_desk.ui.tokens import DARK, LIGHT
from shelter_desk.ui.widgets import Button, Label

ROOT = Path(__file__).parents[2]
RESOURCES = ROOT / "resources"


def test_the_four_weights_come_from_the_shipped_files(look):
    assert QFontInfo(look.font(14)).family() == "Inter"
    weights = {QFontDatabase.weight("Inter", style) for style in QFontDatabase.styles("Inter")}
    assert {int(weight) for weight in Weight} <= weights


def test_fonts_and_icons_carry_their_licences():
    assert (
        "SIL OPEN FONT LICENSE" in (RESOURCES / "fonts/LICENSE-Inter-OFL.txt").read_text().upper()
    )
    assert "ISC License" in (RESOURCES / "icons/LICENSE-lucide-ISC.txt").read_text()


def test_every_icon_named_in_the_code_is_shipped():
    shipped = set(Icons(RESOURCES / "icons").names())
    named = set()
    for path in (ROOT / "shelter_desk/ui").rglob("*.py"):
        text = path.read_text("utf-8")
        named |= set(
            re.findall(r'(?:icon=|Icon\(|IconButton\(|pixmap\()\s*"([a-z][a-z0-9-]+)"', text)
        )
        named |= set(re.findall(r'Button\([^"]*"[^"]+"\), "([a-z][a-z0-9-]+)"', text))
    named |= {service_icon(service)[0] for service in icons._SERVICES}
    assert len(named) > 25
    assert named <= shipped, named - shipped


def test_every_service_of_the_care_model_has_an_icon():
    services = {path.stem[3:] for path in (RESOURCES / "content/care_model").glob("*.toml")}
    assert len(services) == 26
    assert services == set(icons._SERVICES)
    assert len(ROLE_IDS) == 8


def test_every_icon_draws_something_in_the_colour_asked_for():
    drawer = Icons(RESOURCES / "icons")
    names = drawer.names()
    assert len(names) > 60
    for name in names:
        image = drawer.pixmap(name, "#FF0000", 24).toImage()
        colours = {
            image.pixelColor(x, y).name()
            for x in range(24)
            for y in range(24)
            if image.pixelColor(x, y).alpha() > 200
        }
        assert colours == {"#ff0000"}, name


def test_light_and_dark_change_open_windows(look, qtbot):
    label, button = Label("Quiet night"), Button("Note")
    qtbot.addWidget(label)
    qtbot.addWidget(button)
    before = button.grab().toImage()
    look.apply(DeviceSettings(colour_scheme="dark"))
    assert look.is_dark
    assert look.tokens is DARK
    assert label.palette().windowText().color().name().upper() == DARK.text
    assert button.grab().toImage() != before


def test_the_text_size_changes_letters_margins_and_sizes_of_open_windows(look, qtbot):
    window, label, space = QWidget(), Label("Quiet night"), gap(10)
    layout = QVBoxLayout(window)
    fill(layout, (label, space), spacing=6, margins=(4, 8, 12, 16))
    fixed(window, height=120)
    qtbot.addWidget(window)
    look.apply(DeviceSettings(text_scale_percent=200, colour_scheme="light"))
    assert label.font().pixelSize() == 28
    assert layout.contentsMargins().bottom() == 32
    assert layout.spacing() == 12
    assert space.width() == 20
    assert window.height() == 240


@pytest.mark.parametrize(("asked", "scale"), [(50, 1.0), (125, 1.25), (400, 2.0)])
def test_the_text_size_stays_between_100_and_200_percent(look, asked, scale):
    look.apply(DeviceSettings(text_scale_percent=asked, colour_scheme="light"))
    assert look.scale == scale


def test_system_colours_follow_the_computer(look):
    look.apply(DeviceSettings())
    assert look.tokens in (LIGHT, DARK)


def test_the_theme_is_asked_for_only_after_it_was_installed(look):
    assert theme() is look


def test_qt_calls_do_not_use_up_none(look, qtbot):
    needed = keep_constants_alive()
    assert needed == (sys.version_info < (3, 12))
    before = sys.getrefcount(None)
    widget = QWidget()
    qtbot.addWidget(widget)
    for _ in range(20_000):
        widget.setObjectName("x")
    assert not needed or sys.getrefcount(None) > max(before - 100_000, 2**40)


class Told(QObject):
    """Says yes or no, as a button that is toggled does."""

    said = Signal(bool)


def test_signals_with_yes_or_no_do_not_use_them_up(look):
    needed = keep_constants_alive()
    before = sys.getrefcount(True), sys.getrefcount(False)
    teller, heard = Told(), []
    teller.said.connect(heard.append)
    for number in range(20_000):
        teller.said.emit(number % 2 == 0)
    assert heard[:2] == [True, False]
    after = sys.getrefcount(True), sys.getrefcount(False)
    for count, former in zip(after, before, strict=True):
        assert not needed or count > max(former - 100_000, 2**40)


def test_a_window_that_is_larger_than_the_screen_fills_it(look, qtbot):
    window = QWidget()
    qtbot.addWidget(window)
    room = window.screen().availableSize()
    window.resize(room)  # its title bar would push the last line off the screen
    show_fitting(window)
    assert window.isMaximized()
    small = QWidget()
    qtbot.addWidget(small)
    small.resize(room.width(), room.height() - 60)
    show_fitting(small)
    assert not small.isMaximized()
    assert is_too_large(QSize(1366, 768), QSize(1366, 768))
    assert not is_too_large(QSize(1366, 768), QSize(1920, 1040))
