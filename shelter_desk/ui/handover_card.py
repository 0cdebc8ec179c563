"""Where each pack is: handed over, to whom, until when; and what became of it."""

from __future__ import annotations

from functools import partial
from typing import Any

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QWidget

from shelter_desk.desk import Area
from shelter_desk.desk.handovers import EndHandover, HandOver, OutLine, packs_out
from shelter_desk.domain.errors import DeskError
from shelter_desk.domain.periods import Period
from shelter_desk.ui.dates import show_day
from shelter_desk.ui.form_sheet import FormSheet
from shelter_desk.ui.forms import Choice, Day, Form, Text
from shelter_desk.ui.pile import Pile
from shelter_desk.ui.scale import column, row
from shelter_desk.ui.shared import Shared
from shelter_desk.ui.today_packs import until_words
from shelter_desk.ui.tokens import Tone
from shelter_desk.ui.widgets import Button, Card, Label, Pill, SectionHeader

_SHOWN = 6


class HandoverCard(Card):
    """The packs that left whole, newest first, each with what can be written down next."""

    def __init__(self, shared: Shared) -> None:
        self._shared, self._rows = shared, Pile(spacing=8)
        self._more = Label("", "caption")
        self.lines: tuple[OutLine, ...] = ()
        self.buttons: list[Button] = []
        head = SectionHeader("", icon="handshake")
        super().__init__(head, self._rows, self._more)
        head.title.setText(self.tr("Where the packs are"))

    def start(self) -> None:
        """Show it from now on; before it lies on a page it would be a window of its own."""
        self._shared.refresh_on(Area.CUSTODY, self.refresh, self)

    def refresh(self) -> None:
        """Show the packs that are out first, then the newest of the others."""
        self.lines = tuple(sorted(self._shared.ask(packs_out), key=lambda line: not line.is_out))
        self._rows.clear()
        self.buttons = []
        shown = [line for at, line in enumerate(self.lines) if line.is_out or at < _SHOWN]
        for line in shown:
            self._rows.add(self._row(line))
        rest = len(self.lines) - len(shown)
        self._more.setText(self.tr("and {0} more").format(rest))
        self._more.setVisible(rest > 0)
        self.setVisible(bool(self.lines))

    def _row(self, line: OutLine) -> QWidget:
        name = f"{line.recipient}, {_period(line.period)}"
        pill, button = self._state(line), None
        if not line.ended:
            is_out = line.is_out
            words = self.tr("Back or destroyed…") if is_out else self.tr("Handed over…")
            button = Button(words, "check" if is_out else "handshake", kind="ghost")
            button.setAccessibleName(f"{words} {name}")
            ask = ask_handover_end if is_out else ask_handover
            button.clicked.connect(partial(ask, self, self._shared, line))
            self.buttons.append(button)
        texts = (Label(name, "strong", wrap=True), Label(_about(line), "caption", wrap=True))
        told = column(*texts, spacing=0)
        return row((told, 1), pill, button, spacing=10)

    def _state(self, line: OutLine) -> Pill:
        if line.ended:
            words = {
                ("returned", ""): self.tr("came back"),
                ("returned", "damaged"): self.tr("came back damaged"),
                ("destroyed", ""): self.tr("destroyed"),
                ("destroyed", "in-writing"): self.tr("destroyed, in writing"),
                ("lost", ""): self.tr("lost"),
            }
            is_well = line.ended != "lost" and line.how != "damaged"
            return Pill(words[line.ended, line.how], Tone.OK if is_well else Tone.WARN)
        if line.due_on is None:
            return Pill(self.tr("still here"), Tone.NEUTRAL)
        today = self._shared.today()
        tone = Tone.WARN if line.due_on < today else Tone.INFO
        return Pill(until_words(line.wanted, line.due_on, today), tone)


def ask_handover(host: QWidget, shared: Shared, line: OutLine) -> FormSheet:
    """Ask who took a pack, and until when."""
    today = shared.today()
    wanted = (("return", _tr("It comes back")), ("destroy", _tr("They destroy it")))
    says = _tr("The pack and its cover sheet say {0}.").format(show_day(line.return_by))
    known = _tr("Its make or number, so that it is known again.")
    form = Form(
        (
            Text("taken_by", _tr("Who took it and signed for it"), needed=True),
            Text("device", _tr("What is printed on the stick"), hint=known),
            Day("taken_on", _tr("Taken on"), today, needed=True),
            Choice("wanted", _tr("What becomes of it"), wanted, chips=True, needed=True),
            Day("due_on", _tr("By when"), today, hint=says, needed=True, ahead=True),
        )
    )
    form.put({"taken_on": today, "due_on": max(line.return_by, today)})

    def take(values: dict[str, Any]) -> bool:
        command = HandOver(line.custody_id, **values)
        said = _tr("The handover is written down")
        return shared.attempt(command, said=said, invalid=form.show_problems) is not None

    sheet = FormSheet(_tr("Hand the pack over"), form, _tr("Write it down"), take)
    sheet.keeps(shared, "hand-over", line.custody_id).open_over(host)
    return sheet


def ask_handover_end(host: QWidget, shared: Shared, line: OutLine) -> FormSheet:
    """Ask what became of a pack that was out."""
    today = shared.today()
    ended = (
        ("returned", _tr("It came back")),
        ("returned:damaged", _tr("It came back damaged or opened")),
        ("destroyed:in-writing", _tr("They destroyed it, and gave it in writing")),
        ("destroyed", _tr("They destroyed it, by word alone")),
        ("lost", _tr("It is lost, or never came back")),
    )
    form = Form(
        (
            Choice("ended", _tr("What became of it"), ended, chips=True, needed=True),
            Day("ended_on", _tr("On which day"), today, needed=True),
        )
    )
    form.put({"ended_on": today})

    def take(values: dict[str, Any]) -> bool:
        ended, _, how = values["ended"].partition(":")
        command = EndHandover(line.handover_id, ended, values["ended_on"], how)
        said = _tr("It is written down what became of the pack")
        return shared.attempt(command, said=said, invalid=form.show_problems) is not None

    words = _tr(
        "Without its words or its recipient’s key nobody can open a pack, a lost one neither."
    )
    title, action = _tr("What became of the pack"), _tr("Write it down")
    sheet = FormSheet(title, form, action, take, intro=words)
    sheet.keeps(shared, "end-handover", line.handover_id).open_over(host)
    return sheet


def _about(line: OutLine) -> str:
    if line.taken_on is None:
        return _tr("Nobody has signed for it.")
    words = _tr("{0} took it on {1}.").format(line.taken_by, show_day(line.taken_on))
    if line.device:
        words += " " + _tr("Stick: {0}.").format(line.device)
    if line.ended_on is not None:
        words += " " + _tr("Ended on {0}.").format(show_day(line.ended_on))
    return words


def _period(period: str) -> str:
    try:
        return Period.parse(period).label
    except DeskError:
        return period


def _tr(text: str) -> str:
    return QCoreApplication.translate("handovers", text)
