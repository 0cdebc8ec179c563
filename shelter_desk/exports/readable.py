"""The readable report of a pack as a PDF under a passphrase, for whom the opener is no help.

A fallback: a PDF's encryption (AES-256, revision 6 of the standard handler) hides what is in it,
but nothing proves that it was not changed. So its SHA-256 goes on the paper cover sheet, it has
words of its own, and the pack remains what counts.
"""

from __future__ import annotations

import io
import secrets
from pathlib import Path
from typing import BinaryIO

from shelter_desk.desk import Desk
from shelter_desk.desk.handovers import NoteLockedPdf
from shelter_desk.exports.age import Key, plain_chunks
from shelter_desk.exports.bundle import DATA
from shelter_desk.exports.problems import PackError
from shelter_desk.exports.stick import PackDrive, Written
from shelter_desk.exports.tar import read_tar
from shelter_desk.exports.verify import verify

REPORT = f"{DATA}report.pdf"
_OWNER_BYTES = 32


def write_locked_pdf(
    desk: Desk, drive: PackDrive, pack: Path, key: Key, pdf_words: str, custody_id: str
) -> Written:
    """Write the report of a pack beside it, under words of its own, and note that in the trail.

    Raises:
        PackError: the pack does not pass its checks, or holds no report.
        DriveError: nothing of the PDF is there then.
    """
    if pdf_words == key:
        raise PackError("The PDF must have words of its own.")
    locked = lock_pdf(report_in(pack, key), pdf_words)

    def produce(target: BinaryIO) -> None:
        target.write(locked)

    (written,) = drive.write_files({f"{pack.stem}.pdf": produce}, len(locked))
    desk.do(NoteLockedPdf(custody_id, written.sha256))
    return written


def report_in(pack: Path, key: Key) -> bytes:
    """Return the readable report of a pack that passes every check.

    Raises:
        PackError: it does not, or there is none.
    """
    verdict = verify(pack, key)
    if not verdict.ok:
        raise PackError(verdict.reason)
    with pack.open("rb") as source:
        for member, pieces in read_tar(plain_chunks(source, key)):
            content = b"".join(pieces)
            if member.path == REPORT:
                return content
    raise PackError("This pack holds no report to read.")


def lock_pdf(pdf: bytes, words: str) -> bytes:
    """Return the PDF under a passphrase: AES-256 with revision 6, the strongest a PDF has.

    The owner's passphrase is random and kept nowhere: nobody can take the lock off.

    Six words may have more than 32 letters and at most 127 bytes, which the standard allows
    (ISO 32000-2, 7.6.4.3.3): PDFium, qpdf and the library of poppler open them, but the command
    line of poppler (`pdfinfo`, `pdftoppm`) cuts what is typed after 32 and calls it wrong.
    Shorter words would be too weak: a guess at a PDF costs a 70th of one at a pack (6 and 420 ms
    of one processor), and no memory. Six words are 77 bits, five of at most 32 letters 60.
    """
    # heavy: eight megabytes that a pack without a locked PDF does without
    from pypdf import PdfReader, PdfWriter  # noqa: PLC0415 - memory of a pack
    from pypdf.constants import UserAccessPermissions as May  # noqa: PLC0415 - memory of a pack

    allowed = May.PRINT | May.PRINT_TO_REPRESENTATION
    allowed |= May.EXTRACT_TEXT_AND_GRAPHICS  # screen readers that ask for this one
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(pdf)))
    owner = secrets.token_hex(_OWNER_BYTES)
    writer.encrypt(words, owner, algorithm="AES-256", permissions_flag=allowed)
    locked = io.BytesIO()
    writer.write(locked)
    return locked.getvalue()
