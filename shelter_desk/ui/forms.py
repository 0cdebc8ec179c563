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
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Protocol
from zoneinfo import ZoneInfo

from PySide6.QtCore import QCoreApplication, QSize, QTimer, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QGridLayout, QWidget

from shelter_desk.domain.errors import InvalidError, Problem
from shelter_desk.ui.editors import (
    ChoiceEditor,
    DayEditor,
    Editor,
    LongTextEditor,
    MomentEditor,
    NumberEditor,
    SeveralEditor,
    TextEditor,
    ThreeWayEditor,
    UnreadableError,
)
from shelter_desk.ui.scale import measures
from shelter_desk.ui.theme import theme
from shelter_desk.ui.tokens import Tone
from shelter_desk.ui.widgets import Banner, FieldFrame

PREFERS_NOT, NOT_SURE, NOT_ASKED = "prefers-not-to-say", "not-sure", "not-asked"
_DRAFT_MS = 900
_NARROWEST = 200  # px at 100 %: no column of a form gets narrower
Options = Sequence[tuple[str, str]]


def _tr(text: str) -> str:
    return QCoreApplication.translate("forms", text)


def open_answers() -> Options:
    """Return the answers that are always allowed: prefers not to say, not sure, not asked."""
    return (
        (PREFERS_NOT, _tr("Prefers not to say")),
        (NOT_SURE, _tr("Not sure")),
        (NOT_ASKED, _tr("Not asked today")),
    )


class Field(Protocol):
    """What a form needs to know about a field."""

    @property
    def name(self) -> str:
        """Return the attribute of the command."""

    @property
    def label(self) -> str:
        """Return the words above the editor."""

    @property
    def hint(self) -> str:
        """Return the quiet words below it."""

    @property
    def needed(self) -> bool:
        """Tell whether the form cannot be saved without it."""

    @property
    def wide(self) -> bool:
        """Tell whether it takes the whole width."""

    def editor(self) -> Editor:
        """Make the editor."""


@dataclass(frozen=True, slots=True)
class Text:
    """A line of text. Value: str, "" when empty."""

    name: str
    label: str
    hint: str = ""
    needed: bool = False
    wide: bool = False
    placeholder: str = ""
    longest: int = 500

    def editor(self) -> Editor:
        """Make the editor."""
        return TextEditor(self.label, self.placeholder, self.longest)


@dataclass(frozen=True, slots=True)
class LongText:
    """A paragraph. Value: str, "" when empty."""

    name: str
    label: str
    hint: str = ""
    needed: bool = False
    wide: bool = True
    placeholder: str = ""
    lines: int = 4

    def editor(self) -> Editor:
        """Make the editor."""
        return LongTextEditor(self.label, self.placeholder, self.lines)


@dataclass(frozen=True, slots=True)
class Number:
    """A whole number. Value: int, or None when empty."""

    name: str
    label: str
    least: int = 0
    most: int = 999_999
    unit: str = ""
    hint: str = ""
    needed: bool = False
    wide: bool = False

    def editor(self) -> Editor:
        """Make the editor."""
        return NumberEditor(self.label, self.least, self.most, self.unit)


@dataclass(frozen=True, slots=True)
class Choice:
    """One answer of (code, label) options. Value: the code, "" when nothing is chosen.

    With `about_person` the open answers (prefers not to say, not sure, not asked) are offered too;
    options that already have such a code are not doubled.
    """

    name: str
    label: str
    options: Options
    chips: bool = False
    about_person: bool = False
    hint: str = ""
    needed: bool = False
    wide: bool = False

    def editor(self) -> Editor:
        """Make the editor."""
        codes = {code for code, _ in self.options}
        extra = open_answers() if self.about_person else ()
        options = (*self.options, *(pair for pair in extra if pair[0] not in codes))
        return ChoiceEditor(self.label, options, chips=self.chips)


@dataclass(frozen=True, slots=True)
class Several:
    """Any number of answers. Value: tuple of codes, in the order of the options."""

    name: str
    label: str
    options: Options
    hint: str = ""
    needed: bool = False
    wide: bool = True

    def editor(self) -> Editor:
        """Make the editor."""
        return SeveralEditor(self.label, self.options)


@dataclass(frozen=True, slots=True)
class YesNoNotSure:
    """Value: "yes", "no", "not-sure", "prefers-not-to-say", or "" when not answered."""

    name: str
    label: str
    hint: str = ""
    needed: bool = False
    wide: bool = False
    prefers_not: bool = False

    def editor(self) -> Editor:
        """Make the editor."""
        options = [("yes", _tr("Yes")), ("no", _tr("No")), (NOT_SURE, _tr("Not sure"))]
        if self.prefers_not:
            options.append((PREFERS_NOT, _tr("Prefers not to say")))
        return ThreeWayEditor(self.label, options)


@dataclass(frozen=True, slots=True)
class Day:
    """A calendar day. Value: date, or None when empty. `today` is the day it is in the shelter."""

    name: str
    label: str
    today: date
    hint: str = ""
    needed: bool = False
    wide: bool = False

    def editor(self) -> Editor:
        """Make the editor."""
        return DayEditor(self.label, self.today)


@dataclass(frozen=True, slots=True)
class Moment:
    """A day and time in the shelter's zone. Value: aware UTC datetime, or None when empty."""

    name: str
    label: str
    now: datetime
    zone: ZoneInfo
    hint: str = ""
    needed: bool = False
    wide: bool = False

    def editor(self) -> Editor:
        """Make the editor."""
        return MomentEditor(self.label, self.now, self.zone)


class Form(QWidget):
    """Lays fields out, hands their values over by name, and shows problems beside them."""

    changed = Signal()

    def __init__(self, fields: Sequence[Field], *, columns: int = 1) -> None:
        super().__init__()
        self._fields = {field.name: field for field in fields}
        self._most_columns = columns
        self._columns = 0
        self.editors: dict[str, Editor] = {}
        self.frames: dict[str, FieldFrame] = {}
        self._banner = Banner("", Tone.WARN)
        self._banner.hide()
        self._grid = QGridLayout(self)
        measures(self._grid, spacing=12)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_DRAFT_MS)
        self._timer.timeout.connect(self.changed)
        for field in fields:
            self.editors[field.name] = editor = field.editor()
            editor.edited.connect(self._edited)
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

    def show_problems(self, problems: Sequence[Problem]) -> None:
        """Put each problem under its field and clear the others; the first gets the keyboard.

        A problem of no field of this form shows above the form.
        """
        messages = {problem.field: problem.message for problem in problems}
        for name, frame in self.frames.items():
            frame.show_problem(messages.get(name, ""))
        others = [text for name, text in messages.items() if name not in self.frames]
        self._banner.say(" ".join(others))
        self._banner.setVisible(bool(others))
        first = next((name for name in self.frames if name in messages), None)
        if first is not None:
            self.editors[first].setFocus()

    def flush(self) -> None:
        """Emit `changed` now if it is due: a lock is coming."""
        if self._timer.isActive():
            self._timer.stop()
            self.changed.emit()

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

    def _edited(self) -> None:
        # Not restarted by every key: while someone types on and on, it is saved on and on.
        if not self._timer.isActive():
            self._timer.start()

    def _arrange(self, columns: int) -> None:
        if columns == self._columns:
            return
        self._columns = columns
        while self._grid.count():
            self._grid.takeAt(0)
        self._grid.addWidget(self._banner, 0, 0, 1, columns)
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
