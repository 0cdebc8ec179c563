"""Words of the shift log: whom a line is about, what it says, what became of it."""

from __future__ import annotations

from collections.abc import Iterable
from zoneinfo import ZoneInfo

from PySide6.QtCore import QCoreApplication

from shelter_desk.desk.shift_lines import CHIPS
from shelter_desk.desk.shift_log import ShiftLine
from shelter_desk.domain.care_model import CareModel
from shelter_desk.ui.dates import show_moment
from shelter_desk.ui.today_lists import shown_name, shown_text
from shelter_desk.ui.tokens import Tone

LINE = "line:"
"""Before the public id of a line that the page of the shift log shall open."""


def _tr(text: str) -> str:
    return QCoreApplication.translate("shift", text)


def chip_words(codes: Iterable[str], model: CareModel) -> str:
    """Return the everyday words of a line, joined by commas."""
    return ", ".join(model.label(CHIPS, code) for code in codes)


def people_of(line: ShiftLine) -> str:
    """Return whom a line is about."""
    return ", ".join(shown_name(one.called) for one in line.people) or _tr("The house")


def what_of(line: ShiftLine, model: CareModel) -> str:
    """Return what a line says."""
    return ". ".join(part for part in (chip_words(line.chips, model), text_of(line)) if part)


def text_of(line: ShiftLine) -> str:
    """Return the typed words of a line, its names as they may be seen on this screen."""
    return shown_text(line.text, (one.called for one in line.people))


def remark_of(line: ShiftLine, zone: ZoneInfo) -> str:
    """Return what else there is to know about a line."""
    parts = []
    if line.is_late_entry:
        parts.append(_tr("late entry, written {0}").format(show_moment(line.entered_at, zone)))
    if line.former:
        parts.append(_tr("corrected {0}").format(show_moment(line.entered_at, zone)))
    return "  ·  ".join(parts)


def state_of(line: ShiftLine) -> tuple[str, Tone | None]:
    """Return a word for what stands out about a line, and its tone; "" for an everyday one."""
    if line.is_withdrawn:
        return _tr("taken back"), Tone.NEUTRAL
    if line.must_know:
        return _tr("must know"), Tone.WARN
    return "", None
