"""The opener in a real Firefox, from a file: what differs from Chromium."""

from __future__ import annotations

import http.server
import threading
import time

import pytest
from headless_firefox import Firefox
from invented_pack import WORDS, sealed, signed
from opening import CHECKS, submit

from shelter_desk.exports.opener import opener_bytes

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


def test_a_whole_pack_is_opened_checked_and_shown(page, folder):
    submit(page, folder / "K7Q29XVD.age")
    assert page.evaluate("verdict.textContent") == "This pack is whole and unchanged."
    assert [check for check in page.evaluate(CHECKS) if check[1] != "true"] == []
    assert page.evaluate("document.querySelectorAll('[data-table=events] tbody tr').length") == 5
    assert (page.requests, page.complaints) == ([], [])


def test_the_report_is_shown_in_a_new_tab(page, folder):
    submit(page, folder / "K7Q29XVD.age")
    shows = "b => b.textContent === 'Show report.pdf'"
    page.evaluate(f"[...document.querySelectorAll('button')].find({shows}).focus()")
    page.press("\ue007")
    shown = "Services.wm.getMostRecentWindow('navigator:browser').gBrowser"
    papers = f"[...{shown}.tabs].filter(t => t.linkedBrowser.currentURI.spec.startsWith('blob:'))"
    end = time.monotonic() + 60
    while not page._in_the_browser(f"return {papers}.length;"):
        assert time.monotonic() < end
        time.sleep(0.1)
    page._in_the_browser(f"{papers}.forEach(t => {shown}.removeTab(t));")
    assert page.requests == []


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
