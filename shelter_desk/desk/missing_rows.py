"""What the acts of a time missing from care share: its row, its events, its notices."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import NoReturn

from sqlalchemy import bindparam, func, select

from shelter_desk.desk.base import Write, milliseconds
from shelter_desk.desk.happenings import about_stay
from shelter_desk.desk.lending import lend
from shelter_desk.desk.rows import RowValues, find
from shelter_desk.desk.sealing import Compartment
from shelter_desk.desk.starting import begin_event, take_back_event
from shelter_desk.domain.errors import InvalidError, Problem
from shelter_desk.domain.missing import Duty
from shelter_desk.store import schema
from shelter_desk.store.schema_missing import missing_episode, notice
from shelter_desk.store.sql import Statement

NOTICES = Statement(select(notice.c.id).where(notice.c.episode_id == bindparam("episode_id")))
"""The keys of the notices of an episode."""


_NO_ROW = -1
_BETWEEN = Statement(
    select(func.count()).where(
        missing_episode.c.stay_id == bindparam("stay_id"),
        missing_episode.c.id != bindparam("but"),
        missing_episode.c.withdrawn_at.is_(None),
        missing_episode.c.discovered_at < bindparam("until"),
        missing_episode.c.returned_at > bindparam("since"),
        missing_episode.c.returned_at <= bindparam("now"),
    )
)


def open_episode(write: Write, episode_id: str) -> RowValues:
    """Return an episode that may still be written in, and say whom the event is about.

    Raises:
        InvalidError: when it is closed or was taken back.
    """
    row = find(write.writer, missing_episode, episode_id)
    about_stay(write, row["stay_id"])
    if row["closed_at"] is not None or row["withdrawn_at"] is not None:
        refuse("episode_id", "This is closed. Nothing can be added to it.")
    return row


def seal(
    write: Write, episode_id: str, place: str, text: str, compartment: Compartment
) -> bytes | None:
    """Return a field of an episode sealed for the readers of its class; None for no text.

    While the episode is open, whoever is at the desk opens it too: they call the police.
    """
    lend(write, place, text, (None,), matter_of(episode_id))
    return write.seal(place, text, compartment) if text else None


def card_place(episode_id: str) -> str:
    """Return the place that the card of when they were last seen is sealed to."""
    return f"{matter_of(episode_id)}:card"


def lend_again(write: Write, row: RowValues) -> None:
    """Put the card of an episode that is open again at hand, as far as its class is open here."""
    place = card_place(row["public_id"])
    text = write.sealer.try_open(write.writer, write.resident_id or 0, place, row["card_sealed"])
    if text:
        lend(write, place, text, (None,), matter_of(row["public_id"]))


def refuse_between(write: Write, row: RowValues, since: int, until: int, field: str) -> None:
    """Pass unless another absence of the stay was going on in a stretch of time.

    `row` needs its `stay_id`, and its `id` where it is written down already. An absence of which
    somebody came back at a moment still to come, by a clock that ran ahead, forbids nothing.
    """
    span = {"since": since, "until": until, "now": write.now_ms}
    if write.writer.value(_BETWEEN, stay_id=row["stay_id"], but=row.get("id", _NO_ROW), **span):
        refuse(field, "Another absence of theirs is written down for that time.")


def matter_of(episode_id: str) -> str:
    """Return what everything lent for an episode ends with."""
    return f"missing_episode:{episode_id}"


def happened(write: Write, stay_id: int, code: str, at_ms: int) -> str:
    """Record an event of the stay, open what it starts, and return its public id."""
    return begin_event(write, stay_id, code, at_ms)


def withdraw_events(write: Write, keys: str) -> None:
    """Take back the events with these ids; what they started is no longer due."""
    for key in keys.split():
        take_back_event(write, find(write.writer, schema.stay_event, key))


def owe(write: Write, episode: int, stage: str, duties: Iterable[Duty], since: datetime) -> None:
    """Insert the notices that are owed from a moment on, each with the instant it is due."""
    for duty in duties:
        write.add(
            notice,
            episode_id=episode,
            stage=stage,
            recipient=duty.recipient,
            item_id=duty.item_id,
            due_at=milliseconds(duty.due_at(since, write.house.zone)),
        )


def unknown(write: Write, list_id: str, field: str, codes: Iterable[str]) -> list[Problem]:
    """Return a problem for the field when a code is not in its list."""
    known = {value.code for value in write.care_model.values(list_id)}
    wrong = [code for code in codes if code not in known]
    return [Problem(field, "Choose from the list.")] if wrong else []


def refuse(field: str, message: str) -> NoReturn:
    """Refuse with a problem of one field."""
    raise InvalidError((Problem(field, message),))
