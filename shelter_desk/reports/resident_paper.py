"""A paper for a young person, in their language. It names them at most, and no house."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from shelter_desk.domain.file_looks import FileLook
from shelter_desk.domain.resident_papers import (
    CALLED,
    LookedWords,
    PaperLanguage,
    PaperPart,
    PaperWords,
)
from shelter_desk.reports import pdf
from shelter_desk.reports.blocks import (
    Block,
    Facts,
    Furniture,
    Heading,
    PageSize,
    Paper,
    Points,
    Table,
    Text,
    Tone,
    WriteOn,
)


def resident_paper_pdf(
    language: PaperLanguage, paper_id: str, called: str, looks: Sequence[FileLook] | None = None
) -> bytes:
    """Return the paper as a PDF. It is made in memory, for the printer; never save it."""
    return pdf.make_pdf(resident_paper(language, paper_id, called, looks))


def resident_paper(
    language: PaperLanguage,
    paper_id: str,
    called: str,
    looks: Sequence[FileLook] | None = None,
    *,
    size: PageSize = PageSize.LETTER,
) -> Paper:
    """Return the paper, not yet set. What stands on every page names nobody and no place.

    `looks`: who has looked at their file, on the paper that is about that.
    """
    words = language.papers[paper_id]
    listed = () if looks is None else (_list_of(language.looked, looks),)
    return Paper(
        furniture=Furniture(
            title=words.title, owner="", notice=words.foot, page_words=language.page
        ),
        blocks=tuple(_blocks(words, called, listed)),
        size=size,
        language=language.tag,
    )


def _blocks(words: PaperWords, called: str, listed: tuple[Block, ...]) -> Iterator[Block]:
    yield Heading(words.hello.replace(CALLED, called) if words.hello else words.title)
    for number, part in enumerate(words.parts):
        yield from _part(part, Tone.BODY if number else Tone.LEAD)
        if not number:
            yield from listed


def _list_of(words: LookedWords, looks: Sequence[FileLook]) -> Block:
    if not looks:
        return Text(words.nothing)
    return Table("", words.columns, tuple(words.said(one) for one in looks))


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
