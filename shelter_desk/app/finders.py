"""What the palette finds: residents, and things to do."""

from __future__ import annotations

from collections.abc import Sequence

from shelter_desk.desk import residents
from shelter_desk.ui.palette import Hit
from shelter_desk.ui.shared import Shared


class Finders:
    """What the palette finds: residents, and things to do."""

    def __init__(self, shared: Shared) -> None:
        self._shared = shared

    def people(self, typed: str) -> Sequence[Hit]:
        """Return residents whose name or code begins with what was typed."""
        return [
            Hit(
                "Residents",
                line.called,
                _Go(self._shared, "resident", line.stay_id),
                below=line.case_code,
                avatar=line.called,
            )
            for line in self._shared.ask(residents.search, text=typed)
        ]

    def actions(self, typed: str) -> Sequence[Hit]:
        """Return the things to do that fit what was typed."""
        wanted = (
            ("New arrival", "arrival", "", "door-open"),
            ("Log a service", "log_service", "", "clipboard-check"),
            ("Someone is missing", "missing", "someone", "siren"),
            ("Incident", "incidents", "new", "clipboard-list"),
        )
        return [
            Hit("Actions", text, _Go(self._shared, page, subject), icon=icon)
            for text, page, subject, icon in wanted
            if typed.casefold() in text.casefold()
        ]


class _Go:
    """Opens a page; a method object, so that nothing holds a page that is gone."""

    def __init__(self, shared: Shared, page: str, subject: str) -> None:
        self._shared, self._page, self._subject = shared, page, subject

    def __call__(self) -> None:
        self._shared.go(self._page, self._subject)
