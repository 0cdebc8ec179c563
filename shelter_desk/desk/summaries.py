"""Summaries that were released: made, put into the ledger, and only then handed out."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, ClassVar

from sqlalchemy import select

from shelter_desk.desk.base import Area, Command, Read, Write, asks, moment
from shelter_desk.disclosure import SafeRelease, known_of
from shelter_desk.domain.audit import canonical_json
from shelter_desk.domain.errors import StaleError
from shelter_desk.domain.staff import May
from shelter_desk.store import schema
from shelter_desk.store.sql import Statement

_release = schema.summary_release


@dataclass(frozen=True, slots=True)
class ReleaseLine:
    """One release. `certificate_sha256` names the certificate that belongs to it."""

    release_id: str
    made_at: datetime
    title: str
    period: str
    audience: str
    k: int
    certificate_sha256: str


_RELEASES = Statement(
    select(
        _release.c.public_id,
        _release.c.made_at,
        _release.c.period,
        _release.c.audience,
        _release.c.k,
        _release.c.certificate,
    ).order_by(_release.c.id.desc())
)


_LEDGER = Statement(
    select(_release.c.public_id, _release.c.certificate, _release.c.proof).order_by(_release.c.id)
)
_NEWEST = Statement(select(_release.c.public_id).order_by(_release.c.id.desc()).limit(1))


@dataclass(frozen=True, slots=True)
class Ledger:
    """What is out: all releases with their counts, oldest first; the id of the newest or ""."""

    known: tuple[Mapping[str, Any], ...] = field(repr=False)
    newest: str


@asks(May.SUMMARISE)
def releases(read: Read) -> tuple[ReleaseLine, ...]:
    """Return the ledger: every release, summaries and counts about care, newest first."""
    return tuple(
        ReleaseLine(
            release_id,
            moment(made_at),
            str(json.loads(certificate)["title"]),
            period,
            audience,
            k,
            hashlib.sha256(certificate.encode()).hexdigest(),
        )
        for release_id, made_at, period, audience, k, certificate in read.reader.rows(_RELEASES)
    )


@asks(May.SUMMARISE)
def ledger(read: Read) -> Ledger:
    """Return what the next release must be protected against, for `disclosure.protect`."""
    rows = tuple(read.reader.rows(_LEDGER))
    known = tuple(known_of(json.loads(one), json.loads(proof)) for _, one, proof in rows)
    return Ledger(known, rows[-1][0] if rows else "")


@dataclass(frozen=True)
class RecordSummary(Command):
    """Put a release into the ledger. Done before its files may be saved anywhere.

    `snapshot` is the canonical text of the counts it was made from; only its digest is kept.
    `after` is the newest release it was protected against: with another one in between, the two
    together could give something away, so it is refused.
    """

    action: ClassVar[str] = "summary.release"
    needs: ClassVar[May] = May.SUMMARISE
    touches: ClassVar[Area] = Area.CUSTODY

    release: SafeRelease
    k: int
    snapshot: str = field(repr=False)
    after: str

    def apply(self, write: Write) -> str:
        """Insert the ledger entry.

        Raises:
            StaleError: another release was written down meanwhile.
        """
        newest = write.writer.row(_NEWEST)
        if self.after != (newest[0] if newest else ""):
            raise StaleError("Another summary was released meanwhile. Prepare this one again.")
        public_id = write.new_public_id()
        write.add(
            _release,
            public_id=public_id,
            made_at=write.now_ms,
            period=self.release.period,
            audience=self.release.audience,
            k=self.k,
            snapshot=hashlib.sha256(self.snapshot.encode()).hexdigest(),
            certificate=canonical_json(self.release.certificate),
            proof=canonical_json(self.release.proof),
        )
        write.reason = f"{self.release.period}:{self.release.audience}"
        return public_id
