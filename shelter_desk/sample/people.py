"""Invented people and the outline of their stays: pure arithmetic over a seeded generator."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

# No two begin or sound alike: nobody of a small house is taken for somebody written down twice.
_WORDS = """
Sequoia River Buttercup Wren Fern Lark Acorn Barley Robin Willow
Cedar Juniper Brook Aspen Clover Finch Hazel Hyacinth Linden Maple
Meadow Moss Olive Pebble Pine Reed Rowan Sparrow Storm Sunny
Thistle Bramble Coral Dawn Dove Foxglove Ember Frost Harbor Heath
Heron Iris Turquoise Laurel Luna Marigold Marsh Ocean Opal Petal
Poppy Primrose Breeze Ridge Rosemary Cinder Star Swift Teal Violet
Cobble Copper Crest Cypress Daisy Delta Drift Eagle Falcon Feather
Fjord Flint Gale Garnet Grove Hickory Honey Indigo Island Jasmine
Jasper Kestrel Lagoon Lantern Lilac Lotus Magnolia Marble Mist Mulberry
Nettle Nutmeg Oriole Orchid Osprey Papaya Plover Prairie Quartz Rapids
Ripple Saffron Sedge Shell Silver Sorrel Summit Tansy Thunder Tulip
Vale Verbena Walnut Wave Yarrow Zephyr Canyon Mango Tamarind Juneberry
"""
NATURE = tuple(_WORDS.split())
STAFF = (
    ("Mo Field", ("residential-staff",)),
    ("Lee Shore", ("intake-worker", "residential-staff")),
    ("Pat Stone", ("nurse",)),
    ("Kim Orchard", ("case-manager",)),
    ("Jo Hill", ("clinician",)),
    ("Sam Lake", ("education-liaison", "legal-advocate")),
)
BEDS = tuple(f"{room}{bed}" for room in range(1, 7) for bed in "AB")
MOST_PRESENT = 9
_PRONOUNS = ("she/her", "she/her", "she/her", "he/him", "they/them", "")
_LANGUAGES = ("English", "English", "English", "English", "Spanish", "")
_AGES = (12, 13, 14, 14, 15, 15, 15, 16, 16, 16, 17, 17, 17)
_BROUGHT_BY = ("11", "18", "28", "30", "34", "35", "37", "38", "1", "2", "7", "99")
# How stays end, with a destination that fits; often first.
_EXITS = (
    ("kin", "422"),
    ("reunified", "423"),
    ("reunified", "423"),
    ("foster", "215"),
    ("step-down", "302"),
    ("kin", "422"),
    ("completed", "426"),
    ("left-early", "30"),
    ("transfer-hospital", "206"),
    ("independent", "410"),
)
_NOTES = (
    "Likes the hall light left on.",
    "Prefers to eat alone at first.",
    "Asks for music at bedtime.",
    "",
    "",
)


@dataclass(frozen=True, slots=True)
class Outline:
    """One stay of one invented resident. `left_at` None: still here. `bed` counts from 0."""

    called: str
    arrived_at: datetime
    left_at: datetime | None
    bed: int
    age: int
    pronouns: str
    language: str
    good_to_know: str
    brought_by: str
    exit_type: str
    destination: str


def outlines(
    random: Random, *, residents: int, since: datetime, until: datetime
) -> tuple[Outline, ...]:
    """Return stays between two moments in order of arrival; up to nine are open at the end.

    Each bed has one stay after another, so nobody sleeps in a taken one. The newest arrival came
    a few hours before `until`; everybody else has been here for at least five days.
    """
    lanes = min(MOST_PRESENT, residents)
    spans = [
        (bed, span)
        for bed in range(lanes)
        for span in _lane(
            random, residents // lanes + (bed < residents % lanes), since, until, bed
        )
    ]
    spans.sort(key=lambda one: one[1][0])
    return tuple(
        _outline(random, number, bed, arrived, left)
        for number, (bed, (arrived, left)) in enumerate(spans)
    )


def _lane(
    random: Random, count: int, since: datetime, until: datetime, bed: int
) -> list[tuple[datetime, datetime | None]]:
    longest = max(5.5, min(75.0, (until - since) / timedelta(days=1) * 0.9))
    hours = random.uniform(2.0, 3.5) if bed == 0 else random.uniform(5.2, longest) * 24
    newest = _minute(until - timedelta(hours=hours))
    weights = [random.uniform(0.5, 1.5) for _ in range(count - 1)]
    unit = (newest - since) / (sum(weights) or 1.0)
    stays: list[tuple[datetime, datetime | None]] = []
    at = since
    for weight in weights:
        arrived = _minute(at + unit * weight * random.uniform(0.02, 0.25))
        at += unit * weight
        stays.append((arrived, _minute(at - unit * weight * 0.01)))
    return [*stays, (newest, None)]


def _outline(
    random: Random, number: int, bed: int, arrived: datetime, left: datetime | None
) -> Outline:
    exit_type, destination = random.choice(_EXITS)
    return Outline(
        called=_name(number),
        arrived_at=arrived,
        left_at=left,
        bed=bed,
        age=random.choice(_AGES),
        pronouns=random.choice(_PRONOUNS),
        language=random.choice(_LANGUAGES),
        good_to_know=random.choice(_NOTES),
        brought_by=random.choice(_BROUGHT_BY),
        exit_type=exit_type,
        destination=destination,
    )


def _name(number: int) -> str:
    """Return a name for the n-th stay: one word, and two words once all have been used."""
    round_, place = divmod(number, len(NATURE))
    first = NATURE[place]
    return first if not round_ else f"{first} {_other(NATURE, place, round_)}"


def _other(words: Sequence[str], place: int, step: int) -> str:
    return words[(place + step) % len(words)]


def _minute(moment: datetime) -> datetime:
    return moment.replace(second=0, microsecond=0)
