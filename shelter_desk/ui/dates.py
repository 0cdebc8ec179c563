"""Days and times as people type and read them. The month is always shown as a word.

`read_day("12 mar", today=...)`, `read_time("0210")`, `show_day(day)` -> "12 Mar 2026".
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from PySide6.QtCore import QCoreApplication, QLocale

_TIME = re.compile(r"^(\d{1,2})(?:[:.h](\d{2}))?\s*([ap])?\.?\s*m?\.?$")
_PACKED = re.compile(r"^(\d{3,4})\s*([ap])?\.?\s*m?\.?$")
_ISO = re.compile(r"^(\d{4})-(\d{1,2})-(\d{1,2})$")
_DAY_MONTH = re.compile(r"^(\d{1,2})\.?\s*(?:de\s+)?([^\W\d_]+)\.?,?\s*(?:de\s+)?(\d{4}|\d{2})?$")
_MONTH_DAY = re.compile(r"^([^\W\d_]+)\.?\s+(\d{1,2})(?:st|nd|rd|th)?,?\s*(\d{4}|\d{2})?$")
_NUMBERS = re.compile(r"^(\d{1,2})[/.\-](\d{1,2})[/.\-](\d{4})$")
_FAR_AHEAD = timedelta(days=183)


def show_day(day: date, *, weekday: bool = False) -> str:
    """Return "12 Mar 2026", or "Thu 12 Mar 2026" with the weekday."""
    months = [QLocale().monthName(n, QLocale.FormatType.ShortFormat) for n in range(1, 13)]
    words = f"{day.day} {months[day.month - 1].rstrip('.')} {day.year}"
    if not weekday:
        return words
    name = QLocale().dayName(day.isoweekday(), QLocale.FormatType.ShortFormat)
    return f"{name.rstrip('.')} {words}"


def show_long_day(day: date) -> str:
    """Return "Thursday, 12 March", as at the top of a page."""
    locale = QLocale()
    return f"{locale.dayName(day.isoweekday())}, {day.day} {locale.monthName(day.month)}"


def show_time(moment: datetime, zone: ZoneInfo) -> str:
    """Return the time of day in the shelter: "2:10 am", or "02:10" where that is usual.

    In the hour that a night has twice it says which: "1:10 am EST".
    """
    local = moment.astimezone(zone)
    which = f" {local.tzname()}" if _comes_twice(local) else ""
    if "ap" in QLocale().timeFormat(QLocale.FormatType.ShortFormat).lower():
        half = _tr("am") if local.hour < 12 else _tr("pm")
        return f"{local.hour % 12 or 12}:{local.minute:02d} {half}{which}"
    return f"{local.hour:02d}:{local.minute:02d}{which}"


def show_moment(moment: datetime, zone: ZoneInfo) -> str:
    """Return day and time in the shelter: "12 Mar 2026, 2:10 am"."""
    return f"{show_day(moment.astimezone(zone).date())}, {show_time(moment, zone)}"


def read_day(text: str, *, today: date, ahead: bool = False) -> date | None:
    """Read what someone typed as a day, or return None when it cannot be one.

    Understands "today", "yest", "tomorrow", weekdays (the last one gone by), "12 mar",
    "march 12", "12 March 2026", "2026-03-12", and numbers only where day and month cannot be
    mixed up ("25/3/2026"). A day without a year is the one nearest to today. With `ahead` it is
    about what is still to come: a weekday is the next one.
    """
    words = " ".join(text.casefold().split())
    if not words:
        return None
    near = _relative(words, today, ahead=ahead)
    if near is not None:
        return near
    if match := _ISO.match(words):
        return _date(int(match[1]), int(match[2]), int(match[3]))
    if match := _DAY_MONTH.match(words) or _MONTH_DAY.match(words):
        day, month = sorted((match[1], match[2]), key=str.isalpha)
        return _named(month, int(day), match[3], today)
    if match := _NUMBERS.match(words):
        return _numbers(int(match[1]), int(match[2]), int(match[3]))
    return None


def names_no_day(text: str) -> bool:
    """Tell whether a month is named that has no such day, as in "31 feb"."""
    words = " ".join(text.casefold().split())
    if match := _DAY_MONTH.match(words) or _MONTH_DAY.match(words):
        return _month(max(match[1], match[2], key=str.isalpha)) is not None
    return _ISO.match(words) is not None


def read_moment(day: date, text: str, zone: ZoneInfo, now: datetime) -> datetime | None:
    """Read a time of day on a day in the shelter; None when it cannot be one.

    In the hour that a night has twice, "1:10 EST" says which; without, it is the last one that
    has been by `now`, else the first.
    """
    words, _, last = text.strip().rpartition(" ")
    noon = datetime.combine(day, time(12), zone)
    names = {(noon + timedelta(hours=at)).tzname() for at in (-24, 0)}
    named = last.upper() if words and last.upper() in names else ""
    clock = read_time(words if named else text)
    if clock is None:
        return None
    first = datetime.combine(day, clock, zone)
    second = first.replace(fold=1)
    if _comes_twice(first) and (named == second.tzname() or (not named and _is_by(second, now))):
        return second
    return first


def _comes_twice(local: datetime) -> bool:
    # In the hour that is left out in spring the order is the other way round.
    first, second = (local.replace(fold=fold).utcoffset() for fold in (0, 1))
    return first is not None and second is not None and first > second


def _is_by(local: datetime, now: datetime) -> bool:
    return local.astimezone(UTC) <= now


def read_time(text: str) -> time | None:
    """Read what someone typed as a time of day: "2:10 am", "2:10a", "0210", "14", "14.30"."""
    words = text.casefold().strip()
    if match := _PACKED.match(words):
        digits = match[1].zfill(4)
        return _clock(int(digits[:2]), int(digits[2:]), match[2] or "")
    if match := _TIME.match(words):
        return _clock(int(match[1]), int(match[2] or 0), match[3] or "")
    return None


def _relative(words: str, today: date, *, ahead: bool) -> date | None:
    for start, days in ((_tr("today"), 0), (_tr("yesterday"), -1), (_tr("tomorrow"), 1)):
        if len(words) >= 3 and start.casefold().startswith(words):
            return today + timedelta(days=days)
    for number in range(1, 8):
        name = QLocale().dayName(number).casefold()
        if len(words) >= 3 and name.startswith(words.rstrip(".")):
            gone = timedelta(days=(today.isoweekday() - number) % 7)
            return today - gone + timedelta(days=7) if ahead else today - gone
    return None


def _named(month: str, day: int, year: str | None, today: date) -> date | None:
    number = _month(month)
    if number is None:
        return None
    if year is not None:
        whole = int(year) if len(year) == 4 else _century(int(year), today)
        return _date(whole, number, day)
    candidates = (_date(today.year + step, number, day) for step in (-1, 0, 1))
    days = [found for found in candidates if found is not None]
    return min(days, key=lambda found: abs(found - today), default=None)


def _century(two_digits: int, today: date) -> int:
    year = today.year - today.year % 100 + two_digits
    return year - 100 if date(year, 1, 1) - today > _FAR_AHEAD * 20 else year


def _month(word: str) -> int | None:
    if len(word) < 3:
        return None
    places = (QLocale(), QLocale(QLocale.Language.English), QLocale(QLocale.Language.Spanish))
    for locale in places:
        for number in range(1, 13):
            if locale.monthName(number).casefold().startswith(word):
                return number
    return None


def _numbers(first: int, second: int, year: int) -> date | None:
    if first > 12:
        return _date(year, second, first)
    if second > 12 or first == second:
        return _date(year, first, second)
    return None  # 3/12 is March to some and December to others: ask for the month as a word


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _clock(hour: int, minute: int, half: str) -> time | None:
    if half and not 1 <= hour <= 12:
        return None
    if half:
        hour = hour % 12 + (12 if half == "p" else 0)
    return time(hour, minute) if hour < 24 and minute < 60 else None


def _tr(text: str) -> str:
    return QCoreApplication.translate("dates", text)
