"""The seal of a summary: one digest over its figures, where they are from, and their proof.

The seal is printed in the PDF and in the workbook. It cannot cover these files themselves (a file
cannot hold its own digest); `certificate.json` lists their digests and has one of its own.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from shelter_desk.domain.audit import canonical_json
from shelter_desk.reports.summary_tables import as_json

if TYPE_CHECKING:
    from shelter_desk.disclosure import SafeRelease

FORMAT = "shelter-desk-summary/1"
SEALED_KEYS = frozenset(
    {"format", "title", "period", "audience", "shelter", "made_at", "population", "tables",
     "certificate"}
)  # fmt: skip


def sealed(release: SafeRelease, made_at: datetime, shelter_label: str) -> dict[str, Any]:
    """Return what the seal covers, as a JSON value.

    Raises:
        ValueError: `made_at` carries no zone.
    """
    if made_at.tzinfo is None:
        raise ValueError("the moment of a summary needs its time zone")
    return {
        "format": FORMAT,
        "title": release.title,
        "period": release.period,
        "audience": release.audience,
        "shelter": shelter_label,
        "made_at": made_at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "population": release.population_shown,
        "tables": [as_json(table) for table in release.tables],
        "certificate": dict(release.certificate),
    }


def seal_of(release: SafeRelease, made_at: datetime, shelter_label: str) -> str:
    """Return the seal as 64 hexadecimal digits."""
    return digest_of(sealed(release, made_at, shelter_label))


def digest_of(value: Mapping[str, Any]) -> str:
    """Return the SHA-256 of the one spelling of a JSON value, in hexadecimal."""
    return hashlib.sha256(canonical_json(value).encode()).hexdigest()
