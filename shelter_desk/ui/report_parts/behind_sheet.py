"""What is behind a number: the records, on screen only, as far as the person's roles read them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from shelter_desk.desk.report_behind import Behind, BehindLine
from shelter_desk.ui.dates import show_moment
from shelter_desk.ui.scale import STRETCH, row
from shelter_desk.ui.table_model import Column
from shelter_desk.ui.today_lists import shown_name
from shelter_desk.ui.widgets import Button, EmptyNote, Label, Sheet, Table


class BehindSheet(Sheet):
    """Lists the records; Enter on one opens the resident. `go` gets the public id of a stay."""

    def __init__(self, behind: Behind, zone: ZoneInfo, go: Callable[[str], None]) -> None:
        self._go = go
        self.leave = Button("")
        words, counts = Label(behind.words, "muted", wrap=True), Label("", wrap=True)
        self.records = Table[BehindLine](
            self._columns(behind.lines, zone), "", key=_key, row_height=52
        )
        self.records.show_lines(behind.lines)
        none = EmptyNote("")
        super().__init__(
            "", words, counts, (self.records, 1), none, row(STRETCH, self.leave), width=760
        )
        # Not before they lie in the sheet: each would open a window of its own for a moment.
        self.records.setVisible(bool(behind.lines))
        none.setVisible(not behind.lines)
        title = self.tr("What is behind this number: {0}").format(behind.value)
        self.body.insertWidget(0, Label(title, "h2", wrap=True))
        self.setAccessibleName(title)
        self.records.setAccessibleName(self.tr("Records behind this number"))
        none.label.setText(self.tr("No record that you may read is behind it."))
        counts.setText(self._told(behind))
        self.leave.setText(self.tr("Done"))
        self.leave.clicked.connect(self.close_sheet)
        self.records.opened.connect(self._open)

    def _told(self, behind: Behind) -> str:
        said = [self.tr("That you looked stands in the trail. None of this is in any file.")]
        if behind.closed:
            words = self.tr("Not shown, closed to your role or destroyed: {0}.")
            said.append(words.format(behind.closed))
        if behind.more:
            said.append(self.tr("Further ones: {0}.").format(behind.more))
        return " ".join(said)

    def _open(self, line: BehindLine) -> None:
        if line.stay_id:
            self.close_sheet()
            self._go(line.stay_id)

    def _columns(
        self, lines: Sequence[BehindLine], zone: ZoneInfo
    ) -> tuple[Column[BehindLine], ...]:
        def until(line: BehindLine) -> str:
            return self.tr("to {0}").format(show_moment(line.until, zone)) if line.until else ""

        def when(line: BehindLine) -> str:
            return show_moment(line.at, zone) if line.at else ""

        what = Column[BehindLine](self.tr("What"), lambda line: line.what, width=160, stretch=True)
        return (
            Column(
                self.tr("Who"),
                lambda line: shown_name(line.called) or "–",
                width=130,
                below=lambda line: line.case_code,
                stretch=not any(line.what for line in lines),
            ),
            *((what,) if any(line.what for line in lines) else ()),
            Column(self.tr("When"), when, width=185, below=until),
            Column(self.tr("Adds"), lambda line: f"{line.adds:,}", width=64, number=True),
        )


def _key(line: BehindLine) -> tuple[str, str, datetime | None]:
    return line.stay_id, line.what, line.at
