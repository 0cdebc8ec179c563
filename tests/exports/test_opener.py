"""The opener as it is committed: one file, no network address, its script and style sealed."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from pathlib import Path

from shelter_desk.exports.opener import opener_bytes, opener_sha256
from shelter_desk.exports.pack_files import SIGNED_FOR
from shelter_desk.exports.profiles import pack_rules
from shelter_desk.paths import resources

ROOT = Path(__file__).parents[2]
PAGE = opener_bytes().decode()


def inside(element):
    return re.findall(rf"<{element}[^>]*>(.*?)</{element}>", PAGE, re.DOTALL)


def csp():
    (policy,) = re.findall(r'http-equiv="Content-Security-Policy" content="([^"]*)"', PAGE)
    return dict(part.strip().split(" ", 1) for part in policy.split(";"))


def test_the_policy_allows_this_script_and_this_style_and_nothing_else():
    (script,), (style,) = inside("script"), inside("style")

    def sealed(text):
        digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
        return f"'sha256-{digest}'"

    assert csp() == {
        "default-src": "'none'",
        "script-src": sealed(script),
        "style-src": sealed(style),
        "connect-src": "'none'",
        "form-action": "'none'",
        "base-uri": "'none'",
    }
    assert PAGE.index("Content-Security-Policy") < PAGE.index("<style")


def test_the_opener_was_built_from_these_sources():
    folder = ROOT / "packaging/opener"
    sources = sorted(path.name for path in (folder / "src").iterdir())
    digest = hashlib.sha256()
    for name in ("build.mjs", "package-lock.json", *(f"src/{name}" for name in sources)):
        digest.update(name.encode() + b"\0" + (folder / name).read_bytes() + b"\0")
    assert f'<meta name="sources" content="{digest.hexdigest()}">' in PAGE, (
        "run npm ci and npm run build in packaging/opener"
    )


def test_no_address_is_loaded():
    assert re.findall(r"https?://[^\s\"'`]*", PAGE) == []
    assert re.findall(r"<(?:link|img|iframe|object|embed|base|form [^>]*action)\b", PAGE) == []
    assert re.findall(r"\b(?:fetch|XMLHttpRequest|WebSocket|importScripts|eval)\(", PAGE) == []
    assert re.findall(r"\s(?:src|style|on[a-z]+)=[\"']", PAGE.split("<script>")[0]) == []


def test_the_opener_is_small_enough_for_any_mail():
    assert 50_000 < len(opener_bytes()) < 250_000
    assert opener_sha256() == hashlib.sha256(opener_bytes()).hexdigest()


def test_both_languages_have_every_sentence():
    text = (ROOT / "packaging/opener/src/text.js").read_text(encoding="utf-8")
    english, spanish = text.split("\n  es: {")
    found = [
        dict(re.findall(r'^    "?([\w-]+)"?:\s*"(.*)",$', part, re.MULTILINE))
        for part in (english, spanish)
    ]
    assert found[0].keys() == found[1].keys()
    assert len(found[0]) > 120
    holes = [
        {key: set(re.findall(r"\{\d\}", value)) for key, value in part.items()} for part in found
    ]
    assert holes[0] == holes[1]


def test_the_words_that_nobody_typed_are_those_of_the_packs(care_model):
    """Known by their English words, so that a pack shows them in Spanish too."""
    rules = pack_rules(care_model)
    text = (ROOT / "packaging/opener/src/text.js").read_text(encoding="utf-8")
    english = dict(
        re.findall(r'^    "?([\w-]+)"?:\s*"(.*)",$', text.split("\n  es: {")[0], re.MULTILINE)
    )
    for profile in rules.profiles.values():
        assert english[f"profile-{profile.id}"] == profile.title
        assert english[f"purpose-{profile.id}"] == profile.purpose
        assert english[f"recipient-{profile.id}"] == profile.recipient
    for basis in rules.bases.values():
        assert english[f"basis-{basis.code}"] == basis.title
        # Where the ground must be named by hand, what stands there is what was typed.
        assert english.get(f"source-{basis.code}", basis.source) == basis.source


def test_what_a_young_person_signed_for_and_what_was_drawn_is_said_in_both_languages():
    text = (ROOT / "packaging/opener/src/text.js").read_text(encoding="utf-8")
    english = dict(
        re.findall(r'^    "?([\w-]+)"?:\s*"(.*)",$', text.split("\n  es: {")[0], re.MULTILINE)
    )
    for code, words in SIGNED_FOR.items():
        assert english[f"purpose-{code}"] == words
    nouns = {"sample": "records", "incidents": "incidents", "staff": "staff files"}
    for key, noun in nouns.items():
        assert english[f"{key}-drawn"] == (
            f"The dice drew {{0}} of {{1}} {noun}; the list was fixed before, in event {{2}} "
            "of the audit log."
        )


def test_what_is_bundled_is_locked_and_its_licences_are_shipped():
    lock = json.loads((ROOT / "packaging/opener/package-lock.json").read_text())
    licences = (resources() / "opener" / "LICENSES.txt").read_text()
    named = re.findall(r"^(\S+) (\d+\.\d+\.\d+) \([\w.-]+\)$", licences, re.MULTILINE)
    assert {"age-encryption", "@noble/ciphers", "@noble/curves", "@noble/hashes"} <= dict(
        named
    ).keys()
    assert [lock["packages"][f"node_modules/{n}"]["version"] for n, _ in named] == [
        version for _, version in named
    ]
    assert all("resolved" not in package for package in lock["packages"].values())
    assert all("integrity" in package for name, package in lock["packages"].items() if name)
