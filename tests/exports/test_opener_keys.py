"""A pack sealed to its reader's own key, opened in Chromium and in Firefox with a key file."""

from __future__ import annotations

import json

import pytest
from headless_chromium import Browser
from headless_firefox import Firefox
from invented_pack import WORDS, archive, held, sealed, signed
from opening import CHECKS
from tampered_key_packs import AUDITOR, DAMAGED, STRANGER, identity_file, recipient, sealed_to

from shelter_desk.domain.bech32 import age_identity
from shelter_desk.exports.opener import opener_bytes

SECRET = age_identity(AUDITOR.private_bytes_raw())
PROBLEM = "document.getElementById('problem').textContent"
SHOWN = "['words', 'key-file', 'key'].filter(id => document.getElementById(id).checkVisibility())"
DONE = "document.body.dataset.checked ?? '0'"


@pytest.fixture(scope="module", params=[Browser, Firefox], ids=["chromium", "firefox"])
def browser(request, tmp_path_factory):
    browser = request.param(tmp_path_factory.mktemp("profile"))
    yield browser
    browser.close()


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder, files = tmp_path_factory.mktemp("stick"), held(signed())
    (folder / "OPEN-ME.html").write_bytes(opener_bytes())
    (folder / "words.age").write_bytes(sealed(files))
    (folder / "keyed.age").write_bytes(sealed_to(AUDITOR, archive(files)))
    (folder / "mine.txt").write_bytes(identity_file(AUDITOR, "\r\n"))
    (folder / "other.txt").write_bytes(identity_file(STRANGER))
    return folder


@pytest.fixture
def page(browser, folder):
    browser.go(folder / "OPEN-ME.html")
    browser.forget()
    yield browser
    assert browser.requests == []
    assert [said for said in browser.complaints if "ReadableStream" not in said] == []


def press_open(page):
    before = page.evaluate(DONE)
    page.evaluate("document.getElementById('open').click()")
    page.wait_for(f"({DONE}) !== '{before}'")


def test_a_key_file_opens_what_is_sealed_to_it_and_is_forgotten(page, folder):
    assert page.evaluate(SHOWN) == ["words"]
    page.choose_file("#file", folder / "keyed.age")
    page.wait_for(f"({SHOWN}).join() === 'key-file,key'")
    said = page.evaluate("document.getElementById('sealed').textContent")
    assert said == "This pack is sealed to your own age key. No words open it."

    page.choose_file("#key-file", folder / "other.txt")
    press_open(page)
    reason = page.evaluate("document.getElementById('reason').textContent")
    assert reason == f"It was not sealed to the key given, which is {recipient(STRANGER)}."
    assert page.evaluate("document.querySelectorAll('table').length") == 0

    page.choose_file("#key-file", folder / "mine.txt")
    press_open(page)
    assert page.evaluate("verdict.textContent") == "This pack is whole and unchanged."
    assert [check for check in page.evaluate(CHECKS) if check[1] != "true"] == []
    left = "['words', 'key', 'key-file'].map(id => document.getElementById(id).value).join('')"
    assert page.evaluate(left) == ""
    assert SECRET not in page.evaluate("document.documentElement.outerHTML")


def test_a_key_can_be_pasted_with_the_lines_around_it(page, folder):
    page.choose_file("#file", folder / "keyed.age")
    page.wait_for(f"({SHOWN}).join() === 'key-file,key'")
    text = json.dumps(identity_file(AUDITOR, "\r\n").decode())
    page.evaluate(
        "((data, text) => { data.setData('text/plain', text); const what = {clipboardData: data,"
        " data: text, dataType: 'text/plain', cancelable: true};"
        " document.getElementById('key').dispatchEvent(new ClipboardEvent('paste', what));"
        f" }})(new DataTransfer(), {text})"
    )
    assert page.evaluate("document.getElementById('key').value") == SECRET
    press_open(page)
    assert page.evaluate("verdict.textContent") == "This pack is whole and unchanged."


NO_KEYS = {
    "": ("key-file", "Choose your key file"),
    recipient(AUDITOR): ("key", "This is a public key. The secret one is needed"),
    SECRET[:-1]: ("key", "not copied whole"),
    SECRET.lower(): ("key", "not copied whole"),
    "AGE-SECRET-KEY-PQ-1QQQ": ("key", "a key of another kind"),
    "-----BEGIN AGE ENCRYPTED FILE-----": ("key", "no secret key"),
    WORDS: ("key", "no secret key"),
}


def test_what_is_no_secret_key_is_said_at_its_field_in_both_languages(page, folder):
    page.choose_file("#file", folder / "keyed.age")
    for pasted, (field, says) in NO_KEYS.items():
        page.evaluate(f"(document.getElementById('key').value = {json.dumps(pasted)})")
        page.evaluate("document.getElementById('open').click()")
        page.wait_for(f"{PROBLEM}.includes({json.dumps(says)})")
        assert page.evaluate("document.activeElement.id") == field
        assert page.evaluate(f"document.getElementById('{field}').ariaInvalid") == "true"
    page.evaluate("(document.getElementById('key').value = '')")
    for text, says in (
        (b"age-encryption.org/v1\n-> scrypt x", "locked with a passphrase"),
        (b"ssh-ed25519 AAAA", "another kind"),
    ):
        (folder / "no-key.txt").write_bytes(text)
        page.choose_file("#key-file", folder / "no-key.txt")
        page.evaluate("document.getElementById('open').click()")
        page.wait_for(f"{PROBLEM}.includes({json.dumps(says)})")
        assert page.evaluate("document.activeElement.id") == "key-file"
    page.evaluate("document.querySelector('[data-language=es]').click()")
    assert page.evaluate(PROBLEM) == "Esta es una clave de otro tipo. Abra el paquete con age."
    said = page.evaluate("document.getElementById('sealed').textContent")
    assert said.startswith("Este paquete está sellado para su propia clave")


def test_a_pack_is_asked_for_in_its_own_way_and_a_damaged_one_at_once(page, folder):
    page.choose_file("#file", folder / "keyed.age")
    page.wait_for(f"({SHOWN}).join() === 'key-file,key'")
    unnamed = (
        "[...document.querySelectorAll('input')].filter(e => e.checkVisibility() &&"
        " !e.labels[0]?.textContent.trim()).map(e => e.id)"
    )
    assert page.evaluate(unnamed) == []
    page.evaluate(f"(document.getElementById('key').value = '{SECRET}')")
    page.choose_file("#file", folder / "words.age")
    page.wait_for(f"({SHOWN}).join() === 'words'")
    page.evaluate("document.getElementById('open').click()")  # the key is hidden, and of no use
    page.wait_for(f"{PROBLEM} === 'Type the words first.'")

    cut = folder / "cut.age"
    cut.write_bytes((folder / "keyed.age").read_bytes()[:60])
    page.choose_file("#file", cut)
    press_open(page)  # with neither: nothing would open it
    assert page.evaluate("document.getElementById('reason').textContent") == DAMAGED
