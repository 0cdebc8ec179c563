"""Forms from declarations: a field is named after the attribute of the command it fills.

For page writers::

    self.form = Form((
        Text("called", self.tr("What do they want to be called?"), needed=True),
        Choice("brought_by", self.tr("Brought by"), BROUGHT_BY, chips=True),
        YesNoNotSure("hurt", self.tr("Hurt or unwell?")),
        Moment("began_at", self.tr("Arrived"), shared.now(), shared.zone),
    ), columns=2)
    self.form.changed.connect(self._save_draft)      # at most one second after the last key
    self.form.restore(draft)                         # name -> text, from form.typed()
    shared.flushing.connect(self.form.flush)
    ...
    values = self.form.values_or_problems()          # None: the problems now stand beside fields
    if values is not None:
        shared.attempt(Admit(**values), invalid=self.form.show_problems)

What was typed is never changed or emptied by a problem.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from PySide6.QtCore import QCoreApplication, QSize
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QGridLayout

from shelter_desk.domain.errors import InvalidError, Problem
from shelter_desk.ui.editors import (
    Editor,
    UnreadableError,
)
from shelter_desk.ui.fields import (
    NOT_ASKED,
    NOT_SURE,
    PREFERS_NOT,
    Choice,
    Day,
    Field,
    LongText,
    Moment,
    Number,
    Several,
    Text,
    YesNoNotSure,
)
from shelter_desk.ui.scale import measures
from shelter_desk.ui.theme import theme
from shelter_desk.ui.typed import TypedForm
from shelter_desk.ui.widgets import FieldFrame

__all__ = [
    "NOT_ASKED",
    "NOT_SURE",
    "PREFERS_NOT",
    "Choice",
    "Day",
    "Field",
    "Form",
    "LongText",
    "Moment",
    "Number",
    "Several",
    "Text",
    "YesNoNotSure",
]
_NARROWEST = 200  # px at 100 %: no column of a form gets narrower


def _tr(text: str) -> str:
    return QCoreApplication.translate("forms", text)


class Form(TypedForm):
    """Lays fields out, hands their values over by name, and shows problems beside them."""

    def __init__(self, fields: Sequence[Field], *, columns: int = 1) -> None:
        super().__init__()
        self._fields = {field.name: field for field in fields}
        self._most_columns = columns
        self._columns = 0
        self.editors: dict[str, Editor] = {}
        self._grid = QGridLayout(self)
        measures(self._grid, spacing=12)
        for field in fields:
            self.editors[field.name] = editor = field.editor()
            editor.edited.connect(self.note_edit)
            self.frames[field.name] = FieldFrame(
                field.label, editor, hint=field.hint, needed=field.needed
            )
        self._arrange(columns)

    def typed(self) -> dict[str, str]:
        """Return field name -> what is typed, for a draft."""
        return {name: editor.typed() for name, editor in self.editors.items()}

    def restore(self, typed: Mapping[str, str]) -> None:
        """Show a draft again. Names the form does not have are passed over."""
        for name, text in typed.items():
            if name in self.editors:
                self.editors[name].put_typed(text)

    def put(self, values: Mapping[str, object]) -> None:
        """Show values, as `values` returns them, in the fields named."""
        for name, value in values.items():
            self.editors[name].put(value)

    def clear(self) -> None:
        """Empty every field and take the problems away."""
        for editor in self.editors.values():
            editor.put_typed("")
        self.show_problems(())

    def is_empty(self) -> bool:
        """Tell whether nothing has been typed or chosen."""
        return not any(text.strip() not in ("", "[]") for text in self.typed().values())

    def values(self) -> dict[str, Any]:
        """Return field name -> value, ready to build a command with.

        Raises:
            InvalidError: when something needed is missing or cannot be read.
        """
        values: dict[str, Any] = {}
        problems: list[Problem] = []
        for name, editor in self.editors.items():
            try:
                values[name] = editor.read()
            except UnreadableError as error:
                problems.append(Problem(name, str(error)))
                continue
            if self._fields[name].needed and values[name] in ("", None, ()):
                problems.append(Problem(name, _tr("This one is needed.")))
        if problems:
            raise InvalidError(tuple(problems))
        return values

    def values_or_problems(self) -> dict[str, Any] | None:
        """Return the values, or show the problems beside their fields and return None."""
        try:
            values = self.values()
        except InvalidError as error:
            self.show_problems(error.problems)
            return None
        self.show_problems(())
        return values

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        room = self._most_columns * (self._widest_field() + theme().px(12))
        self._arrange(1 if self.width() < room else self._most_columns)

    def minimumSizeHint(self) -> QSize:
        return QSize(self._widest_field(), super().minimumSizeHint().height())

    def _widest_field(self) -> int:
        frames = self.frames.items()
        widths = [
            max(frame.minimumSizeHint().width(), theme().px(_NARROWEST))
            for name, frame in frames
            if not self._fields[name].wide
        ]
        return max(widths, default=theme().px(_NARROWEST))

    def _arrange(self, columns: int) -> None:
        if columns == self._columns:
            return
        self._columns = columns
        while self._grid.count():
            self._grid.takeAt(0)
        self._grid.addWidget(self.banner, 0, 0, 1, columns)
        line, place = 1, 0
        for name, frame in self.frames.items():
            across = columns if self._fields[name].wide else 1
            if place + across > columns:
                line, place = line + 1, 0
            self._grid.addWidget(frame, line, place, 1, across)
            place += across
        for below in range(self._grid.rowCount()):
            self._grid.setRowStretch(below, 0)
        self._grid.setRowStretch(line + 1, 1)  # fields stay together at the top
        for place in range(self._most_columns):
            self._grid.setColumnStretch(place, 1 if place < columns else 0)
