"""The signed list of what a pack holds: who made it, for whom, on what basis, and every hash."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime
from typing import Any

from shelter_desk.domain.audit import CROCKFORD, canonical_json, crockford
from shelter_desk.exports.pack_series import FIRST, FormerPack, Series
from shelter_desk.exports.problems import ManifestError
from shelter_desk.exports.sample_seal import SampleSeal
from shelter_desk.exports.strict_json import (
    LARGEST,
    NotCanonicalError,
    base64_bytes,
    canonical_object,
    whole_number,
)
from shelter_desk.exports.tar import is_safe_path

FORMAT = "shelter-desk-pack/1"
MANIFEST = "manifest.json"
SIGNATURE = "manifest.sig"
MOST_MANIFEST_BYTES = 1 << 20

_HEX_256 = re.compile(r"[0-9a-f]{64}")
_EXPORT_ID = re.compile(rf"[{CROCKFORD}]{{8}}")
_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9 ._/()-]{0,79}")
_MOMENT = "%Y-%m-%dT%H:%M:%SZ"
_SPELT_DAY = re.compile(r"2[0-9]{3}-[0-9]{2}-[0-9]{2}")
_SPELT = re.compile(_SPELT_DAY.pattern + r"T[0-9]{2}:[0-9]{2}:[0-9]{2}Z")
_LONGEST_TEXT = 500
_MOST_RELEASERS = 2
_IMPROPER = "The list of contents is not written in its one proper form."


@dataclass(frozen=True, slots=True)
class FileEntry:
    """One file of the pack: path, size in bytes, SHA-256 in lower-case hex."""

    path: str
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class EarlierSeal:
    """A state of the audit log that was sealed before: its size, Merkle root (hex) and day."""

    size: int
    root: str
    sealed_on: date


@dataclass(frozen=True, slots=True)
class AuditSeal:
    """The audit log as it stood: number of events, Merkle root and chain head (hex)."""

    size: int
    root: str
    head: str
    earlier: EarlierSeal | None


@dataclass(frozen=True, slots=True)
class Deidentification:
    """How people were protected: name of the profile, and k (0 where no threshold applies)."""

    profile: str
    k: int


@dataclass(frozen=True, slots=True)
class ReleaseTerms:
    """On what authority a pack left, who let it out, and the day by which it comes back or ends.

    `authority` is the section, order or agreement behind the ground, in words; `releasers` are the
    one or two people, by the codes under which the audit log names them.
    """

    authority: str
    releasers: tuple[str, ...]
    expires: date


@dataclass(frozen=True, slots=True)
class PackFacts:
    """What the maker of a pack states about it.

    `created_at` is aware; `counts` is table name -> number of records; `legal_basis` and
    `recipient` are opaque codes, never a person's name; `opener_sha256` is hex.
    """

    export_id: str
    created_at: datetime
    app_version: str
    purpose: str
    legal_basis: str
    recipient: str
    period: str
    counts: Mapping[str, int]
    deidentification: Deidentification
    opener_sha256: str
    release: ReleaseTerms
    samples: tuple[SampleSeal, ...] = ()
    series: Series = FIRST


@dataclass(frozen=True, slots=True)
class Manifest:
    """Everything in manifest.json; `signer_key` is the raw 32-byte Ed25519 public key."""

    facts: PackFacts
    files: tuple[FileEntry, ...]
    audit: AuditSeal
    signer_key: bytes

    @property
    def fingerprint(self) -> str:
        """Return the signer's fingerprint as printed on the cover sheet."""
        return fingerprint(self.signer_key)

    def to_bytes(self) -> bytes:
        """Return the canonical JSON that is signed."""
        facts = self.facts
        hiding = facts.deidentification
        value = {
            "format": FORMAT,
            "export_id": facts.export_id,
            "created": facts.created_at.astimezone(UTC).strftime(_MOMENT),
            "app_version": facts.app_version,
            "purpose": facts.purpose,
            "legal_basis": facts.legal_basis,
            "recipient": facts.recipient,
            "period": facts.period,
            "counts": dict(facts.counts),
            "deidentification": {"k": hiding.k, "profile": hiding.profile},
            "files": [{"path": f.path, "sha256": f.sha256, "size": f.size} for f in self.files],
            "audit": _audit_value(self.audit),
            "signer_pub": base64.b64encode(self.signer_key).decode(),
            "signer_fpr": self.fingerprint,
            "opener_sha256": facts.opener_sha256,
            "release": {
                "authority": facts.release.authority,
                "expires": facts.release.expires.isoformat(),
                "releasers": list(facts.release.releasers),
            },
            "samples": [asdict(sample) for sample in facts.samples],
            "series": _series_value(facts.series),
        }
        return canonical_json(value).encode()


