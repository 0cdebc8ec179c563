"""Names, days and numbers of people are found however a text spells them, and nothing else is."""

import tracemalloc
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shelter_desk.domain.identifiers import (
    BIRTH_DATE,
    CASE_CODE,
    NAME,
    PHONE,
    PLACE,
    STAFF,
    Identifier,
    Identifiers,
    days_in,
)

SKY = Identifiers(
    (
        Identifier(NAME, "Skylarkia Núñez-Invented"),
        Identifier(NAME, "Ash"),
        Identifier(NAME, "May"),
        Identifier(STAFF, "Zephyrine"),
        Identifier(CASE_CODE, "K-204"),
        Identifier(BIRTH_DATE, "2011-04-07"),
        Identifier(PHONE, "(555) 010-4477"),
        Identifier(PLACE, "Juniper Lane School"),
    )
)


def kinds(text, common=frozenset()):
    return {hit.kind for hit in SKY.find(text, common) if not hit.is_common}


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("about skylarkia today", NAME),
        ("SKYLARKIA", NAME),
        ("Nunez", NAME),
        ("nu\u0301n\u0303ez", NAME),
        ("signed Sky-\n  larkia, page 2", NAME),
        ("Sky\u00adlarkia", NAME),
        ("S k y l a r k i a", NAME),
        ("skylarkia_report.csv", NAME),
        ("Ash", NAME),
        ("a,b,ash,c", NAME),
        ("<w>Ash</w>", NAME),
        ("Zephyrine signed", STAFF),
        ("case K-204", CASE_CODE),
        ("k 204", CASE_CODE),
        ("juniper\nlane\nschool", PLACE),
        ("2011-04-07", BIRTH_DATE),
        ("4/7/2011", BIRTH_DATE),
        ("07.04.2011", BIRTH_DATE),
        ("7/4/11", BIRTH_DATE),
        ("20110407", BIRTH_DATE),
        ("7 April 2011", BIRTH_DATE),
        ("April 7th, 2011", BIRTH_DATE),
        ("Apr 7 2011", BIRTH_DATE),
        ("7 de abril de 2011", BIRTH_DATE),
        ("555-010-4477", PHONE),
        ("+1 555 010 4477", PHONE),
        ("5550104477", PHONE),
        ("010.4477", PHONE),
    ],
)
def test_it_is_found(text, kind):
    assert kinds(text) == {kind}


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("李娜", "昨天李娜来了"),
        ("山田 さくら", "昨日さくらさんは"),
        ("김 민지", "어제 민지는 잤다"),
        ("สมหญิง", "เมื่อคืนสมหญิงบอกว่า"),
        ("ស្រីមុំ", "យប់មិញស្រីមុំបាន"),
        ("အေးအေး", "မနေ့ကအေးအေးက"),
        ("दीपा शर्मा", "कल दीपा सोई"),
        ("পূজা", "কাল পূজা ঘুমিয়েছে।"),
        ("محمد العربي", "seen: العربي محمد, twice"),
        ("مى لو", "seen: لو مى"),
        ("می‌نا", "seen: نا می"),
    ],
)
def test_a_name_in_any_script_is_found_inside_of_a_sentence(name, text):
    assert Identifiers((Identifier(NAME, name),)).find(text)
    assert not Identifiers(
        (Identifier(NAME, "王芳"), Identifier(NAME, "김")),
    ).find(text)


@pytest.mark.parametrize(
    "text",
    [
        "", "cash and ashes", "Maybe", "juniper lane", "K-205", "2011-04-08", "17 April 2011",
        "8 April 2011", "2011-04", "April 2011", "555 010 4478", "1,126 nights", "2026-Q1",
        "99/99/2011", "31 February 2011", "昨天来了", "김치", "कल",
    ],
)  # fmt: skip
def test_what_only_looks_alike_is_not(text):
    assert kinds(text) == set()


def test_a_word_that_every_paper_holds_is_for_a_person_to_judge():
    (hit,) = SKY.find("in May 2026", common=frozenset({"may", "june"}))
    assert (hit.kind, hit.is_common) == (NAME, True)
    assert kinds("in May 2026") == {NAME}
    # A whole name is common only when all of its words are.
    assert kinds("Skylarkia Nunez Invented", common=frozenset({"invented"})) == {NAME}


def test_codes_and_places_that_begin_alike_are_told_apart():
    codes = [Identifier(CASE_CODE, f"K-{at}") for at in range(3000)]
    places = [Identifier(PLACE, "K"), Identifier(PLACE, "K-204 Juniper Lane")]
    known = Identifiers((*codes, places[1]))
    for text, found in (
        ("k 204 juniper lane", {CASE_CODE, PLACE}),
        ("K-204", {CASE_CODE}),
        ("the end: k", set()),
        ("K-3000 Juniper Lane", set()),
    ):
        assert {hit.kind for hit in known.find(text)} == found, text
    alone = Identifiers((*codes, *places))
    assert {hit.kind for hit in alone.find("the end: k")} == {PLACE}


def test_neither_a_hit_nor_the_list_shows_the_word():
    shown = repr(SKY) + repr(SKY.find("Skylarkia, 7 April 2011"))
    assert not {"Skylarkia", "2011", "Ash"} & set(shown.replace("'", " ").split())
    assert "kylarkia" not in shown


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Ash", NAME),
        ("Sky-\nlarkia", NAME),
        ("s k y l a r k i a", NAME),
        ("Sky\u00adlarkia", NAME),
        ("juniper\nlane, school", PLACE),
        ("April 7, 2011", BIRTH_DATE),
        ("(555) 010-4477", PHONE),
    ],
)
@pytest.mark.parametrize("filler", ["x1 ", "\u00e9"])
def test_a_large_text_is_searched_wherever_in_it_somebody_stands(text, kind, filler):
    # It is taken apart by stretches: where one ends must not matter.
    for more in range(0, len(text) + 2, 2):
        before = filler * ((1 << 16) // len(filler) - 1) + "." * more
        assert kinds(f"{before} {text} {filler * 99}") == {kind}, more


@pytest.mark.parametrize("word", ["present late, ", "presént·late, "])
def test_a_large_text_is_searched_in_a_few_times_its_size(word):
    text = word * 60_000
    tracemalloc.start()
    assert not kinds(text)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 5 * len(text.encode()) + (1 << 20), f"{peak:,} bytes for {len(text):,}"


@given(st.dates(min_value=date(1900, 1, 1)), st.text(max_size=8), st.text(max_size=8))
def test_a_day_is_found_between_any_words(day, before, after):
    text = f"{before} {day.isoformat()} {after}"
    assert day in set(days_in(text))


@given(st.text(alphabet="bcdfgklmnprstvwxz", min_size=3, max_size=12), st.text(max_size=30))
def test_a_name_between_signs_is_always_found(name, around):
    known = Identifiers((Identifier(NAME, name),))
    assert known.find(f"{around} \n{name.upper()};{around}")
