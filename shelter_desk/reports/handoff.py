"""The handoff sheet on paper: case codes, no names; read out, signed, and shredded at the end."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from zoneinfo import ZoneInfo

from shelter_desk.desk.appointments import LEFT, AppointmentLine
from shelter_desk.desk.handoff_lines import (
    HandoffSheet,
    ResidentSheet,
    by_person,
    of_the_house,
)
from shelter_desk.desk.shift_log import ShiftLine
from shelter_desk.domain.care_model import CareModel
from shelter_desk.domain.naming import told
from shelter_desk.reports import pdf
from shelter_desk.reports.blocks import (
    Block,
    Facts,
    Furniture,
    Heading,
    PageSize,
    Paper,
    Points,
    Table,
    Text,
    Tone,
    WriteOn,
)
from shelter_desk.reports.staffing import staffing_sentence
from shelter_desk.reports.wording import plain_date

_NOTICE = "Confidential. For staff on duty only; shred it at the end of the shift."


def handoff_pdf(found: HandoffSheet, *, model: CareModel, zone: ZoneInfo) -> bytes:
    """Return the sheet as a PDF, made in memory for the printer."""
    return pdf.make_pdf(handoff_paper(found, model=model, zone=zone))


def handoff_paper(
    found: HandoffSheet, *, model: CareModel, zone: ZoneInfo, size: PageSize = PageSize.LETTER
) -> Paper:
    """Return the sheet as a paper, not yet set. Residents stand on it by their case codes."""
    return Paper(
        furniture=Furniture(title="Shift handoff", owner="", notice=_NOTICE),
        blocks=tuple(_Sheet(found, model, zone).blocks()),
        size=size,
    )


class _Sheet:
    """Puts one sheet into the words of a paper."""

    def __init__(self, found: HandoffSheet, model: CareModel, zone: ZoneInfo) -> None:
        self._found, self._model, self._zone = found, model, zone
        self._codes = {one.stay_id: one.case_code for one in found.residents}
        for one in found.residents:
            for line in (*one.must_know, *one.lines):
                self._codes |= {who.stay_id: who.case_code for who in line.people}
        for one in found.residents:  # one person, one code
            self._codes |= dict.fromkeys(one.also, one.case_code)

    def blocks(self) -> Iterator[Block]:
        found = self._found
        yield Heading("Shift handoff")
        yield Text(f"{self._moment(found.since)} to {self._moment(found.at)}", Tone.MUTED)
        yield Facts(tuple(self._facts()))
        first = tuple(self._first())
        if first:
            yield Heading("First of all", 2)
            yield Points(first)
        yield from self._people()
        yield WriteOn(("Handed over by, time", "Taken over by, time"))

    def _people(self) -> Iterator[Block]:
        """Yield of whom must be read, then the house, then the others, as on screen."""
        first, others, silent = self._found.folded()
        if first:
            yield Table(
                title=_counted(len(first), "1 resident to know of", "{} residents to know of"),
                columns=("Resident", "The day", "What to know"),
                rows=tuple((self._who(one), self._day(one), self._know(one)) for one in first),
            )
        if self._found.house:
            yield Heading("The house", 2)
            yield Points(tuple(self._house()))
        if others:
            yield Table(
                title=_counted(len(others), "1 resident besides", "{} residents besides"),
                columns=("Resident", "What was written"),
                rows=tuple((self._who(one, ", "), self._in_a_line(one)) for one in others),
            )
        if silent:
            codes = ", ".join(self._who(one, " ") for one in silent)
            yield Text(f"Nothing was written about {codes}.")

    def _house(self) -> Iterator[str]:
        lines, left = of_the_house(self._found.house)
        for line in lines:
            yield f"MUST KNOW: {self._words(line)}" if line.must_know else self._words(line)
        if left:
            yield f"and {left} more lines in the log"

    def _in_a_line(self, one: ResidentSheet) -> str:
        """Return a quiet time in one line: the everyday words, what is open, what was written."""
        written = [self._text(line) for line in one.written]
        return "  ·  ".join([*self._day(one).splitlines(), *written])

    def _facts(self) -> Iterator[tuple[str, str]]:
        found = self._found
        yield "In the house by the records", f"{found.expected} of {found.in_house} residents"
        yield "Staff", staffing_sentence(found.staffing)
        last = found.last
        if last is not None and last.until >= found.since:
            yield "Counted", f"{last.counted}{f'; {last.why}' if last.why else ''}"
            yield "On duty", str(last.on_duty)
            yield "Handed over by", f"{last.outgoing}, {self._moment(last.until)}"
            yield "Taken over by", last.incoming or "nobody yet"

    def _first(self) -> Iterator[str]:
        label = self._model.label
        for one in self._found.residents:
            if one.missing_since is not None:
                yield f"{one.case_code} is missing since {self._moment(one.missing_since)}"
        for late, count in by_person(self._found.critical):
            who, due = late.case_code or "The house", self._moment(late.due_at)
            who += " (has left)" if late.has_left else ""
            yield f"{who}: {count} overdue, safety first; the oldest: {late.text} (due {due})"
        for owed in self._found.owed:
            recipient = label("notice-recipients", owed.recipient)
            yield f"{recipient} must be told by {self._moment(owed.due_at)}"
        for code in self._found.house_incidents:
            yield f"Incident: {label('incident-types', code)}"

    def _who(self, one: ResidentSheet, between: str = "\n") -> str:
        parts = [one.case_code, one.bed]
        if one.arrived_at is not None:
            parts.append(f"new, {self._moment(one.arrived_at)}")
        if one.left_at is not None:
            parts.append(f"left {self._moment(one.left_at)}")
        if one.missing_since is not None:
            parts.append("missing")
        return between.join(part for part in parts if part)

    def _day(self, one: ResidentSheet) -> str:
        label = self._model.label
        parts = [label("shift-chips", code) for code in one.chips]
        parts += [f"Incident: {label('incident-types', code)}" for code in one.incidents]
        parts += [
            f"{self._moment(line.starts_at)} {line.kind_name}, {line.state}{_gone(line)}"
            for line in one.appointments
        ]
        if one.left_at is None:
            parts.append(f"{one.overdue} overdue of {one.open_items} open items")
        return "\n".join(parts)

    def _know(self, one: ResidentSheet) -> str:
        parts = [f"MUST KNOW: {self._words(line)}" for line in one.must_know]
        if one.more_must_know:
            parts.append(f"and {one.more_must_know} more in the log")
        parts.append("  ·  ".join(self._text(line) for line in one.written))
        return "\n".join(part for part in parts if part)

    def _words(self, line: ShiftLine) -> str:
        chips = ", ".join(self._model.label("shift-chips", code) for code in line.chips)
        return ". ".join(part for part in (chips, self._text(line)) if part)

    def _text(self, line: ShiftLine) -> str:
        return told(line.marked, lambda stay: self._codes.get(stay, "a resident"))

    def _moment(self, moment: datetime) -> str:
        local = moment.astimezone(self._zone)
        return f"{plain_date(local.date())}, {local:%H:%M}"


def _gone(line: AppointmentLine) -> str:
    return ", they have left the house" if LEFT in line.lacks else ""


def _counted(count: int, one: str, many: str) -> str:
    return one if count == 1 else many.format(count)
