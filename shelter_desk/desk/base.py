"""The one way in and the one way out: commands with their Write, questions with their Read."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from enum import Flag, auto
from functools import cached_property
from typing import Any, ClassVar, Concatenate, Generic, ParamSpec, TypeVar

from sqlalchemy import Table, select

from shelter_desk.desk.house import House
from shelter_desk.desk.rows import RowValues
from shelter_desk.desk.sealing import (
    GENERAL,
    Compartment,
    KeyNotHeldError,
    OfHouseDay,
    OfIncident,
    Owner,
    Sealer,
)
from shelter_desk.domain.audit import (
    EMPTY_HEAD,
    SALT_BYTES,
    AuditEvent,
    canonical_json,
    detail_digest,
    leaf_hash,
    message_to_sign,
    next_head,
)
from shelter_desk.domain.care_model import CareModel
from shelter_desk.domain.errors import NotPermittedError, StaleError
from shelter_desk.domain.ids import EventId
from shelter_desk.domain.record_classes import Access
from shelter_desk.domain.staff import May, StaffMember
from shelter_desk.store import schema, schema_keys
from shelter_desk.store.database import Reader, Writer
from shelter_desk.store.sql import Statement, insert_into, update_row

P = ParamSpec("P")
T = TypeVar("T")
Entropy = Callable[[int], bytes]


class Area(Flag):
    """A part of the records that a page may be showing. Commands say which ones they touch."""

    RESIDENTS = auto()
    CARE = auto()
    DUE = auto()
    SERVICE_LOG = auto()
    SHELTER = auto()
    STAFF = auto()
    CUSTODY = auto()
    AUDIT = auto()
    MISSING = auto()
    INCIDENTS = auto()
    CALENDAR = auto()
    SHIFT = auto()


@dataclass(frozen=True)
class SignedIn:
    """Who sits at the desk, and the means that only they have. Never shown, never stored."""

    staff: StaffMember
    session: str
    key_id: int
    vault_id: bytes
    sign: Callable[[bytes], bytes]
    entropy: Entropy


@dataclass(frozen=True, slots=True)
class Done:
    """What a command left behind. `undo` is the command that takes it back, where there is one.

    `moved_to` is the moment that was written down where it could not be the one that was given,
    on a computer whose clock was set back.
    """

    event_id: EventId
    subject: str
    touches: Area
    undo: Command | None = None
    moved_to: datetime | None = None


@dataclass(frozen=True)
class Command(ABC):
    """One thing staff can do. Fields are its data; the class says what it needs and touches."""

    action: ClassVar[str]
    needs: ClassVar[May]
    touches: ClassVar[Area]
    answers_alarm: ClassVar[bool] = False

    @abstractmethod
    def apply(self, write: Write) -> str:
        """Make the change and return the public id of what was changed."""


@dataclass(eq=False)
class Read:
    """What a question is given: a reader that cannot write, who asks, and the care model.

    Not frozen: every question makes one, and that would take five times as long.
    """

    reader: Reader
    staff: StaffMember
    house: House
    sealer: Sealer
    vault_id: bytes
    also: frozenset[str] = frozenset()  # record classes opened to them for a time

    @property
    def care_model(self) -> CareModel:
        """Return the care model under the shelter's jurisdiction profile."""
        return self.house.care_model

    @cached_property
    def access(self) -> Access:
        """Return what the person asking may open."""
        return self.house.access(self.staff.roles, self.also)


@dataclass(frozen=True)
class Question(Generic[P, T]):
    """Something staff can ask, and the permission it takes. Made with `@asks`."""

    needs: May
    answer: Callable[Concatenate[Read, P], T]


def asks(needs: May) -> Callable[[Callable[Concatenate[Read, P], T]], Question[P, T]]:
    """Turn a function of a Read into a Question."""
    return lambda answer: Question(needs, answer)


def milliseconds(moment: datetime) -> int:
    """Return an aware moment as stored: milliseconds since 1970 UTC."""
    return round(moment.timestamp() * 1000)


