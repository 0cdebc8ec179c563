"""The steps of first set-up. Each says what still stands in the way, or nothing."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QVBoxLayout, QWidget

from shelter_desk.domain.errors import DeskError
from shelter_desk.ui.door import Door
from shelter_desk.ui.door_values import Kit
from shelter_desk.ui.forgot import KitEdit
from shelter_desk.ui.kit_paper import KitPaper
from shelter_desk.ui.messages import words_for
from shelter_desk.ui.passphrase import PassphraseChoice
from shelter_desk.ui.printing import Paper
from shelter_desk.ui.scale import STRETCH, column, fill, row
from shelter_desk.ui.theme import theme
from shelter_desk.ui.tokens import Tone
from shelter_desk.ui.widgets import (
    Banner,
    Button,
    Card,
    CheckBox,
    DropDown,
    FieldFrame,
    FlowLayout,
    Icon,
    Label,
    LineEdit,
    PrimaryButton,
)

_SIDE_BY_SIDE = 760  # px at 100 %: below this the sheet lies under the words


class Kits(Protocol):
    """What the two steps of a kit need; a `Door` has it."""

    def new_kit(self, shelter: str) -> Kit:
        """Return a new recovery kit, not yet used for anything."""

    def same_kit(self, kit: Kit, typed: str) -> None:
        """Pass when what was typed is the code of the kit; else raise with advice."""

    def kit_pdf(self, kit: Kit) -> bytes:
        """Return the kit as a page to print."""


class Step(QWidget):
    """One step. `name` stands in the row of steps; `is_ready()` shows what is missing."""

    def __init__(self) -> None:
        super().__init__()
        self.name = ""
        self.box = QVBoxLayout(self)

    def start(self) -> None:
        """Take the keyboard: the step comes on screen."""

    def is_ready(self) -> bool:
        """Tell whether the next step may come; show what is missing when not."""
        return True


def _lines(lines: Sequence[tuple[str, str]]) -> list[QWidget]:
    return [
        row(Icon(icon, "accent_text", 20), (Label(text, wrap=True), 1), spacing=14)
        for icon, text in lines
    ]


class Welcome(Step):
    """What this program does, and what it does not claim."""

    def __init__(self) -> None:
        super().__init__()
        self.name = self.tr("Welcome")
        here = self.tr("Everything stays on this computer. There is no account and no cloud.")
        locked = self.tr("All records are encrypted. Only people you add can open them.")
        noted = self.tr("Every change is noted in a trail that cannot be altered unseen.")
        limits = self.tr(
            "It does not claim to be an HMIS comparable database, to be certified under HIPAA, "
            "or to give legal advice."
        )
        rows = _lines(
            (("monitor", here), ("lock", locked), ("scroll-text", noted), ("info", limits))
        )
        self.restore = Button(self.tr("Restore a backup instead"), "undo-2")
        head = Label(self.tr("Welcome to Shelter Desk"), "h1")
        words = self.tr("Six steps, about six minutes. You need a printer, or a pen and paper.")
        parts = (
            head,
            Label(words, "muted", wrap=True),
            6,
            *rows,
            6,
            row(self.restore, STRETCH),
            STRETCH,
        )
        fill(self.box, parts, spacing=12)


class Shelter(Step):
    """The shelter's name and time zone."""

    def __init__(self, zones: Sequence[str]) -> None:
        super().__init__()
        self.name = self.tr("Your shelter")
        self.called = LineEdit(self.tr("Name of the shelter"))
        self._called = FieldFrame(
            self.tr("Name of the shelter"),
            self.called,
            hint=self.tr("It stands on reports. You can change it later."),
            needed=True,
        )
        self.zone = DropDown(self.tr("Time zone"))
        self.zone.addItems(list(zones))
        hint = self.tr("Due times and days follow this zone, on every computer.")
        zone = FieldFrame(self.tr("Time zone"), self.zone, hint=hint)
        head = Label(self.tr("Your shelter"), "h1")
        fill(self.box, (head, self._called, zone, STRETCH), spacing=14)

    def start(self) -> None:
        self.called.setFocus(Qt.FocusReason.OtherFocusReason)

    def is_ready(self) -> bool:
        missing = "" if self.called.text().strip() else self.tr("Enter the name of the shelter.")
        self._called.show_problem(missing)
        return not missing


class Director(Step):
    """The first person, who may add the others, and their passphrase."""

    def __init__(self, door: Door) -> None:
        super().__init__()
        self.name = self.tr("First person")
        self.called = LineEdit(self.tr("Your name"))
        self._called = FieldFrame(self.tr("Your name"), self.called, needed=True)
        self.choice = PassphraseChoice(door.generate_passphrase, door.strength)
        words = self.tr("You are the director here: you add the other people later, under People.")
        head = Label(self.tr("The first person"), "h1")
        intro = Label(words, "muted", wrap=True)
        title = Label(self.tr("Your passphrase"), "caption-strong")
        fill(self.box, (head, intro, self._called, title, self.choice, STRETCH), spacing=10)

    def start(self) -> None:
        self.called.setFocus(Qt.FocusReason.OtherFocusReason)

    def is_ready(self) -> bool:
        missing = "" if self.called.text().strip() else self.tr("Enter your name.")
        self._called.show_problem(missing)
        if missing:
            self.called.setFocus()
            return False
        return self.choice.show_problem()


