"""Tables as comma-separated text (RFC 4180) that no spreadsheet runs as a formula."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence

_FORMULA_SIGNS = frozenset("=+-@\t\r")


def csv_bytes(rows: Iterable[Sequence[str]]) -> bytes:
    """Return the rows as UTF-8, CRLF at the end of each; cells are kept from being formulas.

    No byte-order mark: stock tools and the opener would show it as part of the first cell.
    """
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    for row in rows:
        writer.writerow([plain_cell(cell) for cell in row])
    return text.getvalue().encode()


def plain_cell(text: str) -> str:
    """Return the cell, behind an apostrophe where a spreadsheet would calculate with it.

    Source: OWASP, CSV injection. A sign before a plain number, and a lone dash, mean no harm.
    """
    if text[:1] in _FORMULA_SIGNS and len(text) > 1 and not _is_number(text):
        return "'" + text
    return text


def _is_number(text: str) -> bool:
    return text.isascii() and text[1:].replace(".", "", 1).isdigit() and text[0] in "+-"
