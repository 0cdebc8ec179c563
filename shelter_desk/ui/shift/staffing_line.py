"""Staff on duty beside what is required: one line, a warning when too few are here."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QCoreApplication

from shelter_desk.desk.staffing import Staffing
from shelter_desk.ui.tokens import Tone
from shelter_desk.ui.widgets import Banner
from shelter_desk.ui.words import counted


def _tr(text: str) -> str:
    return QCoreApplication.translate("shift", text)


def staffing_words(found: Staffing) -> str:
    """Return such as "2 staff for 9 residents. Required is 1:4 awake, that is 3. One too few."."""
    state = _tr("awake") if found.ratio.is_awake else _tr("asleep")
    required = _tr("Required is 1:{0} {1}, that is {2}.")
    required = required.format(found.ratio.residents, state, found.needed)
    residents = counted(found.residents, _tr("1 resident"), _tr("{0} residents"))
    head = _tr("{0} staff for {1}.").format(found.on_duty, residents)
    if found.on_duty is None:
        head = _tr("{0}. Nobody has counted who is on duty in this shift.").format(residents)
    checked = "" if found.ratio.holds_here else _tr("Not checked for your state.")
    parts = (head, required, _short(found.lacking), checked)
    return " ".join(part for part in parts if part)


def _short(lacking: int) -> str:
    if not lacking:
        return ""
    return _tr("One too few.") if lacking == 1 else _tr("{0} too few.").format(lacking)


def origin_words(found: Staffing) -> str:
    """Return where the rule comes from, and whether somebody checked it for this state."""
    ratio = found.ratio
    if ratio.holds_here:
        return _tr("By the profile {0}: {1}.").format(ratio.where, ratio.source)
    words = _tr("A starting point, read in {0}. Ask your licensor what holds for you.")
    return words.format(ratio.source)


class StaffingLine(Banner):
    """Says it, with the origin below; a warning when staff are too few."""

    def __init__(self) -> None:
        super().__init__("", Tone.INFO)
        self._found: Staffing | None = None

    def show_staffing(self, found: Staffing) -> None:
        """Show this."""
        self._found = found
        tone = Tone.WARN if found.lacking else Tone.INFO
        self.say(staffing_words(found), tone)
        self.setToolTip(origin_words(found))
        self.setAccessibleDescription(origin_words(found))

    def show_counted(self, residents: int | None, on_duty: int | None) -> None:
        """Show what is being counted just now; nothing before somebody has counted."""
        self.setVisible(self._found is not None and on_duty is not None)
        if self._found is None:
            return
        before = self._found
        here = before.residents if residents is None else residents
        self.show_staffing(replace(before, residents=here, on_duty=on_duty))
        self._found = before
