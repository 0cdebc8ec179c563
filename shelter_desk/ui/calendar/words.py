"""Words of an appointment: when, what is not settled yet, and what came of it."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from PySide6.QtCore import QCoreApplication

from shelter_desk.desk.appointments import AppointmentLine
from shelter_desk.ui.dates import show_day, show_time
from shelter_desk.ui.today_lists import shown_name
from shelter_desk.ui.tokens import Tone

WEEK = timedelta(days=7)


def _tr(text: str) -> str:
    return QCoreApplication.translate("calendar", text)


def midnight(day: date, zone: ZoneInfo) -> datetime:
    """Return the moment at which a day of the shelter begins."""
    return datetime.combine(day, time(), zone)


def monday_of(day: date) -> date:
    """Return the first day of the week that a day is in."""
    return day - timedelta(days=day.weekday())


def week_words(first: date, weeks: int = 1) -> str:
    """Return "9 Mar – 15 Mar 2026"."""
    last = first + weeks * WEEK - timedelta(days=1)
    begin = show_day(first)
    if first.year == last.year:
        begin = begin.removesuffix(f" {first.year}")
    return f"{begin} – {show_day(last)}"


def state_words(line: AppointmentLine) -> str:
    """Return "planned", "kept", "missed" or "cancelled" in words."""
    return {
        "planned": _tr("planned"),
        "kept": _tr("kept"),
        "missed": _tr("missed"),
        "cancelled": _tr("cancelled"),
    }.get(line.state, line.state)


def state_tone(line: AppointmentLine) -> Tone:
    """Return the tone of the state. A missed appointment is no fault: it is never red."""
    if line.state == "kept":
        return Tone.OK
    return Tone.WARN if line.state == "missed" else Tone.NEUTRAL


def change_words(what: str) -> str:
    """Return what was done to an appointment, in words."""
    return {
        "planned": _tr("Planned"),
        "moved": _tr("Moved"),
        "changed": _tr("Changed"),
        "kept": _tr("Kept"),
        "missed": _tr("Missed"),
        "cancelled": _tr("Cancelled"),
        "opened": _tr("Planned again"),
    }.get(what, what)


def lacking(line: AppointmentLine) -> list[str]:
    """Return, in words, what somebody still has to settle; empty when all is."""
    words = {
        "left": _tr("they have left the house"),
        "company": _tr("nobody goes along yet"),
        "transport": _tr("no ride yet"),
    }
    found = [words[part] for part in line.lacks]
    if line.clash:
        found.append(_tr("{0} is needed twice then").format(shown_name(line.clash)))
    return found


def who_goes(line: AppointmentLine) -> str:
    """Return who goes along."""
    return line.escort or line.company_name


def where(line: AppointmentLine) -> str:
    """Return where it is, or that the place is not shown to the person asking."""
    if line.place is None:
        return _tr("The place is shown to who goes along")
    return line.place or _tr("no place written down")


def hours(line: AppointmentLine, zone: ZoneInfo) -> str:
    """Return "10:30 am – 11:30 am"; with the day of the end when that is another one."""
    end = show_time(line.ends_at, zone)
    last = line.ends_at.astimezone(zone).date()
    if last != line.starts_at.astimezone(zone).date():
        end = f"{show_day(last, weekday=True)}, {end}"
    return f"{show_time(line.starts_at, zone)} – {end}"


def spoken(line: AppointmentLine, zone: ZoneInfo) -> str:
    """Return the whole of it in one line, for a screen reader."""
    day = show_day(line.starts_at.astimezone(zone).date(), weekday=True)
    parts = (day, hours(line, zone), shown_name(line.called), line.kind_name, state_words(line))
    return ", ".join([*parts, *lacking(line)])
