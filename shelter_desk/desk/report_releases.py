"""Handing a report over to somebody by name: a director does it, on a basis, and it is frozen.

Exact figures are written down as known to that recipient alone (decision 21). What the recipient
will publish is marked, because from then on everybody can know it: see `public_reports`.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import ClassVar

from sqlalchemy import bindparam, func, select

from shelter_desk.desk.base import Area, Command, Read, Write
from shelter_desk.desk.counted import is_over
from shelter_desk.desk.public_reports import keep_told
from shelter_desk.desk.reporting import counted_report, exact_kind, newest_of
from shelter_desk.domain.errors import InvalidError, Problem, StaleError
from shelter_desk.domain.periods import Period
from shelter_desk.domain.report_kinds import ReportKind
from shelter_desk.domain.report_values import Report, changes, report_text
from shelter_desk.domain.staff import May
from shelter_desk.store.schema_reports import report_release
from shelter_desk.store.sql import Statement

LONGEST = 200
_COUNT = Statement(
    select(func.count(), func.max(report_release.c.id)).where(
        report_release.c.report == bindparam("report"),
        report_release.c.period == bindparam("period"),
        report_release.c.recipient == bindparam("recipient"),
    )
)


@dataclass(frozen=True, slots=True)
class ToWhom:
    """Who is told, why they may be, and whether they will publish it. Names no resident."""

    recipient: str
    basis: str = ""
    reason: str = ""
    goes_public: bool = False


def seen_digest(report: Report) -> str:
    """Return what says which figures somebody saw before they handed them over."""
    return hashlib.sha256(report_text(report).encode()).hexdigest()


@dataclass(frozen=True)
class HandOver(Command):
    """Hand exact counts over. `seen` is the digest of the report that was looked at before.

    What the recipient was told before stays as it is; once the records were corrected, a further
    handing over is an amendment and says why.
    """

    action: ClassVar[str] = "report.hand-over"
    needs: ClassVar[May] = May.EXPORT
    touches: ClassVar[Area] = Area.CUSTODY

    report_id: str
    period: str
    to: ToWhom
    seen: str

    def apply(self, write: Write) -> str:
        """Count once more within the act, and write down what is handed over.

        Raises:
            StaleError: the counts are not those that were looked at.
            InvalidError: the period is not over, something is missing, or nothing has changed.
        """
        period = Period.parse(self.period)
        kind = exact_kind(self.report_id, period)
        read = _reading(write)
        _refuse(_problems(kind, self.to, over=is_over(read, period, write.now)))
        report = counted_report(read, kind.id, period).shown()
        if seen_digest(report) != self.seen:
            raise StaleError("The records have changed since. Look at the report again.")
        before = newest_of(read, kind.id, period.id, self.to.recipient.strip())
        if before is not None:
            _refuse(_amendment_problems(report, before.report, self.to))
        public_id, row_id = _add(write, kind, period, self.to, content=report_text(report))
        # Kept of every one: a report that is not published now may be one day.
        keep_told(write, read, kind.id, period, row_id)
        return public_id


def _add(
    write: Write,
    kind: ReportKind,
    period: Period,
    to: ToWhom,
    *,
    content: str,
) -> tuple[str, int]:
    about = {"report": kind.id, "period": period.id, "recipient": to.recipient.strip()}
    number, last = write.writer.row(_COUNT, **about) or (0, None)
    public_id = write.new_public_id()
    row_id = write.add(
        report_release,
        public_id=public_id,
        basis=to.basis,
        number=number + 1,
        amends_id=last,
        reason=to.reason.strip(),
        content=content,
        goes_public=int(to.goes_public),
        staff_id=write.who.staff.id,
        made_at=write.now_ms,
        **about,
    )
    write.reason = f"{kind.id}:{period.id}:{number + 1}"
    return public_id, row_id


def _reading(write: Write) -> Read:
    """Return what a question is given, inside of this very act."""
    return Read(
        write.writer, write.who.staff, write.house, write.sealer, write.who.vault_id, write.also
    )


def _problems(kind: ReportKind, to: ToWhom, *, over: bool) -> list[Problem]:
    found = []
    if not 0 < len(to.recipient.strip()) <= LONGEST:
        found.append(Problem("recipient", "Say who it is for, in 1 to 200 characters."))
    if kind.bases and to.basis not in {basis.code for basis in kind.bases}:
        found.append(Problem("basis", "Choose why they may be told."))
    if len(to.reason.strip()) > LONGEST:
        found.append(Problem("reason", "Write 200 characters at most."))
    if not over:
        found.append(Problem("period", "This period is not over yet."))
    return found


def _amendment_problems(report: Report, before: Report, to: ToWhom) -> list[Problem]:
    if not changes(report, before):
        words = "They were told these very figures before. Make the files of that again."
        return [Problem("recipient", words)]
    if not to.reason.strip():
        return [Problem("reason", "Say why the figures are amended.")]
    return []


def _refuse(problems: list[Problem]) -> None:
    if problems:
        raise InvalidError(tuple(problems))
