"""Opens a pack in a browser as a receiver does, and reads what the page says of it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Protocol

from invented_pack import WORDS

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
    page: AnyBrowser, pack: Path, words: str = WORDS, fingerprint: str = "", after: str = ""
) -> None:
    """Choose the file, fill the form, press the button, and wait for the verdict."""
    page.choose_file("#file", pack)
    before = page.evaluate(_DONE)
    typed = json.dumps({"words": words, "fingerprint": fingerprint, "after": after})
    page.evaluate(
        f"(Object.entries({typed}).forEach(([id, typed]) =>"
        " { document.getElementById(id).value = typed; }),"
        " document.getElementById('open').click())"
    )
    page.wait_for(f"({_DONE}) !== '{before}'")
