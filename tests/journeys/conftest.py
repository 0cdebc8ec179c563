"""Journeys use the look of the program as the windows' tests do."""

from tests.ui.conftest import look

__all__ = ["look"]
