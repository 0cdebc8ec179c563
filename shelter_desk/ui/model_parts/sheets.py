"""The sheets of the editor of the care model: change an item, hide one, add one, add a service."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QCoreApplication

from shelter_desk.desk.model_editor import LONGEST_TEXT, problems_of, standing_behind
from shelter_desk.domain.care_model import CareModel
from shelter_desk.domain.content import ChecklistItem
from shelter_desk.domain.durations import Span, parse_span
from shelter_desk.domain.errors import Problem
from shelter_desk.domain.overlay import (
    DUE,
    HIDE,
    INTERVAL,
    ITEM,
    ROLE,
    SERVICE,
    TEXT,
    Change,
    shipped_value,
    written,
)
from shelter_desk.ui.form_sheet import FormSheet
from shelter_desk.ui.forms import Choice, Field, Form, LongText, Number, Several, Text
from shelter_desk.ui.shared import Shared

_UNITS = {"M": "minutes", "H": "hours", "D": "days"}
Change_ = Callable[[tuple[Change, ...]], None]


def _tr(text: str) -> str:
    return QCoreApplication.translate("model", text)


@dataclass(frozen=True)
class Sheets:
    """Makes the sheets. `take` is handed the changes that a sheet made."""

    shared: Shared
    model: CareModel
    take: Change_

    def change(self, item: ChecklistItem) -> FormSheet:
        """Ask for other words, another role, other clocks."""
        form = Form(self._item_fields(item), columns=2)
        form.put({"text": item.text, "role": item.role})
        if item.due.after != "previous":
            form.put(_amount("due", abs_span(item.due.span)))
        if item.interval is not None:
            form.put(_amount("interval", item.interval))
        return self._sheet(
            ("model-change", item.id),
            (_tr("Change this item"), _tr("Change it")),
            form,
            lambda values: self._changes(item, values),
            item,
        )

    def hide(self, item: ChecklistItem) -> FormSheet:
        """Ask why an item is hidden."""
        form = Form((LongText("reason", _tr("Why it is hidden"), needed=True, lines=2),))

        def made(values: dict[str, Any]) -> tuple[Change, ...]:
            was = self._shipped(TEXT, item) or item.text
            return (Change(HIDE, item.id, "", was, values["reason"].strip()),)

        return self._sheet(
            ("model-hide", item.id), (_tr("Hide this item"), _tr("Hide it")), form, made, item
        )

    def add_item(self, service_id: str, taken: frozenset[str]) -> FormSheet:
        """Ask for an item of the shelter's own."""
        fields = (
            *self._words(),
            *_span_fields("due", _tr("Due after arrival, at most")),
            Choice("record_class", _tr("Who may read it"), self._classes(), needed=True),
        )

        def made(values: dict[str, Any]) -> tuple[Change, ...]:
            number = next(n for n in range(1, 1000) if f"{service_id}.h{n:02d}" not in taken)
            told = {
                "text": values["text"].strip(),
                "role": values["role"],
                "within": _written(values, "due"),
                "record_class": values["record_class"],
            }
            return (Change(ITEM, f"{service_id}.h{number:02d}", json.dumps(told)),)

        at, form = ("model-item", service_id), Form(fields, columns=2)
        return self._sheet(at, (_tr("Add an item"), _tr("Add it")), form, made)

    def add_service(self, new_id: str) -> FormSheet:
        """Ask for a service of the shelter's own."""
        phases = tuple((phase.id, phase.name) for phase in self.model.phases.values())
        form = Form(
            (
                Text("name", _tr("Name"), needed=True, longest=80),
                Text("short_name", _tr("Short name"), needed=True, longest=22),
                Several("phases", _tr("When it is given"), phases, needed=True, chips=True),
            )
        )

        def made(values: dict[str, Any]) -> tuple[Change, ...]:
            told = {**values, "phases": list(values["phases"]), "default_need": "needed"}
            return (Change(SERVICE, new_id, json.dumps(told)),)

        words = (_tr("Add a service"), _tr("Add it"))
        return self._sheet(("model-service", ""), words, form, made)

    def _sheet(
        self,
        at: tuple[str, str],
        words: tuple[str, str],
        form: Form,
        made: Callable[[dict[str, Any]], tuple[Change, ...]],
        item: ChecklistItem | None = None,
    ) -> FormSheet:
        def take(values: dict[str, Any]) -> bool:
            changes = made(values)
            problems = [one for change in changes for one in problems_of(self.model, change)]
            if problems:
                form.show_problems([_beside(form, problem) for problem in problems])
                return False
            self.take(changes)
            return True

        intro = "" if item is None else self._stands_behind(item)
        title, action = words
        sheet = FormSheet(title, form, action, take, intro=intro, width=620)
        return sheet.keeps(self.shared, *at)

    def _stands_behind(self, item: ChecklistItem) -> str:
        behind = standing_behind(self.model, item)
        parts = [f"“{item.text}”"]
        if item.safety_critical:
            parts.append(_tr("It keeps people safe."))
        if behind:
            names = "; ".join(f"{one.title} ({one.key})" for one in behind)
            parts.append(_tr("What stands behind it: {0}.").format(names))
        return " ".join(parts)

    def _item_fields(self, item: ChecklistItem) -> tuple[Field, ...]:
        fields: list[Field] = [*self._words()]
        if item.due.after != "previous":
            before = item.due.span.length.total_seconds() < 0
            label = _tr("Due before it, at least") if before else _tr("Due after it starts")
            fields += _span_fields("due", label)
        if item.interval is not None:
            fields += _span_fields("interval", _tr("Again every"))
        return tuple(fields)

    def _words(self) -> tuple[Field, ...]:
        roles = tuple((role.id, role.name) for role in self.model.roles.values())
        return (
            Text("text", _tr("What to do"), needed=True, wide=True, longest=LONGEST_TEXT),
            Choice("role", _tr("Who does it"), roles, needed=True, wide=True),
        )

    def _classes(self) -> tuple[tuple[str, str], ...]:
        return tuple((one.id, one.name) for one in self.model.record_classes.values())

    def _changes(self, item: ChecklistItem, values: dict[str, Any]) -> tuple[Change, ...]:
        wanted = {TEXT: values["text"].strip(), ROLE: values["role"]}
        if "due" in values:
            sign = "-" if item.due.span.length.total_seconds() < 0 else ""
            wanted[DUE] = sign + _written(values, "due")
        if "interval" in values:
            wanted[INTERVAL] = _written(values, "interval")
        return tuple(
            Change(kind, item.id, value, self._shipped(kind, item) or "")
            for kind, value in wanted.items()
        )

    def _shipped(self, kind: str, item: ChecklistItem) -> str | None:
        shipped = self.model.services_under(self.model.profile_id)
        return shipped_value(shipped, kind, item.id)


def abs_span(span: Span) -> Span:
    """Return the length without its direction."""
    return Span(abs(span.days), abs(span.clock))


def _beside(form: Form, problem: Problem) -> Problem:
    return problem if problem.field in form.editors else Problem("", problem.message)


def _span_fields(name: str, label: str) -> tuple[Field, ...]:
    units = tuple((code, _tr(words)) for code, words in _UNITS.items())
    return (
        Number(name, label, least=0, most=9999, needed=True),
        Choice(f"{name}_unit", _tr("Counted in"), units, chips=True, needed=True),
    )


def _amount(name: str, span: Span) -> dict[str, object]:
    seconds = int(span.clock.total_seconds())
    if not seconds and span.days:
        return {name: span.days, f"{name}_unit": "D"}
    minutes = span.days * 24 * 60 + seconds // 60
    if minutes % 60 == 0:
        return {name: minutes // 60, f"{name}_unit": "H"}
    return {name: minutes, f"{name}_unit": "M"}


def _written(values: dict[str, Any], name: str) -> str:
    """Return a length as the care model spells it, so that the same length is the same change."""
    amount, unit = values[name], values[f"{name}_unit"]
    return written(parse_span(f"P{amount}D" if unit == "D" else f"PT{amount}{unit}"))
