"""The one way a summary is made: asked for, protected, written down in the ledger, handed out.

Nothing is handed out before it stands in the ledger, because what may have left must never be
missing there::

    made = make_summary(desk, period="2026-Q1", audience="public")      # all at once

    question = ask_for_summary(desk, period="2026-Q1", audience="public")
    prepared = prepare_summary(question)             # no records: may run anywhere, may be stopped
    files = prepared.hand_out(desk.do)               # the ledger first, then the files
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from zoneinfo import ZoneInfo

from shelter_desk.desk.approving import Approval
from shelter_desk.desk.care_counts import care_request
from shelter_desk.desk.counts import snapshot_text
from shelter_desk.desk.details import DETAILS
from shelter_desk.desk.frozen import FactsHeld, GiveOutAgain, ReleasedBefore
from shelter_desk.desk.identifying import identifiers, model_words
from shelter_desk.desk.shelter import settings as shelter_settings
from shelter_desk.desk.summaries import Kept, Ledger, RecordSummary, Terms, ledger
from shelter_desk.desk.summary_asking import summary_asked
from shelter_desk.disclosure import (
    Refused,
    ReleaseRequest,
    SafeRelease,
    protect_in_worker,
    repeated,
    still_true,
)
from shelter_desk.domain.identifiers import Identifiers
from shelter_desk.domain.pack_groups import ItemGroup
from shelter_desk.domain.periods import Period
from shelter_desk.exports.asked_of import Records
from shelter_desk.exports.scanner import common_words, refuse_identities, to_look_at
from shelter_desk.exports.summary_fit import fitted
from shelter_desk.exports.typed_words import refuse_typed
from shelter_desk.reports.summary_files import summary_files


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which summary is wanted.

    Args:
        period: "2026-Q1" or "2026". audience: "public" or "named". detail: the word of a `Detail`.
        recipient: who it is for, by name; "" for the public.
        restated: count anew from the records although the period is out.
        pack: id of the pack it goes into, or "".
    """

    period: str
    audience: str
    detail: str = "bands"
    recipient: str = ""
    restated: bool = False
    pack: str = ""


@dataclass(frozen=True, slots=True)
class SummaryQuestion:
    """All that is taken from the records: the true counts, what is out already, who is who."""

    wanted: Wanted
    request: ReleaseRequest = field(repr=False)
    facts: FactsHeld = field(repr=False)
    before: ReleasedBefore | None = field(repr=False)
    ledger: Ledger = field(repr=False)
    known: Identifiers = field(repr=False)
    common: frozenset[str] = field(repr=False)
    made_at: datetime
    shelter_label: str


@dataclass(frozen=True, slots=True)
class PreparedSummary:
    """A safe release that was not written down yet. Only `hand_out` gives its files.

    `to_look_at` is a sentence about words in the files that a person must judge, or "".
    `out_since` is when the very same summary was released before, or None.
    """

    release: SafeRelease
    to_look_at: str
    out_since: datetime | None
    _files: Mapping[str, bytes] = field(repr=False)
    _command: RecordSummary | GiveOutAgain = field(repr=False)

    @property
    def recipient(self) -> str:
        """Return who it is for, or ""."""
        return self._command.terms.recipient if isinstance(self._command, RecordSummary) else ""

    @property
    def certificates(self) -> tuple[str, ...]:
        """Return what a director approves: SHA-256 of the certificate; nothing if it is out."""
        return (self._command.digest,) if isinstance(self._command, RecordSummary) else ()

    def hand_out(
        self,
        record: Callable[[RecordSummary | GiveOutAgain], object | None],
        approval: Approval | None = None,
    ) -> Mapping[str, bytes]:
        """Write the release into the ledger, and only then return its files, name -> bytes.

        `record` carries a command out (`desk.do`). Where it returns None, the command was refused
        and there are no files. `approval` is a director's, where none is at the desk.

        Raises:
            StaleError: another release was written down since the question was asked.
            ApprovalNeededError: no director approves.
        """
        command = self._command
        if approval is not None and isinstance(command, RecordSummary):
            command = replace(command, terms=replace(command.terms, approval=approval))
        return {} if record(command) is None else self._files


@dataclass(frozen=True, slots=True)
class MadeSummary:
    """A release that stands in the ledger, and its files, name -> bytes."""

    release: SafeRelease
    files: Mapping[str, bytes] = field(repr=False)


def ask_for_summary(
    records: Records,
    *,
    period: str,
    audience: str,
    detail: str = "bands",
    recipient: str = "",
    restated: bool = False,
) -> SummaryQuestion:
    """Take from the records what a summary of a period needs.

    Raises:
        InvalidError: when the period is not one, or is not over yet; or the recipient is somebody
            who is in the records.
        NotPermittedError: when the person signed in may make no summary.
    """
    if recipient:
        refuse_typed(records, {"recipient": recipient})
    now, wanted = records.now(), Wanted(period, audience, detail, recipient, restated)
    about = {"period": period, "audience": audience, "detail": detail}
    asked = records.ask(summary_asked, now=now, restated=restated, **about)
    shelter = records.ask(shelter_settings)
    return SummaryQuestion(
        wanted=wanted,
        request=asked.request,
        facts=asked.facts,
        before=asked.before,
        ledger=records.ask(ledger),
        known=records.ask(identifiers),
        common=common_words(records.ask(model_words), shelter.name),
        made_at=now.astimezone(ZoneInfo(shelter.zone)),
        shelter_label=shelter.name,
    )


