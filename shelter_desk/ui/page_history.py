"""The history of a page: what the window shows of the audit trail for whichever page is open."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QWidget

from shelter_desk.domain.staff import May
from shelter_desk.ui.history_sheet import HistorySheet, open_history
from shelter_desk.ui.pages import Page, PageView
from shelter_desk.ui.shared import Shared


def has_history(shared: Shared, page: Page) -> bool:
    """Say whether the person signed in can be shown who touched what a page shows."""
    return bool(page.touched) and shared.may(May.READ_AUDIT)


def show_history(host: QWidget, shared: Shared, page: Page, view: PageView) -> None:
    """Show who touched what lies open on a page: in its own part, or else over the page."""
    if not has_history(shared, page) or view.show_own_history():
        return
    name = QCoreApplication.translate("pages", page.title)
    open_history(host, HistorySheet(shared, name, page.touched))
