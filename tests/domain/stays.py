"""An invented stay, and short ways to ask what is due of it, shared by the tests of due dates."""

from datetime import UTC, datetime, time
from zoneinfo import ZoneInfo

from shelter_desk.domain.care_model import read_care_model
from shelter_desk.domain.due import Answer, Occurred, Shifts, StayFacts, open_occurrences
from shelter_desk.paths import content_files

MODEL = read_care_model(content_files())
NEW_YORK = ZoneInfo("America/New_York")
BERLIN = ZoneInfo("Europe/Berlin")
LORD_HOWE = ZoneInfo("Australia/Lord_Howe")
STARTS = (time(7), time(15), time(23))


def local(*parts, zone=NEW_YORK):
    return datetime(*parts, tzinfo=zone).astimezone(UTC)


ARRIVED = local(2026, 5, 4, 2, 10)  # ten past two at night


def stay(began=ARRIVED, **more):
    return StayFacts(**{"began_at": began, "ended_at": None, "service_opened_at": began, **more})


def due(item_id, facts=None, answers=(), *, zone=NEW_YORK, model=MODEL):
    """Return key -> local wall-clock time of what is open."""
    found = occurrences(item_id, facts or stay(), answers, zone=zone, model=model)
    return {one.key: one.due_at.astimezone(zone).replace(tzinfo=None) for one in found}


def occurrences(item_id, facts, answers=(), *, zone=NEW_YORK, model=MODEL):
    found = open_occurrences(
        model.items[item_id], facts, answers, shifts=Shifts(STARTS, zone), starts=model.starts
    )
    assert all(one.due_at.tzinfo is UTC for one in found)
    return found


def done(key, *parts, outcome="done", until=None):
    return Answer(key, outcome, local(*parts), until)


def event(code, *parts, key="e1"):
    return Occurred(code, local(*parts), key)


def hearing(*parts, key="c1"):
    return event("court-hearing", *parts, key=key)
