"""Packs changed at random: the opener in a browser and the program say the same of each."""

from __future__ import annotations

import pytest
from drawn_packs import drawn_pack
from headless_chromium import Browser
from opening import say_the_same

from shelter_desk.exports.opener import opener_bytes

FEW, MANY = range(40), range(1_000, 4_600)


@pytest.fixture(scope="module")
def page(tmp_path_factory):
    folder = tmp_path_factory.mktemp("stick")
    (folder / "OPEN-ME.html").write_bytes(opener_bytes())
    browser = Browser(tmp_path_factory.mktemp("profile"))
    browser.go(folder / "OPEN-ME.html")
    browser.forget()
    yield browser
    browser.close()


def test_two_readers_never_say_different_things_of_a_pack(page, tmp_path):
    _agree(page, tmp_path, FEW)


@pytest.mark.slow  # 3,600 packs are opened in a browser: some minutes
def test_two_readers_never_say_different_things_of_thousands_of_packs(page, tmp_path):
    _agree(page, tmp_path, MANY)


def _agree(page, folder, seeds):
    refused = 0
    for seed in seeds:
        pack = folder / "drawn.age"
        pack.write_bytes(drawn_pack(seed))
        refused += not say_the_same(page, pack, f"seed {seed}").ok
    assert refused > len(seeds) * 3 / 4  # otherwise nothing was tried
