"""From a `Paper` to the bytes of a PDF: same paper, same bytes, on every run."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from shelter_desk.reports.blocks import Paper


def make_pdf(paper: Paper) -> bytes:
    """Set a paper and return the PDF.

    The bytes depend on the paper alone: the file carries no date, no author and no random id.
    What it uses of Inter and of the faces of other scripts (`lettering`) is embedded, so that each
    letter is seen, and read back, wherever the file is opened. For screen readers, title, language
    and bookmarks are set, and all that is on the pages is tagged as headings, lists, tables with
    their heads, and figures (`structure`).
    No conformance to PDF/UA is claimed: no validator of it was run.
    """
    # heavy: reportlab takes as long to import as a window takes to open
    from shelter_desk.reports import typeset  # noqa: PLC0415 - start-up time

    return typeset.pdf_bytes(paper)
