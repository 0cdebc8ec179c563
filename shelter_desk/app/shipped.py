"""The care model that came with the program."""

from __future__ import annotations

from functools import cache

from shelter_desk.domain.care_model import CareModel, read_care_model
from shelter_desk.paths import content_files


@cache
def shipped_care_model() -> CareModel:
    """Return the care model that came with the program, read and checked whole, once."""
    return read_care_model(content_files())
