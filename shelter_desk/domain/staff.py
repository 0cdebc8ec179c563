"""Roles, and what each role may do."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Flag, auto
from functools import cache, reduce
from operator import or_

from shelter_desk.domain.errors import NotPermittedError
from shelter_desk.domain.ids import StaffId


class May(Flag):
    """A permission. Commands and questions name the one they need."""

    READ_RECORDS = auto()
    WRITE_CARE = auto()
    INTAKE = auto()
    READ_AUDIT = auto()
    SUMMARISE = auto()
    EXPORT = auto()
    MANAGE_SHELTER = auto()
    MANAGE_STAFF = auto()


DIRECTOR = "director"
_CARE = May.READ_RECORDS | May.WRITE_CARE
# Role ids are those of resources/content/roles.toml; a test holds the two together.
_ROLE_MAY = {
    "intake-worker": _CARE | May.INTAKE,
    "nurse": _CARE,
    "case-manager": _CARE | May.INTAKE | May.SUMMARISE,
    "clinician": _CARE,
    "education-liaison": _CARE,
    "legal-advocate": _CARE,
    "residential-staff": _CARE | May.INTAKE,
    DIRECTOR: ~May(0),
}
ROLE_IDS = tuple(_ROLE_MAY)
EVERY_ROLE = (DIRECTOR, *(role for role in ROLE_IDS if role != DIRECTOR))
"""Of the first person of a shelter; the first role is the one they act in where none fits."""


@dataclass(frozen=True, slots=True)
class StaffMember:
    """The person signed in. `roles` are ids of roles.toml; one person may hold several."""

    id: StaffId
    public_id: str
    name: str
    roles: tuple[str, ...]

    @property
    def may(self) -> May:
        """Return everything the roles allow together."""
        return may_of(self.roles)

    def require(self, permission: May) -> None:
        """Pass when the roles include `permission`.

        Raises:
            NotPermittedError: when they do not.
        """
        # By number: every question asks, and a Flag takes ten times as long to look into another.
        needed = permission.value
        if _number_of(self.roles) & needed != needed:
            raise NotPermittedError


@cache
def may_of(roles: tuple[str, ...]) -> May:
    """Return everything these roles allow together."""
    return reduce(or_, (_ROLE_MAY[role] for role in roles), May(0))


@cache
def _number_of(roles: tuple[str, ...]) -> int:
    return int(may_of(roles).value)
