"""In which order the letters of a line stand when some are written from right to left.

The Unicode Bidirectional Algorithm without its explicit controls, which nobody types into a name
or a note: what stands between Arabic or Hebrew words, numbers in them, brackets around them.

Source: Unicode Standard Annex 9, revision 50, rules W1 to L2.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from itertools import pairwise
from unicodedata import bidirectional

_STRONG = {"L": 0, "R": 1, "AL": 1}
_BETWEEN = {("EN", "ES"): "EN", ("EN", "CS"): "EN", ("AN", "CS"): "AN"}
_A_NAME = 5  # words, at most
_CONTROLS = frozenset(("LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"))
_NEUTRAL = frozenset(("B", "S", "WS", "ON", "BN"))
_BRACKETS = {"(": ")", "[": "]", "{": "}", "⁅": "⁆", "〈": "〉"}
MIRRORED = {**_BRACKETS, "<": ">", "«": "»", "‹": "›", "≤": "≥"}
MIRRORED |= {closing: opening for opening, closing in MIRRORED.items()}


def runs_right_to_left(text: str) -> bool:
    """Say whether there is anything in a text that is written from right to left."""
    return any(bidirectional(sign) in ("R", "AL", "AN") for sign in text)


def base_level(text: str) -> int:
    """Return the direction of a paragraph: 0 to the right, 1 to the left.

    Not that of its first letter (rules P2 and P3): papers are in English or Spanish, and a line
    of theirs that begins with a name ("محمد, F-729: was involved") goes on to the right. What
    somebody wrote from right to left goes to the left, also with a foreign word in it.
    """
    kinds = ([bidirectional(sign) for sign in word] for word in text.split())
    firsts = (next((kind for kind in word if kind in _STRONG), "") for word in kinds)
    words = Counter(_STRONG.get(one) for one in firsts)
    left, right = words[1], words[0]
    return int(left > 0 and (right == 0 or (left > _A_NAME and left > 2 * right)))


def levels(pieces: Sequence[str], base: int) -> list[int]:
    """Return the level of each piece of a paragraph: odd is from right to left.

    Args:
        pieces: what is never cut, in the order of typing; its first letter speaks for it.
        base: the direction of the paragraph, 0 or 1.
    """
    types = [_type_of(piece[0]) for piece in pieces]
    _weak(types, "R" if base else "L")
    _bracketed(types, pieces, base)
    _neutral(types, base)
    up = {0: {"L": 0, "R": 1, "AN": 2, "EN": 2}, 1: {"L": 1, "R": 0, "AN": 1, "EN": 1}}[base]
    return [base + up[one] for one in types]


def _type_of(sign: str) -> str:
    one = bidirectional(sign) or "L"
    return "BN" if one in _CONTROLS else one


def order(of: Sequence[int]) -> list[int]:
    """Return the places of a line's pieces from left to right, given their levels (rule L2)."""
    places = list(range(len(of)))
    for level in range(max(of, default=0), 0, -1):
        start = 0
        while start < len(places):
            end = start
            while end < len(places) and of[places[end]] >= level:
                end += 1
            places[start:end] = reversed(places[start:end])
            start = max(end, start) + 1
    return places


def _weak(types: list[str], edge: str) -> None:
    """Rules W1 to W7: marks follow their letter, numbers follow the words around them."""
    before = strong = edge
    for at, one in enumerate(types):
        before = before if one in ("NSM", "BN") else one
        strong = before if before in _STRONG else strong
        types[at] = "AN" if before == "EN" and strong == "AL" else before
    types[:] = ["R" if one == "AL" else one for one in types]
    for at in range(1, len(types) - 1):
        if types[at - 1] == types[at + 1]:
            types[at] = _BETWEEN.get((types[at - 1], types[at]), types[at])
    _signs_of_numbers(types)
    strong = edge
    for at, one in enumerate(types):
        strong = one if one in ("L", "R") else strong
        types[at] = "L" if one == "EN" and strong == "L" else one


def _signs_of_numbers(types: list[str]) -> None:
    at = 0
    while at < len(types):
        end = at
        while end < len(types) and types[end] == "ET":
            end += 1
        beside = {*types[max(at - 1, 0) : at], *types[end : end + 1]}
        if end > at:
            types[at:end] = ["EN" if "EN" in beside else "ON"] * (end - at)
        at = max(end, at) + 1
    types[:] = ["ON" if one in ("ES", "CS", "ET") else one for one in types]


def _bracketed(types: list[str], pieces: Sequence[str], base: int) -> None:
    """Rule N0: a pair of brackets goes with what it holds, or with what stands before it."""
    along = "R" if base else "L"
    for start, end in _pairs(types, pieces):
        inside = {_side(one) for one in types[start + 1 : end]} - {None}
        if not inside:
            continue
        found = along
        if along not in inside:
            before = (_side(one) for one in reversed(types[:start]))
            found = next((side for side in before if side), along)
        types[start] = types[end] = found


def _pairs(types: list[str], pieces: Sequence[str]) -> list[tuple[int, int]]:
    opened: list[tuple[str, int]] = []
    pairs = []
    for at, piece in enumerate(pieces):
        if types[at] != "ON":
            continue
        if piece in _BRACKETS:
            opened.append((_BRACKETS[piece], at))
        while any(piece == closing for closing, _ in opened):
            closing, start = opened.pop()
            if closing == piece:
                pairs.append((start, at))
                break
    return sorted(pairs)


def _neutral(types: list[str], base: int) -> None:
    """Rules N1 and N2: what is neither goes with its neighbours where they agree."""
    along = "R" if base else "L"
    sided = [0, *(at + 1 for at, one in enumerate(types) if one not in _NEUTRAL), len(types) + 1]
    for left, right in pairwise(sided):
        before = _side(types[left - 1]) if left else along
        after = _side(types[right - 1]) if right <= len(types) else along
        fill = before if before == after and before else along
        types[left : right - 1] = [fill] * (right - 1 - left)


def _side(one: str) -> str | None:
    return {"L": "L", "R": "R", "EN": "R", "AN": "R"}.get(one)
