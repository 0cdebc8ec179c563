"""Where there is no display, windows are drawn in memory."""

from __future__ import annotations

import os


def draw_in_memory_without_display() -> None:
    """Choose Qt's offscreen platform where nobody could see a window. Call before any window.

    Without it, Qt ends the whole process when it finds no display to open. Windows and macOS name
    no display: what only draws pictures draws them in memory there as well.
    """
    if not (os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")):
        os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
