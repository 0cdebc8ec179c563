"""Signing a handoff: who goes counts and signs; who comes signs at their own desk or here."""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from typing import cast

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent

from shelter_desk.desk import Desk
from shelter_desk.desk.handing_over import ReceiveHandoff, SignHandoff
from shelter_desk.desk.handoff_lines import HandoffLine, HandoffSheet
from shelter_desk.desk.second_person import Unlocked, desk_beside, unlocked_colleague
from shelter_desk.desk.staff import staff_list
from shelter_desk.domain.errors import DeskError
from shelter_desk.domain.staff import May
from shelter_desk.ui.dates import show_moment
from shelter_desk.ui.drafts import Drafts, KeptForm
from shelter_desk.ui.editors import Editor
from shelter_desk.ui.form_sheet import press_enter
from shelter_desk.ui.forms import Form, Number, Text
from shelter_desk.ui.messages import sentence_for
from shelter_desk.ui.picker import Picker
from shelter_desk.ui.scale import STRETCH, row
from shelter_desk.ui.shared import Shared
from shelter_desk.ui.shift.staffing_line import StaffingLine
from shelter_desk.ui.widgets import (
    Card,
    FieldFrame,
    Label,
    PrimaryButton,
    SecretEdit,
    SectionHeader,
)

_WAITS_FOR = timedelta(hours=4)


class OutgoingCard(Card):
    """Heads counted, people on duty, and the signature of who goes. Says `signed`."""

    signed = Signal()

    def __init__(self, shared: Shared) -> None:
        self._shared = shared
        self._found: HandoffSheet | None = None
        super().__init__(spacing=10)
        self.form = Form(
            (
                Number("counted", self.tr("Heads counted"), 0, 500, needed=True),
                Number("on_duty", self.tr("People on duty now"), 0, 99, needed=True),
                Text("why", self.tr("Why the count differs"), longest=140),
            )
        )
        self._kept = KeptForm(self.form, Drafts(shared, "handing-over"))
        self.sign = PrimaryButton(self.tr("Hand over and sign"), "badge-check")
        self._expected = Label("", "caption", wrap=True)
        self.staffing = StaffingLine()
        head = SectionHeader(self.tr("Hand over"), icon="handshake")
        self.add(head, self._expected, self.form, self.staffing, row(STRETCH, self.sign))
        self.sign.clicked.connect(self._sign)
        for name in ("counted", "on_duty"):
            self.form.editors[name].edited.connect(self._say_staffing)

    def show_sheet(self, found: HandoffSheet) -> None:
        """Say who should be here. Hidden for some hours while a handoff waits to be received."""
        self._found = found
        waits = found.waiting is not None and found.at - found.waiting.until < _WAITS_FOR
        self.setVisible(self._shared.may(May.WRITE_CARE) and not waits)
        words = self.tr("By the records {0} of {1} residents should be in the house.")
        if found.in_house == 1:
            words = self.tr("By the records {0} of 1 resident should be in the house.")
        self._expected.setText(words.format(found.expected, found.in_house))
        self._keep_for(found.since.isoformat())
        self.staffing.show_staffing(found.staffing)
        self._say_staffing()

    def _say_staffing(self) -> None:
        """Say what the numbers that are being typed mean, before anybody signs them."""
        counted, on_duty = (_number(self.form.editors[name]) for name in ("counted", "on_duty"))
        self.staffing.show_counted(counted, on_duty)

    def focus_first(self) -> None:
        """Put the keyboard where the heads that were counted are typed."""
        self.form.editors["counted"].setFocus()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            press_enter(self, self._sign)
            return
        super().keyPressEvent(event)

    def _sign(self) -> None:
        values = self.form.values_or_problems()
        if values is None or self._found is None:
            return
        command = SignHandoff(self._found.since, **values)
        said = self.tr("Signed. Somebody of the next shift reads and signs too.")
        done = self._shared.attempt(
            command, said=said, invalid=self.form.show_problems, written=self._kept.done
        )
        if done is not None:
            self.form.clear()
            self._kept.done()
            self.signed.emit()

    def _keep_for(self, shift: str) -> None:
        """Keep what is typed for this shift; the next one begins with an empty form."""
        if shift != self._kept.subject:
            self._kept.stop()
            self.form.clear()
            self._kept.begin(shift)


