"""The shipped words are the EFF's, all of them, and nothing else is taken for them."""

from __future__ import annotations

import math
import secrets
from pathlib import Path

import pytest

from shelter_desk.domain.errors import ContentError
from shelter_desk.domain.words import generate, words_off_list
from shelter_desk.paths import resources
from shelter_desk.store.keys.word_list import _KEPT_BACK, WORD_COUNT, read_words, words_to_draw

WORDS = read_words()


def test_all_words_are_there_once_and_can_be_typed() -> None:
    assert len(WORDS) == len(set(WORDS)) == WORD_COUNT == 6**5
    assert sorted(WORDS) == list(WORDS)
    assert all(word.replace("-", "").isalpha() and word.islower() for word in WORDS)
    assert min(map(len, WORDS)) == 3
    assert "Creative Commons Attribution" in (resources() / "words" / "LICENSE.txt").read_text()


def test_generated_words_are_on_the_list_and_a_slip_is_named() -> None:
    made = generate(WORDS, 6, secrets.randbelow)
    assert len(made.split(" ")) == 6
    assert words_off_list(made, WORDS) == ()
    found = words_off_list("abacus abdomenn zoom", WORDS)
    assert [(w.position, w.nearest) for w in found] == [(2, "abdomen")]


def test_a_shortened_changed_or_missing_list_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ContentError):
        read_words(tmp_path)
    path = tmp_path / "eff_large.txt"
    for text in ("abacus\n" * WORD_COUNT, "\n".join(WORDS[:-1]) + "\n", "", "äpfel\n"):
        path.write_text(text, encoding="utf-8")
        with pytest.raises(ContentError):
            read_words(tmp_path)
    path.write_bytes("\r\n".join((*WORDS, "")).encode())  # a checkout with Windows line ends
    assert read_words(tmp_path) == WORDS


def test_words_that_hurt_here_are_drawn_no_more() -> None:
    drawn = words_to_draw()
    assert set(WORDS) - set(drawn) == _KEPT_BACK
    assert {"captive", "enslave", "grope", "rectal", "traffic"} <= _KEPT_BACK
    assert 4 * math.log2(len(drawn)) > 51.6  # what is promised of four and of six words
    assert 6 * math.log2(len(drawn)) > 77.4
