"""Marks words for translation where they stand in a table, to be translated where they show."""

from __future__ import annotations


def QT_TRANSLATE_NOOP(context: str, text: str) -> str:
    """Return the text as it is; the name is what the collector of translations looks for.

    Qt's own function of this name does the same, but is typed as returning anything.
    """
    del context
    return text
