"""A pack that does not leave: who says so, and why; its figures are taken back if they can be."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QWidget

from shelter_desk.desk.exported import ExportLine
from shelter_desk.ui.form_sheet import FormSheet
from shelter_desk.ui.forms import Choice, Form
from shelter_desk.ui.shared import Shared

MADE_ANEW = "made-anew"
CUT_OFF = "cut-off"


def ask_why_left(
    host: QWidget,
    shared: Shared,
    line: ExportLine,
    take: Callable[[str], bool],
    *,
    usual: str = "",
) -> FormSheet:
    """Ask why a pack does not leave; `take` is given the code and says whether it was taken.

    `usual` is the code that is chosen to begin with.
    """
    form = Form(
        (Choice("why", _tr("Why it does not leave"), _reasons(), chips=True, needed=True),)
    )
    form.put({"why": usual})

    def taken(values: dict[str, Any]) -> bool:
        return take(values["why"])

    words = _tr(
        "Nothing of it was written anywhere. Its figures are taken back: later summaries need not "
        "keep to them, unless they left in another pack or summary."
    )
    if line.was_written:
        words = _tr(
            "Part of it may be on a drive. So its figures count as known, and later summaries "
            "keep to them."
        )
    title, action = _tr("This pack does not leave"), _tr("Put it away")
    sheet = FormSheet(title, form, action, taken, intro=words)
    sheet.keeps(shared, "leave-pack", line.custody_id).open_over(host)
    return sheet


def reason_words(code: str) -> str:
    """Return why an export did not leave, in words; "" where nothing was written down."""
    own = dict(_reasons())
    if not code or code in own:
        return own.get(code, "")
    if code == "left-alone":
        return _tr("Looked at, not let out")
    if code.startswith("drive-"):
        return _tr("The drive did not take it")
    if code == "identity-found":
        return _tr("Somebody could be known by it")
    return _tr("It could not be made")


def _reasons() -> tuple[tuple[str, str], ...]:
    return (
        ("not-needed", _tr("Not needed now")),
        ("not-right", _tr("Something is not right")),
        (MADE_ANEW, _tr("Another is made instead")),
        ("no-drive", _tr("No drive, or no colleague")),
        (CUT_OFF, _tr("The program closed before")),
    )


def _tr(text: str) -> str:
    return QCoreApplication.translate("leaving", text)
