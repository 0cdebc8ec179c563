"""What Today shows: the lines of the board in sections, how many are unfolded, and their words."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from PySide6.QtCore import QCoreApplication

from shelter_desk.desk.today import DoneLine, TodayLine
from shelter_desk.domain.care_model import CareModel
from shelter_desk.domain.naming import shortened
from shelter_desk.domain.people import initials
from shelter_desk.domain.staff import DIRECTOR, StaffMember
from shelter_desk.ui.dates import show_time
from shelter_desk.ui.due_text import due_text, urgency
from shelter_desk.ui.icons import service_icon
from shelter_desk.ui.theme import theme
from shelter_desk.ui.tokens import Tone
from shelter_desk.ui.widgets import DueLine, Urgency

MOST_ROWS = 25
_LEAST_ROWS = 3
_MOST_IN_GROUP = 7
_MOST_IN_CARDS = 20
BY_TIME, BY_RESIDENT, BY_SERVICE = "time", "resident", "service"
EVERYONE, MY_ROLE = "everyone", "mine"


def _tr(text: str) -> str:
    return QCoreApplication.translate("today", text)


@dataclass(frozen=True, slots=True)
class Section:
    """Lines that stand together under one head. `key` stays the same from one look to the next."""

    key: str
    title: str
    icon: str
    tone: Tone
    lines: tuple[TodayLine, ...]


def sections(lines: Sequence[TodayLine], order: str) -> tuple[Section, ...]:
    """Return the lines by time, by resident or by service; no section is empty.

    Within a section the order of the board stays: overdue first, then safety-critical, then due.
    """
    heads: dict[str, tuple[str, str, Tone]] = {}
    held: dict[str, list[TodayLine]] = {}
    if order == BY_TIME:
        held = {"overdue": [], "today": [], "next": []}  # in this order, whatever comes first
    for line in lines:
        key, *head = _head(line, order)
        heads[key] = (head[0], head[1], _tone(key, line, order))
        held.setdefault(key, []).append(line)
    return tuple(
        Section(key, *heads[key], lines=tuple(inside)) for key, inside in held.items() if inside
    )


def _head(line: TodayLine, order: str) -> tuple[str, str, str]:
    if order == BY_RESIDENT:
        if line.stay_id is None:
            return "house", _tr("The house"), "house"
        return line.stay_id, shown_name(line.called), "user"
    if order == BY_SERVICE:
        return line.service_id, line.service, service_icon(line.service_id)[0]
    title, icon = {
        "overdue": (_tr("Overdue"), "triangle-alert"),
        "today": (_tr("Due today"), "clock"),
        "next": (_tr("Next"), "calendar-days"),
    }[line.bucket]
    return line.bucket, title, icon


def _tone(key: str, line: TodayLine, order: str) -> Tone:
    if order == BY_SERVICE:
        return service_icon(line.service_id)[1]
    return {"overdue": Tone.DANGER, "today": Tone.WARN}.get(key, Tone.ACCENT)


def is_due(line: TodayLine) -> bool:
    """Say whether it is overdue or due today; what comes next can wait."""
    return line.bucket in ("overdue", "today")


def unfolded(counts: Sequence[int], most: int = MOST_ROWS) -> tuple[int, ...]:
    """Return how many rows of each list are shown, about `most` in all.

    Those above get what they need; every list further down keeps a few rows, so that none
    disappears. What is left out is said as "show n more".
    """
    shown: list[int] = []
    for place, count in enumerate(counts):
        kept_below = sum(min(other, _LEAST_ROWS) for other in counts[place + 1 :])
        room = most - sum(shown) - kept_below
        shown.append(min(count, max(room, _LEAST_ROWS)))
    return tuple(shown)


def rows_of_group(arrivals: int) -> int:
    """Return how many rows of an open group an arrival's card shows, with so many arrivals.

    A first night is 28 items: whoever opens the door needs the next few, not a wall of them.
    """
    return max(_LEAST_ROWS, min(_MOST_IN_GROUP, _MOST_IN_CARDS // max(arrivals, 1)))


def whose_first(staff: StaffMember) -> str:
    """Return whose work somebody sees first: their own role's, where they have just one.

    A director answers for the whole house, and who has several roles works for several.
    """
    return MY_ROLE if len(staff.roles) == 1 and DIRECTOR not in staff.roles else EVERYONE


def shown_name(called: str) -> str:
    """Return a name as it may be seen on this screen: whole, or as initials only."""
    return initials(called) if theme().settings.initials_only and called else called


def shown_text(text: str, names: Iterable[str]) -> str:
    """Return what was written about these people as it may be seen on this screen."""
    return shortened(text, names, initials) if theme().settings.initials_only else text


def due_line(
    line: TodayLine,
    now: datetime,
    zone: ZoneInfo,
    *,
    with_name: bool = True,
    given_to: str = "",
) -> DueLine:
    """Return the row of one open item; `given_to` names the colleague who has it."""
    icon, tone = service_icon(line.service_id)
    given = _tr("given to {0}").format(given_to) if given_to else ""
    return DueLine(
        key=line,
        title=line.text,
        due=due_text(line.due_at, now=now, zone=zone),
        urgency=urgency(line.due_at, now=now, zone=zone),
        who=_who(line) if with_name else "",
        below=" · ".join(part for part in (given, *_below(line)) if part),
        role=line.role_short,
        icon=icon,
        tone=tone,
    )


def done_line(line: DoneLine, care_model: CareModel, zone: ZoneInfo) -> DueLine:
    """Return the row of one answer given today; taking the tick away undoes it."""
    icon, tone = service_icon(line.service_id)
    at = show_time(line.done_at, zone)
    done = line.outcome == "done"
    service = care_model.services.get(line.service_id)
    outcome = "" if done else care_model.label("item-outcomes", line.outcome)
    parts = (service.short_name if service else "", outcome, line.who)
    return DueLine(
        key=line,
        title=line.text,
        due=_tr("done {0}").format(at) if done else at,
        urgency=Urgency.DONE,
        who=shown_name(line.called) if line.stay_id else _tr("The house"),
        below=" · ".join(part for part in parts if part),
        icon=icon,
        tone=tone,
        checked=True,
    )


def _who(line: TodayLine) -> str:
    return shown_name(line.called) if line.stay_id else _tr("The house")


def _below(line: TodayLine) -> tuple[str, ...]:
    state = {
        "blocked": _tr("blocked"),
        "deferred": _tr("deferred"),
        "signature": _tr("waits for a second person"),
    }.get(line.state, "")
    left = _tr("has left") if line.has_left else ""
    return left, line.service, _tr("safety first") if line.safety_critical else "", state
