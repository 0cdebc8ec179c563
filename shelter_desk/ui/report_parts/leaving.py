"""The work of letting a report out, off the main thread: written down, written, read back."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from shelter_desk.desk import Area
from shelter_desk.disclosure import Refused
from shelter_desk.exports.problems import ReadBackError
from shelter_desk.exports.report_handing import (
    HandedOut,
    ReportQuestion,
    ToWhom,
    hand_over,
)
from shelter_desk.exports.summary_release import (
    PreparedSummary,
    SummaryQuestion,
    prepare_summary,
)
from shelter_desk.exports.whole_files import read_together, write_together
from shelter_desk.ui.jobs import Aside
from shelter_desk.ui.shared import Shared


@dataclass(frozen=True, slots=True)
class Finished:
    """What a report left behind in the records, in the shape that pages listen for."""

    subject: str = ""
    touches: Area = Area.CUSTODY | Area.AUDIT
    undo: None = None


def nothing(_early: object) -> None:
    """Take no notice of a first safe version: the best one is a moment away."""


def worked_out(question: SummaryQuestion, aside: Aside) -> PreparedSummary | Refused:
    """Protect the tables. Touches no records."""
    return prepare_summary(question, stop=aside.stop)


def handed(shared: Shared, question: ReportQuestion, to: ToWhom) -> HandedOut:
    """Hand an exact report over. Runs off the main thread, so pages are told later."""
    return hand_over(shared.desk, question, to)


def released(shared: Shared, prepared: PreparedSummary) -> HandedOut:
    """Write safe tables into the ledger, and return their files."""
    return HandedOut(prepared.hand_out(shared.desk.do), prepared.to_look_at)


def saved(work: Callable[[], HandedOut], place: Path, name: str) -> tuple[Path, str]:
    """Do the work, write its files, read them back; return the folder and what to look at."""
    out = work()
    folder = write_together(place, name, out.files)
    _must_be(read_together(folder), out.files)
    return folder, out.look_at


def _must_be(read: Mapping[str, bytes], written: Mapping[str, bytes]) -> None:
    if dict(read) != dict(written):
        raise ReadBackError
