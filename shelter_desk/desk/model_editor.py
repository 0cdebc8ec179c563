"""The shelter's own changes of the care model: what they would do, and saving them.

Each save is an edition of its own with a reason; none is overwritten. What is due follows at once.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import ClassVar

from sqlalchemy import bindparam, select

from shelter_desk.desk.base import Area, Command, Read, Write, asks, milliseconds
from shelter_desk.desk.house import Editions
from shelter_desk.desk.upkeep import Upkeep, refresh_stay
from shelter_desk.domain.care_model import CareModel
from shelter_desk.domain.content import Basis, ChecklistItem
from shelter_desk.domain.durations import parse_span
from shelter_desk.domain.errors import InvalidError, Problem, StaleError
from shelter_desk.domain.incidents import ABUSE_ITEM, WRITE_UP_ITEM
from shelter_desk.domain.missing import SERVICE as MISSING_SERVICE
from shelter_desk.domain.overlay import (
    DUE,
    HIDE,
    INTERVAL,
    ITEM,
    OWN,
    ROLE,
    SERVICE,
    TEXT,
    Change,
    Conflict,
    as_text,
    conflicts,
    words_of,
)
from shelter_desk.domain.staff import May
from shelter_desk.store import schema
from shelter_desk.store.schema_model import model_edition
from shelter_desk.store.sql import Statement

LONGEST_TEXT = 160
SHORTEST_REASON = 10
_OPEN_STAYS = Statement(select(schema.stay.c.id).where(schema.stay.c.ended_at.is_(None)))
_KEPT = Statement(
    select(
        schema.due_item.c.item_id,
        schema.due_item.c.occurrence,
        schema.due_item.c.due_at,
    ).where(schema.due_item.c.stay_id.is_not_distinct_from(bindparam("stay_id")))
)
_SHIPPED = Statement(
    select(model_edition.c.id).where(
        model_edition.c.number == 0, model_edition.c.shipped == bindparam("shipped")
    )
)


@dataclass(frozen=True, slots=True)
class Effect:
    """What changes would do to what is due now: how many open, close, and move to another time."""

    opens: int
    closes: int
    moves: int


@dataclass(frozen=True, slots=True)
class Changed:
    """The changes in force, and those that the shipped model has changed too since."""

    edition: int
    changes: tuple[Change, ...]
    conflicts: tuple[Conflict, ...]


@asks(May.MANAGE_SHELTER)
def changed_model(read: Read) -> Changed:
    """Return the shelter's own changes as they stand."""
    model = read.care_model
    shipped = model.services_under(model.profile_id) if model.changes else {}
    return Changed(model.edition, model.changes, conflicts(shipped, model.changes))


@asks(May.MANAGE_SHELTER)
def effect(read: Read, *, changes: tuple[Change, ...]) -> Effect:
    """Return what these changes would do to everything that is due in the house now."""
    model = read.care_model.changed(read.care_model.edition, changes)
    upkeep = Upkeep(read.reader, replace(read.house, care_model=model))
    before: dict[tuple[int | None, str, str], int] = {}
    after: dict[tuple[int | None, str, str], int] = {}
    stays: list[int | None] = [None, *(row[0] for row in read.reader.rows(_OPEN_STAYS))]
    for stay in stays:
        for item_id, occurrence, due_at in read.reader.rows(_KEPT, stay_id=stay):
            before[stay, item_id, occurrence] = due_at
        for row in upkeep.of_stay(stay):
            after[stay, str(row["item_id"]), str(row["occurrence"])] = int(row["due_at"] or 0)
    return Effect(
        opens=len(after.keys() - before.keys()),
        closes=len(before.keys() - after.keys()),
        moves=sum(before[key] != after[key] for key in before.keys() & after.keys()),
    )


def standing_behind(model: CareModel, item: ChecklistItem) -> tuple[Basis, ...]:
    """Return the laws and standards that an item rests on."""
    return tuple(model.basis[key] for key in item.basis if key in model.basis)


def must_stay(item_id: str) -> bool:
    """Say whether a part of the program works with this item, so that it cannot be hidden."""
    service = item_id.rpartition(".")[0]
    return service == MISSING_SERVICE or item_id in (WRITE_UP_ITEM, ABUSE_ITEM)


@dataclass(frozen=True)
class SaveModel(Command):
    """Save the shelter's own changes as a new edition. What is due follows.

    `edition` is the one they were made over. `looked_again` names the safety-critical items that
    are hidden and were looked at a second time.
    """

    action: ClassVar[str] = "model.save"
    needs: ClassVar[May] = May.MANAGE_SHELTER
    touches: ClassVar[Area] = Area.SHELTER | Area.CARE | Area.DUE

    edition: int
    changes: tuple[Change, ...]
    reason: str
    looked_again: tuple[str, ...] = ()

    def apply(self, write: Write) -> str:
        """Add the edition and recompute what is due."""
        before = write.care_model
        if self.edition != before.edition:
            raise StaleError
        self._check(before)
        note_shipped(write)
        number = before.edition + 1
        model = before.changed(number, self.changes)
        _add(write, number, self.changes, words_of(model.services, self.changes), self.reason)
        write.reason = self.reason.strip()
        write.undo = None
        write.house = replace(write.house, care_model=model, editions=Editions())
        refresh_stay(write, None)
        for (stay_id,) in write.writer.rows(_OPEN_STAYS):
            refresh_stay(write, stay_id)
        return model.edition_name

    def _check(self, before: CareModel) -> None:
        problems = [problem for one in self.changes for problem in problems_of(before, one)]
        if len(self.reason.strip()) < SHORTEST_REASON:
            problems.append(Problem("reason", "Write why, in a few words."))
        new = set(self.changes) - set(before.changes)
        problems += [
            Problem("reason", f"Look again: “{item.text}” keeps people safe.")
            for item in _hidden(before, new)
            if item.safety_critical and item.id not in self.looked_again
        ]
        if problems:
            raise InvalidError(tuple(dict.fromkeys(problems)))


