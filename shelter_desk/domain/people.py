"""Names, ages and codes of people: pure text and calendar arithmetic."""

from __future__ import annotations

import re
import unicodedata
from datetime import date

YOUNGEST, OLDEST = 0, 120
NAME_LIMIT = 80


def folded(name: str) -> str:
    """Return a name as search compares it: no accents, no case, single spaces."""
    if name.isascii():  # nearly every word, and the scanner of exports folds thousands
        return " ".join(name.casefold().split())
    apart = unicodedata.normalize("NFKD", name)
    bare = "".join(mark for mark in apart if not unicodedata.combining(mark))
    return " ".join(bare.casefold().split())


def initials(name: str) -> str:
    """Return up to two capitals that stand for a name."""
    words = [word for word in name.split() if word[0].isalnum()]
    if not words:
        return "?"
    letters = words[0][0] + (words[-1][0] if len(words) > 1 else words[0][1:2])
    return letters.upper()


def board_initials(name: str) -> str:
    """Return the first letter of the first and of the last word: never a whole short name."""
    words = [word for word in name.split() if word[0].isalnum()]
    letters = [word[0].upper() for word in (*words[:1], *words[1:][-1:])]
    return " ".join(f"{letter}." for letter in letters) or "?"


def guessed_birthday(age: int, day: date) -> date:
    """Return a stand-in birthday for an age guess: 1 January of the year that gives this age."""
    return date(day.year - age, 1, 1)


def may_be_case_code(text: str) -> bool:
    """Say whether `text` has the shape of a case code, such as "K-204"."""
    return re.fullmatch(r"[A-Z]-[0-9]{3}", text) is not None


def case_code(number: int) -> str:
    """Return a case code such as "K-204" for a random number below 23,000.

    The letter avoids those that are read as digits; the code says nothing about order or time.
    """
    letter, rest = divmod(number, 1000)
    return f"{'ABCDEFGHJKMNPQRSTUVWXYZ'[letter % 23]}-{rest:03d}"
