"""Beds, and the audiences that summaries are made for: add, rename, take out of use."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from shelter_desk.desk import Command
from shelter_desk.desk.shelter import (
    AddAudience,
    AddBed,
    AudienceLine,
    BedLine,
    RenameBed,
    RetireAudience,
    RetireBed,
    audiences,
    beds,
)
from shelter_desk.ui.form_sheet import FormSheet
from shelter_desk.ui.forms import Choice, Form, Text
from shelter_desk.ui.pile import Pile
from shelter_desk.ui.scale import STRETCH, fill
from shelter_desk.ui.shared import Shared
from shelter_desk.ui.theme import theme
from shelter_desk.ui.today_lists import shown_name
from shelter_desk.ui.tokens import Tone
from shelter_desk.ui.widgets import (
    Button,
    Card,
    EmptyNote,
    IconButton,
    Label,
    Line,
    Pill,
    SectionHeader,
    confirm,
)


class _Entry(QWidget):
    """One line of a list, with what can be done to it."""

    pressed = Signal(object, str)

    def __init__(
        self, line: object, parts: tuple[Any, ...], acts: tuple[tuple[str, str, str], ...]
    ) -> None:
        super().__init__()
        self._line = line
        buttons = []
        for code, icon, name in acts:
            button = IconButton(icon, name, kind="ghost")
            button.setProperty("act", code)
            button.clicked.connect(self._pressed)
            buttons.append(button)
        self.buttons = tuple(buttons)
        fill(QHBoxLayout(self), (*parts, STRETCH, *buttons), spacing=10)

    def _pressed(self) -> None:
        self.pressed.emit(self._line, str(self.sender().property("act")))


class _Lines(Card):
    """A list with a button that adds to it."""

    def __init__(self, shared: Shared, icon: str) -> None:
        self._shared = shared
        self.add_button = Button("", "plus")
        self.head = SectionHeader("", self.add_button, icon=icon)
        self._lines = Pile(spacing=2)
        super().__init__(self.head, Line(), self._lines, spacing=8)
        self.entries: list[_Entry] = []
        self.add_button.clicked.connect(self.add_one)

    def add_one(self) -> None:
        """Ask for a new entry."""
        raise NotImplementedError

    def _show(self, entries: list[_Entry], nothing: str) -> None:
        self._lines.clear()
        self.entries = entries
        for entry in entries:
            self._lines.add(entry)
            entry.pressed.connect(self._act)
        if not entries:
            self._lines.add(EmptyNote(nothing))

    def _act(self, line: Any, act: str) -> None:  # noqa: ANN401 - the line of the list
        raise NotImplementedError

    def _ask(
        self,
        at: tuple[str, str],
        title: str,
        form: Form,
        action: str,
        make: Any,  # noqa: ANN401 - values in, a command out
    ) -> FormSheet:
        def take(values: dict[str, Any]) -> bool:
            command: Command = make(values)
            done = self._shared.attempt(command, said=self.tr("Saved"), invalid=form.show_problems)
            return done is not None

        sheet = FormSheet(title, form, action, take, width=460)
        sheet.keeps(self._shared, *at)
        sheet.open_over(self, next(iter(form.editors.values())))
        return sheet


class BedsCard(_Lines):
    """The beds in use, and who sleeps in them."""

    def __init__(self, shared: Shared) -> None:
        super().__init__(shared, "bed")
        self._found: Sequence[BedLine] = ()
        self.add_button.setText(self.tr("Add a bed"))
        self.head.title.setText(self.tr("Beds"))
        theme().changed.connect(self._show_found)  # names may show as initials from now on

    def refresh(self) -> None:
        """Show the beds as they are."""
        self._found = self._shared.ask(beds)
        self._show_found()

    def _show_found(self) -> None:
        nothing = self.tr("No bed is written down yet.")
        self._show([self._entry(line) for line in self._found], nothing)

    def add_one(self) -> None:
        form = Form((Text("name", self.tr("Name of the bed or room"), needed=True, longest=40),))
        title, act = self.tr("Add a bed"), self.tr("Add it")
        self._ask(("bed-add", ""), title, form, act, lambda v: AddBed(v["name"]))

    def _entry(self, line: BedLine) -> _Entry:
        taken = Pill(
            shown_name(line.called or "") or self.tr("free"),
            Tone.NEUTRAL if line.called else Tone.OK,
        )
        acts = (
            ("rename", "pencil", self.tr("Rename {0}").format(line.name)),
            ("retire", "archive", self.tr("Take {0} out of use").format(line.name)),
        )
        return _Entry(line, (Label(line.name), taken), acts)

    def _act(self, line: BedLine, act: str) -> None:
        if act == "rename":
            form = Form((Text("name", self.tr("Name"), needed=True, longest=40),))
            form.put({"name": line.name})
            title = self.tr("Rename {0}").format(line.name)
            self._ask(
                ("bed-rename", line.bed_id),
                title,
                form,
                self.tr("Rename it"),
                lambda values: RenameBed(line.bed_id, line.version, values["name"]),
            )
            return
        confirm(
            self,
            title=self.tr("Take {0} out of use?").format(line.name),
            text=self.tr("It can no longer be given to anyone. Past stays keep it."),
            action=self.tr("Take out of use"),
            on_yes=lambda: self._retire(line),
        )

    def _retire(self, line: BedLine) -> None:
        said = self.tr("{0} is out of use").format(line.name)
        self._shared.attempt(RetireBed(line.bed_id, line.version), said=said)


class AudiencesCard(_Lines):
    """Who summaries are made for: the public, or a recipient by name."""

    def __init__(self, shared: Shared) -> None:
        super().__init__(shared, "users")
        self.add_button.setText(self.tr("Add an audience"))
        self.head.title.setText(self.tr("Audiences of summaries"))

    def refresh(self) -> None:
        """Show the audiences as they are."""
        lines = self._shared.ask(audiences)
        self._show([self._entry(line) for line in lines], self.tr("No audience yet."))

    def add_one(self) -> None:
        kinds = (("named", self.tr("One recipient by name")), ("public", self.tr("The public")))
        form = Form(
            (
                Text("name", self.tr("Name"), needed=True, longest=80),
                Choice("kind", self.tr("Who reads it"), kinds, chips=True, needed=True),
            )
        )
        title, act = self.tr("Add an audience"), self.tr("Add it")
        self._ask(("audience-add", ""), title, form, act, lambda v: AddAudience(**v))

    def _entry(self, line: AudienceLine) -> _Entry:
        kind = self.tr("public") if line.kind == "public" else self.tr("by name")
        acts = (("retire", "archive", self.tr("Remove {0}").format(line.name)),)
        return _Entry(line, (Label(line.name), Pill(kind, Tone.NEUTRAL)), acts)

    def _act(self, line: AudienceLine, act: str) -> None:
        del act
        confirm(
            self,
            title=self.tr("Remove {0}?").format(line.name),
            text=self.tr("What was released to them before stays in the ledger."),
            action=self.tr("Remove"),
            on_yes=lambda: self._remove(line),
        )

    def _remove(self, line: AudienceLine) -> None:
        said = self.tr("{0} removed").format(line.name)
        self._shared.attempt(RetireAudience(line.audience_id), said=said)
