"""Looks for everybody in the very bytes that are about to leave the building.

The tables are safe and the profiles hold no names; this is for the day on which one of us is
wrong. Every file of an export is read as its reader will read it (the text and the facts of a
PDF, every cell of a workbook, file names) and searched for every identifier in the records. A
hit stops the export, says in which file and of what kind, and never which word it was.
"""

from __future__ import annotations

import importlib.util
import io
import pkgutil
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from importlib.abc import InspectLoader
from types import CodeType
from typing import NamedTuple, cast
from xml.etree import ElementTree as ET

import shelter_desk.reports
from shelter_desk.domain.errors import DeskError
from shelter_desk.domain.identifiers import Hit, Identifiers, words_of
from shelter_desk.exports.opener import readme_in_pack
from shelter_desk.exports.profiles import pack_rules_files

# Digests of 32 bytes each, one after the other: no text, and by chance every short name.
_DIGESTS = "audit/leaves.bin"
# Beside the reports themselves: who gives titles and labels to what they print.
_ALSO_PRINTED = (
    "shelter_desk.desk.evidence",
    "shelter_desk.desk.care_counts",
    "shelter_desk.desk.age_rows",
    "shelter_desk.desk.counts",
    "shelter_desk.desk.evidence_house",
    "shelter_desk.desk.outcome_measures",
    "shelter_desk.desk.own_ratings",
    "shelter_desk.domain.own_ratings",
    "shelter_desk.desk.pack_counts",
    "shelter_desk.domain.pack_lines",
    "shelter_desk.domain.reader_lines",
    "shelter_desk.domain.record_lines",
    "shelter_desk.desk.protected_reports",
    "shelter_desk.desk.report_census",
    "shelter_desk.desk.report_licensing",
    "shelter_desk.domain.report_kinds",
    "shelter_desk.exports.pack_contents",
    "shelter_desk.exports.pack_definitions",
    "shelter_desk.exports.pack_rows",
    "shelter_desk.exports.pack_tables",
)


class IdentityFoundError(DeskError):
    """Something that tells who somebody is stands in what was to leave; nothing left."""

    def __init__(self, found: Iterable[Found]) -> None:
        kinds = sorted({f"a {one.hit.kind} in {one.file}" for one in found})
        super().__init__(
            f"Nothing left the building: there is {', '.join(kinds)}. Please tell whoever looks "
            "after the program; until then, make another period or profile."
        )


class Found(NamedTuple):
    """That a kind of identifier stands in a file."""

    file: str
    hit: Hit


def scan(
    files: Mapping[str, bytes], known: Identifiers, common: frozenset[str]
) -> tuple[Found, ...]:
    """Return what tells who somebody is, file by file. `common`: words of every such paper."""
    return tuple(
        Found(name, hit)
        for name in sorted(files)
        for hit in sorted(_hits(name, files[name], known, common))
    )


def refuse_identities(
    files: Mapping[str, bytes], known: Identifiers, common: frozenset[str]
) -> tuple[Found, ...]:
    """Pass when nobody can be found; return what is also a word of every such paper.

    Raises:
        IdentityFoundError: when somebody can.
    """
    found = scan(files, known, common)
    certain = [one for one in found if not one.hit.is_common]
    if certain:
        raise IdentityFoundError(certain)
    return found


def to_look_at(found: Iterable[Found], *, says_which: bool = True) -> str:
    """Return a sentence for staff about words that a person must judge, or "".

    `says_which`: the words stand in it. Only for whoever is about to judge, who may read names:
    a sentence that is kept or printed says what kind of word it is.
    """
    files: dict[str, set[str]] = {}
    for one in found:
        word = f"“{one.hit.word}” is also " if says_which else ""
        files.setdefault(f"{word}a {one.hit.kind}", set()).add(one.file)
    if not files:
        return ""
    kinds = [f"{word} (in {', '.join(sorted(named))})" for word, named in sorted(files.items())]
    told = " and ".join(kinds)
    if says_which:
        return (
            f"Please look before you hand it on: such papers always hold these words, but {told}."
        )
    return (
        f"Please look before you hand it on: a word that such papers always hold is also {told}."
    )


def common_words(of_model: frozenset[str], shelter_name: str) -> frozenset[str]:
    """Return the words that the program itself prints, whoever lives in the house.

    `of_model` are those of the care model (`desk.identifying.model_words`).

    A resident who is called May must not keep the shelter from printing the name of a month.
    """
    return _printed_words() | of_model | frozenset(words_of(shelter_name))


def texts_of(name: str, data: bytes) -> Iterator[str]:
    """Yield every text that a reader of this file can come to see; its name is one of them."""
    yield name
    if name.endswith(".pdf"):
        yield from _texts_of_pdf(data)
    elif name.endswith((".xlsx", ".zip")):
        with zipfile.ZipFile(io.BytesIO(data)) as book:
            for part in book.namelist():
                yield from texts_of(part, book.read(part))
    elif name.endswith((".xml", ".rels")):
        yield from _texts_of_xml(data)
    else:
        yield data.decode("utf-8", "replace")


def _hits(name: str, data: bytes, known: Identifiers, common: frozenset[str]) -> set[Hit]:
    if name == _DIGESTS:
        return set()
    return {hit for text in texts_of(name, data) for hit in known.find(text, common)}


def _texts_of_pdf(data: bytes) -> Iterator[str]:
    # heavy: a native library
    import pypdfium2  # noqa: PLC0415 - start-up time

    document = pypdfium2.PdfDocument(data)
    try:
        yield from document.get_metadata_dict().values()
        for entry in document.get_toc():
            yield entry.get_title()
        for page in document:
            words = page.get_textpage()
            yield words.get_text_bounded()
            # That leaves out marks and joiners that take no room; this leaves out nothing.
            yield words.get_text_range()
    finally:
        document.close()


def _texts_of_xml(data: bytes) -> Iterator[str]:
    for element in ET.fromstring(data).iter():  # noqa: S314 - written by ourselves a moment ago
        yield element.text or ""
        yield from element.attrib.values()


@lru_cache(maxsize=1)
def _printed_words() -> frozenset[str]:
    """Return the words of every string that the reports are written with, months included."""
    found = set(words_of(readme_in_pack()))
    for text in pack_rules_files().values():
        found |= set(words_of(text))
    reports = [
        f"{shelter_desk.reports.__name__}.{module.name}"
        for module in pkgutil.iter_modules(shelter_desk.reports.__path__)
    ]
    for name in (*reports, *_ALSO_PRINTED):
        spec = importlib.util.find_spec(name)
        code = cast("InspectLoader", spec.loader).get_code(name) if spec else None
        if isinstance(code, CodeType):
            found |= set(_words_in_code(code))
    return frozenset(found)


def _words_in_code(code: CodeType) -> Iterator[str]:
    # The first constant may be a text for programmers, with invented people in it.
    for constant in code.co_consts[1:] if code.co_name != "<module>" else code.co_consts:
        if isinstance(constant, CodeType):
            yield from _words_in_code(constant)
        elif isinstance(constant, tuple):
            yield from (w for one in constant if isinstance(one, str) for w in words_of(one))
        elif isinstance(constant, str):
            yield from words_of(constant)
