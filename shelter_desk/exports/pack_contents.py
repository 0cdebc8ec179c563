"""Makes an audit pack from the records: written down, laid out, looked at, agreed to, delivered.

Three steps, and `make_pack` for all of them at once::

    prepared = prepare_pack(desk, order)      # every byte of it, searched for everybody's names
    prepared.files                            # looked at page by page before anybody agrees
    made = release_pack(desk, prepared, drive, words, agreed)

The export is in the custody record before anything of it exists, and its end is written there
whatever happens. A colleague agrees to the digest of the files, so to these and no other.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import BinaryIO

from shelter_desk import __version__
from shelter_desk.desk import Desk, custody, evidence, shelter, trail_seals
from shelter_desk.desk.agreeing import Agreement, Second, agreement
from shelter_desk.desk.handovers import usual_day
from shelter_desk.desk.identifying import identifiers, model_words
from shelter_desk.desk.joined_since import newest_join, refuse_joined_since
from shelter_desk.domain.audit import canonical_json
from shelter_desk.domain.errors import DeskError
from shelter_desk.domain.pack_rules import Basis
from shelter_desk.domain.periods import Period
from shelter_desk.exports.age import Key
from shelter_desk.exports.bundle import (
    PackContents,
    SignedPack,
    Signer,
    sign_pack,
)
from shelter_desk.exports.manifest import (
    MANIFEST,
    Deidentification,
    PackFacts,
    ReleaseTerms,
    fingerprint,
)
from shelter_desk.exports.opener import (
    opener_bytes,
    opener_sha256,
    readme_in_pack,
    stick_readme,
)
from shelter_desk.exports.pack_files import Laid, Wanted, as_signed, fitting_release, lay_out
from shelter_desk.exports.pack_lock import lock_of
from shelter_desk.exports.pack_order import (
    PackMade,
    PackOrder,
    authority_of,
    export_id_of,
    ground_of,
)
from shelter_desk.exports.pack_seal import SealedTrail, seal_trail
from shelter_desk.exports.pack_series import Series
from shelter_desk.exports.problems import PackError, code_of
from shelter_desk.exports.profiles import pack_rules
from shelter_desk.exports.sample_files import fitting_samples
from shelter_desk.exports.scanner import Found, common_words, refuse_identities, to_look_at
from shelter_desk.exports.stick import PackDrive, Written
from shelter_desk.exports.typed_words import refuse_typed
from shelter_desk.exports.verify import verify

LEFT = "left-alone"
_SPARING_KIB = 2 * 1024


@dataclass(frozen=True, slots=True)
class PreparedPack:
    """A pack as it will leave, but for the seal of the trail. `files` is path -> bytes.

    `contents` is the SHA-256 (hex) of all of them; `found` are words that a person must judge.
    `joins` is which records were one person then, where it holds single records; else None.
    """

    custody_id: str
    wanted: Wanted = field(repr=False)
    laid: Laid = field(repr=False)
    contents: str
    found: tuple[Found, ...] = field(repr=False)
    joins: int | None = None

    @property
    def files(self) -> Mapping[str, bytes]:
        """Return what leaves, path -> bytes, in the order of the paths."""
        return self.laid.files

    @property
    def to_look_at(self) -> str:
        """Return a sentence about what must be judged before it leaves, or ""."""
        return to_look_at(self.found)

    @property
    def basis(self) -> Basis:
        """Return the ground it leaves on."""
        return self.wanted.basis

    @property
    def recipient(self) -> str:
        """Return for whom it is."""
        return self.wanted.order.recipient or self.wanted.profile.recipient

    @property
    def purpose(self) -> str:
        """Return what it is for."""
        return self.wanted.order.purpose or self.wanted.profile.purpose


def make_pack(
    desk: Desk, order: PackOrder, drive: PackDrive, words: str, second: Second | None = None
) -> PackMade:
    """Make a pack, write it through `drive` under `words`, and check the file that was written.

    Where the order names the key of its reader, it is sealed to that key, and takes no words.
    `second` is the colleague who agrees; None only where one person alone can sign in.

    Raises:
        NotPermittedError: when the person signed in may not export.
        SecondNeededError, WrongPassphraseError: when no colleague agrees; nothing was begun.
        InvalidError: for an unknown profile, a period that is no period or is not over, an order
            that asks for more than its ground allows, or typed words that name somebody.
        IdentityFoundError: a name, a birth date or the like stands in the pack.
        DriveError, PackError: when no pack arrived; the failure is in the custody record.
    """
    _checked(desk, order)
    agreed = agreement(desk, second)
    prepared = prepare_pack(desk, order)
    return release_pack(desk, prepared, drive, words, agreed)


def prepare_pack(desk: Desk, order: PackOrder) -> PreparedPack:
    """Write an export down, lay every file of it out in memory, and search them for everybody.

    Raises: as `make_pack`, but for what agreement and drive can refuse.
    """
    wanted = _checked(desk, order)
    begin = custody.BeginExport(
        "pack",
        wanted.profile.id,
        wanted.period.id,
        wanted.order.recipient or wanted.profile.recipient,
        wanted.order.purpose or wanted.profile.purpose,
        wanted.basis.code,
        order.authority,
        order.holds_records,
        order.release_id,
        order.recipient_key,
    )
    typed_in = {"recipient": begin.recipient, "purpose": begin.purpose}
    refuse_typed(desk, typed_in | {"authority": begin.authority})
    custody_id = desk.do(begin).subject
    with _sparing(desk), _told_when_it_fails(desk, custody_id):
        joins = desk.ask(newest_join) if order.holds_records else None
        laid = lay_out(wanted, custody_id)
        # What was typed stands in the manifest, which is made only when the trail is sealed.
        authority = authority_of(order, wanted.basis)
        typed = f"{begin.recipient}\n{begin.purpose}\n{authority}\n".encode()
        found = _searched(desk, {**laid.files, MANIFEST: typed})
        contents = contents_digest(laid.files)
        desk.do(custody.SettleContents(custody_id, contents))
        return PreparedPack(custody_id, wanted, laid, contents, found, joins)


def release_pack(
    desk: Desk, prepared: PreparedPack, drive: PackDrive, words: str, agreed: Agreement | None
) -> PackMade:
    """Let a prepared pack out: agreed to, sealed, signed, written, read back and checked.

    Raises: as `make_pack`; and
        JoinedSinceError: it holds single records, and some were joined or separated meanwhile.
    """
    with _sparing(desk), _told_when_it_fails(desk, prepared.custody_id):
        if prepared.wanted.order.release_id:  # it may have been taken back meanwhile
            fitting_release(desk, prepared.wanted.order.release_id, prepared.wanted.profile)
        _still_one(desk, prepared)
        releasers = [desk.staff.public_id]
        if agreed is not None:
            agreed.give(desk, prepared.custody_id)
            releasers.append(agreed.staff_id)
        return _released(desk, prepared, drive, words, tuple(releasers))


def leave_pack(desk: Desk, prepared: PreparedPack, why: str = LEFT) -> None:
    """Write down that a prepared pack was looked at and not let out. Its figures are taken back.

    `why` is a short code.
    """
    desk.do(custody.ExportFailed(prepared.custody_id, why))


def contents_digest(files: Mapping[str, bytes]) -> str:
    """Return the SHA-256 (hex) of every path with the SHA-256 of its bytes."""
    listed = {path: hashlib.sha256(data).hexdigest() for path, data in files.items()}
    return hashlib.sha256(canonical_json(listed).encode()).hexdigest()


def _checked(desk: Desk, order: PackOrder) -> Wanted:
    rules = pack_rules(desk.house.care_model)
    profile = rules.profile(order.profile_id)
    basis = ground_of(order, profile, rules)
    period = Period.parse(order.period)
    fitting_samples(desk, order.draw_ids, profile, period)
    order = as_signed(desk, order, profile)
    now = desk.now()
    # Asked before anything is written down: a refused order leaves no trace of an export.
    desk.ask(evidence.is_over, period=period, now=now)
    return Wanted(desk, rules, profile, period, order, basis, now)


@contextmanager
def _sparing(desk: Desk) -> Iterator[None]:
    """Hold little of the records meanwhile: a pack reads most of them, and each page once.

    The work on the words takes 128 MiB for itself, and a PC of the office has little.
    """
    desk.make_room(_SPARING_KIB)
    try:
        yield
    finally:
        with suppress(DeskError):
            desk.make_room()


@contextmanager
def _told_when_it_fails(desk: Desk, custody_id: str) -> Iterator[None]:
    try:
        yield
    except BaseException as error:
        # The failure must be told even when the record of it cannot be written.
        with suppress(DeskError):
            desk.do(custody.ExportFailed(custody_id, code_of(error)))
        raise


def _still_one(desk: Desk, prepared: PreparedPack) -> None:
    if prepared.joins is not None:
        desk.ask(refuse_joined_since, known=prepared.joins)


def _released(
    desk: Desk, prepared: PreparedPack, drive: PackDrive, words: str, releasers: tuple[str, ...]
) -> PackMade:
    key = prepared.wanted.order.recipient_key
    lock = lock_of(desk, prepared.custody_id, key, words)
    sealed = seal_trail(desk, prepared.wanted.profile.id, prepared.recipient)
    signer = _signer(desk)
    facts = _facts(prepared, sealed.series, releasers)
    contents = PackContents(prepared.files, facts, sealed.part, readme_in_pack())
    pack = sign_pack(contents, signer)
    _searched(desk, pack.texts)
    desk.make_room(_SPARING_KIB)  # what the search has left goes before the words take theirs

    def produce(target: BinaryIO) -> None:
        # Before the first byte: whatever becomes of the drive, the figures count as known then.
        _still_one(desk, prepared)
        desk.do(custody.StartWriting(prepared.custody_id))
        pack.write(target, lock)

    size = pack.size_under(lock)
    written = drive.write_pack(produce, lock, opener_bytes(), stick_readme(), size)
    _check(written, lock, signer)
    made = _told(prepared, written, pack, sealed, lock)
    delivered = custody.ExportDelivered(
        prepared.custody_id, written.sha256, written.size, sealed.size, sealed.root, made.cover
    )
    try:
        desk.do(delivered)
    except DeskError:
        _remove(written)
        raise
    return made


def _searched(desk: Desk, files: Mapping[str, bytes]) -> tuple[Found, ...]:
    """Return what staff should look at; raise when anybody can be found in the pack."""
    common = common_words(desk.ask(model_words), desk.ask(shelter.settings).name)
    return refuse_identities(files, desk.ask(identifiers), common)


def _told(
    prepared: PreparedPack, written: Written, pack: SignedPack, sealed: SealedTrail, lock: Key
) -> PackMade:
    notes = (prepared.laid.note, to_look_at(prepared.found, says_which=False))
    return PackMade(
        written=written,
        custody_id=prepared.custody_id,
        export_id=export_id_of(prepared.custody_id),
        fingerprint=pack.manifest.fingerprint,
        log_short_form=sealed.short_form,
        opener_sha256=pack.manifest.facts.opener_sha256,
        profile=prepared.wanted.profile,
        purpose=prepared.purpose,
        recipient=prepared.recipient,
        basis=prepared.basis,
        period=prepared.wanted.period,
        made_at=prepared.wanted.made_at,
        expires=pack.manifest.facts.release.expires,
        series=sealed.series,
        summary_note=" ".join(note for note in notes if note),
        opens_with=lock,
        recipient_key=prepared.wanted.order.recipient_key,
    )


def _facts(prepared: PreparedPack, series: Series, releasers: tuple[str, ...]) -> PackFacts:
    wanted = prepared.wanted
    made_on = wanted.made_at.astimezone(wanted.desk.house.zone).date()
    return PackFacts(
        export_id=export_id_of(prepared.custody_id),
        created_at=wanted.made_at,
        app_version=__version__,
        purpose=prepared.purpose,
        legal_basis=prepared.basis.code,
        recipient=prepared.recipient,
        period=wanted.period.id,
        counts=prepared.laid.counts,
        deidentification=Deidentification(wanted.profile.id, wanted.profile.k),
        opener_sha256=opener_sha256(),
        release=ReleaseTerms(
            authority_of(wanted.order, wanted.basis),
            releasers,
            usual_day(made_on),
        ),
        samples=prepared.laid.samples,
        series=series,
    )


def _signer(desk: Desk) -> Signer:
    facts = desk.ask(trail_seals.signer)
    return Signer(facts.name, facts.public_key, desk.sign_export)


def _check(written: Written, key: Key, signer: Signer) -> None:
    verdict = verify(written.path, key, signer=fingerprint(signer.public_key))
    if not verdict.ok:
        _remove(written)
        raise PackError(verdict.reason)


def _remove(written: Written) -> None:
    """Take a pack away that may not leave: it must not lie where somebody could hand it over."""
    with suppress(OSError):
        written.path.unlink()
