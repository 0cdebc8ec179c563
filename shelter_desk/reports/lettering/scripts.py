"""Which typeface has which letter: Inter what it can, and beside it one face for each script.

None of them is opened before a paper needs it: a paper in Inter's letters costs nothing more.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Container, Iterator
from functools import cache, lru_cache
from typing import TYPE_CHECKING
from unicodedata import category

from reportlab.pdfbase import pdfmetrics

from shelter_desk import paths
from shelter_desk.reports import typefaces
from shelter_desk.reports.letters import steers

if TYPE_CHECKING:
    from pathlib import Path

    from shelter_desk.reports.lettering.script_face import ScriptFace

_HAN = "wqy-microhei.ttc"
_LATIN, _EMOJI = "NotoSans-Regular.ttf", "NotoEmoji-Regular.ttf"
SCRIPTS = (  # first and last letter of the block, script
    (0x0530, 0x058F, "Armenian"), (0x0590, 0x05FF, "Hebrew"), (0x0600, 0x06FF, "Arabic"),
    (0x0700, 0x074F, "Syriac"), (0x0750, 0x077F, "Arabic"), (0x0780, 0x07BF, "Thaana"),
    (0x07C0, 0x07FF, "NKo"), (0x0870, 0x08FF, "Arabic"),
    (0x0900, 0x097F, "Devanagari"), (0x0980, 0x09FF, "Bengali"), (0x0A00, 0x0A7F, "Gurmukhi"),
    (0x0A80, 0x0AFF, "Gujarati"), (0x0B00, 0x0B7F, "Oriya"), (0x0B80, 0x0BFF, "Tamil"),
    (0x0C00, 0x0C7F, "Telugu"), (0x0C80, 0x0CFF, "Kannada"), (0x0D00, 0x0D7F, "Malayalam"),
    (0x0D80, 0x0DFF, "Sinhala"), (0x0E00, 0x0E7F, "Thai"), (0x0E80, 0x0EFF, "Lao"),
    (0x0F00, 0x0FFF, "Tibetan"), (0x1000, 0x109F, "Myanmar"), (0x10A0, 0x10FF, "Georgian"),
    (0x1200, 0x139F, "Ethiopic"), (0x13A0, 0x13FF, "Cherokee"),
    (0x1400, 0x167F, "CanadianAboriginal"), (0x1780, 0x17FF, "Khmer"),
    (0x18B0, 0x18FF, "CanadianAboriginal"), (0x1950, 0x197F, "TaiLe"),
    (0x1980, 0x19DF, "NewTaiLue"), (0x19E0, 0x19FF, "Khmer"), (0x1C50, 0x1C7F, "OlChiki"),
    (0x1C90, 0x1CBF, "Georgian"), (0x1CD0, 0x1CFF, "Devanagari"), (0x2D00, 0x2D2F, "Georgian"),
    (0x2D30, 0x2D7F, "Tifinagh"), (0x2D80, 0x2DDF, "Ethiopic"), (0xA4D0, 0xA4FF, "Lisu"),
    (0xA500, 0xA63F, "Vai"), (0xA8E0, 0xA8FF, "Devanagari"), (0xA900, 0xA92F, "KayahLi"),
    (0xA9E0, 0xA9FF, "Myanmar"), (0xAA00, 0xAA5F, "Cham"), (0xAA60, 0xAA7F, "Myanmar"),
    (0xAAE0, 0xAAFF, "MeeteiMayek"), (0xAB00, 0xAB2F, "Ethiopic"), (0xAB70, 0xABBF, "Cherokee"),
    (0xABC0, 0xABFF, "MeeteiMayek"), (0xFB13, 0xFB17, "Armenian"), (0xFB1D, 0xFB4F, "Hebrew"),
    (0xFB50, 0xFDFF, "Arabic"), (0xFE70, 0xFEFE, "Arabic"), (0x104B0, 0x104FF, "Osage"),
    (0x10D00, 0x10D3F, "HanifiRohingya"), (0x11100, 0x1114F, "Chakma"),
    (0x16B00, 0x16B8F, "PahawhHmong"), (0x1E900, 0x1E95F, "Adlam"),
)  # fmt: skip
_STARTS = [first for first, _, _ in SCRIPTS]


class Letters(Container[int]):
    """The code points that papers can print, in Inter or in the face of their script."""

    def __contains__(self, code: object) -> bool:
        """Say whether some face has a letter."""
        return isinstance(code, int) and (
            code in typefaces.letters() or face_with(chr(code)) is not None
        )


def is_foreign(text: str) -> bool:
    """Say whether a text has a letter that Inter lacks, or a mark that must be placed on one."""
    if text.isascii():
        return False
    return _is_marked(text) or _lack(text)


def _is_marked(letters: str) -> bool:
    return any("\u0300" <= sign <= "\u036f" for sign in letters)


@lru_cache(maxsize=4096)
def face_with(letters: str) -> ScriptFace | None:
    """Return a face that has all of these letters, the one of the first letter's script first."""
    for file in _files(letters[0]):
        face = _opened(file)
        if all(_has(face, sign) for sign in letters):
            return face
    return None


def runs(text: str, font: str) -> Iterator[tuple[ScriptFace | None, str]]:
    """Yield the text in runs of one face each; None is `font`, a weight of Inter, as it is."""
    face: ScriptFace | None = None
    run = ""
    for whole in _with_their_marks(text):
        # A mark that no face has together with its letter stands in another face beside it.
        is_whole = len(whole) == 1 or _face_for(whole, font, face) or not _lack(whole)
        for letters in (whole,) if is_whole else whole:
            needed = _face_for(letters, font, face)
            if run and needed is not face:
                yield face, run
                run = ""
            face = needed
            run += letters
    if run:
        yield face, run


def _face_for(letters: str, font: str, before: ScriptFace | None) -> ScriptFace | None:
    if not _lack(letters):
        return _weight(font) if _is_marked(letters) else None
    if before is not None and all(_has(before, sign) for sign in letters):
        return before  # a full stop that several scripts share
    return face_with(letters)


def _lack(letters: str) -> bool:
    known = typefaces.letters()
    return any(ord(sign) not in known and not steers(sign) for sign in letters)


def _with_their_marks(text: str) -> Iterator[str]:
    """Yield each letter with the marks on it, and what a joiner ties to it."""
    held = ""
    for sign in text:
        if held and (category(sign)[0] == "M" or steers(sign) or held[-1] == "\u200d"):
            held += sign
        else:
            if held:
                yield held
            held = sign
    if held:
        yield held


def _has(face: ScriptFace, sign: str) -> bool:
    return ord(sign) in face.letters or steers(sign)


def _files(sign: str) -> Iterator[str]:
    at = bisect_right(_STARTS, ord(sign)) - 1
    if at >= 0 and ord(sign) <= SCRIPTS[at][1]:
        script = SCRIPTS[at][2]
        kind = "Serif" if script == "Tibetan" else "Sans"
        yield f"Noto{kind}{script}-Regular.ttf"
    yield from (_LATIN, _HAN, _EMOJI)


@cache
def _opened(file: str) -> ScriptFace:
    return _registered(paths.resources() / "fonts" / "scripts" / file)


@cache
def _weight(font: str) -> ScriptFace:
    return _registered(typefaces.file(font))


def _registered(file: Path) -> ScriptFace:
    # heavy: the shaper, which most papers do without
    from shelter_desk.reports.lettering.script_face import ScriptFace  # noqa: PLC0415 - start-up time

    face = ScriptFace(file)
    pdfmetrics.registerFont(face)
    return face
