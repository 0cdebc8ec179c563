"""The periods that can be reported on, and the way to a folder."""

from __future__ import annotations

import re
from datetime import date

from PySide6.QtWidgets import QFileDialog, QWidget

from shelter_desk.domain.periods import Period
from shelter_desk.ui.printing import documents
from shelter_desk.ui.widgets import DropDown

_SHOWN = 4
_QUARTER = re.compile(r"\b\d{4}-Q[1-4]\b")


def finished_periods(today: date) -> tuple[Period, ...]:
    """Return the last four quarters that are over, then the last four years, newest first."""
    quarter, year = Period.quarter_of(today), Period(today.year)
    found = []
    for start in (quarter, year):
        period = start
        for _ in range(_SHOWN):
            period = period.previous
            found.append(period)
    return tuple(found)


def period_choice(name: str, today: date) -> DropDown:
    """Return a drop-down of the finished periods; its data are the ids, such as "2026-Q1"."""
    choice = DropDown(name)
    choice.setMinimumContentsLength(18)  # "October to December 2026" at any text size
    for period in finished_periods(today):
        choice.addItem(period.label, period.id)
    return choice


def with_periods(words: str) -> str:
    """Return a sentence of the engine with its quarters in words: "January to March 2026"."""
    return _QUARTER.sub(lambda found: Period.parse(found[0]).label, words)


def ask_folder(host: QWidget, title: str) -> str:
    """Let the person choose a folder; "" when they leave it."""
    return QFileDialog.getExistingDirectory(host, title, documents())
