"""What a new version of the program changed where the shelter had changed it too: decided here."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from functools import partial

from PySide6.QtCore import QCoreApplication, Signal
from PySide6.QtWidgets import QWidget

from shelter_desk.domain.care_model import CareModel
from shelter_desk.domain.durations import parse_span
from shelter_desk.domain.overlay import (
    DUE,
    HIDE,
    INTERVAL,
    ITEM,
    ORDER,
    ROLE,
    SERVICE,
    Change,
    Conflict,
    with_change,
    without,
)
from shelter_desk.ui.pile import Pile
from shelter_desk.ui.scale import STRETCH, column, row
from shelter_desk.ui.tokens import Tone
from shelter_desk.ui.widgets import Button, Card, Label, Line, SectionHeader


class ConflictCard(Card):
    """Each conflict with the words of both, and one press for either. Emits the changes then."""

    decided = Signal(tuple)

    def __init__(self, model: CareModel) -> None:
        self._model = model
        self._changes: tuple[Change, ...] = ()
        self._pile = Pile(spacing=8)
        self.head = SectionHeader("", icon="arrow-right", tone=Tone.WARN)
        super().__init__(self.head, self._pile, spacing=8)
        self.keep: list[Button] = []
        self.take: list[Button] = []

    def show_conflicts(
        self, model: CareModel, found: Sequence[Conflict], changes: tuple[Change, ...]
    ) -> None:
        """Show what is to be decided; nothing when there is nothing."""
        self._model, self._changes = model, changes
        self._pile.clear()
        self.keep, self.take = [], []
        self.head.title.setText(_tr("Changed by the program and by your house: decide"))
        self.head.remark.setText(str(len(found)))
        for place, one in enumerate(found):
            if place:
                self._pile.add(Line())
            self._pile.add(self._row(one))
        self.setVisible(bool(found))

    def _row(self, one: Conflict) -> QWidget:
        title = self._title(one.change)
        take = Button(_tr("Take the program's"), "check")
        facts = [
            (_tr("Your house"), self._words(one.change, one.change.value)),
            (_tr("The program now"), self._words(one.change, one.now)),
        ]
        buttons: list[QWidget] = [take]
        if one.now is None:
            take.setText(_tr("Let yours go"))
        else:
            facts.insert(1, (_tr("The program before"), self._words(one.change, one.change.was)))
            keep = Button(_tr("Keep yours"))
            keep.setAccessibleName(_tr("Keep yours: {0}").format(title))
            keep.clicked.connect(partial(self._keep, one))
            self.keep.append(keep)
            buttons.insert(0, keep)
        take.setAccessibleName(f"{take.text()}: {title}")
        take.clicked.connect(partial(self._take, one))
        self.take.append(take)
        lines = [
            row(Label(who, "caption-strong"), (Label(text, wrap=True), 1)) for who, text in facts
        ]
        return column(Label(title, "strong", wrap=True), *lines, row(STRETCH, *buttons), spacing=4)

    def _title(self, change: Change) -> str:
        kinds = {
            HIDE: _tr("Hidden: {0}"),
            ROLE: _tr("Who does it: {0}"),
            DUE: _tr("When it is due: {0}"),
            INTERVAL: _tr("How often: {0}"),
            ORDER: _tr("The order of: {0}"),
        }
        return kinds.get(change.kind, _tr("Words: {0}")).format(self._named(change.target))

    def _named(self, target: str) -> str:
        if target in self._model.items:
            return self._model.items[target].text
        for service in self._model.shipped.values():
            for item in service.items:
                if item.id == target:
                    return item.text
        service_ = self._model.services.get(target)
        return service_.name if service_ is not None else _tr("no longer there")

    def _words(self, change: Change, value: str | None) -> str:
        if value is None:
            return _tr("The program has this no more.")
        if change.kind == HIDE and value == change.value:
            return _tr("It does not come up.")
        if change.kind == ROLE:
            found = self._model.roles.get(value)
            return found.name if found is not None else value
        if change.kind in (DUE, INTERVAL) and value:
            return str(parse_span(value))
        if change.kind in (ITEM, SERVICE):
            told = json.loads(value)
            return str(told.get("text") or told.get("name"))
        return _order_words(value) if change.kind == ORDER else value

    def _keep(self, one: Conflict, *_: object) -> None:
        ours = replace(one.change, was=one.now or "")
        self.decided.emit(with_change(self._changes, ours))

    def _take(self, one: Conflict, *_: object) -> None:
        self.decided.emit(without(self._changes, one.change.key))


def _order_words(value: str) -> str:
    return _tr("{0} items in an order of its own").format(len(value.split()))


def _tr(text: str) -> str:
    return QCoreApplication.translate("model", text)
