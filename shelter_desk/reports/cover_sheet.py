"""The cover sheet of an audit pack: paper that lets a receiver check what is on the drive.

It travels apart from the drive and never carries the words. A signature proves something only to
somebody who knows the fingerprint beforehand; this paper is how they come to know it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from shelter_desk.domain.age_typed import in_fours, last_letters
from shelter_desk.reports import pdf
from shelter_desk.reports.blocks import (
    Block,
    Facts,
    Furniture,
    Heading,
    Notice,
    PageSize,
    Paper,
    Points,
    Text,
    Tone,
    WriteOn,
)
from shelter_desk.reports.wording import digest_lines, plain_date

_SHA256 = re.compile(r"[0-9a-f]{64}")
_NOTICE = (
    "Hand this sheet over by itself, not together with the drive. The words that open the pack "
    "are not on it and must never be written on it."
)
_NOTICE_OF_KEY = (
    "Keep this sheet, apart from the drive. It tells if what you open is what the shelter made."
)
_PLUG_IN = (
    "Plug in the drive. It holds a file that ends in .age, OPEN-ME.html and READ-ME.txt.",
    "Double-click OPEN-ME.html. It opens in your web browser: no internet, nothing to install.",
)
_BY_WORDS = (
    "Choose the file that ends in .age and type the words that came by phone or on another paper."
)
_BY_KEY = "Choose the file that ends in .age, then your key file. The page sends nothing anywhere."
_COMPARE = (
    (
        "Type the fingerprint of this sheet. If you had a pack before, type the audit log of its "
        "sheet too: then an old pack in the place of a new one is noticed."
    ),
    "Compare the pack’s number and the log with this sheet. If one differs, call the shelter.",
)
_WORDS_APART = (
    "The words come another way",
    (
        "Whoever has the drive and the words can read everything in the pack. The words come by "
        "phone or by hand, from a person you know. Nobody will ever ask you for them."
    ),
)
_KEY_IS_YOURS = (
    "Only your own key opens it",
    "If the public key above is not yours, call the shelter. Give its secret part to nobody.",
)
_PDF = (
    "The .pdf beside the pack is its report, for reading only, under words of its own. A PDF "
    "cannot show that it was changed: whoever relies on it compares its SHA-256 with this sheet, "
    "or opens the pack."
)
_EXPERT = (
    "README.txt in the pack says how to check it with public tools alone: age, tar, sha256sum, "
    "an Ed25519 verifier."
)


@dataclass(frozen=True, slots=True)
class CoverSheet:
    """What is printed on the sheet.

    `signer_fingerprint` and `log_short_form` are as printed elsewhere ("K7Q2 9XVD 3MTA 0W5E",
    "12,481 · K7Q2 9XVD 3MTA 0W5E"); `opener_sha256` and `pack_sha256` are 64 hexadecimal digits
    (`pack_sha256` may be empty). `pack_name` is the name of the .age file; `recipient` and
    `ground` say for whom the pack is and why it may leave, or are empty. `series_label` says which
    pack of this reader it is, and which was before it. `pdf_sha256` is that of
    the locked PDF beside it, "" where there is none. `recipient_key` is the public age key that
    the pack is sealed to, "" where words open it.
    """

    shelter_label: str
    purpose: str
    period_label: str
    export_id: str
    pack_name: str
    signer_fingerprint: str
    log_short_form: str
    opener_sha256: str
    made_on: date
    pack_sha256: str = ""
    pdf_sha256: str = ""
    recipient: str = ""
    ground: str = ""
    series_label: str = ""
    return_by: date | None = None
    recipient_key: str = ""

    def __post_init__(self) -> None:
        """Refuse digests that could not be compared."""
        if not _SHA256.fullmatch(self.opener_sha256):
            raise ValueError("the opener's SHA-256 is 64 hexadecimal digits")
        for digest in filter(None, (self.pack_sha256, self.pdf_sha256)):
            if not _SHA256.fullmatch(digest):
                raise ValueError("the SHA-256 of a file is 64 hexadecimal digits")


def cover_sheet_pdf(sheet: CoverSheet, *, size: PageSize = PageSize.LETTER) -> bytes:
    """Return the cover sheet as a PDF of one page."""
    return pdf.make_pdf(cover_sheet(sheet, size=size))


def cover_sheet(sheet: CoverSheet, *, size: PageSize = PageSize.LETTER) -> Paper:
    """Return the cover sheet as a paper, not yet set."""
    return Paper(
        furniture=Furniture(
            title="Cover sheet of an audit pack",
            owner=sheet.shelter_label,
            notice=_NOTICE_OF_KEY if sheet.recipient_key else _NOTICE,
            log_short_form=f"Log {sheet.log_short_form}",
            subject=f"How to check pack {sheet.export_id}",
        ),
        blocks=tuple(_blocks(sheet)),
        size=size,
    )


def _blocks(sheet: CoverSheet) -> Iterator[Block]:
    yield Heading("Cover sheet of an audit pack")
    yield Text(
        f"{sheet.shelter_label} · {sheet.purpose} · {sheet.period_label} · "
        f"made on {plain_date(sheet.made_on)}",
        Tone.MUTED,
    )
    if not sheet.recipient_key:  # there, the foot says so: room for the key
        yield Text(
            "Keep this sheet. With it you can tell that what you open is what the shelter made."
        )
    yield Facts(tuple(_marks(sheet)))
    yield Heading("How to open the pack", level=3)
    opens = _BY_KEY if sheet.recipient_key else _BY_WORDS
    yield Points((*_PLUG_IN, opens, *_COMPARE), numbered=True)
    yield Notice(*(_KEY_IS_YOURS if sheet.recipient_key else _WORDS_APART))
    if sheet.pdf_sha256:
        yield Text(_PDF)
    yield Text(_EXPERT, Tone.MUTED)
    yield WriteOn(("Handed over by", "Received by", "Date"))


def _marks(sheet: CoverSheet) -> Iterator[tuple[str, str]]:
    # Few rows: the sheet must stay one page, with the lines to sign on it.
    if sheet.recipient or sheet.ground:
        yield "For, on the ground", " · ".join(filter(None, (sheet.recipient, sheet.ground)))
    number = " · ".join(filter(None, (sheet.export_id, sheet.series_label)))
    yield "Number of the pack", number
    if sheet.return_by:
        yield "Give back or destroy by", plain_date(sheet.return_by)
    yield "File on the drive", sheet.pack_name
    if sheet.recipient_key:
        aloud = last_letters(sheet.recipient_key)  # on a line of its own, as it is read by phone
        start = in_fours(sheet.recipient_key).removesuffix(aloud).strip()
        yield "Sealed to the public key", f"{start}\n{aloud}"
    yield "Fingerprint of the signer", sheet.signer_fingerprint
    yield "Audit log: entries and root", sheet.log_short_form
    yield "SHA-256 of OPEN-ME.html", digest_lines(sheet.opener_sha256)
    if sheet.pack_sha256:
        yield "SHA-256 of the .age file", digest_lines(sheet.pack_sha256)
    if sheet.pdf_sha256:
        yield "SHA-256 of the .pdf file", digest_lines(sheet.pdf_sha256)