def moment(stored: int) -> datetime:
    """Return a stored instant as an aware UTC datetime."""
    return datetime.fromtimestamp(stored / 1000, UTC)


def moment_or_none(stored: int | None) -> datetime | None:
    """Return a stored instant that may be missing."""
    return None if stored is None else moment(stored)


_NEWEST = Statement(
    select(schema.audit_event.c.id, schema.audit_event.c.head)
    .order_by(schema.audit_event.c.id.desc())
    .limit(1)
)
_EVENT_COLUMNS = ("id", "text", "salt", "leaf", "head", "key_id", "signature")
_ADD_EVENT = insert_into(schema.audit_event, _EVENT_COLUMNS)
_ADD_DETAIL = insert_into(schema.audit_detail, ("event_id", "resident_id", "salt", "body"))
_ADD_PAIR = insert_into(
    schema_keys.resident_key,
    ("event_id", "resident_id", "compartment", "generation", "public", "sealed"),
)
_ADD_INCIDENT_PAIR = insert_into(
    schema_keys.incident_key,
    ("event_id", "incident_id", "compartment", "generation", "public", "sealed"),
)
_ADD_HOUSE_PAIR = insert_into(
    schema_keys.house_day_key,
    ("event_id", "house_day_id", "compartment", "generation", "public", "sealed"),
)


