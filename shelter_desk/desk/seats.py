"""The inspector's seat: the sample on this screen, read-only, for a time, each look noted.

Whoever sits there has no keys and no account: they see through the desk of the director who opened
the seat, and `SeatedDesk` answers nothing but what a seat may see. Some record classes stay closed
whatever the director reads.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar

from shelter_desk.desk.base import Area, Command, Question, Write
from shelter_desk.desk.seat_draws import stays_drawn
from shelter_desk.desk.seat_records import (
    open_seat,
    refuse_unseated,
    seat_facts,
    seat_record,
    seat_stays,
)
from shelter_desk.desk.seats_left import close_seat
from shelter_desk.domain.errors import InvalidError, NotPermittedError, Problem
from shelter_desk.domain.staff import May, StaffMember
from shelter_desk.store.schema_visit import seat as _seat
from shelter_desk.store.schema_visit import seat_stay as _seat_stay

MINUTES = (30, 60, 120, 240)
_MINUTE_MS = 60_000
_LONGEST = {"visitor": 80, "authority": 200}


@dataclass(frozen=True)
class OpenSeat(Command):
    """Let somebody from outside look at what their dice drew, on this screen, for a time.

    `draw_id` is the public id of the draw. All of it is shown and nothing beside it: who could
    leave a record out, or put one in, could hide a bad one, and the dice would prove nothing.
    """

    action: ClassVar[str] = "seat.open"
    needs: ClassVar[May] = May.EXPORT
    touches: ClassVar[Area] = Area.CUSTODY

    visitor: str
    authority: str
    draw_id: str
    minutes: int

    def apply(self, write: Write) -> str:
        """Insert the seat and the records that were drawn.

        Raises:
            InvalidError: an answer is missing, or there is nothing to look at in such a draw.
        """
        self._check()
        draw, stays = stays_drawn(write, self.draw_id)
        public_id = write.new_public_id()
        seat_id = write.add(
            _seat,
            public_id=public_id,
            visitor=self.visitor.strip(),
            authority=self.authority.strip(),
            opened_at=write.now_ms,
            until_at=write.now_ms + self.minutes * _MINUTE_MS,
            staff_id=write.who.staff.id,
            draw_id=draw["id"],
        )
        for stay_id in stays:
            write.add(_seat_stay, seat_id=seat_id, stay_id=stay_id)
        write.reason = f"{len(stays)}:{self.minutes}:{self.draw_id}"
        return public_id

    def _check(self) -> None:
        problems = [
            Problem(name, f"Write 1 to {most} characters.")
            for name, most in _LONGEST.items()
            if not 0 < len(getattr(self, name).strip()) <= most
        ]
        if self.minutes not in MINUTES:
            problems.append(Problem("minutes", "Choose for how long."))
        if problems:
            raise InvalidError(tuple(problems))


@dataclass(frozen=True)
class LookFromSeat(Command):
    """Somebody at the seat opens a record: written down before anything of it is shown."""

    action: ClassVar[str] = "seat.look"
    needs: ClassVar[May] = May.EXPORT
    touches: ClassVar[Area] = Area.AUDIT

    seat_id: str
    stay_id: str

    def apply(self, write: Write) -> str:
        """Change nothing; the event is the record, and stands in the resident's own trail."""
        seat = open_seat(write.writer, self.seat_id, write.now)
        refuse_unseated(write.writer, seat, self.stay_id)
        write.reason = self.seat_id
        return self.stay_id


@dataclass(frozen=True)
class CloseSeat(Command):
    """The looking is over."""

    action: ClassVar[str] = "seat.close"
    needs: ClassVar[May] = May.EXPORT
    touches: ClassVar[Area] = Area.CUSTODY

    seat_id: str

    def apply(self, write: Write) -> str:
        """Close it; once is enough."""
        return close_seat(write, self.seat_id)


class SeatedDesk:
    """The desk as the seat sees it: what is about this one seat, and nothing else."""

    alarm = None
    keyring_sentence = ""

    def __init__(self, desk: Any, seat_id: str) -> None:  # noqa: ANN401 - any open desk
        self._desk, self._seat_id = desk, seat_id

    @property
    def staff(self) -> StaffMember:
        """Return the person who opened the seat."""
        found: StaffMember = self._desk.staff
        return found

    def now(self) -> datetime:
        """Return the moment, in UTC."""
        found: datetime = self._desk.now()
        return found

    def do(self, command: Command, /) -> Any:  # noqa: ANN401 - as any desk
        """Carry out a look at a record of this seat, or close it.

        Raises:
            NotPermittedError: for everything else.
        """
        if not isinstance(command, (LookFromSeat, CloseSeat)) or command.seat_id != self._seat_id:
            raise NotPermittedError
        return self._desk.do(command)

    def do_together(self, commands: Any, /) -> Any:  # noqa: ANN401 - as any desk
        """Refuse: nothing is done together from the seat.

        Raises:
            NotPermittedError: always.
        """
        raise NotPermittedError

    def ask(self, question: Question[..., Any], /, *args: Any, **values: Any) -> Any:  # noqa: ANN401 - as any desk
        """Answer what is asked about this seat, as it is now: nobody names another moment.

        Raises:
            NotPermittedError: for everything else.
        """
        if question not in _ANSWERED or args or values.get("seat_id") != self._seat_id:
            raise NotPermittedError
        return self._desk.ask(question, **(values | {"now": self.now()}))


_ANSWERED = (seat_facts, seat_stays, seat_record)
