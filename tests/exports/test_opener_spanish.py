"""The opener in Spanish: what is English says so to a screen reader, and all of it is printed."""

import base64
import io

import pypdfium2
import pytest
from headless_chromium import Browser
from invented_pack import contents, sealed, signed
from opening import submit

from shelter_desk.exports.opener import opener_bytes

WIDE = "data/wide.csv"
LAST = "Z9"
FILES = {
    "data/none.csv": b"Shift,Handoffs\r\n",
    "data/one.csv": b"Shift,Handoffs\r\nNight,3\r\n",
    WIDE: (",".join([*("a_name_that_does_not_break" for _ in range(11)), LAST]) + "\r\n").encode()
    + (",".join("a/value/that/does/not/break" for _ in range(12)) + "\r\n").encode() * 3,
}


@pytest.fixture(scope="module")
def browser(tmp_path_factory):
    folder = tmp_path_factory.mktemp("stick")
    (folder / "OPEN-ME.html").write_bytes(opener_bytes())
    pack = folder / "K7Q29XVD.age"
    pack.write_bytes(sealed(signed(files={**contents().files, **FILES}).files))
    browser = Browser(tmp_path_factory.mktemp("profile"))
    browser.go(folder / "OPEN-ME.html")
    browser.evaluate("document.querySelector('[data-language=es]').click()")
    submit(browser, pack)
    yield browser
    browser.close()


def table(name, more):
    return f"document.querySelector('[data-table=\"{name}.csv\"]').{more}"


def test_tables_are_read_aloud_as_the_english_they_are(browser):
    assert browser.evaluate("document.documentElement.lang") == "es"
    spoken = "[...document.querySelectorAll('[data-table$=csv] table')].map(t => t.lang)"
    assert set(browser.evaluate(spoken)) == {"en"}
    assert browser.evaluate("document.getElementById('in-english').textContent") == (
        "Los documentos y las tablas están en inglés."
    )


def test_a_table_with_no_line_says_so_and_one_line_is_one(browser):
    text = browser.evaluate(table("none", "innerText"))
    assert "none.csv (0 filas)" in text
    assert "Nada que mostrar de este periodo." in text
    text = browser.evaluate(table("one", "innerText"))
    assert "one.csv (1 fila)" in text
    assert "Nada que" not in text


def test_no_column_is_lost_on_paper(browser):
    printed = base64.b64decode(browser.call("Page.printToPDF")["data"])
    document = pypdfium2.PdfDocument(io.BytesIO(printed))
    found = []
    for page in document:
        width, text = page.get_width(), page.get_textpage()
        search = text.search(LAST)
        while at := search.get_next():
            found += [text.get_charbox(at[0] + n)[2] < width for n in range(at[1])]
    document.close()
    assert found
    assert all(found)
