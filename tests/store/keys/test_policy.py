"""Self-chosen passphrases: what can be guessed is refused, with advice that helps."""

from __future__ import annotations

import secrets
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shelter_desk.domain.words import generate
from shelter_desk.store.keys.policy import strength
from shelter_desk.store.keys.word_list import read_words

NAMES = ("Harbor House", "Ash Example", "Springfield")


@pytest.mark.parametrize(
    "passphrase",
    [
        "",
        "short",
        "password1234",
        "qwertyuiop123",
        "Springfield2026!",
        "HarborHouse2026!",
        "Ash Example 1",
        "aaaaaaaaaaaaaaaaaaaa",
        "kV9$xQ2!pLz",
        "            ",
    ],
)
def test_what_can_be_guessed_is_refused_with_advice(passphrase: str) -> None:
    found = strength(passphrase, NAMES)
    assert not found.is_enough
    assert found.advice
    assert all(line.endswith(".") and "!" not in line for line in found.advice)


@pytest.mark.parametrize(
    "passphrase", ["opal heron teapot meadow", "kV9$xQ2!pLzT7", "ζ λ ξ π ρ φ ψ ω"]
)
def test_what_cannot_be_guessed_is_enough(passphrase: str) -> None:
    found = strength(passphrase, NAMES)
    assert (found.is_enough, found.advice) == (True, ())
    assert found.score >= 3


def test_generated_passphrases_are_enough() -> None:
    words = read_words()
    for _ in range(30):
        assert strength(generate(words, 4, secrets.randbelow), NAMES).is_enough


def test_the_names_of_the_shelter_make_a_difference() -> None:
    assert (
        strength("Brightwater2026Lane", ()).score
        > strength("Brightwater2026Lane", ("Brightwater", "2026 Lane")).score
    )
    advice = " ".join(strength("springfield12", NAMES).advice)
    assert "names of the shelter" in advice
    assert "digits at the end" in " ".join(strength("sunshine2019", ()).advice)


def test_a_very_long_passphrase_is_scored_in_time() -> None:
    begun = time.process_time()
    assert strength("heron teapot " * 2000).score >= 0
    assert time.process_time() - begun < 3


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=60), st.lists(st.text(max_size=10), max_size=3))
def test_any_text_is_scored(text: str, names: list[str]) -> None:
    found = strength(text, names)
    assert 0 <= found.score <= 4
    assert found.is_enough == (not found.advice)
