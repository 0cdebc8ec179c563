"""One line at the lower edge that says what was done, and offers to take it back."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QPoint, QRectF, Qt, QTimer, Signal
from PySide6.QtGui import (
    QColor,
    QHideEvent,
    QPainter,
    QPaintEvent,
)
from PySide6.QtWidgets import QBoxLayout, QPushButton, QSizePolicy, QWidget

from shelter_desk.ui.scale import fill, fixed
from shelter_desk.ui.theme import Weight, theme
from shelter_desk.ui.widgets.text import Label, announce

_TOAST_MS = 8000
_BELOW = 12


class _ToastAction(QPushButton):
    """The word in a toast that takes the last act back."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def paintEvent(self, event: QPaintEvent) -> None:
        look = theme()
        painter = QPainter(self)
        painter.setFont(look.font(14, Weight.BOLD))
        painter.setPen(QColor(look.tokens.toast_action))
        painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, self.text())
        if self.hasFocus():
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), 6, 6)
        painter.end()


class Toast(QWidget):
    """One line at the lower edge that says what was done and offers Undo for some seconds.

    `takes` says how much of the lower edge it wants for itself, in px; 0 when it is gone.
    """

    undone = Signal()
    takes = Signal(int)

    def __init__(self, host: QWidget) -> None:
        super().__init__(host)
        self._label = Label("", "body", wrap=True)
        self._keys = Label("", "caption")
        self._undo = _ToastAction(self.tr("Undo"))
        self._undo.clicked.connect(self._take_back)
        self._mark = _ToastMark()
        box = QBoxLayout(QBoxLayout.Direction.LeftToRight, self)
        parts = (self._mark, self._label, self._undo, self._keys)
        fill(box, parts, spacing=12, margins=(14, 4, 12, 4))
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self.hide)
        self._inset = 0
        self._host = host
        host.installEventFilter(self)
        self.hide()
        theme().changed.connect(self._restyled)

    @property
    def text(self) -> str:
        """Return the line last shown."""
        return self._label.text()

    def show_line(self, text: str, *, undo: bool = False, inset: int = 0) -> None:
        """Show a line; with Undo when asked. `inset` is the width at the left to keep clear."""
        self._inset = inset
        self._label.setText(text)
        self._undo.setVisible(undo)
        self._keys.setVisible(undo)
        self._keys.setText(self.tr("Ctrl Z"))
        self._recolour()
        self.show()
        self.raise_()
        self._place()
        self._timer.start(_TOAST_MS)
        announce(self, text)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize and self.isVisible():
            self._place()
        return False

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self.takes.emit(0)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(theme().tokens.toast_bg))
        painter.drawRoundedRect(self.rect(), theme().px(8), theme().px(8))
        painter.end()

    def _take_back(self) -> None:
        self.hide()
        self.undone.emit()

    def _place(self) -> None:
        host = self._host
        room = host.width() - self._inset
        self._undo.setFixedSize(
            self._undo.fontMetrics().horizontalAdvance(self._undo.text()) + theme().px(22),
            theme().px(34),
        )
        self._fit(max(room - theme().px(32), 80))
        x = self._inset + (room - self.width()) // 2
        below = theme().px(_BELOW)
        self.move(QPoint(x, host.height() - self.height() - below))
        self.takes.emit(self.height() + below)

    def _fit(self, most: int) -> None:
        """Be as wide as the words on one line, or as wide as there is room and so much taller."""
        words = self._label.fontMetrics().horizontalAdvance(self._label.text()) + theme().px(4)
        self._label.setFixedWidth(words)
        spare = self.sizeHint().width() - most
        if spare > 0:
            self._label.setFixedWidth(max(words - spare, theme().px(80)))
        self._label.setMinimumHeight(0)  # a label asked for its height never says less than this
        self._label.setFixedHeight(self._label.heightForWidth(self._label.width()))
        box = self.layout()
        if box is not None:
            box.activate()
        self.resize(self.sizeHint())

    def _restyled(self) -> None:
        self._recolour()
        if self.isVisible():
            # After every label has taken the new size of the text.
            QTimer.singleShot(0, self, self._place)

    def _recolour(self) -> None:
        tokens = theme().tokens
        for label, colour in ((self._label, tokens.toast_text), (self._keys, tokens.toast_muted)):
            palette = label.palette()
            palette.setColor(label.foregroundRole(), QColor(colour))
            label.setPalette(palette)
        self._mark.update()


class _ToastMark(QWidget):
    def __init__(self) -> None:
        super().__init__()
        fixed(self, 18, 18)

    def paintEvent(self, event: QPaintEvent) -> None:
        look = theme()
        painter = QPainter(self)
        mark = look.pixmap("circle-check", look.tokens.toast_action, 18)
        painter.drawPixmap(self.rect(), mark, mark.rect())
        painter.end()
