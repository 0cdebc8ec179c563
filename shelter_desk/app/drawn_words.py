"""Words drawn by chance, for passphrases."""

from __future__ import annotations

import secrets

from shelter_desk.domain.words import generate
from shelter_desk.store.keys.word_list import read_words


def new_words(count: int) -> str:
    """Return freshly drawn words of the passphrase list, separated by spaces."""
    return generate(read_words(), count, secrets.randbelow)
