"""From "Release" to the files: a director's approval, the ledger, a folder, the check."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import cast

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from shelter_desk.desk import Desk
from shelter_desk.desk.agreeing import Second
from shelter_desk.desk.approving import Approval, approval_text, directors
from shelter_desk.desk.second_person import unlocked_colleague
from shelter_desk.domain.periods import Period
from shelter_desk.exports.problems import ReadBackError
from shelter_desk.exports.summary_plan import PreparedYear
from shelter_desk.exports.summary_release import PreparedSummary
from shelter_desk.exports.whole_files import read_together, write_together
from shelter_desk.reports.summary_check import verify_summary
from shelter_desk.ui.second_sheet import SecondSheet
from shelter_desk.ui.shared import Shared

Prepared = PreparedSummary | PreparedYear
Folders = Mapping[str, Mapping[str, bytes]]


class Saving(QObject):
    """Releases what is prepared. `started`, then `saved` (folder, checks) or `failed` (error)."""

    started = Signal()
    saved = Signal(str, int)
    failed = Signal(Exception)

    def __init__(self, page: QWidget, shared: Shared, choose: Callable[[], str]) -> None:
        super().__init__(page)
        self._page, self._shared, self._choose = page, shared, choose
        self._prepared: Prepared | None = None
        self._audience = self._recipient = ""

    def release(self, prepared: Prepared, audience: str, recipient: str) -> None:
        """Ask a director where none is at the desk, then for a folder, then release and save."""
        self._prepared, self._audience, self._recipient = prepared, audience, recipient
        able = self._shared.ask(directors)
        if not able or not prepared.certificates:
            self._save_somewhere(None)
            return
        sheet = SecondSheet(
            self._shared, able, self._approved(prepared), self._agreed, as_two=False
        )
        sheet.open_over(self._page, sheet.words)

    def _approved(self, prepared: Prepared) -> str:
        """Say what a director approves: of when, for whom, how much of it is shown."""
        whom = self._recipient or self.tr("everybody")
        words = self.tr(
            "A director approves every release, and signs this very one: {0}, for {1}. {2}"
        )
        made = (
            {prepared.release.period: prepared}
            if isinstance(prepared, PreparedSummary)
            else prepared.summaries
        )
        told = self.tr("{0} of {1} figures are shown.")
        shown = sum(one.release.shown for one in made.values())
        every = shown + sum(one.release.withheld for one in made.values())
        periods = ", ".join(Period.parse(period).label for period in made)
        return words.format(periods, whom, told.format(shown, every))

    def forget(self) -> None:
        """Something else is prepared now, or nothing."""
        self._prepared = None

    def _agreed(self, second: Second) -> None:
        if self._prepared is None:
            return
        work = partial(
            _approval,
            cast("Desk", self._shared.desk),
            second,
            self._prepared.certificates,
            self._recipient,
        )
        self._shared.jobs.run(self, work, self._save_somewhere, self._shared.tell)

    def _save_somewhere(self, approval: Approval | None) -> None:
        prepared = self._prepared
        place = self._choose() if prepared is not None else ""
        if prepared is None or not place or prepared is not self._prepared:
            return
        if isinstance(prepared, PreparedSummary):
            files = prepared.hand_out(self._shared.attempt, approval)
            made: Folders = {prepared.release.period: files} if files else {}
        else:
            made = prepared.hand_out(self._shared.attempt, approval)
        if not made:
            return
        self.started.emit()
        folders = {f"Summary {p} {self._audience}": files for p, files in made.items()}
        work = partial(_save, folders, Path(place))
        self._shared.jobs.run(self, work, self._all_saved, self.failed.emit)

    def _all_saved(self, told: tuple[str, int]) -> None:
        self.saved.emit(*told)


def _approval(
    desk: Desk, second: Second, certificates: tuple[str, ...], recipient: str
) -> Approval:
    """Return a director's signature over what is released."""
    said = desk.ask(approval_text, certificates=certificates, recipient=recipient)
    keys = unlocked_colleague(desk.folder, second.staff_id, second.passphrase, desk.now())
    return Approval(second.staff_id, keys.sign(said))


def _save(folders: Folders, place: Path) -> tuple[str, int]:
    """Write the files, read them back, check them; return folders and the number of checks."""
    names, checks = [], 0
    for name, files in folders.items():
        folder = write_together(place, name, files)
        verdict = verify_summary(read_together(folder))
        if not verdict.ok:
            raise ReadBackError
        names.append(folder.name)
        checks += len(verdict.checks)
    return ", ".join(names), checks
