"""How many residents one member of staff may look after, by day and by night."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from shelter_desk.domain.content import Profile, Setting

AWAKE, ASLEEP = "residents-per-staff-awake", "residents-per-staff-asleep"
WAKING_BEGINS, WAKING_ENDS = "waking-hours-begin", "waking-hours-end"
RATIO_SETTINGS = (AWAKE, ASLEEP, WAKING_BEGINS, WAKING_ENDS)
_HOURS_OF_A_DAY = 24


@dataclass(frozen=True, slots=True)
class Ratio:
    """A rule in force. `where` is the profile that it comes from, `source` what was read there.

    `holds_here`: the profile of the shelter's own state says so, and somebody has read the rule.
    Anything else is a starting point that the shelter checks with its licensor.
    """

    residents: int
    is_awake: bool
    where: str
    source: str
    holds_here: bool

    def needed(self, residents: int) -> int:
        """Return how many staff so many residents need; nobody needs nobody."""
        return -(-residents // self.residents)


def ratio_at(in_force: Sequence[Profile], local: datetime) -> Ratio:
    """Return the rule at a moment on the wall clock of the house.

    `in_force` are the profile of the shelter and those it extends, the one at the bottom first.
    """
    found = {one.id: (profile, one) for profile in in_force for one in profile.settings}
    is_awake = _is_awake(local.hour, found)
    profile, setting = found[AWAKE if is_awake else ASLEEP]
    is_own = profile is in_force[-1] and bool(profile.state)
    return Ratio(
        residents=setting.value,
        is_awake=is_awake,
        where=profile.name,
        source=setting.source,
        holds_here=is_own and setting.verified,
    )


def _is_awake(hour: int, found: Mapping[str, tuple[Profile, Setting]]) -> bool:
    begins, ends = found[WAKING_BEGINS][1].value, found[WAKING_ENDS][1].value
    if begins <= ends:
        return begins <= hour < ends
    return hour >= begins or hour < ends


def problem_of(setting: Setting) -> str:
    """Say what is wrong with a number of the rule; "" when nothing is."""
    if setting.id in (AWAKE, ASLEEP) and setting.value < 1:
        return "one member of staff must be allowed at least one resident"
    if setting.id in (WAKING_BEGINS, WAKING_ENDS) and not 0 <= setting.value < _HOURS_OF_A_DAY:
        return "an hour of the day is from 0 to 23"
    return ""
