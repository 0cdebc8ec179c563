"""The fields a form can have. Each is a value: a name, a label, and what it takes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol
from zoneinfo import ZoneInfo

from PySide6.QtCore import QCoreApplication

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
)

PREFERS_NOT, NOT_SURE, NOT_ASKED = "prefers-not-to-say", "not-sure", "not-asked"
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
    chips: bool = False

    def editor(self) -> Editor:
        """Make the editor."""
        return SeveralEditor(self.label, self.options, chips=self.chips)


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
    """A calendar day. Value: date, or None when empty. `today` is the day it is in the shelter.

    `ahead`: it is about what is still to come.
    """

    name: str
    label: str
    today: date
    hint: str = ""
    needed: bool = False
    wide: bool = False
    ahead: bool = False

    def editor(self) -> Editor:
        """Make the editor."""
        return DayEditor(self.label, self.today, ahead=self.ahead)


@dataclass(frozen=True, slots=True)
class Moment:
    """A day and time in the shelter's zone. Value: aware UTC datetime, or None when empty.

    `ahead`: it is about what is still to come.
    """

    name: str
    label: str
    now: datetime
    zone: ZoneInfo
    hint: str = ""
    needed: bool = False
    wide: bool = False
    ahead: bool = False

    def editor(self) -> Editor:
        """Make the editor."""
        return MomentEditor(self.label, self.now, self.zone, ahead=self.ahead)
