"""Looks for people in files as a stranger would: not with the reader that exports use."""

from __future__ import annotations

import calendar
import io
import re
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from datetime import date

import pypdfium2

PHONE = re.compile(r"\+?\d[\d ().-]{8,}\d")
STREET = re.compile(r"\b\d+ [A-Z][a-z]+ (?:Street|St|Road|Rd|Avenue|Ave|Lane|Drive)\b")


def all_words_of(name: str, data: bytes) -> str:
    """Return everything that can be read in a file, its name and what it says of itself too."""
    return " ".join(re.sub(r"\s+", " ", part) for part in (name, *_read(name, data)))


def _read(name: str, data: bytes) -> Iterator[str]:
    if name.endswith(".pdf"):
        with pypdfium2.PdfDocument(data) as paper:
            yield from (page.get_textpage().get_text_bounded() for page in paper)
            yield from (mark.get_title() for mark in paper.get_toc())
            yield from paper.get_metadata_dict().values()
        yield data.decode("latin-1")
    elif name.endswith(".xlsx"):
        with zipfile.ZipFile(io.BytesIO(data)) as parts:
            for part in parts.namelist():
                yield part
                yield re.sub(r"<[^>]*>", " ", parts.read(part).decode())
                yield parts.read(part).decode()
    else:
        yield data.decode("utf-8", "replace")


def spellings(day: date) -> Iterator[str]:
    """Return a day as somebody may write it."""
    month = calendar.month_name[day.month]
    yield day.isoformat()
    yield f"{day.day} {month} {day.year}"
    yield f"{month} {day.day}, {day.year}"
    yield f"{day.month}/{day.day}/{day.year}"
    yield f"{day:%m/%d/%Y}"
    yield f"{day:%d.%m.%Y}"
    yield f"{day:%Y%m%d}"


def places_of(words: Iterable[str], files: Mapping[str, bytes]) -> list[tuple[str, str]]:
    """Return (word, file) of every whole word or phrase found, however it is written."""
    wanted = {word for word in words if len(word) > 1}
    longest_first = sorted(map(re.escape, wanted), key=len, reverse=True)
    any_of = re.compile(rf"(?<!\w)(?:{'|'.join(longest_first)})(?!\w)", re.IGNORECASE)
    return [
        (found, name)
        for name, data in files.items()
        for found in sorted(set(any_of.findall(all_words_of(name, data))))
    ]
