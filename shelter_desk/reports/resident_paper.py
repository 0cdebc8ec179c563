"""A paper for a young person, in their language. It names them at most, and no house."""

from __future__ import annotations

from collections.abc import Iterator

from shelter_desk.domain.resident_papers import CALLED, PaperLanguage, PaperPart, PaperWords
from shelter_desk.reports import pdf
from shelter_desk.reports.blocks import (
    Block,
    Facts,
    Furniture,
    Heading,
    PageSize,
    Paper,
    Points,
    Text,
    Tone,
    WriteOn,
)


def resident_paper_pdf(language: PaperLanguage, paper_id: str, called: str) -> bytes:
    """Return the paper as a PDF. It is made in memory, for the printer; never save it."""
    return pdf.make_pdf(resident_paper(language, paper_id, called))


def resident_paper(
    language: PaperLanguage, paper_id: str, called: str, *, size: PageSize = PageSize.LETTER
) -> Paper:
    """Return the paper, not yet set. What stands on every page names nobody and no place."""
    words = language.papers[paper_id]
    return Paper(
        furniture=Furniture(
            title=words.title, owner="", notice=words.foot, page_words=language.page
        ),
        blocks=tuple(_blocks(words, called)),
        size=size,
        language=language.tag,
    )


def _blocks(words: PaperWords, called: str) -> Iterator[Block]:
    yield Heading(words.hello.replace(CALLED, called) if words.hello else words.title)
    for number, part in enumerate(words.parts):
        yield from _part(part, Tone.BODY if number else Tone.LEAD)


def _part(part: PaperPart, tone: Tone) -> Iterator[Block]:
    if part.heading:
        yield Heading(part.heading, level=2)
    if part.text:
        yield Text(part.text, tone)
    if part.points:
        yield Points(part.points)
    if part.numbers:
        yield Facts(part.numbers)
    if part.lines:
        yield WriteOn(part.lines)
