"""How wide the columns of a table are: as declared, but for words that need more or less room."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtGui import QFontMetrics

from shelter_desk.ui.table_model import Column
from shelter_desk.ui.theme import Weight, theme

_MEASURED = 120  # lines of a table whose words are measured: more than a screen shows
_INSET, _PILL = 18, 20  # px at 100 %, around words in a cell and in a pill
_AVATAR, _BAR, _SPARE = 44, 60, 2


def column_widths(
    columns: Sequence[Column[Any]], lines: Sequence[object], room: int
) -> tuple[int, ...]:
    """Return the width of each column, px, in `room` px.

    Each column has what it declares. Where that is too much, or the words of a column that
    stretches do not fit, the others give away what their own words do not need. What is left
    goes to words that do not fit, of narrow columns at first only half as much again, and at last
    to the columns that stretch. A table that must be moved sideways gives them that much anyway.
    """
    look = theme()
    asked = [look.px(column.width) for column in columns]
    needed = [_needed(column, lines[:_MEASURED]) for column in columns]
    greedy = [place for place, column in enumerate(columns) if column.stretch]
    fixed = [place for place, column in enumerate(columns) if not column.stretch]
    half = {place: min(asked[place] * 3 // 2, needed[place]) for place in fixed}
    wanted = {**half, **{place: needed[place] for place in greedy}}
    lacking = sum(max(width - asked[place], 0) for place, width in wanted.items())
    slack = {place: max(asked[place] - needed[place], 0) for place in fixed}
    share = min(max(sum(asked) + lacking - room, 0) / max(sum(slack.values()), 1), 1.0)
    for place, width in slack.items():
        asked[place] -= int(width * share)
    spare = max(room - sum(asked), 0)
    is_moved = sum(asked) > room  # sideways, so that nothing need be cut
    for place, width in half.items():
        more = max(width - asked[place], 0)
        asked[place] += more if is_moved else min(more, spare)
        spare = max(spare - more, 0)
    for place in (*greedy, *fixed):
        more = min(max(needed[place] - asked[place], 0), spare)
        asked[place] += more
        spare -= more
    for place in greedy:
        asked[place] += spare // len(greedy)
    return tuple(asked)


def _needed(column: Column[Any], lines: Sequence[object]) -> int:
    look = theme()
    head = QFontMetrics(look.font(12, Weight.STRONG)).horizontalAdvance(column.heading)
    is_strong = column.avatar or column.below is not None
    size = 12 if column.quiet or column.share is not None or column.tone is not None else 14
    weight = Weight.STRONG if is_strong or column.tone is not None else Weight.NORMAL
    upper, lower = QFontMetrics(look.font(size, weight)), QFontMetrics(look.font(12))
    words = max((upper.horizontalAdvance(column.show(line)) for line in lines), default=0)
    if column.below is not None:
        below = max((lower.horizontalAdvance(column.below(line)) for line in lines), default=0)
        words = max(words, below)
    beside = _PILL * (column.tone is not None) + _AVATAR * column.avatar
    beside += _BAR * (column.share is not None)
    return max(head, words + look.px(beside)) + look.px(_INSET + _SPARE)
