"""Summaries that were released: made, put into the ledger, and only then handed out."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, ClassVar

from sqlalchemy import func, select

from shelter_desk.desk.approving import Approval, ApprovalNeededError, approver_of
from shelter_desk.desk.base import Area, Command, Read, Write, asks, moment
from shelter_desk.desk.care_facts import CareFacts, keep_care
from shelter_desk.desk.frozen import FactsHeld, keep_facts, keep_papers
from shelter_desk.desk.left_exports import note_use
from shelter_desk.desk.public_reports import public_entries, public_mark
from shelter_desk.desk.told_figures import told_entries, told_mark
from shelter_desk.disclosure import SafeRelease, known_of
from shelter_desk.domain.audit import canonical_json
from shelter_desk.domain.errors import StaleError
from shelter_desk.domain.staff import May
from shelter_desk.store import schema
from shelter_desk.store.database import Reader
from shelter_desk.store.sql import Statement

_release = schema.summary_release


@dataclass(frozen=True, slots=True)
class ReleaseLine:
    """One release: of what, for whom, by whom, approved by whom.

    `certificate_sha256` names the certificate that belongs to it; `made_by` and `approved_by` are
    names, "" where nobody was written down.
    """

    release_id: str
    made_at: datetime
    title: str
    period: str
    audience: str
    k: int
    certificate_sha256: str
    recipient: str = ""
    made_by: str = ""
    approved_by: str = ""


_maker, _approver = schema.staff.alias("maker"), schema.staff.alias("approver")
_RELEASES = Statement(
    select(
        _release.c.public_id,
        _release.c.made_at,
        _release.c.period,
        _release.c.audience,
        _release.c.k,
        _release.c.certificate,
        _release.c.recipient,
        func.coalesce(_maker.c.name, ""),
        func.coalesce(_approver.c.name, ""),
    )
    .join(_maker, _maker.c.id == _release.c.staff_id, isouter=True)
    .join(_approver, _approver.c.id == _release.c.approved_by_id, isouter=True)
    .where(_release.c.withdrawn_at.is_(None))
    .order_by(_release.c.id.desc())
)


_LEDGER = Statement(
    select(_release.c.public_id, _release.c.certificate, _release.c.proof)
    .where(_release.c.withdrawn_at.is_(None))
    .order_by(_release.c.id)
)
_NEWEST = Statement(
    select(_release.c.public_id)
    .where(_release.c.withdrawn_at.is_(None))
    .order_by(_release.c.id.desc())
    .limit(1)
)


@dataclass(frozen=True, slots=True)
class Ledger:
    """What is out: all releases with their counts, oldest first; `newest` names their state."""

    known: tuple[Mapping[str, Any], ...] = field(repr=False)
    newest: str


@asks(May.SUMMARISE)
def releases(read: Read) -> tuple[ReleaseLine, ...]:
    """Return the ledger: every release that stands, summaries and counts, newest first."""
    return tuple(
        ReleaseLine(
            release_id,
            moment(made_at),
            str(json.loads(certificate)["title"]),
            period,
            audience,
            k,
            hashlib.sha256(certificate.encode()).hexdigest(),
            *about,
        )
        for release_id, made_at, period, audience, k, certificate, *about in read.reader.rows(
            _RELEASES
        )
    )


@asks(May.SUMMARISE)
def ledger(read: Read) -> Ledger:
    """Return what the next release must be protected against, for `disclosure.protect`.

    Releases, figures that are public without one, and reports that their recipients publish.
    """
    # One that went to several readers by name is one: its figures are known once.
    out = {certificate: proof for _, certificate, proof in read.reader.rows(_LEDGER)}
    known = tuple(known_of(json.loads(one), json.loads(proof)) for one, proof in out.items())
    public = (*told_entries(read), *public_entries(read))
    return Ledger((*known, *public), _newest(read.reader))


def _newest(reader: Reader) -> str:
    """Name the state of the ledger: the newest release, and what is public without one."""
    row = reader.row(_NEWEST)
    return f"{row[0] if row else ''}/{told_mark(reader)}/{public_mark(reader)}"


@dataclass(frozen=True, slots=True)
class Terms:
    """On what terms a release leaves.

    Args:
        recipient: who it is for, by name; "" for the public. detail: how fine it is.
        approval: a director's, where no director is at the desk.
        together: SHA-256 of all certificates a director approves at once, this one among them.
        pack: id of the pack it is made for; where that is left unwritten, it is taken back.
    """

    recipient: str = ""
    detail: str = ""
    approval: Approval | None = None
    together: tuple[str, ...] = ()
    pack: str = ""


@dataclass(frozen=True, slots=True)
class Kept:
    """What is kept beside a release: the facts it was counted from, and its very files."""

    facts: FactsHeld
    files: Mapping[str, bytes] = field(repr=False)


@dataclass(frozen=True)
class RecordSummary(Command):
    """Put a release into the ledger. Done before its files may be saved anywhere.

    `snapshot` is the canonical text of the counts it was made from; only its digest is kept.
    `after` is the newest release it was protected against: with another one in between, the two
    together could give something away, so it is refused. `care` is what counts about care were
    made from.
    """

    action: ClassVar[str] = "summary.release"
    needs: ClassVar[May] = May.SUMMARISE
    touches: ClassVar[Area] = Area.CUSTODY

    release: SafeRelease
    k: int
    snapshot: str = field(repr=False)
    after: str
    terms: Terms = Terms()
    kept: Kept | None = field(default=None, repr=False)
    care: CareFacts | None = field(default=None, repr=False)

    @property
    def digest(self) -> str:
        """SHA-256 of the certificate: what a director signs."""
        return hashlib.sha256(canonical_json(self.release.certificate).encode()).hexdigest()

    def apply(self, write: Write) -> str:
        """Insert the ledger entry.

        Raises:
            StaleError: another release was written down meanwhile.
            ApprovalNeededError: no director made it, and none approved it.
        """
        if self.after != _newest(write.writer):
            raise StaleError("Another summary was released meanwhile. Prepare this one again.")
        together = self.terms.together or (self.digest,)
        if self.digest not in together:
            raise ApprovalNeededError
        approver = approver_of(write, self.terms.approval, together, self.terms.recipient)
        public_id = write.new_public_id()
        facts_id = keep_facts(write, self.kept.facts) if self.kept is not None else None
        row_id = write.add(
            _release,
            public_id=public_id,
            made_at=write.now_ms,
            period=self.release.period,
            audience=self.release.audience,
            k=self.k,
            snapshot=hashlib.sha256(self.snapshot.encode()).hexdigest(),
            certificate=canonical_json(self.release.certificate),
            proof=canonical_json(self.release.proof),
            staff_id=write.who.staff.id,
            approved_by_id=approver,
            approval=self.terms.approval.signature if self.terms.approval else None,
            recipient=self.terms.recipient,
            detail=self.terms.detail,
            facts_id=facts_id,
            care_facts_id=keep_care(write, self.care) if self.care is not None else None,
        )
        if self.kept is not None:
            keep_papers(write, row_id, self.kept.files)
        if self.terms.pack:
            note_use(write, row_id, self.terms.pack)
        write.reason = f"{self.release.period}:{self.release.audience}"
        return public_id


@dataclass(frozen=True)
class RecordPlan(Command):
    """Put releases that were decided together into the ledger, all of them or none."""

    action: ClassVar[str] = "summary.release"
    needs: ClassVar[May] = May.SUMMARISE
    touches: ClassVar[Area] = Area.CUSTODY

    records: tuple[RecordSummary, ...]

    def apply(self, write: Write) -> str:
        """Insert them in their order; the first one must follow what they were solved against.

        Raises:
            StaleError: another release was written down meanwhile.
            ApprovalNeededError: no director made them, and none approved them.
        """
        first, *others = self.records
        made = [first.apply(write)]
        made += [replace(one, after=_newest(write.writer)).apply(write) for one in others]
        return made[-1]
