"""The recovery kit: when it was made, and a sheet that puts a new one in its place."""

from __future__ import annotations

from functools import partial
from typing import cast

from PySide6.QtCore import QCoreApplication, Qt

from shelter_desk.desk import Desk, accounts, entry, shelter
from shelter_desk.desk.kit_use import kit_made_at
from shelter_desk.reports.recovery_kit import recovery_kit_pdf
from shelter_desk.ui.dates import show_moment
from shelter_desk.ui.door_values import Kit
from shelter_desk.ui.first_run.steps import PrintKit, TypeBack
from shelter_desk.ui.people.acting import Act, ActSheet
from shelter_desk.ui.printing import Paper, RealPaper
from shelter_desk.ui.scale import STRETCH, row
from shelter_desk.ui.shared import Shared
from shelter_desk.ui.tokens import Tone
from shelter_desk.ui.widgets import Button, Card, Label, Line, SectionHeader

_OWN, _PRINT, _TYPE_BACK = 0, 1, 2


class KitCard(Card):
    """Where a director makes a new recovery kit."""

    def __init__(self, shared: Shared) -> None:
        super().__init__(spacing=10)
        self._shared = shared
        self.paper: Paper = RealPaper()
        self.made = Label("", "strong", wrap=True)
        words = self.tr(
            "Was the paper lost, seen by somebody else, or used? Then make a new kit: the former "
            "one opens these records no longer."
        )
        self.make = Button(self.tr("Make a new recovery kit…"), "key-round")
        head = SectionHeader(self.tr("Recovery kit"), icon="key-round")
        self.add(head, Line(), self.made, Label(words, "caption", wrap=True))
        self.add(row(STRETCH, self.make))
        self.make.clicked.connect(self._open)

    def refresh(self) -> None:
        """Show since when the kit is in force: its paper carries the same day."""
        moment = show_moment(self._shared.ask(kit_made_at), self._shared.zone)
        self.made.setText(self.tr("The kit in force was made on {0}").format(moment))

    def _open(self) -> None:
        sheet = NewKitSheet(self._shared, self.paper)
        sheet.acted.connect(self._said)
        sheet.open_over(self, sheet.own.edit)

    def _said(self) -> None:
        self._shared.toast(self.tr("The new recovery kit is in force"))


class NewKitSheet(ActSheet):
    """One's own passphrase, the paper, the code typed back; only then is anything changed."""

    def __init__(self, shared: Shared, paper: Paper) -> None:
        kits = _Kits(shared)
        self.about = Label("", "muted", wrap=True)
        self.kit, self.typed = PrintKit(kits, paper), TypeBack(kits)
        self._steps = (self.about, self.kit, self.typed)
        self._step = _OWN
        title = _tr("Make a new recovery kit")
        super().__init__(shared, title, _tr("Next"), *self._steps, width=900)
        self.about.setText(
            self.tr(
                "The new kit is printed and typed back; until then the former one stays in force. "
                "A backup made before still opens with the former kit only, and with neither once "
                "a newer one is beside it: make a new backup on each stick today."
            )
        )
        self.kit.hide()
        self.typed.hide()

    def act(self) -> Act | None:
        return None if self.kit.kit is None else partial(_replace, self.kit.kit.code)

    def try_it(self) -> None:
        """Go one step on; after the last, put the new kit in force."""
        if self._is_working:
            return
        if self._step == _OWN:
            self._try_own()
        elif self._step == _PRINT and self.kit.is_ready():
            self.typed.kit = self.kit.kit
            self._show(_TYPE_BACK)
        elif self._step == _TYPE_BACK and self.typed.is_ready():
            super().try_it()

    def _try_own(self) -> None:
        if not self.own.text():
            self.say_problem(self.tr("Type your own passphrase too: without it, nothing happens."))
            self.own.setFocus()
            return
        self._work(busy=True)
        self._say(self.tr("One moment…"), Tone.INFO)
        work = partial(_fits, cast("Desk", self._shared.desk), self.own.text())
        self._shared.jobs.run(self, work, self._tried, self._failed)

    def _tried(self, fits: object) -> None:
        self._work(busy=False)
        if not fits:
            self.own.clear()
            self.say_problem(self.tr("That is not your passphrase."))
            self.own.setFocus()
            return
        self._say("")
        self.kit.show_kit(self._shared.ask(shelter.settings).name)
        self._show(_PRINT)

    def _show(self, step: int) -> None:
        self._step = step
        for number, part in enumerate(self._steps):
            part.setVisible(number == step)
        self.own_frame.setVisible(step == _OWN)
        last = step == _TYPE_BACK
        self.go_on.setText(self.tr("Put it in force") if last else self.tr("Next"))
        focus = self.typed.typed if last else self.kit.print_button
        focus.setFocus(Qt.FocusReason.OtherFocusReason)

    def _failed(self, error: Exception) -> None:
        self.own_frame.show()  # it is forgotten, and has to be typed once more
        super()._failed(error)


class _Kits:
    """New kits, made in memory, for the steps that show them and take them back."""

    def __init__(self, shared: Shared) -> None:
        self._shared = shared

    def new_kit(self, shelter: str) -> Kit:
        """Return a new recovery kit, not yet used for anything."""
        return Kit(accounts.new_kit_code(), shelter, self._shared.today())

    def same_kit(self, kit: Kit, typed: str) -> None:
        """Pass when what was typed is the code of the kit."""
        accounts.check_kit_code(kit.code, typed)

    def kit_pdf(self, kit: Kit) -> bytes:
        """Return the kit as pages to print."""
        return recovery_kit_pdf(kit.shelter, kit.code, kit.made_on)


def _fits(desk: Desk, own: str) -> bool:
    return entry.fits(desk.folder, desk.staff.public_id, own, desk.now())


def _replace(code: str, desk: Desk, own: str) -> None:
    accounts.replace_kit(desk, own, code)


def _tr(text: str) -> str:
    return QCoreApplication.translate("settings", text)
