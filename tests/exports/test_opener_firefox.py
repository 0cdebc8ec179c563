"""The opener in a real Firefox, from a file: the same verdicts as our program and Chromium."""

from __future__ import annotations

import http.server
import json
import threading

import pytest
from headless_firefox import Firefox
from invented_pack import WORDS, sealed, signed
from tampered_packs import tamperings

from shelter_desk.exports.opener import opener_bytes
from shelter_desk.exports.verify import verify

CHECKS = (
    "[...document.querySelectorAll('[data-check]')]"
    ".map(e => [e.dataset.check, e.dataset.passed, e.querySelector('.detail').textContent])"
)
TAB, ENTER = "\ue004", "\ue007"


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("stick")
    (folder / "OPEN-ME.html").write_bytes(opener_bytes())
    (folder / "K7Q29XVD.age").write_bytes(sealed(signed().files))
    return folder


@pytest.fixture(scope="module")
def browser(tmp_path_factory):
    browser = Firefox(tmp_path_factory.mktemp("firefox"))
    yield browser
    browser.close()


@pytest.fixture
def page(browser, folder):
    browser.go(folder / "OPEN-ME.html")
    browser.forget()
    return browser


def submit(page, pack, words=WORDS):
    page.choose_file("#file", pack)
    before = page.evaluate("document.body.dataset.checked ?? '0'")
    page.evaluate(
        f"(document.getElementById('words').value = {json.dumps(words)},"
        " document.getElementById('open').click())"
    )
    page.wait_for(f"(document.body.dataset.checked ?? '0') !== '{before}'")


def test_a_whole_pack_is_opened_checked_and_shown(page, folder):
    submit(page, folder / "K7Q29XVD.age")
    assert page.evaluate("verdict.textContent") == "This pack is whole and unchanged."
    assert [check for check in page.evaluate(CHECKS) if check[1] != "true"] == []
    assert page.evaluate("document.querySelectorAll('[data-table=events] tbody tr').length") == 5
    assert (page.requests, page.complaints) == ([], [])


CASES = tamperings()


@pytest.fixture(scope="module")
def waiting_page(browser, folder):
    """A page in which one pack after the other is tried, as after a refusal."""
    browser.go(folder / "OPEN-ME.html")
    browser.forget()
    return browser


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.check}: {case.name}")
def test_a_changed_pack_is_refused_just_as_by_the_program(case, waiting_page, folder):
    pack = folder / "changed.age"
    pack.write_bytes(case.pack)
    submit(waiting_page, pack, case.words)
    checks = waiting_page.evaluate(CHECKS)
    ours = verify(pack, case.words).checks[:-1]  # the opener cannot judge itself
    assert next(check[0] for check in checks if check[1] == "false") == case.check
    spelled = {True: "true", False: "false", None: "null"}
    assert [check[:2] for check in checks] == [[c.id, spelled[c.passed]] for c in ours]
    assert waiting_page.evaluate("document.querySelectorAll('table').length") == 0


def test_nothing_was_fetched_while_every_changed_pack_was_tried(waiting_page):
    assert len(CASES) >= 40
    assert waiting_page.requests == []
    # Firefox notes every stream that ends in an error, though the page dealt with it.
    others = [said for said in waiting_page.complaints if "ReadableStream" not in said]
    assert others == []


def test_the_page_cannot_reach_any_network(page):
    page.evaluate(
        "(new Image().src = 'http://127.0.0.1:9/x', fetch('http://127.0.0.1:9/y').catch(() => 0),"
        " navigator.sendBeacon?.('http://127.0.0.1:9/b', 'x'), 1)"
    )
    page.wait_for("new Promise(done => setTimeout(() => done(1), 300))")
    assert page.requests == []
    assert any("connect-src" in told for told in page.complaints)


def test_what_a_page_fetches_would_have_been_seen(browser):
    """The tests above mean something only if a request is noticed when there is one."""
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), _Quiet)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    address = f"http://127.0.0.1:{server.server_address[1]}/seen"
    browser.forget()
    try:
        browser.call("WebDriver:Navigate", url=address)
        assert address in browser.requests
    finally:
        server.shutdown()
        server.server_close()


class _Quiet(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *words):
        """Say nothing."""


def test_the_words_are_typed_and_sent_by_keyboard(page, folder):
    page.choose_file("#file", folder / "K7Q29XVD.age")
    page.evaluate("document.getElementById('file').focus()")
    page.press(TAB)
    assert page.evaluate("document.activeElement.id") == "words"
    page.press(*WORDS)
    assert page.evaluate("document.getElementById('count').textContent") == "6 of 6 words"
    page.press(ENTER)
    page.wait_for("document.activeElement.id === 'verdict'")
    assert page.evaluate("verdict.textContent") == "This pack is whole and unchanged."


def test_the_page_speaks_spanish_too(page, folder):
    page.evaluate("document.querySelector('[data-language=es]').click()")
    submit(page, folder / "K7Q29XVD.age", "otras palabras")
    said = page.evaluate("document.getElementById('reason').textContent")
    assert said == "Una de las palabras no es correcta."