@dataclass
class Write:
    """An open write transaction. Every row it touches is stamped with its event."""

    writer: Writer
    who: SignedIn
    now: datetime
    house: House
    sealer: Sealer
    statements: dict[tuple[str, str, tuple[str, ...]], Statement]
    also: frozenset[str] = frozenset()
    event_id: int = 0
    head: bytes = EMPTY_HEAD
    resident_id: int | None = None
    reason: str = ""
    undo: Command | None = None
    moved_to: datetime | None = None
    details: dict[str, dict[str, Any]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        # The transaction is already exclusive, so the next number is ours.
        writer = self.writer
        newest = writer.head or writer.known or writer.row(_NEWEST)
        self.event_id, self.head = (newest[0] + 1, newest[1]) if newest else (1, EMPTY_HEAD)

    @property
    def care_model(self) -> CareModel:
        """Return the care model under the shelter's jurisdiction profile."""
        return self.house.care_model

    @property
    def access(self) -> Access:
        """Return what the acting person may open."""
        return self.house.access(self.who.staff.roles, self.also)

    @cached_property
    def now_ms(self) -> int:
        """Return the moment of the command as stored."""
        return milliseconds(self.now)

    @property
    def today(self) -> date:
        """Return the day of the command on the shelter's calendar."""
        return self.now.astimezone(self.house.zone).date()

    def new_public_id(self) -> str:
        """Return a random id of 80 bits that says nothing about what it names."""
        return self.who.entropy(10).hex()

    def add(self, table: Table, **values: Any) -> int:  # noqa: ANN401 - column values
        """Insert a recorded row, note its values for the audit detail, and return its key.

        A public id is made when the table has one and none is given.
        """
        if "public_id" not in values and "public_id" in table.c:
            values["public_id"] = self.new_public_id()
        values["event_id"] = self.event_id
        columns = tuple(values)
        row_id = self.writer.run(self._statement("add", table, columns), **values)
        self.details[f"{table.name}:{row_id}"] = values
        return row_id

    def change(self, table: Table, row: RowValues, **values: Any) -> None:  # noqa: ANN401 - SQL
        """Update a recorded row and note both old and new values. No change is no update.

        Raises:
            StaleError: when the row is newer than the one that was read.
        """
        changed = {name: value for name, value in values.items() if row[name] != value}
        if not changed:
            return
        columns = (*changed, "event_id")
        new = {f"new_{name}": value for name, value in changed.items()}
        touched = self.writer.change(
            self._statement("change", table, columns),
            row_id=row["id"],
            row_version=row["version"],
            new_event_id=self.event_id,
            **new,
        )
        if touched != 1:
            raise StaleError
        row["version"] += 1
        self.details.setdefault(f"{table.name}:{row['id']}", {}).update(
            {name: [row[name], value] for name, value in changed.items()}
        )
        row.update(changed)

    def about(self, resident_id: int) -> None:
        """Say which resident the event is about; its details are sealed under their key."""
        self.resident_id = resident_id

    def seal(
        self,
        place: str,
        text: str,
        compartment: Compartment = GENERAL,
        owner: Owner | None = None,
    ) -> bytes:
        """Return `text` sealed for one place ("table:public id:column") of the resident at hand.

        `owner`: of another resident, or of an incident.

        Whoever writes need not read the compartment.

        Raises:
            KeyNotHeldError: when the resident's keys were destroyed.
        """
        whose = self.resident_id if owner is None else owner
        if whose is None:
            raise KeyNotHeldError
        pair = self.sealer.pair_of(self.writer, whose, compartment, self.keep_pair)
        return self.sealer.seal(pair, place, text)

    def keep_pair(self, owner: Owner, **values: Any) -> None:  # noqa: ANN401 - column values
        """Insert a pair of a resident, an incident or a day of the house.

        No detail names it: details outlive keys.
        """
        if isinstance(owner, OfIncident):
            values["incident_id"], statement = owner.id, _ADD_INCIDENT_PAIR
        elif isinstance(owner, OfHouseDay):
            values["house_day_id"], statement = owner.id, _ADD_HOUSE_PAIR
        else:
            values["resident_id"], statement = owner, _ADD_PAIR
        self.writer.run(statement, event_id=self.event_id, **values)

    def staff_may_open(self, record_class: str) -> None:
        """Pass when a role of the acting person reads this record class.

        Raises:
            NotPermittedError: when none does.
        """
        if not self.access.may_open(record_class):
            raise NotPermittedError

    def record(self, action: str, subject: str) -> None:
        """Write the audit event and its detail; the last act of the transaction."""
        detail = self._add_detail() if self.details else b""
        event = AuditEvent(
            seq=self.event_id,
            utc_ms=self.now_ms,
            actor=self.who.staff.public_id,
            session=self.who.session,
            action=action,
            object=subject,
            fields=tuple(sorted(set[str]().union(*self.details.values()))),
            reason=self.reason,
            detail=detail.hex(),
        )
        text = event.text()
        salt = self.who.entropy(SALT_BYTES)
        leaf = leaf_hash(salt, text)
        head = next_head(self.head, leaf)
        self.writer.run(
            _ADD_EVENT,
            id=self.event_id,
            text=text,
            salt=salt,
            leaf=leaf,
            head=head,
            key_id=self.who.key_id,
            signature=self.who.sign(message_to_sign(self.who.vault_id, self.event_id, head)),
        )
        self.writer.head = (self.event_id, head)

    def is_in(self, reader: Reader) -> bool:
        """Say whether this very event reached the file; asked after a failed commit."""
        newest = reader.row(_NEWEST)
        return newest is not None and self.writer.head == (newest[0], newest[1])

    def _add_detail(self) -> bytes:
        salt, body = self.who.entropy(SALT_BYTES), self._detail_body()
        self.writer.run(
            _ADD_DETAIL,
            event_id=self.event_id,
            resident_id=self.resident_id,
            salt=salt,
            body=body,
        )
        return detail_digest(salt, body)

    def _detail_body(self) -> bytes:
        body = canonical_json(self.details)
        if self.resident_id is None:
            return body.encode()
        return self.seal(f"audit_detail:{self.event_id}:body", body)

    def _statement(self, kind: str, table: Table, columns: tuple[str, ...]) -> Statement:
        key = (kind, table.name, columns)
        if key not in self.statements:
            make = insert_into if kind == "add" else update_row
            self.statements[key] = make(table, columns)
        return self.statements[key]
