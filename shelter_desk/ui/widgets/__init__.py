"""The widget kit. All of it is painted here, follows the theme, and works by keyboard.

For page writers::

    from shelter_desk.ui.scale import STRETCH, column, row
    from shelter_desk.ui.widgets import Button, Card, Label, Pill, SectionHeader

    save = PrimaryButton(self.tr("Save"), "check")            # icon names: resources/icons/*.svg
    card = Card(SectionHeader(self.tr("Next appointments"), icon="calendar-clock"), Line(),
                row(Label("10:30", "strong"), (Label("Court check-in"), 1)))
    switch = SegmentedControl((("time", self.tr("By time")), ("who", self.tr("By resident"))),
                              self.tr("Order"))                # .chosen(code), .value()
    confirm(self, title=..., text=..., action=self.tr("Withdraw release"), on_yes=self._withdraw)

Rules: one primary button per page, lower right; a tone always with a word; every icon-only
button has a name; wrap paragraphs with ``Label(text, wrap=True)``.

A name is loaded when it is first asked for: the way in needs no tables.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from shelter_desk.ui.widgets.buttons import Button, IconButton, PrimaryButton
    from shelter_desk.ui.widgets.cards import (
        Banner,
        Card,
        Columns,
        EmptyNote,
        Line,
        Scroll,
        SectionHeader,
    )
    from shelter_desk.ui.widgets.choices import (
        CheckBox,
        Chip,
        ChipChoice,
        OneStop,
        SegmentedControl,
    )
    from shelter_desk.ui.widgets.drop_down import DropDown
    from shelter_desk.ui.widgets.due_list import DueList
    from shelter_desk.ui.widgets.due_model import DueLine, Urgency
    from shelter_desk.ui.widgets.flow import FlowLayout
    from shelter_desk.ui.widgets.inputs import (
        FieldFrame,
        LineEdit,
        SearchBox,
        SecretEdit,
        SecretLine,
        TextArea,
        forget_copied,
    )
    from shelter_desk.ui.widgets.marks import (
        Avatar,
        Badge,
        IconTile,
        KeyCap,
        Pill,
        ProgressBar,
        initials,
    )
    from shelter_desk.ui.widgets.overlays import Sheet, confirm
    from shelter_desk.ui.widgets.table import Table
    from shelter_desk.ui.widgets.text import Icon, Label, announce
    from shelter_desk.ui.widgets.toast import Toast

__all__ = [
    "Avatar",
    "Badge",
    "Banner",
    "Button",
    "Card",
    "CheckBox",
    "Chip",
    "ChipChoice",
    "Columns",
    "DropDown",
    "DueLine",
    "DueList",
    "EmptyNote",
    "FieldFrame",
    "FlowLayout",
    "Icon",
    "IconButton",
    "IconTile",
    "KeyCap",
    "Label",
    "Line",
    "LineEdit",
    "OneStop",
    "Pill",
    "PrimaryButton",
    "ProgressBar",
    "Scroll",
    "SearchBox",
    "SecretEdit",
    "SecretLine",
    "SectionHeader",
    "SegmentedControl",
    "Sheet",
    "Table",
    "TextArea",
    "Toast",
    "Urgency",
    "announce",
    "confirm",
    "forget_copied",
    "initials",
]

_NAMES_OF = {
    "buttons": (
        "Button",
        "IconButton",
        "PrimaryButton",
    ),
    "cards": (
        "Banner",
        "Card",
        "Columns",
        "EmptyNote",
        "Line",
        "Scroll",
        "SectionHeader",
    ),
    "choices": (
        "CheckBox",
        "Chip",
        "ChipChoice",
        "OneStop",
        "SegmentedControl",
    ),
    "drop_down": ("DropDown",),
    "due_list": ("DueList",),
    "due_model": (
        "DueLine",
        "Urgency",
    ),
    "flow": ("FlowLayout",),
    "inputs": (
        "FieldFrame",
        "LineEdit",
        "SearchBox",
        "SecretEdit",
        "SecretLine",
        "TextArea",
        "forget_copied",
    ),
    "marks": (
        "Avatar",
        "Badge",
        "IconTile",
        "KeyCap",
        "Pill",
        "ProgressBar",
        "initials",
    ),
    "overlays": (
        "Sheet",
        "confirm",
    ),
    "table": ("Table",),
    "text": (
        "Icon",
        "Label",
        "announce",
    ),
    "toast": ("Toast",),
}
_HOME = {name: module for module, names in _NAMES_OF.items() for name in names}

if not TYPE_CHECKING:  # a type checker reads the imports above

    def __getattr__(name: str) -> object:
        """Load the module of a name, and keep the name."""
        if name not in _HOME:
            raise AttributeError(name)
        found = getattr(import_module(f"{__name__}.{_HOME[name]}"), name)
        globals()[name] = found
        return found
