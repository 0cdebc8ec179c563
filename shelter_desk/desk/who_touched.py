"""Who touched what: the audit trail by kinds of events, or of single records, newest first."""

from __future__ import annotations

from collections.abc import Iterable
from operator import attrgetter

from sqlalchemy import bindparam, select

from shelter_desk.desk.audit_log import EVENTS, AuditLine, audit_line, for_asker
from shelter_desk.desk.audit_words import WORDS
from shelter_desk.desk.base import Read, asks
from shelter_desk.domain.staff import May
from shelter_desk.store import schema, schema_visit
from shelter_desk.store.sql import Row, Statement

_event, _visit, _finding = schema.audit_event, schema_visit.audit_visit, schema_visit.visit_finding
_OF_KIND = Statement(EVENTS.where(_event.c.action == bindparam("action")))
# By the index of objects: the action is compared as a word, which no index knows.
_OF_RECORD = Statement(
    EVENTS.where(
        _event.c.object == bindparam("object"),
        _event.c.action.concat("") == bindparam("action"),
    )
)
_FINDINGS = Statement(
    select(_finding.c.public_id)
    .join(_visit, _visit.c.id == _finding.c.visit_id)
    .where(_visit.c.public_id == bindparam("record"))
)
_ALL = 1 << 62


def actions_of(kinds: Iterable[str]) -> tuple[str, ...]:
    """Return the actions of kinds of events: "visit" is all of visits, "stay.bed" is one act."""
    wanted = frozenset(kinds)
    return tuple(
        action for action in WORDS if action in wanted or action.partition(".")[0] in wanted
    )


@asks(May.READ_AUDIT)
def who_touched(
    read: Read,
    *,
    kinds: tuple[str, ...],
    records: tuple[str, ...] = (),
    limit: int = 100,
    before: int = _ALL,
) -> tuple[AuditLine, ...]:
    """Return the events of these kinds, newest first, at most `limit`, of before event `before`.

    With `records` (public ids) those about these records only, and about what a visit found. The
    reason of an event stays empty where what it was about is closed to the person asking.
    """
    found: dict[int, Row] = {}
    below = (row[0] for one in records for row in read.reader.rows(_FINDINGS, record=one))
    records = (*records, *below)
    for action in actions_of(kinds):
        values = {"action": action, "before": before, "most": limit}
        for record in records:
            rows = read.reader.rows(_OF_RECORD, object=record, **values)
            found.update((row[0], row) for row in rows)
        if not records:
            found.update((row[0], row) for row in read.reader.rows(_OF_KIND, **values))
    newest = sorted(map(audit_line, found.values()), key=attrgetter("seq"), reverse=True)[:limit]
    return tuple(for_asker(read, line) for line in newest)
