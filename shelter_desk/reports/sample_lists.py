"""One incident, or one staff file, of a reviewer's sample; see `sample_record`."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from shelter_desk.domain.record_lines import IncidentDrawn
from shelter_desk.reports.blocks import Block, Facts, Heading, Table, Text, Tone
from shelter_desk.reports.sample_record import marked_pdf

_NO_DAYS = (
    "Left out by the rules: names, dates, places, every word that somebody wrote, and who was "
    "part of it. Of people it says about how many."
)
_NO_NAMES = (
    "Left out by the rules: name, dates and numbers of papers. Each paper stands as on the last "
    "day of the period."
)


@dataclass(frozen=True, slots=True)
class DrawnFrom:
    """What was drawn: its label, its place in the list, the period, and on what ground."""

    label: str
    place: int
    period_label: str
    basis: str

    @property
    def facts(self) -> tuple[tuple[str, str], ...]:
        """Return what stands at the head of the sheet."""
        return (
            ("Place in the list", f"{self.place:,}"),
            ("Period", self.period_label),
            ("Ground", self.basis),
        )


@dataclass(frozen=True, slots=True)
class StaffFile:
    """The file of one member of staff in words; `papers` and `hours` are lines of two cells."""

    roles: tuple[str, ...]
    whole_period: bool
    agreement: str
    papers: tuple[tuple[str, str], ...]
    hours: tuple[tuple[str, str], ...]


def sample_incident_pdf(found: DrawnFrom, drawn: IncidentDrawn) -> bytes:
    """Return an incident that the dice drew as a PDF; every page says that it is of a sample."""
    return marked_pdf(f"Incident {found.label}", found.period_label, _incident(found, drawn))


def sample_staff_pdf(found: DrawnFrom, file: StaffFile) -> bytes:
    """Return a staff file that the dice drew as a PDF; every page says that it is of a sample."""
    return marked_pdf(f"Staff file {found.label}", found.period_label, _staff(found, file))


_DEBRIEF = {None: "not owed", True: "held", False: "not held"}


def _incident(found: DrawnFrom, drawn: IncidentDrawn) -> Iterator[Block]:
    shown = drawn.shown
    yield Heading(f"Incident {found.label}")
    yield Text(_NO_DAYS, Tone.MUTED)
    yield Facts(
        (
            *found.facts,
            ("Type", ", ".join(shown.types)),
            ("Quarter", shown.quarter),
            ("Shift", shown.shift),
            ("Residents with a part in it", drawn.residents),
            ("Seen by somebody who treats", "yes" if shown.was_treated else "no"),
            ("Debrief", _DEBRIEF[shown.debrief]),
            ("Report", "filed" if shown.is_filed else "open"),
            ("Closed", "yes" if shown.is_closed else "no"),
            ("Steps that followed, done by their day", f"{drawn.steps_done} of {drawn.steps}"),
        )
    )
    yield Table(
        "Who had to be told",
        ("Who", "In time"),
        tuple((who, "yes" if in_time else "no") for who, in_time in shown.told),
        "" if shown.told else "Nobody.",
    )


def _staff(found: DrawnFrom, file: StaffFile) -> Iterator[Block]:
    yield Heading(f"Staff file {found.label}")
    yield Text(_NO_NAMES, Tone.MUTED)
    yield Facts(
        (
            *found.facts,
            ("Roles", ", ".join(file.roles)),
            ("Worked here", "the whole period" if file.whole_period else "part of the period"),
            ("Confidentiality agreement", file.agreement),
        )
    )
    yield Table("Papers on file", ("Paper", "State"), file.papers, _none(file.papers))
    yield Table("Training", ("Training", "Hours in the period"), file.hours, _none(file.hours))


def _none(lines: tuple[tuple[str, str], ...]) -> str:
    return "" if lines else "None."
