"""Words drawn by chance, for passphrases."""

from __future__ import annotations

import secrets

from shelter_desk.domain.words import generate
from shelter_desk.store.keys.word_list import words_to_draw


def new_words(count: int) -> str:
    """Return freshly drawn words of the passphrase list, separated by spaces."""
    return generate(words_to_draw(), count, secrets.randbelow)
