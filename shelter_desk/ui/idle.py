"""The watch that locks the desk by itself when nobody is there, and the warning before it does."""

from __future__ import annotations

from PySide6.QtCore import QElapsedTimer, QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QInputEvent, QInputMethodEvent, QKeyEvent
from PySide6.QtWidgets import QApplication, QWidget

from shelter_desk.ui.scale import STRETCH, column, row
from shelter_desk.ui.tokens import Tone
from shelter_desk.ui.widgets import Button, Icon, Label, PrimaryButton, ProgressBar
from shelter_desk.ui.widgets.overlays import Sheet

_ACTIVITY = frozenset(
    {
        QEvent.Type.KeyPress,
        QEvent.Type.MouseMove,
        QEvent.Type.MouseButtonPress,
        QEvent.Type.Wheel,
        QEvent.Type.TouchBegin,
        QEvent.Type.TabletPress,
        QEvent.Type.InputMethod,
    }
)
# Of what a person does, each is one of these. Every event of the program passes here, and to ask
# one for its type costs more than most of them take to be dealt with.
_BY_A_PERSON = (QInputEvent, QInputMethodEvent)
_ESCAPE_MS = 1500


class IdleWatch(QObject):
    """Counts quiet seconds. Keys, clicks and movements start the count again.

    Signals: `touched` at each of these; `warned` with the seconds left before the soft lock;
    `returned` when someone is back in time; `soft` and `hard` when the time is up; `escaped` at
    three quick Esc.
    """

    touched = Signal()
    warned = Signal(int)
    returned = Signal()
    soft = Signal()
    hard = Signal()
    escaped = Signal()

    def __init__(
        self, window: QWidget, *, soft_s: int = 300, hard_s: int = 900, warning_s: int = 14
    ) -> None:
        super().__init__(window)
        self._window = window
        self._soft, self._hard, self._warning = soft_s, hard_s, warning_s
        self._quiet = 0
        self._escapes = 0
        self._since_escape = QElapsedTimer()
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.setInterval(1000)
        self._timer.timeout.connect(self.second)
        app = QApplication.instance()
        if app is not None:
            app.installEventFilter(self)

    @property
    def quiet_s(self) -> int:
        """Return how many seconds nothing was touched."""
        return self._quiet

    @property
    def hard_s(self) -> int:
        """Return after how many quiet seconds the desk ends."""
        return self._hard

    def start(self) -> None:
        """Begin to count."""
        self._quiet = 0
        self._timer.start()

    def stop(self) -> None:
        """Count no more."""
        self._timer.stop()

    def set_quiet(self, *, soft_s: int, hard_s: int) -> None:
        """Lock softly, and end the desk, after so many quiet seconds from now on."""
        self._soft, self._hard = soft_s, hard_s

    def second(self) -> None:
        """One more quiet second has gone by."""
        self._quiet += 1
        left = self._soft - self._quiet
        if 0 < left <= self._warning:
            self.warned.emit(left)
        elif left == 0:
            self.soft.emit()
        if self._quiet == self._hard:
            self.hard.emit()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, _BY_A_PERSON) and event.type() in _ACTIVITY:
            self._touched()
            if event.type() is QEvent.Type.KeyPress and self._is_first(watched):
                self._count_escape(event)
        return False

    def _touched(self) -> None:
        was_warned = 0 < self._soft - self._quiet <= self._warning
        self._quiet = 0
        self.touched.emit()
        if was_warned:
            self.returned.emit()

    def _is_first(self, watched: QObject) -> bool:
        # A key nobody wants climbs from the focused widget to the window; count it once.
        focused = self._window.focusWidget()
        return watched is (focused if focused is not None else self._window)

    def _count_escape(self, event: QEvent) -> None:
        if not isinstance(event, QKeyEvent) or event.key() != Qt.Key.Key_Escape:
            self._escapes = 0
            return
        if self._escapes == 0 or self._since_escape.elapsed() > _ESCAPE_MS:
            self._escapes = 0
            self._since_escape.start()
        self._escapes += 1
        if self._escapes == 3:
            self._escapes = 0
            self.escaped.emit()


class IdleWarning(Sheet):
    """Says "Locking in 14 seconds"; any key or click keeps the desk open."""

    lock_wanted = Signal()

    def __init__(self, minutes: int, warning_s: int) -> None:
        self._warning = warning_s
        self._head = Label("", "h2")
        self._bar = ProgressBar(1.0, Tone.WARN)
        self._words = Label("", "muted", wrap=True)
        self.here, self.lock_now = PrimaryButton(""), Button("", "lock")
        lines = column(self._head, self._words, spacing=2)
        head = row(Icon("timer", "warn", 28), (lines, 1), spacing=14)
        super().__init__("", head, self._bar, row(STRETCH, self.lock_now, self.here), width=500)
        words = self.tr("Nobody has used the computer for a minute. What you typed is kept.")
        if minutes > 1:
            text = self.tr("Nobody has used the computer for {0} minutes. What you typed is kept.")
            words = text.format(minutes)
        self._words.setText(words)
        self.here.setText(self.tr("I am still here"))
        self.lock_now.setText(self.tr("Lock now"))
        self.here.clicked.connect(self.close_sheet)
        self.lock_now.clicked.connect(self.lock_wanted)

    def show_left(self, seconds: int) -> None:
        """Show how much time is left."""
        words = self.tr("Locking in 1 second")
        if seconds != 1:
            words = self.tr("Locking in {0} seconds").format(seconds)
        self._head.setText(words)
        self.setAccessibleName(words)
        self._bar.show_share(seconds / max(self._warning, 1), words)
