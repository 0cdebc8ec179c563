"""What staff can do and ask. A `Desk` exists only while someone is signed in."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from functools import cache, partial
from pathlib import Path
from typing import NamedTuple, ParamSpec, TypeVar

from shelter_desk.desk import drafts
from shelter_desk.desk.alarm import Alarm, AlarmError
from shelter_desk.desk.audit_log import head_at, size_of, trail_end
from shelter_desk.desk.base import (
    Area,
    Command,
    Done,
    Question,
    Read,
    SignedIn,
    Write,
    milliseconds,
)
from shelter_desk.desk.house import House, house_of
from shelter_desk.desk.keyring_witness import KeyringWitness
from shelter_desk.desk.openings import open_until
from shelter_desk.desk.sealing import Sealer
from shelter_desk.domain.audit import EMPTY_HEAD
from shelter_desk.domain.ids import EventId
from shelter_desk.domain.staff import May, StaffMember
from shelter_desk.domain.trouble import DiskError, OutcomeUnknownError
from shelter_desk.store.backup import CheckedCopy, checked_copy
from shelter_desk.store.checks import Finding, check_file
from shelter_desk.store.database import USUAL_KIB, Reader, Store, Writer
from shelter_desk.store.failures import in_words
from shelter_desk.store.keys.compartments import CompartmentKeys
from shelter_desk.store.keys.identity import Opened
from shelter_desk.store.keys.os_keyring import SOURCE as KEYRING
from shelter_desk.store.reserve import Reserve
from shelter_desk.store.sql import Statement
from shelter_desk.store.witness import Witness, Witnesses, compare

__all__ = ["Area", "CheckedCopy", "Command", "Desk", "Done", "Question"]

_NOTHING: frozenset[str] = frozenset()
P = ParamSpec("P")
T = TypeVar("T")


class _Touches(NamedTuple):
    """The areas a kind of command touches, and whether two that the desk looks at are in it."""

    areas: Area
    shelter: bool
    staff: bool


@cache
def _touches(kind: type[Command]) -> _Touches:
    # Worked out once for each kind: operations on flags are slow, and every save waits for them.
    areas = kind.touches | Area.AUDIT
    return _Touches(areas, Area.SHELTER in areas, Area.STAFF in areas)


class Desk:
    """The signed-in desk. To sign out, close it and let it go.

    Args:
        store: open; the desk closes it.
        who: the person signed in, with the means to sign.
        sealer: opens and seals fields of residents.
        house: the shelter's zone and care model.
        now: tells the moment, in UTC.
    """

    def __init__(
        self,
        store: Store,
        who: SignedIn,
        sealer: Sealer,
        house: House,
        now: Callable[[], datetime],
    ) -> None:
        self.house = house
        self.alarm: Alarm | None = None
        self._alarm_seen: list[Callable[[], None]] = []
        self._openings: tuple[tuple[str, int], ...] | None = None
        self._rekeyed: list[Callable[[bytes], None]] = []
        self.keyring: KeyringWitness | None = None
        self._reserve = Reserve(store.path.parent)
        self._store = store
        self._who = who
        self._sealer = sealer
        self._now = now
        self._statements: dict[tuple[str, str, tuple[str, ...]], Statement] = {}

    @property
    def staff(self) -> StaffMember:
        """Return the person signed in."""
        return self._who.staff

    def now(self) -> datetime:
        """Return the moment, in UTC."""
        return self._now()

    def do(self, command: Command) -> Done:
        """Carry a command out: the change and its audit event, together or not at all.

        Raises:
            NotPermittedError: when the signed-in roles may not do this.
            InvalidError: when the command itself is not acceptable.
            TroubleError: when the disk did not keep it; nothing was changed.
        """
        return self._reserve.with_room(lambda: self._do(command))

    def _do(self, command: Command) -> Done:
        write: Write | None = None
        try:
            with self._store.writing() as writer:
                write, done = self._carry_out(command, writer)
        except OutcomeUnknownError:
            self._sealer.forget_opened()  # pairs that never reached the file may be among them
            # Looking may need the reserve too. Only an entry that is known to be missing may be
            # tried again: one whose fate is unknown could then be there twice.
            if write is None or not self._reserve.with_room(partial(self._arrived, write)):
                raise DiskError from None
        except BaseException:
            self._sealer.forget_opened()
            raise
        if command.answers_alarm:
            self._end_alarm()
        if _touches(type(command)).shelter:
            self.house = self._house_now()
        return done

    def when_alarm_is_seen(self, tell: Callable[[], None]) -> None:
        """Call `tell()` after a director has looked at the alarm: witnesses begin anew."""
        self._alarm_seen.append(tell)

    def newest_witness(self) -> Witness:
        """Return how far the audit trail goes now, to be remembered outside of the store."""
        with self._store.reading() as reader:
            size = size_of(reader)
            head = head_at(reader, size) or EMPTY_HEAD
        return Witness(size, head, self._now(), KEYRING)

    def compare_with(self, witness: Witness) -> None:
        """Raise the alarm, or add to it, when the records contradict one more witness."""
        with self._store.reading() as reader:
            report = compare(
                size_of(reader), lambda seq: head_at(reader, seq), Witnesses((witness,))
            )
        if report.is_alarm:
            before = self.alarm or Alarm(())
            self.alarm = replace(before, sentences=(*before.sentences, *report.sentences()))

    @property
    def keyring_sentence(self) -> str:
        """Return whether the system's keyring is a witness, and if not why not."""
        return "" if self.keyring is None else self.keyring.sentence

    def keep_draft(self, form: str, subject: str, body: str) -> None:
        """Keep what is being typed, for this person on this form only; not part of the record."""
        place = drafts.Place(form, subject)
        self._reserve.with_room(lambda: self._keep_draft(place, body))

    def _keep_draft(self, place: drafts.Place, body: str) -> None:
        with self._surely_writing() as writer:
            drafts.keep(writer, self._author, place, body, self._now())

    def draft(self, form: str, subject: str) -> str | None:
        """Return what this person had typed into this form, or None."""
        with self._store.reading() as reader:
            return drafts.kept(reader, self._author, drafts.Place(form, subject))

    @property
    def _author(self) -> drafts.Author:
        return drafts.Author(self.staff.id, self._sealer)

    def drop_draft(self, form: str, subject: str) -> None:
        """Forget what was typed: it was saved, or given up on purpose."""
        with self._surely_writing() as writer:
            drafts.drop(writer, self.staff.id, drafts.Place(form, subject))

    def do_all(
        self, commands: Iterable[Command], told: Callable[[Command, Done], None] | None = None
    ) -> None:
        """Carry many commands out in one transaction, each with its own audit event.

        For imports and sample stores: a commit costs more than a command. Commands are taken one
        by one, and `told` hears of each before the next is taken, so that a generator may move an
        invented clock along, ask questions, and build on what was done.
        """
        try:
            with self._store.writing() as writer:
                for command in commands:
                    _, done = self._carry_out(command, writer)
                    if told is not None:
                        told(command, done)
        except BaseException:
            self._sealer.forget_opened()
            raise

    def do_together(self, commands: Sequence[Command]) -> tuple[Done, ...]:
        """Carry a few commands out as one: all of them or none, each with its own audit event.

        Raises:
            DeskError: what any of them raises; then nothing was changed.
        """
        return self._reserve.with_room(lambda: self._do_together(commands))

    def _do_together(self, commands: Sequence[Command]) -> tuple[Done, ...]:
        carried: list[tuple[Write, Done]] = []
        try:
            with self._store.writing() as writer:
                for command in commands:
                    carried.append(self._carry_out(command, writer))  # noqa: PERF401 - as they come
        except OutcomeUnknownError:
            self._sealer.forget_opened()
            # The last event is there with all of them, or none is.
            newest = carried[-1][0] if carried else None
            if newest is None or not self._reserve.with_room(partial(self._arrived, newest)):
                raise DiskError from None
        except BaseException:
            self._sealer.forget_opened()
            raise
        return tuple(done for _, done in carried)

    def ask(self, question: Question[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Put a question to the records and return plain values.

        Raises:
            NotPermittedError: when the signed-in roles may not ask this.
        """
        self.staff.require(question.needs)
        with self._store.reading() as reader:
            also = self._opened_for_a_time(reader)
            read = Read(reader, self.staff, self.house, self._sealer, self._who.vault_id, also)
            return question.answer(read, *args, **kwargs)

    def with_reader(self, look: Callable[[Reader], T]) -> T:
        """Return what `look` finds in the records; for what the keys need, never for pages."""
        with self._store.reading() as reader:
            return look(reader)

    def rekey(self, holder: Opened, begin: Callable[[], None] = lambda: None) -> bool:
        """Encrypt the records under the newest key of `holder`; True when that one is in force.

        `begin()` is called when there is room for it, before anything changes.

        Raises:
            DiskFullError: when there is no room to write the records once more.
        """
        self.staff.require(May.MANAGE_STAFF)
        is_new = self._store.rekey(holder.dek, begin)
        if is_new:
            with in_words():
                for tell in self._rekeyed:
                    tell(holder.witness_key)
        return is_new

    def key_in_force(self) -> bytes:
        """Return the key that opens the records now: which of two, after a renewal was cut off."""
        return self._store.key_for_backup()

    def when_rekeyed(self, tell: Callable[[bytes], None]) -> None:
        """Call `tell(witness_key)` after the records were encrypted under another key."""
        self._rekeyed.append(tell)

    def settle(self) -> None:
        """Bring everything into the main file: when idle, before a lock, before a backup."""
        self._store.checkpoint()

    def make_room(self, kibibytes: int = USUAL_KIB) -> None:
        """Let the file have more memory before much is entered, or less for a long reading.

        Keys that were opened go, and are opened again when wanted: of 5,000 residents 14 MB.
        """
        with self._store.reading():  # nobody else is at work with them
            self._sealer.forget_opened()
        self._store.make_room(kibibytes)

    def check_file(self) -> tuple[Finding, ...]:
        """Return what the checks of the file itself say."""
        self.staff.require(May.READ_AUDIT)
        return check_file(self._store)

    @contextmanager
    def copied(self) -> Iterator[CheckedCopy]:
        """Yield a checked copy of the records for a backup; it is gone when the block ends.

        Raises:
            BackupDamagedError: when the copy does not pass its checks.
        """
        self.staff.require(May.MANAGE_SHELTER)
        if self.alarm:
            raise AlarmError
        at, vault_id = milliseconds(self._now()), self._who.vault_id
        with checked_copy(self._store, vault_id, at, partial(trail_end, vault_id)) as copy:
            yield copy

    def beside(self, who: Callable[[Reader], tuple[SignedIn, Sealer]]) -> Desk:
        """Return the desk of a second person at the same open records.

        For a signature beside that of the person signed in. Let it go, and do not close it.
        """
        with self._store.reading() as reader:
            found, sealer = who(reader)
        other = Desk(self._store, found, sealer, self.house, self._now)
        other.alarm = self.alarm
        return other

    @property
    def folder(self) -> Path:
        """Return the folder of the records."""
        return self._store.path.parent

    def lend(self, keys: CompartmentKeys) -> None:
        """Hold compartment keys of a colleague who opened a class to the person at the desk."""
        self._sealer.borrow(keys)

    def sign_export(self, message: bytes) -> bytes:
        """Return the Ed25519 signature of the person signed in over what leaves the building.

        Raises:
            NotPermittedError: when the signed-in roles may not export.
            ValueError: for a message that could pass as an entry of the audit trail.
        """
        self.staff.require(May.EXPORT)
        if message.startswith(self._who.vault_id):
            raise ValueError("an entry of the audit trail is not signed here")
        return self._who.sign(message)

    def close(self) -> None:
        """Lock: close the file and forget the keys."""
        self._store.close()

    @contextmanager
    def _surely_writing(self) -> Iterator[Writer]:
        """Yield a writer for what may be written twice: an unknown end is a failure."""
        try:
            with self._store.writing() as writer:
                yield writer
        except OutcomeUnknownError:
            self._store.reopen()
            raise DiskError from None

    def _end_alarm(self) -> None:
        self.alarm = None
        for tell in self._alarm_seen:
            tell()

    def _house_now(self) -> House:
        with self._store.reading() as reader:
            return house_of(reader, self.house.care_model)

    def _carry_out(self, command: Command, writer: Writer) -> tuple[Write, Done]:
        if self.alarm and not command.answers_alarm:
            raise AlarmError
        self.staff.require(command.needs)
        write = Write(
            writer,
            self._who,
            self._now(),
            self.house,
            self._sealer,
            self._statements,
            self._opened_for_a_time(writer),
        )
        subject = command.apply(write)
        write.record(command.action, subject)
        touches = _touches(type(command))
        if touches.staff:
            self._openings = None  # asked for again, after the commit or the way back
            self._sealer.forget_opened()
        event_id = EventId(write.event_id)
        return write, Done(event_id, subject, touches.areas, write.undo, write.moved_to)

    def _opened_for_a_time(self, reader: Reader) -> frozenset[str]:
        if self._openings == () and not self._sealer.has_borrowed:
            return _NOTHING
        now = milliseconds(self._now())
        if self._openings is None:
            self._openings = open_until(reader, self.staff.id, now)
        if not self._openings and not self._sealer.has_borrowed:
            return _NOTHING
        still = frozenset(name for name, until in self._openings if until > now)
        return self._sealer.open_for_a_time(still)

    def _arrived(self, write: Write) -> bool:
        # The disk failed at the commit. Only the file itself can say whether the event is there.
        self._store.reopen()
        with self._store.reading() as reader:
            return write.is_in(reader)
