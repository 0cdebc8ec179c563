"""Words of a time missing from care: calm, whole sentences, times of day of the shelter."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from PySide6.QtCore import QCoreApplication

from shelter_desk.ui.dates import show_day, show_time
from shelter_desk.ui.tokens import Tone

_MINUTE, _SOON, _NEAR = timedelta(minutes=1), timedelta(minutes=30), timedelta(hours=3)


def _tr(text: str) -> str:
    return QCoreApplication.translate("missing", text)


def length(span: timedelta) -> str:
    """Return "12 min", "2 h", "1 h 5 min" or "2 days 3 h"."""
    minutes = int(span.total_seconds() // 60)
    days, hours = minutes // (24 * 60), minutes // 60 % 24
    if days:
        text = _tr("1 day {1} h") if days == 1 else _tr("{0} days {1} h")
        return text.format(days, hours)
    if hours and not minutes % 60:
        return _tr("{0} h").format(hours)
    if hours:
        return _tr("{0} h {1} min").format(hours, minutes % 60)
    return _tr("{0} min").format(minutes)


def clock_time(moment: datetime, at: datetime, zone: ZoneInfo) -> str:
    """Return "8:38 pm" today, "Fri 12 Mar, 8:38 pm" on another day of the same year."""
    day, time = moment.astimezone(zone).date(), show_time(moment, zone)
    today = at.astimezone(zone).date()
    if day == today:
        return time
    words = show_day(day, weekday=True)
    if day.year == today.year:
        words = words.removesuffix(f" {day.year}")
    return f"{words}, {time}"


def due_words(due_at: datetime, at: datetime, zone: ZoneInfo) -> str:
    """Return "by 8:38 pm, in 12 min", without the rest when it is far, or how long overdue."""
    if due_at <= at:
        late = at - due_at
        return _tr("overdue by {0}").format(length(late)) if late >= _MINUTE else _tr("due now")
    by = clock_time(due_at, at, zone)
    if due_at - at > _NEAR:
        return _tr("by {0}").format(by)
    return _tr("by {0}, in {1}").format(by, length(due_at - at))


def due_tone(due_at: datetime, at: datetime) -> Tone:
    """Return the tone of a clock: it is soon, it has passed, or there is time."""
    if due_at <= at:
        return Tone.DANGER
    return Tone.WARN if due_at - at <= _SOON else Tone.NEUTRAL
