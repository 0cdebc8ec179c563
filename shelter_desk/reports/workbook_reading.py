"""Reads a workbook that came from elsewhere: its cells, and nothing that could run or hide.

Only the parts our own writer makes are accepted. Python's XML parser expands entities, so a
document type is refused before anything is parsed.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from xml.etree import ElementTree as ET

_PARTS = re.compile(
    r"\[Content_Types\]\.xml|_rels/\.rels|docProps/(app|core)\.xml"
    r"|xl/(workbook|styles|sharedStrings|theme/theme1)\.xml|xl/_rels/workbook\.xml\.rels"
    r"|xl/worksheets/sheet[1-9][0-9]*\.xml"
)
_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_PLACE = re.compile(r"([A-Z]{1,3})([1-9][0-9]{0,6})")
_MOST_PARTS, _MOST_BYTES = 200, 20_000_000
_MOST_ROWS, _MOST_COLUMNS = 100_000, 1_000


class WorkbookError(ValueError):
    """The workbook holds something that a summary never holds, or cannot be read."""


@dataclass(frozen=True, slots=True)
class ReadSheet:
    """A sheet: its name, and the cells that are not empty, by (row, column) from 0."""

    name: str
    cells: Mapping[tuple[int, int], int | str]


def read_workbook(untrusted: bytes) -> tuple[ReadSheet, ...]:
    """Return every sheet in the order of the workbook.

    Raises:
        WorkbookError: it is no workbook, is too large, or holds hidden sheets, formulas, macros,
            links, comments or a document type.
    """
    parts = _parts(untrusted)
    try:
        book = _tree(parts["xl/workbook.xml"])
        texts = _texts(parts.get("xl/sharedStrings.xml"))
        sheets = book.findall(f"{_MAIN}sheets/{_MAIN}sheet")
        names = [f"xl/worksheets/sheet{number}.xml" for number in range(1, len(sheets) + 1)]
        if {name for name in parts if name.startswith("xl/worksheets/")} != set(names):
            raise WorkbookError("a sheet of the workbook is not listed")
        if any(sheet.get("state", "visible") != "visible" for sheet in sheets):
            raise WorkbookError("a sheet of the workbook is hidden")
        return tuple(
            ReadSheet(sheet.get("name", ""), _cells(_tree(parts[name]), texts))
            for sheet, name in zip(sheets, names, strict=True)
        )
    except (KeyError, IndexError, ValueError, ET.ParseError) as problem:
        if isinstance(problem, WorkbookError):
            raise
        raise WorkbookError("the workbook cannot be read") from problem


def _parts(untrusted: bytes) -> dict[str, bytes]:
    try:
        with zipfile.ZipFile(io.BytesIO(untrusted)) as archive:
            return {entry.filename: archive.read(entry) for entry in _listed(archive)}
    except WorkbookError:
        raise
    except Exception as problem:
        # A damaged archive raises what it likes: BadZipFile, zlib.error, struct.error, EOFError.
        raise WorkbookError("the workbook cannot be read") from problem


def _listed(archive: zipfile.ZipFile) -> list[zipfile.ZipInfo]:
    listed = archive.infolist()
    if len(listed) > _MOST_PARTS or sum(entry.file_size for entry in listed) > _MOST_BYTES:
        raise WorkbookError("the workbook is too large")
    names = [entry.filename for entry in listed]
    if len(set(names)) != len(names) or not all(_PARTS.fullmatch(name) for name in names):
        raise WorkbookError("the workbook holds a part that a summary never holds")
    return listed


def _tree(part: bytes) -> ET.Element:
    # UTF-8 only: in another encoding the search for a document type would find nothing.
    text = part.decode("utf-8")
    if "<!DOCTYPE" in text or "<!ENTITY" in text:
        raise WorkbookError("the workbook holds a document type")
    return ET.fromstring(text)  # noqa: S314 - document types are refused above


def _texts(part: bytes | None) -> list[str]:
    if part is None:
        return []
    return ["".join(item.itertext()) for item in _tree(part).findall(f"{_MAIN}si")]


def _cells(sheet: ET.Element, texts: list[str]) -> dict[tuple[int, int], int | str]:
    found: dict[tuple[int, int], int | str] = {}
    if sheet.find(f".//{_MAIN}f") is not None:
        raise WorkbookError("the workbook holds a formula")
    for line in (*sheet.iter(f"{_MAIN}row"), *sheet.iter(f"{_MAIN}col")):
        if line.get("hidden", "0") not in {"0", "false"}:
            raise WorkbookError("a row or column of the workbook is hidden")
    for cell in sheet.iter(f"{_MAIN}c"):
        value = cell.findtext(f"{_MAIN}v")
        place = _place(cell.get("r", ""))
        if cell.get("t", "n") not in {"n", "s"}:
            raise WorkbookError("a cell of the workbook is neither a number nor a listed text")
        if place in found:
            raise WorkbookError("a cell of the workbook stands there twice")
        if value is not None:
            found[place] = texts[int(value)] if cell.get("t") == "s" else int(value)
    return found


def _place(name: str) -> tuple[int, int]:
    match = _PLACE.fullmatch(name)
    if match is None:
        raise WorkbookError("a cell of the workbook has no place")
    column = 0
    for letter in match[1]:
        column = column * 26 + ord(letter) - 64
    row = int(match[2])
    if row > _MOST_ROWS or column > _MOST_COLUMNS:
        raise WorkbookError("the workbook is too large")
    return row - 1, column - 1
