"""The line on Today about points of an audit visit that are mine to settle, and their list."""

from __future__ import annotations

from functools import partial

from PySide6.QtWidgets import QWidget

from shelter_desk.desk import Area
from shelter_desk.desk.visit_check import Point, my_points
from shelter_desk.desk.visit_ready import SayReady, is_to_explain
from shelter_desk.desk.visits import VisitLine
from shelter_desk.ui.dates import show_day
from shelter_desk.ui.form_sheet import FitScroll
from shelter_desk.ui.scale import STRETCH, column, row
from shelter_desk.ui.shared import Shared
from shelter_desk.ui.tokens import Tone
from shelter_desk.ui.visits.words import kind_tone, kind_words, tr
from shelter_desk.ui.widgets import Banner, Button, Label, Pill, Sheet

_AREAS = Area.CUSTODY | Area.DUE | Area.CARE
_MOST = 50
Mine = tuple[tuple[VisitLine, tuple[Point, ...]], ...]


class VisitDuties(Banner):
    """Shown while points of a visit wait for the person signed in."""

    def __init__(self, shared: Shared) -> None:
        self.open = Button("", kind="ghost")
        super().__init__("", Tone.INFO, action=self.open, icon="file-search")
        self.open.setText(self.tr("Look at them"))
        self._shared, self._mine = shared, Mine()
        self.open.clicked.connect(self._show)
        self.hide()

    def start(self) -> None:
        """Show it from now on; before it lies on a page it would be a window of its own."""
        self._shared.refresh_on(_AREAS, self.refresh, self)

    def refresh(self) -> None:
        """Show or hide the line; asked again with every minute of the page."""
        self._mine = self._shared.ask(my_points, now=self._shared.now())
        self.setVisible(bool(self._mine))
        if self._mine:
            self._say_first(*self._mine[0])

    def _say_first(self, visit: VisitLine, points: tuple[Point, ...]) -> None:
        today = self._shared.today()
        day, past = show_day(visit.visit_on), 0
        if visit.state == "held":
            due = [one.owner.due_on for one in points if one.owner]
            past = max((today - min(due, default=today)).days, 0)
            words = self.tr("Found by the audit visit on {0} and yours to correct: {1}.")
        elif len(points) == 1:
            words = self.tr("For the audit visit on {0} you have one point to settle.")
        else:
            words = self.tr("For the audit visit on {0} you have {1} points to settle.")
        said = words.format(day, len(points))
        if past:
            late = self.tr("{0} Overdue by {1} days.")
            if past == 1:
                late = self.tr("{0} Overdue by one day.")
            said = late.format(said, past)
        self.say(said, Tone.DANGER if past else Tone.INFO)

    def _show(self) -> None:
        MySheet(self._shared, self._mine).open_over(self)


class MySheet(Sheet):
    """The points that are mine, each with the way to the record it is about."""

    def __init__(self, shared: Shared, mine: Mine) -> None:
        self._shared = shared
        self.buttons: list[Button] = []
        self.leave = Button(tr("Close"))
        every = [(visit.visit_id, point) for visit, points in mine for point in points]
        rows: list[QWidget] = [self._row(*one) for one in every[:_MOST]]
        if len(every) > _MOST:
            rows.append(Label(tr("and {0} more").format(len(every) - _MOST), "caption"))
        inside = FitScroll(column(*rows, spacing=8))
        super().__init__(
            tr("Mine to settle for audit visits"), (inside, 1), row(STRETCH, self.leave), width=680
        )
        self.leave.clicked.connect(self.close_sheet)

    def _row(self, visit_id: str, point: Point) -> QWidget:
        about = point.about or tr("The house")
        until = tr("by {0}").format(show_day(point.owner.due_on)) if point.owner else ""
        words = column(
            Label(tr(point.text), wrap=True), Label(f"{about} · {until}", "caption"), spacing=0
        )
        button = None
        if point.stay_id:
            button = Button(tr("Open"), "arrow-right", kind="ghost")
            button.setAccessibleName(tr("Open {0}: {1}").format(about, tr(point.text)))
            button.clicked.connect(partial(self._go, point.stay_id))
            self.buttons.append(button)
        pill = Pill(kind_words(point.kind), kind_tone(point.kind))
        return row(pill, (words, 1), self._ready(visit_id, point, about), button, spacing=10)

    def _ready(self, visit_id: str, point: Point, about: str) -> Button | None:
        """Return what closes a point that can only be explained, or None."""
        if not is_to_explain(point.point):
            return None
        button = Button(tr("Answer is ready"), "check", kind="ghost")
        button.setAccessibleName(tr("Answer is ready, {0}: {1}").format(about, tr(point.text)))
        button.clicked.connect(partial(self._say_ready, visit_id, point.point, button))
        self.buttons.append(button)
        return button

    def _say_ready(self, visit_id: str, point: str, button: Button) -> None:
        self._shared.do(SayReady(visit_id, point), said=tr("This point is closed."))
        button.setEnabled(False)

    def _go(self, stay_id: str) -> None:
        self.close_sheet()
        self._shared.go("resident", stay_id)
