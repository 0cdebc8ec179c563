"""What only the search asks for, once they are back: closed by a person, never by itself.

To confirm that somebody is missing, or to settle their bed, can no longer be done after they are
back, and would stay overdue for ever. Most of it is safety-critical, so nothing closes it but a
colleague, with one key and the reason "back safe". What a notice stands for is not among it: that
is answered where the notice is, and telling does not become needless by a return.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from sqlalchemy import bindparam, select

from shelter_desk.desk.base import Area, Command, Write
from shelter_desk.desk.care import AnswerItem, UndoAnswer
from shelter_desk.desk.happenings import about_stay
from shelter_desk.desk.merge_rules import doubled_of
from shelter_desk.desk.missing_rows import refuse
from shelter_desk.desk.rows import RowValues, find, get
from shelter_desk.domain.record_classes import Access
from shelter_desk.domain.staff import May
from shelter_desk.store import schema
from shelter_desk.store.database import Reader
from shelter_desk.store.schema_missing import missing_episode, notice
from shelter_desk.store.sql import Statement

BACK_SAFE = "back-safe"
"""The reason they are closed with, of "item-not-done-reasons"."""
_due = schema.due_item
_STARTED = Statement(
    select(_due.c.item_id)
    .where(_due.c.stay_id == bindparam("stay_id"), _due.c.occurrence == bindparam("occurrence"))
    .order_by(_due.c.due_at, _due.c.item_id)
)
_OWED = Statement(
    select(notice.c.item_id).where(
        notice.c.episode_id == bindparam("episode_id"),
        notice.c.item_id.is_not(None),
        notice.c.told_at.is_(None),
        notice.c.reason.is_(None),
    )
)


@dataclass(frozen=True)
class CloseMoot(Command):
    """Close what the search of an episode asked for and a return made needless."""

    action: ClassVar[str] = "missing.moot"
    needs: ClassVar[May] = May.WRITE_CARE
    touches: ClassVar[Area] = Area.MISSING | Area.CARE | Area.DUE

    episode_id: str

    def apply(self, write: Write) -> str:
        """Answer each with "not applicable"; items of closed classes stay for their readers."""
        row = find(write.writer, missing_episode, self.episode_id)
        about_stay(write, row["stay_id"])
        found = moot_items(write.writer, write.access, row)
        if not found:
            refuse("episode_id", "Nothing of the search waits to be closed.")
        stay = get(write.writer, schema.stay, row["stay_id"])["public_id"]
        made = tuple(
            AnswerItem(stay, item_id, _occurrence(row), "not-applicable", reason=BACK_SAFE).record(
                write, write.care_model.items[item_id]
            )
            for item_id in found
        )
        write.reason = BACK_SAFE
        write.undo = OpenMootAgain(self.episode_id, made)
        return self.episode_id


@dataclass(frozen=True)
class OpenMootAgain(Command):
    """Take back that they were closed."""

    action: ClassVar[str] = "missing.moot-undone"
    needs: ClassVar[May] = May.WRITE_CARE
    touches: ClassVar[Area] = Area.MISSING | Area.CARE | Area.DUE

    episode_id: str
    answers: tuple[str, ...]

    def apply(self, write: Write) -> str:
        """Undo each answer."""
        for answer_id in self.answers:
            UndoAnswer(answer_id).apply(write)
        write.undo = CloseMoot(self.episode_id)
        return self.episode_id


def moot_items(reader: Reader, access: Access, row: RowValues) -> tuple[str, ...]:
    """Return the ids of items that an episode (its row) still asks for and a return made needless.

    Only those the person asking may answer; none before a return is recorded.
    """
    if row["returned_at"] is None or row["withdrawn_at"] is not None:
        return ()
    owed = {item_id for (item_id,) in reader.rows(_OWED, episode_id=row["id"])}
    stay_id = doubled_of(reader, row["stay_id"]) or row["stay_id"]
    started = reader.rows(_STARTED, stay_id=stay_id, occurrence=_occurrence(row))
    return tuple(
        item_id for (item_id,) in started if item_id not in owed and access.may_answer(item_id)
    )


def _occurrence(row: RowValues) -> str:
    return f"event:{row['start_key']}"
