"""What only first set-up needs: time zones, drawn words, how strong a passphrase is, a new kit.

Importing this module loads cryptography; only `door.setting_up` does, so that the way in shows
before.
"""

from __future__ import annotations

from zoneinfo import available_timezones

from shelter_desk.app.clock import today
from shelter_desk.app.drawn_words import new_words
from shelter_desk.store.keys import kit as kits
from shelter_desk.store.keys.policy import strength
from shelter_desk.ui.door_values import Kit, Strength

PASSPHRASE_WORDS = 4
_COMMON_ZONES = (
    "America/New_York",
    "America/Chicago",
    "America/Denver",
    "America/Phoenix",
    "America/Los_Angeles",
    "America/Anchorage",
    "Pacific/Honolulu",
)


class SettingUp:
    """Answers what the pages of first set-up ask."""

    def zones(self) -> tuple[str, ...]:
        """Return the time zones to choose from: the common ones first, then all."""
        return (*_COMMON_ZONES, *sorted(available_timezones() - set(_COMMON_ZONES)))

    def generate_passphrase(self) -> str:
        """Return four random words (51.7 bits)."""
        return new_words(PASSPHRASE_WORDS)

    def strength(self, passphrase: str, names: tuple[str, ...]) -> Strength:
        """Judge a self-chosen passphrase."""
        found = strength(passphrase, names)
        return Strength(found.is_enough, tuple(found.advice))

    def new_kit(self, shelter: str) -> Kit:
        """Return a new recovery kit, not yet used for anything."""
        return Kit(kits.new_kit().code, shelter, today())

    def same_kit(self, kit: Kit, typed: str) -> None:
        """Pass when what was typed is the code of the kit."""
        kits.check_typed(kit.code, typed)
