"""One night at the desk, driven through the real windows, with pictures.

Nothing is painted for the occasion: the windows are the product's own, on a real encrypted store
of invented people, moved by key presses.
"""

from shelter_desk.tour.hands import Tour
from shelter_desk.tour.night import take_tour

__all__ = ["Tour", "take_tour"]
