"""Who does what on Today: an open item is given to a colleague, or all of mine is handed over."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QWidget

from shelter_desk.desk.assigning import (
    Assigned,
    AssignItems,
    HandOverWork,
    OpenLine,
    assignments,
)
from shelter_desk.desk.staff import staff_list
from shelter_desk.desk.today import TodayBoard, TodayLine, only_mine
from shelter_desk.domain.staff import May
from shelter_desk.ui.form_sheet import FormSheet
from shelter_desk.ui.forms import Choice, Form
from shelter_desk.ui.shared import Shared
from shelter_desk.ui.widgets import DueList

_NOBODY = "nobody"


def _tr(text: str) -> str:
    return QCoreApplication.translate("today", text)


class Work:
    """Knows who has which item, and asks to whom one goes. `host` is the page below the sheets."""

    def __init__(self, shared: Shared, host: QWidget) -> None:
        self._shared, self._host = shared, host
        self.assigned: Mapping[OpenLine, Assigned] = {}

    def refresh(self) -> None:
        """Look again who has what."""
        self.assigned = self._shared.ask(assignments)

    @property
    def has_own(self) -> bool:
        """Tell whether anything is given to the person signed in."""
        me = self._shared.staff.public_id
        return any(one.staff_id == me for one in self.assigned.values())

    def mine(self, found: TodayBoard) -> TodayBoard:
        """Return what is the work of the person signed in."""
        return only_mine(found, self._shared.staff, self.assigned)

    def given_to(self, line: TodayLine) -> str:
        """Return who has a line, or ""."""
        given = self.assigned.get(_open_line(line))
        return given.name if given else ""

    def give_chosen(self) -> FormSheet | None:
        """Ask to whom the row that has the keyboard goes; None when no row has it."""
        rows = self._host.window().focusWidget()
        row = rows.line() if isinstance(rows, DueList) else None
        may = self._shared.may(May.WRITE_CARE)
        if row is None or not isinstance(row.key, TodayLine) or not may:
            return None
        line = _open_line(row.key)
        before = self.assigned.get(line)
        words = (_tr("Who does this?"), row.key.text, _tr("Nobody: whoever has the role"))
        where = ("give-item", f"{line.stay_id or 'house'} {line.item_id} {line.occurrence}")
        return self._ask(where, words, before, lambda to: AssignItems((line,), to))

    def hand_over(self) -> FormSheet:
        """Ask to whom everything goes that is given to the person signed in."""
        me = self._shared.staff.public_id
        count = sum(one.staff_id == me for one in self.assigned.values())
        intro = _tr("{0} open items are given to you.").format(count)
        words = (_tr("Hand over my work"), intro, _tr("The next shift: whoever has the role"))
        return self._ask(("hand-over-work", ""), words, None, HandOverWork)

    def _ask(
        self,
        where: tuple[str, str],
        words: tuple[str, str, str],
        before: Assigned | None,
        make: Any,  # noqa: ANN401 - a command of whom
    ) -> FormSheet:
        title, intro, nobody = words
        people = [
            (line.staff_id, line.name) for line in self._shared.ask(staff_list) if line.is_active
        ]
        options = [*people, (_NOBODY, nobody)]
        form = Form((Choice("to", _tr("To whom"), options, needed=True),))
        form.put({"to": before.staff_id if before else self._first(people)})

        def take(values: dict[str, Any]) -> bool:
            to = None if values["to"] == _NOBODY else values["to"]
            said = _tr("Given to {0}").format(dict(options)[values["to"]])
            done = self._shared.attempt(make(to), said=said, invalid=form.show_problems)
            return done is not None

        sheet = FormSheet(title, form, _tr("Give it"), take, intro=intro)
        sheet.keeps(self._shared, *where)
        sheet.open_over(self._host, form.editors["to"])
        return sheet

    def _first(self, people: list[tuple[str, str]]) -> str:
        me = self._shared.staff.public_id
        return next((code for code, _ in people if code != me), _NOBODY)


def _open_line(line: TodayLine) -> OpenLine:
    return OpenLine(line.stay_id, line.item_id, line.occurrence)
