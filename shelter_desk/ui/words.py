"""Marks words for translation where they stand in a table, to be translated where they show."""

from __future__ import annotations


def QT_TRANSLATE_NOOP(context: str, text: str) -> str:
    """Return the text as it is; the name is what the collector of translations looks for.

    Qt's own function of this name does the same, but is typed as returning anything.
    """
    del context
    return text


def counted(count: int, one: str, many: str) -> str:
    """Return the words for one, or those for `count` with the number in the place of {0}."""
    return one if count == 1 else many.format(count)
