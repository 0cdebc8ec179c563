"""Every changed pack, in Chromium and in Firefox: refused as by the program, word for word."""

from __future__ import annotations

import pytest
from headless_chromium import Browser
from headless_firefox import Firefox
from opening import CHECKS, submit
from tampered_packs import tamperings

from shelter_desk.exports.former_log import read_former
from shelter_desk.exports.opener import opener_bytes
from shelter_desk.exports.verify import verify

CASES = tamperings()


@pytest.fixture(scope="module", params=[Browser, Firefox], ids=["chromium", "firefox"])
def page(request, tmp_path_factory):
    """A page in which one pack after the other is tried, as after a refusal."""
    folder = tmp_path_factory.mktemp("stick")
    (folder / "OPEN-ME.html").write_bytes(opener_bytes())
    browser = request.param(tmp_path_factory.mktemp("profile"))
    browser.go(folder / "OPEN-ME.html")
    browser.forget()
    yield browser
    browser.close()


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.check}: {case.name}")
def test_a_changed_pack_is_refused_just_as_by_the_program(case, page, tmp_path):
    pack = tmp_path / "changed.age"
    pack.write_bytes(case.pack)

    submit(page, pack, case.words, fingerprint=case.signer, after=case.after)

    checks = page.evaluate(CHECKS)
    after = read_former(case.after) if case.after else None
    verdict = verify(pack, case.words, signer=case.signer, after=after)
    ours = verdict.checks[:-1]  # the opener cannot judge itself
    spelled = {True: "true", False: "false", None: "null"}
    assert next(check[0] for check in checks if check[1] == "false") == case.check
    assert [check[:2] for check in checks] == [[c.id, spelled[c.passed]] for c in ours]
    first = next(c for c in ours if c.passed is False)
    said = page.evaluate("document.getElementById('reason').textContent")
    assert _unquoted(said) == _unquoted(first.detail)
    assert page.evaluate("document.querySelectorAll('table').length") == 0


def test_nothing_was_fetched_while_every_changed_pack_was_tried(page):
    assert len(CASES) >= 230
    assert page.requests == []
    # Firefox notes every stream that ends in an error, though the page dealt with it.
    assert [said for said in page.complaints if "ReadableStream" not in said] == []


def _unquoted(text):
    # A name with odd characters is spelled with escapes by one and as it is by the other.
    return text.split("The name ")[0] if text.startswith("The name ") else text
