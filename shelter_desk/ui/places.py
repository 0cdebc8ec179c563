"""The pages of the rail, as the palette finds them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication

from shelter_desk.ui.pages import Page
from shelter_desk.ui.palette import Hit, matches


@dataclass(frozen=True)
class Places:
    """Finds a page by its title; `go(name)` opens it."""

    pages: Sequence[Page]
    go: Callable[[str], None]

    def __call__(self, typed: str) -> Sequence[Hit]:
        """Return the pages whose title fits what was typed, with the key that opens each."""
        group, hits = QCoreApplication.translate("MainWindow", "Go to"), []
        shown = [page for page in self.pages if page.in_rail]
        for place, page in enumerate(shown, start=1):
            title = QCoreApplication.translate("pages", page.title)
            if matches(typed, title):
                keys = f"Alt {place}" if place <= 9 else ""
                hits.append(Hit(group, title, _Go(self.go, page.name), icon=page.icon, keys=keys))
        return hits


@dataclass(frozen=True)
class _Go:
    """Opens a page when called: a value instead of a lambda that would hold the window."""

    go: Callable[[str], None]
    page: str

    def __call__(self) -> None:
        self.go(self.page)
