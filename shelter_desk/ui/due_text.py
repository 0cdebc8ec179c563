"""When something is due, in the few words that fit beside it."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from PySide6.QtCore import QCoreApplication

from shelter_desk.ui.dates import show_day, show_time
from shelter_desk.ui.widgets import Urgency

_HOUR, _DAY = timedelta(hours=1), timedelta(days=1)


def due_text(due_at: datetime, *, now: datetime, zone: ZoneInfo) -> str:
    """Return "overdue by 3 days", "by 3:00 pm", "tomorrow 9:00 am" or "14 Mar 2026"."""
    if due_at < now:
        return _tr("overdue by {0}").format(span_text(now - due_at))
    today, day = now.astimezone(zone).date(), due_at.astimezone(zone).date()
    if day == today:
        return _tr("by {0}").format(show_time(due_at, zone))
    if day == today + _DAY:
        return _tr("tomorrow {0}").format(show_time(due_at, zone))
    return show_day(day)


def urgency(due_at: datetime, *, now: datetime, zone: ZoneInfo) -> Urgency:
    """Return how the words are coloured: late, soon (today) or later."""
    if due_at < now:
        return Urgency.LATE
    same = due_at.astimezone(zone).date() == now.astimezone(zone).date()
    return Urgency.SOON if same else Urgency.LATER


def span_text(span: timedelta) -> str:
    """Return a stretch of time in its largest whole unit: "3 days", "5 h", "20 min"."""
    if span >= _DAY:
        days = span // _DAY
        return _tr("1 day") if days == 1 else _tr("{0} days").format(days)
    if span >= _HOUR:
        return _tr("{0} h").format(span // _HOUR)
    return _tr("{0} min").format(max(span // timedelta(minutes=1), 1))


def _tr(text: str) -> str:
    return QCoreApplication.translate("due", text)
