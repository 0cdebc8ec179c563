"""Every changed pack, in Chromium and in Firefox: refused as by the program, word for word."""

from __future__ import annotations

import pytest
from headless_chromium import Browser
from headless_firefox import Firefox
from opening import say_the_same
from tampered_packs import tamperings

from shelter_desk.exports.opener import opener_bytes

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

    verdict = say_the_same(
        page, pack, words=case.words, signer=case.signer, after=case.after, key=case.key
    )

    assert next(check.id for check in verdict.checks if check.passed is False) == case.check


def test_nothing_was_fetched_while_every_changed_pack_was_tried(page):
    assert len(CASES) >= 245
    assert page.requests == []
    # Firefox notes every stream that ends in an error, though the page dealt with it.
    assert [said for said in page.complaints if "ReadableStream" not in said] == []
