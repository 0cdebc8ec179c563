"""What a visit found: who corrects it by when, and what shows that it is corrected."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from sqlalchemy import bindparam, select

from shelter_desk.desk import house_words
from shelter_desk.desk.base import Area, Command, Read, Write, asks
from shelter_desk.desk.rows import RowValues, find
from shelter_desk.domain.dated_papers import read_finding_areas
from shelter_desk.domain.errors import InvalidError, Problem
from shelter_desk.domain.staff import May
from shelter_desk.paths import resources
from shelter_desk.store import schema
from shelter_desk.store.schema_visit import audit_visit as _visit
from shelter_desk.store.schema_visit import visit_finding as _finding
from shelter_desk.store.sql import Row, Statement

LONGEST = 300
_staff = schema.staff
_corrector = schema.staff.alias("corrector")
_LINES = (
    select(
        _finding.c.public_id,
        _visit.c.public_id,
        _visit.c.agency,
        _visit.c.scope,
        _visit.c.visit_on,
        _finding.c.area,
        _finding.c.finding,
        _staff.c.public_id,
        _staff.c.name,
        _staff.c.roles,
        _finding.c.due_on,
        _finding.c.corrected_on,
        _corrector.c.name,
        _finding.c.evidence,
        *(_finding.c[name] for name in ("house_day_id", "words_sealed", "correction_sealed")),
    )
    .join(_visit, _visit.c.id == _finding.c.visit_id)
    .join(_staff, _staff.c.id == _finding.c.owner_id)
    .join(_corrector, _corrector.c.id == _finding.c.corrected_by, isouter=True)
    .where(_finding.c.withdrawn_at.is_(None))
    .order_by(_finding.c.due_on, _finding.c.id)
)
_OF_VISIT = Statement(_LINES.where(_visit.c.public_id == bindparam("visit_id")))
_OPEN = Statement(_LINES.where(_finding.c.corrected_on.is_(None)))
_OF_TIME = Statement(
    _LINES.where(_visit.c.visit_on <= bindparam("until")).where(
        _finding.c.corrected_on.is_(None)
        | (_finding.c.corrected_on >= bindparam("since"))
        | (_visit.c.visit_on >= bindparam("since"))
    )
)


_OF_CORRECTION = ("corrected_on", "corrected_by", "evidence", "correction_sealed")


@dataclass(frozen=True, slots=True)
class FindingLine:
    """One finding. `corrected_on` is None, `corrected_by` and `evidence` "" while it is open."""

    finding_id: str
    visit_id: str
    agency: str
    scope: str
    visit_on: date
    area: str
    finding: str
    owner_id: str
    owner: str
    owner_roles: tuple[str, ...]
    due_on: date
    corrected_on: date | None
    corrected_by: str
    evidence: str

    def days_past(self, today: date) -> int:
        """Return by how many days an open finding is past its day; 0 where it is not."""
        return max(0, (today - self.due_on).days) if self.corrected_on is None else 0


def finding_areas() -> Mapping[str, str]:
    """Return id -> title of what a finding can be about, as shipped.

    Raises:
        ContentError: when the list is damaged.
    """
    return read_finding_areas((resources() / "house" / "finding_areas.toml").read_text("utf-8"))


@asks(May.EXPORT)
def findings_of(read: Read, *, visit_id: str) -> tuple[FindingLine, ...]:
    """Return what a visit found, the next due first."""
    return tuple(_line(read, row) for row in read.reader.rows(_OF_VISIT, visit_id=visit_id))


def open_findings(read: Read) -> tuple[FindingLine, ...]:
    """Return what any visit found and nobody has corrected, the next due first."""
    return tuple(_line(read, row) for row in read.reader.rows(_OPEN))


def findings_in(read: Read, since: date, until: date) -> tuple[FindingLine, ...]:
    """Return what was found by a day and was open, found or corrected since another."""
    days = {"since": since.isoformat(), "until": until.isoformat()}
    return tuple(_line(read, row) for row in read.reader.rows(_OF_TIME, **days))


def _line(read: Read, row: Row) -> FindingLine:
    finding_id, visit_id, agency, scope, visit_on, area, words, *rest = row
    owner_id, owner, roles, due_on, corrected_on, corrected_by, evidence, *under_keys = rest
    day, *sealed = under_keys
    if day is not None:
        words, evidence = (
            house_words.opened_words(read.sealer, read.reader, kind.place(finding_id), day, one)
            for kind, one in zip(
                (house_words.FINDING, house_words.CORRECTION), sealed, strict=True
            )
        )
    return FindingLine(
        finding_id, visit_id, agency, scope, date.fromisoformat(visit_on), area, words,
        owner_id, owner, tuple(roles.split()), date.fromisoformat(due_on),
        date.fromisoformat(corrected_on) if corrected_on else None,
        corrected_by or "", evidence or "",
    )  # fmt: skip


@dataclass(frozen=True)
class RecordFinding(Command):
    """Write down what a visit found, who corrects it, and by when."""

    action: ClassVar[str] = "finding.record"
    needs: ClassVar[May] = May.EXPORT
    touches: ClassVar[Area] = Area.CUSTODY

    visit_id: str
    area: str
    finding: str
    owner_id: str
    due_on: date

    def apply(self, write: Write) -> str:
        """Insert it; only of a visit that was held."""
        visit = find(write.writer, _visit, self.visit_id)
        owner = find(write.writer, _staff, self.owner_id)
        _refuse(self._problems(visit), _problems_of_owner(owner, self.due_on, visit))
        public_id = write.new_public_id()
        house_day_id, sealed = house_words.seal_words(
            write, house_words.FINDING.place(public_id), self.finding.strip()
        )
        write.add(
            _finding,
            public_id=public_id,
            visit_id=visit["id"],
            area=self.area,
            finding=house_words.SEALED,
            words_sealed=sealed,
            house_day_id=house_day_id,
            owner_id=owner["id"],
            due_on=self.due_on.isoformat(),
        )
        write.reason = f"{self.area}:{self.due_on}"
        return public_id

    def _problems(self, visit: RowValues) -> Iterator[Problem]:
        if visit["state"] != "held":
            yield Problem("visit_id", "Write down first that the visit was held.")
        if self.area not in finding_areas():
            yield Problem("area", "Choose what it is about.")
        yield from _problems_of_words("finding", self.finding)


@dataclass(frozen=True)
class ChangeFinding(Command):
    """Somebody else corrects a finding, or by another day."""

    action: ClassVar[str] = "finding.change"
    needs: ClassVar[May] = May.EXPORT
    touches: ClassVar[Area] = Area.CUSTODY

    finding_id: str
    owner_id: str
    due_on: date

    def apply(self, write: Write) -> str:
        """Change an open one."""
        row = _open_one(write, self.finding_id)
        owner = find(write.writer, _staff, self.owner_id)
        _refuse(_problems_of_owner(owner, self.due_on))
        write.change(_finding, row, owner_id=owner["id"], due_on=self.due_on.isoformat())
        write.reason = f"{self.owner_id}:{self.due_on}"
        return self.finding_id


@dataclass(frozen=True)
class CorrectFinding(Command):
    """A finding is corrected; `evidence` says what shows it."""

    action: ClassVar[str] = "finding.correct"
    needs: ClassVar[May] = May.EXPORT
    touches: ClassVar[Area] = Area.CUSTODY

    finding_id: str
    corrected_on: date
    evidence: str

    def apply(self, write: Write) -> str:
        """Write down when, and what shows it."""
        row = _open_one(write, self.finding_id)
        _refuse(self._problems(write.today))
        evidence, place = self.evidence.strip(), house_words.CORRECTION.place(self.finding_id)
        if row["house_day_id"] is None:  # an edition before these keys wrote it
            row = house_words.seal_typed_row(write, house_words.FINDING, row)
        write.change(
            _finding,
            row,
            corrected_on=self.corrected_on.isoformat(),
            corrected_by=write.who.staff.id,
            evidence=house_words.SEALED,
            correction_sealed=house_words.sealed_on(write, place, evidence, row["house_day_id"]),
        )
        write.reason = self.corrected_on.isoformat()
        return self.finding_id

    def _problems(self, today: date) -> Iterator[Problem]:
        if self.corrected_on > today:
            yield Problem("corrected_on", "This day is still to come.")
        yield from _problems_of_words("evidence", self.evidence)


@dataclass(frozen=True)
class ReopenFinding(Command):
    """That a finding is corrected was written down by mistake: it is open again."""

    action: ClassVar[str] = "finding.reopen"
    needs: ClassVar[May] = May.EXPORT
    touches: ClassVar[Area] = Area.CUSTODY

    finding_id: str

    def apply(self, write: Write) -> str:
        """Take the correction back; the trail keeps what it said."""
        row = find(write.writer, _finding, self.finding_id)
        if row["corrected_on"] is None or row["withdrawn_at"] is not None:
            raise InvalidError((Problem("finding_id", "This is not corrected."),))
        write.change(_finding, row, **dict.fromkeys(_OF_CORRECTION))
        return self.finding_id


@dataclass(frozen=True)
class WithdrawFinding(Command):
    """A finding was written down by mistake."""

    action: ClassVar[str] = "finding.withdraw"
    needs: ClassVar[May] = May.EXPORT
    touches: ClassVar[Area] = Area.CUSTODY

    finding_id: str

    def apply(self, write: Write) -> str:
        """Take back an open one."""
        write.change(_finding, _open_one(write, self.finding_id), withdrawn_at=write.now_ms)
        return self.finding_id


def _open_one(write: Write, finding_id: str) -> RowValues:
    row = find(write.writer, _finding, finding_id)
    if row["corrected_on"] is not None or row["withdrawn_at"] is not None:
        raise InvalidError((Problem("finding_id", "This is not open any more."),))
    return row


def _problems_of_words(field: str, words: str) -> Iterator[Problem]:
    if not 0 < len(words.strip()) <= LONGEST:
        yield Problem(field, f"Write 1 to {LONGEST} characters.")


def _problems_of_owner(
    owner: RowValues, due_on: date, visit: RowValues | None = None
) -> Iterator[Problem]:
    if owner["ended_at"] is not None:
        yield Problem("owner_id", "They do not work here any more.")
    if visit is not None and due_on.isoformat() < visit["visit_on"]:
        yield Problem("due_on", "This is before the visit.")


def _refuse(*problems: Iterator[Problem]) -> None:
    found = tuple(problem for some in problems for problem in some)
    if found:
        raise InvalidError(found)
