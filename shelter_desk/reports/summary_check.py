"""Checks a summary from its four files alone, without a store.

What this can show: nobody changed one of the files by accident or by halves, the figures in all of
them are the same, and the proof that no small count can be worked out holds. What it cannot show:
that the shelter made them. Somebody who rewrites all four files together, digests included, passes
every check here; only the digest gives them away, when it is compared with the one that the
shelter keeps in its ledger, and the seal, when it is compared with paper from the shelter.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from shelter_desk.disclosure.checker import OLD_FORMAT, check, check_values
from shelter_desk.reports.comma_table import plain_cell
from shelter_desk.reports.summary_files import CERTIFICATE, CSV, PDF, XLSX, envelope_bytes
from shelter_desk.reports.summary_seal import FORMAT, SEALED_KEYS, digest_of
from shelter_desk.reports.summary_sheets import COLUMNS, about_rows, csv_rows, sheets
from shelter_desk.reports.summary_tables import (
    EVERYBODY,
    ReadTable,
    bars_of,
    bars_tell,
    figures_of,
    from_json,
    grid,
)
from shelter_desk.reports.wording import digest_lines, figure
from shelter_desk.reports.workbook_reading import read_workbook

_KEYS = SEALED_KEYS | {"seal", "files", "digest"}
_MOST_BYTES = 50_000_000


@dataclass(frozen=True, slots=True)
class Check:
    """One check: what was looked at, whether it held, and what was found."""

    title: str
    passed: bool
    detail: str


def _held(title: str, detail: str) -> Check:
    return Check(title, passed=True, detail=detail)


def _failed(title: str, detail: str) -> Check:
    return Check(title, passed=False, detail=detail)


@dataclass(frozen=True, slots=True)
class Verdict:
    """The outcome. `digest` and `seal` are for comparison with the shelter's own record.

    Both are 64 hexadecimal digits, or empty where the certificate could not be read.
    """

    checks: tuple[Check, ...]
    digest: str = ""
    seal: str = ""

    @property
    def ok(self) -> bool:
        """Whether every check was made and held."""
        return bool(self.digest) and all(check.passed for check in self.checks)


@dataclass(frozen=True, slots=True)
class _Summary:
    envelope: Mapping[str, Any]
    tables: tuple[ReadTable, ...]
    files: Mapping[str, bytes]


class _Differs(Exception):  # noqa: N818 - never leaves this module
    """The words say where a file differs from what it should hold."""


def verify_summary(files: Mapping[str, bytes]) -> Verdict:
    """Check the four files of a summary against each other and the proof by addition.

    `files` is name -> bytes; names other than the four are not looked at. A changed digit in any
    of the files is found. See the words of this module for what cannot be found.
    """
    missing = [name for name in (CERTIFICATE, PDF, CSV, XLSX) if name not in files]
    all_there, whole = "All four files are there", "The certificate is whole"
    present = (
        _failed(all_there, f"Missing: {', '.join(missing)}.") if missing else _held(all_there, "")
    )
    if CERTIFICATE in missing:
        return Verdict((present,))
    try:
        envelope = _read_envelope(files[CERTIFICATE])
        tables = tuple(from_json(table) for table in envelope["tables"])
    except (_Differs, ValueError, TypeError, RecursionError) as problem:
        return Verdict((present, _failed(whole, str(problem))))
    summary = _Summary(envelope, tables, files)
    checks = tuple(_run(title, made, summary) for title, made in _CHECKS)
    right = _held(whole, "Its digest and its seal are right.")
    return Verdict((present, right, *checks), envelope["digest"], envelope["seal"])


def _run(title: str, made: Callable[[_Summary], str], summary: _Summary) -> Check:
    try:
        return _held(title, made(summary))
    except (_Differs, ValueError, KeyError, TypeError, AttributeError) as problem:
        return _failed(title, str(problem))


def _read_envelope(untrusted: bytes) -> dict[str, Any]:
    if len(untrusted) > _MOST_BYTES:
        raise _Differs("It is too large.")
    try:
        envelope = json.loads(untrusted.decode("utf-8"))
    except ValueError as error:
        raise _Differs("It cannot be read: it is cut off, or was changed.") from error
    if not isinstance(envelope, dict) or set(envelope) != _KEYS or envelope["format"] != FORMAT:
        raise _Differs("It is not the certificate of a summary.")
    if envelope_bytes(envelope) != untrusted:
        raise _Differs("It is not spelt as it was written.")
    rest = {key: value for key, value in envelope.items() if key != "digest"}
    if digest_of(rest) != envelope["digest"]:
        raise _Differs("Its digest is wrong: it was changed.")
    core = {key: value for key, value in envelope.items() if key in SEALED_KEYS}
    if digest_of(core) != envelope["seal"]:
        raise _Differs("Its seal is wrong: the figures or their proof were changed.")
    return envelope


def _files_match(summary: _Summary) -> str:
    listed = summary.envelope["files"]
    if set(listed) != {PDF, CSV, XLSX}:
        raise _Differs("The certificate lists other files.")
    for name in (PDF, CSV, XLSX):
        if name not in summary.files:
            raise _Differs(f"{name} is missing.")
        if hashlib.sha256(summary.files[name]).hexdigest() != listed[name]:
            raise _Differs(f"{name} was changed.")
    return "3 files have the digests in the certificate."


def _proof_holds(summary: _Summary) -> str:
    certificate = summary.envelope["certificate"]
    wrong = check(certificate)
    if wrong:
        raise _Differs(" ".join(wrong[:5]))
    withheld = sum(each["value"] is None for each in certificate["figures"])
    # One of before does not say along what its tables count, and is held to less.
    before = " (an older certificate)" if certificate["format"] == OLD_FORMAT else ""
    worlds = len(certificate["worlds"])
    return f"{withheld} withheld figures, {worlds} possible worlds added up{before}."


def _tables_match(summary: _Summary) -> str:
    envelope, certificate = summary.envelope, summary.envelope["certificate"]
    if any(envelope[key] != certificate[key] for key in ("title", "period", "audience")):
        raise _Differs("The certificate is about another summary.")
    found = {each.id: each.value for table in summary.tables for each in figures_of(table)}
    known = {each["id"] for each in certificate["figures"]}
    if EVERYBODY in known:
        found[EVERYBODY] = envelope["population"]
    wrong = check_values(certificate, found)
    wrong += [f"{name} is in the certificate but not published." for name in known - set(found)]
    if wrong:
        raise _Differs(" ".join(sorted(wrong)[:5]))
    return f"{len(found)} figures in {len(summary.tables)} tables."


def _csv_matches(summary: _Summary) -> str:
    text = _file(summary, CSV).decode("utf-8")
    rows = list(csv.reader(io.StringIO(text, newline=""), strict=True))
    written = (COLUMNS, *csv_rows(summary.tables, summary.envelope["period"]))
    expected = [[plain_cell(cell) for cell in row] for row in written]
    for number, (row, wanted) in enumerate(zip(rows, expected, strict=False), start=1):
        if row != wanted:
            raise _Differs(f"Line {number} is not {', '.join(wanted)}.")
    if len(rows) != len(expected):
        raise _Differs(f"It has {len(rows)} lines, not {len(expected)}.")
    return f"{len(rows) - 1} figures."


def _xlsx_matches(summary: _Summary) -> str:
    envelope = summary.envelope
    first = about_rows(
        envelope["title"], envelope["period"], envelope["shelter"], envelope["seal"]
    )
    wanted = sheets(summary.tables, first)
    read = read_workbook(_file(summary, XLSX))
    if [sheet.name for sheet in read] != [name for name, _ in wanted]:
        raise _Differs("It has other sheets.")
    for sheet, (name, rows) in zip(read, wanted, strict=True):
        cells = {
            (at, place): cell
            for at, row in enumerate(rows)
            for place, cell in enumerate(row)
            if cell != ""
        }
        if dict(sheet.cells) != cells:
            raise _Differs(f"Sheet “{name}” holds other cells.")
    return f"{len(read)} sheets."


def _pdf_matches(summary: _Summary) -> str:
    _files_match(summary)  # a PDF that is not the sealed one is not handed to the reader of PDFs
    text = pdf_text(_file(summary, PDF))
    at = count = 0
    for line in _printed(summary):
        found = re.compile(rf"(?<!\S){re.escape(line)}(?!\S)").search(text, at)
        if found is None:
            raise _Differs(f"“{line}” is not printed in its place.")
        at, count = found.end(), count + 1
    return f"{count} printed lines, among them the seal."


def _printed(summary: _Summary) -> Iterator[str]:
    """Yield what must be printed, in order, with single spaces."""
    for table in summary.tables:
        for row in grid(table).rows:
            cells = (cell if isinstance(cell, str) else figure(cell) for cell in row)
            yield " ".join(" ".join(cells).split())
        for label, value in bars_of(table) if bars_tell(table) else ():
            yield " ".join(f"{label} {figure(value)}".split())
    yield " ".join(digest_lines(summary.envelope["seal"]).split())


def pdf_text(data: bytes) -> str:
    """Return the words of a PDF, page after page, every run of white space as one space.

    Raises:
        ValueError: it cannot be read as a PDF.
    """
    # heavy: a native library
    import pypdfium2  # noqa: PLC0415 - start-up time

    try:
        document = pypdfium2.PdfDocument(data)
        try:
            pages = [page.get_textpage().get_text_bounded() for page in document]
        finally:
            document.close()
    except pypdfium2.PdfiumError as problem:
        raise ValueError("It cannot be read as a PDF.") from problem
    return " ".join(" ".join(pages).split())


def _file(summary: _Summary, name: str) -> bytes:
    if name not in summary.files:
        raise _Differs("It is missing.")
    return summary.files[name]


_CHECKS: tuple[tuple[str, Callable[[_Summary], str]], ...] = (
    ("Every file is the one that was sealed", _files_match),
    ("The proof holds, recomputed by addition", _proof_holds),
    ("The figures are the certified ones", _tables_match),
    ("summary.csv shows these figures", _csv_matches),
    ("summary.xlsx shows these figures", _xlsx_matches),
    ("summary.pdf shows these figures", _pdf_matches),
)
