"""Asks, when somebody of this name has stayed before, whether it is the same person."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QCoreApplication, Signal

from shelter_desk.desk.residents import Admit, Correct, FoundLine, ResidentRecord, search
from shelter_desk.domain.people import folded
from shelter_desk.ui.scale import STRETCH, column, row
from shelter_desk.ui.shared import Shared
from shelter_desk.ui.today_lists import shown_name
from shelter_desk.ui.widgets import Button, Label, PrimaryButton, Sheet


def _tr(text: str) -> str:
    return QCoreApplication.translate("intake", text)


def known_before(shared: Shared, called: str) -> tuple[FoundLine, ...]:
    """Return those of exactly this name who have stayed before and are not here now."""
    wanted = folded(called)
    return tuple(
        line
        for line in shared.ask(search, text=called)
        if not line.is_here and folded(line.called) == wanted
    )


def completed(before: ResidentRecord, tonight: Admit) -> Correct:
    """Return the command that adds tonight's answers to an earlier record.

    What was good to know before stays; an age guess never replaces an age that is known.
    """
    notes = [before.good_to_know]
    if tonight.good_to_know not in before.good_to_know:
        notes.append(tonight.good_to_know)
    return Correct(
        before.resident_id,
        before.version,
        called=tonight.called,
        pronouns=tonight.pronouns or before.pronouns,
        language=tonight.language or before.language,
        good_to_know="\n".join(note for note in notes if note),
        age_guess=tonight.age_guess if before.age is None else None,
    )


class KnownSheet(Sheet):
    """Offers each earlier record; "somebody new" is first, so that nothing is joined by a slip."""

    same = Signal(str)  # the public id of the resident
    new = Signal()

    def __init__(self, found: Sequence[FoundLine]) -> None:
        text = _tr(
            "Joining an earlier record keeps one history for one person. If you are not sure, "
            "choose somebody new."
        )
        self.records = {line.resident_id: _record(line) for line in found}
        self.somebody_new = PrimaryButton(_tr("Somebody new"))
        super().__init__(
            _tr("Somebody of this name was here before"),
            Label(text, wrap=True),
            column(*self.records.values(), spacing=6),
            row(STRETCH, self.somebody_new),
            width=500,
        )
        for button in self.records.values():
            button.clicked.connect(self._same)
        self.somebody_new.clicked.connect(self._new)

    def _same(self) -> None:
        pressed = self.sender()
        chosen = next(key for key, button in self.records.items() if button is pressed)
        self.close_sheet()
        self.same.emit(chosen)

    def _new(self) -> None:
        self.close_sheet()
        self.new.emit()


def _record(line: FoundLine) -> Button:
    words = _tr("The same person: {0}, {1}").format(shown_name(line.called), line.case_code)
    return Button(words, "user", kind="tile")
