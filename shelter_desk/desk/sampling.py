"""Samples for a reviewer: the list is fixed in the trail, then drawn by the reviewer's dice."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from sqlalchemy import bindparam, func, select

from shelter_desk.desk.base import (
    Area,
    Command,
    Read,
    Write,
    asks,
    moment,
    moment_or_none,
)
from shelter_desk.desk.rows import RowValues, find
from shelter_desk.desk.sample_lists import (
    bounds_of_list,
    column_of,
    method_in,
    places_drawn,
    rows_of,
)
from shelter_desk.domain.audit import CROCKFORD, SALT_BYTES
from shelter_desk.domain.errors import InvalidError, Problem
from shelter_desk.domain.periods import Period
from shelter_desk.domain.sampling import (
    DRAW,
    FIX,
    RECORDS,
    Place,
    drawn_reason,
    fixed_reason,
    in_order,
    key_of,
    method_of,
    plain_seed,
    root_of,
)
from shelter_desk.domain.staff import May
from shelter_desk.store import schema
from shelter_desk.store.schema_missing import incident
from shelter_desk.store.schema_packs import sample_draw, sample_place
from shelter_desk.store.sql import Statement

_stay, _staff = schema.stay, schema.staff
_LABEL_LETTERS = 5
_DICE, _SIDES = 20, 6
_DRAWS = Statement(select(*sample_draw.c).order_by(sample_draw.c.fixed_at.desc()))
_PLACES = Statement(
    select(
        sample_place.c.position,
        func.coalesce(_stay.c.public_id, incident.c.public_id, _staff.c.public_id),
        sample_place.c.label,
        sample_place.c.salt,
        sample_place.c.key_salt,
    )
    .join(_stay, _stay.c.id == sample_place.c.stay_id, isouter=True)
    .join(incident, incident.c.id == sample_place.c.incident_id, isouter=True)
    .join(_staff, _staff.c.id == sample_place.c.staff_id, isouter=True)
    .where(sample_place.c.draw_id == bindparam("draw_id"))
    .order_by(sample_place.c.position)
)


@dataclass(frozen=True, slots=True)
class DrawLine:
    """One list and what became of it. `seed` is "" and `wanted` 0 until it is drawn.

    `fixed_event` and `drawn_event` are numbers of the trail. `until_at` is the moment up to which
    a list went that was fixed while its period still ran, else None.
    """

    draw_id: str
    profile: str
    period: str
    population: int
    root: bytes
    fixed_at: datetime
    fixed_event: int
    seed: str
    wanted: int
    drawn_at: datetime | None
    drawn_event: int
    is_withdrawn: bool
    of_list: str = RECORDS
    until_at: datetime | None = None

    @property
    def method(self) -> str:
        """Return the method it is drawn by; it names the list."""
        return method_of(self.of_list, so_far=self.until_at is not None)


@dataclass(frozen=True, slots=True)
class Sample:
    """A sample that was drawn. `chosen` is place -> (what opens it, public id of its row)."""

    line: DrawLine
    leaves: tuple[bytes, ...]
    chosen: dict[int, tuple[Place, str]]


@dataclass(frozen=True)
class FixSampleList(Command):
    """Fix a list before anybody throws dice: all stays with a day in a period, or another list.

    With `so_far` a period that still runs goes up to now: for an inspector's seat, for no pack.
    """

    action: ClassVar[str] = FIX
    needs: ClassVar[May] = May.EXPORT
    touches: ClassVar[Area] = Area.CUSTODY | Area.AUDIT

    profile: str
    period: str
    of_list: str = RECORDS
    so_far: bool = False

    def apply(self, write: Write) -> str:
        """Insert the list, and its root into the trail.

        Raises:
            InvalidError: there is no such list, nothing on it in this period, or this is not over.
            NotPermittedError: the list is of incidents, and these stay closed to whoever acts.
        """
        period = Period.parse(self.period)
        bounds, until_at = bounds_of_list(write, self.of_list, period, so_far=self.so_far)
        rows = rows_of(write, self.of_list, bounds)
        labels = _labels(len(rows))
        made: dict[bytes, tuple[Place, int, bytes]] = {}
        for label, (key, public_id) in zip(labels, rows, strict=True):
            salt, key_salt = write.who.entropy(SALT_BYTES), write.who.entropy(SALT_BYTES)
            place = Place(label, key_of(public_id, key_salt), salt)
            made[place.leaf] = (place, key, key_salt)
        ordered = in_order(place for place, _, _ in made.values())
        root = root_of(place.leaf for place in ordered)
        public_id = write.new_public_id()
        draw_id = write.add(
            sample_draw,
            public_id=public_id,
            profile=self.profile,
            period=period.id,
            population=len(ordered),
            root=root,
            fixed_at=write.now_ms,
            fixed_event=write.event_id,
            of_list=self.of_list,
            until_at=until_at,
        )
        for position, place in enumerate(ordered, start=1):
            _, key, key_salt = made[place.leaf]
            write.add(
                sample_place,
                draw_id=draw_id,
                position=position,
                label=place.label,
                salt=place.salt,
                key_salt=key_salt,
                **{column_of(self.of_list): key},
            )
        method = method_of(self.of_list, so_far=until_at is not None)
        write.reason = fixed_reason(root, len(ordered), method)
        return public_id


@dataclass(frozen=True)
class DrawSample(Command):
    """Write down what the reviewer's dice showed; the places follow from it."""

    action: ClassVar[str] = DRAW
    needs: ClassVar[May] = May.EXPORT
    touches: ClassVar[Area] = Area.CUSTODY | Area.AUDIT

    draw_id: str
    seed: str
    wanted: int

    def apply(self, write: Write) -> str:
        """Keep the seed with the list, once."""
        row = _open_draw(write, self.draw_id)
        seed = plain_seed(self.seed)
        if not 1 <= self.wanted <= row["population"]:
            most = f"There are {row['population']:,} records. Choose from 1 to all of them."
            raise InvalidError((Problem("wanted", most),))
        write.change(
            sample_draw,
            row,
            seed=seed,
            wanted=self.wanted,
            drawn_at=write.now_ms,
            drawn_event=write.event_id,
        )
        write.reason = drawn_reason(row["root"], seed, self.wanted, method_in(row))
        return self.draw_id


