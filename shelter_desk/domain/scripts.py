"""What words are made of in scripts that are unlike Latin: vowels that are marks, no spaces."""

from __future__ import annotations

import re
from unicodedata import normalize

# Vowels of Indic and other scripts are marks, which `\w` would take for the end of a word.
IN_WORDS = (
    r"\w\u07a6-\u07b0\u0900-\u0963\u0971-\u0df3\u0e31-\u0e3a\u0e47-\u0e4e\u0eb1-\u0ebc\u0ec8-\u0ecd"
    r"\u0f3e\u0f3f\u0f71-\u0f84\u0f90-\u0fbc\u102b-\u103e\u1056-\u109d\u17b4-\u17d3\ua926-\ua92d"
    r"\uaa29-\uaa36\uabe3-\uabea"
)
"""What stands in words, to be put between the brackets of a regular expression."""

# Thai, Lao, Tibetan, Burmese, Khmer, kana, ideographs and Hangul.
_UNSPACED = (
    r"\u0e00-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7a3\uf900-\ufaff"
    r"\U00020000-\U000323af"
)
_RUN = re.compile(f"[{_UNSPACED}]{{2}}")


def runs_on(name: str) -> bool:
    """Say whether a name may stand inside of a run of letters, in a script without spaces.

    A name of one letter does not. A syllable of Hangul counts as one, folded or not.
    """
    return not name.isascii() and _RUN.match(normalize("NFC", name)) is not None
