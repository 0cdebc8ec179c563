"""Residents and their stays: every question and command about them, from one place."""

from __future__ import annotations

from shelter_desk.desk.arriving import CorrectArrival
from shelter_desk.desk.intake import Admit, Correct
from shelter_desk.desk.leaving import CorrectExit, RecordExit, ReopenStay
from shelter_desk.desk.roster import (
    FoundLine,
    ResidentRecord,
    RosterLine,
    record,
    roster,
    search,
)
from shelter_desk.desk.stays import MoveBed, NoteOpened, NoteSearched, PlanExit

__all__ = [
    "Admit",
    "Correct",
    "CorrectArrival",
    "CorrectExit",
    "FoundLine",
    "MoveBed",
    "NoteOpened",
    "NoteSearched",
    "PlanExit",
    "RecordExit",
    "ReopenStay",
    "ResidentRecord",
    "RosterLine",
    "record",
    "roster",
    "search",
]
