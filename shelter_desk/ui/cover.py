"""What covers the desk when it is hidden or locked."""

from __future__ import annotations

from collections.abc import Callable
from typing import cast

from PySide6.QtCore import QObject, Qt, QTimer, Signal
from PySide6.QtGui import (
    QColor,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
)
from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget

from shelter_desk.ui.dates import show_long_day, show_time
from shelter_desk.ui.messages import sentence_for
from shelter_desk.ui.scale import STRETCH, column, fill, fixed, row
from shelter_desk.ui.shared import Shared
from shelter_desk.ui.theme import theme
from shelter_desk.ui.tokens import Tone
from shelter_desk.ui.widgets import Button, Icon, Label, PrimaryButton, SecretEdit
from shelter_desk.ui.widgets.overlays import move_focus


class Cover(QWidget):
    """A page with a clock and nothing else; the passphrase of the person signed in takes it away.

    Hidden, the box for the passphrase shows only after a key or a click; locked, at once.
    `hint` is a line below it.
    """

    opened = Signal()
    switch_wanted = Signal()

    def __init__(
        self,
        host: QWidget,
        shared: Shared,
        check: Callable[[str], bool],
        hint: str = "",
    ) -> None:
        super().__init__(host)
        self._check, self._jobs = check, shared.jobs
        self._clock, self._zone = shared.now, shared.zone
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(self.tr("The desk is covered"))
        self._time, self._day = Label("", "clock"), Label("", "muted")
        self.secret = SecretEdit(self.tr("Passphrase"))
        self.secret.edit.setPlaceholderText(self.tr("Passphrase"))
        fixed(self.secret, width=300)
        self.unlock = PrimaryButton(self.tr("Unlock"), "lock-open")
        self.problem = Label("", "body", tone=Tone.WARN)
        self.switch = Button(self.tr("Switch person"), kind="ghost")
        ask = row(STRETCH, self.secret, self.unlock, STRETCH)
        name = Label(shared.staff.name, "caption")
        who = row(STRETCH, name, self.switch, STRETCH, spacing=6)
        lines = [ask, row(STRETCH, self.problem, STRETCH), who]
        if hint:
            lines.append(row(STRETCH, Label(hint, "caption"), STRETCH))
        self._asking = column(*lines, spacing=10)
        parts = (
            STRETCH,
            row(STRETCH, Icon("clock", "muted", 34), STRETCH),
            row(STRETCH, self._time, STRETCH),
            row(STRETCH, self._day, STRETCH),
            14,
            self._asking,
            STRETCH,
            STRETCH,
        )
        fill(QVBoxLayout(self), parts, spacing=6, margins=(16, 16, 16, 16))
        self._ticks = QTimer(self)
        self._ticks.setInterval(1000)
        self._ticks.timeout.connect(self._show_clock)
        self.secret.entered.connect(self._try)
        self.unlock.clicked.connect(self._try)
        self.switch.clicked.connect(self.switch_wanted)
        self.hide()

    def put_over(self, *, locked: bool) -> None:
        """Cover the host window now."""
        self._show_clock()
        self.secret.clear()
        self.problem.setText("")
        self._asking.setVisible(locked)
        self.setGeometry(self.parentWidget().rect())  # type: ignore[union-attr]  # always has one
        self.show()
        self.raise_()
        self._ticks.start()
        self.take_keyboard()
        self.repaint()  # before the window may be minimised: task switchers keep the last picture

    def take_keyboard(self) -> None:
        """Have the keyboard; in the box, where the passphrase is asked for."""
        asks = not self._asking.isHidden()
        (self.secret if asks else self).setFocus(Qt.FocusReason.OtherFocusReason)

    def take_away(self) -> None:
        """Show the desk again."""
        self._ticks.stop()
        self.secret.clear()
        self.hide()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        # The Enter that opened the desk climbs up to here when the cover is already away.
        if self.isVisible() and not self._asking.isVisible():
            self._ask()
            # The first letters of the passphrase are not lost.
            if event.text().isprintable() and event.text().strip():
                self.secret.edit.setText(event.text())
        event.accept()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._ask()

    def focusNextPrevChild(self, forward: bool) -> bool:  # noqa: FBT001 - Qt's signature
        move_focus(self, forward=forward)
        return True

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(theme().tokens.bg))
        painter.end()

    def _ask(self) -> None:
        self._asking.show()
        self.secret.setFocus(Qt.FocusReason.OtherFocusReason)

    def _show_clock(self) -> None:
        now = self._clock()
        words = show_time(now, self._zone).split(" ")
        self._time.setText(words[0])
        self._day.setText(show_long_day(now.astimezone(self._zone).date()))

    def _try(self) -> None:
        if not self.secret.text() or not self.unlock.isEnabled():
            return
        passphrase = self.secret.text()
        self.unlock.setEnabled(False)
        self.problem.setText(self.tr("Checking…"))
        self._jobs.run(self, lambda: self._check(passphrase), self._checked, self._failed)

    def _checked(self, right: bool) -> None:  # noqa: FBT001 - the answer of a job
        self.unlock.setEnabled(True)
        if right:
            self.problem.setText("")
            self.opened.emit()
            return
        self.secret.clear()
        self.secret.setFocus(Qt.FocusReason.OtherFocusReason)
        self.problem.setText(
            self.tr("That is not your passphrase. Look at Caps Lock, and try again.")
        )

    def _failed(self, error: Exception) -> None:
        self.unlock.setEnabled(True)
        self.problem.setText(sentence_for(error))
        self.secret.edit.selectAll()  # Enter tries again, a letter begins anew


class KeyboardInSight(QObject):
    """Calls `give_back()` when something of the window has the keyboard that nobody can see.

    Work that ends behind a lock may give the keyboard to its page: a passphrase would be typed
    there, and a space in it would press a button.
    """

    def __init__(self, window: QWidget, give_back: Callable[[], None]) -> None:
        super().__init__(window)
        self._window, self._give_back = window, give_back
        cast("QApplication", QApplication.instance()).focusChanged.connect(self._moved)

    def _moved(self, _before: QWidget | None, now: QWidget | None) -> None:
        if now is not None and not now.isVisible() and self._window.isAncestorOf(now):
            self._give_back()
