"""A line of the shift log in a few keys: numbers choose residents, letters everyday words."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from itertools import pairwise

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget

from shelter_desk.desk import Command
from shelter_desk.desk.residents import record, roster
from shelter_desk.desk.shift_lines import CHIPS, LONGEST, CorrectLine, LineWords, WriteLine
from shelter_desk.desk.shift_log import ShiftLine
from shelter_desk.domain.care_model import CareModel
from shelter_desk.domain.errors import Problem
from shelter_desk.ui.drafts import Drafts, KeptForm
from shelter_desk.ui.editors import TextEditor, UnreadableError
from shelter_desk.ui.form_sheet import press_enter
from shelter_desk.ui.scale import STRETCH, column, fill, row
from shelter_desk.ui.shared import Shared
from shelter_desk.ui.shift.chips import ChipGroup, PeopleChips, flowing
from shelter_desk.ui.shift.words import chip_words
from shelter_desk.ui.today_lists import shown_name
from shelter_desk.ui.typed import TypedForm
from shelter_desk.ui.when_part import WhenPart
from shelter_desk.ui.widgets import Chip, FieldFrame, Label, PrimaryButton

ABOUT = "about:"
"""Before a stay: the page begins a line about it."""


class LineForm(TypedForm):
    """The questions of one line, new or in place of another. `saved` comes after it was kept."""

    saved = Signal()

    def __init__(
        self, shared: Shared, model: CareModel, corrects: ShiftLine | None = None
    ) -> None:
        super().__init__()
        self._shared, self._model, self._corrects = shared, model, corrects
        self.people = PeopleChips(self.tr("Whom it is about"))
        self.groups = _groups(model)
        self.text = TextEditor(self.tr("A few words"), _hint(self), LONGEST)
        self.must_know = Chip(self.tr("Must know (M)"))
        self.when = WhenPart(shared)
        self.save = PrimaryButton(self.tr("Write the line"), "check")
        self.waiting = Label("", "faint", wrap=True)
        self._make_frames()
        self._connect()
        self._kept = KeptForm(self, Drafts(shared, "shift-line"))
        self._kept.waits.connect(self._say_waits)
        self.offer_people()
        self.start()

    def start(self, stay_id: str = "") -> None:
        """Begin anew, about a stay or the house, or with what is to be corrected.

        A draft comes back instead.
        """
        self._kept.stop()
        self._empty()
        if stay_id:
            self.offer_people()
            self.people.put((stay_id,))
        line = self._corrects
        if line is not None:
            stays = [one.stay_id for one in line.people]
            self._put(stays, line.chips, line.text, must_know=line.must_know)
            self.when.put(line.happened_at)
        self._kept.begin(line.line_id if line is not None else "")
        self.waiting.setText(self._kept.words(*self.people.names()))
        self.waiting.setVisible(self._kept.is_kept)

    def put_away(self) -> None:
        """Keep what is typed; where nothing is, nobody stays chosen for the next line."""
        self.flush()
        if not self._kept.is_kept:
            self.start()

    def typed(self) -> dict[str, str]:
        """Return everything that is chosen and typed."""
        chips = [group.value() for group in self.groups if group.value()]
        return {
            "people": json.dumps(self.people.value()),
            "chips": json.dumps(chips),
            "text": self.text.typed(),
            "must_know": "1" if self.must_know.isChecked() else "",
            "when": self.when.typed(),
        }

    def restore(self, typed: Mapping[str, str]) -> None:
        """Show what was chosen and typed; who left meanwhile is still who it is about."""
        stays, chips = json.loads(typed["people"]), json.loads(typed["chips"])
        self.offer_people(stays)
        self._put(stays, chips, typed["text"], must_know=bool(typed["must_know"]))
        self.when.put_typed(typed["when"])

    def offer_people(self, also: Sequence[str] = ()) -> None:
        """Offer who is here now, and whoever the line is about already, though they left."""
        lines = self._shared.ask(roster, now=self._shared.now())
        people = {line.stay_id: shown_name(line.called) for line in lines}
        if self._corrects is not None:
            people |= {one.stay_id: shown_name(one.called) for one in self._corrects.people}
        for stay_id in {*also, *self.people.value()} - people.keys():
            found = self._shared.ask(record, stay_id=stay_id, now=self._shared.now())
            people[stay_id] = shown_name(found.called)
        self.people.offer(people)
        self.frames["stays"].setVisible(bool(people))
        chips = [*self.people.chips.values(), *self.groups[0].chips.values()]
        for one, other in pairwise(chips):
            QWidget.setTabOrder(one, other)

    def focus_first(self) -> None:
        """Put the keyboard where number and letter keys choose."""
        chips = [*self.people.chips.values(), *self.groups[0].chips.values()]
        chips[0].setFocus(Qt.FocusReason.OtherFocusReason)

    def try_save(self) -> bool:
        """Write the line; problems stand beside their questions."""
        self.show_problems(())
        command = self._command()
        if command is None:
            return False
        said = self.tr("Written: {0}").format(self._said(command))
        done = self._shared.attempt(
            command, said=said, invalid=self.show_problems, written=self._kept.done
        )
        if done is None:
            return False
        if self._corrects is None:
            self.start()
            self.focus_first()
        self.saved.emit()
        return True

    def go_to_problem(self, name: str) -> None:
        """Go to a time that cannot be read; else number and letter keys go on choosing."""
        if name == "happened_at":
            super().go_to_problem(name)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            press_enter(self, self._save)
            return
        is_typing = isinstance(self.window().focusWidget(), QLineEdit)
        plain = not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        if is_typing or not plain or not self._press(event.text().casefold()):
            super().keyPressEvent(event)

    def _press(self, key: str) -> bool:
        if key.isdecimal():
            return self.people.press(int(key))
        if key == "m":
            self.must_know.click()
            return True
        if key == "t":
            self.text.setFocus(Qt.FocusReason.OtherFocusReason)
            return True
        group = next((one for one in self.groups if one.key == key), None)
        if group is not None:
            group.turn()
        return group is not None

    def _make_frames(self) -> None:
        when = row(self.must_know, (self.when, 1), STRETCH, spacing=10)
        when.setFocusProxy(self.when)
        hint = self.tr("Nobody chosen: it is about the house")
        self.frames = {
            "stays": FieldFrame(self.tr("Whom (1 to 9)"), self.people, hint=hint),
            "chips": FieldFrame(self.tr("Everyday words"), flowing(self.groups, spacing=10)),
            "text": FieldFrame(self.tr("A few words (T)"), self.text),
            "happened_at": FieldFrame(self.tr("Mark, and when"), when),
        }
        keys = self.tr("Numbers and letters choose  ·  T types  ·  Enter writes")
        self._keys = Label(keys, "caption", wrap=True)
        buttons = row((self._keys, 1), self.save)
        questions = column(self.banner, self.waiting, *self.frames.values(), spacing=8)
        fill(QVBoxLayout(self), (questions, buttons), spacing=8)

    def _connect(self) -> None:
        self.save.clicked.connect(self._save)
        self.must_know.clicked.connect(self.note_edit)
        self.people.edited.connect(self.note_edit)
        for group in self.groups:
            group.edited.connect(self.note_edit)
        for editor in (self.text, self.when):
            editor.edited.connect(self.note_edit)

    def _empty(self) -> None:
        self._put((), (), "", must_know=False)
        self.when.put(None)
        self.show_problems(())

    def _put(
        self, stays: Sequence[str], chips: Sequence[str], text: str, *, must_know: bool
    ) -> None:
        self.people.put(stays)
        for group in self.groups:
            group.put(next((code for code in chips if code in group.chips), ""))
        self.text.put_typed(text)
        self.must_know.setChecked(must_know)

    def _words(self) -> LineWords:
        return LineWords(
            stays=self.people.value(),
            chips=tuple(group.value() for group in self.groups if group.value()),
            text=self.text.read(),
            must_know=self.must_know.isChecked(),
        )

    def _command(self) -> Command | None:
        try:
            happened = self.when.read()
        except UnreadableError as error:
            self.show_problems((Problem("happened_at", str(error)),))
            return None
        if self._corrects is not None:
            return CorrectLine(self._corrects.line_id, self._words(), happened)
        return WriteLine(self._words(), happened)

    def _said(self, command: Command) -> str:
        words = self._words()
        names = [self.people.chips[stay].accessibleName() for stay in words.stays]
        who = ", ".join(names) or self.tr("the house")
        return f"{who}: {chip_words(words.chips, self._model) or words.text}"

    def _say_waits(self, waits: bool) -> None:  # noqa: FBT001 - a signal's argument
        if not waits:
            self.waiting.hide()

    def _save(self) -> None:
        self.try_save()


def _hint(form: LineForm) -> str:
    return form.tr("What staff need to know. What was seen or said, not a story.")


def _groups(model: CareModel) -> tuple[ChipGroup, ...]:
    values = model.lists[CHIPS]
    found = []
    for group in values.parts["groups"]:
        inside = [value for value in values.values if value.extra["group"] == group.code]
        options = [(value.code, value.label) for value in inside]
        found.append(ChipGroup(group.label, str(inside[0].extra["key"]), options))
    return tuple(found)
