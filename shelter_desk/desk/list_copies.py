"""A list copied off the screen has left the house: into a spreadsheet, a mail, anywhere."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from shelter_desk.desk.base import Area, Command, Write
from shelter_desk.domain.staff import May


@dataclass(frozen=True)
class NoteCopied(Command):
    """The lines of a list on a page are about to be copied. What they say is not kept twice.

    `page` is the page's name, as in "service_log"; `lines` how many there are.
    """

    action: ClassVar[str] = "list.copy"
    needs: ClassVar[May] = May.READ_RECORDS
    touches: ClassVar[Area] = Area.AUDIT

    page: str
    lines: int

    def apply(self, write: Write) -> str:
        """Change nothing; the event itself is the record."""
        write.reason = f"{self.page.replace('_', '-')}:{self.lines}"
        return ""
