"""Makes an audit pack from the records: written down, sealed, signed, delivered, checked.

The export is in the custody record before anything of it exists, and its end is written there
whatever happens. What goes into the pack are counts, the events about exports and seals, and the
leaves of the audit trail; never a resident's row.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

from shelter_desk import __version__
from shelter_desk.desk import Desk, custody, evidence, shelter
from shelter_desk.desk.agreeing import Second, agreement
from shelter_desk.desk.care_counts import care_tables
from shelter_desk.desk.identifying import identifiers, model_words
from shelter_desk.disclosure import Refused
from shelter_desk.domain.audit import crockford, short_form
from shelter_desk.domain.errors import DeskError
from shelter_desk.domain.evidence import EvidenceReport, EvidenceTable
from shelter_desk.domain.periods import Period
from shelter_desk.exports.bundle import (
    DATA,
    AuditPart,
    DisclosedEvent,
    PackContents,
    SignedPack,
    Signer,
    sign_pack,
)
from shelter_desk.exports.manifest import Deidentification, EarlierSeal, PackFacts, fingerprint
from shelter_desk.exports.opener import (
    opener_bytes,
    opener_sha256,
    readme_in_pack,
    stick_readme,
)
from shelter_desk.exports.problems import PackError, code_of
from shelter_desk.exports.profiles import PackProfile, profile_named
from shelter_desk.exports.scanner import common_words, refuse_identities, to_look_at
from shelter_desk.exports.stick import PackDrive, Written
from shelter_desk.exports.summary_release import make_summary, release_care_counts
from shelter_desk.exports.verify import verify
from shelter_desk.reports.process_evidence import evidence_csv, evidence_pdf

_EXPORT_ID_BYTES = 5
# The reason is for staff: how few residents there were must not travel with the pack.
_LEFT_OUT = "No version that protects every resident could be made for this period."
# Files by name, tables, and a sentence for staff where something had to stay out.
_About = tuple[Mapping[str, bytes], tuple[EvidenceTable, ...], str]


@dataclass(frozen=True, slots=True)
class PackOrder:
    """What is wanted. `recipient` and `purpose` are short and name no resident; "" = as usual."""

    profile_id: str
    period: str
    recipient: str = ""
    purpose: str = ""


@dataclass(frozen=True, slots=True)
class PackMade:
    """A pack that lies on the drive and passed every check.

    `fingerprint` and `log_short_form` are for the paper cover sheet. `summary_note` is a sentence
    for staff when the summary had to stay out, else "".
    """

    written: Written
    custody_id: str
    export_id: str
    fingerprint: str
    log_short_form: str
    opener_sha256: str
    profile: PackProfile
    period: Period
    made_at: datetime
    summary_note: str


@dataclass(frozen=True, slots=True)
class _Job:
    """One pack on its way."""

    desk: Desk
    profile: PackProfile
    period: Period
    order: PackOrder
    custody_id: str
    made_at: datetime

    @property
    def export_id(self) -> str:
        """Return eight characters for paper that name the custody row."""
        return crockford(bytes.fromhex(self.custody_id)[:_EXPORT_ID_BYTES])


@dataclass(frozen=True, slots=True)
class _Sealed:
    """The trail as it goes into the pack."""

    size: int
    root: bytes
    part: AuditPart

    @property
    def short_form(self) -> str:
        """Return size and root as printed."""
        return short_form(self.size, self.root)


def make_pack(
    desk: Desk, order: PackOrder, drive: PackDrive, words: str, second: Second | None = None
) -> PackMade:
    """Make a pack, write it through `drive` under `words`, and check the file that was written.

    `second` is the colleague who agrees; None only where one person alone can sign in.

    Raises:
        NotPermittedError: when the person signed in may not export.
        SecondNeededError, WrongPassphraseError: when no colleague agrees; nothing was begun.
        InvalidError: for an unknown profile, or a period that is no period or is not over.
        IdentityFoundError: a name, a birth date or the like stands in the pack.
        DriveError, PackError: when no pack arrived; the failure is in the custody record.
    """
    profile, period = profile_named(order.profile_id), Period.parse(order.period)
    made_at = desk.now()
    # Asked before anything is written down: a refused order leaves no trace of an export.
    desk.ask(evidence.about_staff_work, period=period, now=made_at)
    agreed = agreement(desk, second)
    begin = custody.BeginExport(
        "pack",
        profile.id,
        period.id,
        order.recipient or profile.recipient,
        order.purpose or profile.purpose,
    )
    job = _Job(desk, profile, period, order, desk.do(begin).subject, made_at)
    try:
        if agreed is not None:
            agreed.give(desk, job.custody_id)
        return _made(job, drive, words)
    except BaseException as error:
        # The failure must be told even when the record of it cannot be written.
        with suppress(DeskError):
            desk.do(custody.ExportFailed(job.custody_id, code_of(error)))
        raise


def _made(job: _Job, drive: PackDrive, words: str) -> PackMade:
    if job.profile.has_summary:
        summary, about, summary_note = _summary(job)
    else:
        summary, about, summary_note = _care(job)
    sealed = _seal(job)
    staff_work = job.desk.ask(evidence.about_staff_work, period=job.period, now=job.made_at)
    tables = (*about, *staff_work)
    report = _report(job, tables, sealed)
    files = {
        f"{DATA}report.pdf": evidence_pdf(report),
        **{f"{DATA}{table.id}.csv": evidence_csv(table) for table in tables},
        **{f"{DATA}summary/{name}": data for name, data in summary.items()},
    }
    signer = _signer(job.desk)
    contents = PackContents(files, _facts(job, tables), sealed.part, readme_in_pack())
    pack = sign_pack(contents, signer)
    look_at = _searched(job, pack)
    written = drive.write_pack(
        lambda target: pack.write(target, words), words, opener_bytes(), stick_readme(), pack.size
    )
    _check(written, words, signer)
    job.desk.do(
        custody.ExportDelivered(
            job.custody_id, written.sha256, written.size, sealed.size, sealed.root
        )
    )
    notes = " ".join(note for note in (summary_note, look_at) if note)
    return _told(job, written, pack, sealed, notes)


def _searched(job: _Job, pack: SignedPack) -> str:
    """Return what staff should look at; raise when anybody can be found in the pack."""
    common = common_words(job.desk.ask(model_words), _shelter_name(job.desk))
    found = refuse_identities(pack.files, job.desk.ask(identifiers), common)
    return to_look_at(found)


def _told(
    job: _Job, written: Written, pack: SignedPack, sealed: _Sealed, summary_note: str
) -> PackMade:
    return PackMade(
        written=written,
        custody_id=job.custody_id,
        export_id=job.export_id,
        fingerprint=pack.manifest.fingerprint,
        log_short_form=sealed.short_form,
        opener_sha256=pack.manifest.facts.opener_sha256,
        profile=job.profile,
        period=job.period,
        made_at=job.made_at,
        summary_note=summary_note,
    )


def _summary(job: _Job) -> _About:
    made = make_summary(job.desk, period=job.period.id, audience=job.profile.audience)
    if isinstance(made, Refused):
        told = _left_out("Summary of the period")
        return {}, told, f"No summary of residents is in this pack. {made.reason}"
    return made.files, (), ""


def _care(job: _Job) -> _About:
    release = release_care_counts(job.desk, period=job.period)
    if isinstance(release, Refused):
        told = _left_out("Counts about care in the period")
        return {}, told, f"No counts about care are in this pack. {release.reason}"
    return {}, care_tables(release), ""


def _left_out(what: str) -> tuple[EvidenceTable, ...]:
    rows = ((what, "Left out"),)
    return (
        EvidenceTable("left-out", "What rests on residents", ("What", "Here"), rows, _LEFT_OUT),
    )


def _seal(job: _Job) -> _Sealed:
    before = job.desk.ask(custody.seals)
    job.desk.do(custody.MakeCheckpoint("pack"))
    seal = job.desk.ask(custody.seals)[0]
    leaves = job.desk.ask(custody.leaves, size=seal.size)
    shown = job.desk.ask(custody.shown_events, size=seal.size)
    part = AuditPart(
        origin=job.desk.ask(custody.signer).origin,
        leaves=leaves,
        events=tuple(DisclosedEvent(event.seq, event.salt, event.text) for event in shown),
        earlier=_earlier(before[0]) if before else None,
    )
    return _Sealed(seal.size, seal.root, part)


def _earlier(seal: custody.SealLine) -> EarlierSeal:
    return EarlierSeal(seal.size, seal.root.hex(), seal.made_at.date())


def _report(job: _Job, tables: tuple[EvidenceTable, ...], sealed: _Sealed) -> EvidenceReport:
    return EvidenceReport(
        shelter_label=_shelter_name(job.desk),
        period_label=job.period.label,
        profile_title=job.profile.title,
        tables=tables,
        checkpoint_short_form=sealed.short_form,
        made_at=job.made_at.astimezone(job.desk.house.zone),
        program_version=__version__,
    )


def _facts(job: _Job, tables: Iterable[EvidenceTable]) -> PackFacts:
    return PackFacts(
        export_id=job.export_id,
        created_at=job.made_at,
        app_version=__version__,
        purpose=job.order.purpose or job.profile.purpose,
        legal_basis=job.profile.legal_basis,
        recipient=job.order.recipient or job.profile.recipient,
        period=job.period.id,
        counts={table.id: len(table.rows) for table in tables},
        deidentification=Deidentification(job.profile.id, job.profile.k),
        opener_sha256=opener_sha256(),
    )


def _signer(desk: Desk) -> Signer:
    facts = desk.ask(custody.signer)
    return Signer(facts.name, facts.public_key, desk.sign_export)


def _check(written: Written, words: str, signer: Signer) -> None:
    verdict = verify(written.path, words, signer=fingerprint(signer.public_key))
    if not verdict.ok:
        # A pack that does not pass must not lie where somebody could hand it over.
        with suppress(OSError):
            written.path.unlink()
        raise PackError(verdict.reason)


def _shelter_name(desk: Desk) -> str:
    return desk.ask(shelter.settings).name
