"""The shift log of one resident as a paper: what it holds, and the record that it was made.

Nobody else is in the answer: no name, no alias, no case code, neither of those a line is about nor
of anybody else who is or ever was here. So no report can print them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from sqlalchemy import bindparam, or_, select

from shelter_desk.desk.base import Area, Command, Read, Write, asks, milliseconds
from shelter_desk.desk.merge_rules import names_of_writings, records_of_person
from shelter_desk.desk.missing_rows import unknown
from shelter_desk.desk.rows import RowValues, find
from shelter_desk.desk.sealing import IDENTITY, KeyNotHeldError, resident_place
from shelter_desk.desk.shift_log import LinesWanted, ShiftLine, shift_lines
from shelter_desk.domain.errors import InvalidError
from shelter_desk.domain.naming import Named, names_of, told, without, words_of
from shelter_desk.domain.people import folded
from shelter_desk.domain.scripts import runs_on
from shelter_desk.domain.staff import May
from shelter_desk.store import schema
from shelter_desk.store.schema_merging import is_of_person
from shelter_desk.store.schema_missing import paper_disclosure
from shelter_desk.store.sql import Statement

PAPER = "shift-log"
ANOTHER = "[another resident]"
_MOST_LINES = 5_000
_UNSPACED_NAMES = range(2, 7)  # letters
_CODE = re.compile(r"(?<!\w)[A-Z]-[0-9]{3}(?!\w)", re.IGNORECASE)
_stay, _resident, _index = schema.stay, schema.resident, schema.resident_index

_ALSO_HERE = Statement(
    select(
        _resident.c.id,
        _resident.c.public_id,
        _index.c.called,
        _resident.c.case_code,
        _resident.c.legal_name_sealed,
        _resident.c.also_known_sealed,
    )
    .select_from(_stay)
    .join(_resident, _resident.c.id == _stay.c.resident_id)
    .join(_index, _index.c.resident_id == _resident.c.id)
    .where(
        _stay.c.began_at < bindparam("until"),
        or_(_stay.c.ended_at.is_(None), _stay.c.ended_at > bindparam("since")),
        ~is_of_person(_stay.c.resident_id, bindparam("person")),
    )
    .distinct()
)
_CALLED_SO = Statement(
    select(_index.c.called).where(
        _index.c.folded >= bindparam("low"),
        _index.c.folded < bindparam("high"),
        ~is_of_person(_index.c.resident_id, bindparam("person")),
    )
)
_OWN = Statement(
    select(_index.c.called, _resident.c.case_code)
    .select_from(_resident)
    .join(_index, _index.c.resident_id == _resident.c.id, isouter=True)
    .where(_resident.c.id == bindparam("resident_id"))
)


@dataclass(frozen=True, slots=True)
class PaperLine:
    """One line as it may be printed. `with_others`: it is about other residents too."""

    happened_at: datetime
    entered_at: datetime
    who: str
    chips: tuple[str, ...]
    text: str
    with_others: bool
    is_late_entry: bool
    is_withdrawn: bool
    former: tuple[PaperLine, ...] = ()


@dataclass(frozen=True, slots=True)
class ShiftPaper:
    """The log of one resident, the oldest line first. `left_out`: somebody else was named."""

    called: str
    case_code: str
    since: datetime
    until: datetime
    lines: tuple[PaperLine, ...]
    left_out: bool


@asks(May.WRITE_CARE)
def shift_paper(read: Read, *, stay_id: str, since: datetime, until: datetime) -> ShiftPaper:
    """Return what a paper for the resident of a stay holds: their lines, and nobody else's name.

    Raises:
        NotFoundError: when there is no such stay.
        KeyNotHeldError: when the person asking may not read who the others are: nobody who could
            not tell a name from another word may let a log out.
    """
    if not read.sealer.may_open(IDENTITY):
        raise KeyNotHeldError
    stay = find(read.reader, _stay, stay_id)
    wanted = LinesWanted(since, until, stay_id)
    found = shift_lines.answer(read, wanted=wanted, most=_MOST_LINES)
    called, code = read.reader.row(_OWN, resident_id=stay["resident_id"]) or ("", "")
    blind = _Blind(read, stay, called or code, wanted)
    blind.learn(found)
    lines = tuple(blind.line(one) for one in reversed(found))
    return ShiftPaper(called or code, code, since, until, lines, blind.left_out)


class _Blind:
    """Takes everybody but one resident out of lines; records joined with theirs are theirs."""

    def __init__(self, read: Read, stay: RowValues, called: str, wanted: LinesWanted) -> None:
        self._read, self._wanted, self._called = read, wanted, called
        records = records_of_person(read.reader, stay["resident_id"])
        self._person = records[0]
        self._stays = names_of_writings(read.reader, stay["public_id"])
        known = [read.reader.row(_OWN, resident_id=key) or ("", "") for key in records]
        self._codes = {code for _, code in known}
        self._own = {
            folded(one.name) for name, code in known for one in names_of("", name or code, code)
        }
        self._others: list[Named] = []
        self.left_out = False

    def learn(self, lines: Iterable[ShiftLine]) -> None:
        """Learn who must not be named: who was here too, and whoever is called like a word."""
        span = {
            "since": milliseconds(self._wanted.since),
            "until": milliseconds(self._wanted.until),
        }
        rows = self._read.reader.rows(_ALSO_HERE, person=self._person, **span)
        for key, public_id, called, code, legal, also_known in rows:
            aliases = self._identity(key, public_id, "also_known", also_known)
            legal_name = self._identity(key, public_id, "legal_name", legal)
            self._know((called, code, legal_name, *re.split(r"[,;/\n]", aliases)))
        words = {word for text in _texts(lines) for word in words_of(text)}
        parts = {part for word in words for part in _parts_of(word)}
        for one in sorted(words | parts):
            self._look_up(one)
        self._others = list(dict.fromkeys(self._others))

    def line(self, line: ShiftLine) -> PaperLine:
        """Return a line with nobody else in it."""
        text = without(line.marked, self._others, ANOTHER)
        text = told(text, lambda stay: self._called if stay in self._stays else ANOTHER)
        text = _CODE.sub(self._code_of, text)
        with_others = any(one.stay_id not in self._stays for one in line.people)
        self.left_out = self.left_out or with_others or ANOTHER in text
        return PaperLine(
            happened_at=line.happened_at,
            entered_at=line.entered_at,
            who=line.who,
            chips=line.chips,
            text=text,
            with_others=with_others,
            is_late_entry=line.is_late_entry,
            is_withdrawn=line.is_withdrawn,
            former=tuple(self.line(one) for one in line.former),
        )

    def _code_of(self, found: re.Match[str]) -> str:
        return found[0] if found[0].upper() in self._codes else ANOTHER

    def _identity(self, key: int, public_id: str, field: str, sealed: bytes | None) -> str:
        place = resident_place(public_id, field)
        return self._read.sealer.open(self._read.reader, key, place, sealed)

    def _know(self, names: Iterable[str], *, as_written: bool = False) -> None:
        for name in (one.strip() for one in names):
            self._others += [
                one
                for one in names_of("", name, as_written=as_written)
                if folded(one.name) not in self._own
            ]

    def _look_up(self, word: str) -> None:
        # Anybody who was ever here. "hope" is a word, "Hope" may be somebody; most scripts have
        # no capitals, so that any word may be.
        if word[0].islower() or not word[0].isalpha() or folded(word) in self._own:
            return
        low = folded(word)
        for high, start in ((low + "\0", low), (low + "!", low + " ")):
            rows = self._read.reader.rows(_CALLED_SO, low=start, high=high, person=self._person)
            if rows:
                self._others.append(Named("", word, as_written=True))
                self._know((called for (called,) in rows), as_written=True)


def _parts_of(word: str) -> Iterator[str]:
    """Yield what may be a name inside of letters that no space divides."""
    if runs_on(word):
        for size in _UNSPACED_NAMES:
            yield from (word[at : at + size] for at in range(len(word) - size + 1))


def _texts(lines: Iterable[ShiftLine]) -> Iterable[str]:
    for line in lines:
        yield line.marked
        yield from (one.marked for one in line.former)


@dataclass(frozen=True)
class DiscloseShiftLog(Command):
    """The log of one resident is about to be printed: on what legal basis."""

    action: ClassVar[str] = "paper.disclose"
    needs: ClassVar[May] = May.WRITE_CARE
    touches: ClassVar[Area] = Area.CUSTODY

    stay_id: str
    basis: str

    def apply(self, write: Write) -> str:
        """Write the disclosure down."""
        problems = unknown(write, "incident-report-basis", "basis", (self.basis,))
        if problems:
            raise InvalidError(tuple(problems))
        stay = find(write.writer, _stay, self.stay_id)
        write.about(stay["resident_id"])
        write.add(
            paper_disclosure,
            stay_id=stay["id"],
            paper=PAPER,
            recipient=self.basis,
            basis=self.basis,
            parts="one-resident",
            made_at=write.now_ms,
            staff_id=write.who.staff.id,
        )
        write.reason = f"{PAPER}:{self.basis}"
        return self.stay_id
