"""One service of a stay: where it stands, how far it is, and its checklist."""

from __future__ import annotations

from typing import cast

from PySide6.QtCore import QPoint, Signal
from PySide6.QtGui import QAction, QResizeEvent
from PySide6.QtWidgets import QMenu

from shelter_desk.desk.plan import ItemLine, ServiceLine
from shelter_desk.domain.care_model import CareModel
from shelter_desk.domain.record_classes import class_of
from shelter_desk.ui.icons import service_icon
from shelter_desk.ui.scale import STRETCH, row
from shelter_desk.ui.shared import Shared
from shelter_desk.ui.stay.rows import TO_DO, item_row
from shelter_desk.ui.theme import theme
from shelter_desk.ui.tokens import Tone
from shelter_desk.ui.widgets import (
    Button,
    Card,
    DueLine,
    DueList,
    IconButton,
    IconTile,
    Label,
    Line,
    Pill,
    ProgressBar,
    Urgency,
)

_NARROW = 640  # px at 100 %: below this the name needs the room of the progress


class ServiceCard(Card):
    """Shows a service. Says what was asked for; the plan does it.

    Signals: `ticked` (item), `opened` (item), `noted` (item), `need_chosen` (service, status).
    """

    ticked = Signal(object)
    opened = Signal(object)
    noted = Signal(object)
    need_chosen = Signal(object, str)

    def __init__(self, shared: Shared, model: CareModel, service: ServiceLine) -> None:
        self._shared, self._model = shared, model
        self.service = service
        self._to_do = True
        self._open: bool | None = None
        icon, tone = service_icon(service.service_id)
        self.name = Label(service.name, "h3")
        self.overdue = Pill("", Tone.DANGER)
        self.words = Label("", "caption")
        self.progress = ProgressBar(width=70)
        self.status = Button("", "chevron-down", kind="ghost")
        self.fold = IconButton("chevron-right", "", kind="ghost")
        self.list = DueList(service.name)
        self.line = Line()
        head = row(
            IconTile(icon, tone, 26), self.name, self.overdue, STRETCH,
            self.words, self.progress, self.status, self.fold, spacing=10,
        )  # fmt: skip
        self.held = Label("", "caption", wrap=True)
        self.held.hide()
        super().__init__(head, self.held, self.line, self.list, spacing=2, margins=(14, 6, 10, 6))
        self.status.clicked.connect(self._offer_status)
        self.fold.clicked.connect(self._toggle)
        self.list.ticked.connect(self._tick)
        self.list.opened.connect(self._open_line)
        self.list.note_wanted.connect(self._note)
        self.list.hide()
        self.line.hide()

    @property
    def is_open(self) -> bool:
        """Tell whether the checklist shows."""
        return bool(self._open)

    def show_service(self, service: ServiceLine, *, to_do: bool) -> None:
        """Show the service as it is now; `to_do` leaves out what needs nothing."""
        self.service, self._to_do = service, to_do
        had_keyboard = self.list.hasFocus()
        lines = self.rows()
        self._show_head(service)
        if self._open is None:
            self._open = any(item.state in TO_DO for item in service.items)
        self.list.show_lines(lines)
        self.fold.setVisible(bool(lines))
        self._show_fold()
        if had_keyboard and not lines:
            self.status.setFocus()

    def rows(self) -> tuple[DueLine, ...]:
        """Return the rows to show, in the order of the care model; to do, what is late leads."""
        now, zone = self._shared.now(), self._shared.zone
        if not self._to_do:
            return tuple(item_row(item, now=now, zone=zone) for item in self.service.items)
        items = (item for item in self.service.items if item.state in TO_DO)
        rows = [item_row(item, now=now, zone=zone) for item in items]
        return tuple(sorted(rows, key=lambda row: row.urgency is not Urgency.LATE))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._show_progress()

    def _show_progress(self) -> None:
        roomy = self.width() >= theme().px(_NARROW) and not self.service.is_on_hold
        self.words.setVisible(roomy)
        self.progress.setVisible(roomy)

    def unfold(self) -> None:
        """Show the checklist."""
        self._open = True
        self._show_fold()

    def status_menu(self) -> QMenu:
        """Return the menu of everything this service can be."""
        menu = QMenu(self)
        for value in self._model.values("service-status"):
            action = menu.addAction(value.label)
            action.setData(value.code)
            action.setCheckable(True)
            action.setChecked(value.code == self.service.status)
            action.triggered.connect(self._chosen)
        if self.service.is_closed:
            menu.addSeparator()
            menu.addAction(self.tr("Open it in an emergency…")).triggered.connect(self._to_opening)
        return menu

    def _show_head(self, service: ServiceLine) -> None:
        words = self.tr("{0} of {1} done").format(service.done, service.total)
        self.words.setText(words)
        self.progress.show_share(service.done / service.total if service.total else 0.0, words)
        self.held.setText(service.reason if service.is_on_hold else "")
        self.held.setVisible(service.is_on_hold)
        self._show_progress()
        self.overdue.say(self.tr("{0} overdue").format(service.overdue), Tone.DANGER)
        self.overdue.setVisible(service.overdue > 0)
        label = service.status_label if service.status else self.tr("Not asked yet")
        if service.is_closed:
            label = self.tr("Closed to your roles")
        self.status.setText(label)
        spoken = self.tr("{0}: {1}. Change").format(service.name, label)
        self.status.setAccessibleName(spoken)
        self.status.setToolTip(service.reason)

    def _show_fold(self) -> None:
        shown = bool(self._open) and bool(self.list.lines)
        self.list.setVisible(shown)
        self.line.setVisible(shown)
        self.fold.set_kind("ghost", "chevron-down" if shown else "chevron-right")
        name = self.tr("Fold {0}") if shown else self.tr("Unfold {0}")
        self.fold.setAccessibleName(name.format(self.service.name))
        self.fold.setToolTip(name.format(self.service.name))

    def _toggle(self) -> None:
        self._open = not self._open
        self._show_fold()

    def _offer_status(self) -> None:
        self.status_menu().popup(self.status.mapToGlobal(QPoint(0, self.status.height())))

    def _chosen(self) -> None:
        action = cast("QAction", self.sender())
        self.need_chosen.emit(self.service, str(action.data()))

    def _to_opening(self) -> None:
        # Opened there, with a reason, for a time: nobody has to know which class a service is of.
        self._shared.go("people", class_of(self.service.service))

    def _tick(self, line: DueLine, _checked: bool) -> None:  # noqa: FBT001 - a signal's argument
        self.ticked.emit(cast("ItemLine", line.key))

    def _open_line(self, line: DueLine) -> None:
        self.opened.emit(cast("ItemLine", line.key))

    def _note(self, line: DueLine) -> None:
        self.noted.emit(cast("ItemLine", line.key))
