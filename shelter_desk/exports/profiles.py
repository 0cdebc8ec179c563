"""For whom a pack is made: what goes in, on what basis, under which threshold.

Every profile here holds counts only. What rests on residents, a summary or tables about care, is
protected together with everything that left before, and goes into the ledger.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from shelter_desk.desk.counts import NAMED_K, PUBLIC_K
from shelter_desk.domain.errors import InvalidError, Problem


@dataclass(frozen=True, slots=True)
class PackProfile:
    """One kind of pack. `audience` names the summary it carries ("named", "public"), or ""."""

    id: str
    title: str
    purpose: str
    legal_basis: str
    recipient: str
    audience: str
    k: int

    @property
    def has_summary(self) -> bool:
        """Return whether the safe summary goes in, in place of tables about care."""
        return bool(self.audience)


_EVERY = (
    PackProfile(
        "grant-totals",
        "Totals and process evidence for a grant",
        "Grant report",
        "grant-reporting",
        "Funder",
        "named",
        NAMED_K,
    ),
    PackProfile(
        "licensor",
        "Process evidence for the licensor",
        "Licensing review",
        "licensing-statute",
        "Licensor",
        "",
        NAMED_K,
    ),
    PackProfile(
        "accreditor",
        "Process evidence for the accreditor",
        "Accreditation review",
        "accreditation-agreement",
        "Accreditor",
        "",
        NAMED_K,
    ),
    PackProfile(
        "board",
        "Totals and process evidence for the board",
        "Board oversight",
        "board-oversight",
        "Board",
        "public",
        PUBLIC_K,
    ),
)
PROFILES: Mapping[str, PackProfile] = {profile.id: profile for profile in _EVERY}


def profile_named(profile_id: str) -> PackProfile:
    """Return the profile of an id.

    Raises:
        InvalidError: when there is none.
    """
    if profile_id not in PROFILES:
        known = ", ".join(PROFILES)
        raise InvalidError((Problem("profile", f"Choose one of {known}."),))
    return PROFILES[profile_id]
