"""How wide the columns of a table are, and how small its type must be to fit the page."""

from __future__ import annotations

from shelter_desk.reports import typefaces
from shelter_desk.reports.blocks import Table
from shelter_desk.reports.lettering import foreign

_PADDING = 9.0
_LABELS_SHARE = 0.6
_TYPE_SIZES = (9.0, 8.0, 7.0, 6.5)


def table_type_size(table: Table, width: float) -> float:
    """Return the largest type, in points, at which no word of the table has to be broken."""
    fits = (size for size in _TYPE_SIZES if sum(_least(table, size)) <= width)
    return next(fits, _TYPE_SIZES[-1])


def column_widths(table: Table, width: float, size: float) -> list[float]:
    """Return the column widths, in points; together exactly the width of the text.

    Every column gets its longest word; what is left goes to the first column and then wherever
    lines would wrap. The rest goes to the first column, so that figures stay together.
    """
    least, wish = _least(table, size), _wish(table, size)
    spare = width - sum(least)
    if spare <= 0:
        return [each * width / sum(least) for each in least]
    # The words of the rows come first: labels on three lines make a table hard to read across.
    least[0] += min(wish[0] - least[0], spare * _LABELS_SHARE)
    spare = width - sum(least)
    wanted = [w - m for w, m in zip(wish, least, strict=True)]
    share = min(1.0, spare / sum(wanted)) if sum(wanted) else 0.0
    widths = [m + want * share for m, want in zip(least, wanted, strict=True)]
    widths[0] += width - sum(widths)
    return widths


def _texts(table: Table, column: int) -> tuple[str, ...]:
    return (table.columns[column], *(row[column] for row in table.rows))


def _least(table: Table, size: float) -> list[float]:
    words = (
        {word for text in _texts(table, c) for word in foreign.uncut(text)}
        for c in range(len(table.columns))
    )
    return [max((_width(word, size) for word in each), default=0) + _PADDING for each in words]


def _wish(table: Table, size: float) -> list[float]:
    return [
        max(_width(text, size) for text in _texts(table, c)) + _PADDING
        for c in range(len(table.columns))
    ]


def _width(text: str, size: float) -> float:
    # The heavier weight is the wider one: a total must not wrap where a plain figure does not.
    return foreign.width_of(text, typefaces.SEMIBOLD, size)
