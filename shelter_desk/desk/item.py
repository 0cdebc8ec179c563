"""One checklist item of a stay or of the house: how it stands, and who has signed its answer."""

from __future__ import annotations

from typing import NamedTuple

from sqlalchemy import bindparam, select

from shelter_desk.desk.base import Read, asks
from shelter_desk.desk.merge_rules import also_written_as
from shelter_desk.desk.plan import ANSWERS, DONE_AT, answer_lines
from shelter_desk.desk.plan_lines import ItemLine
from shelter_desk.desk.rows import find, get
from shelter_desk.domain.content import CLOSING_OUTCOMES
from shelter_desk.domain.errors import NotFoundError, NotPermittedError
from shelter_desk.domain.record_classes import View
from shelter_desk.domain.staff import May
from shelter_desk.store import schema
from shelter_desk.store.sql import Statement

_answer, _due, _signature, _staff = (
    schema.item_answer,
    schema.due_item,
    schema.item_signature,
    schema.staff,
)
_OPEN = Statement(
    select(_due.c.due_at, _due.c.state).where(
        _due.c.stay_id.is_not_distinct_from(bindparam("stay_id")),
        _due.c.item_id == bindparam("item_id"),
        _due.c.occurrence == bindparam("occurrence"),
    )
)
_OF_ITEM = ANSWERS.where(
    _answer.c.stay_id.is_not_distinct_from(bindparam("stay_id")),
    _answer.c.item_id == bindparam("item_id"),
    _answer.c.undone_at.is_(None),
)
_NEWEST_FIRST = (_answer.c.done_at.desc(), _answer.c.id.desc())
_LAST = Statement(_OF_ITEM.order_by(*_NEWEST_FIRST).limit(1))
_WAITING = Statement(
    _OF_ITEM.where(_answer.c.occurrence == bindparam("occurrence"), _answer.c.closed_at.is_(None))
    .order_by(*_NEWEST_FIRST)
    .limit(1)
)
# By the name that its event has in the other record, an occurrence may be another one there.
_WAITING_THERE = Statement(
    _OF_ITEM.where(_answer.c.closed_at.is_(None), _answer.c.outcome.in_(sorted(CLOSING_OUTCOMES)))
    .order_by(*_NEWEST_FIRST)
    .limit(1)
)
_SIGNERS = Statement(
    select(_answer.c.item_id, _staff.c.public_id, _staff.c.name)
    .select_from(_answer)
    .join(_signature, _signature.c.answer_id == _answer.c.id, isouter=True)
    .join(_staff, _staff.c.id == _signature.c.staff_id, isouter=True)
    .where(_answer.c.public_id == bindparam("answer_id"))
    .order_by(_signature.c.id)
)


class Signer(NamedTuple):
    """Somebody who has signed an answer."""

    staff_id: str
    name: str


@asks(May.READ_RECORDS)
def item_line(
    read: Read, *, stay_id: str | None, item_id: str, occurrence: str | None
) -> ItemLine:
    """Return how one occurrence of an item stands. `stay_id` None is the house.

    `last` is the answer that waits for a signature, where one waits; else the newest of the item,
    in whichever of two joined records it stands.

    Raises:
        NotFoundError: when there is no such stay or item.
        NotPermittedError: when the item is closed to the person asking.
    """
    listed = read.house.listed.get(item_id)
    if listed is None:
        raise NotFoundError
    view = read.access.view(item_id)
    if view is View.HIDDEN:
        raise NotPermittedError
    stay = None if stay_id is None else find(read.reader, schema.stay, stay_id)
    key = None if stay is None else stay["id"]
    keys = {"stay_id": key, "item_id": item_id, "occurrence": occurrence}
    due_ms, state = read.reader.row(_OPEN, **keys) or (None, "")
    row = read.reader.row(_WAITING if state == "signature" else _LAST, **keys)
    resident_id = None if stay is None else stay["resident_id"]
    for again in () if key is None else also_written_as(read.reader, key):
        found = read.reader.row(
            _WAITING_THERE if state == "signature" else _LAST, stay_id=again, item_id=item_id
        )
        if found is not None and (row is None or found[DONE_AT] > row[DONE_AT]):
            row, resident_id = found, get(read.reader, schema.stay, again)["resident_id"]
    (last,) = answer_lines(read, resident_id, [row]) if row else (None,)
    was_answered = row is not None and view is not View.CARD
    state = state or ("closed" if was_answered else "not-open")
    shown = occurrence if due_ms is not None else None
    return ItemLine(listed, shown, due_ms, state, last, view)


@asks(May.READ_RECORDS)
def signers(read: Read, *, answer_id: str) -> tuple[Signer, ...]:
    """Return who has signed an answer, in the order they signed.

    Raises:
        NotPermittedError: when the item is closed to the person asking.
    """
    rows = read.reader.rows(_SIGNERS, answer_id=answer_id)
    if rows and not read.access.may_answer(rows[0][0]):
        raise NotPermittedError
    return tuple(Signer(staff_id, name) for _, staff_id, name in rows if staff_id is not None)
