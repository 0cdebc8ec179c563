"""The plan of a stay: its services as groups of checklists, under a phase or all together."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from shelter_desk.desk.care import AnswerItem, UndoAnswer
from shelter_desk.desk.item import item_line
from shelter_desk.desk.plan import ItemLine, PhaseLine, ServiceLine, StayPlan
from shelter_desk.domain.care_model import CareModel
from shelter_desk.domain.staff import May
from shelter_desk.ui.dates import show_day
from shelter_desk.ui.pile import Pile
from shelter_desk.ui.scale import fill, row
from shelter_desk.ui.shared import Shared
from shelter_desk.ui.signing import move_on, sign
from shelter_desk.ui.stay.item_sheet import ItemSheet
from shelter_desk.ui.stay.rows import TO_DO
from shelter_desk.ui.stay.service_card import ServiceCard
from shelter_desk.ui.stay.sheets import ask_status
from shelter_desk.ui.widgets import ChipChoice, EmptyNote, Label, SegmentedControl

_ALL = "all"


class PlanView(QWidget):
    """Shows a plan and carries out what is done in it.

    The phase chips are views: they choose what shows, and lock nothing.
    """

    changed = Signal()

    def __init__(self, shared: Shared, model: CareModel) -> None:
        super().__init__()
        self._shared, self._model = shared, model
        self._plan: StayPlan | None = None
        self.ticked_last = ""  # the service of it, which the next log entry is offered
        self.cards: dict[str, ServiceCard] = {}
        self.phases = ChipChoice((), self.tr("Phase"))
        what = (("to-do", self.tr("To do")), (_ALL, self.tr("All")))
        self.what = SegmentedControl(what, self.tr("Which items"))
        self.what.set_value("to-do")
        self.span = Label("", "caption", wrap=True)
        self.nothing = EmptyNote(self.tr("Nothing is open here."))
        self._groups = Pile(spacing=8)
        head = row((self.phases, 1), self.what, spacing=10)
        fill(QVBoxLayout(self), (head, self.span, self.nothing, self._groups), spacing=8)
        self.nothing.hide()
        self.phases.chosen.connect(self._show)
        self.what.chosen.connect(self._show)

    def show_plan(self, plan: StayPlan) -> None:
        """Show a plan; another stay starts with its first phase in view."""
        if self._plan is None or self._plan.stay_id != plan.stay_id:
            self._start(plan)
        self._plan = plan
        self._label_phases(plan)
        self._show()

    def open_item(self, item: ItemLine) -> ItemSheet:
        """Open an item: its help, its last answer, and a new one."""
        if item.state == "signature":
            item = self._waiting(item)
        sheet = ItemSheet(self._shared, self._model, self._stay_id, item)
        sheet.open_over(self)
        return sheet

    @property
    def _stay_id(self) -> str:
        return self._plan.stay_id if self._plan else ""

    def _start(self, plan: StayPlan) -> None:
        for card in self.cards.values():
            card.hide()
            card.deleteLater()
        self.cards, self.ticked_last = {}, ""
        names = [(p.phase_id, p.name) for p in plan.phases if p.phase_id != _ALL]
        self.phases.set_options(((_ALL, self.tr("All")), *names))
        opened = [p.phase_id for p in plan.phases if p.is_open and p.phase_id != _ALL]
        self.phases.set_value(opened[0] if opened else _ALL)
        self.what.set_value("to-do")

    def _label_phases(self, plan: StayPlan) -> None:
        words = self.tr("{0}  {1} of {2}")
        phases = [phase for phase in plan.phases if phase.phase_id != _ALL]
        for button, phase in zip(self.phases.buttons()[1:], phases, strict=True):
            inside = [line for line in plan.services if _belongs(line, phase.phase_id)]
            done, total = sum(s.done for s in inside), sum(s.total for s in inside)
            button.setText(words.format(phase.name, done, total))
            button.setAccessibleName(button.text())
            button.updateGeometry()

    def _show(self) -> None:
        if self._plan is None:
            return
        chosen, to_do = self.phases.value(), self.what.value() == "to-do"
        self.span.setText(self._span_words(chosen))
        shown = 0
        for service in self._plan.services:
            wanted = self._is_wanted(service, chosen, to_do=to_do)
            if wanted:
                self._card(service).show_service(service, to_do=to_do)
            if service.service_id in self.cards:
                self.cards[service.service_id].setVisible(wanted)
            shown += wanted
        self.nothing.setVisible(shown == 0)

    @staticmethod
    def _is_wanted(service: ServiceLine, phase: str, *, to_do: bool) -> bool:
        if not _belongs(service, phase):
            return False
        has_work = any(item.state in TO_DO for item in service.items)
        waits = service.status is None or service.is_on_hold
        return not to_do or has_work or waits

    def _card(self, service: ServiceLine) -> ServiceCard:
        if service.service_id not in self.cards:
            card = ServiceCard(self._shared, self._model, service)
            card.ticked.connect(self._tick)
            card.opened.connect(self.open_item)
            card.noted.connect(self._note)
            card.need_chosen.connect(self._set_need)
            self.cards[service.service_id] = card
            self._place(card, service.service_id)
        return self.cards[service.service_id]

    def _place(self, card: ServiceCard, service_id: str) -> None:
        order = [service.service_id for service in self._plan.services] if self._plan else []
        before = [name for name in order[: order.index(service_id)] if name in self.cards]
        self._groups.add(card, len(before))
        last: QWidget = self.what if not before else self.cards[before[-1]].list
        for widget in (card.status, card.fold, card.list):
            QWidget.setTabOrder(last, widget)
            last = widget

    def _span_words(self, chosen: str) -> str:
        phase = self._phase(chosen)
        if phase is None or chosen == _ALL:
            return self.tr("Every service of the care model. Space ticks, Enter opens, N notes.")
        if phase.started_at is None:
            return self.tr("{0}. Not begun, and nothing is locked.").format(phase.span_text)
        day = show_day(phase.started_at.astimezone(self._shared.zone).date())
        words = (
            self.tr("{0}. Open since {1}.") if phase.is_open else self.tr("{0}. Begun {1}, ended.")
        )
        return words.format(phase.span_text, day)

    def _phase(self, phase_id: str) -> PhaseLine | None:
        phases = self._plan.phases if self._plan else ()
        return next((phase for phase in phases if phase.phase_id == phase_id), None)

    def focus_first(self) -> None:
        """Put the keyboard on the first item that is overdue, else on the first that shows."""
        shown = [card for card in self.cards.values() if card.is_open and card.isVisible()]
        order = list(self._plan.services) if self._plan else []
        places = {line.service_id: (not line.overdue, at) for at, line in enumerate(order)}
        first = min(shown, key=lambda card: places[card.service.service_id], default=None)
        if first is not None:
            first.list.setFocus()

    def _tick(self, item: ItemLine) -> None:
        if not self._shared.may(May.WRITE_CARE):
            self.open_item(item)
        elif item.state == "closed" and item.last is not None:
            said = self.tr("Taken back: “{0}”").format(item.text)
            self._shared.attempt(UndoAnswer(item.last.answer_id), said=said)
        elif item.state in ("open", "deferred", "blocked") and item.occurrence is not None:
            self._answer(item, item.occurrence)
        elif item.state == "signature":
            if not sign(self._shared, self._waiting(item)):
                move_on(self.window().focusWidget(), item.item_id)
        else:
            self.open_item(item)

    def _answer(self, item: ItemLine, occurrence: str) -> None:
        said = self.tr("Ticked “{0}”")
        if item.needs_signatures > 1:
            said = self.tr("Signed “{0}”. It waits for a second person.")
        command = AnswerItem(self._stay_id, item.item_id, occurrence)
        done = self._shared.attempt(command, said=said.format(item.text))
        self.ticked_last = item.service_id if done is not None else ""
        if done is not None and item.needs_signatures > 1:
            move_on(self.window().focusWidget(), item.item_id)

    def _waiting(self, item: ItemLine) -> ItemLine:
        """Return the item with the very answer that waits for a signature."""
        item_id, occurrence = item.item_id, item.occurrence
        return self._shared.ask(
            item_line, stay_id=self._stay_id, item_id=item_id, occurrence=occurrence
        )

    def _note(self, item: ItemLine) -> None:
        sheet = self.open_item(item)
        if sheet.form is not None:
            sheet.form.editors["note"].setFocus()

    def _set_need(self, service: ServiceLine, status: str) -> None:
        ask_status(self, self._shared, self._model, self._stay_id, (service, status))


def _belongs(service: ServiceLine, phase_id: str) -> bool:
    """Tell whether a service shows under a phase; some belong to the whole stay."""
    return phase_id == _ALL or phase_id in service.phases or _ALL in service.phases
