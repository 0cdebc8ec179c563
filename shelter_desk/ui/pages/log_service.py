"""Log a service that was given, from anywhere; the questions are those of the sheet."""

from __future__ import annotations

from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QVBoxLayout

from shelter_desk.domain.staff import May
from shelter_desk.ui.log_form import LogForm
from shelter_desk.ui.pages import PAGE_MARGINS, Page, PageView
from shelter_desk.ui.scale import STRETCH, at_most, column, fill, row
from shelter_desk.ui.shared import Shared
from shelter_desk.ui.widgets import Card, Label
from shelter_desk.ui.words import QT_TRANSLATE_NOOP


class LogServicePage(PageView):
    """One line of the service log. Asks for whom first, unless it is opened on a stay."""

    def __init__(self, shared: Shared) -> None:
        super().__init__()
        self._shared = shared
        self._subject, self._started = "", False
        self.form = LogForm(shared)
        card = Card(
            Label(self.tr("Log a service"), "h2"), self.form, spacing=12, margins=(22, 18, 22, 16)
        )
        at_most(card, 760)
        middle = row(STRETCH, (card, 10), STRETCH)
        fill(QVBoxLayout(self), ((column(middle, STRETCH), 1),), margins=PAGE_MARGINS)
        self.form.saved.connect(self._saved)

    def open_subject(self, subject: str) -> None:
        """Begin a line for a stay, such as "<stay>", or "<stay>:<service>" to offer a service."""
        self.form.flush()
        stay_id, _, service_id = subject.partition(":")
        self._subject, self._started = stay_id, True
        self.form.start(stay_id, service_id)

    def leaving(self) -> None:
        """Keep what is typed; the next visit begins anew."""
        self.form.flush()
        self._subject, self._started = "", False

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if not self._started:
            self._started = True
            self.form.start(self._subject)
        self.form.focus_first()

    def _saved(self, another: bool) -> None:  # noqa: FBT001 - a signal's argument
        if not another:
            self._shared.go("today")


PAGE = Page(
    order=26,
    title=QT_TRANSLATE_NOOP("pages", "Log a service"),
    icon="clipboard-check",
    needs=May.WRITE_CARE,
    build=LogServicePage,
    touched=("service",),
    in_rail=False,
    home="today",
    help=QT_TRANSLATE_NOOP(
        "pages",
        "One line for one thing that was given: who, what, when, how long. Number keys "
        "choose the service.",
    ),
)
