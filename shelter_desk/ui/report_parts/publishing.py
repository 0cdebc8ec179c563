"""A report that stayed with its recipient becomes public: weighed first, then written down."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from PySide6.QtCore import QCoreApplication, QObject
from PySide6.QtWidgets import QWidget

from shelter_desk.desk.counts import PUBLIC_K
from shelter_desk.desk.going_public import (
    MakePublic,
    PublicationAsked,
    publication_asked,
    weigh_publication,
)
from shelter_desk.desk.reporting import HandedOver
from shelter_desk.disclosure import Weighed
from shelter_desk.domain.report_kinds import AGREED, PUBLICATION_REASONS
from shelter_desk.ui.form_sheet import FormSheet
from shelter_desk.ui.forms import Choice, Form
from shelter_desk.ui.jobs import Answers, Aside
from shelter_desk.ui.periods_shown import with_periods
from shelter_desk.ui.shared import Shared

_MOST_REASONS = 3


class Publishing(QObject):
    """Asks what the records know, weighs it beside them, then asks why. `busy` hears of both."""

    def __init__(self, page: QWidget, shared: Shared, busy: Callable[[bool], None]) -> None:
        super().__init__(page)
        self._page, self._shared, self._busy = page, shared, busy
        self.sheet: FormSheet | None = None

    def begin(self, line: HandedOver) -> None:
        """Begin with one report that was handed over."""
        self._busy(True)  # noqa: FBT003 - a signal's argument
        work = partial(self._shared.ask, publication_asked, release_id=line.release_id)
        self._shared.jobs.run(self._page, work, self._weigh, self._failed)

    def _weigh(self, asked: PublicationAsked) -> None:
        answers = Answers(_nothing, partial(self._ask, asked), self._failed)
        self._shared.jobs.aside(self._page, partial(_weighed, asked), answers)

    def _ask(self, asked: PublicationAsked, weighed: Weighed) -> None:
        self._busy(False)  # noqa: FBT003 - a signal's argument
        if self._page.isVisible():
            self.sheet = ask_publication(self._page, self._shared, asked, weighed)

    def _failed(self, error: Exception) -> None:
        self._busy(False)  # noqa: FBT003 - a signal's argument
        self._shared.tell(error)


def ask_publication(
    host: QWidget, shared: Shared, asked: PublicationAsked, weighed: Weighed
) -> FormSheet:
    """Say what the report tells once it is public, and ask why it is."""
    reasons = [
        (code, _tr(words))
        for code, words in PUBLICATION_REASONS.items()
        if code != AGREED or not weighed.together
    ]
    form = Form((Choice("reason", _tr("Why it is public"), reasons, chips=True, needed=True),))

    def take(values: dict[str, Any]) -> bool:
        command = MakePublic(asked.release_id, values["reason"], weighed, asked.newest)
        said = _tr("Written down: it is public")
        return shared.attempt(command, said=said, invalid=form.show_problems) is not None

    title, action = _tr("This report becomes public"), _tr("Write it down")
    sheet = FormSheet(title, form, action, take, intro=_told(asked.small, weighed), width=640)
    sheet.keeps(shared, "report-publication", asked.release_id).open_over(host)
    return sheet


def _told(small: int, weighed: Weighed) -> str:
    parts = [
        _tr(
            "From now on everybody is taken to know these exact figures, and every later summary "
            "is protected against readers who do. It cannot be taken back."
        )
    ]
    if small:
        words = _tr("{0} of its figures are below {1}: by itself it tells of a few.")
        parts.append(words.format(small, PUBLIC_K))
    if not weighed.together:
        parts.append(_tr("Beside what is out already, no further small group can be worked out."))
        return "\n\n".join(parts)
    words = _tr(
        "It cannot be shown that nobody can work out a small group from it and what is out "
        "already. {0} So nobody here can agree to it. What has happened all the same is written "
        "down; later summaries of these days may have to be refused."
    )
    instead = _tr(
        "What can be done: let them have the summary of these days, which anybody may read. If "
        "they always publish, say so when the next report is handed over, before a summary of "
        "its days goes out: then the summary is fitted to it."
    )
    parts.append(with_periods(words.format(" ".join(weighed.together[:_MOST_REASONS]))))
    parts.append(instead)
    return "\n\n".join(parts)


def _weighed(asked: PublicationAsked, _aside: Aside) -> Weighed:
    return weigh_publication(asked)


def _nothing(_early: object) -> None:
    """No early word is given."""


def _tr(text: str) -> str:
    return QCoreApplication.translate("reports", text)
