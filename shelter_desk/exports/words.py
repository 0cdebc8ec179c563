"""The words that open a pack, brought to the one form that is used as the passphrase."""

from __future__ import annotations

import re
import unicodedata

_WORD = re.compile(r"[^\W_]+")


def normalise_words(typed: str) -> str:
    """Return the words in lower case with one space between them.

    Case, hyphens, commas, line breaks and extra spaces do not matter to the person who types,
    so they must not matter here. "Kiwi - crayon,  LATCH" gives "kiwi crayon latch".
    """
    return " ".join(_WORD.findall(unicodedata.normalize("NFKC", typed).lower()))
