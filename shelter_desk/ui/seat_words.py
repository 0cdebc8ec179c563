"""What the inspector's seat says of the draw: whoever threw the dice knows them again."""

from __future__ import annotations

from collections.abc import Iterator
from zoneinfo import ZoneInfo

from PySide6.QtCore import QCoreApplication

from shelter_desk.desk.seat_draws import SeatDraw
from shelter_desk.domain.audit import short_form
from shelter_desk.domain.periods import Period
from shelter_desk.ui.dates import show_moment


def drawn_words(draw: SeatDraw, zone: ZoneInfo) -> str:
    """Return what was drawn, from what, by which dice, and the mark of the list."""
    label = Period.parse(draw.period).label
    if draw.until_at is not None:
        label = _tr("{0} up to {1}").format(label, show_moment(draw.until_at, zone))
    mark = short_form(draw.population, draw.root).partition(" · ")[2]
    fixed = show_moment(draw.fixed_at, zone)
    words = _tr("{0} of {1} records of {2}, drawn by dice {3}. List fixed {4}, its mark: {5}")
    return words.format(draw.wanted, f"{draw.population:,}", label, draw.seed, fixed, mark)


def doubts(draw: SeatDraw) -> Iterator[str]:
    """Yield what keeps this from being all of one draw alone, a sentence each."""
    if draw.lists > 1:
        words = _tr("{0} lists of this period were fixed, and dice thrown for {1} of them.")
        yield words.format(draw.lists, draw.throws)
    if draw.destroyed:
        one = _tr("1 record that was drawn cannot be shown: it was destroyed since.")
        more = _tr("{0} records that were drawn cannot be shown: they were destroyed since.")
        yield one if draw.destroyed == 1 else more.format(draw.destroyed)
    if draw.otherwise:
        one = _tr("1 record was joined or separated since: only what was drawn is here.")
        more = _tr("{0} records were joined or separated since: only what was drawn is here.")
        yield one if draw.otherwise == 1 else more.format(draw.otherwise)


def _tr(text: str) -> str:
    return QCoreApplication.translate("seat", text)
