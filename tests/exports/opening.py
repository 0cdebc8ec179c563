"""Opens a pack in a browser as a receiver does, and reads what the page says of it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Protocol

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from invented_pack import WORDS

from shelter_desk.domain.bech32 import age_identity
from shelter_desk.exports.age_keys import Identities
from shelter_desk.exports.former_log import read_former
from shelter_desk.exports.verify import Verdict, verify

CHECKS = (
    "[...document.querySelectorAll('[data-check]')]"
    ".map(e => [e.dataset.check, e.dataset.passed, e.querySelector('.detail').textContent])"
)
_DONE = "document.body.dataset.checked ?? '0'"


class AnyBrowser(Protocol):
    """A driven Chromium or Firefox with one page."""

    requests: list[str]
    complaints: list[str]

    def go(self, page: Path) -> None: ...

    def choose_file(self, selector: str, path: Path) -> None: ...

    def evaluate(self, expression: str) -> object: ...

    def wait_for(self, expression: str) -> object: ...

    def close(self) -> None: ...


def submit(
    page: AnyBrowser,
    pack: Path,
    words: str = WORDS,
    fingerprint: str = "",
    after: str = "",
    key: str = "",
) -> None:
    """Choose the file, fill the form, press the button, and wait for the verdict."""
    page.choose_file("#file", pack)
    before = page.evaluate(_DONE)
    typed = {"words": "" if key else words, "key": key, "fingerprint": fingerprint, "after": after}
    typed = json.dumps(typed)
    page.evaluate(
        f"(Object.entries({typed}).forEach(([id, typed]) =>"
        " { document.getElementById(id).value = typed; }),"
        " document.getElementById('open').click())"
    )
    page.wait_for(f"({_DONE}) !== '{before}'")


def say_the_same(
    page: AnyBrowser,
    pack: Path,
    which: str = "",
    *,
    words: str = WORDS,
    signer: str = "",
    after: str = "",
    key: X25519PrivateKey | None = None,
) -> Verdict:
    """Have a pack judged by the opener and by the program, and return what both say."""
    pasted = age_identity(key.private_bytes_raw()) if key else ""
    submit(page, pack, words, fingerprint=signer, after=after, key=pasted)
    checks = page.evaluate(CHECKS)
    opens = Identities([key]) if key else words
    verdict = verify(pack, opens, signer=signer, after=read_former(after) if after else None)
    ours = verdict.checks[:-1]  # the opener cannot judge itself
    spelled = {True: "true", False: "false", None: "null"}
    assert [check[:2] for check in checks] == [[c.id, spelled[c.passed]] for c in ours], which
    if not verdict.ok:
        said = page.evaluate("document.getElementById('reason').textContent")
        assert _unquoted(said) == _unquoted(verdict.reason), which
        assert page.evaluate("document.querySelectorAll('table').length") == 0, which
    return verdict


def _unquoted(text: object) -> str:
    # A name with odd characters is spelled with escapes by one and as it is by the other.
    return str(text).split("The name ")[0] if str(text).startswith("The name ") else str(text)
