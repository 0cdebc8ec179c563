"""The facts sheet for the police: what it needs, and the record that it was made.

A paper about one resident that leaves is a disclosure. It is written down before its first byte is
made: to whom, on what legal basis, which fields. It holds what helps to search, and nothing else:
no reason for the stay, no history, no address.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import ClassVar

from shelter_desk.desk.base import Area, Command, Read, Write, asks
from shelter_desk.desk.missing_record import Episode, episode
from shelter_desk.desk.missing_rows import open_episode, unknown
from shelter_desk.desk.roster import ResidentRecord, record
from shelter_desk.desk.rows import key_of
from shelter_desk.desk.same_person import joined
from shelter_desk.domain.errors import InvalidError, NotPermittedError
from shelter_desk.domain.staff import May
from shelter_desk.store.schema_missing import missing_episode, paper_disclosure

PAPER, RECIPIENT = "police-sheet", "police"


@dataclass(frozen=True, slots=True)
class SheetFacts:
    """What stands on the sheet, ready to read: empty where nothing is known.

    `legal_name` and `born_on` are None where the identity part is closed to who makes the sheet;
    it leaves a line to write them on. `also` are the names of records that are joined with theirs:
    whoever searches asks for both.
    """

    called: str
    legal_name: str | None
    born_on: date | None
    age: int | None
    pronouns: str
    language: str
    discovered_at: datetime
    seen: tuple[tuple[str, str], ...]
    risks: tuple[str, ...]
    notes: tuple[str, ...] = ()
    also: tuple[str, ...] = ()

    def parts(self) -> tuple[str, ...]:
        """Return the names of the fields that say something, for the record."""
        own = ("called", "legal_name", "also", "born_on", "age", "pronouns", "language")
        named = [name for name in own if getattr(self, name)]
        seen = [name for name, text in self.seen if text]
        return (*named, *seen, *(("risks",) if self.risks else ()))


@asks(May.WRITE_CARE)
def police_sheet_facts(read: Read, *, episode_id: str, now: datetime) -> SheetFacts:
    """Return the facts of a sheet, as far as the person asking may open them.

    Raises:
        NotPermittedError: when they may not open when the resident was last seen.
    """
    found = episode.answer(read, episode_id=episode_id)
    if found.card is None:
        raise NotPermittedError
    stay_id = found.line.stay_id
    known = record.answer(read, stay_id=stay_id, now=now)
    again = [
        record.answer(read, stay_id=one.stay_id, now=now)
        for one in joined.answer(read, stay_id=stay_id).closed
    ]
    return _facts(read, found, known, again)


def _facts(
    read: Read, found: Episode, known: ResidentRecord, again: list[ResidentRecord]
) -> SheetFacts:
    """Return what both of two joined records know; where they differ, that which goes on."""
    card, label = found.card, read.care_model.label
    if card is None:
        raise NotPermittedError
    both = (known, *again)
    legal_name = next((one.legal_name for one in both if one.legal_name), known.legal_name)
    told = ("", known.called, legal_name)
    others = (name for one in again for name in (one.called, one.legal_name or ""))
    names = ("seen_at", "place", "wearing", "looks", "company", "carries", "likely")
    return SheetFacts(
        called=known.called,
        legal_name=legal_name,
        born_on=next((one.born_on for one in both if one.born_on), known.born_on),
        age=next((one.age for one in both if one.age is not None), None),
        pronouns=next((one.pronouns for one in both if one.pronouns), ""),
        language=next((one.language for one in both if one.language), ""),
        discovered_at=found.line.discovered_at,
        seen=tuple((name, getattr(card, name)) for name in names),
        risks=tuple(label("missing-risks", code) for code in card.risks),
        also=tuple(dict.fromkeys(one for one in others if one not in told)),
    )


@dataclass(frozen=True)
class DisclosePoliceSheet(Command):
    """A facts sheet is about to be made for the police, on a legal basis of the list."""

    action: ClassVar[str] = "paper.disclose"
    needs: ClassVar[May] = May.WRITE_CARE
    touches: ClassVar[Area] = Area.MISSING | Area.CUSTODY

    episode_id: str
    basis: str
    parts: tuple[str, ...]

    def apply(self, write: Write) -> str:
        """Write the disclosure down."""
        row = open_episode(write, self.episode_id)
        problems = unknown(write, "police-sheet-basis", "basis", (self.basis,))
        if problems:
            raise InvalidError(tuple(problems))
        public_id = write.new_public_id()
        write.add(
            paper_disclosure,
            public_id=public_id,
            stay_id=row["stay_id"],
            episode_id=key_of(write.writer, missing_episode, self.episode_id),
            paper=PAPER,
            recipient=RECIPIENT,
            basis=self.basis,
            parts=" ".join(self.parts),
            made_at=write.now_ms,
            staff_id=write.who.staff.id,
        )
        write.reason = f"{PAPER}:{self.basis}"
        return public_id
