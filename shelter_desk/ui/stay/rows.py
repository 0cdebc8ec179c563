"""Checklist items as rows of a list, in words that fit."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from PySide6.QtCore import QCoreApplication

from shelter_desk.desk.plan import AnswerLine, ItemLine
from shelter_desk.ui.dates import show_day, show_moment
from shelter_desk.ui.due_text import due_text, urgency
from shelter_desk.ui.widgets import DueLine, Urgency

TO_DO = ("open", "deferred", "blocked", "signature")


def item_row(item: ItemLine, *, now: datetime, zone: ZoneInfo) -> DueLine:
    """Return the row of an item; its key is the item itself."""
    words, colour = _due(item, now=now, zone=zone)
    return DueLine(
        key=item,
        title=item.text,
        due=words,
        urgency=colour,
        below=_below(item, zone),
        role=item.role_short,
        icon="",
        checked=item.state == "closed",
    )


def answer_words(answer: AnswerLine, zone: ZoneInfo) -> str:
    """Return "Offered, declined: not now · Dana O., 12 Mar 2026, 2:10 am · written down later"."""
    outcome = answer.outcome_label
    if answer.reason_label:
        outcome = _tr("{0}: {1}").format(outcome, answer.reason_label)
    who = _tr("{0}, {1}").format(answer.who, show_moment(answer.done_at, zone))
    late = _tr("written down later") if answer.is_late_entry else ""
    return "  ·  ".join(part for part in (outcome, who, late, answer.note) if part)


def signature_words(answer: AnswerLine) -> str:
    """Return how many of the signatures are there."""
    if answer.needs_signatures - answer.signed == 1 and answer.signed == 1:
        return _tr("Waits for a second person")
    return _tr("{0} of {1} signatures").format(answer.signed, answer.needs_signatures)


def _due(item: ItemLine, *, now: datetime, zone: ZoneInfo) -> tuple[str, Urgency]:
    if item.state == "closed":  # what came of it may be closed to this person
        return item.last.outcome_label if item.last else _tr("dealt with"), Urgency.DONE
    if item.state == "not-open" or item.due_at is None:
        return _tr("not open yet"), Urgency.LATER
    if item.state == "signature":
        return _tr("to be signed"), Urgency.SOON
    if item.state == "blocked":
        return _tr("blocked"), Urgency.SOON
    if item.state == "deferred" and item.due_at > now:  # else it is due again, and says how long
        day = show_day(item.due_at.astimezone(zone).date())
        return _tr("until {0}").format(day), Urgency.LATER
    return due_text(item.due_at, now=now, zone=zone), urgency(item.due_at, now=now, zone=zone)


def _below(item: ItemLine, zone: ZoneInfo) -> str:
    parts = []
    if item.safety_critical and item.state in TO_DO:
        parts.append(_tr("Safety"))
    if not item.may_answer:
        parts.append(_tr("For you to know; {0} answers it").format(item.role_short))
    if item.state == "signature" and item.last is not None:
        parts.append(signature_words(item.last))
    if item.last is not None and item.state != "open":
        parts.append(answer_words(item.last, zone))
    else:
        parts.append(sentence(item.due_words))
    return "  ·  ".join(parts)


def sentence(words: str) -> str:
    """Return words with a capital at the front."""
    return words[:1].upper() + words[1:]


def _tr(text: str) -> str:
    return QCoreApplication.translate("stay", text)
