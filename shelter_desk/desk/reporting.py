"""Reports of exact counts, as questions: the report, what was told before, what is behind it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from sqlalchemy import bindparam, select

from shelter_desk.desk.base import Area, Command, Read, Write, asks, moment, moment_or_none
from shelter_desk.desk.counted import Counted
from shelter_desk.desk.report_behind import Behind, behind
from shelter_desk.desk.report_licensing import licensing
from shelter_desk.desk.report_rhy import rhy
from shelter_desk.desk.report_voca import voca
from shelter_desk.desk.rows import find
from shelter_desk.domain.errors import InvalidError, NotFoundError, Problem
from shelter_desk.domain.periods import Period
from shelter_desk.domain.report_kinds import ReportKind, report_named
from shelter_desk.domain.report_values import Report, report_from
from shelter_desk.domain.staff import May
from shelter_desk.store import schema
from shelter_desk.store.schema_reports import report_publication, report_release
from shelter_desk.store.sql import Row, Statement

Builder = Callable[[Read, Period, str], Counted]
BUILDERS: Mapping[str, Builder] = {"voca": voca, "rhy": rhy, "licensing": licensing}
_OUT = (
    select(
        report_release.c.public_id,
        report_release.c.report,
        report_release.c.period,
        report_release.c.recipient,
        report_release.c.basis,
        report_release.c.number,
        report_release.c.reason,
        report_release.c.made_at,
        schema.staff.c.name,
        report_release.c.goes_public,
        report_publication.c.made_at,
    )
    .join(schema.staff, schema.staff.c.id == report_release.c.staff_id)
    .join(report_publication, report_publication.c.release_id == report_release.c.id, isouter=True)
    .order_by(report_release.c.id.desc())
)
_HANDED_OVER = Statement(_OUT)
_NEWEST = Statement(
    select(report_release.c.public_id, report_release.c.number, report_release.c.content)
    .where(
        report_release.c.report == bindparam("report"),
        report_release.c.period == bindparam("period"),
        report_release.c.recipient == bindparam("recipient"),
    )
    .order_by(report_release.c.number.desc())
    .limit(1)
)


@dataclass(frozen=True, slots=True)
class HandedOver:
    """One report that was handed over. `number` 1 is the first, 2 its first amendment.

    `goes_public`: its recipient publishes it. `public_since`: when it became public later, if so.
    """

    release_id: str
    report_id: str
    period: str
    recipient: str
    basis: str
    number: int
    reason: str
    made_at: datetime
    by: str
    goes_public: bool
    public_since: datetime | None

    @property
    def is_public(self) -> bool:
        """Whether everybody may know it."""
        return self.goes_public or self.public_since is not None


@dataclass(frozen=True, slots=True)
class Newest:
    """What one recipient was told last: which release, its number, the report as it was."""

    release_id: str
    number: int
    report: Report


def exact_kind(report_id: str, period: Period) -> ReportKind:
    """Return the kind of an exact report that can be made of a period.

    Raises:
        InvalidError: there is no such report, or its recipient knows no such period.
    """
    kind = report_named(report_id)
    if not kind.is_exact:
        raise InvalidError((Problem("report", "This report is made of safe tables."),))
    if kind.quarters_only and not period.quarter:
        raise InvalidError((Problem("period", "This report is made of a quarter."),))
    return kind


def counted_report(read: Read, report_id: str, period: Period) -> Counted:
    """Count an exact report. For the desk alone; what leaves it are values."""
    kind = exact_kind(report_id, period)
    return BUILDERS[kind.id](read, period, kind.title)


@asks(May.SUMMARISE)
def exact_report(read: Read, *, report_id: str, period: str) -> Report:
    """Return an exact report: counts of everybody, never a line about one person.

    Raises:
        InvalidError: there is no such report, or not of such a period.
    """
    return counted_report(read, report_id, Period.parse(period)).shown()


@asks(May.SUMMARISE)
def handed_over(read: Read) -> tuple[HandedOver, ...]:
    """Return every report that was handed over to somebody by name, newest first."""
    return tuple(_handed_over(row) for row in read.reader.rows(_HANDED_OVER))


def _handed_over(row: Row) -> HandedOver:
    release_id, report, period, recipient, basis, number, reason, made_at, by, public, since = row
    return HandedOver(
        release_id, report, period, recipient, basis, number, reason, moment(made_at), by,
        bool(public), moment_or_none(since),
    )  # fmt: skip


@asks(May.SUMMARISE)
def told_last(read: Read, *, report_id: str, period: str, recipient: str) -> Newest | None:
    """Return what a recipient was told last of a report and period, or None."""
    return newest_of(read, report_id, Period.parse(period).id, recipient.strip())


def newest_of(read: Read, report_id: str, period: str, recipient: str) -> Newest | None:
    """Return what a recipient was told last; see `told_last`."""
    row = read.reader.row(_NEWEST, report=report_id, period=period, recipient=recipient)
    return None if row is None else Newest(row[0], row[1], report_from(row[2]))


@asks(May.SUMMARISE)
def handed_over_report(read: Read, *, release_id: str) -> Report:
    """Return a report as it was handed over, for its files once more.

    Raises:
        NotFoundError: when it was none of exact counts.
    """
    row = find(read.reader, report_release, release_id)
    if not row["content"]:
        raise NotFoundError
    return report_from(row["content"])


@asks(May.READ_RECORDS | May.SUMMARISE)
def report_behind(read: Read, *, report_id: str, period: str, figure: str) -> Behind:
    """Return the records behind a figure of a report, as far as the person asking reads them.

    Ask it after `NoteExplained`: that somebody looked stands in the trail.

    Raises:
        NotFoundError: when the report has no such figure.
    """
    counted = counted_report(read, report_id, Period.parse(period))
    found = counted.figure(figure)
    if found is None:
        raise NotFoundError
    words = next(said for name, _, said in counted.shown().named_figures() if name == figure)
    return behind(read, found, figure, words)


@dataclass(frozen=True)
class NoteExplained(Command):
    """Somebody looked at the records behind a figure of a report."""

    action: ClassVar[str] = "report.explain"
    needs: ClassVar[May] = May.READ_RECORDS | May.SUMMARISE
    touches: ClassVar[Area] = Area(0)

    report_id: str
    period: str
    figure: str

    def apply(self, write: Write) -> str:
        """Change nothing; the event itself is the record."""
        report_named(self.report_id)
        write.reason = f"{self.report_id}:{Period.parse(self.period).id}:{self.figure[:120]}"
        return ""