def _audit_value(audit: AuditSeal) -> dict[str, object]:
    earlier = audit.earlier and {
        "date": audit.earlier.sealed_on.isoformat(),
        "root": audit.earlier.root,
        "size": audit.earlier.size,
    }
    return {"head": audit.head, "prev": earlier, "root": audit.root, "size": audit.size}


def _series_value(series: Series) -> dict[str, object]:
    former = series.former and {
        "date": series.former.made_on.isoformat(),
        "export_id": series.former.export_id,
        "sha256": series.former.sha256,
    }
    return {"former": former, "number": series.number}


def fingerprint(public_key: bytes) -> str:
    """Return the first 80 bits of the SHA-256 of a raw key, as printed: "K7Q2 9XVD 3MTA 0W5E"."""
    text = crockford(hashlib.sha256(public_key).digest()[:10])
    return " ".join(text[i : i + 4] for i in range(0, 16, 4))


def read_manifest(text: bytes) -> Manifest:
    """Read manifest.json and check every field.

    Raises:
        ManifestError: a field is missing, unknown or out of its rules, or the text is not the
            canonical one (so no key can stand there twice with two meanings).
    """
    data = _parse(text)
    if data.get("format") != FORMAT:
        raise ManifestError("This pack is of a kind that this program does not know.")
    files = tuple(_file(entry) for entry in _list(data, "files"))
    paths = [entry.path for entry in files]
    if paths != sorted(set(paths)):
        raise ManifestError("In the list of contents, the files are not in order.")
    manifest = Manifest(_facts(data), files, _audit(_group(data, "audit")), _key(data))
    if data.get("signer_fpr") != manifest.fingerprint:
        raise ManifestError("The fingerprint in the list of contents is not that of its key.")
    if manifest.to_bytes() != text:
        raise ManifestError("The list of contents holds something this program does not know.")
    return manifest


def _parse(text: bytes) -> dict[str, Any]:
    # The one proper form has no key twice, so no two programs can read two different things.
    try:
        return canonical_object(text.decode())
    except NotCanonicalError:
        raise ManifestError(_IMPROPER) from None
    except ValueError:
        raise ManifestError("The list of contents cannot be read.") from None


def _facts(data: dict[str, Any]) -> PackFacts:
    hiding = _group(data, "deidentification")
    counts = _group(data, "counts")
    return PackFacts(
        export_id=_matching(data, "export_id", _EXPORT_ID),
        created_at=_moment(data, "created"),
        app_version=_matching(data, "app_version", _CODE),
        purpose=_text(data, "purpose"),
        legal_basis=_matching(data, "legal_basis", _CODE),
        recipient=_text(data, "recipient"),
        period=_matching(data, "period", _CODE),
        counts={_checked(name, _CODE, "counts"): _number(counts, name) for name in counts},
        deidentification=Deidentification(
            _matching(hiding, "profile", _CODE), _number(hiding, "k")
        ),
        opener_sha256=_matching(data, "opener_sha256", _HEX_256),
        release=_release(_group(data, "release")),
        samples=_samples(data),
        series=_series(_group(data, "series")),
    )


def _release(data: dict[str, Any]) -> ReleaseTerms:
    authority, expires = _text(data, "authority"), _day(data, "expires")
    people = _list(data, "releasers")
    if not 1 <= len(people) <= _MOST_RELEASERS or len(set(map(str, people))) != len(people):
        raise _wrong("releasers")
    names = tuple(_matching({"releasers": one}, "releasers", _CODE) for one in people)
    return ReleaseTerms(authority, names, expires)


