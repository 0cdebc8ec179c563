"""The questions of the service log over another page: a new line, or a correction of one."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QWidget

from shelter_desk.desk.service_log import EntryLine
from shelter_desk.ui.log_form import LogForm
from shelter_desk.ui.shared import Shared
from shelter_desk.ui.widgets import Sheet


class LogSheet(Sheet):
    """The same questions over another page."""

    def __init__(self, shared: Shared, title: str) -> None:
        self.form = LogForm(shared)
        super().__init__(title, (self.form, 1), width=720)
        self.form.saved.connect(self._saved)

    def close_sheet(self) -> None:
        """Close; what was typed and not saved is kept as a draft."""
        self.form.flush()
        super().close_sheet()

    def _saved(self, another: bool) -> None:  # noqa: FBT001 - a signal's argument
        if not another:
            self.close_sheet()


def open_log_sheet(host: QWidget, shared: Shared, stay_id: str, service_id: str = "") -> LogSheet:
    """Open the questions over the window of `host`, with the resident chosen.

    `service_id` is offered, such as the service of what was ticked just now; nothing is written
    before somebody saves it.
    """
    sheet = LogSheet(shared, QCoreApplication.translate("log", "Log a service"))
    sheet.form.start(stay_id, service_id)
    sheet.open_over(host, sheet.form.first())
    return sheet


def open_correction(host: QWidget, shared: Shared, line: EntryLine) -> LogSheet:
    """Open the questions over the window of `host`, with the answers of a line in them."""
    sheet = LogSheet(shared, QCoreApplication.translate("log", "Correct an entry"))
    sheet.form.start_correction(line)
    sheet.open_over(host, sheet.form.first())
    return sheet
