"""Who touched what a page shows, over the page, for those who may read the audit trail."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QWidget

from shelter_desk.desk.audit_log import AuditLine
from shelter_desk.desk.who_touched import who_touched
from shelter_desk.ui.dates import show_moment
from shelter_desk.ui.scale import STRETCH, row
from shelter_desk.ui.shared import Shared
from shelter_desk.ui.table_model import Column
from shelter_desk.ui.widgets import Button, EmptyNote, Label, Sheet, Table

_AT_ONCE = 100


class HistorySheet(Sheet):
    """The events about what is shown, newest first, and older ones on request."""

    def __init__(
        self, shared: Shared, name: str, kinds: tuple[str, ...], records: tuple[str, ...] = ()
    ) -> None:
        self._shared, self._kinds, self._records = shared, kinds, records
        self.table = Table[AuditLine](
            _columns(shared), QCoreApplication.translate("HistorySheet", "Who did what"),
            key=_number, row_height=46,
        )  # fmt: skip
        self.none = EmptyNote("", icon="history")
        self.earlier = Button("", "chevron-down")
        self.count, self.done = Label("", "caption"), Button("")
        below = row(self.count, STRETCH, self.earlier, self.done, spacing=8)
        title = QCoreApplication.translate("HistorySheet", "History: {0}").format(name)
        super().__init__(title, (self.table, 1), self.none, below, width=860)
        self.none.label.setText(self.tr("Nothing of it was touched yet."))
        self.earlier.setText(self.tr("Show earlier events"))
        self.done.setText(self.tr("Close"))
        self.earlier.clicked.connect(self._show_earlier)
        self.done.clicked.connect(self.close_sheet)
        self._show((), self._ask())

    def _ask(self, **more: int) -> tuple[AuditLine, ...]:
        return self._shared.ask(
            who_touched,
            kinds=self._kinds,
            records=self._records,
            limit=_AT_ONCE,
            **more,
        )

    def _show_earlier(self) -> None:
        shown = self.table.lines
        self._show(shown, self._ask(before=shown[-1].seq))

    def _show(self, shown: tuple[AuditLine, ...], more: tuple[AuditLine, ...]) -> None:
        lines = (*shown, *more)
        self.table.show_lines(lines)
        self.table.setVisible(bool(lines))
        self.none.setVisible(not lines)
        self.earlier.setVisible(len(more) == _AT_ONCE)
        self.count.setText(self.tr("{0} events shown").format(len(lines)))
        self.count.setVisible(bool(lines))


def open_history(host: QWidget, sheet: HistorySheet) -> None:
    """Lay a history over the window of `host`, the keyboard in its lines."""
    sheet.open_over(host, sheet.table if sheet.table.lines else sheet.done)


def _columns(shared: Shared) -> tuple[Column[AuditLine], ...]:
    def tr(text: str) -> str:
        return QCoreApplication.translate("HistorySheet", text)

    return (
        Column(tr("When"), lambda line: show_moment(line.at, shared.zone), width=170),
        Column(tr("What"), lambda line: line.words, width=260, stretch=True,
               below=lambda line: line.why),
        Column(tr("About"), lambda line: line.about, width=120),
        Column(tr("Who"), lambda line: line.who, width=140),
    )  # fmt: skip


def _number(line: AuditLine) -> int:
    return line.seq
