"""Names that are written down by ear meet, in English and in Spanish; others stay apart."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shelter_desk.domain.sounds import sound_alike, sounds, words_of

ALIKE = """
Jimena Ximena | Javier Xavier | Jesus Hesus | Jasmin Yazmin | Jasmin Jazmyn | Jessica Yesica
Jorge Horhe | George Jorge | Hernandez Ernandez | Guillermo Guiyermo | Guillermo Gillermo
Valeria Baleria | Esperanza Esperansa | Cristina Kristina | Christina Cristina | Nicole Nikol
Michael Maikel | Catherine Katherin | Katherine Catarin | Stephanie Estefany | Sofia Sophia
Ashley Ashleigh | Hailey Haylee | Geraldine Jeraldin | Yolanda Iolanda | Yesenia Jesenia
Thalia Talia | Elizabeth Elisabet | Zoe Soe | Cecilia Sesilia | Chelsea Shelsy | Quetzal Ketsal
Muñoz Munos | Núñez Nunes | Peña Pena | Vargas Bargas | Wendy Huendy | Alexis Alecsis
Kelly Keli | Bella Bela | Estrella Estreya | Leticia Letizia | Roxana Rocsana | Anna Ana
Hassan Hasan | Philip Felipe | Miguel Migel | Nayeli Nayely | Citlali Sitlali | Knight Night
"""
APART = """
Sky Ada | Maria Marta | Jose Rosa | Ana Eva | Diego Tiago | Karla Paola | Kim Tim | Ben Dan
Lopez Perez | Gomez Ramos | Ruby Rosy | Nadia Lydia | Emma Ella | Jade Kate | Luz Liv | Mia Nia
"""


def pairs(text):
    lines = text.strip().splitlines()
    return [tuple(pair.split()) for line in lines for pair in line.split(" | ")]


@pytest.mark.parametrize(("one", "other"), pairs(ALIKE))
def test_two_spellings_of_one_name_meet(one, other):
    assert sound_alike(one, other), (sounds(one), sounds(other))


@pytest.mark.parametrize(("one", "other"), pairs(APART))
def test_two_names_stay_apart(one, other):
    assert not sound_alike(one, other), (sounds(one), sounds(other))


def test_every_word_of_a_name_counts_and_marks_do_not():
    assert words_of("  María-José  O’Neil ") == ("maria", "jose", "o", "neil")


@given(st.text(max_size=40))
def test_any_text_has_few_short_keys_of_capitals(text):
    keys = sounds(text)
    assert len(keys) <= 8
    assert all(0 < len(key) <= 12 and key.isascii() and key.isupper() for key in keys)


@given(st.text(alphabet="abcdefghijklmnopqrstuvwxyzñéü", min_size=1, max_size=20))
def test_accents_and_capitals_never_matter(text):
    assert sounds(text) == sounds(text.upper()) == sounds(text.title())
