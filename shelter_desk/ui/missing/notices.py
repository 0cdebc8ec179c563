"""The notices of an episode: one row each, with its clock, until it has an answer."""

from __future__ import annotations

from datetime import datetime

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from shelter_desk.desk.missing_record import NoticeLine
from shelter_desk.domain.care_model import CareModel
from shelter_desk.domain.incidents import WRITE_UP
from shelter_desk.domain.missing import CONTACT_PEOPLE, FORBIDDEN
from shelter_desk.ui.missing.words import clock_time, due_tone, due_words
from shelter_desk.ui.pile import Pile
from shelter_desk.ui.scale import column, fill, row
from shelter_desk.ui.shared import Shared
from shelter_desk.ui.today_cards import Call
from shelter_desk.ui.tokens import Tone
from shelter_desk.ui.widgets import Button, Icon, Label, Line, Pill


class NoticeRows(QWidget):
    """Emits what is wanted of a notice: "tell", "reason" or "back", and the notice."""

    wanted = Signal(str, object)

    def __init__(self, shared: Shared, model: CareModel) -> None:
        super().__init__()
        self._shared, self._model = shared, model
        self._pile = Pile(spacing=6)
        self.buttons: dict[tuple[str, str], Button] = {}
        self._clocks: list[tuple[NoticeLine, Pill]] = []
        fill(QVBoxLayout(self), (self._pile,))

    def show_notices(
        self, lines: tuple[NoticeLine, ...], rules: dict[str, str], at: datetime
    ) -> None:
        """Show these notices, the one due first at the top, answered ones last."""
        self._pile.clear()
        self.buttons, self._clocks = {}, []
        ordered = sorted(lines, key=lambda line: (line.is_answered, line.due_at))
        for place, line in enumerate(ordered):
            if place:
                self._pile.add(Line())
            self._pile.add(self._row(line, rules, at))

    def say_times(self, at: datetime) -> None:
        """Let the clocks run on; nothing is made anew, so the keyboard stays where it is."""
        for line, pill in self._clocks:
            pill.say(due_words(line.due_at, at, self._shared.zone), due_tone(line.due_at, at))

    def focus_next(self) -> None:
        """Give the keyboard to the notice that is due next: the last one was answered."""
        QTimer.singleShot(0, self, self._focus_next)  # new rows are on screen a moment later

    def _focus_next(self) -> None:
        for (what, _), button in self.buttons.items():
            if what == "tell" and button.isEnabled() and button.isVisible():
                button.setFocus(Qt.FocusReason.OtherFocusReason)
                return

    def _row(self, line: NoticeLine, rules: dict[str, str], at: datetime) -> QWidget:
        name = self._model.label("notice-recipients", line.recipient)
        title = Label(name, "body" if line.is_answered else "strong", wrap=True)
        words = self._below(line, rules, at)
        below = Label(words, "caption", wrap=True) if words else None
        texts = column(title, below, spacing=0)
        if line.is_answered:
            mark = Icon("circle-check", "ok_text")
            if line.recipient == WRITE_UP:
                return row(mark, (texts, 1), spacing=10)
            back = self._button("back", line, Button(self.tr("Take back"), kind="ghost"), name)
            return row(mark, (texts, 1), back, spacing=10)
        pill = Pill(due_words(line.due_at, at, self._shared.zone), due_tone(line.due_at, at))
        self._clocks.append((line, pill))
        if line.recipient == WRITE_UP:
            return row(Icon("circle", "muted"), (texts, 1), pill, spacing=10)
        tell = self._button("tell", line, Button(self.tr("Told…"), "phone"), name)
        reason = self._button("reason", line, Button(self.tr("Not needed…"), kind="ghost"), name)
        tell.setEnabled(line.recipient not in CONTACT_PEOPLE or _is_allowed(line, rules))
        return row(Icon("circle", "muted"), (texts, 1), pill, tell, reason, spacing=10)

    def _button(self, what: str, line: NoticeLine, button: Button, name: str) -> Button:
        words = {
            "tell": self.tr("{0}: was told"),
            "reason": self.tr("{0}: need not be told"),
            "back": self.tr("{0}: take the answer back"),
        }
        button.setAccessibleName(words[what].format(name))
        button.clicked.connect(Call(self._want, (what, line)))
        self.buttons[what, line.recipient] = button
        return button

    def _want(self, wanted: tuple[str, NoticeLine]) -> None:
        self.wanted.emit(*wanted)

    def _below(self, line: NoticeLine, rules: dict[str, str], at: datetime) -> str:
        if line.told_at is not None:
            when = clock_time(line.told_at, at, self._shared.zone)
            late = self.tr("after its time") if line.told_at > line.due_at else ""
            number = self.tr("number {0}").format(line.reference) if line.reference else ""
            by = self.tr("by {0}").format(line.who)
            parts = (self.tr("Told {0}").format(when), line.whom or "", number, by, late)
            return "  ·  ".join(part for part in parts if part)
        if line.reason:
            why = self._model.label("notice-reasons", line.reason)
            return self.tr("Not needed: {0}  ·  by {1}").format(why, line.who)
        if line.recipient in CONTACT_PEOPLE:
            rule = rules.get(line.recipient, "not-decided")
            return self.tr("Contact rule: {0}").format(self._model.label("contact-rules", rule))
        return self._hint(line)

    def _hint(self, line: NoticeLine) -> str:
        hints = {
            "police": self.tr("Ask for the officer's name and badge, and the report number"),
            "ncmec": self.tr("Ask for the report number, or the agency's confirmation"),
            WRITE_UP: self.tr("Done when every part of the report below has an answer"),
            "custodian": self.tr("Their own clock starts when they learn"),
        }
        return hints.get(line.recipient, "")


def _is_allowed(line: NoticeLine, rules: dict[str, str]) -> bool:
    rule = rules.get(line.recipient, "not-decided")
    return rule not in FORBIDDEN and rule != "not-decided"


def notice_tone(lines: tuple[NoticeLine, ...], at: datetime) -> Tone:
    """Return the tone of the most urgent of the notices that are open."""
    open_ones = [line.due_at for line in lines if not line.is_answered]
    return due_tone(min(open_ones), at) if open_ones else Tone.OK
