"""Every pair of colours keeps the contrast that WCAG 2.2 AA asks for."""

import re

import pytest
from PySide6.QtGui import QColor, QPalette

from shelter_desk.ui.theme import high_contrast
from shelter_desk.ui.tokens import DARK, LIGHT, PAIRS, Tone, contrast

_THEMES = {"light": LIGHT, "dark": DARK}


def test_the_formula_gives_the_values_of_the_standard():
    assert contrast("#000000", "#FFFFFF") == pytest.approx(21)
    assert contrast("#777777", "#FFFFFF") == pytest.approx(4.48, abs=0.01)
    assert contrast("#123456", "#123456") == pytest.approx(1)


@pytest.mark.parametrize("name", _THEMES)
def test_every_pair_keeps_its_contrast(name):
    tokens = _THEMES[name]
    found = {(f, b): contrast(tokens.colour(f), tokens.colour(b)) for f, b, _ in PAIRS}
    assert len(PAIRS) >= 30
    assert [(f, b, found[f, b]) for f, b, least in PAIRS if found[f, b] < least] == []


@pytest.mark.parametrize("name", _THEMES)
def test_the_words_of_every_tone_can_be_read_on_its_ground_and_on_the_page(name):
    tokens = _THEMES[name]
    for tone in Tone:
        colours = tokens.tone(tone)
        assert contrast(colours.text, colours.soft) >= 4.5, tone
        assert contrast(colours.strong, tokens.surface) >= 4.5, tone


@pytest.mark.parametrize("name", _THEMES)
def test_every_colour_is_written_out(name):
    for field in LIGHT._fields:
        value = getattr(_THEMES[name], field)
        assert field == "scrim_alpha" or re.fullmatch("#[0-9A-F]{6}", value), field


@pytest.mark.parametrize(
    ("ground", "text"), [("#000000", "#FFFF00"), ("#FFFFFF", "#000000"), ("#EFEFEF", "#777777")]
)
def test_high_contrast_takes_the_systems_colours_and_keeps_seven_to_one(ground, text):
    system = QPalette()
    system.setColor(QPalette.ColorRole.Window, QColor(ground))
    system.setColor(QPalette.ColorRole.WindowText, QColor(text))
    tokens = high_contrast(system)
    for front, back, _ in PAIRS:
        if front.startswith(("border", "focus")):
            continue
        assert contrast(tokens.colour(front), tokens.colour(back)) >= 4.5, (front, back)
    assert contrast(tokens.text, tokens.bg) >= 7


def test_an_unknown_colour_is_refused():
    with pytest.raises(KeyError):
        LIGHT.colour("pink")