@dataclass(frozen=True)
class NoteShipped(Command):
    """Keep the words of a shipped model that is new to these records."""

    action: ClassVar[str] = "model.shipped"
    needs: ClassVar[May] = May.READ_RECORDS
    touches: ClassVar[Area] = Area(0)

    def apply(self, write: Write) -> str:
        """Add the shipped words; what is due follows the new model."""
        note_shipped(write)
        refresh_stay(write, None)
        for (stay_id,) in write.writer.rows(_OPEN_STAYS):
            refresh_stay(write, stay_id)
        return write.care_model.version


@asks(May.READ_RECORDS)
def is_new_model(read: Read) -> bool:
    """Say whether these records were never opened under this shipped model."""
    return read.reader.value(_SHIPPED, shipped=read.care_model.version) is None


def note_shipped(write: Write) -> None:
    """Keep the words of the shipped model, once for each version of it."""
    model = write.care_model
    if write.writer.value(_SHIPPED, shipped=model.version) is None:
        shipped = (item for service in model.shipped.values() for item in service.items)
        _add(write, 0, (), {item.id: item.text for item in shipped}, "")


def problems_of(model: CareModel, change: Change) -> list[Problem]:
    """Return what is wrong with a change, each beside the field it was written in."""
    check = _CHECKS.get(change.kind)
    return check(model, change) if check else []


def _hidden(model: CareModel, changes: Iterable[Change]) -> list[ChecklistItem]:
    hidden = {one.target for one in changes if one.kind == HIDE}
    services = model.services_under(model.profile_id).values()
    return [item for service in services for item in service.items if item.id in hidden]


def _check_hide(_model: CareModel, change: Change) -> list[Problem]:
    problems = []
    if must_stay(change.target):
        words = "A page of this program works with this item. It can be reworded, not hidden."
        problems.append(Problem("hide", words))
    if len(change.reason.strip()) < SHORTEST_REASON:
        problems.append(Problem("reason", "Write why, in a few words."))
    return problems


def _check_text(_model: CareModel, change: Change) -> list[Problem]:
    return _text_problems("text", change.value)


def _check_role(model: CareModel, change: Change) -> list[Problem]:
    known = change.value in model.roles
    return [] if known else [Problem("role", "Choose who does it.")]


def _check_span(_model: CareModel, change: Change) -> list[Problem]:
    return _span_problems(change.kind, change.value, may_be_before=change.was.startswith("-"))


def _check_item(model: CareModel, change: Change) -> list[Problem]:
    told = json.loads(change.value)
    problems = _text_problems("text", str(told.get("text", "")))
    if told.get("role") not in model.roles:
        problems.append(Problem("role", "Choose who does it."))
    if told.get("record_class") not in model.record_classes:
        problems.append(Problem("record_class", "Choose who may read it."))
    problems += _span_problems("due", str(told.get("within", "")))
    if told.get("every"):
        problems += _span_problems("interval", str(told["every"]))
    return problems


def _check_service(model: CareModel, change: Change) -> list[Problem]:
    told = json.loads(change.value)
    problems = _text_problems("name", str(told.get("name", "")))
    if not 0 < len(str(told.get("short_name", ""))) <= _SHORT_NAME:
        problems.append(Problem("short_name", f"Write at most {_SHORT_NAME} characters."))
    phases = set(told.get("phases", ()))
    if not phases or phases - model.phases.keys() or not change.target.startswith(OWN):
        problems.append(Problem("phases", "Choose when it is given."))
    return problems


_SHORT_NAME = 22  # characters that fit the service tiles
_CHECKS: dict[str, Callable[[CareModel, Change], list[Problem]]] = {
    HIDE: _check_hide,
    TEXT: _check_text,
    ROLE: _check_role,
    DUE: _check_span,
    INTERVAL: _check_span,
    ITEM: _check_item,
    SERVICE: _check_service,
}


def _text_problems(field: str, text: str) -> list[Problem]:
    if 0 < len(text.strip()) <= LONGEST_TEXT:
        return []
    return [Problem(field, f"Write what to do, in at most {LONGEST_TEXT} characters.")]


def _span_problems(field: str, value: str, *, may_be_before: bool = False) -> list[Problem]:
    try:
        length = parse_span(value).length.total_seconds()
    except ValueError:
        return [Problem(field, "Enter a number of hours or days.")]
    if length < 0 and not may_be_before:
        return [Problem(field, "This cannot be due before it starts.")]
    if field == INTERVAL and length <= 0:
        return [Problem(field, "Enter how often: at least one minute apart.")]
    return []


def _add(
    write: Write, number: int, changes: Sequence[Change], words: dict[str, str], reason: str
) -> None:
    write.add(
        model_edition,
        number=number,
        shipped=write.care_model.version,
        changes=as_text(changes),
        words=json.dumps(words, ensure_ascii=False, separators=(",", ":")),
        reason=reason.strip(),
        staff_id=write.who.staff.id,
        made_at=milliseconds(write.now),
    )
