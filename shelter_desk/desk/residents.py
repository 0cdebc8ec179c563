"""Residents and their stays: every question and command about them, from one place."""

from __future__ import annotations

from shelter_desk.desk.intake import Admit, Correct
from shelter_desk.desk.roster import (
    FoundLine,
    ResidentRecord,
    RosterLine,
    record,
    roster,
    search,
)
from shelter_desk.desk.stays import MoveBed, NoteOpened, NoteSearched, PlanExit, RecordExit

__all__ = [
    "Admit",
    "Correct",
    "FoundLine",
    "MoveBed",
    "NoteOpened",
    "NoteSearched",
    "PlanExit",
    "RecordExit",
    "ResidentRecord",
    "RosterLine",
    "record",
    "roster",
    "search",
]