def _number(editor: Editor) -> int | None:
    text = editor.typed().strip()
    return int(text) if text.isascii() and text.isdigit() else None


class IncomingCard(Card):
    """A handoff that waits for somebody of the shift that comes: at their own desk or here."""

    named = Signal()

    def __init__(self, shared: Shared) -> None:
        self._shared = shared
        self._waiting: HandoffLine | None = None
        super().__init__(spacing=10)
        self._words = Label("", wrap=True)
        self.own = PrimaryButton(self.tr("I have read it: sign"), "badge-check")
        self.who = Picker(self.tr("Who takes over"))
        self.secret = SecretEdit(self.tr("Their passphrase"))
        self.beside = PrimaryButton(self.tr("Read and signed"), "badge-check")
        self._frames = (
            FieldFrame(self.tr("Who takes over"), self.who),
            FieldFrame(self.tr("Their passphrase"), self.secret),
        )
        self._problem = self._frames[1].show_problem
        head = SectionHeader(self.tr("Take over"), icon="handshake")
        self.add(head, self._words, row(STRETCH, self.own), *self._frames,
                 row(STRETCH, self.beside))  # fmt: skip
        self.own.clicked.connect(self._sign_own)
        self.beside.clicked.connect(self._sign_beside)
        self.secret.entered.connect(self._sign_beside)
        self.who.activated.connect(self.named)

    def show_sheet(self, found: HandoffSheet) -> None:
        """Show the handoff that waits, or hide."""
        self._waiting = waiting = found.waiting
        self.setVisible(waiting is not None)
        if waiting is None:
            return
        at = show_moment(waiting.until, self._shared.zone)
        words = self.tr("{0} handed over {1}: {2} counted, {3} on duty.")
        said = words.format(waiting.outgoing, at, waiting.counted, waiting.on_duty)
        self._words.setText(f"{said} {waiting.why}".strip())
        me = self._shared.staff.public_id
        signed = {one.staff_id for one in waiting.signed}
        self.own.setVisible(me not in signed and self._shared.may(May.WRITE_CARE))
        people = [
            (line.staff_id, line.name)
            for line in self._shared.ask(staff_list)
            if line.is_active and line.can_sign_in and line.staff_id not in {me, *signed}
        ]
        self.who.offer(people)
        for part in (*self._frames, self.beside):
            part.setVisible(me in signed)

    def focus_first(self) -> None:
        """Put the keyboard on who takes over; never on a signature, which comes after reading."""
        if self.who.isVisible():
            self.who.setFocus()

    def _sign_own(self) -> None:
        if self._waiting is not None:
            said = self.tr("You have taken over.")
            self._shared.attempt(ReceiveHandoff(self._waiting.handoff_id), said=said)

    def _sign_beside(self) -> None:
        self._problem("")
        staff_id, secret = self.who.code(), self.secret.text()
        if not staff_id or not secret:
            self._problem(self.tr("Choose who takes over; they type their own passphrase."))
            return
        desk = cast("Desk", self._shared.desk)
        self.beside.setEnabled(False)
        work = partial(unlocked_colleague, desk.folder, staff_id, secret, self._shared.now())
        self._shared.jobs.run(self, work, self._unlocked, self._refused)

    def _unlocked(self, unlocked: Unlocked) -> None:
        self.beside.setEnabled(True)
        self.secret.clear()
        if self._waiting is None:
            return
        try:
            desk = desk_beside(cast("Desk", self._shared.desk), unlocked)
            done = desk.do(ReceiveHandoff(self._waiting.handoff_id))
        except DeskError as error:
            self._shared.tell(error)
            return
        self._shared.changed.emit(done)
        self._shared.toast(self.tr("{0} has taken over.").format(desk.staff.name))

    def _refused(self, error: Exception) -> None:
        self.beside.setEnabled(True)
        self.secret.clear()
        self._problem(sentence_for(error))
