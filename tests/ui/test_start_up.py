"""The window that asks for the passphrase is painted before the rest of the program is loaded."""

import json
import subprocess
import sys
from importlib import import_module
from typing import ForwardRef

import pytest

from shelter_desk.desk import entry
from shelter_desk.store.keys.kit import new_kit
from shelter_desk.ui import widgets
from tests.conftest import NIGHT, ROOT, Clock

WINDOWS = ROOT / "tests" / "benchmarks" / "windows.py"
LATER = {
    "locale": "a parser of the command line",
    "cryptography": "keys are asked for when somebody has typed",
    "sqlcipher3": "the database",
    "reportlab": "papers",
    "xlsxwriter": "workbooks",
    "highspy": "safe tables",
    "zxcvbn": "only an own passphrase is judged",
    "segno": "only a printed kit has a code",
    "pypdfium2": "printing",
    "keyring": "the keys of the system",
    "zoneinfo": "only the first set-up asks for a time zone",
    "numpy": "nothing here counts so much",
    "PySide6.QtDBus": "who leaves the computer has opened the desk before",
    "PySide6.QtPrintSupport": "printing",
    "PySide6.QtNetwork": "nothing is sent anywhere",
    "shelter_desk.desk": "the rules of the records",
    "shelter_desk.disclosure": "safe tables",
    "shelter_desk.exports": "packs and backups",
    "shelter_desk.reports": "papers",
    "shelter_desk.store.database": "the database",
    "shelter_desk.store.opening": "the database",
    "shelter_desk.domain.care_model": "the rules of care",
    "shelter_desk.app.behind": "what is behind the door",
    "shelter_desk.app.away": "who leaves the computer has opened the desk before",
    "shelter_desk.app.watchdog": "a desk that is open",
    "shelter_desk.app.setting_up": "first set-up",
    "shelter_desk.ui.first_run": "first set-up",
    "shelter_desk.ui.forgot": "a forgotten passphrase",
    "shelter_desk.ui.trouble": "trouble",
    "shelter_desk.ui.pages": "the pages",
    "shelter_desk.ui.main_window": "the pages",
    "shelter_desk.ui.widgets.table": "the pages",
    "shelter_desk.ui.widgets.due_list": "the pages",
    "shelter_desk.ui.widgets.choices": "the pages",
}
MOST_OF_OURS = 55


@pytest.fixture(scope="module")
def loaded(tmp_path_factory, care_model):
    """Start the program on records, and return what was loaded when its window was painted."""
    folder = tmp_path_factory.mktemp("start") / "records"
    founding = entry.Founding(
        "Harbor House", "America/New_York", "Dana", "invented words", new_kit(), beds=("1A",)
    )
    entry.found(folder, founding, care_model, Clock(NIGHT)).close()
    ran = subprocess.run(
        [sys.executable, str(WINDOWS), "modules", str(folder)],
        capture_output=True, text=True, check=True, cwd=ROOT, timeout=60,
    )  # fmt: skip
    return json.loads(ran.stdout)["modules"]


def test_the_unlock_window_is_painted_before_the_heavy_parts_are_loaded(loaded):
    assert "shelter_desk.ui.unlock" in loaded
    early = {part for part in LATER for name in loaded if f"{name}.".startswith(f"{part}.")}
    assert not early


def test_few_modules_stand_between_the_command_and_the_unlock_window(loaded):
    ours = [name for name in loaded if name.split(".")[0] == "shelter_desk"]
    assert 10 < len(ours) <= MOST_OF_OURS, ours


def test_hardly_a_field_is_compiled_on_the_way_to_the_unlock_window(loaded):
    """Of a NamedTuple typing compiles each annotation that is a string: 0.05 ms a field."""
    modules = [import_module(name) for name in loaded if name.startswith("shelter_desk")]
    named = {
        made
        for module in modules
        for made in vars(module).values()
        if isinstance(made, type) and hasattr(made, "_field_defaults")
    }
    compiled = [
        (made.__name__, field)
        for made in named
        for field, kind in made.__annotations__.items()
        if isinstance(kind, ForwardRef)
    ]
    print(f"{len(named)} named tuples, {len(compiled)} fields compiled")
    assert len(named) >= 10
    assert len(compiled) <= 5, compiled


def test_every_widget_of_the_kit_is_there_when_it_is_asked_for():
    for name in widgets.__all__:
        assert getattr(widgets, name).__name__ == name


def test_a_widget_that_does_not_exist_is_refused():
    with pytest.raises(AttributeError, match="Slider"):
        _ = widgets.Slider
