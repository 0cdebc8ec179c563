"""What the way in waits for: the window shows before the desk and its pages are loaded."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from shelter_desk.ui import widgets

ROOT = Path(__file__).parents[2]
LATER = (
    "numpy",
    "reportlab",
    "shelter_desk.app.behind",
    "shelter_desk.desk",
    "shelter_desk.store.keys.word_list",
    "shelter_desk.ui.trouble",
    "shelter_desk.ui.widgets.choices",
    "shelter_desk.ui.widgets.due_list",
    "shelter_desk.ui.widgets.table",
    "sqlalchemy",
    "zxcvbn",
)


def test_the_way_in_waits_neither_for_the_desk_nor_for_its_pages() -> None:
    """In a process of its own, as one start is."""
    script = "import sys, shelter_desk.app.start; print(*sorted(sys.modules))"
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True
    )
    loaded = set(done.stdout.split())
    assert "shelter_desk.ui.unlock" in loaded
    assert not loaded & set(LATER)


def test_every_widget_of_the_kit_is_there_when_it_is_asked_for() -> None:
    for name in widgets.__all__:
        assert getattr(widgets, name).__name__ == name


def test_a_widget_that_does_not_exist_is_refused() -> None:
    with pytest.raises(AttributeError, match="Slider"):
        _ = widgets.Slider  # type: ignore[attr-defined]
