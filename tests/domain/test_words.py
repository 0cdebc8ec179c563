"""Passphrase words: chosen evenly, tidied the same way always, and wrong ones named."""

from __future__ import annotations

import secrets
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shelter_desk.domain.words import (
    EXPORT_WORDS,
    SIGN_IN_WORDS,
    generate,
    normalise,
    strength_bits,
    words_off_list,
)

WORDS = ("amber", "drop-down", "heron", "lantern", "meadow", "teapot", "zoom")


def test_the_words_are_those_chosen_in_order() -> None:
    chosen = iter((2, 0, 6, 2))
    assert generate(WORDS, 4, lambda _: next(chosen)) == "heron amber zoom heron"


def test_every_word_comes_up_as_often_as_any_other() -> None:
    count = Counter(generate(WORDS, 7000, secrets.randbelow).split())
    assert set(count) == set(WORDS)
    # Chi-squared, 6 degrees of freedom: 45 is passed once in ten million runs.
    assert sum((n - 1000) ** 2 / 1000 for n in count.values()) < 45


def test_strength_is_what_the_design_counts_with() -> None:
    assert round(strength_bits(7776, SIGN_IN_WORDS), 1) == 51.7
    assert round(strength_bits(7776, EXPORT_WORDS), 1) == 77.5


def test_no_words_are_refused() -> None:
    for words, count in (((), 4), (WORDS, 0)):
        with pytest.raises(ValueError, match="at least one"):
            generate(words, count, secrets.randbelow)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("  heron \t amber\n", "heron amber"),
        ("heron\N{NO-BREAK SPACE}amber", "heron amber"),
        ("\N{FULLWIDTH LATIN SMALL LETTER H}eron", "heron"),
        ("e\N{COMBINING ACUTE ACCENT}", "\N{LATIN SMALL LETTER E WITH ACUTE}"),
        ("Heron", "Heron"),
        ("   ", ""),
    ],
)
def test_a_passphrase_is_read_as_it_is_meant(typed: str, meant: str) -> None:
    assert normalise(typed) == meant


@given(st.text())
def test_tidying_twice_changes_nothing(text: str) -> None:
    once = normalise(text)
    assert normalise(once) == once
    assert once == once.strip()


def test_the_word_that_is_not_on_the_list_is_named_with_its_neighbour() -> None:
    found = words_off_list("amber hreon qqqqq  Teapot", WORDS)
    assert [(w.position, w.word, w.nearest) for w in found] == [
        (2, "hreon", "heron"),
        (3, "qqqqq", ""),
    ]
    assert words_off_list("drop-down heron", WORDS) == ()
    assert words_off_list("  ", WORDS) == ()
