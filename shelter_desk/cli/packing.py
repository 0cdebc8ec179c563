"""Making an audit pack, or a full export, from the command line."""

from __future__ import annotations

import argparse
import sys
from dataclasses import dataclass
from pathlib import Path

from shelter_desk.cli.sealed_out import keep_words, refuse_words_beside, sealed_out
from shelter_desk.desk import Desk
from shelter_desk.desk.agreeing import Second
from shelter_desk.desk.pack_words import new_pack_words
from shelter_desk.domain.age_typed import (
    LONGEST_FILE,
    is_of_a_key,
    last_letters,
    recipient_in,
    text_of,
)
from shelter_desk.domain.errors import DeskError
from shelter_desk.exports.everything import ExportOrder, FullExport, export_everything
from shelter_desk.exports.pack_contents import make_pack
from shelter_desk.exports.pack_cover import cover_of
from shelter_desk.exports.pack_order import PackMade, PackOrder
from shelter_desk.exports.readable import write_locked_pdf
from shelter_desk.exports.stick import PackDrive, Written
from shelter_desk.reports.words_sheet import words_sheet_pdf
from shelter_desk.store.failures import told_by_system
from shelter_desk.store.safe_file import replace_bytes


@dataclass(frozen=True, slots=True)
class _Made:
    """A pack, the locked PDF beside it, and what went wrong with what belongs to it, or ""."""

    pack: PackMade
    pdf: Written | None
    trouble: str = ""


def run(options: argparse.Namespace) -> int:
    """Write an audit pack and check it; the words that open it go to a file elsewhere."""
    order = order_of(options)
    pdf_words = _apart(options, options.locked_pdf_words)
    words_sheet = _apart(options, options.words_sheet)
    if pdf_words and words_sheet and pdf_words.resolve() == words_sheet.resolve():
        raise DeskError("Name one file for the words sheet and another for the words of the PDF.")

    def make(desk: Desk, drive: PackDrive, words: str, second: Second | None) -> _Made:
        pack, pdf = make_pack(desk, order, drive, words, second), None
        try:
            if pdf_words is not None:
                pdf = _locked_pdf(desk, pack, drive, pdf_words)
            if words_sheet is not None:
                _keep_sheet(desk, words_sheet, words, pack)
            if options.cover:
                replace_bytes(Path(options.cover).resolve(), cover_of(desk, pack, pdf))
        except (DeskError, OSError) as error:
            # The pack is on the drive: its words must stay, whatever became of the papers.
            return _Made(pack, pdf, _in_words(error))
        return _Made(pack, pdf)

    return _told(sealed_out(options, make))


def order_of(options: argparse.Namespace) -> PackOrder:
    """Return what is asked for."""
    return PackOrder(
        options.profile,
        options.period,
        recipient=options.recipient,
        purpose=options.reason,
        basis=options.ground,
        authority=options.authority,
        with_rows=options.rows,
        draw_ids=tuple(options.sample),
        release_id=options.release,
        recipient_key=_recipient_key(options.recipient_key),
    )


def _recipient_key(given: str) -> str:
    """Return the public key that is given, or that stands in the file that is named.

    Raises:
        NotAKeyError: says what was given instead, and repeats nothing of a secret key.
    """
    if not given:
        return ""
    if is_of_a_key(given):
        return recipient_in(given)
    if Path(given).is_dir():
        raise DeskError("Name the file of the key, not a folder.")
    try:
        with Path(given).open("rb") as source:
            return recipient_in(text_of(source.read(LONGEST_FILE)))
    except FileNotFoundError:
        raise DeskError("There is no such file of a key, and it is no key.") from None
    except OSError as error:
        raise told_by_system(error) from error


def _in_words(error: DeskError | OSError) -> str:
    if isinstance(error, FileNotFoundError):
        return "There is no such folder for the papers of the pack."
    return str(told_by_system(error) if isinstance(error, OSError) else error)


def _told(made: _Made) -> int:
    sys.stdout.write(f"Pack:        {made.pack.written.path}\n")
    sys.stdout.write(f"Fingerprint: {made.pack.fingerprint}\n")
    sys.stdout.write(f"Log:         {made.pack.log_short_form}\n")
    sys.stdout.write(f"For them:    {made.pack.series.label}\n")
    if made.pack.recipient_key:
        sys.stdout.write(f"Sealed to:   {made.pack.recipient_key}\n")
        last = last_letters(made.pack.recipient_key)
        sys.stdout.write(f"Let them read its end to you by phone: {last}\n")
    if made.pdf is not None:
        sys.stdout.write(f"Locked PDF:  {made.pdf.path}\n")
    if made.pack.summary_note:
        sys.stdout.write(f"{made.pack.summary_note}\n")
    if made.trouble:
        sys.stderr.write(f"The pack is whole; what belongs to it is not: {made.trouble}\n")
    return 1 if made.trouble else 0


def _apart(options: argparse.Namespace, name: str | None) -> Path | None:
    """Return where words go that lie with neither the pack nor its own; None where not asked."""
    if not name:
        return None
    place = Path(name)
    refuse_words_beside(Path(options.out), place)
    if options.words_out and place.resolve() == Path(options.words_out).resolve():
        raise DeskError("The words of the pack lie in that file. Choose another.")
    return place


def _keep_sheet(desk: Desk, place: Path, words: str, pack: PackMade) -> None:
    """Write the sheet that is handed over apart from the pack. It holds the words in the clear."""
    made_on = pack.made_at.astimezone(desk.house.zone).date()
    replace_bytes(place.resolve(), words_sheet_pdf(words.split(), pack.export_id, made_on))


def _locked_pdf(desk: Desk, pack: PackMade, drive: PackDrive, place: Path) -> Written:
    """Write the report as a locked PDF beside the pack; its own words are kept first."""
    pdf_words = new_pack_words()
    keep_words(place, pdf_words)
    try:
        path, opens = pack.written.path, pack.opens_with
        return write_locked_pdf(desk, drive, path, opens, pdf_words, pack.custody_id)
    except BaseException:
        place.resolve().unlink(missing_ok=True)
        raise


def export(options: argparse.Namespace) -> int:
    """Write everything, sealed; the words that open it go to a file elsewhere."""
    order = ExportOrder(options.recipient, options.reason)

    def make(desk: Desk, drive: PackDrive, words: str, second: Second | None) -> FullExport:
        return export_everything(desk, order, drive, words, second)

    made = sealed_out(options, make)
    sys.stdout.write(f"Export:      {made.written.path}\n")
    sys.stdout.write(f"SHA-256:     {made.written.sha256}\n")
    sys.stdout.write(f"Contents:    {made.files:,} files, {made.rows:,} rows\n")
    return 0
