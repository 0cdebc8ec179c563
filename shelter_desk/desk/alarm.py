"""The alarm: the records contradict what somebody outside of them remembers, or themselves.

While it stands, the desk only reads. A director looks at it, says what is behind it, and goes on
with these records, or leaves them as they are and restores a backup into another folder.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from sqlalchemy import bindparam, func, select

from shelter_desk.desk.base import Area, Command, Write
from shelter_desk.domain.errors import DeskError, InvalidError, Problem
from shelter_desk.domain.staff import May
from shelter_desk.store import schema
from shelter_desk.store.database import Reader
from shelter_desk.store.sql import Statement

SEEN = "audit.alarm-seen"
WHOLE_RECORDS = "records"
REASONS: Mapping[str, str] = {
    "backup-restored": "A backup was put in place on purpose",
    "computer-changed": "The records were moved to this computer",
    "disk-failed": "The disk failed or was repaired",
    "unexplained": "Nobody knows why",
}
"""What a director can say is behind it: code -> words."""

_event = schema.audit_event
_SEEN_BREAK = Statement(
    select(func.count()).where(_event.c.object == bindparam("object"), _event.c.action == SEEN)
)


class AlarmError(DeskError):
    """The records do not match what is remembered of them. A director must look at it first."""


@dataclass(frozen=True, slots=True)
class Alarm:
    """What is wrong. `broken_entry` is the first entry of the trail that does not fit, or 0."""

    sentences: tuple[str, ...]
    broken_entry: int = 0

    @property
    def sentence(self) -> str:
        """Return the gravest one."""
        return self.sentences[0]

    @property
    def subject(self) -> str:
        """Return what the alarm is about, as the audit trail names it."""
        return f"entry-{self.broken_entry}" if self.broken_entry else WHOLE_RECORDS


@dataclass(frozen=True)
class SeeAlarm(Command):
    """A director looked at the alarm and goes on with these records. The alarm itself is kept."""

    action: ClassVar[str] = SEEN
    needs: ClassVar[May] = May.MANAGE_SHELTER
    touches: ClassVar[Area] = Area.AUDIT
    answers_alarm: ClassVar[bool] = True

    alarm: Alarm
    reason: str

    def apply(self, write: Write) -> str:
        """Change nothing; the event, with what was wrong, is the record."""
        if self.reason not in REASONS:
            raise InvalidError((Problem("reason", "Choose what is behind it."),))
        write.reason = self.reason
        write.details["alarm"] = {"sentences": list(self.alarm.sentences)}
        return self.alarm.subject


def was_seen(reader: Reader, alarm: Alarm) -> bool:
    """Say whether a director has looked at this broken entry before."""
    return bool(reader.value(_SEEN_BREAK, object=alarm.subject))
