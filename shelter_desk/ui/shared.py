"""What pages share: the desk, the moment, word of what changed, the way to other pages, Undo.

For page writers, everything a page does to the world goes through here::

    lines = shared.ask(overdue, now=shared.now())          # a question; typed end to end
    done = shared.do(TickItem(...), said=self.tr("Ticked “{0}”").format(text))
    shared.attempt(command, said=..., invalid=self.form.show_problems)   # same, errors told
    shared.refresh_on(Area.DUE, self._refresh, self)       # now, and whenever due items change
    shared.go("resident", stay_id)                         # page module name, subject
    shared.flushing.connect(self.form.flush)               # save drafts: a lock is coming
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime
from enum import Flag
from typing import Any, Concatenate, ParamSpec, Protocol, TypeVar, cast
from zoneinfo import ZoneInfo

from PySide6.QtCore import QObject, Signal

from shelter_desk.domain.errors import DeskError, InvalidError, Problem
from shelter_desk.domain.staff import May, StaffMember
from shelter_desk.ui.dates import show_moment
from shelter_desk.ui.jobs import Jobs

P = ParamSpec("P")
T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)
_UNDO_STEPS = 20


class Done(Protocol):
    """What a command left behind; see `shelter_desk.desk.Done`."""

    @property
    def subject(self) -> str:
        """Return the public id of what was changed."""

    @property
    def touches(self) -> Flag:
        """Return the parts of the records that changed."""

    @property
    def undo(self) -> Any:  # noqa: ANN401 - a command, or None
        """Return the command that takes it back, or None."""


class Question(Protocol[P, T_co]):
    """Something staff can ask; see `shelter_desk.desk.Question`."""

    @property
    def answer(self) -> Callable[Concatenate[Any, P], T_co]:
        """Return the function that answers."""


class OpenDesk(Protocol):
    """The part of `shelter_desk.desk.Desk` that pages use."""

    @property
    def staff(self) -> StaffMember:
        """Return the person signed in."""

    @property
    def alarm(self) -> Any:  # noqa: ANN401 - a shelter_desk.desk.alarm.Alarm, or None
        """Return what is wrong with the records, or None; while it stands the desk only reads."""

    @property
    def keyring_sentence(self) -> str:
        """Return whether the system's keyring is a witness, and if not why not."""

    def now(self) -> datetime:
        """Return the moment, in UTC."""

    def do(self, command: Any, /) -> Any:  # noqa: ANN401 - a command in, a Done out
        """Carry a command out."""

    def do_together(self, commands: Any, /) -> Any:  # noqa: ANN401 - commands in, their Done out
        """Carry a few commands out as one."""

    def ask(self, question: Any, /, *args: Any, **values: Any) -> Any:  # noqa: ANN401 - typed by Shared.ask
        """Put a question."""


