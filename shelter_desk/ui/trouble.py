"""One clear page for each reason why the desk cannot be opened: what happened, what to do."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, Qt, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from shelter_desk.ui.front import FrontCard, FrontPage
from shelter_desk.ui.messages import words_for
from shelter_desk.ui.scale import column, fill, row
from shelter_desk.ui.tokens import Tone
from shelter_desk.ui.trouble_words import BY_CLASS, TROUBLES, Trouble, Way
from shelter_desk.ui.widgets import Button, Card, FlowLayout, Icon, Label, PrimaryButton


def code_of(error: BaseException) -> str:
    """Return the code of the page for an error, "" when it has none of its own."""
    code = str(getattr(error, "code", "")) or BY_CLASS.get(type(error).__name__, "")
    return code if code in TROUBLES else ""


def trouble_of(error: BaseException) -> Trouble:
    """Return the page for an error; an unknown one gets its own sentence, or an error code."""
    code = code_of(error)
    if code:
        return TROUBLES[code]
    words = words_for(error)
    steps = (words.code,) if words.code else ()
    return Trouble(words.title, words.text, steps, (Way.AGAIN, Way.FOLDER, Way.QUIT))


def _tr(text: str) -> str:
    return QCoreApplication.translate("trouble", text)


class TroublePage(QWidget):
    """Emits `chosen` with a `Way`."""

    chosen = Signal(object)

    def __init__(self, error: BaseException) -> None:
        super().__init__()
        self.trouble = trouble_of(error)
        self.title = Label(_tr(self.trouble.title), "h1", wrap=True)
        self.happened = Label(_tr(self.trouble.happened), wrap=True)
        head = row(Icon("info", "info", 28), (self.title, 1), spacing=14)
        steps = [
            row(Label(str(n), "strong"), (Label(_tr(text), wrap=True), 1), spacing=12)
            for n, text in enumerate(self.trouble.do, start=1)
        ]
        what = Card(Label(self.tr("What you can do"), "h3"), *steps, tone=Tone.INFO)
        self.buttons: dict[Way, Button] = {}
        holder = QWidget()
        flow = FlowLayout(8, holder)
        for place, way in enumerate(self.trouble.ways):
            button = self._button(way, main=place == 0)
            self.buttons[way] = button
            flow.addWidget(button)
        card = FrontCard(head, self.happened, what, 4, holder, width=620, spacing=12)
        page = FrontPage(card)
        fill(QVBoxLayout(self), (column((page, 1)),))

    def start(self) -> None:
        """Put the keyboard on the main button."""
        self.buttons[self.trouble.ways[0]].setFocus(Qt.FocusReason.OtherFocusReason)

    def _button(self, way: Way, *, main: bool) -> Button:
        text, icon = {
            Way.AGAIN: (self.tr("Try again"), "refresh-cw"),
            Way.KIT: (self.tr("Open with the recovery kit"), "key-round"),
            Way.FOLDER: (self.tr("Choose another folder"), "folder-open"),
            Way.RESTORE: (self.tr("Restore a backup"), "undo-2"),
            Way.QUIT: (self.tr("Quit"), "power"),
        }[way]
        button = PrimaryButton(text, icon) if main else Button(text, icon)
        button.setProperty("way", way.value)
        button.clicked.connect(self._clicked)
        return button

    def _clicked(self) -> None:
        self.chosen.emit(Way(str(self.sender().property("way"))))
