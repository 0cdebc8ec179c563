"""What came with the program: the care model, and words to draw passphrases from."""

from __future__ import annotations

import secrets

from shelter_desk.domain.care_model import CareModel, read_care_model
from shelter_desk.domain.words import generate
from shelter_desk.paths import content_files
from shelter_desk.store.keys.word_list import read_words


def shipped_care_model() -> CareModel:
    """Return the care model that came with the program, read and checked whole."""
    return read_care_model(content_files())


def new_words(count: int) -> str:
    """Return freshly drawn words of the passphrase list, separated by spaces."""
    return generate(read_words(), count, secrets.randbelow)
