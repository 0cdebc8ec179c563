"""The words that open an audit pack, on a sheet that tells nobody what they open."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from shelter_desk.reports import pdf
from shelter_desk.reports.blocks import (
    Block,
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

_NOTICE = "Keep this sheet away from the drive. Destroy it when the pack is no longer needed."
_HANDLING = (
    "Give the words by phone or by hand, to the person they are meant for and nobody else.",
    "Never send them by e-mail, and never keep them with the drive or with the cover sheet.",
    "Type them in this order. {0}",
    "They are not kept in the records. If they are lost, a new pack has to be made.",
)
_IN_PACK = "Capital letters, hyphens and extra spaces do not matter."
_IN_PDF = "A PDF wants them as they stand here: small letters, one space between two words."


def words_sheet_pdf(
    words: Sequence[str],
    export_id: str,
    made_on: date,
    *,
    of_pdf: bool = False,
    size: PageSize = PageSize.LETTER,
) -> bytes:
    """Return the words as a PDF of one page; `of_pdf`: they open the locked PDF beside the pack.

    The bytes hold the words in the clear: print them from memory, never save them. No shelter is
    named, so that a lost sheet does not say what it opens.

    Raises:
        ValueError: there are no words, or one of them is empty or holds a space.
    """
    paper = words_sheet(words, export_id, made_on, of_pdf=of_pdf, size=size)
    return pdf.make_pdf(paper)


def words_sheet(
    words: Sequence[str],
    export_id: str,
    made_on: date,
    *,
    of_pdf: bool = False,
    size: PageSize = PageSize.LETTER,
) -> Paper:
    """Return the sheet as a paper, not yet set; raises as `words_sheet_pdf`."""
    if not words or any(len(word.split()) != 1 for word in words):
        raise ValueError("the words of a pack are given one by one")
    title = f"Words for the PDF of pack {export_id}" if of_pdf else f"Words for pack {export_id}"
    return Paper(
        furniture=Furniture(title=title, owner="", notice=_NOTICE),
        blocks=tuple(_blocks(words, title, made_on, _IN_PDF if of_pdf else _IN_PACK)),
        size=size,
    )


def _blocks(words: Sequence[str], title: str, made_on: date, typing: str) -> Iterator[Block]:
    yield Heading(title)
    yield Text(
        f"{counted_things(len(words), 'word', 'words')} · made on {plain_date(made_on)}",
        Tone.MUTED,
    )
    yield NumberedWords(tuple(words))
    yield Points(tuple(line.format(typing) for line in _HANDLING))
