"""The look of the program on an offscreen display, and a fixed moment."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from shelter_desk.settings import DeviceSettings
from shelter_desk.ui.look import install
from shelter_desk.ui.theme import Theme

RESOURCES = Path(__file__).parents[2] / "resources"
NOON = datetime(2026, 3, 12, 17, 0, tzinfo=UTC)


@pytest.fixture
def look(qapp):
    """Return the theme at 100 % in light colours, whatever the test before did to it."""
    return plain_look(qapp)


def plain_look(qapp):
    """Put the look back to 100 % and light colours, and return it."""
    found = Theme.worn or install(qapp, RESOURCES, DeviceSettings())
    plain = DeviceSettings(colour_scheme="light")
    if found.settings != plain:  # every window of every test before hears of a change
        found.apply(plain)
    return found
