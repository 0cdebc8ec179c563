"""Making a pack off the main thread."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple, cast

from PySide6.QtCore import QCoreApplication

from shelter_desk.desk import Desk
from shelter_desk.desk.agreeing import Second, agreement
from shelter_desk.domain.age_typed import in_fours
from shelter_desk.domain.errors import DeskError
from shelter_desk.exports.pack_contents import PreparedPack, leave_pack, release_pack
from shelter_desk.exports.pack_order import PackMade
from shelter_desk.exports.problems import DriveError, PackError
from shelter_desk.exports.readable import write_locked_pdf
from shelter_desk.exports.stick import PackDrive, Written
from shelter_desk.exports.verify import Verdict, verify
from shelter_desk.ui.shared import Shared


@dataclass(frozen=True, slots=True)
class Place:
    """Where a pack is written: a folder, and the mark of the drive that was chosen, or ""."""

    folder: Path
    mark: str = ""


class Made(NamedTuple):
    """A pack that was let out. `pdf` is None where none was asked for, or `no_pdf` says why."""

    pack: PackMade
    verdict: Verdict
    pdf: Written | None = None
    no_pdf: str = ""


def what_leaves(prepared: PreparedPack, place: Path) -> str:
    """Return what a colleague agrees to: for whom, why, on what ground, of records, to what key.

    It is what was laid out and looked at, whatever is chosen on the page since then.
    """
    wanted, order = prepared.wanted, prepared.wanted.order
    words = _tr("Two people let a pack out: {0}, {1}, written to “{2}”.")
    told = [words.format(_tr(wanted.profile.title), wanted.period.label, place.name or str(place))]
    words = _tr("For {0}. Reason: {1}. Ground: {2}.")
    ground = ", ".join(filter(None, (_tr(prepared.basis.title), order.authority)))
    told.append(words.format(prepared.recipient, prepared.purpose, ground))
    if order.holds_records:
        told.append(_tr("It holds lines or papers about single records."))
    if order.recipient_key:
        words = _tr("No words open it, only this age key: {0}.")
        told.append(words.format(in_fours(order.recipient_key)))
    return " ".join(told)


def _tr(text: str) -> str:
    return QCoreApplication.translate("audit_pack", text)


def pack_made(
    shared: Shared,
    prepared: PreparedPack,
    drive: PackDrive,
    words: tuple[str, str],
    second: Second | None,
) -> Made:
    """Let the pack out and check the file once more for the list. Runs off the main thread.

    A locked PDF that cannot be written beside it takes nothing back: the pack is there, and has
    its cover sheet.
    """
    # The desk itself: pages may only be told from the main thread.
    desk, (of_pack, of_pdf) = cast("Desk", shared.desk), words
    try:
        agreed = agreement(desk, second)
    except DeskError:
        leave_pack(desk, prepared)
        raise
    made = release_pack(desk, prepared, drive, of_pack, agreed)
    verdict = verify(made.written.path, made.opens_with)
    if not of_pdf or not verdict.ok:
        return Made(made, verdict)
    path = made.written.path
    try:
        pdf = write_locked_pdf(desk, drive, path, made.opens_with, of_pdf, made.custody_id)
    except (DriveError, PackError) as error:
        return Made(made, verdict, no_pdf=str(error))
    return Made(made, verdict, pdf)