def prepare_summary(
    question: SummaryQuestion,
    *,
    early: Callable[[PreparedSummary], None] | None = None,
    stop: threading.Event | None = None,
) -> PreparedSummary | Refused:
    """Protect the counts in a worker process, lay the files out in memory, and search them.

    A summary that is out already is read back as it was: the same figures, the same bytes. Where
    its proof does not hold any more, and it is asked for anew, the same facts are protected anew
    beside all that is out.

    Args:
        question: what to publish.
        early: is given a first safe summary while one with fewer blanks is sought.
        stop: set it to end the work.

    Raises:
        StoppedError: `stop` was set.
        IdentityFoundError: a name, a birth date or the like stands in a file.
    """
    if question.before is not None:
        again = _again(question, question.before)
        if isinstance(again, PreparedSummary) or not _is_unproved(question, again):
            return again

    def tell(release: SafeRelease) -> None:
        if early is not None and fitted(question.request, release) is release:
            early(laid_out(question, release))

    release = protect_in_worker(
        question.request,
        earlier=question.ledger.known,
        early=tell if early else None,
        stop=stop,
    )
    answer = fitted(question.request, release)
    return answer if isinstance(answer, Refused) else laid_out(question, answer)


def make_summary(
    records: Records,
    *,
    period: str,
    audience: str,
    recipient: str = "",
    detail: str = DETAILS[0],
    pack: str = "",
) -> MadeSummary | Refused:
    """Make the summary of a period, from the question to the files; `pack`: what it goes into.

    Raises:
        InvalidError: when the period is not one, or is not over yet.
    """
    question = ask_for_summary(
        records, period=period, audience=audience, recipient=recipient, detail=detail
    )
    question = replace(question, wanted=replace(question.wanted, pack=pack))
    prepared = prepare_summary(question)
    if isinstance(prepared, Refused):
        return prepared
    return MadeSummary(prepared.release, prepared.hand_out(records.do))


def release_care_counts(
    records: Records,
    *,
    period: Period,
    groups: tuple[ItemGroup, ...] = (),
    files: Collection[str] | None = None,
    pack: str = "",
) -> SafeRelease | Refused:
    """Protect the counts about care of a period, write them into the ledger, hand them out.

    `groups` are all checklist items that stand for documents; those of `files` have lines (None:
    of all files). `pack` is the id of what they go into.

    Raises:
        InvalidError: while the period is not over.
    """
    asked = records.ask(care_request, period=period, now=records.now(), groups=groups, files=files)
    request = asked.request
    out = records.ask(ledger)
    release = protect_in_worker(request, earlier=out.known)
    if isinstance(release, SafeRelease):
        told, terms = snapshot_text(request), Terms(pack=pack)
        k = request.settings.k
        records.do(RecordSummary(release, k, told, out.newest, terms, care=asked.facts))
    return release


def laid_out(question: SummaryQuestion, release: SafeRelease) -> PreparedSummary:
    """Put a safe release on paper, and search it for everybody.

    Raises:
        IdentityFoundError: a name, a birth date or the like stands in a file.
    """
    files = summary_files(release, question.made_at, question.shelter_label)
    found = refuse_identities(files, question.known, question.common)
    recording = _recording(question, release, files)
    return PreparedSummary(release, to_look_at(found), None, files, recording)


def _recording(
    question: SummaryQuestion, release: SafeRelease, files: Mapping[str, bytes]
) -> RecordSummary:
    request, wanted = question.request, question.wanted
    terms = Terms(wanted.recipient, wanted.detail, pack=wanted.pack)
    told, after = snapshot_text(request), question.ledger.newest
    kept = Kept(question.facts, files)
    return RecordSummary(release, request.settings.k, told, after, terms, kept)


def _is_unproved(question: SummaryQuestion, again: Refused) -> bool:
    """Return whether what is out is true, asked for anew, and only its proof does not hold."""
    before, is_anew = question.before, question.wanted.restated and again.rung == "certificate"
    return is_anew and before is not None and still_true(question.request, before.certificate)


def _again(question: SummaryQuestion, before: ReleasedBefore) -> PreparedSummary | Refused:
    release = repeated(question.request, before.certificate, before.proof)
    if isinstance(release, Refused):
        return release
    found = refuse_identities(before.files, question.known, question.common)
    wanted = question.wanted
    theirs = before.held_by.get(wanted.recipient, before.release_id)
    command: RecordSummary | GiveOutAgain = GiveOutAgain(theirs, wanted.pack)
    if wanted.recipient and wanted.recipient not in before.held_by and not wanted.pack:
        # Another reader: a director approves that too. A pack says by itself who gets it.
        command = _recording(question, release, before.files)
    return PreparedSummary(release, to_look_at(found), before.made_at, before.files, command)
