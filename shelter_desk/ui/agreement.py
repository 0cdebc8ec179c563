"""The confidentiality agreement, read and accepted before the desk opens."""

from __future__ import annotations

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from shelter_desk.domain.agreement import Agreement
from shelter_desk.ui.front import FrontCard, FrontPage, brand
from shelter_desk.ui.scale import STRETCH, fill, row
from shelter_desk.ui.widgets import Button, CheckBox, Icon, Label, PrimaryButton

_PATIENCE_MS = 5 * 60 * 1000


class AgreementPage(QWidget):
    """Emits `accepted`, or `left` when the person does not accept it, or has gone away."""

    accepted = Signal()
    left = Signal()

    def __init__(self, agreement: Agreement, name: str) -> None:
        super().__init__()
        self.promise = CheckBox(agreement.promise)
        self.go_on = PrimaryButton(self.tr("Accept and open the desk"), "check")
        self.go_on.setEnabled(False)
        self.not_now = Button(self.tr("Not now"), kind="ghost")
        points = [
            row((Icon("shield-check", "ok", 18)), (Label(point, wrap=True), 1), spacing=10)
            for point in agreement.points
        ]
        who = Label(self.tr("{0}, please read this first.").format(name), "strong", wrap=True)
        card = FrontCard(
            brand(agreement.title, size=26),
            who,
            Label(agreement.intro, "muted", wrap=True),
            *points,
            self.promise,
            row(self.not_now, STRETCH, self.go_on),
            Label(agreement.foot, "caption", wrap=True),
            width=720,
            spacing=11,
        )
        fill(QVBoxLayout(self), (FrontPage(card),), spacing=0)
        # The desk is open behind this page already: nobody else shall accept it for them.
        self._patience = QTimer(self)
        self._patience.setSingleShot(True)
        self._patience.setInterval(_PATIENCE_MS)
        self._patience.timeout.connect(self.left)
        self.promise.toggled.connect(self.go_on.setEnabled)
        self.go_on.clicked.connect(self._accept)
        self.not_now.clicked.connect(self.left)

    def start(self) -> None:
        """Give the keyboard to the promise, and wait some minutes."""
        self.promise.setFocus(Qt.FocusReason.OtherFocusReason)
        self._patience.start()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.promise.hasFocus():
            self.go_on.click()  # which does nothing before the promise is ticked
            return
        super().keyPressEvent(event)

    def _accept(self) -> None:
        self._patience.stop()
        self.accepted.emit()
