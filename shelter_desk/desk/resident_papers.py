"""Papers for a young person: the words that came with the program, and that one was made."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from shelter_desk.desk.base import Area, Command, Write
from shelter_desk.desk.rows import find
from shelter_desk.domain.errors import ContentError, InvalidError, Problem
from shelter_desk.domain.file_looks import LOOKED_PAPER
from shelter_desk.domain.resident_papers import ResidentPapers, read_resident_papers
from shelter_desk.domain.staff import May
from shelter_desk.paths import resources
from shelter_desk.store import schema
from shelter_desk.store.schema_missing import paper_disclosure

RECIPIENT, BASIS = "resident", "own-record"


def resident_paper_files() -> dict[str, str]:
    """Return language code -> text of the shipped files."""
    try:
        return {
            file.stem: file.read_text("utf-8")
            for file in sorted((resources() / "papers").glob("*.toml"))
        }
    except (OSError, UnicodeDecodeError) as error:
        words = "the papers for young people cannot be read"
        raise ContentError((Problem("papers", words),)) from error


def shipped_papers() -> ResidentPapers:
    """Return the papers that came with the program, checked whole.

    Raises:
        ContentError: naming everything that is wrong with them.
    """
    return read_resident_papers(resident_paper_files())


@dataclass(frozen=True)
class MakeResidentPaper(Command):
    """A paper is about to be made for the young person it is for, in a language they read."""

    action: ClassVar[str] = "paper.resident"
    needs: ClassVar[May] = May.WRITE_CARE
    touches: ClassVar[Area] = Area.CUSTODY

    stay_id: str
    paper: str
    language: str

    def apply(self, write: Write) -> str:
        """Write down that it was made: which paper, in which language, and what of them is on it.

        Raises:
            InvalidError: there is no such paper or language.
            NotPermittedError: it says who looked, and that is not theirs to open.
        """
        language = shipped_papers().languages.get(self.language)
        if language is None or self.paper not in language.papers:
            field = "paper" if language else "language"
            raise InvalidError((Problem(field, "Choose one of the list."),))
        if self.paper == LOOKED_PAPER:
            write.who.staff.require(May.READ_AUDIT)
        stay = find(write.writer, schema.stay, self.stay_id)
        write.about(stay["resident_id"])
        write.add(
            paper_disclosure,
            stay_id=stay["id"],
            paper=f"{self.paper}.{self.language}",
            recipient=RECIPIENT,
            basis=BASIS,
            parts="called" if language.papers[self.paper].names_them else "nothing",
            made_at=write.now_ms,
            staff_id=write.who.staff.id,
        )
        write.reason = f"{self.paper}:{self.language}"
        return self.stay_id
