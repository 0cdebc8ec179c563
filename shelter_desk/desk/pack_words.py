"""The words that open an audit pack, freshly drawn."""

from __future__ import annotations

import secrets

from shelter_desk.domain.words import generate
from shelter_desk.store.keys.word_list import words_to_draw

PACK_WORDS = 6
"""77.5 bits: a lost stick must hold against guessing for decades."""


def new_pack_words() -> str:
    """Return six freshly drawn words of the passphrase list, separated by spaces.

    Raises:
        ContentError: when the word list that came with the program is damaged.
    """
    return generate(words_to_draw(), PACK_WORDS, secrets.randbelow)
