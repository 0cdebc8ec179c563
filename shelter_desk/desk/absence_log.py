"""The absences of a year as a paper: the record that it is made, for whom, on what basis."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from shelter_desk.desk.base import Area, Command, Write
from shelter_desk.desk.missing_rows import unknown
from shelter_desk.desk.rows import find
from shelter_desk.domain.errors import InvalidError
from shelter_desk.domain.staff import May
from shelter_desk.store.schema_missing import missing_episode, paper_disclosure

PAPER = "absence-log"


@dataclass(frozen=True)
class DiscloseAbsenceLog(Command):
    """The log of a year is about to be printed. Only a reader of investigations may."""

    action: ClassVar[str] = "paper.disclose"
    needs: ClassVar[May] = May.WRITE_CARE
    touches: ClassVar[Area] = Area.CUSTODY

    year: int
    basis: str
    episodes: tuple[str, ...]

    def apply(self, write: Write) -> str:
        """Write one disclosure down for every absence that is on the paper."""
        write.staff_may_open("investigation")
        problems = unknown(write, "incident-report-basis", "basis", (self.basis,))
        if problems:
            raise InvalidError(tuple(problems))
        for episode_id in self.episodes:
            row = find(write.writer, missing_episode, episode_id)
            write.add(
                paper_disclosure,
                stay_id=row["stay_id"],
                episode_id=row["id"],
                paper=PAPER,
                recipient=self.basis,
                basis=self.basis,
                parts="log-line",
                made_at=write.now_ms,
                staff_id=write.who.staff.id,
            )
        write.reason = f"{PAPER}:{self.year}:{self.basis}"
        return ""
