"""Reads a PDF as a reader would: its words, its outline, its pixels."""

from __future__ import annotations

from dataclasses import dataclass

import pypdfium2
import pytest
from PIL import Image


@dataclass(frozen=True)
class ReadPdf:
    pages: tuple[str, ...]
    outline: tuple[str, ...]
    metadata: dict[str, str]
    images: tuple[Image.Image, ...]

    @property
    def text(self) -> str:
        """All pages, every run of white space as one space."""
        return " ".join(" ".join(self.pages).split())


@pytest.fixture
def read_pdf():
    def read(data: bytes, scale: float = 1.0) -> ReadPdf:
        document = pypdfium2.PdfDocument(data)
        try:
            return ReadPdf(
                pages=tuple(page.get_textpage().get_text_bounded() for page in document),
                outline=tuple(mark.get_title() for mark in document.get_toc()),
                metadata=document.get_metadata_dict(),
                images=tuple(page.render(scale=scale).to_pil() for page in document),
            )
        finally:
            document.close()

    return read
