"""A report that was to stay with its recipient, and becomes public after all.

From then on it is known to everybody: later releases are protected against it (`public_reports`).
What is out already cannot be taken back. So it is weighed first what the two tell together, and
where it cannot be shown that nothing small comes of it, nobody here may agree. What others did,
or the law demands, is written down whatever it tells: to know of it keeps later releases safe.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar

from sqlalchemy import bindparam, select

from shelter_desk.desk.base import Area, Command, Read, Write, asks
from shelter_desk.desk.counts import PUBLIC_K
from shelter_desk.desk.protected_reports import TABLE_ABOUT
from shelter_desk.desk.public_reports import entry_of, is_public
from shelter_desk.desk.rows import find
from shelter_desk.desk.summaries import ledger
from shelter_desk.disclosure import Weighed, weigh_in_worker
from shelter_desk.domain.errors import DeskError, InvalidError, Problem, StaleError
from shelter_desk.domain.report_kinds import AGREED, PUBLICATION_REASONS
from shelter_desk.domain.report_values import report_from
from shelter_desk.domain.staff import May
from shelter_desk.store.schema_reports import report_facts, report_publication, report_release
from shelter_desk.store.sql import Statement

_facts = report_facts
_FACTS = Statement(
    select(_facts.c.public_id, _facts.c.period, _facts.c.content).where(
        _facts.c.release_id == bindparam("release_id")
    )
)


class TellsTooMuchError(DeskError):
    """Beside what is out already, this report may tell of a few. Nobody here can agree to that."""


@dataclass(frozen=True, slots=True)
class PublicationAsked:
    """What weighing takes: the report as known figures, what is out, and the name of its state.

    `small` is how many of its figures are below what the public may be told of.
    """

    release_id: str
    report: Mapping[str, Any] = field(repr=False)
    earlier: tuple[Mapping[str, Any], ...] = field(repr=False)
    newest: str
    small: int = 0


@asks(May.EXPORT)
def publication_asked(read: Read, *, release_id: str) -> PublicationAsked:
    """Return what is needed to weigh whether a report that was handed over may become public.

    Raises:
        InvalidError: it is public already, or nobody knows any more whom it was about.
    """
    row = find(read.reader, report_release, release_id)
    if is_public(read.reader, row["id"]):
        raise InvalidError((Problem("release_id", "This report is public already."),))
    kept = read.reader.row(_FACTS, release_id=row["id"])
    if kept is None:
        words = "Whom it was about was not kept. Hand it over anew, as one that is published."
        raise InvalidError((Problem("release_id", words),))
    known = ledger.answer(read)
    told = report_from(row["content"]).figures().values()
    small = sum(isinstance(value, int) and 0 < value < PUBLIC_K for value in told)
    return PublicationAsked(release_id, entry_of(*kept), known.known, known.newest, small)


def weigh_publication(asked: PublicationAsked) -> Weighed:
    """Say what the report tells once it is public. Touches no records; may take seconds."""
    return weigh_in_worker(asked.report, asked.earlier, TABLE_ABOUT)


@dataclass(frozen=True)
class MakePublic(Command):
    """Write down that a report which was handed over is public from now on.

    `weighed` is what was found out about it, `after` the state of the ledger it was weighed in.
    """

    action: ClassVar[str] = "report.make-public"
    needs: ClassVar[May] = May.EXPORT
    touches: ClassVar[Area] = Area.CUSTODY

    release_id: str
    reason: str
    weighed: Weighed
    after: str

    def apply(self, write: Write) -> str:
        """Insert it.

        Raises:
            StaleError: something else went out since it was weighed.
            TellsTooMuchError: small groups could be worked out, and it is ours to say no.
        """
        read = Read(
            write.writer, write.who.staff, write.house, write.sealer, write.who.vault_id,
            write.also,
        )  # fmt: skip
        if self.reason not in PUBLICATION_REASONS:
            raise InvalidError((Problem("reason", "Choose why it is public."),))
        if publication_asked.answer(read, release_id=self.release_id).newest != self.after:
            raise StaleError("Something else was released meanwhile. Look at it once more.")
        if self.weighed.together and self.reason == AGREED:
            raise TellsTooMuchError
        row = find(write.writer, report_release, self.release_id)
        write.add(
            report_publication,
            release_id=row["id"],
            reason=self.reason,
            made_at=write.now_ms,
            staff_id=write.who.staff.id,
        )
        write.reason = f"{row['report']}:{row['period']}:{self.reason}"
        return self.release_id
