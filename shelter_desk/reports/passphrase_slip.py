"""A new colleague's first passphrase on a slip of paper that tells nobody what it opens."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from shelter_desk.reports import pdf
from shelter_desk.reports.blocks import (
    Furniture,
    Heading,
    NumberedWords,
    PageSize,
    Paper,
    Points,
    Text,
    Tone,
)
from shelter_desk.reports.wording import counted_things, plain_date

_NOTICE = "Keep this slip on you until you know the words. Then destroy it."
_HANDLING = (
    "These words are yours alone. Whoever gave you this slip does not need to know them.",
    "Type them in this order. Capital letters and extra spaces do not matter.",
    "Never keep the slip near the computer, and never photograph or e-mail it.",
    "Choose words of your own under People, Change my passphrase, when you have signed in.",
    "If you forget them, a director can set new ones. Nobody can look these up.",
)


def passphrase_slip_pdf(
    words: Sequence[str], made_on: date, *, size: PageSize = PageSize.LETTER
) -> bytes:
    """Return the words as a PDF of one page, with no name and no shelter on it.

    The bytes hold the words in the clear: print them from memory, never save them.

    Raises:
        ValueError: there are no words, or one of them is empty or holds a space.
    """
    if not words or any(len(word.split()) != 1 for word in words):
        raise ValueError("the words of a passphrase are given one by one")
    title = "Your passphrase"
    blocks = (
        Heading(title),
        Text(
            f"{counted_things(len(words), 'word', 'words')} · made on {plain_date(made_on)}",
            Tone.MUTED,
        ),
        NumberedWords(tuple(words)),
        Points(_HANDLING),
    )
    furniture = Furniture(title=title, owner="", notice=_NOTICE)
    return pdf.make_pdf(Paper(furniture=furniture, blocks=blocks, size=size))
