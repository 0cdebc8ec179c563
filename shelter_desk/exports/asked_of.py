"""The part of an open desk that whatever leaves is asked of."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Protocol


class Records(Protocol):
    """The part of an open desk that whatever leaves needs."""

    def now(self) -> datetime:
        """Return the moment, in UTC."""

    def do(self, command: Any, /) -> Any:  # noqa: ANN401 - a command in, a Done out
        """Carry a command out."""

    def ask(self, question: Any, /, *args: Any, **values: Any) -> Any:  # noqa: ANN401 - any question
        """Put a question."""
