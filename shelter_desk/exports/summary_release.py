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
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

from shelter_desk.desk.care_counts import care_request
from shelter_desk.desk.counts import snapshot_text, summary_request
from shelter_desk.desk.identifying import identifiers, model_words
from shelter_desk.desk.shelter import settings as shelter_settings
from shelter_desk.desk.summaries import Ledger, RecordSummary, ledger
from shelter_desk.disclosure import Refused, ReleaseRequest, SafeRelease, protect_in_worker
from shelter_desk.domain.identifiers import Identifiers
from shelter_desk.domain.pack_rules import ItemGroup
from shelter_desk.domain.periods import Period
from shelter_desk.exports.scanner import common_words, refuse_identities, to_look_at
from shelter_desk.reports.summary_files import summary_files


class Records(Protocol):
    """The part of an open desk that a summary needs."""

    def now(self) -> datetime:
        """Return the moment, in UTC."""

    def do(self, command: Any, /) -> Any:  # noqa: ANN401 - a command in, a Done out
        """Carry a command out."""

    def ask(self, question: Any, /, *args: Any, **values: Any) -> Any:  # noqa: ANN401 - any question
        """Put a question."""


@dataclass(frozen=True, slots=True)
class SummaryQuestion:
    """All that is taken from the records: the true counts, what is out already, who is who."""

    request: ReleaseRequest = field(repr=False)
    ledger: Ledger = field(repr=False)
    known: Identifiers = field(repr=False)
    common: frozenset[str] = field(repr=False)
    made_at: datetime
    shelter_label: str


@dataclass(frozen=True, slots=True)
class PreparedSummary:
    """A safe release that was not written down yet. Only `hand_out` gives its files.

    `to_look_at` is a sentence about words in the files that a person must judge, or "".
    """

    release: SafeRelease
    to_look_at: str
    _files: Mapping[str, bytes] = field(repr=False)
    _command: RecordSummary = field(repr=False)

    def hand_out(self, record: Callable[[RecordSummary], object | None]) -> Mapping[str, bytes]:
        """Write the release into the ledger, and only then return its files, name -> bytes.

        `record` carries a command out (`desk.do`). Where it returns None, the command was refused
        and there are no files.

        Raises:
            StaleError: another release was written down since the question was asked.
        """
        return {} if record(self._command) is None else self._files


@dataclass(frozen=True, slots=True)
class MadeSummary:
    """A release that stands in the ledger, and its files, name -> bytes."""

    release: SafeRelease
    files: Mapping[str, bytes] = field(repr=False)


def ask_for_summary(records: Records, *, period: str, audience: str) -> SummaryQuestion:
    """Take from the records what a summary of a period needs.

    Raises:
        InvalidError: when the period is not one, or is not over yet.
        NotPermittedError: when the person signed in may make no summary.
    """
    now = records.now()
    shelter_name = records.ask(shelter_settings).name
    return SummaryQuestion(
        request=records.ask(summary_request, period=period, audience=audience, now=now),
        ledger=records.ask(ledger),
        known=records.ask(identifiers),
        common=common_words(records.ask(model_words), shelter_name),
        made_at=now,
        shelter_label=shelter_name,
    )


def prepare_summary(
    question: SummaryQuestion,
    *,
    early: Callable[[PreparedSummary], None] | None = None,
    stop: threading.Event | None = None,
) -> PreparedSummary | Refused:
    """Protect the counts in a worker process, lay the files out in memory, and search them.

    Args:
        question: what to publish.
        early: is given a first safe summary while one with fewer blanks is sought.
        stop: set it to end the work.

    Raises:
        StoppedError: `stop` was set.
        IdentityFoundError: a name, a birth date or the like stands in a file.
    """

    def tell(release: SafeRelease) -> None:
        if early is not None:
            early(_laid_out(question, release))

    release = protect_in_worker(
        question.request,
        earlier=question.ledger.known,
        early=tell if early else None,
        stop=stop,
    )
    return release if isinstance(release, Refused) else _laid_out(question, release)


def make_summary(records: Records, *, period: str, audience: str) -> MadeSummary | Refused:
    """Make the summary of a period, from the question to the files.

    Raises:
        InvalidError: when the period is not one, or is not over yet.
    """
    prepared = prepare_summary(ask_for_summary(records, period=period, audience=audience))
    if isinstance(prepared, Refused):
        return prepared
    return MadeSummary(prepared.release, prepared.hand_out(records.do))


def release_care_counts(
    records: Records, *, period: Period, groups: tuple[ItemGroup, ...] = ()
) -> SafeRelease | Refused:
    """Protect the counts about care of a period, write them into the ledger, hand them out.

    `groups` are the checklist items that stand for documents.

    Raises:
        InvalidError: while the period is not over.
    """
    request = records.ask(care_request, period=period, now=records.now(), groups=groups)
    out = records.ask(ledger)
    release = protect_in_worker(request, earlier=out.known)
    if isinstance(release, SafeRelease):
        records.do(_entry(request, out, release))
    return release


def _laid_out(question: SummaryQuestion, release: SafeRelease) -> PreparedSummary:
    files = summary_files(release, question.made_at, question.shelter_label)
    found = refuse_identities(files, question.known, question.common)
    return PreparedSummary(
        release,
        to_look_at(found),
        files,
        _entry(question.request, question.ledger, release),
    )


def _entry(request: ReleaseRequest, out: Ledger, release: SafeRelease) -> RecordSummary:
    return RecordSummary(release, request.settings.k, snapshot_text(request), after=out.newest)
