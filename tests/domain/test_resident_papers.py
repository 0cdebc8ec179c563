"""Papers for young people say the same in every language, and a damaged file is found whole."""

import pytest

from shelter_desk.desk.resident_papers import resident_paper_files, shipped_papers
from shelter_desk.domain.errors import ContentError
from shelter_desk.domain.resident_papers import CALLED, read_resident_papers

FILES = resident_paper_files()
HARSH = ("prostitu", "víctima", "victim", "runaway", "traffick", "trata de", "cliente", "client")
FORMAL = ("usted", "ustedes", "su cama", "dígale", "pregúntele", "puede usted", "le damos")
ONE_GENDER = ("bienvenido", "bienvenida a", "chicos ", "los jóvenes", "niños ")


def said(code):
    language = shipped_papers().languages[code]
    for paper in language.papers.values():
        yield paper.title
        yield paper.hello
        yield paper.foot
        for part in paper.parts:
            yield from part.words()
    yield from language.looked.words()


def damaged(code, old, new):
    assert old in FILES[code]
    return {**FILES, code: FILES[code].replace(old, new, 1)}


@pytest.mark.parametrize(
    ("spoken", "code"),
    [
        ("Spanish", "es"),
        ("español", "es"),
        ("Espanol, y un poco de inglés", "es"),
        ("English and some Spanish", "en"),
        ("castellano", "es"),
        ("Inglés", "en"),
        ("", "en"),
        ("Q'anjob'al", "en"),
    ],
)
def test_the_language_named_first_in_the_record_is_offered(spoken, code):
    assert shipped_papers().language_of(spoken) == code


def test_seven_papers_are_there_in_english_and_spanish():
    languages = shipped_papers().languages
    assert [one.name for one in languages.values()] == ["English", "Español"]
    for language in languages.values():
        assert list(language.papers) == [
            "welcome", "rights", "record", "permission", "numbers", "welcome-back", "looked",
        ]  # fmt: skip


def test_the_words_fit_a_young_person():
    for code in FILES:
        for text in said(code):
            low = text.casefold()
            assert not [word for word in HARSH if word in low], text
            assert "!" not in text
            assert all(len(sentence.split()) <= 26 for sentence in low.split(". ")), text


def test_spanish_says_tu_throughout_and_chooses_no_gender():
    spanish = [text for text in said("es") if not text.startswith("Este papel es tuyo. Si")]
    for text in spanish:
        low = text.casefold()
        assert not [word for word in (*FORMAL, *ONE_GENDER) if word in low], text


def test_spanish_is_not_english_and_the_numbers_are_the_same():
    pairs = list(zip(said("en"), said("es"), strict=True))
    same = {one for one, other in pairs if one == other and one}
    assert same == {"911", "1-800-786-2929", "1-800-222-1222"}
    digits = [
        ["".join(c for c in text if c.isdigit()) for text in both]
        for both in pairs
        if "-" in both[0] and any(c.isdigit() for c in both[0])
    ]
    assert len(digits) == 4
    assert all(one == other for one, other in digits)


def test_the_permission_says_that_no_changes_nothing_and_that_yes_can_be_taken_back():
    spanish = " ".join(said("es"))
    for words in ("No tienes que aceptar", "retirarlo en cualquier momento", "90 días"):
        assert words in spanish
    assert "You do not have to agree" in " ".join(said("en"))


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ('"Preguntar quién abrió tu expediente.",', "", "record"),
        ('id = "numbers"', 'id = "numeros"', "its papers"),
        ('["En peligro ahora mismo", "911"],', "", "numbers"),
        (CALLED, "", "welcome"),
        ('"Para qué", ', "", "permission"),
        ('"Para qué", ', '"", ', "permission"),
        ("Página {0} de {1}", "Página {0}", "page"),
        ('"Sé que puedo decir que no."', '" "', "permission"),
        ("heading =", "hading =", "damaged"),
        ('"lo vio", ', '"", ', "looked"),
        ('"enero", ', "", "looked"),
        ('"{0} de {1} de {2}"', '"{0} de {1}"', "looked"),
        ("escribió en él {0} veces", "escribió muchas veces", "looked"),
        ("to_you =", "to_yo =", "damaged"),
        ("[[papers]]", "[papers]", "damaged"),
    ],
)
def test_less_or_other_in_one_language_is_refused_and_named(old, new, told):
    with pytest.raises(ContentError) as caught:
        read_resident_papers(damaged("es", old, new))
    assert any(
        "papers/es.toml" in one.message and told in one.message for one in caught.value.problems
    )


def test_without_english_there_are_no_papers():
    with pytest.raises(ContentError):
        read_resident_papers({"es": FILES["es"]})


def test_a_language_is_added_by_one_file():
    french = FILES["es"].replace('"Español"', '"Français"').replace('"español"', '"francais"')
    french = french.replace('"castellano", "spanish"', '"french"')
    papers = read_resident_papers({**FILES, "fr": french})
    assert list(papers.languages) == ["en", "es", "fr"]
    assert papers.language_of("Français") == "fr"
