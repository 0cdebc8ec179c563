"""Where a line may end in scripts that put no space between words.

A part of the Unicode Line Breaking Algorithm: between ideographs, kana and syllables of Hangul
except where that would leave a full stop alone; between the syllables of Thai, Lao, Khmer and
Burmese, whose words only a dictionary tells apart; after the dots of Tibetan and Ethiopic.

Source: Unicode Standard Annex 14, revision 53, classes ID, CL, OP, NS, EX, SA and BA.
"""

from __future__ import annotations

from unicodedata import category

_IDEOGRAPHIC = (
    (0x2E80, 0x312F), (0x3190, 0x4DBF), (0x4E00, 0x9FFF), (0xAC00, 0xD7A3), (0xF900, 0xFAFF),
    (0xFF00, 0xFFEF), (0x1F000, 0x1FAFF), (0x20000, 0x323AF),
)  # fmt: skip
_SYLLABIC = (
    (0x0E00, 0x0EFF), (0x1000, 0x109F), (0x1780, 0x17FF), (0x1950, 0x19DF), (0xA9E0, 0xA9FF),
    (0xAA00, 0xAA7F),
)  # fmt: skip
# What never begins a line, and what never ends one.
_NOT_FIRST = frozenset(
    "、。，．：；？！・ー々〻ゝゞヽヾぁぃぅぇぉっゃゅょゎ"
    "ァィゥェォッャュョヮヵヶะาำๅๆฯະາຳໆຯ၊။។៕ៗ…‥,.:;?!%"
)
_NOT_LAST = frozenset("เแโใไເແໂໃໄ$£¥￥＄")
_BREAK_AFTER = frozenset("་፡\u200b")


def may_break(before: str, after: str) -> bool:
    """Say whether a line may end between two clusters, neither of which is white space."""
    last, first = before[-1], after[0]
    if last in _BREAK_AFTER:
        return True
    if category(first) in ("Mn", "Mc", "Me", "Cf", "Pe", "Pf") or first in _NOT_FIRST:
        return False
    if category(last) in ("Ps", "Pi") or last in _NOT_LAST:
        return False
    kinds = _in(before[0], _IDEOGRAPHIC), _in(first, _IDEOGRAPHIC)
    return any(kinds) or (_in(before[0], _SYLLABIC) and _in(first, _SYLLABIC))


def _in(sign: str, blocks: tuple[tuple[int, int], ...]) -> bool:
    return any(first <= ord(sign) <= last for first, last in blocks)
