"""The shipped list of passphrase words: the EFF's large list (2016), 7,776 words."""

from __future__ import annotations

import hashlib
from pathlib import Path

from shelter_desk.domain.errors import ContentError, Problem
from shelter_desk.paths import resources

WORD_COUNT = 7776
_NAME = "eff_large.txt"
# Words that hurt here: whoever reads a passphrase may be somebody they happened to. They stay on
# the list, so that what was drawn before can still be checked, and are drawn no more.
_KEPT_BACK = frozenset(
    [
        "backstab",
        "boozy",
        "browbeat",
        "bruising",
        "bullwhip",
        "captive",
        "capture",
        "chokehold",
        "choking",
        "defile",
        "enslave",
        "fondling",
        "gag",
        "grope",
        "groin",
        "handcuff",
        "lustfully",
        "lustily",
        "lustiness",
        "lusty",
        "predator",
        "pregnancy",
        "pregnant",
        "punch",
        "ravishing",
        "recapture",
        "rectal",
        "seduce",
        "seducing",
        "slapping",
        "strangle",
        "thigh",
        "thong",
        "traffic",
        "unclothed",
        "underwear",
        "undress",
        "unfasten",
        "unisexual",
        "unshackle",
        "unwanted",
        "unzip",
        "womb",
    ]
)
_SHA256 = "6d557f0693958fb5e650b68b5bee585eb82cf4da32965505c789e924743bc522"


def read_words(folder: Path | None = None) -> tuple[str, ...]:
    """Return the words in alphabetical order.

    A shortened list would give weak passphrases that look like strong ones, so the file must be
    the very one that was shipped. `folder` is the shipped `words` folder unless given.

    Raises:
        ContentError: when it is missing or another one.
    """
    path = (folder or resources() / "words") / _NAME
    try:
        text = path.read_text(encoding="ascii").replace("\r\n", "\n")
    except (OSError, ValueError) as error:
        raise _damaged() from error
    if hashlib.sha256(text.encode()).hexdigest() != _SHA256:
        raise _damaged()
    return tuple(text.split())


def words_to_draw() -> tuple[str, ...]:
    """Return the words that new passphrases are drawn from: 7,733, so 12.9 bits each.

    Raises:
        ContentError: when the list is missing or another one.
    """
    return tuple(word for word in read_words() if word not in _KEPT_BACK)


def _damaged() -> ContentError:
    return ContentError((Problem(_NAME, "the list of passphrase words is damaged or missing"),))