@dataclass(frozen=True)
class WithdrawSampleList(Command):
    """Put a list away that was not drawn; that it was fixed stays in the trail."""

    action: ClassVar[str] = "sample.withdraw"
    needs: ClassVar[May] = May.EXPORT
    touches: ClassVar[Area] = Area.CUSTODY | Area.AUDIT

    draw_id: str

    def apply(self, write: Write) -> str:
        """Close the list."""
        write.change(sample_draw, _open_draw(write, self.draw_id), withdrawn_at=write.now_ms)
        return self.draw_id


@asks(May.EXPORT)
def sample_draws(read: Read) -> tuple[DrawLine, ...]:
    """Return every list that was fixed, newest first."""
    names = sample_draw.c.keys()
    return tuple(_line(dict(zip(names, row, strict=True))) for row in read.reader.rows(_DRAWS))


@asks(May.EXPORT)
def drawn_sample(read: Read, *, draw_id: str) -> Sample:
    """Return a sample that was drawn.

    Raises:
        InvalidError: the dice were not thrown yet.
    """
    row = find(read.reader, sample_draw, draw_id)
    line = _line(row)
    if not line.seed:
        raise InvalidError((Problem("draw_id", "The dice were not thrown yet."),))
    chosen = places_drawn(row)
    leaves, opened = [], {}
    for position, public_id, label, salt, key_salt in read.reader.rows(_PLACES, draw_id=row["id"]):
        place = Place(label, key_of(public_id, bytes(key_salt)), bytes(salt))
        leaves.append(place.leaf)
        if position in chosen:
            opened[position] = (place, public_id)
    return Sample(line, tuple(leaves), opened)


def thrown_dice() -> str:
    """Return a throw of twenty dice, for a reviewer who has none at hand."""
    return " ".join(str(secrets.randbelow(_SIDES) + 1) for _ in range(_DICE))


def _open_draw(write: Write, draw_id: str) -> RowValues:
    row = find(write.writer, sample_draw, draw_id)
    if row["seed"] is not None or row["withdrawn_at"] is not None:
        raise InvalidError((Problem("draw_id", "This list was drawn or withdrawn before."),))
    return row


def _labels(count: int) -> tuple[str, ...]:
    found: set[str] = set()
    while len(found) < count:
        found.add("".join(secrets.choice(CROCKFORD) for _ in range(_LABEL_LETTERS)))
    return tuple(found)


def _line(row: RowValues) -> DrawLine:
    return DrawLine(
        draw_id=row["public_id"],
        profile=row["profile"],
        period=row["period"],
        population=row["population"],
        root=bytes(row["root"]),
        fixed_at=moment(row["fixed_at"]),
        fixed_event=row["fixed_event"],
        seed=row["seed"] or "",
        wanted=row["wanted"] or 0,
        drawn_at=moment_or_none(row["drawn_at"]),
        drawn_event=row["drawn_event"] or 0,
        is_withdrawn=row["withdrawn_at"] is not None,
        of_list=row["of_list"],
        until_at=moment_or_none(row["until_at"]),
    )