def _samples(data: dict[str, Any]) -> tuple[SampleSeal, ...]:
    found = tuple(_sample(group) for group in _list(data, "samples"))
    methods = [sample.method for sample in found]
    if methods != sorted(set(methods)):  # one of each list
        raise _wrong("samples")
    return found


def _sample(group: object) -> SampleSeal:
    if not isinstance(group, dict):
        raise _wrong("samples")
    population = _number(group, "population")
    return SampleSeal(
        method=_matching(group, "method", _CODE),
        population=population,
        root=_matching(group, "root", _HEX_256),
        wanted=_number(group, "wanted", most=population),
        seed=_matching(group, "seed", _CODE),
        fixed_event=_number(group, "fixed_event"),
        drawn_event=_number(group, "drawn_event"),
    )


def _series(data: dict[str, Any]) -> Series:
    former = None
    if data.get("former") is not None:
        group = _group(data, "former")
        former = FormerPack(
            _matching(group, "export_id", _EXPORT_ID),
            _day(group, "date"),
            _matching(group, "sha256", _HEX_256),
        )
    number = _number(data, "number")
    if number < 1 or (number == 1) != (former is None):
        raise _wrong("number")
    return Series(number, former)


def _audit(data: dict[str, Any]) -> AuditSeal:
    earlier = None
    if data.get("prev") is not None:
        group = _group(data, "prev")
        earlier = EarlierSeal(
            _number(group, "size"), _matching(group, "root", _HEX_256), _day(group, "date")
        )
    root, head = (_matching(data, key, _HEX_256) for key in ("root", "head"))
    return AuditSeal(_number(data, "size"), root, head, earlier)


def _file(entry: object) -> FileEntry:
    if not isinstance(entry, dict):
        raise _wrong("files")
    path = _text(entry, "path")
    if not is_safe_path(path) or path in {MANIFEST, SIGNATURE}:
        raise _wrong("files")
    return FileEntry(path, _number(entry, "size"), _matching(entry, "sha256", _HEX_256))


def _key(data: dict[str, Any]) -> bytes:
    try:
        key = base64_bytes(_text(data, "signer_pub"))
    except ValueError:
        raise _wrong("signer_pub") from None
    if len(key) != 32:
        raise _wrong("signer_pub")
    return key


def _group(data: dict[str, Any], key: str) -> dict[str, Any]:
    value = data.get(key)
    if not isinstance(value, dict):
        raise _wrong(key)
    return value


def _list(data: dict[str, Any], key: str) -> list[object]:
    value = data.get(key)
    if not isinstance(value, list):
        raise _wrong(key)
    return value


def _text(data: dict[str, Any], key: str) -> str:
    value = data.get(key)
    if not isinstance(value, str) or not 0 < len(value) <= _LONGEST_TEXT:
        raise _wrong(key)
    return value


def _matching(data: dict[str, Any], key: str, rule: re.Pattern[str]) -> str:
    return _checked(_text(data, key), rule, key)


def _checked(value: str, rule: re.Pattern[str], key: str) -> str:
    if not rule.fullmatch(value):
        raise _wrong(key)
    return value


def _number(data: dict[str, Any], key: str, most: int = LARGEST) -> int:
    try:
        value = whole_number(data.get(key))
    except ValueError:
        raise _wrong(key) from None
    if value > most:
        raise _wrong(key)
    return value


def _moment(data: dict[str, Any], key: str) -> datetime:
    try:
        return datetime.strptime(_matching(data, key, _SPELT), _MOMENT).replace(tzinfo=UTC)
    except ValueError:
        raise _wrong(key) from None


def _day(data: dict[str, Any], key: str) -> date:
    try:
        return date.fromisoformat(_matching(data, key, _SPELT_DAY))
    except ValueError:
        raise _wrong(key) from None


def _wrong(key: str) -> ManifestError:
    return ManifestError(f"In the list of contents, {key} is missing or not allowed.")
