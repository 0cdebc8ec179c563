"""Which pack of its reader one is: an old pack is whole and signed, and tells itself by this.

No check of a pack alone can refuse an old one in the place of a newer. `former_log` is for
readers who still have something of the one before.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from shelter_desk.reports.wording import plain_date


@dataclass(frozen=True, slots=True)
class FormerPack:
    """The pack that the same reader got before: its number, its day, SHA-256 (hex) of the file."""

    export_id: str
    made_on: date
    sha256: str


@dataclass(frozen=True, slots=True)
class Series:
    """Which pack of this reader it is, from 1, and the one before it."""

    number: int = 1
    former: FormerPack | None = None

    @property
    def label(self) -> str:
        """Return it as printed on the cover sheet."""
        if self.former is None:
            return "The first"
        former = self.former
        return f"Number {self.number:,}, after {former.export_id} of {plain_date(former.made_on)}"


FIRST = Series()
"""The first pack of a reader."""


def told(series: Series, made_on: date) -> str:
    """Return what a pack says of its place among those of its reader."""
    if series.former is None:
        return (
            f"This is the first pack for this reader, made on {made_on.isoformat()}. If you were "
            "given a later one, this is an old one."
        )
    return (
        f"This is pack {series.number:,} for this reader, made on {made_on.isoformat()}; the one "
        f"before it was {series.former.export_id} of {series.former.made_on.isoformat()}. If you "
        "were given a later one, this is an old one."
    )
