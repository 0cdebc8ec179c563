"""Pictures of windows, for the tour and for looking at what was built."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtWidgets import QApplication, QWidget


def settle(rounds: int = 4) -> None:
    """Let layouts, timers that are due and repaints happen."""
    for _ in range(rounds):
        QApplication.sendPostedEvents()
        QApplication.processEvents()


def grab(widget: QWidget, path: Path) -> Path:
    """Save a picture of a widget as PNG and return where it is.

    Raises:
        OSError: when the picture cannot be written.
    """
    settle()
    path.parent.mkdir(parents=True, exist_ok=True)
    if not widget.grab().save(str(path), "PNG"):
        raise OSError(f"cannot write {path.name}")
    return path
