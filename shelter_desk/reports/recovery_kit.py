"""The recovery kit on paper: the one way back when every passphrase is lost."""

from __future__ import annotations

import re
from datetime import date

from shelter_desk.reports import pdf
from shelter_desk.reports.blocks import (
    Block,
    CodeSquare,
    Furniture,
    Heading,
    NewPage,
    Notice,
    PageSize,
    Paper,
    Points,
    Text,
    Tone,
    WriteOn,
)
from shelter_desk.reports.wording import plain_date

# Crockford's base 32: no I, L, O and U, which are misread.
_CODE = re.compile(r"[0-9A-HJKMNP-TV-Z]{4}(?:-[0-9A-HJKMNP-TV-Z]{4}){7}")

_NOTICE = (
    "This paper opens every record of the shelter. Keep it as you would keep the key of a safe. "
    "Do not photograph, scan or e-mail it."
)
_KEEP = (
    "Put each copy in an envelope, close it, and sign across the flap.",
    (
        "Keep the two copies in two different buildings, for example in the safe of the director "
        "and with the lawyer or the bank of the shelter."
    ),
    "Never keep a copy near the computer, in the office drawer or on a phone.",
)
_USE = (
    "Install Shelter Desk, or open it on the computer that is still there.",
    (
        "On the lock screen choose “I forgot it”. If the computer is lost, first choose "
        "“Restore a backup” and plug in the backup stick."
    ),
    (
        "Type the eight groups in their order, or scan the square. Capital or small letters, with "
        "or without hyphens: both work. O is read as 0, I and L as 1."
    ),
    "Choose a new passphrase. Every member of staff sees for 30 days that the kit was used.",
    (
        "Then a director makes a new kit, under Settings. From then on this paper opens only "
        "backups that were made before. Until then, put it back where it was safe."
    ),
)


def recovery_kit_pdf(
    shelter_name: str, code: str, made_on: date, *, size: PageSize = PageSize.LETTER
) -> bytes:
    """Return the kit as a PDF of two pages: two copies, for two places.

    `code` is eight groups of four joined by "-". The bytes hold it in the clear: print them from
    memory, never save them.

    Raises:
        ValueError: the code is not of the right shape; nobody could type it back.
    """
    return pdf.make_pdf(recovery_kit(shelter_name, code, made_on, size=size))


def recovery_kit(
    shelter_name: str, code: str, made_on: date, *, size: PageSize = PageSize.LETTER
) -> Paper:
    """Return the kit as a paper, not yet set.

    Raises:
        ValueError: the code is not of the right shape. The message does not repeat the code.
    """
    if not _CODE.fullmatch(code):
        raise ValueError("a recovery code is eight groups of four letters and digits")
    about = f"{shelter_name} · made on {plain_date(made_on)}"
    return Paper(
        furniture=Furniture(
            title="Recovery kit",
            owner=shelter_name,
            notice=_NOTICE,
            subject="The way back into the records when every passphrase is lost",
        ),
        blocks=(*_copy(about, code, 1), NewPage(), *_copy(about, code, 2)),
        size=size,
    )


def _copy(about: str, code: str, number: int) -> tuple[Block, ...]:
    return (
        Heading(f"Recovery kit, copy {number} of 2"),
        Text(about, Tone.MUTED),
        Text(
            "If every passphrase is lost or the computer breaks, this paper and a backup are the "
            "only way back to the records. Nobody else can open them for you."
        ),
        CodeSquare(tuple(code.split("-")), groups_per_line=2, qr_text=code),
        Heading("Where to keep it", level=3),
        Points(_KEEP),
        Heading("How to use it", level=3),
        Points(_USE, numbered=True),
        Notice(
            "Typed back once",
            "Shelter Desk asked for this code once before the first use, so that a wrong print is "
            "found on the day it is made. Check the second copy against the first.",
        ),
        WriteOn(("Kept in", "Handed over to, on")),
    )
