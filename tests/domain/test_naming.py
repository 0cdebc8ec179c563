"""Names become marks and names again; and whoever is not meant is left out."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shelter_desk.domain.naming import Named, keys_in, marked, names_of, told, without, words_of

SKY, ADA = names_of("s", "Sky", "K-204"), names_of("a", "Ada Lou", "M-311")


def test_a_name_is_a_mark_and_is_told_as_they_are_called_now():
    text = marked("Sky and Ada watched TV; ada's turn. See K-204.", (*SKY, *ADA))
    assert keys_in(text) == ("s", "a")
    for name in ("Sky", "Ada", "ada", "K-204"):
        assert name not in text
    assert told(text, {"s": "Storm", "a": "Ada Lou"}.get) == (
        "Storm and Ada Lou watched TV; Ada Lou's turn. See Storm."
    )


@pytest.mark.parametrize("text", ["Skyline", "Whisky", "adamant", "Adas"])
def test_part_of_another_word_is_no_name(text):
    assert marked(text, (*SKY, *ADA)) == text


@pytest.mark.parametrize("text", ["ZOE", "zoë", "Zoe\u0308", "Zoë"])
def test_accents_and_capitals_do_not_hide_a_name(text):
    assert keys_in(marked(f"Then {text} came.", names_of("z", "Zoë"))) == ("z",)


@pytest.mark.parametrize(
    ("called", "text"),
    [
        ("李娜", "昨天李娜来了"), ("김 민지", "어제 민지는 잤다"), ("สมหญิง", "คืนนี้สมหญิงหลับ"),
        ("ស្រីមុំ", "យប់ស្រីមុំដេក"), ("दीपा", "कल दीपा सोई"), ("محمد العربي", "نام محمد العربي هنا"),
    ],
)  # fmt: skip
def test_a_name_in_any_script_is_left_out_of_a_sentence(called, text):
    told_of_others = without(text, names_of("x", called), "[another]")
    assert "[another]" in told_of_others
    assert not [part for part in called.split() if len(part) > 1 and part in told_of_others]


@pytest.mark.parametrize(
    ("called", "text"),
    [("김민지", "강미정"), ("दीप", "दीपा"), ("李", "李娜"), ("さくら", "ざぐら")],
)
def test_a_name_in_any_script_is_nobody_elses(called, text):
    assert marked(text, names_of("x", called)) == text


def test_a_word_is_a_name_only_as_it_is_written_where_that_is_asked():
    people = names_of("s", "Sky", as_written=True)
    assert keys_in(marked("The sky was grey.", people)) == ()
    assert keys_in(marked("Sky was calm.", people)) == ("s",)


def test_the_longer_name_wins():
    people = (*names_of("1", "Ann"), *names_of("2", "Ann Marie"))
    assert keys_in(marked("Ann Marie slept.", people)) == ("2",)


@pytest.mark.parametrize("called", ["María de los Ángeles", "Robin The Brave", "Ana Van Der Sol"])
def test_a_word_between_names_is_nobody(called):
    people = names_of("m", called, as_written=True)
    text = "Los libros y the keys. The van is back; van los dos. Der, and del Sol."
    assert keys_in(marked(text.replace("Sol", "lago"), people)) == ()
    for name in (called, called.split()[0], called.split()[-1]):
        assert keys_in(marked(f"Then {name} slept.", people)) == ("m",)


def test_marks_cannot_be_typed():
    assert keys_in(marked("\ue000s\ue001 slept", ())) == ()


def test_words_are_each_said_once_and_marks_are_none():
    assert words_of(marked("Sky sat, Sky stood", SKY)) == ("sat", "stood")


NAMES = st.text(st.characters(categories=("L",), max_codepoint=0x24F), min_size=1, max_size=12)


@given(st.lists(NAMES, min_size=1, max_size=5), st.text(max_size=80), st.randoms())
def test_no_name_that_is_left_out_stays_as_a_word(names, rest, random):
    words = [*names, *rest.split()]
    random.shuffle(words)
    text = without(" ".join(words), [Named("x", name) for name in names], "…")
    left = {word.casefold() for word in words_of(text)}
    assert not left & {name.casefold() for name in names}


@given(st.text(max_size=80))
def test_without_names_nothing_is_changed_but_the_way_accents_are_written(text):
    kept = "".join(mark for mark in text if mark not in "\ue000\ue001")
    assert marked(text, ()) == unicodedata.normalize("NFC", kept)
