"""What residents say of the house on a slip without a name: questions, and lines to count by."""

from __future__ import annotations

from collections.abc import Mapping

from shelter_desk.domain.content_table import Problems, load

LEAST, MOST = 0, 10
HIGH_FROM = 7
LINES = (
    ("high", f"{HIGH_FROM} to {MOST}"),
    ("low", f"{LEAST} to {HIGH_FROM - 1}"),
    ("none", "No answer"),
)
"""Two halves only: with few slips anything finer would have to be withheld."""
_FILE = "own_ratings.toml"


def read_rating_questions(text: str) -> Mapping[str, str]:
    """Return id -> words of each question, in the order of the file.

    Raises:
        ContentError: naming everything that is wrong.
    """
    problems = Problems()
    root = load({_FILE: text}, _FILE, problems)
    found = {}
    for row in root.tables("ratings"):
        found[row.text("id")] = row.text("text")
        row.done()
    root.done()
    problems.stop()
    return found


def line_of(rating: int | None) -> str:
    """Return the line on which an answer stands."""
    if rating is None:
        return "none"
    return "high" if rating >= HIGH_FROM else "low"
