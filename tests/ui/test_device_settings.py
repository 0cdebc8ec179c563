"""The settings of this computer: kept, forgiving, and never about people."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shelter_desk.app.start import keep_device_settings
from shelter_desk.settings import (
    DeviceSettings,
    read_device_settings,
    write_device_settings,
)
from shelter_desk.ui.theme import theme


@pytest.mark.parametrize(
    "settings",
    [
        DeviceSettings(),
        DeviceSettings(text_scale_percent=200, colour_scheme="dark"),
        DeviceSettings(initials_only=True),
        DeviceSettings(hides_staff=True),
    ],
)
def test_what_was_chosen_is_there_again_and_only_what_differs_is_written(tmp_path, settings):
    file = tmp_path / "config" / "device.json"
    write_device_settings(file, settings)
    assert read_device_settings(file) == settings
    assert [path.name for path in file.parent.iterdir()] == ["device.json"]
    usual = DeviceSettings()
    differing = [n for n in usual._fields if getattr(usual, n) != getattr(settings, n)]
    assert sorted(json.loads(file.read_text())) == sorted(differing)


@given(
    st.binary(max_size=200)
    | st.recursive(st.none() | st.integers() | st.text(), st.lists).map(
        lambda value: json.dumps({"text_scale_percent": value, "colour_scheme": value}).encode()
    )
)
def test_a_damaged_file_keeps_nobody_from_working(tmp_path_factory, content):
    file = tmp_path_factory.mktemp("config") / "device.json"
    file.write_bytes(content)
    found = read_device_settings(file)
    assert found.text_scale_percent in (100, 125, 150, 175, 200)
    assert found.colour_scheme in ("system", "light", "dark", "contrast")


def test_a_missing_file_and_a_folder_that_refuses_are_the_defaults(tmp_path):
    assert read_device_settings(tmp_path / "none.json") == DeviceSettings()
    (tmp_path / "taken").write_text("a file where the folder should be")
    write_device_settings(tmp_path / "taken" / "device.json", DeviceSettings(initials_only=True))
    assert (tmp_path / "taken").read_text() == "a file where the folder should be"


def test_a_change_on_screen_is_written_down_at_once(look, tmp_path):
    file = tmp_path / "device.json"
    keep_device_settings(file)
    theme().step_text_size(25)
    assert read_device_settings(file).text_scale_percent == 125
    theme().step_text_size(-25)
    assert read_device_settings(file).text_scale_percent == 100
