"""Every check of an audit pack, without a store: does it open, is it whole, is it unchanged."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from shelter_desk.exports import log_checks
from shelter_desk.exports.age import Key
from shelter_desk.exports.bundle import CHECKPOINT, EVENTS, LEAVES, PROOFS, README
from shelter_desk.exports.contents import Contents, read_contents
from shelter_desk.exports.former_log import FormerLog
from shelter_desk.exports.log_checks import CheckFailedError, LogEvidence
from shelter_desk.exports.manifest import MANIFEST, SIGNATURE, Manifest, read_manifest
from shelter_desk.exports.pack_series import told
from shelter_desk.exports.problems import ArchiveError, PackError
from shelter_desk.exports.sample_check import check_samples

OPENER = "OPEN-ME.html"
_REQUIRED = (MANIFEST, SIGNATURE, CHECKPOINT, EVENTS, LEAVES, PROOFS, README)
_LOG_FILES = frozenset({EVENTS, LEAVES, CHECKPOINT, PROOFS})
_TITLES = {
    "container": "The words or the key open the pack, and nothing of it is missing",
    "archive": "It holds plain files only, and nothing is hidden in it",
    "manifest": "The list of contents follows the rules",
    "signature": "The list of contents is signed",
    "files": "Every file is the one that was listed",
    "complete": "No file is missing and none was added",
    "log-size": "The audit log has as many entries as stated",
    "log-head": "Every entry of the audit log follows from the one before it",
    "log-root": "The seal of the audit log fits its entries",
    "checkpoint": "The checkpoint of the audit log is signed and agrees",
    "earlier": "Nothing that was sealed before has changed",
    "events": "Every event shown is the one in the audit log",
    "proofs": "The proofs for single events hold",
    "sample": "The sample was drawn by the dice from a list that was fixed before",
    "series": "It is not older than the pack that you had before",
    "opener": "The opener beside the pack is the one it was made with",
}
_LOG_CHECKS: tuple[tuple[str, Callable[[LogEvidence], str]], ...] = (
    ("log-size", log_checks.check_size),
    ("log-head", log_checks.check_head),
    ("log-root", log_checks.check_root),
    ("checkpoint", log_checks.check_checkpoint),
    ("earlier", log_checks.check_earlier),
    ("events", log_checks.check_events),
    ("proofs", log_checks.check_proofs),
)


_FIELD = 2**255 - 19
_OF_EIGHT = 0x05FC536D880238B13933C6D305ACDFD5F098EFF289F4C345B027B2C28F95E826
_SMALL_ORDER = frozenset({0, 1, _FIELD - 1, _OF_EIGHT, _FIELD - _OF_EIGHT})
"""Heights of the eight points of Ed25519 whose order divides eight."""


@dataclass(frozen=True, slots=True)
class Check:
    """One check: `passed` is None where an earlier refusal left nothing to check."""

    id: str
    title: str
    passed: bool | None
    detail: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """What all checks together say; always the same checks in the same order."""

    ok: bool
    checks: tuple[Check, ...]
    manifest: Manifest | None

    @property
    def reason(self) -> str:
        """Return the sentence of the first check that did not pass, or ""."""
        return next((check.detail for check in self.checks if check.passed is False), "")


def verify(pack: Path, key: Key, *, signer: str = "", after: FormerLog | None = None) -> Verdict:
    """Run every check of the pack at `pack`; a pack that fails gives a verdict, never an error.

    `key` is what opens it: its words, or the `Identities` of its reader. `signer` is the
    fingerprint from the paper cover sheet; without it the signature shows only that the pack is as
    its maker left it, not who the maker is. `after` is what the reader has of a former pack;
    without it an old pack in the place of a newer one is told by its number only.
    """
    run = _Run(pack, key, signer)
    run.step("archive", run.read)
    run.step("manifest", run.read_list)
    run.step("signature", run.check_signature)
    run.step("files", run.check_files)
    run.step("complete", run.check_complete)
    for check_id, check in _LOG_CHECKS:
        run.step(check_id, partial(run.check_log, check))
    run.step("sample", run.check_sample)
    run.step("series", partial(run.check_series, after))
    run.step("opener", run.check_opener)
    return run.verdict()


class _NothingToCheckError(Exception):
    """What this check needs was refused before."""


class _Run:
    """One verification: what was read so far, and what each check said."""

    def __init__(self, pack: Path, key: Key, signer: str) -> None:
        self._pack, self._key, self._signer = pack, key, signer
        self._contents: Contents | None = None
        self._manifest: Manifest | None = None
        self._said: dict[str, tuple[bool | None, str]] = {}

    def step(self, check_id: str, check: Callable[[], str]) -> None:
        """Note what `check` says."""
        try:
            self._said[check_id] = (True, check())
        except _NothingToCheckError:
            self._said[check_id] = (None, "An earlier check did not pass.")
        except PackError as refusal:
            self._said[check_id] = (False, str(refusal))

    def verdict(self) -> Verdict:
        """Return all checks in their fixed order."""
        checks = tuple(Check(i, title, *self._said[i]) for i, title in _TITLES.items())
        return Verdict(all(check.passed for check in checks), checks, self._manifest)

    def read(self) -> str:
        """Open the pack to its end; decides "container" on the way."""
        try:
            with self._pack.open("rb") as source:
                self._contents = read_contents(source, self._key)
        except ArchiveError:
            self._said["container"] = (True, "It opens.")
            raise
        except PackError as refusal:
            self._said["container"] = (False, str(refusal))
            raise _NothingToCheckError from None
        except OSError:
            self._said["container"] = (False, "The file could not be read.")
            raise _NothingToCheckError from None
        self._said["container"] = (True, "It opens.")
        return f"{len(self._contents.found):,} files."

    def read_list(self) -> str:
        """Read the manifest."""
        text = self._have().kept.get(MANIFEST)
        if text is None:
            raise CheckFailedError("The pack has no list of contents.")
        self._manifest = read_manifest(text)
        return f"Pack {self._manifest.facts.export_id}, {len(self._manifest.files)} files listed."

    def check_signature(self) -> str:
        """The signature holds, and is the expected person's where a fingerprint was given."""
        manifest = self._listed()
        signature = self._have().kept.get(SIGNATURE, b"")
        if not holds(manifest.signer_key, signature, self._have().kept[MANIFEST]):
            raise CheckFailedError(
                "The signature does not fit the list of contents: the list was changed."
            )
        expected = "".join(self._signer.replace("-", "").split()).upper()
        if expected and expected != manifest.fingerprint.replace(" ", ""):
            raise CheckFailedError(
                f"It is signed with another key ({manifest.fingerprint}) than the one expected."
            )
        if expected:
            return f"Signed with the key that was expected: {manifest.fingerprint}."
        return f"Compare with the paper cover sheet: {manifest.fingerprint}."

    def check_files(self) -> str:
        """Every listed file that is here has its size and hash."""
        found = self._have().found
        for entry in self._listed().files:
            if found.get(entry.path, (entry.size, entry.sha256)) != (entry.size, entry.sha256):
                raise CheckFailedError(f"The file {entry.path} was changed.")
        return "Sizes and hashes agree."

    def check_complete(self) -> str:
        """The files here are the files listed, and the required ones are among them."""
        found = set(self._have().found)
        listed = {entry.path for entry in self._listed().files} | {MANIFEST, SIGNATURE}
        for path in sorted((listed | set(_REQUIRED)) - found):
            raise CheckFailedError(f"The file {path} is missing.")
        for path in sorted(found - listed):
            raise CheckFailedError(f"The file {path} was added.")
        return f"{len(found)} files, as listed."

    def check_opener(self) -> str:
        """An opener that lies beside the pack is the one the manifest names."""
        manifest = self._listed()
        try:
            opener = self._pack.with_name(OPENER).read_bytes()
        except FileNotFoundError:
            return "No opener lies beside the pack."
        except OSError:
            raise CheckFailedError("The opener beside the pack could not be read.") from None
        if hashlib.sha256(opener).hexdigest() != manifest.facts.opener_sha256:
            raise CheckFailedError(
                f"The {OPENER} beside the pack is not the one it was made with. Do not open it."
            )
        return "It is."

    def check_log(self, check: Callable[[LogEvidence], str]) -> str:
        """Run one check of the audit log, if all of its files are here."""
        manifest, kept = self._listed(), self._have().kept
        if not set(kept) >= _LOG_FILES:
            raise _NothingToCheckError
        return check(LogEvidence(kept, manifest, holds))

    def check_sample(self) -> str:
        """Each sample is the one that the dice drew from a list that was fixed before."""
        manifest, have = self._listed(), self._have()
        if EVENTS not in have.kept:
            raise _NothingToCheckError
        return check_samples(manifest.facts.samples, have.kept, have.found, have.kept[EVENTS])

    def check_series(self, after: FormerLog | None) -> str:
        """The log goes on from the one that the reader knows; says which pack of theirs it is."""
        facts, kept = self._listed().facts, self._have().kept
        if not set(kept) >= _LOG_FILES:
            raise _NothingToCheckError
        if after is not None:
            leaves = LogEvidence(kept, self._listed(), holds).leaves()
            if after.size > len(leaves):
                raise CheckFailedError(
                    f"This pack is older than the one you had: its audit log has {len(leaves):,} "
                    f"entries, and yours had {after.size:,}. Ask for the newest one."
                )
            if not after.begins(leaves):
                raise CheckFailedError(
                    f"The audit log does not go on from the one you had: its first {after.size:,} "
                    "entries are others."
                )
        return told(facts.series, facts.created_at.date())

    def _have(self) -> Contents:
        if self._contents is None:
            raise _NothingToCheckError
        return self._contents

    def _listed(self) -> Manifest:
        if self._manifest is None:
            raise _NothingToCheckError
        return self._manifest


def holds(public_key: bytes, signature: bytes, message: bytes) -> bool:
    """Say whether an Ed25519 signature over `message` holds under the raw public key.

    Readers of Ed25519 differ on odd keys and signatures. Taken is only what the strictest of them
    takes: RFC 8032 without the factor eight, and no key that is a point of small order, for such a
    key "signs" whatever one likes. The opener holds the same rule.
    """
    height = int.from_bytes(public_key, "little") & ((1 << 255) - 1)
    if height >= _FIELD or height in _SMALL_ORDER:
        return False
    try:
        Ed25519PublicKey.from_public_bytes(public_key).verify(signature, message)
    except (InvalidSignature, ValueError):
        return False
    return True