class Shared(QObject):
    """Carries commands and questions to the desk, and news from it to the pages."""

    changed = Signal(object)  # Done
    went = Signal(str, str)  # page name, subject
    said = Signal(str, bool)  # a line for the toast, whether Undo goes with it
    told = Signal(object)  # an Exception to put into words
    flushing = Signal()  # forms save what is typed: a lock, a switch of page, the end
    alarmed = Signal()  # the alarm was raised, or answered
    seat_wanted = Signal(str)  # public id of an inspector's seat: it lies over everything
    counted = Signal(str, int)  # page name, number for its badge on the rail

    def __init__(
        self, desk: OpenDesk, jobs: Jobs, zone: ZoneInfo, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self.desk, self.jobs, self.zone = desk, jobs, zone
        self._undo: list[Any] = []

    @property
    def staff(self) -> StaffMember:
        """Return the person signed in."""
        return self.desk.staff

    def may(self, permission: May) -> bool:
        """Tell whether the person signed in may do something; hide what they may not."""
        return permission in self.staff.may

    def now(self) -> datetime:
        """Return the moment, in UTC."""
        return self.desk.now()

    def today(self) -> date:
        """Return the day it is in the shelter."""
        return self.now().astimezone(self.zone).date()

    def ask(self, question: Question[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Put a question to the records and return plain values.

        Raises:
            NotPermittedError: when the signed-in roles may not ask this.
        """
        return cast("T", self.desk.ask(question, *args, **kwargs))

    def do(
        self, command: object, *, said: str = "", written: Callable[[], None] | None = None
    ) -> Done:
        """Carry a command out and tell every page what it touched.

        `said` shows as a toast, with Undo when the command can be taken back.

        Raises:
            DeskError: whatever the desk refuses; nothing was changed.
        """
        done = cast("Done", self.desk.do(command))
        undo = getattr(done, "undo", None)
        if undo is not None:
            self._undo = [*self._undo, undo][-_UNDO_STEPS:]
        if written is not None:
            written()
        self.changed.emit(done)
        said = "  ·  ".join(filter(None, (said, self._moved(done))))
        if said:
            self.said.emit(said, undo is not None)
        return done

    def _moved(self, done: Done) -> str:
        """Return in words which moment was written down in place of another; "" for none."""
        at = getattr(done, "moved_to", None)
        if at is None:
            return ""
        words = self.tr("Written as at {0}: until then the clock of this computer ran ahead")
        return words.format(show_moment(at, self.zone))

    def attempt(
        self,
        command: object,
        *,
        said: str = "",
        invalid: Callable[[tuple[Problem, ...]], None] | None = None,
        written: Callable[[], None] | None = None,
    ) -> Done | None:
        """Do a command; what the desk refuses is told in words and None returned.

        Problems of single answers go to `invalid` (a form's `show_problems`) when it is given.
        `written` is called once it is in the records, before any page hears of it.
        """
        try:
            done = self.do(command, said=said, written=written)
        except InvalidError as error:
            if invalid is None:
                self.told.emit(error)
            else:
                invalid(error.problems)
            return None
        except DeskError as error:
            self.told.emit(error)
            return None
        if invalid is not None:
            invalid(())
        return done

    def attempt_together(self, commands: Sequence[object], *, said: str = "") -> bool:
        """Do a few commands as one; Undo takes all of them back. What is refused is told."""
        try:
            found = cast("tuple[Done, ...]", self.desk.do_together(tuple(commands)))
        except DeskError as error:
            self.told.emit(error)
            return False
        undo = tuple(done.undo for done in reversed(found) if done.undo is not None)
        if undo:
            self._undo = [*self._undo, undo][-_UNDO_STEPS:]
        for done in _of_each_area(found):
            self.changed.emit(done)
        if said:
            self.said.emit(said, bool(undo))
        return True

    def undo(self) -> bool:
        """Take back the last command that can be, by a second command. False: nothing to undo.

        What was done together is taken back together.
        """
        if not self._undo:
            return False
        *self._undo, command = self._undo
        if isinstance(command, tuple):
            return self.attempt_together(command, said=self.tr("Taken back"))
        return self.attempt(command, said=self.tr("Taken back")) is not None

    def toast(self, text: str) -> None:
        """Show a line at the lower edge for some seconds."""
        self.said.emit(text, False)  # noqa: FBT003 - a signal's arguments have no names

    def tell(self, error: Exception) -> None:
        """Put an error into words on screen. Fits `Jobs.run` as its `failed`."""
        self.told.emit(error)

    def go(self, page: str, subject: str = "") -> None:
        """Open a page by its module name, on a subject such as a stay's public id."""
        self.went.emit(page, subject)

    def badge(self, page: str, count: int) -> None:
        """Show a count beside a page's name on the rail; 0 takes it away."""
        self.counted.emit(page, count)

    def refresh_on(self, area: Flag, refresh: Callable[[], None], owner: QObject) -> None:
        """Call `refresh` now and whenever a command touches `area`, while `owner` lives."""
        listener = _Listener(area, refresh, owner)
        self.changed.connect(listener.hear)
        refresh()


def _of_each_area(found: Sequence[Done]) -> list[Done]:
    """Return one of those that touched the same: pages look once, not once for each tick."""
    return list({done.touches: done for done in found}.values())


class _Listener(QObject):
    def __init__(self, area: Flag, refresh: Callable[[], None], owner: QObject) -> None:
        super().__init__(owner)
        self._area, self._refresh = area, refresh

    def hear(self, done: Done) -> None:
        if done.touches & self._area:
            self._refresh()
