"""Everything that can go wrong in a way a person at the desk can act on.

The docstring of an error class is the sentence the person reads.
"""

from typing import NamedTuple


class DeskError(Exception):
    """Something at the desk did not work."""

    def __init__(self, message: str = "") -> None:
        super().__init__(message or " ".join((type(self).__doc__ or "").split()))


class NotPermittedError(DeskError):
    """Your role does not include this action."""


class NotFoundError(DeskError):
    """That record is no longer here."""


class StaleError(DeskError):
    """Someone changed this record after you opened it. Look at it again, then save."""


class ChainBrokenError(DeskError):
    """The audit trail does not match its seal."""

    def __init__(self, message: str = "", seq: int = 0) -> None:
        super().__init__(message)
        self.seq = seq


class Problem(NamedTuple):
    """One thing to correct, tied to the field (or the file) it belongs to."""

    field: str
    message: str


class InvalidError(DeskError):
    """Some answers need another look."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        super().__init__("; ".join(p.message for p in problems))
        self.problems = problems


class ContentError(InvalidError):
    """The care model that came with this program is damaged. Install the program again."""
