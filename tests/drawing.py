"""Samples for an inspector's seat: fixed so far, and thrown till they fit."""

from shelter_desk.desk.sampling import DrawSample, FixSampleList, drawn_sample, sample_draws
from shelter_desk.domain.periods import Period

_DICE = "3 1 6 2 5 4"
_TRIES = 300


def drawn_so_far(desk, wanted=0, *, profile="licensor"):
    """Return a draw of `wanted` of the records of this quarter up to now; 0 for every one."""
    now = desk.now().astimezone(desk.house.zone)
    period = Period.quarter_of(now.date()).id
    draw_id = desk.do(FixSampleList(profile, period, so_far=True)).subject
    many = wanted or _population(desk, draw_id)
    desk.do(DrawSample(draw_id, _DICE, many))
    return draw_id


def chosen(desk, draw_id):
    """Return the public ids of the stays that a draw chose."""
    return {stay_id for _, stay_id in desk.ask(drawn_sample, draw_id=draw_id).chosen.values()}


def draw_of(desk, *stays):
    """Return a draw that chose just these stays: lists are fixed anew until the dice fall so."""
    for _ in range(_TRIES):
        draw_id = drawn_so_far(desk, len(stays))
        if chosen(desk, draw_id) == set(stays):
            return draw_id
    raise AssertionError("the dice never fell that way")


def _population(desk, draw_id):
    return next(one.population for one in desk.ask(sample_draws) if one.draw_id == draw_id)
