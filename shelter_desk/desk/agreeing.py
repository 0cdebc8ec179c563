"""A colleague agrees at the desk of the person who exports, with their own passphrase."""

from __future__ import annotations

from dataclasses import dataclass, field

from shelter_desk.desk import Desk
from shelter_desk.desk.dual_control import refuse_as_second
from shelter_desk.desk.releasing import AgreeToExport, SecondNeededError, agreed_text, seconds
from shelter_desk.desk.second_person import unlocked_colleague
from shelter_desk.store.keys.identity import Unlocked


@dataclass(frozen=True, slots=True)
class Second:
    """The colleague who agrees, by their public id, and their own passphrase."""

    staff_id: str
    passphrase: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Agreement:
    """A colleague who has typed their passphrase and can sign one export."""

    _unlocked: Unlocked = field(repr=False)

    @property
    def staff_id(self) -> str:
        """Return who agrees, by their public id."""
        return self._unlocked.staff_public_id

    def give(self, desk: Desk, custody_id: str) -> None:
        """Sign the export, and write that down."""
        said = desk.ask(agreed_text, custody_id=custody_id)
        who = self._unlocked.staff_public_id
        desk.do(AgreeToExport(custody_id, who, self._unlocked.sign(said)))


def agreement(desk: Desk, second: Second | None) -> Agreement | None:
    """Return a colleague's agreement, before anything of an export is made or written down.

    None where nobody but the person at the desk can sign in.

    Raises:
        SecondNeededError: when a colleague could agree and none does.
        NotTheirOwnError, NotYourOwnError, TooNewError: when the two are not two people, yet.
        WrongPassphraseError, TooSoonError: not their passphrase, or too early to try again.
    """
    able = {public_id for public_id, _ in desk.ask(seconds)}
    if second is None and not able:
        return None
    if second is None or second.staff_id not in able:
        raise SecondNeededError
    desk.ask(refuse_as_second, staff_id=second.staff_id, now=desk.now())
    unlocked = unlocked_colleague(desk.folder, second.staff_id, second.passphrase, desk.now())
    return Agreement(unlocked)
