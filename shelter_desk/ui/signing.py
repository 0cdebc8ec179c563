"""An answer that waits for a second person: signed by somebody else, said to who signed it."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from shelter_desk.desk.care import SignAnswer
from shelter_desk.desk.item import signers
from shelter_desk.desk.plan import ItemLine
from shelter_desk.ui.shared import Shared
from shelter_desk.ui.widgets import DueList


def has_signed(shared: Shared, item: ItemLine) -> bool:
    """Say whether the person at the desk has signed the answer that waits."""
    if item.last is None:
        return False
    signed = shared.ask(signers, answer_id=item.last.answer_id)
    return any(signer.staff_id == shared.staff.public_id for signer in signed)


def sign(shared: Shared, item: ItemLine) -> bool:
    """Sign the answer that waits, or say that another person must; return whether it was."""
    if item.last is None:
        return False
    if has_signed(shared, item):
        shared.toast(_tr("You have signed this. It waits for a second person."))
        return False
    said = _tr("Signed “{0}”").format(item.text)
    return shared.attempt(SignAnswer(item.last.answer_id), said=said) is not None


def move_on(rows: object, item_id: str) -> None:
    """Take the keyboard on from a row that stays where it is: it waits for somebody else."""
    if isinstance(rows, DueList):
        line = rows.line()
        if line is not None and getattr(line.key, "item_id", "") == item_id:
            rows.move_on()


def _tr(text: str) -> str:
    return QCoreApplication.translate("stay", text)
