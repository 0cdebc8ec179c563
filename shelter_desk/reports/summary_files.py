"""The four files of a summary, made together and bound to each other by digests."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from shelter_desk.domain.audit import canonical_json
from shelter_desk.reports.summary import summary_pdf
from shelter_desk.reports.summary_seal import digest_of, sealed
from shelter_desk.reports.summary_sheets import summary_csv, summary_xlsx

if TYPE_CHECKING:
    from shelter_desk.disclosure import SafeRelease

PDF, CSV, XLSX, CERTIFICATE = "summary.pdf", "summary.csv", "summary.xlsx", "certificate.json"


def summary_files(release: SafeRelease, made_at: datetime, shelter_label: str) -> dict[str, bytes]:
    """Return name -> bytes of `summary.pdf`, `summary.csv`, `summary.xlsx`, `certificate.json`.

    The same arguments give the same bytes. Write all four or none.

    Raises:
        ValueError: `made_at` carries no zone.
    """
    core = sealed(release, made_at, shelter_label)
    seal = digest_of(core)
    files = {
        PDF: summary_pdf(release, made_at, shelter_label),
        CSV: summary_csv(release),
        XLSX: summary_xlsx(release, made_at, shelter_label, seal),
    }
    envelope = {
        **core,
        "seal": seal,
        "files": {name: hashlib.sha256(data).hexdigest() for name, data in files.items()},
    }
    files[CERTIFICATE] = envelope_bytes({**envelope, "digest": digest_of(envelope)})
    return files


def envelope_bytes(envelope: Mapping[str, Any]) -> bytes:
    """Return the one spelling of an envelope."""
    return canonical_json(envelope).encode() + b"\n"