class PrintKit(Step):
    """The kit on screen, to be printed or written down."""

    def __init__(self, kits: Kits, paper: Paper) -> None:
        super().__init__()
        self.name = self.tr("Recovery kit")
        self._kits, self._paper = kits, paper
        self.kit: Kit | None = None
        self.print_button = PrimaryButton(self.tr("Print"), "printer")
        self.save_button = Button(self.tr("Save as PDF on a stick"), "usb")
        self.kept = CheckBox(self.tr("It is on paper, and it is readable"))
        self.said = Banner("", Tone.INFO)
        self.said.hide()
        words = self.tr(
            "If every passphrase is lost, this paper is the only way back. Nobody else can open "
            "your records: we cannot, and no company can."
        )
        stick = self.tr(
            "Keep a stick with the PDF where the paper is, never beside this computer."
        )
        buttons = QWidget()
        flow = FlowLayout(8, buttons)
        flow.addWidget(self.print_button)
        flow.addWidget(self.save_button)
        left = column(
            Label(self.tr("Print the recovery kit"), "h1", wrap=True),
            Label(words, "muted", wrap=True),
            Banner(self.tr("Print it twice and keep the two in two safe places."), icon="printer"),
            buttons,
            Label(stick, "caption", wrap=True),
            self.said,
            self.kept,
            STRETCH,
            spacing=12,
        )
        self._sheet: KitPaper | None = None
        self._spot = QVBoxLayout()
        self._spot.addStretch(1)
        self._across = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        fill(self._across, ((left, 1), self._spot), spacing=24)
        fill(self.box, (self._across,), spacing=0)
        self.print_button.clicked.connect(self._print)
        self.save_button.clicked.connect(self._save)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        way = QBoxLayout.Direction
        wide = self.width() / theme().scale >= _SIDE_BY_SIDE
        self._across.setDirection(way.LeftToRight if wide else way.TopToBottom)

    def minimumSizeHint(self) -> QSize:
        return QSize(theme().px(_SIDE_BY_SIDE // 2), super().minimumSizeHint().height())

    def show_kit(self, shelter: str) -> None:
        """Make the kit when the shelter's name is known. A kit once shown stays the same."""
        if self.kit is not None and self.kit.shelter == shelter:
            return
        self.kit = self._kits.new_kit(shelter)
        self.kept.setChecked(False)
        if self._sheet is not None:
            self._sheet.deleteLater()
        self._sheet = KitPaper(self.kit)
        self._spot.insertWidget(0, self._sheet)

    def is_ready(self) -> bool:
        if not self.kept.isChecked():
            self._say(
                self.tr("Print it, or copy it by hand, then tick that you have it."), Tone.WARN
            )
            self.kept.setFocus()
        return self.kept.isChecked()

    def _say(self, text: str, tone: Tone) -> None:
        self.said.say(text, tone)
        self.said.show()

    def _print(self) -> None:
        if self.kit is not None and self._paper.print_pdf(self, self._kits.kit_pdf(self.kit)):
            self._say(self.tr("Sent to the printer. Check that every group can be read."), Tone.OK)

    def _save(self) -> None:
        if self.kit is None:
            return
        try:
            path = self._paper.save_pdf(self, self._kits.kit_pdf(self.kit), "recovery-kit.pdf")
        except OSError:
            self._say(self.tr("It could not be saved there. Choose another place."), Tone.WARN)
            return
        if path is not None:
            self._say(self.tr("Saved. Open it once to see that it can be read."), Tone.OK)


class TypeBack(Step):
    """The code typed from the paper proves that the paper is right."""

    def __init__(self, kits: Kits) -> None:
        super().__init__()
        self.name = self.tr("Type it back")
        self._kits = kits
        self.kit: Kit | None = None
        self.typed = KitEdit(self.tr("The code, from the paper"))
        self._frame = FieldFrame(
            self.tr("The code, from the paper"),
            self.typed,
            hint=self.tr("Hyphens come by themselves. Capital and small letters are the same."),
        )
        self.problem = Banner("", Tone.WARN)
        self.problem.hide()
        words = self.tr("This proves that the paper works, before it is needed.")
        head = Label(self.tr("Type the code back from the paper"), "h1", wrap=True)
        intro = Label(words, "muted", wrap=True)
        fill(self.box, (head, intro, self._frame, self.problem, STRETCH), spacing=14)

    def start(self) -> None:
        self.typed.setFocus(Qt.FocusReason.OtherFocusReason)

    def is_ready(self) -> bool:
        if self.kit is None:
            return False
        try:
            self._kits.same_kit(self.kit, self.typed.text())
        except DeskError as error:
            self._frame.show_problem(words_for(error).text)
            self.typed.setFocus()
            return False
        self._frame.show_problem("")
        return True

    def show_failure(self, text: str) -> None:
        """Say why the records could not be made."""
        self.problem.say(text)
        self.problem.setVisible(bool(text))


class Ready(Step):
    """Done; what comes next."""

    open_wanted = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.name = self.tr("Ready")
        papers = self.tr("Put the two papers into two safe places today.")
        beds = self.tr("Add the beds, under Settings.")
        people = self.tr("Add the people who work here, under People.")
        backup = self.tr("Plug in a stick and make the first backup, under Settings.")
        rows = _lines(
            (
                ("key-round", papers),
                ("bed", beds),
                ("user-plus", people),
                ("hard-drive-download", backup),
            )
        )
        head = row(Icon("circle-check", "ok", 30), (Label(self.tr("The desk is ready"), "h1"), 1))
        fill(self.box, (head, Card(*rows, ground="raised", spacing=12), STRETCH), spacing=14)
